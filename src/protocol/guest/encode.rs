//! The guest's frames (reference, section 4), without token and tracing id, which every frame gets.

use super::attachments;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Body, Choice, Item};
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
    let mut metadata = Json::object([("id", Json::from(client_id.0.as_str()))]);
    let mut content = Vec::new();
    let mut is_answer = false;
    for item in &body.items {
        match item {
            Item::Answer(answer) => {
                if let Some(to) = answer.to.as_ref().filter(|_| !is_answer) {
                    metadata = metadata.with("parentMessageId", Json::from(to.0.as_str()));
                }
                is_answer = true;
                push_answer(answer, &mut content);
            }
            Item::Attachment(file) => content.push(attachments::content(&file.id)),
            Item::QuickReply(_) | Item::Offer(_) | Item::Unsupported(_) => {}
        }
    }
    let kind = if is_answer { "Structured" } else { "Text" };
    let mut message = Json::object([("type", Json::from(kind)), ("metadata", metadata)]);
    // A chosen time comes without words.
    if !is_answer || !body.text.is_empty() {
        message = message.with("text", Json::from(body.text.expose()));
    }
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

/// One for each thing that was chosen.
fn push_answer(answer: &Answer, content: &mut Vec<Json>) {
    let kind = match answer.kind {
        AnswerKind::QuickReply => "QuickReply",
        AnswerKind::Time => "DatePicker",
        AnswerKind::List => "ListPicker",
        AnswerKind::Form => return content.push(filled_in(answer)),
        AnswerKind::CardButton | AnswerKind::Other => "Button",
    };
    for choice in &answer.choices {
        let mut response = button_response(kind, choice);
        if let Some(to) = &answer.to {
            response = response.with("originatingMessageId", Json::from(to.0.as_str()));
        }
        content.push(item("ButtonResponse", "buttonResponse", response));
    }
}

/// A form, with a component for each answer.
fn filled_in(answer: &Answer) -> Json {
    let mut response = Vec::new();
    for choice in &answer.choices {
        let component = item("ButtonResponse", "buttonResponse", button_response("Form", choice));
        response.push(Json::object([("id", Json::from(choice.question.as_str())), ("component", component)]));
    }
    let mut form =
        Json::object([("cannedResponseId", Json::from(answer.form.as_str())), ("response", Json::List(response))]);
    if let Some(to) = &answer.to {
        form = form.with("originatingMessageId", Json::from(to.0.as_str()));
    }
    item("Form", "form", form)
}

fn item(kind: &str, key: &str, value: Json) -> Json {
    Json::object([("contentType", Json::from(kind)), (key, value)])
}

fn button_response(kind: &str, choice: &Choice) -> Json {
    Json::object([
        ("type", Json::from(kind)),
        ("text", Json::from(choice.text.as_str())),
        ("payload", Json::from(choice.payload.as_str())),
    ])
}
