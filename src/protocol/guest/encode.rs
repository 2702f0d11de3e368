//! The guest's frames (reference, section 4), without token and tracing id, which every frame gets.

use super::attachments;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Attachment, Body, Item};
use crate::session::ids::{ClientId, ServerId};
use crate::session::redact::Redacted;

/// The tracing id by which health checks are told apart: the official mobile client's (section 4.5).
pub(super) const PROBE_ID: &str = "SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=";

/// With `jwt` as a signed-in guest (section 4.2).
pub(super) fn configure(deployment_id: &str, start_new: bool, jwt: Option<&Redacted>) -> Json {
    let action = if jwt.is_some() { "configureAuthenticatedSession" } else { "configureSession" };
    let frame = Json::object([
        ("action", Json::from(action)),
        ("deploymentId", Json::from(deployment_id)),
        ("startNew", Json::from(start_new)),
    ]);
    match jwt {
        Some(jwt) => frame.with("data", Json::object([("code", Json::from(jwt.expose()))])),
        None => frame,
    }
}

/// Text, or the answer to an offer in the form of the browser messenger (section 4.4).
pub(super) fn message(client_id: &ClientId, body: &Body) -> Json {
    let answers: Vec<&Answer> = body.items.iter().filter_map(as_answer).collect();
    let mut metadata = Json::object([("id", Json::from(client_id.0.as_str()))]);
    if let Some(parent) = answers.first().and_then(|answer| answer.to.as_ref()) {
        metadata = metadata.with("parentMessageId", Json::from(parent.0.as_str()));
    }
    let kind = if answers.is_empty() { "Text" } else { "Structured" };
    let mut message =
        Json::object([("type", Json::from(kind)), ("text", Json::from(body.text.expose())), ("metadata", metadata)]);
    let files = body.items.iter().filter_map(as_file).map(|file| attachments::content(&file.id));
    let content: Vec<Json> = answers.into_iter().map(button_response).chain(files).collect();
    if !content.is_empty() {
        message = message.with("content", Json::List(content));
    }
    on_message(message)
}

pub(super) fn typing() -> Json {
    event("Typing", "typing", "On")
}

pub(super) fn presence(kind: &str) -> Json {
    event("Presence", "presence", kind)
}

/// Our own extension: only platforms that announce it get it.
pub(super) fn seen(id: &ServerId) -> Json {
    on_message(Json::object([
        ("type", Json::from("Receipt")),
        ("id", Json::from(id.0.as_str())),
        ("status", Json::from("Read")),
    ]))
}

pub(super) fn probe() -> Json {
    Json::object([
        ("action", Json::from("echo")),
        ("message", Json::object([("type", Json::from("Text")), ("text", Json::from("ping"))])),
    ])
}

pub(super) fn history_token() -> Json {
    Json::object([("action", Json::from("getJwt"))])
}

pub(super) fn close_conversation() -> Json {
    Json::object([("action", Json::from("closeSession")), ("closeAllConnections", Json::from(true))])
}

fn event(kind: &str, key: &str, value: &str) -> Json {
    let event = Json::object([("eventType", Json::from(kind)), (key, Json::object([("type", Json::from(value))]))]);
    on_message(Json::object([("type", Json::from("Event")), ("events", Json::List(vec![event]))]))
}

fn on_message(message: Json) -> Json {
    Json::object([("action", Json::from("onMessage")), ("message", message)])
}

fn as_answer(item: &Item) -> Option<&Answer> {
    match item {
        Item::Answer(answer) => Some(answer),
        Item::QuickReply(_) | Item::Card(_) | Item::Attachment(_) | Item::Unsupported(_) => None,
    }
}

fn as_file(item: &Item) -> Option<&Attachment> {
    if let Item::Attachment(file) = item { Some(file) } else { None }
}

fn button_response(answer: &Answer) -> Json {
    let kind = match answer.kind {
        AnswerKind::QuickReply => "QuickReply",
        AnswerKind::CardButton | AnswerKind::Other => "Button",
    };
    let mut response = Json::object([
        ("type", Json::from(kind)),
        ("text", Json::from(answer.choice.text.as_str())),
        ("payload", Json::from(answer.choice.payload.as_str())),
    ]);
    if let Some(to) = &answer.to {
        response = response.with("originatingMessageId", Json::from(to.0.as_str()));
    }
    Json::object([("contentType", Json::from("ButtonResponse")), ("buttonResponse", response)])
}
