//! The stand-in, as calls and the events socket reach it.

use std::collections::BTreeMap;

use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall};
use guest_messenger_sandbox::{
    ConnectionId, DEFAULT_DEPLOYMENT, Frame, Handshake, HttpAnswer as PlatformAnswer, HttpRequest, Output, Platform,
    RequestId, Setup,
};
use serde_json::{Value, json};

use super::scenario::Scene;
use crate::scenario::EPOCH_MS;

pub(super) const HOST: &str = "127.0.0.1:8080";

#[derive(Debug)]
pub(super) struct Stand {
    platform: Platform,
    last_request: u64,
    calls: BTreeMap<u64, (u32, u32)>,
    /// As the control API calls it.
    pub(super) newest: Option<String>,
    /// The guest that the page's own server gives tokens for.
    guest: Option<String>,
}

/// What the platform did.
#[derive(Debug)]
pub(super) enum Deed {
    Accept(u64),
    Refuse(u64),
    Send(u64, String),
    Close(u64, u16),
    Kill(u64),
    Answer(u32, u32, HttpAnswer),
    Cut(u32, u32),
    Stored(String, Stored),
}

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) id: String,
    pub(super) author: String,
    pub(super) text: String,
    pub(super) client_id: Option<String>,
}

impl Stand {
    pub(super) fn new(scene: &Scene) -> Stand {
        let setup =
            Setup { settings: scene.platform.clone(), ..Setup::new(DEFAULT_DEPLOYMENT, scene.seed ^ 0x0bad_cafe) };
        Stand {
            platform: Platform::new(setup, EPOCH_MS),
            last_request: 0,
            calls: BTreeMap::new(),
            newest: None,
            guest: None,
        }
    }

    /// On the world's clock.
    pub(super) fn next_at_ms(&self) -> Option<u64> {
        self.platform.poll_timeout().map(|at_ms| at_ms.saturating_sub(EPOCH_MS))
    }

    pub(super) fn tick(&mut self, now_ms: u64) {
        self.platform.handle_timeout(now_ms);
    }

    pub(super) fn open(&mut self, now_ms: u64, socket: u64) {
        let handshake = Handshake { deployment: None, origin: Some(format!("http://{HOST}")), host: HOST.to_owned() };
        self.platform.handle_open_events(now_ms, ConnectionId(socket), &handshake);
    }

    pub(super) fn frame(&mut self, now_ms: u64, socket: u64, text: &str) {
        self.platform.handle_frame(now_ms, ConnectionId(socket), Frame::Text(text));
    }

    pub(super) fn closed(&mut self, now_ms: u64, socket: u64) {
        self.platform.handle_closed(now_ms, ConnectionId(socket));
    }

    pub(super) fn call(&mut self, now_ms: u64, page: u32, call: &HttpCall) {
        let address = call.url.strip_prefix(&format!("http://{HOST}")).unwrap_or(&call.url);
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut headers: BTreeMap<String, String> =
            call.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.expose().to_owned())).collect();
        headers.insert("host".to_owned(), HOST.to_owned());
        let body = call.body.as_ref().map(|body| body.expose().as_bytes().to_vec()).unwrap_or_default();
        let request = HttpRequest {
            method: call.method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body,
        };
        self.last_request += 1;
        self.calls.insert(self.last_request, (page, call.id));
        self.platform.handle_http(now_ms, RequestId(self.last_request), &request);
    }

    pub(super) fn control(&mut self, now_ms: u64, method: &str, path: &str, body: &Value) {
        let request = HttpRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            body: body.to_string().into_bytes(),
            ..HttpRequest::default()
        };
        self.last_request += 1;
        self.platform.handle_control(now_ms, RequestId(self.last_request), &request);
    }

    /// No fault is left, and agents have answered.
    pub(super) fn heal(&mut self, now_ms: u64) {
        self.control(now_ms, "DELETE", "/faults", &json!(null));
    }

    /// What the page's own server would give its token provider: token, life in seconds, guest.
    pub(super) fn issue(&mut self, now_ms: u64) -> Option<(String, u64, String)> {
        let body = match &self.guest {
            Some(guest) => json!({"guestId": guest}),
            None => json!({}),
        };
        let headers = [("host", HOST), ("content-type", "application/json")];
        let request = HttpRequest {
            method: "POST".to_owned(),
            path: "/sandbox/token".to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            body: body.to_string().into_bytes(),
            ..HttpRequest::default()
        };
        self.last_request += 1;
        let id = RequestId(self.last_request);
        self.platform.handle_http(now_ms, id, &request);
        let mut given = None;
        while let Some(output) = self.platform.poll_output() {
            if let Output::Answer { request, answer } = output
                && request == id
                && answer.status == 200
            {
                given = serde_json::from_slice::<Value>(&answer.body).ok();
            }
        }
        let given = given?;
        let guest = given.get("guestId")?.as_str()?.to_owned();
        self.guest = Some(guest.clone());
        Some((given.get("token")?.as_str()?.to_owned(), given.get("expiresIn")?.as_u64()?, guest))
    }

    pub(super) fn drain(&mut self) -> Vec<Deed> {
        let mut deeds = Vec::new();
        while let Some(output) = self.platform.poll_output() {
            deeds.extend(match output {
                Output::Accept { connection } => Some(Deed::Accept(connection.0)),
                Output::Refuse { connection, .. } => Some(Deed::Refuse(connection.0)),
                Output::Send { connection, text } => Some(Deed::Send(connection.0, text)),
                Output::Close { connection, code, .. } => Some(Deed::Close(connection.0, code)),
                Output::Kill { connection } => Some(Deed::Kill(connection.0)),
                Output::Answer { request, answer } => {
                    let call = self.calls.remove(&request.0);
                    call.map(|(page, call)| Deed::Answer(page, call, to_answer(&answer)))
                }
                Output::Cut { request } => self.calls.remove(&request.0).map(|(page, call)| Deed::Cut(page, call)),
                Output::Desk { event } => self.on_desk(&event),
                Output::Record { .. } => None,
            });
        }
        deeds
    }

    fn on_desk(&mut self, event: &Value) -> Option<Deed> {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let conversation = text(event, "conversation")?;
        self.newest = Some(conversation.clone());
        if event.get("kind").and_then(Value::as_str) != Some("message") {
            return None;
        }
        let message = event.get("message")?;
        let client_id = message.pointer("/client_metadata/id").and_then(Value::as_str).map(str::to_owned);
        let stored = Stored {
            id: text(message, "id")?,
            author: text(message, "author")?,
            text: text(message, "text").unwrap_or_default(),
            client_id,
        };
        Some(Deed::Stored(conversation, stored))
    }
}

fn to_answer(answer: &PlatformAnswer) -> HttpAnswer {
    let header = |name: &str| answer.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    HttpAnswer {
        status: answer.status,
        retry_after: header("retry-after"),
        date: header("date"),
        body: std::str::from_utf8(&answer.body).ok().and_then(json::parse),
    }
}
