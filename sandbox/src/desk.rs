//! What agent desks are told and shown.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use crate::{
    message::{Kind, Message, iso_time},
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
            "metrics": self.metrics(conversation),
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
            "api": api(conversation),
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
            "token_hash": self.token_hash(match (&conversation.messaging, conversation.tokens.first()) {
                (Some(messaging), _) => &messaging.guest_id,
                (None, token) => token.map_or("", String::as_str),
            }),
            "guest_name": conversation.guest_name,
            "connections": conversation.connections.len(),
            "state": desk_state(conversation.state),
            "typing": conversation.guest_typing_until_ms > self.now_ms,
            "unread": conversation.unread,
            "api": api(conversation),
            "metrics": self.metrics(conversation),
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
            "seen": message.is_outbound() && conversation.has_seen(message),
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

impl Platform {
    /// What the guest says in a minute, and how long its last message took. The Guest API tells no such time.
    fn metrics(&self, conversation: &Conversation) -> Value {
        let minute = self.now_ms.saturating_sub(60_000)..;
        let said = conversation.messages.iter().rev().take_while(|message| minute.contains(&message.time_ms));
        let messages = said.filter(|message| !message.is_outbound() && message.draft.kind != Kind::Event).count();
        let latency_ms = conversation.messaging.as_ref().and_then(|messaging| messaging.last_latency_ms);
        json!({"messages_per_minute": messages, "last_latency_ms": latency_ms})
    }
}

/// Which API it was opened by, and what the desk can say of it.
fn api(conversation: &Conversation) -> Value {
    let Some(messaging) = &conversation.messaging else {
        return json!({"name": "guest"});
    };
    json!({
        "name": "conversations",
        "conversation_id": messaging.id,
        "guest_id": messaging.guest_id,
        "sending": messaging.dialects.sending,
        "typing": messaging.dialects.typing,
        "receipts": messaging.dialects.receipts,
        "last_read_timestamp": messaging.last_read_ms.map(iso_time),
        "webchat": {
            "state": messaging.webchat.state,
            "etag": messaging.webchat.etag(),
            "custom_attributes": messaging.webchat.custom_attributes,
        },
    })
}

fn desk_state(state: State) -> &'static str {
    match state {
        State::Live => "live",
        State::Ended | State::Expired | State::Cleared => "ended",
        State::ReadOnly => "read_only",
    }
}
