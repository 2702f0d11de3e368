//! The stand-in platform, and what really happened there.

use std::collections::BTreeMap;

use guest_messenger::protocol::wire::HttpCall;
use guest_messenger_sandbox::{
    ConnectionId, DEFAULT_DEPLOYMENT, Frame, Handshake, HttpAnswer, HttpRequest, Output, Platform, RequestId, Setup,
};
use serde_json::{Value, json};

use crate::happening::SocketId;
use crate::scenario::{EPOCH_MS, Scenario};

pub(crate) const HOST: &str = "127.0.0.1:8080";

#[derive(Debug)]
pub(crate) struct Server {
    platform: Platform,
    last_request: u64,
    /// The guest's calls that wait for their answer: page and call number.
    calls: BTreeMap<u64, (u32, u32)>,
    /// Which conversation each socket was configured for.
    conversation_of: BTreeMap<SocketId, String>,
    /// The conversation that was begun last.
    pub(crate) newest: Option<String>,
}

/// What the platform did with one input.
#[derive(Debug)]
pub(crate) enum Deed {
    Accept(SocketId),
    Refuse(SocketId),
    Send(SocketId, String),
    Close(SocketId, u16),
    Kill(SocketId),
    Answer {
        page: u32,
        call: u32,
        answer: HttpAnswer,
    },
    Stored {
        conversation: String,
        message: Stored,
    },
    /// The guest has read these.
    Seen {
        ids: Vec<String>,
    },
}

/// One message that the platform keeps.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: String,
    pub(crate) author: String,
    pub(crate) text: String,
    pub(crate) client_id: Option<String>,
}

impl Server {
    pub(crate) fn new(scenario: &Scenario) -> Server {
        let setup = Setup {
            settings: scenario.settings.clone(),
            ..Setup::new(DEFAULT_DEPLOYMENT, scenario.seed ^ 0x0bad_cafe)
        };
        Server {
            platform: Platform::new(setup, EPOCH_MS),
            last_request: 0,
            calls: BTreeMap::new(),
            conversation_of: BTreeMap::new(),
            newest: None,
        }
    }

    pub(crate) fn next_at_ms(&self) -> Option<u64> {
        self.platform.poll_timeout().map(|at_ms| at_ms.saturating_sub(EPOCH_MS))
    }

    pub(crate) fn tick(&mut self, now_ms: u64) -> Vec<Deed> {
        self.platform.handle_timeout(EPOCH_MS + now_ms);
        self.drain(None)
    }

    pub(crate) fn open(&mut self, now_ms: u64, socket: SocketId) -> Vec<Deed> {
        let handshake = Handshake {
            deployment: Some(DEFAULT_DEPLOYMENT.to_owned()),
            origin: Some(format!("http://{HOST}")),
            host: HOST.to_owned(),
        };
        self.platform.handle_open(EPOCH_MS + now_ms, ConnectionId(socket), &handshake);
        self.drain(None)
    }

    pub(crate) fn frame(&mut self, now_ms: u64, socket: SocketId, text: &str) -> Vec<Deed> {
        self.platform.handle_frame(EPOCH_MS + now_ms, ConnectionId(socket), Frame::Text(text));
        self.drain(Some(socket))
    }

    pub(crate) fn closed(&mut self, now_ms: u64, socket: SocketId) -> Vec<Deed> {
        self.platform.handle_closed(EPOCH_MS + now_ms, ConnectionId(socket));
        self.drain(None)
    }

    pub(crate) fn call(&mut self, now_ms: u64, page: u32, call: &HttpCall) -> Vec<Deed> {
        let address = call.url.strip_prefix(&format!("http://{HOST}")).unwrap_or(&call.url);
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut headers: BTreeMap<String, String> =
            call.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.expose().to_owned())).collect();
        headers.insert("host".to_owned(), HOST.to_owned());
        let request = HttpRequest {
            method: call.method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: Vec::new(),
        };
        self.last_request += 1;
        self.calls.insert(self.last_request, (page, call.id));
        self.platform.handle_http(EPOCH_MS + now_ms, RequestId(self.last_request), &request);
        self.drain(None)
    }

    /// Asks the control API; its own answer is dropped.
    pub(crate) fn control(&mut self, now_ms: u64, method: &str, path: &str, body: &Value) -> Vec<Deed> {
        let request = HttpRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            body: body.to_string().into_bytes(),
            ..HttpRequest::default()
        };
        self.last_request += 1;
        self.platform.handle_control(EPOCH_MS + now_ms, RequestId(self.last_request), &request);
        self.drain(None)
    }

    pub(crate) fn fault(&mut self, now_ms: u64, fault: &Value) -> Vec<Deed> {
        self.control(now_ms, "POST", "/faults", fault)
    }

    pub(crate) fn clear_faults(&mut self, now_ms: u64) -> Vec<Deed> {
        self.control(now_ms, "DELETE", "/faults", &json!(null))
    }

    pub(crate) fn conversation_of(&self, socket: SocketId) -> Option<&str> {
        self.conversation_of.get(&socket).map(String::as_str)
    }

    fn drain(&mut self, configuring: Option<SocketId>) -> Vec<Deed> {
        let mut deeds = Vec::new();
        let mut entered = None;
        while let Some(output) = self.platform.poll_output() {
            deeds.extend(match output {
                Output::Accept { connection } => Some(Deed::Accept(connection.0)),
                Output::Refuse { connection, .. } => Some(Deed::Refuse(connection.0)),
                Output::Send { connection, text } => Some(Deed::Send(connection.0, text)),
                Output::Close { connection, code, .. } => Some(Deed::Close(connection.0, code)),
                Output::Kill { connection } => Some(Deed::Kill(connection.0)),
                Output::Answer { request, answer } => {
                    let call = self.calls.remove(&request.0);
                    call.map(|(page, call)| Deed::Answer { page, call, answer })
                }
                Output::Desk { event } => {
                    let conversation = text_of(&event, "conversation");
                    match event.get("kind").and_then(Value::as_str) {
                        Some("message") => Some(Deed::Stored { conversation, message: stored(&event) }),
                        Some("seen") => Some(Deed::Seen { ids: ids_of(&event) }),
                        Some("connection") => {
                            entered = Some(conversation);
                            None
                        }
                        _ => None,
                    }
                }
                Output::Record { .. } | Output::Cut { .. } => None,
            });
        }
        if let (Some(socket), Some(conversation)) = (configuring, entered) {
            if self.newest.as_ref().is_none_or(|newest| number_of(newest) < number_of(&conversation)) {
                self.newest = Some(conversation.clone());
            }
            self.conversation_of.insert(socket, conversation);
        }
        deeds
    }
}

fn number_of(conversation: &str) -> u64 {
    conversation.trim_start_matches('c').parse().unwrap_or_default()
}

fn stored(event: &Value) -> Stored {
    let message = event.get("message").unwrap_or(&Value::Null);
    let client_id = message.pointer("/client_metadata/id").and_then(Value::as_str).map(str::to_owned);
    Stored { id: text_of(message, "id"), author: text_of(message, "author"), text: text_of(message, "text"), client_id }
}

fn ids_of(event: &Value) -> Vec<String> {
    let ids = event.get("messages").and_then(Value::as_array);
    ids.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text_of(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
