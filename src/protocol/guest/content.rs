//! Content items (reference, section 9). One item may hold several of ours.

use super::attachments;
use super::offers;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Attachment, Choice, Item};
use crate::session::ids::ServerId;
use crate::session::redact::Redacted;

/// More things in one message are nobody's intention; what a guest has chosen of a list may be more.
const ITEMS_MAX: usize = 20;

/// `is_guests`: in messages of others, what looks like an answer is an offer.
pub(super) fn decode(content: &[Json], is_guests: bool) -> Vec<Item> {
    let mut items = Vec::new();
    let content = match content.get(..ITEMS_MAX) {
        Some(first) if !is_guests => first,
        _ => content,
    };
    for item in content {
        decode_item(item, is_guests, &mut items);
    }
    items
}

/// What the message says where its own text is empty (section 9).
pub(super) fn text(content: &[Json]) -> &str {
    content.first().and_then(|item| item.get("text")).and_then(|text| text.text("body")).unwrap_or_default()
}

fn decode_item(item: &Json, is_guests: bool, items: &mut Vec<Item>) {
    let Some(kind) = item.text("contentType") else { return };
    let key = match kind {
        "QuickReply" => "quickReply",
        "QuickReplyV2" => "quickReplyV2",
        "ButtonResponse" => "buttonResponse",
        "Card" => "card",
        "Carousel" => "carousel",
        "Attachment" => "attachment",
        "DatePicker" => "datePicker",
        "ListPicker" => "listPicker",
        "GenericTemplate" => "generic",
        "Form" => "form",
        // A second way to say text; the body's own text says it already.
        "Text" => return,
        _ => return items.push(Item::Unsupported(kind.to_owned())),
    };
    let Some(found) = item.get(key) else { return };
    match kind {
        "ButtonResponse" if is_guests => push_answer(found, items),
        "ButtonResponse" if found.text("type") == Some("QuickReply") => push_reply(found, items),
        "ButtonResponse" => items.push(Item::Unsupported(kind.to_owned())),
        "Attachment" => items.push(Item::Attachment(attachment(found))),
        "Form" if is_guests => items.push(Item::Answer(offers::filled_in(found))),
        "Card" | "Carousel" | "GenericTemplate" => items.push(offers::decode(AnswerKind::CardButton, found)),
        "DatePicker" => items.push(offers::decode(AnswerKind::Time, found)),
        "ListPicker" => items.push(offers::decode(AnswerKind::List, found)),
        "Form" => items.push(offers::decode(AnswerKind::Form, found)),
        "QuickReply" => push_reply(found, items),
        _ => found.list("actions").iter().take(ITEMS_MAX).for_each(|action| push_reply(action, items)),
    }
}

/// The view leaves out what says nothing.
fn push_reply(reply: &Json, items: &mut Vec<Item>) {
    items.push(Item::QuickReply(offers::translated(reply)));
}

/// The things that were chosen of a list come one by one, and are one answer.
fn push_answer(response: &Json, items: &mut Vec<Item>) {
    let kind = match response.text("type") {
        Some("QuickReply") => AnswerKind::QuickReply,
        Some("Button") => AnswerKind::CardButton,
        Some("DatePicker") => AnswerKind::Time,
        Some("ListPicker") => AnswerKind::List,
        _ => AnswerKind::Other,
    };
    let choice = chosen(response);
    let to = response.owned("originatingMessageId").map(ServerId);
    match items.last_mut() {
        Some(Item::Answer(last)) if kind == AnswerKind::List && last.kind == kind && last.to == to => {
            last.choices.push(choice);
        }
        _ => items.push(Item::Answer(Answer {
            kind,
            text: String::new(),
            choices: vec![choice],
            to,
            form: String::new(),
        })),
    }
}

/// What a button response says was chosen.
pub(super) fn chosen(response: &Json) -> Choice {
    Choice {
        question: String::new(),
        text: response.owned("text").unwrap_or_default(),
        payload: response.owned("payload").unwrap_or_default(),
    }
}

fn attachment(attachment: &Json) -> Attachment {
    let name = attachment.text("filename").or_else(|| attachment.text("fileName")).unwrap_or_default();
    let kind = attachments::kind(attachment.text("mediaType"), attachment.text("mime"), name);
    Attachment {
        id: attachment.owned("id").unwrap_or_default(),
        name: name.to_owned(),
        url: attachment.text("url").map(Redacted::new),
        size_bytes: attachment.integer("fileSize").and_then(|size| u64::try_from(size).ok()),
        kind,
        #[cfg(feature = "conversations")]
        mime: String::new(),
    }
}
