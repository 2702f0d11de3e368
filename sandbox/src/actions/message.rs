//! `onMessage`: texts, answers to rich content, receipts (guest API reference, sections 4.3, 4.4, 8).

use serde_json::{Map, Value, json};

use super::{Refusal, Request, answer, missing};
use crate::{
    limits::{ATTRIBUTES_BYTES, MESSAGES_PER_SESSION, TEXT_BYTES},
    message::{Author, Draft, Kind, string_map, without_nulls},
    platform::Platform,
    session::{ConversationKey, State},
};

impl Platform {
    pub(super) fn on_message(&mut self, request: &Request) -> Result<(), Refusal> {
        let key = self.session_of(request)?;
        let Some(Value::Object(message)) = request.members.get("message").map(without_nulls) else {
            return Err(missing("message"));
        };
        let attributes = attributes_of(request, &message);
        self.check_attributes(&attributes)?;
        match kind_of(&message)? {
            Some(Kind::Event) => self.on_events(request, key, &message, attributes),
            Some(kind) => self.on_content(request, key, kind, &message, attributes),
            None => self.on_receipt(key, &message),
        }
    }

    fn on_content(
        &mut self,
        request: &Request,
        key: ConversationKey,
        kind: Kind,
        message: &Map<String, Value>,
        attributes: Map<String, Value>,
    ) -> Result<(), Refusal> {
        // Only what a person said: a typing event on the way would use the fault up.
        if let Some(retry_after_s) = self.take_rate_limit_fault(key) {
            self.refuse_as_too_fast(request.connection, request.tracing_id(), retry_after_s);
            return Ok(());
        }
        self.check_writable(key)?;
        let text = message.get("text").and_then(Value::as_str);
        let length = text.map_or(0, str::len);
        if self.settings.limits && length > TEXT_BYTES {
            return Err((4011, format!("Message length {length} is larger than {TEXT_BYTES}")));
        }
        let content = self.content_of(key, request, message)?;
        if text.is_none_or(str::is_empty) && content.is_empty() {
            return Err((400, "Request failed: the message has neither text nor content.".into()));
        }
        if self.repeat_known(request, key, message) {
            return Ok(());
        }
        if let Err(wait_ms) = self.take_message(key) {
            self.refuse_as_too_fast(request.connection, request.tracing_id(), wait_ms.div_ceil(1000));
            return Ok(());
        }

        let mut draft = Draft::new(Author::Guest, kind);
        draft.text = text.map(str::to_owned);
        draft.originating_message_id = message.get("originatingMessageId").and_then(Value::as_str).map(str::to_owned);
        draft.content = content;
        draft.metadata = self.metadata_of(key, message);
        draft.attributes = attributes;
        self.receive_from_guest(request, key, draft);
        Ok(())
    }

    /// Stores and echoes what a guest said, then lets the bot hear it.
    pub(super) fn receive_from_guest(&mut self, request: &Request, key: ConversationKey, draft: Draft) {
        let reopened = self.conversations.get_mut(&key).filter(|conversation| conversation.state == State::Ended);
        if let Some(conversation) = reopened {
            // Ended with type Send: what the guest says next opens a new conversation in the same session.
            conversation.state = State::Live;
            conversation.greeted = false;
            conversation.agent_active = false;
            self.tell_desk_of_conversation(key);
        }
        let said = draft.clone();
        let Some(index) = self.store(key, draft) else {
            return;
        };
        self.strike_on_message(key);
        self.broadcast(key, index, request.tracing_id());
        self.bot_hears(key, &said);
    }

    pub(super) fn check_writable(&self, key: ConversationKey) -> Result<(), Refusal> {
        match self.conversations.get(&key).map(|conversation| conversation.state) {
            Some(State::ReadOnly) => Err((409, "The conversation is read-only".into())),
            _ => Ok(()),
        }
    }

    pub(super) fn metadata_of(&self, key: ConversationKey, message: &Map<String, Value>) -> Map<String, Value> {
        let mut metadata = string_map(message.get("metadata"));
        if self.conversations.get(&key).is_some_and(|conversation| conversation.user.is_some()) {
            metadata.insert("authenticated".into(), json!("true"));
        }
        metadata
    }

