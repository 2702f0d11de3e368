//! Addresses and bodies (reference, sections 2 to 6). Every id is one part of its path, whatever signs it holds.

use super::place::Place;
use super::settings::{SendForm, TypingDialect};
use crate::built_in::UPLOADS;
use crate::protocol::json::Json;
use crate::protocol::percent_encode;
use crate::protocol::time::format_time;
use crate::session::content::{Body, Item};
use crate::session::ids::{ClientId, ServerId};
use crate::session::time::WallTime;
use crate::text::push_decimal;

const MESSAGING: &str = "/api/v2/conversations/messaging";
/// As many as the guest API's history has on a page.
pub(super) const PAGE_SIZE: usize = 25;

/// What to call, and with what.
pub(super) struct Said {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Json>,
}

fn path(parts: &[&str]) -> String {
    let mut path = MESSAGING.to_owned();
    for part in parts {
        path.push('/');
        percent_encode(part, &mut path);
    }
    path
}

fn post(parts: &[&str], body: Json) -> Said {
    Said { method: "POST", path: path(parts), body: Some(body) }
}

pub(super) fn events() -> String {
    path(&["events"])
}

pub(super) fn open() -> Said {
    post(&[], Json::object([]))
}

pub(super) fn authenticate(token: &str) -> Json {
    Json::object([("type", Json::from("authenticate")), ("token", Json::from(token))])
}

/// The client's own id of the message travels in the metadata, by which it is known again. That it comes back is
/// inference.
pub(super) fn message(form: SendForm, place: &Place, client_id: &ClientId, body: &Body, now: WallTime) -> Said {
    let text = Json::from(body.text.expose());
    let id = ("id", Json::from(client_id.0.as_str()));
    if form == SendForm::ParticipantSend {
        let said = Json::object([
            ("type", Json::from("text")),
            ("text", text),
            ("conversationId", Json::from(place.conversation.as_str())),
            ("metadata", Json::object([id])),
        ]);
        return post(&["participants", &place.participant, "send"], said);
    }
    let named = |id: &str, kind: &str| Json::object([("id", Json::from(id)), ("type", Json::from(kind))]);
    let said = Json::object([
        ("from", named(&place.participant, "user")),
        ("to", named(&place.conversation, "conversation")),
        ("body", Json::object([("contentType", Json::from("text/plain")), ("content", text)])),
        (
            "metadata",
            Json::object([
                ("readReceipt", Json::from(true)),
                ("transmissionTimestamp", Json::from(format_time(now.0).as_str())),
                id,
            ]),
        ),
    ]);
    if !UPLOADS || body.items.is_empty() {
        return post(&["messages"], said);
    }
    let attachments: Vec<Json> = body.items.iter().filter_map(attachment).collect();
    let said = if attachments.is_empty() { said } else { said.with("attachments", Json::List(attachments)) };
    post(&["messages"], said)
}

fn attachment(item: &Item) -> Option<Json> {
    let Item::Attachment(attachment) = item else { return None };
    let known = Json::object([
        ("contentType", Json::from(media_type(&attachment.name))),
        ("url", Json::from(attachment.url.as_ref()?.expose())),
        ("fileName", Json::from(attachment.name.as_str())),
    ]);
    Some(match attachment.size_bytes {
        Some(size_bytes) => known.with("size", Json::from(size_bytes)),
        None => known,
    })
}

/// By the name's end, among those of the allow-list's default.
fn media_type(name: &str) -> &'static str {
    let end = name.rsplit('.').next().unwrap_or_default();
    let is = |known: &str| end.eq_ignore_ascii_case(known);
    if is("png") {
        "image/png"
    } else if is("jpg") || is("jpeg") {
        "image/jpeg"
    } else if is("pdf") {
        "application/pdf"
    } else if is("txt") {
        "text/plain"
    } else {
        "application/octet-stream"
    }
}

pub(super) fn typing(dialect: TypingDialect, place: &Place, is_on: bool) -> Said {
    let is_on = Json::from(is_on);
    if dialect == TypingDialect::Conversations {
        return post(&["conversations", &place.conversation, "typing"], Json::object([("typing", is_on)]));
    }
    let conversation = Json::from(place.conversation.as_str());
    post(
        &["participants", &place.participant, "typing"],
        Json::object([("conversationId", conversation), ("isTyping", is_on)]),
    )
}

/// Up to this message.
pub(super) fn read_until(place: &Place, id: &ServerId) -> Said {
    let conversation = Json::from(place.conversation.as_str());
    post(
        &["participants", &place.participant, "read"],
        Json::object([("conversationId", conversation), ("messageId", Json::from(id.0.as_str()))]),
    )
}

/// This message alone.
pub(super) fn read(id: &ServerId) -> Said {
    Said {
        method: "PUT",
        path: path(&["messages", &id.0, "read"]),
        body: Some(Json::object([("read", Json::from(true))])),
    }
}

/// The reference has no such call: without it nothing could be read after a gap, so it is inference.
pub(super) fn history(place: &Place, page: u32) -> Said {
    let mut path = path(&["conversations", &place.conversation, "messages"]);
    path.push_str("?pageSize=25&pageNumber=");
    push_decimal(i64::from(page), &mut path);
    Said { method: "GET", path, body: None }
}

pub(super) fn webchat(session: &str, body: Option<Json>) -> Said {
    let mut path = "/api/v2/webchat/sessions/".to_owned();
    percent_encode(session, &mut path);
    Said { method: if body.is_some() { "PATCH" } else { "GET" }, path, body }
}
