//! Content items (reference, section 9). One item may hold several of ours, such as the cards of a carousel.

use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Attachment, Card, CardAction, Choice, Item};
use crate::session::ids::ServerId;
use crate::session::redact::Redacted;

/// More than this of one kind in a message is nobody's intention.
const ITEMS_MAX: usize = 50;

pub(super) fn decode(item: &Json) -> Vec<Item> {
    let Some(kind) = item.text("contentType") else { return Vec::new() };
    match kind {
        "QuickReply" => item.get("quickReply").and_then(choice).map(Item::QuickReply).into_iter().collect(),
        "QuickReplyV2" => {
            let actions = item.get("quickReplyV2").map(|replies| replies.list("actions")).unwrap_or_default();
            actions.iter().take(ITEMS_MAX).filter_map(choice).map(Item::QuickReply).collect()
        }
        "ButtonResponse" => item.get("buttonResponse").map(button_response).into_iter().collect(),
        "Card" => item.get("card").map(|found| Item::Card(card(found))).into_iter().collect(),
        "Carousel" => {
            let cards = item.get("carousel").map(|carousel| carousel.list("cards")).unwrap_or_default();
            cards.iter().take(ITEMS_MAX).map(|found| Item::Card(card(found))).collect()
        }
        "Attachment" => item.get("attachment").map(|found| Item::Attachment(attachment(found))).into_iter().collect(),
        // A second way to say text; the body's own text says it already.
        "Text" => Vec::new(),
        _ => vec![Item::Unsupported(kind.to_owned())],
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
        text: response.text("text").unwrap_or_default().to_owned(),
        payload: response.text("payload").unwrap_or_default().to_owned(),
    };
    let to = response.text("originatingMessageId").map(|id| ServerId(id.to_owned()));
    Item::Answer(Answer { kind, choice, to })
}

fn card(card: &Json) -> Card {
    let text = |key| card.text(key).unwrap_or_default().to_owned();
    let default_action = card.get("defaultAction");
    Card {
        title: text("title"),
        description: text("description"),
        image: card.text("image").map(str::to_owned),
        actions: card.list("actions").iter().take(ITEMS_MAX).filter_map(card_action).collect(),
        default_link: default_action.and_then(|action| action.text("url")).map(str::to_owned),
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
    Attachment {
        id: attachment.text("id").unwrap_or_default().to_owned(),
        name: name.to_owned(),
        url: attachment.text("url").map(Redacted::new),
        size_bytes: attachment.integer("fileSize").and_then(|size| u64::try_from(size).ok()),
        is_image: attachment.text("mediaType") == Some("Image"),
    }
}
