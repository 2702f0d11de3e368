//! A platform with virtual time. Every frame that it sends is checked on the way.

use std::collections::{BTreeMap, BTreeSet};

use guest_messenger_sandbox::{
    ConnectionId, Frame, Handshake, HttpAnswer, HttpRequest, Output, Platform, RequestId, Setup,
};
use serde_json::{Value, json};

use crate::support::{
    DEPLOYMENT,
    strict::{check_frame, check_history},
};

pub(crate) const START_MS: u64 = 1_792_000_000_000;
pub(crate) const HOST: &str = "127.0.0.1:8080";

pub(crate) struct World {
    pub(crate) platform: Platform,
    pub(crate) now_ms: u64,
    /// Off where a test sends what the platform never would.
    pub(crate) strict: bool,
    pub(crate) accepted: BTreeSet<ConnectionId>,
    pub(crate) refused: BTreeMap<ConnectionId, u16>,
    pub(crate) closed: BTreeMap<ConnectionId, u16>,
    pub(crate) killed: BTreeSet<ConnectionId>,
    pub(crate) cut: BTreeSet<RequestId>,
    pub(crate) desk: Vec<Value>,
    pub(crate) journal: Vec<String>,
    events: BTreeSet<ConnectionId>,
    frames: BTreeMap<ConnectionId, Vec<Value>>,
    answers: BTreeMap<RequestId, HttpAnswer>,
    last_id: u64,
}

impl World {
    /// Without the bot, so that a test hears only what it asked for.
    pub(crate) fn quiet() -> Self {
        let mut setup = Setup::new(DEPLOYMENT, 7);
        setup.settings.bot = false;
        Self::of(setup)
    }

    pub(crate) fn with_bot() -> Self {
        Self::of(Setup::new(DEPLOYMENT, 7))
    }

    pub(crate) fn of(setup: Setup) -> Self {
        Self {
            platform: Platform::new(setup, START_MS),
            now_ms: START_MS,
            strict: true,
            accepted: BTreeSet::new(),
            refused: BTreeMap::new(),
            closed: BTreeMap::new(),
            killed: BTreeSet::new(),
            cut: BTreeSet::new(),
            desk: Vec::new(),
            journal: Vec::new(),
            events: BTreeSet::new(),
            frames: BTreeMap::new(),
            answers: BTreeMap::new(),
            last_id: 0,
        }
    }

    /// Asks for a socket with a plain handshake.
    pub(crate) fn open(&mut self) -> ConnectionId {
        self.open_with(Some(DEPLOYMENT), None, HOST)
    }

    pub(crate) fn open_with(&mut self, deployment: Option<&str>, origin: Option<&str>, host: &str) -> ConnectionId {
        let connection = ConnectionId(self.next_id());
        let handshake = Handshake {
            deployment: deployment.map(str::to_owned),
            origin: origin.map(str::to_owned),
            host: host.to_owned(),
        };
        self.platform.handle_open(self.now_ms, connection, &handshake);
        self.drain();
        connection
    }

    /// Asks for an events socket of the conversations API.
    pub(crate) fn open_events(&mut self) -> ConnectionId {
        let connection = ConnectionId(self.next_id());
        let handshake = Handshake { host: HOST.to_owned(), ..Handshake::default() };
        self.events.insert(connection);
        self.platform.handle_open_events(self.now_ms, connection, &handshake);
        self.drain();
        connection
    }

    /// A socket whose session is configured with this token.
    pub(crate) fn guest(&mut self, token: &str) -> ConnectionId {
        let connection = self.open();
        assert_eq!(self.configure(connection, token)["code"], 200);
        connection
    }

    pub(crate) fn configure(&mut self, connection: ConnectionId, token: &str) -> Value {
        self.ask(connection, json!({"action": "configureSession", "deploymentId": DEPLOYMENT, "token": token}))
    }

    /// Sends a frame and gives the one frame that comes back at once.
    pub(crate) fn ask(&mut self, connection: ConnectionId, frame: Value) -> Value {
        self.take(connection);
        self.send(connection, &frame);
        let mut frames = self.take(connection);
        assert_eq!(frames.len(), 1, "{frame} was answered with {frames:?}");
        frames.remove(0)
    }

    pub(crate) fn say(&mut self, connection: ConnectionId, token: &str, text: &str) -> Value {
        self.message(connection, token, json!({"type": "Text", "text": text}))
    }

    pub(crate) fn message(&mut self, connection: ConnectionId, token: &str, message: Value) -> Value {
        self.ask(connection, json!({"action": "onMessage", "token": token, "tracingId": "trace-1", "message": message}))
    }

    pub(crate) fn send(&mut self, connection: ConnectionId, frame: &Value) {
        self.send_text(connection, &frame.to_string());
    }

    pub(crate) fn send_text(&mut self, connection: ConnectionId, text: &str) {
        self.send_frame(connection, Frame::Text(text));
    }

    pub(crate) fn send_frame(&mut self, connection: ConnectionId, frame: Frame<'_>) {
        self.platform.handle_frame(self.now_ms, connection, frame);
        self.drain();
    }

    /// The frames that came since this was last asked.
    pub(crate) fn take(&mut self, connection: ConnectionId) -> Vec<Value> {
        self.frames.remove(&connection).unwrap_or_default()
    }

