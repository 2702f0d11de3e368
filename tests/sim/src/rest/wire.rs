//! The socket, calls and their answers, on their way.

use std::collections::BTreeMap;

use guest_messenger::engine::{AccessToken, EngineInput};
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use guest_messenger::session::redact::Redacted;
use guest_messenger_sandbox::{ConnectionId, Frame, Handshake, HttpRequest, Output, RequestId};
use serde_json::{Value, json};

use super::frames::read_call;
use super::setting::BOOKS;
use super::{Asked, Happening, RestWorld};
use crate::happening::SocketId;
use crate::network::Way;
use crate::scenario::EPOCH_MS;
use crate::server::HOST;

/// There was no close frame (RFC 6455, section 7.1.5).
const ABNORMAL: u16 = 1006;

impl RestWorld {
    pub(super) fn act(&mut self, action: WireAction) {
        match action {
            WireAction::OpenSocket { url } => self.open_socket(&url),
            WireAction::SendFrame(text) => self.send(text.expose()),
            WireAction::CloseSocket { .. } => self.leave_socket(),
            WireAction::Fetch(call) => {
                for call in self.bent_call(call) {
                    self.fetch(call);
                }
            }
        }
    }

    pub(super) fn handshake_arrives(&mut self, socket: SocketId) {
        let handshake = Handshake { deployment: None, origin: Some(format!("http://{HOST}")), host: HOST.to_owned() };
        self.platform.handle_open_events(EPOCH_MS + self.now_ms, ConnectionId(socket), &handshake);
        self.carry_out();
    }

    pub(super) fn frame_arrives(&mut self, socket: SocketId, text: &str) {
        self.platform.handle_frame(EPOCH_MS + self.now_ms, ConnectionId(socket), Frame::Text(text));
        self.carry_out();
    }

    pub(super) fn closure_arrives(&mut self, socket: SocketId) {
        self.platform.handle_closed(EPOCH_MS + self.now_ms, ConnectionId(socket));
        self.network.forget(socket);
        self.carry_out();
    }

    pub(super) fn opening_heard(&mut self, socket: SocketId) {
        if self.page.socket == Some(socket) {
            self.feed(EngineInput::Wire(WireInput::SocketOpened));
        }
    }

    pub(super) fn frame_heard(&mut self, socket: SocketId, text: &str) {
        if self.page.socket == Some(socket) {
            self.trace(|| format!("hears {}", text.chars().take(200).collect::<String>()));
            self.feed(EngineInput::Wire(WireInput::Frame(json::parse(text))));
        }
    }

    pub(super) fn closure_heard(&mut self, socket: SocketId, code: u16) {
        if self.page.socket == Some(socket) {
            self.trace(|| format!("hears closure {code}"));
            self.leave_socket();
            self.feed(EngineInput::Wire(WireInput::SocketClosed(code)));
        }
    }

    pub(super) fn call_arrives(&mut self, page: u32, call: &HttpCall, is_lost: bool) {
        self.request(Asked::Call { page, call: call.id, is_lost }, call.method, &call.url, call);
    }

    pub(super) fn answer_heard(&mut self, page: u32, call: u32, answer: Option<HttpAnswer>) {
        if page != self.page.number || !self.page.is_there {
            return;
        }
        let Some(sent) = self.page.calls.remove(&call) else { return };
        self.trace(|| format!("answer to {:?}: {:?}", sent.kind, answer.as_ref().map(|answer| answer.status)));
        self.look_at_answer(&sent, answer.as_ref());
        self.feed(EngineInput::Wire(WireInput::Answer { call, answer }));
    }

