//! What guests ask over the socket (guest API reference, section 4): one handler an action.

mod answer;
mod attachment;
mod configure;
mod event;
mod message;

use serde_json::{Map, Value, json};

use crate::{
    limits::{ATTRIBUTES_BYTES, ECHOES_PER_CONNECTION, FRAME_BYTES, REQUESTS_PER_CONNECTION},
    output::ConnectionId,
    platform::Platform,
    session::{ConversationKey, State},
};

/// A frame that names an action.
#[derive(Debug)]
pub(crate) struct Request {
    connection: ConnectionId,
    token: Option<String>,
    tracing_id: Option<Value>,
    members: Map<String, Value>,
}

impl Request {
    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    fn flag(&self, name: &str) -> bool {
        self.members.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn tracing_id(&self) -> Option<&Value> {
        self.tracing_id.as_ref()
    }
}

/// An error answer: its code and its sentence.
pub(crate) type Refusal = (u16, String);

impl Platform {
    /// Reads one frame. Whatever it holds, it is answered; none closes the socket.
    pub(crate) fn accept(&mut self, connection: ConnectionId, text: &str) {
        if !self.connections.contains_key(&connection) {
            return;
        }
        if self.is_for_events(connection) {
            return self.on_events_frame(connection, text);
        }
        if text.len() > FRAME_BYTES {
            let sentence = format!("Frame of {} bytes is larger than {FRAME_BYTES}", text.len());
            return self.refuse(connection, None, 400, &sentence);
        }
        let Ok(Value::Object(members)) = serde_json::from_str(text) else {
            return self.refuse(connection, None, 400, "Request failed: the frame is not a JSON object.");
        };
        let request = Request {
            connection,
            token: members.get("token").and_then(Value::as_str).filter(|token| !token.is_empty()).map(str::to_owned),
            tracing_id: members.get("tracingId").filter(|id| id.is_string()).cloned(),
            members,
        };
        let Some(action) = request.text("action").map(str::to_owned) else {
            return self.refuse(connection, request.tracing_id(), 4020, "Missing parameter: action");
        };
        if let Err(wait_ms) = self.take_request(connection) {
            return self.refuse_as_too_fast(connection, request.tracing_id(), wait_ms.div_ceil(1000));
        }
        if let Err((code, sentence)) = self.dispatch(&action, &request) {
            self.refuse(connection, request.tracing_id(), code, &sentence);
        }
    }

    fn dispatch(&mut self, action: &str, request: &Request) -> Result<(), Refusal> {
        match action {
            "configureSession" => self.on_configure(request),
            "configureAuthenticatedSession" => self.on_configure_authenticated(request),
            "getConfiguration" => self.on_get_configuration(request),
            "onMessage" => self.on_message(request),
            "echo" => self.on_echo(request),
            "onAttachment" => self.on_attachment(request),
            "getAttachment" => self.on_get_attachment(request),
            "deleteAttachment" => self.on_delete_attachment(request),
            "getJwt" => self.on_get_jwt(request),
            "closeSession" => self.on_close_session(request),
            "resumeToken" => self.on_resume_token(request),
            // Accepted, as a platform that is newer than its reference would; some clients die of any other code.
            _ => {
                self.refuse(request.connection, request.tracing_id(), 200, "Nothing was done: unknown action");
                Ok(())
            }
        }
    }

    fn take_request(&mut self, connection: ConnectionId) -> Result<(), u64> {
        let Some(entry) = self.connections.get_mut(&connection) else {
            return Ok(());
        };
        let taken = entry.requests.take(REQUESTS_PER_CONNECTION, self.now_ms);
        if self.settings.limits { taken } else { Ok(()) }
    }

