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
    let frame = Json::map().with("action", action).with("deploymentId", deployment_id).with("startNew", start_new);
    match jwt {
        Some(jwt) => frame.with("data", Json::map().with("code", jwt.expose())),
        None => frame,
    }
}

/// Text, or the answer to an offer in the form of the browser messenger (section 4.4).
pub(super) fn message(client_id: &ClientId, body: &Body) -> Json {
    let mut metadata = Json::map().with("id", client_id.0.as_str());
    let mut content = Vec::new();
    let mut is_answer = false;
    for item in &body.items {
        match item {
            Item::Answer(answer) => {
                if let Some(to) = answer.to.as_ref().filter(|_| !is_answer) {
                    metadata = metadata.with("parentMessageId", to.0.as_str());
                }
                is_answer = true;
                push_answer(answer, &mut content);
            }
            Item::Attachment(file) => content.push(attachments::content(&file.id)),
            Item::QuickReply(_) | Item::Offer(_) | Item::Unsupported(_) => {}
        }
    }
    let kind = if is_answer { "Structured" } else { "Text" };
    let mut message = Json::map().with("type", kind).with("metadata", metadata);
    // A chosen time comes without words.
    if !is_answer || !body.text.is_empty() {
        message = message.with("text", body.text.expose());
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
    on_message(Json::map().with("type", "Receipt").with("id", id.0.as_str()).with("status", "Read"))
}

pub(super) fn probe() -> Json {
    Json::map().with("action", "echo").with("message", Json::map().with("type", "Text").with("text", "ping"))
}

pub(super) fn history_token() -> Json {
    Json::map().with("action", "getJwt")
}

pub(super) fn close_conversation() -> Json {
    Json::map().with("action", "closeSession").with("closeAllConnections", true)
}

fn event(kind: &str, key: &str, value: &str) -> Json {
    let event = Json::map().with("eventType", kind).with(key, Json::map().with("type", value));
    on_message(Json::map().with("type", "Event").with("events", Json::List(vec![event])))
}

fn on_message(message: Json) -> Json {
    Json::map().with("action", "onMessage").with("message", message)
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
            response = response.with("originatingMessageId", to.0.as_str());
        }
        content.push(item("ButtonResponse", "buttonResponse", response));
    }
}

/// A form, with a component for each answer.
fn filled_in(answer: &Answer) -> Json {
    let mut response = Vec::new();
    for choice in &answer.choices {
        let component = item("ButtonResponse", "buttonResponse", button_response("Form", choice));
        response.push(Json::map().with("id", choice.question.as_str()).with("component", component));
    }
    let mut form = Json::map().with("cannedResponseId", answer.form.as_str()).with("response", Json::List(response));
    if let Some(to) = &answer.to {
        form = form.with("originatingMessageId", to.0.as_str());
    }
    item("Form", "form", form)
}

fn item(kind: &str, key: &str, value: Json) -> Json {
    Json::map().with("contentType", kind).with(key, value)
}

fn button_response(kind: &str, choice: &Choice) -> Json {
    Json::map().with("type", kind).with("text", choice.text.as_str()).with("payload", choice.payload.as_str())
}
