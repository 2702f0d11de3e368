//! Messages as the conversations API shows them: in answers, in events, in the transcript.

use serde_json::{Map, Value, json};

use crate::{
    http::base_of,
    message::{Author, Draft, Message, iso_time, lay_over},
    output::HttpRequest,
    platform::Platform,
    session::ConversationKey,
};

use super::Messaging;

impl Platform {
    pub(super) fn message_view(&self, key: ConversationKey, index: usize, base: &str) -> Value {
        let Some(conversation) = self.conversations.get(&key) else {
            return Value::Null;
        };
        match (&conversation.messaging, conversation.messages.get(index)) {
            (Some(messaging), Some(message)) => self.view(messaging, message, base),
            _ => Value::Null,
        }
    }

    pub(super) fn base_for(&self, http: &HttpRequest) -> String {
        base_of(http.header("host").unwrap_or_default(), self.setup.secure)
    }

    fn view(&self, messaging: &Messaging, message: &Message, base: &str) -> Value {
        let draft = &message.draft;
        let guest = json!({"id": messaging.guest_id, "type": "user"});
        let (from, to, direction) = if message.is_outbound() {
            (sender(messaging, draft), guest, "outbound")
        } else {
            (guest, json!({"id": messaging.id, "type": "conversation"}), "inbound")
        };
        let content = self.content_for(&draft.content, base);
        let attachments: Vec<Value> =
            content.iter().filter_map(|item| item.get("attachment")).map(attachment_view).collect();
        let mut view = Map::new();
        view.insert("id".into(), json!(message.id));
        view.insert("from".into(), from);
        view.insert("to".into(), to);
        view.insert("direction".into(), json!(direction));
        view.insert("body".into(), json!({"contentType": "text/plain", "content": text_of(draft)}));
        view.insert("sentTime".into(), json!(iso_time(message.time_ms)));
        view.insert("deliveryStatus".into(), json!("delivered"));
        view.insert("metadata".into(), Value::Object(draft.metadata.clone()));
        if !attachments.is_empty() {
            view.insert("attachments".into(), Value::Array(attachments));
        }
        lay_over(&mut view, draft.raw_body.as_ref());
        Value::Object(view)
    }
}

pub(super) fn participant_of(messaging: &Messaging, author: Author) -> &str {
    match author {
        Author::Guest => &messaging.guest_id,
        Author::Agent => &messaging.agent_id,
        Author::Bot => &messaging.bot_id,
    }
}

fn sender(messaging: &Messaging, draft: &Draft) -> Value {
    let mut sender = json!({"id": participant_of(messaging, draft.author), "type": draft.author});
    if let Some(name) = draft.from.get("nickname") {
        sender["name"] = name.clone();
    }
    sender
}

fn attachment_view(attachment: &Value) -> Value {
    json!({
        "contentType": attachment.get("mime"),
        "url": attachment.get("url"),
        "fileName": attachment.get("filename"),
        "size": attachment.get("fileSize"),
    })
}

/// These messages are plain text: of cards and the like there remain the titles.
fn text_of(draft: &Draft) -> String {
    if let Some(text) = &draft.text {
        return text.clone();
    }
    let cards = draft.content.iter().flat_map(|item| {
        let carousel = item.pointer("/carousel/cards").and_then(Value::as_array);
        carousel.into_iter().flatten().chain(item.get("card"))
    });
    let titles: Vec<&str> = cards.filter_map(|card| card.get("title")?.as_str()).collect();
    titles.join("\n")
}