    /// The rate of texts; typing and presence do not count here, but each frame counts for its connection.
    fn take_message(&mut self, key: ConversationKey) -> Result<(), u64> {
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return Ok(());
        };
        let taken = conversation.message_rate.take(MESSAGES_PER_SESSION, self.now_ms);
        if self.settings.limits { taken } else { Ok(()) }
    }

    fn check_attributes(&self, attributes: &Map<String, Value>) -> Result<(), Refusal> {
        let bytes: usize = attributes.iter().map(|(name, value)| name.len() + value.as_str().map_or(0, str::len)).sum();
        if self.settings.limits && bytes > ATTRIBUTES_BYTES {
            let sentence = format!("Custom Attributes in channel metadata is larger than {ATTRIBUTES_BYTES} bytes");
            return Err((4013, sentence));
        }
        Ok(())
    }

    fn content_of(
        &self,
        key: ConversationKey,
        request: &Request,
        message: &Map<String, Value>,
    ) -> Result<Vec<Value>, Refusal> {
        let mut content = Vec::new();
        for item in message.get("content").and_then(Value::as_array).into_iter().flatten() {
            content.push(self.content_item(key, item)?);
        }
        // An older client names its files beside the message.
        for id in request.members.get("attachmentIds").and_then(Value::as_array).into_iter().flatten() {
            content.push(self.attachment_item(key, id.as_str().unwrap_or_default())?);
        }
        Ok(content)
    }

    fn content_item(&self, key: ConversationKey, item: &Value) -> Result<Value, Refusal> {
        let refused = |what: &str| Err((400, format!("Request failed: {what}")));
        match item.get("contentType").and_then(Value::as_str) {
            Some("Attachment") => {
                let id = item.pointer("/attachment/id").and_then(Value::as_str).unwrap_or_default();
                self.attachment_item(key, id)
            }
            Some("ButtonResponse" | "Form") => match answer::fault(item) {
                None => Ok(item.clone()),
                Some(fault) => refused(fault),
            },
            _ => refused("unknown content type"),
        }
    }

    fn attachment_item(&self, key: ConversationKey, id: &str) -> Result<Value, Refusal> {
        self.check_sendable(key, id)?;
        Ok(json!({"contentType": "Attachment", "attachment": {"id": id}}))
    }

    /// Answers a message that was already stored with its echo, where the settings say so.
    fn repeat_known(&mut self, request: &Request, key: ConversationKey, message: &Map<String, Value>) -> bool {
        let client_id = message.get("metadata").and_then(|metadata| metadata.get("id")).and_then(Value::as_str);
        let known = client_id
            .and_then(|id| self.conversations.get(&key)?.client_ids.get(id).copied())
            .filter(|_| self.settings.dedupe_by_client_id);
        if let Some(index) = known {
            self.send_message(request.connection, key, index, request.tracing_id());
        }
        known.is_some()
    }

    /// Our own extension; the platform has no receipts for web guests (guest API reference, section 8). Not echoed.
    fn on_receipt(&mut self, key: ConversationKey, message: &Map<String, Value>) -> Result<(), Refusal> {
        if !self.settings.read_receipts {
            return Err((400, "Request failed: receipts are not supported".into()));
        }
        let status = message.get("status").and_then(Value::as_str);
        let id = message.get("id").and_then(Value::as_str);
        let (Some("Read"), Some(id)) = (status, id) else {
            return Err((400, "Request failed: a receipt needs an id and the status Read".into()));
        };
        let read = self.conversations.get(&key).and_then(|conversation| {
            conversation.messages.iter().rev().find(|message| message.is_outbound() && message.has_id(id))
        });
        let Some(time_ms) = read.map(|message| message.time_ms) else {
            return Err((404, "No such message".into()));
        };
        self.mark_seen(key, time_ms);
        Ok(())
    }
}

/// `None` is a receipt. A message without a type is what the browser messenger sends for a bare attachment.
fn kind_of(message: &Map<String, Value>) -> Result<Option<Kind>, Refusal> {
    match message.get("type").map(Value::as_str) {
        Some(Some("Text" | "Message")) => Ok(Some(Kind::Text)),
        Some(Some("Structured")) => Ok(Some(Kind::Structured)),
        Some(Some("Event")) => Ok(Some(Kind::Event)),
        Some(Some("Receipt")) => Ok(None),
        None if message.contains_key("content") || message.contains_key("text") => Ok(Some(Kind::Text)),
        _ => Err((400, "Request failed: unknown message type".into())),
    }
}

/// Clients put custom attributes in either of two places (guest API reference, section 4.3); the message's own win.
fn attributes_of(request: &Request, message: &Map<String, Value>) -> Map<String, Value> {
    let beside = request.members.get("channel").and_then(|channel| channel.pointer("/metadata/customAttributes"));
    let inside = message.get("channel").and_then(|channel| channel.pointer("/metadata/customAttributes"));
    let mut attributes = string_map(beside);
    attributes.extend(string_map(inside));
    attributes
}