    /// The conversation of a configured connection, if the request's token leads to it.
    fn session_of(&self, request: &Request) -> Result<ConversationKey, Refusal> {
        let Some(token) = &request.token else {
            return Err(missing("token"));
        };
        let key = self.configured(request.connection)?;
        if self.conversations.get(&key).is_some_and(|conversation| conversation.tokens.contains(token)) {
            Ok(key)
        } else {
            Err(session_not_found())
        }
    }

    fn configured(&self, connection: ConnectionId) -> Result<ConversationKey, Refusal> {
        let conversation = self.conversation_of(connection).ok_or_else(session_not_found)?;
        match conversation.state {
            State::Expired => Err((4006, "Session has expired".into())),
            State::Cleared => Err(session_not_found()),
            State::Live | State::Ended | State::ReadOnly => Ok(conversation.key),
        }
    }

    /// The answer has no channel, and comes as a response (guest API reference, section 4.5).
    fn on_echo(&mut self, request: &Request) -> Result<(), Refusal> {
        // One known client leaves the token out here, and only here.
        let key =
            if request.token.is_some() { self.session_of(request)? } else { self.configured(request.connection)? };
        if let Some(entry) = self.connections.get_mut(&request.connection)
            && let Err(wait_ms) = entry.echoes.take(ECHOES_PER_CONNECTION, self.now_ms)
            && self.settings.limits
        {
            self.refuse_as_too_fast(request.connection, request.tracing_id(), wait_ms.div_ceil(1000));
            return Ok(());
        }
        let message = request.members.get("message");
        let mut metadata = crate::message::string_map(message.and_then(|message| message.get("metadata")));
        let expires_at_ms = self.conversations.get(&key).map_or(0, |conversation| conversation.expires_at_ms);
        metadata.insert("durationSeconds".into(), json!(self.settings.session_duration_s.to_string()));
        metadata.insert("expirationDate".into(), json!((expires_at_ms / 1000).to_string()));
        let text = message.and_then(|message| message.get("text")).and_then(Value::as_str).unwrap_or_default();
        let body =
            json!({"id": self.hex_id(), "type": "Text", "direction": "Inbound", "text": text, "metadata": metadata});
        self.reply(request.connection, request.tracing_id(), "StructuredMessage", body);
        Ok(())
    }

    fn on_get_configuration(&mut self, request: &Request) -> Result<(), Refusal> {
        self.check_deployment(request)?;
        let media = self.allowed_media();
        let body = json!({
            "allowedMedia": media,
            "blockedExtensions": self.blocked_extensions(),
            "maxCustomDataBytes": ATTRIBUTES_BYTES,
            "messageRoutingEnabled": true,
            "sessionDurationSeconds": self.settings.session_duration_s,
        });
        self.reply(request.connection, request.tracing_id(), "GetConfigurationResponse", body);
        Ok(())
    }

    fn on_get_jwt(&mut self, request: &Request) -> Result<(), Refusal> {
        let key = self.session_of(request)?;
        let (jwt, expires_s) = self.issue_history_grant(key);
        self.reply(request.connection, request.tracing_id(), "JwtResponse", json!({"jwt": jwt, "exp": expires_s}));
        Ok(())
    }

    /// Named in the schema only; nothing accepts the token that it gives.
    fn on_resume_token(&mut self, request: &Request) -> Result<(), Refusal> {
        self.session_of(request)?;
        let body = json!({"resumeToken": format!("rt.{}", self.hex_id()), "exp": self.now_ms / 1000 + 600});
        self.reply(request.connection, request.tracing_id(), "ResumeTokenResponse", body);
        Ok(())
    }

    fn check_deployment(&self, request: &Request) -> Result<(), Refusal> {
        match request.text("deploymentId") {
            None => Err(missing("deploymentId")),
            Some(id) if id == self.setup.deployment => Ok(()),
            Some(_) => Err((400, "No such deployment".into())),
        }
    }
}

fn missing(name: &str) -> Refusal {
    (4020, format!("Missing parameter: {name}"))
}

fn session_not_found() -> Refusal {
    (4007, "Session not found".into())
}
