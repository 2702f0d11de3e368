//! Events, answers and pages of messages (reference, sections 2, 5 and 6), read leniently: the reference leaves much open.

use super::place::Place;
use crate::protocol::json::Json;
use crate::protocol::time::parse_time;
use crate::session::content::{Attachment, Author, Body, FileKind, Item, Sender};
use crate::session::ids::{ClientId, ServerId};
use crate::session::input::{Message, PlatformEvent};
use crate::session::redact::Redacted;
use crate::session::time::WallTime;

/// What the answer to the opening of a conversation says.
pub(super) struct Opened {
    pub(super) place: Place,
    pub(super) token: Redacted,
}

pub(super) fn opened(answer: &Json) -> Option<Opened> {
    let conversation = answer.id("conversationId").or_else(|| answer.id("id"))?;
    let participant = answer.id("guestId").or_else(|| answer.id("participantId"))?;
    let session = answer.id("sessionId").unwrap_or_else(|| conversation.clone());
    let token = answer.text("token").or_else(|| answer.text("guestToken")).or_else(|| answer.text("accessToken"));
    Some(Opened {
        place: Place { conversation, participant, session, instead_of: String::new() },
        token: Redacted::new(token.unwrap_or_default()),
    })
}

/// What an event of this conversation means. `None` for one that is unknown, malformed or another conversation's.
pub(super) fn event(frame: &Json, place: &Place) -> Option<PlatformEvent> {
    if frame.id("conversation_id").is_some_and(|id| id != place.conversation) {
        return None;
    }
    let payload = frame.get("payload").filter(|payload| payload.is_map())?;
    let participant = frame.id("participant_id");
    match frame.text("event_type")? {
        "typing" | "conversation:typing" => {
            let is_typing = payload.bool("typing")?;
            if participant.as_ref() == Some(&place.participant) {
                return Some(PlatformEvent::SignOfLife);
            }
            let named_ms = ["duration", "durationMs", "expiresIn"].iter().find_map(|key| payload.integer(key));
            let named_ms = named_ms.map(|span_ms| u64::try_from(span_ms).unwrap_or_default());
            Some(PlatformEvent::Typing {
                from: sender(payload),
                duration_ms: if is_typing { named_ms } else { Some(0) },
            })
        }
        "message" | "conversation:message" => {
            let mut message = message(payload, participant, place)?;
            message.id = frame.id("message_id").map(ServerId).or(message.id);
            Some(PlatformEvent::Message(message))
        }
        _ => None,
    }
}

/// A message, in an event, in an answer or on a page.
pub(super) fn message(found: &Json, participant: Option<String>, place: &Place) -> Option<Message> {
    let body = found.get("body").filter(|body| body.is_map()).unwrap_or(found);
    let text = body.text("content").or_else(|| body.text("text")).unwrap_or_default();
    let items = attachments(found);
    let from = found.get("from");
    let from_id = from.and_then(|from| from.id("id")).or(participant).or_else(|| found.id("participantId"));
    let kind = from.and_then(|from| from.text("type")).or_else(|| found.text("originatingEntity")).unwrap_or_default();
    let author = match kind {
        _ if from_id.as_ref() == Some(&place.participant) => Author::Guest,
        _ if kind.eq_ignore_ascii_case("bot") || kind.eq_ignore_ascii_case("workflow") => Author::Bot,
        _ => Author::Agent,
    };
    if !found.is_map() || (text.is_empty() && items.is_empty() && author != Author::Guest) {
        return None;
    }
    let client_id = found.get("metadata").and_then(|metadata| metadata.owned("id")).map(ClientId);
    Some(Message {
        id: named(found),
        other_id: None,
        client_id: client_id.filter(|_| author == Author::Guest),
        author,
        sender: sender(found),
        body: Body { text: Redacted::new(text), items },
        notice: None,
        time: time(found),
    })
}

/// What the answer to a message says of it.
pub(super) fn sent(answer: &Json) -> (Option<ServerId>, Option<WallTime>) {
    (named(answer), time(answer))
}

fn named(found: &Json) -> Option<ServerId> {
    found.id("id").or_else(|| found.id("messageId")).map(ServerId)
}

fn time(found: &Json) -> Option<WallTime> {
    ["sentTime", "timestamp", "time"].iter().find_map(|key| found.text(key)).and_then(parse_time).map(WallTime)
}

fn sender(found: &Json) -> Sender {
    let from = found.get("from").unwrap_or(found);
    let named = |key| from.owned(key).filter(|text| !text.is_empty());
    Sender { name: named("name").or_else(|| named("nickname")), avatar: named("image") }
}

/// The files of a message, or those that the page wants to attach.
pub(crate) fn attachments(found: &Json) -> Vec<Item> {
    found.read_list("attachments", attachment)
}

fn attachment(found: &Json) -> Option<Item> {
    let url = found.text("url")?;
    let mime = found.owned("contentType").unwrap_or_default();
    Some(Item::Attachment(Attachment {
        id: found.owned("id").unwrap_or_default(),
        name: found.owned("fileName").unwrap_or_default(),
        url: Some(Redacted::new(url)),
        size_bytes: found.integer("size").and_then(|size| u64::try_from(size).ok()),
        // A drawing can hold script: it stays a file.
        kind: match mime.as_str() {
            "image/png" | "image/jpeg" | "image/gif" | "image/webp" => FileKind::Image,
            _ => FileKind::File,
        },
        mime,
    }))
}
