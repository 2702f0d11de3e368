//! Conversations: who takes part, what was said, how long it lives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    conversations::Messaging,
    limits::{ATTRIBUTES_BYTES, CONNECTIONS_PER_SESSION, Window},
    message::{Author, Draft, Kind, Message},
    output::ConnectionId,
    platform::Platform,
    schedule::Task,
};

pub(crate) type ConversationKey = u64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    Live,
    /// An agent ended it; the guest may go on.
    Ended,
    /// An agent ended it and the guest may only look.
    ReadOnly,
    /// Its session ran out.
    Expired,
    /// The guest cleared it, or its user signed in elsewhere.
    Cleared,
}

impl State {
    /// Whether its token still leads to it.
    pub(crate) fn is_over(self) -> bool {
        matches!(self, Self::Expired | Self::Cleared)
    }
}

/// One guest session with its conversation. A guest token leads to one of them at a time.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Conversation {
    pub(crate) key: ConversationKey,
    pub(crate) state: State,
    /// Every guest token that leads here; one, except after a step-up with another token, and none where `messaging` is.
    pub(crate) tokens: Vec<String>,
    pub(crate) guest_name: String,
    /// The signed-in user.
    pub(crate) user: Option<String>,
    /// `closeSession` was sent, so `startNew` is allowed.
    pub(crate) closed: bool,
    pub(crate) expires_at_ms: u64,
    pub(crate) last_time_ms: u64,
    /// The guest has read every outbound message up to this time.
    pub(crate) seen_until_ms: u64,
    /// Guest messages that no desk has looked at.
    pub(crate) unread: usize,
    pub(crate) greeted: bool,
    /// An agent has replied, so the bot is silent.
    pub(crate) agent_active: bool,
    /// It was opened by the conversations API.
    #[serde(default)]
    pub(crate) messaging: Option<Messaging>,
    #[serde(skip)]
    pub(crate) messages: Vec<Message>,
    /// Oldest first.
    #[serde(skip)]
    pub(crate) connections: Vec<ConnectionId>,
    #[serde(skip)]
    pub(crate) guest_typing_until_ms: u64,
    /// `metadata.id` of a guest's message to its place in `messages`.
    #[serde(skip)]
    pub(crate) client_ids: BTreeMap<String, usize>,
    #[serde(skip)]
    pub(crate) message_rate: Window,
    #[serde(skip)]
    pub(crate) configure_rate: Window,
    #[serde(skip)]
    pub(crate) history_rate: Window,
}

impl Conversation {
    /// Its name in the control API.
    pub(crate) fn id(&self) -> String {
        format!("c{}", self.key)
    }

    pub(crate) fn has_seen(&self, message: &Message) -> bool {
        message.time_ms <= self.seen_until_ms
            || self.messaging.as_ref().is_some_and(|messaging| messaging.read_ids.contains(&message.id))
    }

    pub(crate) fn key_of(id: &str) -> Option<ConversationKey> {
        id.strip_prefix('c')?.parse().ok()
    }
}

impl Platform {
    pub(crate) fn conversation_of(&self, connection: ConnectionId) -> Option<&Conversation> {
        self.conversations.get(&self.connections.get(&connection)?.conversation?)
    }

    /// With the guest token that leads to it, or with what the conversations API has instead.
    pub(crate) fn start_conversation(
        &mut self,
        token: Option<&str>,
        user: Option<String>,
        messaging: Option<Messaging>,
    ) -> ConversationKey {
        self.last_conversation += 1;
        let key = self.last_conversation;
        let expires_at_ms = self.now_ms + self.settings.session_duration_s * 1000;
        let guest_name = match &user {
            Some(user) => user.clone(),
            None => format!("Guest {key}"),
        };
        if let Some(user) = &user {
            self.users.insert(user.clone(), key);
        }
        if let Some(token) = token {
            self.tokens.insert(token.to_owned(), key);
        }
        self.conversations.insert(
            key,
            Conversation {
                key,
                state: State::Live,
                tokens: token.map(str::to_owned).into_iter().collect(),
                guest_name,
                user,
                closed: false,
                expires_at_ms,
                last_time_ms: 0,
                seen_until_ms: 0,
                unread: 0,
                greeted: false,
                agent_active: false,
                messaging,
                messages: Vec::new(),
                connections: Vec::new(),
                guest_typing_until_ms: 0,
                client_ids: BTreeMap::new(),
                message_rate: Window::default(),
                configure_rate: Window::default(),
                history_rate: Window::default(),
            },
        );
        self.schedule.add(expires_at_ms, Task::Expiry { conversation: key });
        self.record_conversation(key);
        key
    }

    /// Ties a connection to a conversation. A fourth one pushes the oldest out.
    pub(crate) fn attach(&mut self, connection: ConnectionId, key: ConversationKey) {
        self.detach(connection);
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        conversation.connections.push(connection);
        let oldest = (conversation.connections.len() > CONNECTIONS_PER_SESSION).then(|| conversation.connections[0]);
        if let Some(entry) = self.connections.get_mut(&connection) {
            entry.conversation = Some(key);
        }
        if let Some(oldest) = oldest {
            self.dismiss(oldest, "sessionLimitReached");
        }
        self.tell_desk_of_connections(key);
    }

