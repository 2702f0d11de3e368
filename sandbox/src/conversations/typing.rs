//! A guest's typing in the dialects that have a call for it (conversations reference, section 3).

use serde_json::Value;

use super::{Answered, bad, bearer::Caller, messaging::Dialect};
use crate::{
    auth::read_object,
    message::Author,
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    schedule::Task,
    session::ConversationKey,
};

/// How long a guest counts as typing when its client says nothing more.
const TYPING_MS: u64 = 5000;

impl Platform {
    /// `POST …/participants/{participantId}/typing`
    pub(super) fn on_type_as(&mut self, caller: &Caller, participant: &str, http: &HttpRequest) -> Answered {
        let body = read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        let Some(conversation) = body.get("conversationId").and_then(Value::as_str) else {
            return Err(bad("conversationId is missing or no text."));
        };
        let Some(is_typing) = body.get("isTyping").and_then(Value::as_bool) else {
            return Err(bad("isTyping must be true or false."));
        };
        let key = self.conversation_with(caller, participant, Some(conversation))?;
        self.check_active(key)?;
        self.guest_types(key, Dialect::Participants, is_typing.then_some(TYPING_MS));
        Ok(HttpAnswer::empty(204))
    }

    /// `POST …/conversations/{conversationId}/typing`
    pub(super) fn on_type_in(&mut self, caller: &Caller, conversation: &str, http: &HttpRequest) -> Answered {
        let body = read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        let Some(is_typing) = body.get("typing").and_then(Value::as_bool) else {
            return Err(bad("typing must be true or false."));
        };
        let key = self.conversation_at(caller, conversation)?;
        self.check_active(key)?;
        self.guest_types(key, Dialect::Conversations, is_typing.then_some(TYPING_MS));
        Ok(HttpAnswer::empty(204))
    }

    /// The guest types, for so long unless more is heard; `None` is the end of it.
    pub(super) fn guest_types(&mut self, key: ConversationKey, dialect: Dialect, for_ms: Option<u64>) {
        if let Some(messaging) = self.messaging_mut(key)
            && messaging.dialects.typing.replace(dialect) != Some(dialect)
        {
            self.tell_desk_of_conversation(key);
        }
        self.extend_by_typing(key);
        let now_ms = self.now_ms;
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        let was_typing = conversation.guest_typing_until_ms > now_ms;
        let until_ms = for_ms.map_or(0, |for_ms| now_ms + for_ms);
        conversation.guest_typing_until_ms = until_ms;
        if for_ms.is_some() {
            self.schedule.add(until_ms, Task::GuestTypingEnds { conversation: key });
        }
        if was_typing != for_ms.is_some() {
            self.tell_desk_of_typing(key, for_ms.is_some());
        }
        if self.settings.echo_typing {
            self.tell_typing(key, Author::Guest, for_ms.is_some());
        }
    }
}
