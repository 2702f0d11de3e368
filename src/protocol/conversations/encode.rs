//! Addresses and bodies (reference, sections 2 to 6). Every id is one part of its path, whatever signs it holds.

use super::place::Place;
use super::settings::{SendForm, TypingDialect};
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
    post(&[], Json::map())
}

pub(super) fn authenticate(token: &str) -> Json {
    let mut said = Json::map();
    said.put("type", "authenticate").put("token", token);
    said
}

/// The client's own id of the message travels in the metadata, by which it is known again. That it comes back is
/// inference.
pub(super) fn message(form: SendForm, place: &Place, client_id: &ClientId, body: &Body, now: WallTime) -> Said {
    let text = body.text.expose();
    let (mut said, mut metadata) = (Json::map(), Json::map());
    // The participant's call has no place for files.
    if form == SendForm::ParticipantSend && body.items.is_empty() {
        metadata.put("id", client_id.0.as_str());
        said.put("type", "text").put("text", text).put("conversationId", place.conversation.as_str());
        said.put("metadata", metadata);
        return post(&["participants", &place.participant, "send"], said);
    }
    let (mut from, mut to, mut content) = (Json::map(), Json::map(), Json::map());
    from.put("id", place.participant.as_str()).put("type", "user");
    to.put("id", place.conversation.as_str()).put("type", "conversation");
    content.put("contentType", "text/plain").put("content", text);
    metadata.put("readReceipt", true).put("transmissionTimestamp", format_time(now.0));
    metadata.put("id", client_id.0.as_str());
    said.put("from", from).put("to", to).put("body", content).put("metadata", metadata);
    put_attachments(body, &mut said);
    post(&["messages"], said)
}

/// The files that the page has attached by their addresses.
pub(crate) fn put_attachments(body: &Body, said: &mut Json) {
    let attachments: Vec<Json> = body.items.iter().filter_map(attachment).collect();
    if !attachments.is_empty() {
        said.put("attachments", Json::List(attachments));
    }
}

fn attachment(item: &Item) -> Option<Json> {
    let Item::Attachment(attachment) = item else { return None };
    let mut known = Json::map();
    known.put("contentType", attachment.mime.as_str()).put("url", attachment.url.as_ref()?.expose());
    known.put("fileName", attachment.name.as_str());
    if let Some(size_bytes) = attachment.size_bytes {
        known.put("size", size_bytes);
    }
    Some(known)
}

pub(super) fn typing(dialect: TypingDialect, place: &Place, is_on: bool) -> Said {
    let mut said = Json::map();
    if dialect == TypingDialect::Conversations {
        said.put("typing", is_on);
        return post(&["conversations", &place.conversation, "typing"], said);
    }
    said.put("conversationId", place.conversation.as_str()).put("isTyping", is_on);
    post(&["participants", &place.participant, "typing"], said)
}

/// Up to this message.
pub(super) fn read_until(place: &Place, id: &ServerId) -> Said {
    let mut said = Json::map();
    said.put("conversationId", place.conversation.as_str()).put("messageId", id.0.as_str());
    post(&["participants", &place.participant, "read"], said)
}

/// This message alone.
pub(super) fn read(id: &ServerId) -> Said {
    let mut said = Json::map();
    said.put("read", true);
    Said { method: "PUT", ..post(&["messages", &id.0, "read"], said) }
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
