//! How sessions end by themselves (guest API reference, section 11.3).

use serde_json::json;

use crate::{
    output::ConnectionId,
    platform::Platform,
    schedule::Task,
    session::{ConversationKey, State},
};

impl Platform {
    /// Something was said, either way: the end moves on. Nothing else does that, neither health checks nor configuring.
    pub(crate) fn extend(&mut self, key: ConversationKey) {
        let expires_at_ms = self.now_ms + self.settings.session_duration_s * 1000;
        if let Some(conversation) = self.conversations.get_mut(&key) {
            conversation.expires_at_ms = expires_at_ms;
        }
    }

    /// The same for typing signals. That they count as messages, which they are on the wire, is inference.
    pub(crate) fn extend_by_typing(&mut self, key: ConversationKey) {
        if self.settings.typing_extends {
            self.extend(key);
            self.record_conversation(key);
        }
    }

    /// The clock of one session has run down, or a message has moved it on since.
    pub(crate) fn on_expiry(&mut self, key: ConversationKey) {
        let Some(conversation) = self.conversations.get(&key) else {
            return;
        };
        if conversation.state.is_over() {
            return;
        }
        if conversation.expires_at_ms > self.now_ms {
            let due_ms = conversation.expires_at_ms;
            self.schedule.add(due_ms, Task::Expiry { conversation: key });
        } else {
            self.expire(key);
        }
    }

    /// The duration of sessions was set anew: those that are open get it too, counted from their last message.
    pub(crate) fn move_expiries(&mut self, former_s: u64) {
        let duration_s = self.settings.session_duration_s;
        if duration_s == former_s {
            return;
        }
        for conversation in self.conversations.values_mut().filter(|conversation| !conversation.state.is_over()) {
            let since_ms = conversation.expires_at_ms.saturating_sub(former_s * 1000);
            conversation.expires_at_ms = since_ms + duration_s * 1000;
            self.schedule.add(conversation.expires_at_ms, Task::Expiry { conversation: conversation.key });
        }
    }

    pub(crate) fn expire(&mut self, key: ConversationKey) {
        let kind = if self.settings.alternate_types { "message" } else { "response" };
        let connections = self.end(key, State::Expired);
        if self.messaging(key).is_some() {
            return self.close_listeners_in(key);
        }
        for connection in connections {
            self.push_event(connection, kind, "SessionExpiredEvent", &json!({}));
        }
    }

    /// Ends a conversation for good; answers with the connections that it still has.
    pub(crate) fn end(&mut self, key: ConversationKey, state: State) -> Vec<ConnectionId> {
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return Vec::new();
        };
        conversation.state = state;
        let connections = conversation.connections.clone();
        self.record_conversation(key);
        self.tell_desk_of_conversation(key);
        connections
    }
}
