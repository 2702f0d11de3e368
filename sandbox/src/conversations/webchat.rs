//! Webchat sessions, whose attributes carry the typing indicator (conversations reference, section 3).

use serde_json::{Map, Value, json};

use super::{
    Answered, bad,
    bearer::Caller,
    messaging::{Dialect, Webchat, WebchatState},
};
use crate::{
    auth::read_object,
    http::error,
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    session::ConversationKey,
};

impl Platform {
    /// `GET /webchat/sessions/{sessionId}`
    pub(super) fn on_look_at_session(&self, caller: &Caller, session: &str) -> Answered {
        let key = self.conversation_at(caller, session)?;
        Ok(self.session_answer(key))
    }

    /// `PATCH /webchat/sessions/{sessionId}`: attributes are merged, a null takes one away.
    pub(super) fn on_change_session(&mut self, caller: &Caller, session: &str, http: &HttpRequest) -> Answered {
        let body = read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        let Some(Value::Object(attributes)) = body.get("customAttributes") else {
            return Err(bad("customAttributes must be an object."));
        };
        let typing_ms = typing_ms(attributes)?;
        let key = self.conversation_at(caller, session)?;
        let etag = self.messaging(key).map(|messaging| messaging.webchat.etag()).unwrap_or_default();
        match http.header("if-match") {
            None => return Err(error(428, "precondition.required", "If-Match is missing.")),
            Some(known) if known != "*" && known != etag => {
                return Err(error(412, "precondition.failed", "The session was changed since.").header("etag", etag));
            }
            Some(_) => {}
        }
        match self.messaging(key).map(|messaging| messaging.webchat.state) {
            Some(WebchatState::Connected) => {}
            Some(WebchatState::Queued) => return Err(bad("The session is queued; typing needs it connected.")),
            Some(WebchatState::Closed) | None => return Err(error(409, "session.closed", "The session is closed.")),
        }
        self.check_active(key)?;
        self.change_webchat(key, |webchat| merge(&mut webchat.custom_attributes, attributes));
        if let Some(typing_ms) = typing_ms {
            self.guest_types(key, Dialect::Webchat, typing_ms);
        }
        Ok(self.session_answer(key))
    }

    /// The control API's hand on a session: another writer, or the queue.
    pub(crate) fn on_desk_webchat(&mut self, key: ConversationKey, body: &Value) -> HttpAnswer {
        let state = match body.get("state").map(Value::as_str) {
            None => None,
            Some(Some("queued")) => Some(WebchatState::Queued),
            Some(Some("connected")) => Some(WebchatState::Connected),
            Some(Some("closed")) => Some(WebchatState::Closed),
            Some(_) => return bad("state must be queued, connected or closed."),
        };
        if self.messaging(key).is_none() {
            return bad("This conversation is of the Guest API; it has no webchat session.");
        }
        self.change_webchat(key, |webchat| {
            webchat.state = state.unwrap_or(webchat.state);
            if let Some(Value::Object(attributes)) = body.get("custom_attributes") {
                merge(&mut webchat.custom_attributes, attributes);
            }
        });
        self.session_answer(key)
    }

    /// An agent has answered, or it is over.
    pub(crate) fn set_webchat_state(&mut self, key: ConversationKey, state: WebchatState) {
        let differs = self.messaging(key).is_some_and(|messaging| messaging.webchat.state != state);
        if differs {
            self.change_webchat(key, |webchat| webchat.state = state);
        }
    }

    fn change_webchat(&mut self, key: ConversationKey, change: impl FnOnce(&mut Webchat)) {
        if let Some(messaging) = self.messaging_mut(key) {
            change(&mut messaging.webchat);
            messaging.webchat.version += 1;
            self.record_conversation(key);
            self.tell_desk_of_conversation(key);
        }
    }

    fn session_answer(&self, key: ConversationKey) -> HttpAnswer {
        let Some(Webchat { state, custom_attributes, .. }) = self.messaging(key).map(|messaging| &messaging.webchat)
        else {
            return super::gone("There is no such session.");
        };
        let etag = self.messaging(key).map(|messaging| messaging.webchat.etag()).unwrap_or_default();
        let body = json!({"state": state, "etag": etag, "customAttributes": custom_attributes});
        HttpAnswer::json(200, &body).header("etag", etag)
    }
}

fn merge(attributes: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        if value.is_null() {
            attributes.remove(name);
        } else {
            attributes.insert(name.clone(), value.clone());
        }
    }
}

/// How long the patch's indicator lasts: not said, ended, or so many milliseconds.
fn typing_ms(attributes: &Map<String, Value>) -> Result<Option<Option<u64>>, HttpAnswer> {
    let indicator = match attributes.get("typingIndicator") {
        None => return Ok(None),
        Some(Value::Null) => return Ok(Some(None)),
        Some(indicator) => indicator,
    };
    let number = |name: &str| indicator.get(name).and_then(Value::as_u64);
    let is_typing = indicator.get("status").and_then(Value::as_str) == Some("typing");
    let life_ms = number("expiresAt").zip(number("originatedAt")).and_then(|(end, start)| end.checked_sub(start));
    match (is_typing, life_ms, number("version")) {
        (true, Some(life_ms), Some(1)) if life_ms > 0 => Ok(Some(Some(life_ms))),
        _ => Err(bad("typingIndicator needs the status typing, originatedAt before expiresAt, and version 1.")),
    }
}
