//! Sending (conversations reference, section 6).

use serde_json::{Map, Value, json};

use super::{Answered, bad, bearer::Caller, gone, messaging::SendingDialect, text_at, too_large};
use crate::{
    auth::read_object,
    limits::{ATTACHMENT_BYTES, TEXT_BYTES},
    message::{Author, Draft, Kind},
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    session::ConversationKey,
};

/// The allow-list's default.
const ATTACHMENT_TYPES: &[&str] = &["image/png", "image/jpeg", "application/pdf", "text/plain"];

impl Platform {
    /// `POST …/messages`
    pub(super) fn on_send(&mut self, caller: &Caller, http: &HttpRequest) -> Answered {
        let body = read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        let from = text_at(&body, "/from/id").filter(|_| text_at(&body, "/from/type") == Some("user"));
        let from = from.ok_or_else(|| bad("from needs the guest's id and the type user."))?;
        let to = text_at(&body, "/to/id").filter(|_| text_at(&body, "/to/type") == Some("conversation"));
        let to = to.ok_or_else(|| bad("to needs the conversation's id and the type conversation."))?;
        if text_at(&body, "/body/contentType") != Some("text/plain") {
            return Err(bad("body.contentType must be text/plain."));
        }
        let Some(content) = body.pointer("/body/content").and_then(Value::as_str) else {
            return Err(bad("body.content must be a text."));
        };
        let metadata = metadata_of(&body)?;
        let attachments = attachments_of(&body, self.settings.limits)?;
        if content.is_empty() && attachments.is_empty() {
            return Err(bad("The message has neither content nor attachments."));
        }
        let key = self.conversation_at(caller, to)?;
        if self.messaging(key).is_none_or(|messaging| messaging.guest_id != from) {
            return Err(gone("from names no participant of this conversation."));
        }
        self.take_from_guest(key, SendingDialect::Messages, content, metadata, attachments, http)
    }

    /// `POST …/participants/{participantId}/send`: content only. Typing is taken and forgotten.
    pub(super) fn on_send_as(&mut self, caller: &Caller, participant: &str, http: &HttpRequest) -> Answered {
        let body = read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        let conversation = match body.get("conversationId") {
            None => None,
            Some(Value::String(id)) => Some(id.as_str()),
            Some(_) => return Err(bad("conversationId must be a text.")),
        };
        let key = self.conversation_with(caller, participant, conversation)?;
        let text = match body.get("type").map(Value::as_str) {
            Some(Some("typing")) => return Ok(HttpAnswer::json(200, &json!({}))),
            Some(Some("text")) => text_at(&body, "/text"),
            None => text_at(&body, "/content"),
            Some(_) => return Err(bad("type must be text.")),
        };
        let text = text.ok_or_else(|| bad("The message has no text."))?;
        let metadata = metadata_of(&body)?;
        self.take_from_guest(key, SendingDialect::Send, text, metadata, Vec::new(), http)
    }

    fn take_from_guest(
        &mut self,
        key: ConversationKey,
        dialect: SendingDialect,
        text: &str,
        metadata: Map<String, Value>,
        content: Vec<Value>,
        http: &HttpRequest,
    ) -> Answered {
        self.check_active(key)?;
        if self.settings.limits && text.len() > TEXT_BYTES {
            return Err(too_large(&format!("The text has {} bytes; {TEXT_BYTES} are allowed.", text.len())));
        }
        if let Some(index) = self.known_copy(key, &metadata) {
            return Ok(self.sent_answer(key, index, http));
        }
        let now_ms = self.now_ms;
        if let Some(messaging) = self.messaging_mut(key) {
            messaging.dialects.sending = Some(dialect);
            messaging.last_latency_ms = sent_at_ms(&metadata).map(|sent_ms| now_ms.saturating_sub(sent_ms));
        }
        let kind = if content.is_empty() { Kind::Text } else { Kind::Structured };
        let draft = Draft {
            text: (!text.is_empty()).then(|| text.to_owned()),
            content,
            metadata,
            ..Draft::new(Author::Guest, kind)
        };
        let said = draft.clone();
        let Some(index) = self.store(key, draft) else {
            return Err(gone("There is no such conversation."));
        };
        self.strike_on_message(key);
        self.broadcast(key, index, None);
        self.bot_hears(key, &said);
        Ok(self.sent_answer(key, index, http))
    }

    /// The message that already has this client id, where the settings say that copies are dropped.
    fn known_copy(&self, key: ConversationKey, metadata: &Map<String, Value>) -> Option<usize> {
        let client_id = metadata.get("id")?.as_str()?;
        let known = self.conversations.get(&key)?.client_ids.get(client_id).copied();
        known.filter(|_| self.settings.dedupe_by_client_id)
    }

    fn sent_answer(&self, key: ConversationKey, index: usize, http: &HttpRequest) -> HttpAnswer {
        HttpAnswer::json(200, &self.message_view(key, index, &self.base_for(http)))
    }
}

fn metadata_of(body: &Value) -> Result<Map<String, Value>, HttpAnswer> {
    let metadata = match body.get("metadata") {
        None => Map::new(),
        Some(Value::Object(metadata)) => metadata.clone(),
        Some(_) => return Err(bad("metadata must be an object.")),
    };
    if metadata.get("readReceipt").is_some_and(|value| !value.is_boolean()) {
        return Err(bad("metadata.readReceipt must be true or false."));
    }
    if metadata.contains_key("transmissionTimestamp") && sent_at_ms(&metadata).is_none() {
        return Err(bad("metadata.transmissionTimestamp must be a time of RFC 3339."));
    }
    Ok(metadata)
}

fn sent_at_ms(metadata: &Map<String, Value>) -> Option<u64> {
    let time: jiff::Timestamp = metadata.get("transmissionTimestamp")?.as_str()?.parse().ok()?;
    u64::try_from(time.as_millisecond()).ok()
}

/// Attachments as content items. They lie elsewhere already: the message only names them.
fn attachments_of(body: &Value, has_limits: bool) -> Result<Vec<Value>, HttpAnswer> {
    let attachments = match body.get("attachments") {
        None => return Ok(Vec::new()),
        Some(Value::Array(attachments)) => attachments,
        Some(_) => return Err(bad("attachments must be a list.")),
    };
    attachments.iter().map(|attachment| attachment_item(attachment, has_limits)).collect()
}

fn attachment_item(attachment: &Value, has_limits: bool) -> Result<Value, HttpAnswer> {
    let text = |name: &str| attachment.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let size = attachment.get("size").and_then(Value::as_u64);
    let (Some(mime), Some(url), Some(name), Some(size)) = (text("contentType"), text("url"), text("fileName"), size)
    else {
        return Err(bad("An attachment needs contentType, url, fileName and size."));
    };
    if !ATTACHMENT_TYPES.contains(&mime) {
        return Err(bad(&format!("An attachment's contentType must be one of {}.", ATTACHMENT_TYPES.join(", "))));
    }
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(bad("An attachment's url must begin with https:// or http://."));
    }
    if has_limits && size > ATTACHMENT_BYTES {
        return Err(too_large(&format!("The attachment has {size} bytes; {ATTACHMENT_BYTES} are allowed.")));
    }
    let media_type = if mime.starts_with("image/") { "Image" } else { "File" };
    let attachment = json!({"url": url, "filename": name, "fileSize": size, "mime": mime, "mediaType": media_type, "elsewhere": true});
    Ok(json!({"contentType": "Attachment", "attachment": attachment}))
}
