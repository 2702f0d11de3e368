//! Message bodies (reference, sections 6 and 7), the same on the socket and in history.

use super::content;
use crate::protocol::json::Json;
use crate::protocol::time::parse_time;
use crate::session::content::{Answer, AnswerKind, Author, Body, Item, Notice, Sender};
use crate::session::ids::{ClientId, ServerId};
use crate::session::input::{Message, PlatformEvent};
use crate::session::redact::Redacted;
use crate::session::time::WallTime;
use crate::text::is_blank;

/// What is longer is a message of its own, and nobody's name.
const NAME_MAX_BYTES: usize = 256;

/// What a live body means: one message, or several events.
pub(super) fn live(body: &Json, request_id: Option<ClientId>) -> Vec<PlatformEvent> {
    match body.text("type") {
        Some("Event") => body.read_list("events", |event| live_event(event, body)),
        Some("Receipt") => Vec::new(),
        _ => match decode(body, request_id) {
            Some(message) => vec![PlatformEvent::Message(message)],
            None => Vec::new(),
        },
    }
}

/// A body of history: messages, and the line that says that the conversation ended.
pub(super) fn past(body: &Json) -> Option<Message> {
    match body.text("type") {
        Some("Event") => {
            let mut events = body.list("events").iter();
            events
                .any(|event| is_inbound(body) == Some(false) && presence(event) == Some("Disconnect"))
                .then(|| Message { author: Author::System, notice: Some(Notice::Ended), ..blank(body, None) })
        }
        Some("Receipt") => None,
        _ => decode(body, None),
    }
}

fn live_event(event: &Json, body: &Json) -> Option<PlatformEvent> {
    let is_inbound = is_inbound(body) == Some(true);
    match event.text("eventType")? {
        "Typing" if !is_inbound => {
            let typing = event.get("typing")?;
            let named_ms = typing.integer("duration").or_else(|| typing.integer("durationMs"));
            let is_off = typing.text("type") == Some("Off");
            let duration_ms = named_ms.map(|ms| u64::try_from(ms).unwrap_or_default());
            Some(PlatformEvent::Typing { from: sender(body), duration_ms: if is_off { Some(0) } else { duration_ms } })
        }
        "Presence" => match presence(event)? {
            "Join" if is_inbound => Some(PlatformEvent::Joined),
            "Disconnect" if !is_inbound => {
                let metadata = body.get("metadata");
                let blank = blank(body, None);
                Some(PlatformEvent::Ended {
                    read_only: metadata.and_then(|metadata| metadata.text("readOnly")) == Some("true"),
                    id: blank.id,
                    time: blank.time,
                })
            }
            _ => None,
        },
        _ => None,
    }
}

fn decode(body: &Json, request_id: Option<ClientId>) -> Option<Message> {
    if !body.is_map() {
        return None;
    }
    let author = author(body);
    let mut items = content::decode(body.list("content"), author == Author::Guest);
    if author == Author::Guest {
        name_offer(body, &mut items);
    }
    let mut text = body.text("text").unwrap_or_default();
    if text.is_empty() && author != Author::Guest {
        text = content::text(body.list("content"));
    }
    if text.is_empty() && items.is_empty() && author != Author::Guest {
        // A kind that this version does not know still says that something was said.
        let kind = body.text("type").filter(|kind| !matches!(*kind, "Text" | "Structured" | "Message"))?;
        items.push(Item::Unsupported(kind.to_owned()));
    }
    Some(Message { author, body: Body { text: Redacted::new(text), items }, ..blank(body, request_id) })
}

/// Which offer the guest answered, where only the metadata say so (section 9).
fn name_offer(body: &Json, items: &mut Vec<Item>) {
    let Some(parent) = body.get("metadata").and_then(|metadata| metadata.owned("parentMessageId")) else { return };
    let to = Some(ServerId(parent));
    match items.iter_mut().find_map(|item| if let Item::Answer(answer) = item { Some(answer) } else { None }) {
        Some(answer) if answer.to.is_some() => {}
        Some(answer) => answer.to = to,
        None => {
            let (text, form) = (String::new(), String::new());
            items.push(Item::Answer(Answer { kind: AnswerKind::Other, text, choices: Vec::new(), to, form }));
        }
    }
}

/// Everything about a message but what it says.
fn blank(body: &Json, request_id: Option<ClientId>) -> Message {
    let channel = body.get("channel");
    let id = body.owned("id").map(ServerId);
    let channel_id = channel.and_then(|channel| channel.owned("messageId")).map(ServerId);
    let own_id = || body.get("metadata").and_then(|metadata| metadata.owned("id")).map(ClientId);
    let inner_id = || body.owned("tracingId").map(ClientId);
    let is_theirs = is_inbound(body) == Some(false);
    // The name used everywhere is the channel's, where there is one (section 6.1).
    let (id, other_id) = match channel_id {
        Some(channel_id) => (Some(channel_id), id),
        None => (id, None),
    };
    Message {
        id,
        other_id,
        client_id: if is_theirs { None } else { own_id().or(request_id).or_else(inner_id) },
        author: author(body),
        sender: sender(body),
        body: Body::default(),
        notice: None,
        time: time(body),
    }
}

/// When the platform took it.
pub(super) fn time(body: &Json) -> Option<WallTime> {
    body.get("channel").and_then(|channel| channel.text("time")).and_then(parse_time).map(WallTime)
}

fn author(body: &Json) -> Author {
    if is_inbound(body) == Some(true) {
        return Author::Guest;
    }
    match body.text("originatingEntity") {
        Some("Bot") => Author::Bot,
        _ => Author::Agent,
    }
}

/// From the platform's point of view: inbound is the guest's. `None` for a direction that does not exist.
fn is_inbound(body: &Json) -> Option<bool> {
    match body.text("direction") {
        Some("Inbound") => Some(true),
        Some("Outbound") => Some(false),
        _ => None,
    }
}

fn sender(body: &Json) -> Sender {
    let from = body.get("channel").and_then(|channel| channel.get("from"));
    let field = |key| from.and_then(|from| from.owned(key)).filter(|text| !is_blank(text));
    let name = field("nickname").or_else(|| field("firstName")).filter(|name| name.len() <= NAME_MAX_BYTES);
    Sender { name, avatar: field("image") }
}

fn presence(event: &Json) -> Option<&str> {
    event.get("presence").and_then(|presence| presence.text("type"))
}
