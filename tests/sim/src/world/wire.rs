//! Sockets, frames and calls on their way, both ways, past the checks.

use guest_messenger::engine::EngineInput;
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireInput};
use guest_messenger_sandbox::HistoryOrder;
use serde_json::{Value, json};

use super::World;
use crate::checks::broken;
use crate::checks::connection::Floor;
use crate::checks::messages::Sent;
use crate::frames::{SentFrame, read_heard, read_sent};
use crate::happening::{Happening, SocketId};
use crate::network::Way;
use crate::server::Deed;

/// The client asks for so many messages at once.
const PAGE_SIZE: usize = 25;
/// There was no close frame (RFC 6455, section 7.1.5).
const ABNORMAL: u16 = 1006;

impl World {
    pub(super) fn open_socket(&mut self) {
        self.note(b"open");
        self.trace("open", String::new);
        let is_another_open = self.tab.socket.is_some();
        let socket = self.network.open();
        self.tab.socket = Some(socket);
        let verdict = self.connection.on_open(self.now_ms, socket, is_another_open);
        self.judge(verdict);
        if self.now_ms < self.network.no_route_until_ms {
            return self.plan_in(3, Happening::ClosureHeard { socket, code: ABNORMAL });
        }
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.agenda.plan(at_ms, Happening::HandshakeArrives { socket });
        }
    }

    pub(super) fn close_socket(&mut self) {
        self.note(b"close");
        self.trace("close", String::new);
        if let Some(socket) = self.tab.socket {
            self.leave_socket(socket);
        }
    }

    /// The guest's end is closed; nothing more is heard of it.
    pub(super) fn leave_socket(&mut self, socket: SocketId) {
        self.tab.socket = None;
        self.connection.on_gone(socket);
        self.typing.on_line_lost();
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.agenda.plan(at_ms, Happening::ClosureArrives { socket });
        }
    }

    pub(super) fn send_frame(&mut self, text: &str, is_leaving: bool) {
        self.note(text.as_bytes());
        self.trace("send", || text.to_owned());
        self.tally.frames += 1;
        let Some(socket) = self.tab.socket else {
            return self.judge(broken("I11", "a frame is sent with no socket open"));
        };
        let Some(frame) = read_sent(text) else {
            return self.judge(broken("I34", "a frame is sent that is none"));
        };
        let verdict = self.connection.on_frame(self.now_ms, socket, matches!(frame, SentFrame::Probe));
        self.judge(verdict);
        let mut cuts = false;
        match frame {
            SentFrame::Configure { token, tracing_id } => {
                self.configuring = Some(tracing_id);
                if self.retired_tokens.contains(&token) {
                    self.judge(broken("W2", "a token is used again after the conversation was cleared or ended"));
                }
                self.token = Some(token);
            }
            SentFrame::Message { client_id, text } => {
                let verdict = self.messages.check_kept(self.now_ms, &client_id, self.tab.vault.has_failed);
                self.judge(verdict);
                let verdict = self.connection.on_message(self.now_ms, socket);
                self.judge(verdict);
                let conversation = self.server.conversation_of(socket);
                let view = self.tab.view();
                let entry = view.transcript.entries().iter().rev();
                let entry = entry.clone().find(|entry| entry.client_id.as_ref().is_some_and(|id| id.0 == client_id));
                let session = self.session;
                let sent = Sent { client_id: &client_id, text: &text, session, conversation, entry };
                let verdict = self.messages.on_sent(self.now_ms, sent);
                self.judge(verdict);
                cuts = std::mem::take(&mut self.trouble.cuts_on_send);
            }
            SentFrame::Typing => {
                let is_allowed = self.scenario.settings.user_typing;
                let verdict = self.typing.on_signal(self.now_ms, self.tab.is_visible, is_allowed);
                self.judge(verdict);
            }
            SentFrame::Receipt { id } => {
                let is_allowed = self.scenario.settings.read_receipts;
                let verdict = self.reading.on_receipt(self.now_ms, &self.tab.view(), &id, is_allowed, is_leaving);
                self.judge(verdict);
            }
            SentFrame::Probe | SentFrame::Other => {}
        }
        if cuts {
            return self.plan_in(1, Happening::Cut { socket });
        }
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.agenda.plan(at_ms, Happening::FrameArrives { socket, text: text.to_owned() });
        }
    }

    pub(super) fn frame_arrives(&mut self, socket: SocketId, text: &str) {
        if let Some(refusal) = self.refusal_of(text) {
            return self.transmit(socket, refusal);
        }
        let deeds = self.server.frame(self.now_ms, socket, text);
        self.carry_out(deeds);
    }

    /// The error frame with which trouble answers in the platform's place.
    fn refusal_of(&mut self, text: &str) -> Option<String> {
        if self.trouble.refusals.is_empty() {
            return None;
        }
        let frame: Value = serde_json::from_str(text).ok()?;
        let is_message = frame.pointer("/message/metadata/id").is_some();
        let is_configure = frame.get("action").and_then(Value::as_str) == Some("configureSession");
        let (position, _) = self
            .trouble
            .refusals
            .iter()
            .enumerate()
            .find(|(_, refusal)| if refusal.is_of_configure { is_configure } else { is_message })?;
        let refusal = self.trouble.refusals.remove(position);
        let (class, body) = match refusal.retry_after_s {
            Some(span_s) => ("TooManyRequestsErrorMessage", json!({"retryAfter": span_s, "errorCode": 4029})),
            None => ("string", json!("Refused by trouble")),
        };
        let tracing_id = frame.get("tracingId");
        let answer =
            json!({"type": "response", "class": class, "code": refusal.code, "body": body, "tracingId": tracing_id});
        Some(answer.to_string())
    }

    pub(super) fn fetch(&mut self, call: HttpCall) {
        self.note(call.url.as_bytes());
        self.trace("fetch", || call.url.clone());
        let (verdict, floor) = if call.url.contains("/messages?") {
            (self.connection.on_history_call(self.now_ms), Floor::History)
        } else {
            (self.connection.on_config_call(self.now_ms), Floor::Attempt)
        };
        self.judge(verdict);
        let page = self.tab.page();
        self.tab.calls.insert(call.id, (floor, self.now_ms + u64::from(call.timeout_ms)));
        if floor == Floor::Attempt {
            self.tab.newest_config_call = call.id;
        }
        let none = Happening::AnswerHeard { page, call: call.id, answer: None, made_at_ms: 0 };
        if self.now_ms < self.network.no_route_until_ms {
            return self.plan_in(4, none);
        }
        self.plan_in(u64::from(call.timeout_ms), none);
        let at_ms = self.network.free_arrival(self.now_ms, Way::ToPlatform, &mut self.random);
        self.agenda.plan(at_ms, Happening::CallArrives { page, call });
    }

    pub(super) fn call_arrives(&mut self, page: u32, call: &HttpCall) {
        let deeds = self.server.call(self.now_ms, page, call);
        self.carry_out(deeds);
    }

    pub(super) fn opening_heard(&mut self, socket: SocketId) {
        if self.tab.socket != Some(socket) {
            return;
        }
        if self.trouble.flaps > 0 {
            self.trouble.flaps -= 1;
            self.plan_in(1_000, Happening::Cut { socket });
        }
        self.feed(EngineInput::Wire(WireInput::SocketOpened));
    }

    pub(super) fn frame_heard(&mut self, socket: SocketId, text: Option<&str>) {
        if self.tab.socket != Some(socket) {
            return;
        }
        self.trace("hear", || text.unwrap_or("no text").chars().take(300).collect());
        let heard = text.map(read_heard).unwrap_or_default();
        self.connection.on_heard(self.now_ms, socket, heard.is_message);
        self.typing.on_heard(self.now_ms, heard.typing_ms, heard.ends_typing);
        if heard.is_session {
            self.connection.on_up(self.now_ms, socket);
            if heard.is_writable && (heard.is_new_session || !self.knows_session) {
                if heard.is_new_session || self.session_token != self.token {
                    self.session += 1;
                }
                self.session_token = self.token.clone();
                self.knows_session = true;
                self.connection.on_identity();
                self.messages.on_session(self.session);
            }
        }
        if let Some((code, about)) = heard.error {
            let is_of_message = about.as_ref().is_some_and(|id| self.messages.is_sending(id));
            if let Some(span_s) = heard.retry_after_s {
                if is_of_message {
                    self.connection.on_retry_after(self.now_ms, span_s, Floor::Message);
                } else if about.is_some() && about == self.configuring {
                    self.connection.on_retry_after(self.now_ms, span_s, Floor::Attempt);
                }
            }
            if about.is_none() || about != self.configuring {
                self.messages.on_error(code, about);
            }
        }
        self.feed(EngineInput::Wire(WireInput::Frame(text.and_then(json::parse))));
    }

    pub(super) fn closure_heard(&mut self, socket: SocketId, code: u16) {
        if self.tab.socket != Some(socket) {
            return;
        }
        self.leave_socket(socket);
        self.feed(EngineInput::Wire(WireInput::SocketClosed(code)));
    }

    pub(super) fn answer_heard(&mut self, page: u32, call: u32, answer: Option<HttpAnswer>, made_at_ms: u64) {
        let call_made = self.tab.calls.remove(&call).filter(|_| page == self.tab.page());
        let Some((floor, until_ms)) = call_made else { return };
        // A browser that slept gives up what is overdue.
        let answer = answer.filter(|_| self.now_ms <= until_ms);
        if let Some(answer) = &answer {
            if answer.status == 401 {
                self.connection.on_history_unauthorized();
            }
            if answer.body.as_ref().is_some_and(|body| self.is_newest_page(body)) {
                self.messages.on_history(self.now_ms, made_at_ms);
            }
            let span_s = answer.retry_after.as_ref().and_then(|text| text.trim().parse::<u64>().ok());
            // A configuration that was asked for again meanwhile is nobody's. History that is named a time keeps to it
            // whatever became of the line and of the read, and so the patience of the checks must know of it.
            let counts = floor == Floor::History || self.tab.newest_config_call == call;
            if let Some(span_s) = span_s.filter(|_| counts && matches!(answer.status, 429 | 503)) {
                self.connection.on_retry_after(self.now_ms, span_s, floor);
            }
            if answer.retry_after.as_ref().is_some_and(|text| text.ends_with("GMT")) {
                // How long that is depends on the visitor's clock.
                self.connection.on_dated_retry_after(self.now_ms);
            }
        }
        self.feed(EngineInput::Wire(WireInput::Answer { call, answer }));
    }

    /// Both ends hear that the connection is gone.
    pub(super) fn cut(&mut self, socket: SocketId) {
        let deeds = self.server.closed(self.now_ms, socket);
        self.network.forget(socket);
        self.carry_out(deeds);
        self.plan_in(0, Happening::ClosureHeard { socket, code: ABNORMAL });
    }

    pub(super) fn carry_out(&mut self, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::Accept(socket) => self.tell(socket, Happening::OpeningHeard { socket }),
                Deed::Refuse(socket) => self.tell(socket, Happening::ClosureHeard { socket, code: ABNORMAL }),
                Deed::Send(socket, text) => self.transmit(socket, text),
                Deed::Close(socket, code) => self.tell(socket, Happening::ClosureHeard { socket, code }),
                Deed::Kill(socket) => self.tell(socket, Happening::ClosureHeard { socket, code: ABNORMAL }),
                Deed::Answer { page, call, answer } => self.send_answer(page, call, answer),
                Deed::Stored { conversation, message } => {
                    self.trace("stored", || format!("{} {} in {conversation}", message.author, message.text));
                    if self.messages.on_stored(self.now_ms, &conversation, message) {
                        self.tally.stored_twice += 1;
                        if self.scenario.settings.dedupe_by_client_id {
                            self.judge(broken("I9", "a platform that knows copies keeps one"));
                        }
                    }
                }
                Deed::Seen { ids } => self.seen_ids.extend(ids),
            }
        }
    }

    /// A frame leaves the platform, through whatever is wrong with it.
    pub(super) fn transmit(&mut self, socket: SocketId, text: String) {
        let trouble = &mut self.trouble;
        if trouble.lost_frames > 0 {
            trouble.lost_frames -= 1;
            return;
        }
        if trouble.late_frames > 0 {
            trouble.late_frames -= 1;
            let span_ms = self.random.u64(1..10_000);
            if !self.network.swallows(socket, Way::ToGuest) {
                self.plan_in(span_ms, Happening::FrameHeard { socket, text: Some(text) });
            }
            return;
        }
        let copies = std::mem::take(&mut trouble.copies);
        for _ in 0..copies {
            self.tell(socket, Happening::FrameHeard { socket, text: Some(text.clone()) });
        }
        self.tell(socket, Happening::FrameHeard { socket, text: Some(text) });
    }

    /// Something is on its way to the guest, in its order.
    pub(super) fn tell(&mut self, socket: SocketId, happening: Happening) {
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToGuest, &mut self.random) {
            self.agenda.plan(at_ms, happening);
        }
    }

    fn send_answer(&mut self, page: u32, call: u32, answer: guest_messenger_sandbox::HttpAnswer) {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let retry_after = answer.headers.iter().find(|(name, _)| name == "retry-after").map(|(_, value)| value.clone());
        let is_history = text.starts_with("{\"entities\"");
        let text = if is_history { self.mangle_history(text) } else { text };
        let mut body = json::parse(&text);
        if self.scenario.lists_oldest_first {
            reverse_entities(body.as_mut());
        }
        let answer = HttpAnswer { status: answer.status, retry_after, body, ..HttpAnswer::default() };
        let at_ms = self.network.free_arrival(self.now_ms, Way::ToGuest, &mut self.random);
        let made_at_ms = self.now_ms;
        self.agenda.plan(at_ms, Happening::AnswerHeard { page, call, answer: Some(answer), made_at_ms });
    }
}

impl World {
    /// Whether the page holds the newest messages.
    fn is_newest_page(&self, body: &json::Json) -> bool {
        let count = body.list("entities").len();
        if count == 0 {
            return is_empty_page(body) && body.integer("pageNumber") == Some(1);
        }
        let number = body.integer("pageNumber");
        let is_all = number == Some(1) && count < PAGE_SIZE;
        let is_oldest_first = self.scenario.settings.history_order == HistoryOrder::OldestFirst;
        is_all || number.is_some() && number == if is_oldest_first { body.integer("pageCount") } else { Some(1) }
    }
}

fn is_empty_page(body: &json::Json) -> bool {
    body.get("entities").is_some() && body.list("entities").is_empty()
}

fn reverse_entities(body: Option<&mut json::Json>) {
    let Some(json::Json::Map(pairs)) = body else { return };
    for (key, value) in pairs {
        if let json::Json::List(entities) = value
            && key == "entities"
        {
            entities.reverse();
        }
    }
}
