//! Lines from which the conversations can be built again after the process is gone.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    attachments::{Attachment, AttachmentState},
    message::Message,
    output::Output,
    platform::Platform,
    schedule::Task,
    session::{Conversation, ConversationKey},
};

impl Platform {
    /// Builds the conversations of earlier [`Output::Record`] lines. A line that cannot be read is left out: the last
    /// one may be torn.
    pub fn restore<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>) {
        for line in lines {
            if let Ok(Value::Object(record)) = serde_json::from_str(line) {
                for (kind, value) in &record {
                    self.restore_record(kind, value);
                }
            }
        }
        // In order of their keys: a token that was used for several conversations leads to the latest.
        for (key, conversation) in &self.conversations {
            self.tokens.extend(conversation.tokens.iter().map(|token| (token.clone(), *key)));
            self.users.extend(conversation.user.iter().map(|user| (user.clone(), *key)));
            self.schedule.add(conversation.expires_at_ms, Task::Expiry { conversation: conversation.key });
        }
        for key in self.conversations.keys().copied().collect::<Vec<_>>() {
            self.register(key);
            self.restore_tokens(key);
        }
    }

    /// The shortest journal that builds what is there now.
    #[must_use]
    pub fn snapshot(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.attachments.keys().filter_map(|id| self.attachment_line(id)).collect();
        for (key, conversation) in &self.conversations {
            lines.extend(self.conversation_line(*key));
            lines.extend((0..conversation.messages.len()).filter_map(|index| self.message_line(*key, index)));
        }
        lines
    }

    pub(crate) fn record_conversation(&mut self, key: ConversationKey) {
        if self.setup.journal {
            let line = self.conversation_line(key);
            self.record(line);
        }
    }

    pub(crate) fn record_message(&mut self, key: ConversationKey, index: usize) {
        if self.setup.journal {
            let line = self.message_line(key, index);
            self.record(line);
        }
    }

    pub(crate) fn record_attachment(&mut self, id: &str) {
        if self.setup.journal {
            let line = self.attachment_line(id);
            self.record(line);
        }
    }

    fn record(&mut self, line: Option<String>) {
        self.outputs.extend(line.map(|line| Output::Record { line }));
    }

    fn conversation_line(&self, key: ConversationKey) -> Option<String> {
        Some(json!({"conversation": self.conversations.get(&key)?}).to_string())
    }

    fn message_line(&self, key: ConversationKey, index: usize) -> Option<String> {
        let message = self.conversations.get(&key)?.messages.get(index)?;
        Some(json!({"message": {"conversation": key, "message": message}}).to_string())
    }

    fn attachment_line(&self, id: &str) -> Option<String> {
        let value = match self.attachments.get(id) {
            None => json!({"id": id, "gone": true}),
            Some(attachment) if attachment.state == AttachmentState::Ready => json!({
                "id": id,
                "conversation": attachment.conversation,
                "name": attachment.name,
                "mime": attachment.mime,
                "base64": BASE64_STANDARD.encode(&attachment.bytes),
            }),
            Some(_) => return None,
        };
        Some(json!({"attachment": value}).to_string())
    }

    fn restore_record(&mut self, kind: &str, value: &Value) {
        match kind {
            "conversation" => self.restore_conversation(value),
            "message" => self.restore_message(value),
            "attachment" => self.restore_attachment(value),
            _ => {}
        }
    }

    fn restore_conversation(&mut self, value: &Value) {
        let Some(mut conversation) = read::<Conversation>(value) else {
            return;
        };
        let key = conversation.key;
        if let Some(earlier) = self.conversations.remove(&key) {
            conversation.messages = earlier.messages;
            conversation.client_ids = earlier.client_ids;
        }
        self.last_conversation = self.last_conversation.max(key);
        self.conversations.insert(key, conversation);
    }

    fn restore_message(&mut self, value: &Value) {
        let key = value.get("conversation").and_then(Value::as_u64);
        let message = value.get("message").and_then(read::<Message>);
        let (Some(key), Some(message)) = (key, message) else {
            return;
        };
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        if let Some(client_id) = message.draft.metadata.get("id").and_then(Value::as_str) {
            conversation.client_ids.entry(client_id.to_owned()).or_insert(conversation.messages.len());
        }
        conversation.last_time_ms = conversation.last_time_ms.max(message.time_ms);
        conversation.messages.push(message);
    }

    fn restore_attachment(&mut self, value: &Value) {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let Some(id) = text("id") else { return };
        let (Some(name), Some(mime), Some(base64)) = (text("name"), text("mime"), text("base64")) else {
            self.attachments.remove(id);
            return;
        };
        let Ok(bytes) = BASE64_STANDARD.decode(base64) else {
            return;
        };
        let conversation = value.get("conversation").and_then(Value::as_u64);
        self.attachments.insert(id.to_owned(), Attachment::ready(conversation, name, mime, bytes));
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    Deserialize::deserialize(value).ok()
}
