//! What agent desks are told and shown.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use crate::{
    message::{Message, iso_time},
    output::Output,
    platform::Platform,
    session::{Conversation, ConversationKey, State},
};

impl Platform {
    pub(crate) fn tell_desk_of_message(&mut self, key: ConversationKey, index: usize) {
        let Some(conversation) = self.conversations.get(&key) else {
            return;
        };
        let Some(message) = conversation.messages.get(index) else {
            return;
        };
        let event = json!({
            "kind": "message",
            "conversation": conversation.id(),
            "unread": conversation.unread,
            "message": self.desk_message(conversation, message, ""),
        });
        self.outputs.push_back(Output::Desk { event });
    }

    pub(crate) fn tell_desk_of_conversation(&mut self, key: ConversationKey) {
        let Some(conversation) = self.conversations.get(&key) else {
            return;
        };
        let event = json!({
            "kind": "conversation",
            "conversation": conversation.id(),
            "state": desk_state(conversation.state),
            "guest_name": conversation.guest_name,
            "unread": conversation.unread,
        });
        self.outputs.push_back(Output::Desk { event });
    }

    pub(crate) fn tell_desk_of_connections(&mut self, key: ConversationKey) {
        let Some(conversation) = self.conversations.get(&key) else {
            return;
        };
        let event = json!({
            "kind": "connection",
            "conversation": conversation.id(),
            "connections": conversation.connections.len(),
        });
        self.outputs.push_back(Output::Desk { event });
    }

    pub(crate) fn tell_desk_of_typing(&mut self, key: ConversationKey, typing: bool) {
        let Some(conversation) = self.conversations.get(&key) else {
            return;
        };
        let event = json!({"kind": "typing", "conversation": conversation.id(), "typing": typing});
        self.outputs.push_back(Output::Desk { event });
    }

    pub(crate) fn mark_seen(&mut self, key: ConversationKey, time_ms: u64) {
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        if conversation.seen_until_ms >= time_ms {
            return;
        }
        let newly = conversation.seen_until_ms + 1..=time_ms;
        conversation.seen_until_ms = time_ms;
        let ids: Vec<&str> = conversation
            .messages
            .iter()
            .filter(|message| message.is_outbound() && newly.contains(&message.time_ms))
            .map(|message| message.id.as_str())
            .collect();
        let event = json!({"kind": "seen", "conversation": conversation.id(), "messages": ids});
        self.outputs.push_back(Output::Desk { event });
        self.record_conversation(key);
    }

    pub(crate) fn desk_conversation(&self, conversation: &Conversation, base: &str) -> Value {
        let messages: Vec<Value> =
            conversation.messages.iter().map(|message| self.desk_message(conversation, message, base)).collect();
        json!({
            "id": conversation.id(),
            "token_hash": conversation.tokens.first().map(|token| self.token_hash(token)),
            "guest_name": conversation.guest_name,
            "connections": conversation.connections.len(),
            "state": desk_state(conversation.state),
            "typing": conversation.guest_typing_until_ms > self.now_ms,
            "unread": conversation.unread,
            "messages": messages,
        })
    }

    /// One message as desks see it. Presence is a system message, named by its event.
    pub(crate) fn desk_message(&self, conversation: &Conversation, message: &Message, base: &str) -> Value {
        let draft = &message.draft;
        let presence = draft.presence_type();
        json!({
            "id": message.id,
            "author": if presence.is_some() { json!("system") } else { json!(draft.author) },
            "text": draft.text.as_deref().or(presence).unwrap_or_default(),
            "time": iso_time(message.time_ms),
            "seen": message.is_outbound() && message.time_ms <= conversation.seen_until_ms,
            "content": self.content_for(&draft.content, base),
            "client_metadata": draft.metadata,
            "attributes": draft.attributes,
        })
    }

    /// Tells two guests apart without telling their tokens.
    fn token_hash(&self, token: &str) -> String {
        let mut hasher = DefaultHasher::new();
        (self.address_key, "token", token).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

fn desk_state(state: State) -> &'static str {
    match state {
        State::Live => "live",
        State::Ended | State::Expired | State::Cleared => "ended",
        State::ReadOnly => "read_only",
    }
}