    pub(crate) fn leave(&mut self, connection: ConnectionId) {
        self.platform.handle_closed(self.now_ms, connection);
        self.drain();
    }

    /// Lets time pass, waking the platform whenever it wants to be woken.
    pub(crate) fn wait(&mut self, ms: u64) {
        let end_ms = self.now_ms + ms;
        while let Some(due_ms) = self.platform.poll_timeout().filter(|due_ms| *due_ms <= end_ms) {
            self.now_ms = self.now_ms.max(due_ms);
            self.platform.handle_timeout(self.now_ms);
            self.drain();
        }
        self.now_ms = end_ms;
    }

    pub(crate) fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> HttpAnswer {
        self.http("GET", path, headers, b"")
    }

    pub(crate) fn http(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> HttpAnswer {
        let request = self.start_http(method, path, headers, body);
        self.answers.remove(&request).expect("an answer at once")
    }

    pub(crate) fn start_http(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> RequestId {
        let request = RequestId(self.next_id());
        let http = request_of(method, path, headers, body);
        self.platform.handle_http(self.now_ms, request, &http);
        self.drain();
        request
    }

    pub(crate) fn answer_of(&mut self, request: RequestId) -> Option<HttpAnswer> {
        self.answers.remove(&request)
    }

    /// A request of the control API; gives the status and the JSON body.
    pub(crate) fn control(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = RequestId(self.next_id());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.platform.handle_control(self.now_ms, request, &request_of(method, path, &[], body.as_bytes()));
        self.drain();
        let answer = self.answers.remove(&request).expect("control answers at once");
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    pub(crate) fn set(&mut self, settings: Value) {
        assert_eq!(self.control("POST", "/settings", &settings).0, 200);
    }

    pub(crate) fn fault(&mut self, fault: Value) {
        assert_eq!(self.control("POST", "/faults", &fault).0, 200);
    }

    /// An agent's message in the conversation.
    pub(crate) fn agent_says(&mut self, conversation: &str, text: &str) -> String {
        let path = format!("/conversations/{conversation}/messages");
        let (status, answer) = self.control("POST", &path, &json!({"author": "agent", "name": "Sam", "text": text}));
        assert_eq!(status, 201);
        answer["id"].as_str().expect("an id").to_owned()
    }

    pub(crate) fn conversations(&mut self) -> Vec<Value> {
        self.control("GET", "/conversations", &Value::Null).1.as_array().expect("a list").clone()
    }

    pub(crate) fn jwt(&mut self, connection: ConnectionId, token: &str) -> String {
        let answer = self.ask(connection, json!({"action": "getJwt", "token": token}));
        answer["body"]["jwt"].as_str().expect("a jwt").to_owned()
    }

    pub(crate) fn history(&mut self, jwt: &str, query: &str) -> Value {
        let answer =
            self.get(&format!("/api/v2/webmessaging/messages{query}"), &[("authorization", &format!("bearer {jwt}"))]);
        assert_eq!(answer.status, 200);
        let page: Value = serde_json::from_slice(&answer.body).expect("JSON");
        check_history(&page).expect("a history page that the mobile client can read");
        page
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn drain(&mut self) {
        while let Some(output) = self.platform.poll_output() {
            match output {
                Output::Accept { connection } => assert!(self.accepted.insert(connection)),
                Output::Refuse { connection, status } => {
                    assert_eq!(self.refused.insert(connection, status), None)
                }
                Output::Send { connection, text } => {
                    let frame = serde_json::from_str(&text).expect("the platform sends JSON");
                    if self.events.contains(&connection) {
                        check_event(&frame);
                    } else if self.strict {
                        check_frame(&frame).expect("a frame that the mobile client can read");
                    }
                    self.frames.entry(connection).or_default().push(frame);
                }
                Output::Close { connection, code, .. } => assert_eq!(self.closed.insert(connection, code), None),
                Output::Kill { connection } => assert!(self.killed.insert(connection)),
                Output::Answer { request, answer } => {
                    assert_eq!(self.answers.insert(request, answer), None)
                }
                Output::Cut { request } => assert!(self.cut.insert(request)),
                Output::Desk { event } => self.desk.push(event),
                Output::Record { line } => self.journal.push(line),
            }
        }
    }
}

fn request_of(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> HttpRequest {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut http = HttpRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        body: body.to_vec(),
        ..HttpRequest::default()
    };
    http.headers.insert("host".into(), HOST.into());
    http.headers.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    http
}

/// Every member that an event has (conversations reference, section 5); one sent by a desk as it is may be anything.
fn check_event(frame: &Value) {
    if frame.get("raw").is_none() {
        let members: Vec<&String> = frame.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["conversation_id", "event_type", "message_id", "participant_id", "payload"]);
    }
}

/// The classes of frames, in order.
pub(crate) fn classes(frames: &[Value]) -> Vec<&str> {
    frames.iter().filter_map(|frame| frame["class"].as_str()).collect()
}

/// The texts of messages, in order.
pub(crate) fn texts(frames: &[Value]) -> Vec<&str> {
    frames.iter().filter_map(|frame| frame["body"]["text"].as_str()).collect()
}
