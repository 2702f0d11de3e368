//! Sockets, frames and calls of all tabs, on their way.

use guest_messenger::engine::EngineInput;
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};

use super::{Happening, TabsWorld};
use crate::happening::SocketId;
use crate::network::Way;
use crate::server::Deed;

/// There was no close frame (RFC 6455, section 7.1.5).
const ABNORMAL: u16 = 1006;

impl TabsWorld {
    pub(super) fn act(&mut self, slot: usize, life: u32, action: WireAction) {
        match action {
            WireAction::OpenSocket { .. } => self.open_socket(slot),
            WireAction::SendFrame(text) => self.send(slot, text.expose()),
            WireAction::CloseSocket { .. } => self.leave_socket(slot),
            WireAction::Fetch(call) => self.fetch(slot, life, call),
        }
    }

    pub(super) fn opening_heard(&mut self, socket: SocketId) {
        if let Some(slot) = self.slot_of_socket(socket) {
            self.feed(slot, EngineInput::Wire(WireInput::SocketOpened));
        }
    }

    pub(super) fn frame_heard(&mut self, socket: SocketId, text: &str) {
        let Some(slot) = self.slot_of_socket(socket) else { return };
        self.trace(|| format!("tab {slot} hears {}", text.chars().take(300).collect::<String>()));
        self.look_at_heard(text);
        self.feed(slot, EngineInput::Wire(WireInput::Frame(json::parse(text))));
    }

    pub(super) fn closure_heard(&mut self, socket: SocketId, code: u16) {
        let Some(slot) = self.slot_of_socket(socket) else { return };
        self.network.forget(socket);
        self.feed(slot, EngineInput::Wire(WireInput::SocketClosed(code)));
    }

    pub(super) fn answer_heard(&mut self, life: u32, call: u32, answer: Option<HttpAnswer>) {
        let Some(slot) = self.slot_of(life) else { return };
        let is_awaited = self.slots[slot].life.as_mut().is_some_and(|life| life.calls.remove(&call));
        if !is_awaited {
            return;
        }
        if answer.as_ref().is_some_and(|answer| answer.status == 429) {
            self.look_at_refused_page();
        }
        self.feed(slot, EngineInput::Wire(WireInput::Answer { call, answer }));
    }

    pub(super) fn carry_out(&mut self, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::Accept(socket) => self.tell(socket, Happening::OpeningHeard(socket)),
                Deed::Refuse(socket) => self.tell(socket, Happening::ClosureHeard { socket, code: ABNORMAL }),
                Deed::Send(socket, text) => self.tell(socket, Happening::FrameHeard { socket, text }),
                Deed::Close(socket, code) => self.tell(socket, Happening::ClosureHeard { socket, code }),
                Deed::Kill(socket) => self.tell(socket, Happening::ClosureHeard { socket, code: ABNORMAL }),
                Deed::Answer { page, call, answer } => {
                    let header = |wanted: &str| answer.headers.iter().find(|(name, _)| name == wanted);
                    let retry_after = header("retry-after").map(|(_, value)| value.clone());
                    let body = json::parse(&String::from_utf8_lossy(&answer.body));
                    let answer = Some(HttpAnswer { status: answer.status, retry_after, body, ..HttpAnswer::default() });
                    let at_ms = self.network.free_arrival(self.now_ms, Way::ToGuest, &mut self.random);
                    self.plan(at_ms, Happening::AnswerHeard { life: page, call, answer });
                }
                Deed::Stored { message, .. } => self.look_at_stored(message),
                Deed::Seen { .. } => {}
            }
        }
    }

    fn open_socket(&mut self, slot: usize) {
        let socket = self.network.open();
        self.trace(|| format!("tab {slot} opens {socket}"));
        self.count("sockets");
        let Some(life) = &mut self.slots[slot].life else { return };
        if life.socket.replace(socket).is_some() {
            self.breaks("I11", "a tab opens a second socket");
        }
        if self.now_ms < self.network.no_route_until_ms {
            return self.plan_in(3, Happening::ClosureHeard { socket, code: ABNORMAL });
        }
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.plan(at_ms, Happening::HandshakeArrives(socket));
        }
    }

    pub(super) fn leave_socket(&mut self, slot: usize) {
        let Some(socket) = self.slots[slot].life.as_mut().and_then(|life| life.socket.take()) else { return };
        self.trace(|| format!("tab {slot} leaves {socket}"));
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.plan(at_ms, Happening::ClosureArrives(socket));
        }
    }

    fn send(&mut self, slot: usize, text: &str) {
        let Some(socket) = self.life(slot).and_then(|life| life.socket) else {
            return self.breaks("I11", format!("tab {slot} sends with no socket open: {text}"));
        };
        self.trace(|| format!("tab {slot} sends {text}"));
        self.look_at_sent(socket, text);
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.plan(at_ms, Happening::FrameArrives { socket, text: text.to_owned() });
        }
    }

    fn fetch(&mut self, slot: usize, life: u32, call: HttpCall) {
        self.trace(|| format!("tab {slot} fetches {}", call.url));
        if let Some(life) = &mut self.slots[slot].life {
            life.calls.insert(call.id);
        }
        let none = Happening::AnswerHeard { life, call: call.id, answer: None };
        if self.now_ms < self.network.no_route_until_ms {
            return self.plan_in(4, none);
        }
        self.plan_in(u64::from(call.timeout_ms), none);
        let at_ms = self.network.free_arrival(self.now_ms, Way::ToPlatform, &mut self.random);
        self.plan(at_ms, Happening::CallArrives { life, call });
    }

    /// Something is on its way to the guest, in its order.
    fn tell(&mut self, socket: SocketId, happening: Happening) {
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToGuest, &mut self.random) {
            self.plan(at_ms, happening);
        }
    }
}
