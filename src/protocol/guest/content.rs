//! Content items (reference, section 9). One item may hold several of ours, such as the cards of a carousel.

use super::attachments;
use super::offers;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Attachment, Card, CardAction, Choice, Item};
use crate::session::ids::ServerId;
use crate::session::redact::Redacted;

/// More than this of one kind in a message is nobody's intention.
const ITEMS_MAX: usize = 50;

/// `is_guests`: in messages of others, what looks like an answer is an offer.
pub(super) fn decode(content: &[Json], is_guests: bool) -> Vec<Item> {
    let mut items = Vec::new();
    for item in content {
        decode_item(item, is_guests, &mut items);
    }
    items
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
        // A second way to say text; the body's own text says it already.
        "Text" => return,
        _ => return items.push(Item::Unsupported(kind.to_owned())),
    };
    let Some(found) = item.get(key) else { return };
    match kind {
        "ButtonResponse" if is_guests => push_answer(found, items),
        "ButtonResponse" if found.text("type") == Some("QuickReply") => push_reply(found, items),
        "ButtonResponse" => items.push(Item::Unsupported(kind.to_owned())),
        "Card" => items.push(Item::Card(card(found))),
        "Carousel" => found.list("cards").iter().take(ITEMS_MAX).for_each(|found| items.push(Item::Card(card(found)))),
        "Attachment" => items.push(Item::Attachment(attachment(found))),
        "DatePicker" => items.push(Item::Offer(offers::decode(AnswerKind::Time, found))),
        "ListPicker" => items.push(Item::Offer(offers::decode(AnswerKind::List, found))),
        "QuickReply" => push_reply(found, items),
        _ => found.list("actions").iter().take(ITEMS_MAX).for_each(|action| push_reply(action, items)),
    }
}

fn push_reply(reply: &Json, items: &mut Vec<Item>) {
    if let Some(choice) = choice(reply) {
        items.push(Item::QuickReply(choice));
    }
}

fn choice(reply: &Json) -> Option<Choice> {
    let text = reply.text("text").filter(|text| !text.is_empty())?;
    Some(Choice { text: text.to_owned(), payload: reply.text("payload").unwrap_or(text).to_owned() })
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
    let choice = Choice {
        text: response.owned("text").unwrap_or_default(),
        payload: response.owned("payload").unwrap_or_default(),
    };
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

fn card(card: &Json) -> Card {
    let default_action = card.get("defaultAction");
    Card {
        title: card.owned("title").unwrap_or_default(),
        description: card.owned("description").unwrap_or_default(),
        image: card.owned("image"),
        actions: card.list("actions").iter().take(ITEMS_MAX).filter_map(card_action).collect(),
        default_link: default_action.and_then(|action| action.owned("url")),
    }
}

fn card_action(action: &Json) -> Option<CardAction> {
    let text = action.text("text").unwrap_or_default();
    match action.text("type") {
        Some("Link") => {
            let url = action.text("url")?;
            let text = if text.is_empty() { url } else { text };
            Some(CardAction::Link { text: text.to_owned(), url: url.to_owned() })
        }
        Some("Postback" | "Button") => choice(action).map(CardAction::Postback),
        _ => None,
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
    }
}