    /// Asks the control API; its own answer is dropped.
    pub(super) fn control(&mut self, method: &str, path: &str, body: &Value) {
        let request = HttpRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            body: body.to_string().into_bytes(),
            ..HttpRequest::default()
        };
        let id = self.next_request(Asked::Control);
        self.platform.handle_control(EPOCH_MS + self.now_ms, id, &request);
        self.carry_out();
    }

    /// The page's server asks the platform for its guest's token.
    pub(super) fn ask_the_pages_server(&mut self, page: u32) {
        let body = match &self.provider.guest_id {
            Some(guest_id) => json!({"guestId": guest_id}),
            None => json!({}),
        };
        self.ask_platform(Asked::Token { page }, "/sandbox/token", &body);
    }

    pub(super) fn open_by_the_pages_server(&mut self) {
        self.ask_platform(Asked::Opening, "/api/v2/conversations/messaging", &json!({}));
    }

    /// Does what the platform wants done.
    pub(super) fn carry_out(&mut self) {
        while let Some(output) = self.platform.poll_output() {
            match output {
                Output::Accept { connection } => self.tell(connection.0, Happening::OpeningHeard(connection.0)),
                Output::Refuse { connection, .. } | Output::Kill { connection } => {
                    let socket = connection.0;
                    self.tell(socket, Happening::ClosureHeard { socket, code: ABNORMAL });
                }
                Output::Send { connection, text } => {
                    let socket = connection.0;
                    self.tell(socket, Happening::FrameHeard { socket, text });
                }
                Output::Close { connection, code, .. } => {
                    let socket = connection.0;
                    self.tell(socket, Happening::ClosureHeard { socket, code });
                }
                Output::Answer { request, answer } => self.answered(request, Some(answer)),
                Output::Cut { request } => self.answered(request, None),
                Output::Desk { event } => self.look_at_desk(&event),
                Output::Record { .. } => {}
            }
        }
    }

    fn answered(&mut self, request: RequestId, answer: Option<guest_messenger_sandbox::HttpAnswer>) {
        let hides_etag = self.setting.hides_etag;
        let crowd = (self.now_ms < self.crowded_until_ms).then(|| self.random.u8(0..14).to_string());
        let answer = answer.map(|answer| {
            let header =
                |wanted: &str| answer.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
            HttpAnswer {
                status: answer.status,
                retry_after: header("retry-after"),
                date: header("date"),
                etag: header("etag"),
                remaining: crowd.or_else(|| header("x-ratelimit-remaining")),
                body: json::parse(&String::from_utf8_lossy(&answer.body)).map(|mut body| {
                    if hides_etag {
                        body.take("etag");
                    }
                    body
                }),
            }
        });
        match self.requests.remove(&request.0) {
            Some(Asked::Call { page, call, is_lost }) => {
                if is_lost {
                    self.count("answers lost");
                }
                let at_ms = self.network.free_arrival(self.now_ms, Way::ToGuest, &mut self.random);
                self.plan(at_ms, Happening::AnswerHeard { page, call, answer: answer.filter(|_| !is_lost) });
            }
            Some(Asked::Token { page }) => {
                let token = answer.and_then(|answer| AccessToken::read(&answer.body?));
                let token = token.map(|token| AccessToken {
                    expires_in_s: token.expires_in_s.filter(|_| self.setting.tells_expiry),
                    conversation_id: self.provider.conversation_id.clone(),
                    ..token
                });
                if let Some(token) = &token {
                    self.provider.guest_id.clone_from(&token.guest_id);
                }
                self.plan_in(1, Happening::TokenGiven { page, token });
            }
            Some(Asked::Opening) => {
                let opened = answer.and_then(|answer| answer.body);
                self.provider.guest_id = opened.as_ref().and_then(|body| body.owned("guestId"));
                self.setting.chosen.conversation_id = opened.as_ref().and_then(|body| body.owned("id"));
            }
            Some(Asked::Control) | None => {}
        }
    }

    fn ask_platform(&mut self, asked: Asked, path: &str, body: &Value) {
        let id = format!("{:08x}-0000-4000-8000-000000000000", self.random.u32(..));
        let call = HttpCall {
            id: 0,
            method: "POST",
            url: path.to_owned(),
            headers: vec![
                ("Content-Type", Redacted::new("application/json")),
                ("X-Genesys-Request-Id", Redacted::new(id)),
            ],
            body: Some(Redacted::new(body.to_string())),
            timeout_ms: 0,
            keepalive: false,
        };
        self.request(asked, "POST", path, &call);
    }

    fn request(&mut self, asked: Asked, method: &str, url: &str, call: &HttpCall) {
        let address = url.strip_prefix(&format!("http://{HOST}")).unwrap_or(url);
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut headers: BTreeMap<String, String> =
            call.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.expose().to_owned())).collect();
        headers.insert("host".to_owned(), HOST.to_owned());
        let request = HttpRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: call.body.as_ref().map(|body| body.expose().as_bytes().to_vec()).unwrap_or_default(),
        };
        let id = self.next_request(asked);
        self.platform.handle_http(EPOCH_MS + self.now_ms, id, &request);
        self.carry_out();
    }

    fn next_request(&mut self, asked: Asked) -> RequestId {
        self.last_request += 1;
        self.requests.insert(self.last_request, asked);
        RequestId(self.last_request)
    }

    fn open_socket(&mut self, url: &str) {
        let socket = self.network.open();
        self.trace(|| format!("opens {socket}"));
        self.count("sockets");
        self.check_address(url);
        if self.page.socket.replace(socket).is_some() {
            self.breaks("I11", "the page opens a second socket");
        }
        if self.now_ms < self.network.no_route_until_ms {
            return self.plan_in(3, Happening::ClosureHeard { socket, code: ABNORMAL });
        }
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.plan(at_ms, Happening::HandshakeArrives(socket));
        }
    }

    pub(super) fn leave_socket(&mut self) {
        let Some(socket) = self.page.socket.take() else { return };
        self.trace(|| format!("leaves {socket}"));
        self.checks.line_is_gone(self.setting.chosen.typing);
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.plan(at_ms, Happening::ClosureArrives(socket));
        }
    }

    fn send(&mut self, text: &str) {
        let Some(socket) = self.page.socket else {
            return self.breaks("I11", "a frame is sent with no socket open");
        };
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToPlatform, &mut self.random) {
            self.plan(at_ms, Happening::FrameArrives { socket, text: text.to_owned() });
        }
    }

    fn fetch(&mut self, call: HttpCall) {
        let sent = read_call(&call);
        self.trace(|| format!("calls {} {} {:?}", call.method, call.url, sent.kind));
        self.count("calls");
        self.look_at_call(&call, &sent);
        let page = self.page.number;
        let none = Happening::AnswerHeard { page, call: call.id, answer: None };
        self.page.calls.insert(call.id, sent);
        if call.url.starts_with(BOOKS) {
            // Some books are kept, some not, and some never answer.
            let status = [200, 204, 500, 404][self.random.usize(0..4)];
            let answer = HttpAnswer { status, ..HttpAnswer::default() };
            let answer = (self.random.u8(0..4) > 0).then_some(answer);
            return self.plan_in(50, Happening::AnswerHeard { page, call: call.id, answer });
        }
        if self.now_ms < self.network.no_route_until_ms {
            return self.plan_in(4, none);
        }
        self.plan_in(u64::from(call.timeout_ms), none);
        let is_lossy = self.now_ms < self.checks.lossy_until_ms;
        let at_ms = self.network.free_arrival(self.now_ms, Way::ToPlatform, &mut self.random);
        if is_lossy && self.random.u8(0..3) == 0 {
            self.count("requests lost");
            return self.plan(at_ms, Happening::AnswerHeard { page, call: call.id, answer: None });
        }
        let is_lost = is_lossy && self.random.u8(0..3) == 0;
        self.plan(at_ms, Happening::CallArrives { page, call: Box::new(call), is_lost });
    }

    /// Something is on its way to the guest, in its order.
    fn tell(&mut self, socket: SocketId, happening: Happening) {
        if let Some(at_ms) = self.network.arrival(self.now_ms, socket, Way::ToGuest, &mut self.random) {
            self.plan(at_ms, happening);
        }
    }
}