    pub(crate) fn detach(&mut self, connection: ConnectionId) {
        let Some(key) = self.connections.get_mut(&connection).and_then(|entry| entry.conversation.take()) else {
            return;
        };
        if let Some(conversation) = self.conversations.get_mut(&key) {
            conversation.connections.retain(|other| *other != connection);
        }
        self.tell_desk_of_connections(key);
    }

    /// Tells a connection why it must go, then closes it. The sources differ on the field's name: both are sent.
    pub(crate) fn dismiss(&mut self, connection: ConnectionId, reason: &str) {
        let body = json!({"reason": reason, "reasonCode": reason});
        self.push_event(connection, "message", "ConnectionClosedEvent", &body);
        self.close(connection, 1000, "");
    }

    /// Gives a draft its place in the conversation, then sends it to every connection, each with its own addresses.
    pub(crate) fn deliver(&mut self, key: ConversationKey, draft: Draft, tracing_id: Option<&Value>) {
        let Some(index) = self.store(key, draft) else {
            return;
        };
        self.broadcast(key, index, tracing_id);
    }

    pub(crate) fn store(&mut self, key: ConversationKey, mut draft: Draft) -> Option<usize> {
        let id = self.hex_id();
        let channel_id = (draft.author == Author::Guest).then(|| self.uuid());
        if self.messaging(key).is_none() {
            draft.metadata.entry("correlationId").or_insert_with(|| Value::String(self.uuid()));
        }
        let now_ms = self.now_ms;
        self.extend(key);
        let conversation = self.conversations.get_mut(&key)?;
        let time_ms = now_ms.max(conversation.last_time_ms + 1);
        conversation.last_time_ms = time_ms;
        if draft.author == Author::Guest && draft.kind != Kind::Event {
            conversation.unread += 1;
            conversation.guest_typing_until_ms = 0;
        }
        let index = conversation.messages.len();
        if draft.author == Author::Guest
            && let Some(client_id) = draft.metadata.get("id").and_then(Value::as_str)
        {
            conversation.client_ids.entry(client_id.to_owned()).or_insert(index);
        }
        conversation.messages.push(Message { id, channel_id, time_ms, draft });
        self.record_message(key, index);
        self.record_conversation(key);
        self.tell_desk_of_message(key, index);
        Some(index)
    }

    pub(crate) fn broadcast(&mut self, key: ConversationKey, index: usize, tracing_id: Option<&Value>) {
        if self.messaging(key).is_some() {
            return self.tell_message(key, index);
        }
        let Some(conversation) = self.conversations.get(&key) else {
            return;
        };
        for connection in conversation.connections.clone() {
            self.send_message(connection, key, index, tracing_id);
        }
    }

    pub(crate) fn send_message(
        &mut self,
        connection: ConnectionId,
        key: ConversationKey,
        index: usize,
        tracing_id: Option<&Value>,
    ) {
        let Some(message) = self.conversations.get(&key).and_then(|conversation| conversation.messages.get(index))
        else {
            return;
        };
        let Some(entry) = self.connections.get(&connection) else {
            return;
        };
        let body = message.body(self.content_for(&message.draft.content, &entry.base));
        self.send_envelope(connection, "message", "StructuredMessage", 200, body, tracing_id);
    }

    /// An event that no history keeps, such as typing.
    pub(crate) fn deliver_passing(&mut self, key: ConversationKey, draft: Draft, tracing_id: Option<&Value>) {
        if self.messaging(key).is_some() {
            return self.tell_typing(key, draft.author, draft.is_typing_on());
        }
        let id = self.hex_id();
        let channel_id = (draft.author == Author::Guest).then(|| self.uuid());
        let now_ms = self.now_ms;
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        let time_ms = now_ms.max(conversation.last_time_ms + 1);
        conversation.last_time_ms = time_ms;
        let connections = conversation.connections.clone();
        let body = Message { id, channel_id, time_ms, draft }.body(Vec::new());
        for connection in connections {
            self.send_envelope(connection, "message", "StructuredMessage", 200, body.clone(), tracing_id);
        }
    }

    pub(crate) fn session_body(&self, key: ConversationKey, new_session: bool, cleared_existing: bool) -> Value {
        let read_only = self.conversations.get(&key).is_some_and(|conversation| conversation.state == State::ReadOnly);
        let expires_at_ms = self.conversations.get(&key).map_or(self.now_ms, |conversation| conversation.expires_at_ms);
        json!({
            "connected": true,
            "newSession": new_session,
            "readOnly": read_only,
            "clearedExistingSession": cleared_existing,
            "allowedMedia": self.allowed_media(),
            "blockedExtensions": self.blocked_extensions(),
            "maxCustomDataBytes": ATTRIBUTES_BYTES,
            "durationSeconds": self.settings.session_duration_s,
            "expirationDate": expires_at_ms / 1000,
        })
    }

    pub(crate) fn allowed_media(&self) -> Value {
        if self.settings.attachments && !self.settings.files_by_modes {
            let types: Vec<Value> = self.settings.file_types.iter().map(|kind| json!({"type": kind})).collect();
            json!({"inbound": {"fileTypes": types, "maxFileSizeKB": self.settings.file_max_kb}})
        } else {
            json!({"inbound": {}})
        }
    }
}
