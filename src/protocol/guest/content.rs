//! Content items (reference, section 9). One item may hold several of ours, such as the cards of a carousel.

use super::attachments;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Attachment, Card, CardAction, Choice, Item};
use crate::session::ids::ServerId;
use crate::session::redact::Redacted;

/// More than this of one kind in a message is nobody's intention.
const ITEMS_MAX: usize = 50;

pub(super) fn decode(content: &[Json]) -> Vec<Item> {
    let mut items = Vec::new();
    for item in content {
        decode_item(item, &mut items);
    }
    items
}

fn decode_item(item: &Json, items: &mut Vec<Item>) {
    let Some(kind) = item.text("contentType") else { return };
    let key = match kind {
        "QuickReply" => "quickReply",
        "QuickReplyV2" => "quickReplyV2",
        "ButtonResponse" => "buttonResponse",
        "Card" => "card",
        "Carousel" => "carousel",
        "Attachment" => "attachment",
        // A second way to say text; the body's own text says it already.
        "Text" => return,
        _ => return items.push(Item::Unsupported(kind.to_owned())),
    };
    let Some(found) = item.get(key) else { return };
    match kind {
        "ButtonResponse" => items.push(button_response(found)),
        "Card" => items.push(Item::Card(card(found))),
        "Carousel" => found.list("cards").iter().take(ITEMS_MAX).for_each(|found| items.push(Item::Card(card(found)))),
        "Attachment" => items.push(Item::Attachment(attachment(found))),
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

fn button_response(response: &Json) -> Item {
    let kind = match response.text("type") {
        Some("QuickReply") => AnswerKind::QuickReply,
        Some("Button") => AnswerKind::CardButton,
        _ => AnswerKind::Other,
    };
    let choice = Choice {
        text: response.owned("text").unwrap_or_default(),
        payload: response.owned("payload").unwrap_or_default(),
    };
    let to = response.owned("originatingMessageId").map(ServerId);
    Item::Answer(Answer { kind, choice, to })
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
