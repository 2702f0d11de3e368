//! The events socket (conversations reference, section 5).

use serde_json::{Value, json};

use super::{
    READ,
    bearer::{Caller, Holder},
    view::participant_of,
};
use crate::{
    connection::Connection,
    fault::FaultRoute,
    http::base_of,
    message::{Author, Kind},
    output::{ConnectionId, Handshake, Output},
    platform::Platform,
    schedule::Task,
    session::ConversationKey,
};

/// Who listens on an events socket.
#[derive(Debug)]
pub(crate) struct Listener {
    token: String,
    holder: Holder,
}

/// The token has expired, or is not known.
const SESSION_EXPIRED: u16 = 4001;
/// RFC 6455, section 7.4.1: what came is against the rules here.
const POLICY: u16 = 1008;

impl Platform {
    /// A guest asks for the events socket. Comes out as [`Output::Accept`] or [`Output::Refuse`], or never, where a
    /// fault says so. Frames and closing are as with the other socket.
    pub fn handle_open_events(&mut self, now_ms: u64, connection: ConnectionId, handshake: &Handshake) {
        self.advance(now_ms);
        if self.take_hang_fault() {
            return;
        }
        let access = &self.setup.access;
        let is_foreign =
            !access.allows_host(&handshake.host) || !access.allows_origin(handshake.origin.as_deref(), &handshake.host);
        let fault = if is_foreign { Some(403) } else { self.take_refuse_fault() };
        let fault = fault.or_else(|| self.take_http_fault(FaultRoute::Events, None).and_then(|fault| fault.status));
        if let Some(status) = fault {
            self.outputs.push_back(Output::Refuse { connection, status });
            return;
        }
        let base = base_of(&handshake.host, self.setup.secure);
        self.connections.insert(connection, Connection::for_events(base));
        let due_ms = self.now_ms + self.settings.authenticate_within_s * 1000;
        self.schedule.add(due_ms, Task::AuthenticateBy { connection });
        self.outputs.push_back(Output::Accept { connection });
    }

    /// The first frame says who listens; what comes later is taken and forgotten, but for a newer token.
    pub(crate) fn on_events_frame(&mut self, connection: ConnectionId, text: &str) {
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let token = frame
            .get("token")
            .and_then(Value::as_str)
            .filter(|_| frame.get("type").and_then(Value::as_str) == Some("authenticate"));
        let Some(token) = token else {
            if self.listener(connection).is_none() {
                self.close(connection, POLICY, "The first frame must be authenticate with a token");
            }
            return;
        };
        let Some(caller) = self.caller_with(token) else {
            return self.close(connection, SESSION_EXPIRED, "The token is not known or has expired");
        };
        if !READ.iter().any(|scope| caller.scopes.contains(scope)) {
            return self.close(connection, POLICY, "The token lacks the scope for events");
        }
        self.start_listening(connection, token, &caller);
    }

    pub(crate) fn on_authenticate_by(&mut self, connection: ConnectionId) {
        if self.connections.get(&connection).is_some_and(Connection::is_silent_listener) {
            self.close(connection, POLICY, "Nothing was authenticated in time");
        }
    }

    fn start_listening(&mut self, connection: ConnectionId, token: &str, caller: &Caller) {
        self.stop_listening(connection);
        self.detach(connection);
        let Some(entry) = self.connections.get_mut(&connection) else {
            return;
        };
        entry.listener = Some(Listener { token: token.to_owned(), holder: caller.holder.clone() });
        match &caller.holder {
            Holder::Client { .. } => self.observers.push(connection),
            Holder::Guest { id } => {
                self.listeners.entry(id.clone()).or_default().push(connection);
                if let Some(key) = self.guests.get(id).copied() {
                    self.join(connection, key);
                }
            }
        }
    }

    /// A guest's sockets hear the conversation that was opened last.
    pub(super) fn listen_in_on(&mut self, guest_id: &str, key: ConversationKey) {
        for connection in self.listeners.get(guest_id).cloned().unwrap_or_default() {
            self.detach(connection);
            self.join(connection, key);
        }
    }

    /// Forgets who listens on this connection.
    pub(crate) fn stop_listening(&mut self, connection: ConnectionId) {
        let listener = self.connections.get_mut(&connection).and_then(|entry| entry.listener.take());
        match listener.map(|listener| listener.holder) {
            None => {}
            Some(Holder::Client { .. }) => self.observers.retain(|other| *other != connection),
            Some(Holder::Guest { id }) => {
                if let Some(listeners) = self.listeners.get_mut(&id) {
                    listeners.retain(|other| *other != connection);
                    if listeners.is_empty() {
                        self.listeners.remove(&id);
                    }
                }
            }
        }
    }

    /// The token is good no longer.
    pub(super) fn close_listeners_with(&mut self, token: &str, holder: &Holder) {
        let listening = match holder {
            Holder::Client { .. } => self.observers.clone(),
            Holder::Guest { id } => self.listeners.get(id).cloned().unwrap_or_default(),
        };
        for connection in listening {
            if self.listener(connection).is_some_and(|listener| listener.token == token) {
                self.close(connection, SESSION_EXPIRED, "The session has expired");
            }
        }
    }

    /// The conversation's life is over.
    pub(crate) fn close_listeners_in(&mut self, key: ConversationKey) {
        let connections = self.conversations.get(&key).map(|conversation| conversation.connections.clone());
        for connection in connections.into_iter().flatten() {
            self.close(connection, SESSION_EXPIRED, "The session has expired");
        }
    }

    pub(crate) fn tell_message(&mut self, key: ConversationKey, index: usize) {
        let Some(conversation) = self.conversations.get(&key) else {
            return;
        };
        let (Some(messaging), Some(message)) = (&conversation.messaging, conversation.messages.get(index)) else {
            return;
        };
        if message.draft.kind == Kind::Event {
            return;
        }
        let head = json!({
            "event_type": "message",
            "conversation_id": messaging.id,
            "message_id": message.id,
            "participant_id": participant_of(messaging, message.draft.author),
        });
        for connection in self.hearing(key) {
            let base = self.connections.get(&connection).map(|entry| entry.base.clone()).unwrap_or_default();
            let mut frame = head.clone();
            frame["payload"] = self.message_view(key, index, &base);
            self.transmit(connection, frame.to_string());
        }
    }

    pub(crate) fn tell_typing(&mut self, key: ConversationKey, author: Author, is_typing: bool) {
        let Some(messaging) = self.messaging(key) else {
            return;
        };
        let frame = json!({
            "event_type": self.settings.typing_event,
            "conversation_id": messaging.id,
            "message_id": null,
            "participant_id": participant_of(messaging, author),
            "payload": {"typing": is_typing},
        });
        for connection in self.hearing(key) {
            self.transmit(connection, frame.to_string());
        }
    }

    fn hearing(&self, key: ConversationKey) -> Vec<ConnectionId> {
        let connections = self.conversations.get(&key).map(|conversation| conversation.connections.iter());
        connections.into_iter().flatten().chain(&self.observers).copied().collect()
    }

    fn listener(&self, connection: ConnectionId) -> Option<&Listener> {
        self.connections.get(&connection)?.listener.as_ref()
    }

    fn join(&mut self, connection: ConnectionId, key: ConversationKey) {
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        conversation.connections.push(connection);
        if let Some(entry) = self.connections.get_mut(&connection) {
            entry.conversation = Some(key);
        }
        self.tell_desk_of_connections(key);
    }
}
