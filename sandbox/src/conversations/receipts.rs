//! Read receipts (conversations reference, section 4).

use serde_json::{Value, json};

use super::{
    Answered, bad,
    bearer::{Caller, Holder},
    gone,
    messaging::Dialect,
};
use crate::{
    auth::read_object,
    message::iso_time,
    output::{HttpAnswer, HttpRequest, Output},
    platform::Platform,
    session::ConversationKey,
};

impl Platform {
    /// `POST …/participants/{participantId}/read`: up to a message, or up to now.
    pub(super) fn on_read_as(&mut self, caller: &Caller, participant: &str, http: &HttpRequest) -> Answered {
        let body = read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        let Some(conversation) = body.get("conversationId").and_then(Value::as_str) else {
            return Err(bad("conversationId is missing or no text."));
        };
        let message = match body.get("messageId") {
            None => None,
            Some(Value::String(id)) => Some(id.as_str()),
            Some(_) => return Err(bad("messageId must be a text.")),
        };
        let key = self.conversation_with(caller, participant, Some(conversation))?;
        self.check_active(key)?;
        let until_ms = match message {
            None => self.conversations.get(&key).map_or(0, |conversation| conversation.last_time_ms),
            Some(id) => self.outbound_time(key, id)?,
        };
        self.mark_seen(key, until_ms);
        self.note_read(key, Dialect::Participants);
        let last_read = self.messaging(key).and_then(|messaging| messaging.last_read_ms).map(iso_time);
        Ok(HttpAnswer::json(200, &json!({"id": participant, "lastReadTimestamp": last_read})))
    }

    /// `PUT …/messages/{messageId}/read`: this one message. Idempotent.
    pub(super) fn on_read_message(&mut self, caller: &Caller, message: &str, http: &HttpRequest) -> Answered {
        let body = read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        if body.get("read") != Some(&Value::Bool(true)) {
            return Err(bad("read must be true."));
        }
        let key = self.conversation_holding(caller, message)?;
        self.check_active(key)?;
        self.outbound_time(key, message)?;
        self.mark_one_seen(key, message);
        self.note_read(key, Dialect::Conversations);
        Ok(HttpAnswer::empty(204))
    }

    /// The conversation of the caller's that has this message: mostly a guest's latest.
    fn conversation_holding(&self, caller: &Caller, message: &str) -> Result<ConversationKey, HttpAnswer> {
        let has_it = |key: &ConversationKey| {
            let conversation = self.conversations.get(key);
            conversation.is_some_and(|conversation| conversation.messages.iter().any(|known| known.id == message))
                && self.messaging(*key).is_some_and(|messaging| self.conversation_at(caller, &messaging.id).is_ok())
        };
        let latest = match &caller.holder {
            Holder::Guest { id } => self.guests.get(id).copied().filter(has_it),
            Holder::Client { .. } => None,
        };
        let held = latest.or_else(|| self.conversations.keys().rev().copied().find(has_it));
        held.ok_or_else(|| gone("There is no such message."))
    }

    fn outbound_time(&self, key: ConversationKey, id: &str) -> Result<u64, HttpAnswer> {
        let messages = self.conversations.get(&key).map_or(&[][..], |conversation| &conversation.messages);
        match messages.iter().rev().find(|message| message.id == id) {
            Some(message) if message.is_outbound() => Ok(message.time_ms),
            Some(_) => Err(bad("A guest's own message cannot be read by the guest.")),
            None => Err(gone("There is no such message.")),
        }
    }

    fn note_read(&mut self, key: ConversationKey, dialect: Dialect) {
        let now_ms = self.now_ms;
        if let Some(messaging) = self.messaging_mut(key) {
            messaging.dialects.receipts = Some(dialect);
            if dialect == Dialect::Participants {
                messaging.last_read_ms = Some(now_ms);
            }
        }
        self.record_conversation(key);
        self.tell_desk_of_conversation(key);
    }

    fn mark_one_seen(&mut self, key: ConversationKey, id: &str) {
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        let seen_until_ms = conversation.seen_until_ms;
        let Some(messaging) = conversation.messaging.as_mut() else {
            return;
        };
        let mut unseen = conversation
            .messages
            .iter()
            .filter(|message| message.is_outbound() && message.time_ms > seen_until_ms)
            .peekable();
        let is_new = unseen.clone().any(|message| message.id == id) && messaging.read_ids.insert(id.to_owned());
        // What is read without a gap moves the mark on, so that few ids are kept.
        while let Some(message) = unseen.next_if(|message| messaging.read_ids.contains(&message.id)) {
            messaging.read_ids.remove(&message.id);
            conversation.seen_until_ms = message.time_ms;
        }
        if is_new {
            let event = json!({"kind": "seen", "conversation": conversation.id(), "messages": [id]});
            self.outputs.push_back(Output::Desk { event });
        }
    }
}
