//! The conversations APIs against their reference; bodies are written by hand.

mod calls;
mod desk;
mod events;
mod faults;
mod journal;
mod receipts;
mod sending;
mod tokens;
mod transcript;
mod typing;
mod webchat;

use guest_messenger_sandbox::{ConnectionId, HttpAnswer, RequestId};
use serde_json::{Value, json};

use crate::world::World;

const BASE: &str = "/api/v2/conversations/messaging";

/// A guest with a conversation, as opening it told.
#[derive(Debug, Clone)]
struct Visitor {
    conversation: String,
    guest: String,
    token: String,
}

#[derive(Debug, PartialEq)]
struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Value,
}

impl Reply {
    fn of(answer: &HttpAnswer) -> Self {
        let body = serde_json::from_slice(&answer.body).unwrap_or_default();
        Self { status: answer.status, headers: answer.headers.clone(), body }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The sentence of an error answer.
    fn message(&self) -> &str {
        self.body["message"].as_str().expect("an error has a message")
    }
}

impl World {
    /// A new conversation of a new guest.
    fn visitor(&mut self) -> Visitor {
        let reply = self.call("POST", BASE, "", &json!({}));
        assert_eq!(reply.status, 200, "{reply:?}");
        let text = |name: &str| reply.body[name].as_str().expect(name).to_owned();
        Visitor { conversation: text("id"), guest: text("guestId"), token: text("token") }
    }

    /// A call with all its headers and a request id of its own.
    fn call(&mut self, method: &str, path: &str, token: &str, body: &Value) -> Reply {
        self.call_with(method, path, token, body, &[])
    }

    fn call_with(&mut self, method: &str, path: &str, token: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        let request = self.start_call(method, path, token, body, headers);
        Reply::of(&self.answer_of(request).expect("an answer at once"))
    }

    fn start_call(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> RequestId {
        let id = format!("00000000-0000-4000-8000-{:012x}", self.next_id());
        let bearer = format!("Bearer {token}");
        let mut all = vec![
            ("content-type", "application/json"),
            ("accept", "application/json"),
            ("x-genesys-request-id", id.as_str()),
        ];
        if !token.is_empty() {
            all.push(("authorization", &bearer));
        }
        all.retain(|(name, _)| !headers.iter().any(|(other, _)| other == name));
        all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.start_http(method, path, &all, body.as_bytes())
    }

    /// `POST …/messages` with this text.
    fn write(&mut self, visitor: &Visitor, text: &str) -> Reply {
        self.call("POST", &format!("{BASE}/messages"), &visitor.token, &message(visitor, text))
    }

    fn transcript(&mut self, visitor: &Visitor) -> Value {
        let path = format!("{BASE}/conversations/{}/messages", visitor.conversation);
        let reply = self.call("GET", &path, &visitor.token, &Value::Null);
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.body
    }

    /// An events socket that has authenticated.
    fn listen(&mut self, token: &str) -> ConnectionId {
        let socket = self.open_events();
        self.send(socket, &json!({"type": "authenticate", "token": token}));
        socket
    }

    /// The conversation as the control API lists it.
    fn listed(&mut self, visitor: &Visitor) -> Value {
        let list = self.conversations();
        let found = list.into_iter().find(|entry| entry["api"]["conversation_id"] == visitor.conversation.as_str());
        found.expect("it is listed")
    }

    fn control_of(&mut self, visitor: &Visitor, verb: &str, body: Value) -> (u16, Value) {
        self.control("POST", &format!("/conversations/{}/{verb}", visitor.conversation), &body)
    }

    fn client_token(&mut self, scope: &str) -> String {
        let reply = self.ask_client_token(&format!(
            "grant_type=client_credentials&client_id=stand-in-client&client_secret=stand-in-secret&scope={scope}"
        ));
        reply.body["access_token"].as_str().expect("a token").to_owned()
    }

    fn ask_client_token(&mut self, form: &str) -> Reply {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        Reply::of(&self.http("POST", "/api/v2/oauth/token", &headers, form.as_bytes()))
    }
}

fn message(visitor: &Visitor, text: &str) -> Value {
    json!({
        "from": {"id": visitor.guest, "type": "user"},
        "to": {"id": visitor.conversation, "type": "conversation"},
        "body": {"contentType": "text/plain", "content": text},
    })
}
