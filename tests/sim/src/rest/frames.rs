//! The guest's calls, read independently of the client's own codec.

use guest_messenger::protocol::wire::HttpCall;
use serde_json::Value;

use super::setting::BOOKS;

/// A call that was made, and what for.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) kind: Kind,
    pub(super) token: Option<String>,
    pub(super) is_last: bool,
    /// Of a conversation that is over: the page waits for its answer no more.
    pub(super) is_forgotten: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Open,
    Message { client_id: String },
    Typing { is_on: bool },
    LookAtSession,
    Receipt { id: String, is_until: bool },
    History,
    Book,
    Unknown,
}

impl Kind {
    /// Those of one kind need the same rights.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Kind::Message { .. } => "message",
            Kind::Receipt { .. } => "receipt",
            Kind::Typing { .. } => "typing",
            Kind::LookAtSession => "session",
            Kind::Open => "open",
            Kind::History => "history",
            Kind::Book => "book",
            Kind::Unknown => "unknown",
        }
    }

    /// Those of one name wait for each other where the platform asks to wait.
    pub(super) fn name(&self) -> String {
        match self {
            Kind::Message { client_id } => format!("message {client_id}"),
            Kind::Receipt { id, is_until: false } => format!("receipt {id}"),
            Kind::Receipt { .. } => "receipt".to_owned(),
            Kind::Typing { .. } | Kind::LookAtSession => "typing".to_owned(),
            Kind::Open => "open".to_owned(),
            Kind::History => "history".to_owned(),
            Kind::Book => "book".to_owned(),
            Kind::Unknown => "unknown".to_owned(),
        }
    }
}

pub(super) fn read_call(call: &HttpCall) -> Sent {
    let header = |wanted: &str| {
        let found = call.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.expose().to_owned())
    };
    let token = header("Authorization").and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned));
    let body: Value = call.body.as_ref().and_then(|body| serde_json::from_str(body.expose()).ok()).unwrap_or_default();
    Sent { kind: kind(call, &body), token, is_last: call.keepalive, is_forgotten: false }
}

fn kind(call: &HttpCall, body: &Value) -> Kind {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let path = call.url.split('?').next().unwrap_or_default();
    let is_message = path.ends_with("/messaging/messages") || path.ends_with("/send");
    match call.method {
        _ if call.url.starts_with(BOOKS) => Kind::Book,
        // Nothing but texts goes there, and typing least of all.
        "POST" if is_message && text("/type") != "typing" => Kind::Message { client_id: text("/metadata/id") },
        "POST" if path.ends_with("/conversations/messaging") => Kind::Open,
        "POST" if path.ends_with("/typing") => {
            let is_on = body.get("typing").or_else(|| body.get("isTyping")).and_then(Value::as_bool);
            is_on.map_or(Kind::Unknown, |is_on| Kind::Typing { is_on })
        }
        "POST" if path.ends_with("/read") => Kind::Receipt { id: text("/messageId"), is_until: true },
        "PUT" if path.ends_with("/read") => {
            let id = path.rsplit('/').nth(1).unwrap_or_default().to_owned();
            Kind::Receipt { id, is_until: false }
        }
        "GET" if path.ends_with("/messages") => Kind::History,
        "GET" if path.contains("/webchat/sessions/") => Kind::LookAtSession,
        "PATCH" if path.contains("/webchat/sessions/") => match body.pointer("/customAttributes/typingIndicator") {
            Some(indicator) => Kind::Typing { is_on: !indicator.is_null() },
            None => Kind::Unknown,
        },
        _ => Kind::Unknown,
    }
}
