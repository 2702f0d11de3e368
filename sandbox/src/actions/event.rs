//! Typing and presence from the guest (guest API reference, section 7).

use serde_json::{Map, Value, json};

use super::{Refusal, Request, missing};
use crate::{
    message::{Author, Draft, Kind},
    platform::Platform,
    schedule::Task,
    session::{ConversationKey, State},
};

/// How long a guest counts as typing after one event; guests never say that they stopped.
const GUEST_TYPING_MS: u64 = 5000;

#[derive(Debug, Clone, Copy)]
enum GuestEvent {
    Typing,
    Join,
    Clear,
}

impl Platform {
    /// All events of one frame are checked before any of them happens.
    pub(super) fn on_events(
        &mut self,
        request: &Request,
        key: ConversationKey,
        message: &Map<String, Value>,
        attributes: Map<String, Value>,
    ) -> Result<(), Refusal> {
        let Some(events) = message.get("events").and_then(Value::as_array) else {
            return Err(missing("events"));
        };
        let kinds = events.iter().map(|event| self.check_event(key, event)).collect::<Result<Vec<_>, _>>()?;
        if kinds.is_empty() {
            return Err(missing("events"));
        }
        for kind in kinds {
            match kind {
                GuestEvent::Typing => self.on_guest_typing(request, key),
                GuestEvent::Join => {
                    let mut draft = Draft::presence(Author::Guest, "Join");
                    draft.metadata = self.metadata_of(key, message);
                    draft.attributes.clone_from(&attributes);
                    self.receive_from_guest(request, key, draft);
                }
                GuestEvent::Clear => self.on_clear(request, key),
            }
        }
        Ok(())
    }

    fn check_event(&self, key: ConversationKey, event: &Value) -> Result<GuestEvent, Refusal> {
        let kind = event.get("eventType").and_then(Value::as_str);
        let typing = event.pointer("/typing/type").and_then(Value::as_str);
        let presence = event.pointer("/presence/type").and_then(Value::as_str);
        match (kind, typing, presence) {
            (Some("Typing"), Some("On"), _) if !self.settings.user_typing => {
                Err((403, "Turn on the Feature Toggle or fix the configuration.".into()))
            }
            (Some("Typing"), Some("On"), _) => self.check_writable(key).map(|()| GuestEvent::Typing),
            (Some("Presence"), _, Some("Join")) => self.check_writable(key).map(|()| GuestEvent::Join),
            (Some("Presence"), _, Some("Clear")) if !self.settings.clear => {
                Err((403, "Presence events Conversation Clear are not supported".into()))
            }
            (Some("Presence"), _, Some("Clear")) => Ok(GuestEvent::Clear),
            _ => Err((400, "Request failed: this event is not supported".into())),
        }
    }

    fn on_guest_typing(&mut self, request: &Request, key: ConversationKey) {
        self.extend_by_typing(key);
        let until_ms = self.now_ms + GUEST_TYPING_MS;
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        let was_typing = conversation.guest_typing_until_ms > self.now_ms;
        conversation.guest_typing_until_ms = until_ms;
        self.schedule.add(until_ms, Task::GuestTypingEnds { conversation: key });
        if !was_typing {
            self.tell_desk_of_typing(key, true);
        }
        if self.settings.echo_typing {
            let mut echo = Draft::new(Author::Guest, Kind::Event);
            echo.events = vec![json!({"eventType": "Typing", "typing": {"type": "On"}})];
            self.deliver_passing(key, echo, request.tracing_id());
        }
    }

    pub(crate) fn on_guest_typing_ends(&mut self, key: ConversationKey) {
        let now_ms = self.now_ms;
        // Nought: a message or the guest itself has ended it before.
        let ended = self
            .conversations
            .get_mut(&key)
            .filter(|conversation| (1..=now_ms).contains(&conversation.guest_typing_until_ms));
        if let Some(conversation) = ended {
            conversation.guest_typing_until_ms = 0;
            self.tell_desk_of_typing(key, false);
        }
    }

    /// In the documented order: the echo, the cleared event, the closed event, the close.
    fn on_clear(&mut self, request: &Request, key: ConversationKey) {
        self.deliver(key, Draft::presence(Author::Guest, "Clear"), request.tracing_id());
        let connections = self.end(key, State::Cleared);
        for connection in connections {
            self.push_event(connection, "message", "SessionClearedEvent", &json!({}));
            self.dismiss(connection, "conversationCleared");
        }
    }
}
