//! Calls and frames on their way.

use guest_messenger::engine::EngineInput;
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpCall, WireInput};

use super::platform::Deed;
use super::{ConversationsWorld, Happening};
use crate::scenario::EPOCH_MS;

impl ConversationsWorld {
    pub(super) fn send_call(&mut self, call: HttpCall) {
        self.promises.on_call(self.now_ms, &call);
        let (page, id, timeout_ms) = (self.page, call.id, u64::from(call.timeout_ms));
        self.plan_in(timeout_ms, Happening::Answer(page, id, None));
        let way_ms = self.way_ms();
        if self.is_unlucky(self.scene.lost) {
            self.promises.count("calls lost on the way there");
            // The page hears of it, or waits until its time is up.
            let heard_ms = self.random.u64(..4_000);
            return self.plan_in(heard_ms, Happening::Answer(page, id, None));
        }
        if self.is_unlucky(self.scene.slow) {
            self.promises.count("calls that came late");
            let late_ms = self.random.u64(1_000..20_000);
            return self.plan_in(late_ms, Happening::Arrive(page, call));
        }
        self.plan_in(way_ms, Happening::Arrive(page, call));
    }

    pub(super) fn on_arrival(&mut self, page: u32, call: &HttpCall) {
        self.stand.call(EPOCH_MS + self.now_ms, page, call);
        self.drain_stand();
    }

    pub(super) fn open_socket(&mut self, url: &str) {
        self.promises.on_socket(self.now_ms, url);
        self.close_socket();
        self.sockets += 1;
        self.socket = Some(self.sockets);
        self.stand.open(EPOCH_MS + self.now_ms, self.sockets);
        self.drain_stand();
    }

    pub(super) fn close_socket(&mut self) {
        if let Some(socket) = self.socket.take() {
            self.stand.closed(EPOCH_MS + self.now_ms, socket);
            self.drain_stand();
        }
    }

    pub(super) fn send_frame(&mut self, text: &str) {
        if let Some(socket) = self.socket {
            let at_ms = self.in_order(socket);
            self.plan_at(at_ms, Happening::ToPlatform(socket, text.to_owned()));
        }
    }

    /// The line breaks, and nobody says so to the platform but the network.
    pub(super) fn break_line(&mut self) {
        if let Some(socket) = self.socket {
            self.stand.closed(EPOCH_MS + self.now_ms, socket);
            self.drain_stand();
            self.plan_in(0, Happening::Closed(socket, 1006));
        }
    }

    pub(super) fn hear(&mut self, text: &str) {
        self.input(EngineInput::Wire(WireInput::Frame(json::parse(text))));
    }

    pub(super) fn drain_stand(&mut self) {
        for deed in self.stand.drain() {
            match deed {
                Deed::Accept(socket) => {
                    let at_ms = self.in_order(socket);
                    self.plan_at(at_ms, Happening::Opened(socket));
                }
                Deed::Refuse(socket) | Deed::Kill(socket) => {
                    let at_ms = self.in_order(socket);
                    self.plan_at(at_ms, Happening::Closed(socket, 1006));
                }
                Deed::Send(socket, text) => {
                    let at_ms = self.in_order(socket);
                    self.plan_at(at_ms, Happening::ToPage(socket, text));
                }
                Deed::Close(socket, code) => {
                    let at_ms = self.in_order(socket);
                    self.plan_at(at_ms, Happening::Closed(socket, code));
                }
                Deed::Answer(page, call, answer) => {
                    self.promises.on_answer(page == self.page, call, answer.status);
                    let way_ms = self.way_ms();
                    let answer = if self.is_unlucky(self.scene.lost) {
                        self.promises.count("answers lost on the way back");
                        None
                    } else {
                        Some(answer)
                    };
                    self.plan_in(way_ms, Happening::Answer(page, call, answer));
                }
                Deed::Cut(page, call) => {
                    let way_ms = self.way_ms();
                    self.plan_in(way_ms, Happening::Answer(page, call, None));
                }
                Deed::Stored(conversation, stored) => self.promises.on_stored(&conversation, stored),
            }
        }
    }

    fn way_ms(&mut self) -> u64 {
        1 + self.random.u64(..if self.is_calm { 20 } else { 300 })
    }

    /// Nothing on a socket overtakes what went before.
    fn in_order(&mut self, socket: u64) -> u64 {
        let at_ms = self.now_ms + self.way_ms();
        let busy_until = self.busy_until.entry(socket).or_default();
        *busy_until = at_ms.max(*busy_until);
        *busy_until
    }

    fn is_unlucky(&mut self, of_hundred: u8) -> bool {
        !self.is_calm && self.random.u8(..100) < of_hundred
    }
}
