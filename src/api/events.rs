//! Events as the page gets them: a name and a plain object of ids and states, never text.

use super::{errors, to_page_object};
use crate::protocol::json::Json;
use crate::session::output::Event;
use wasm_bindgen::JsValue;

/// The event's name and detail.
pub fn to_page(event: &Event) -> (&'static str, JsValue) {
    let (name, detail) = match event {
        Event::Opened => ("opened", Json::object([])),
        Event::Closed => ("closed", Json::object([])),
        Event::Cleared => ("cleared", Json::object([])),
        Event::Started { is_new } => ("started", Json::object([("isNew", Json::from(*is_new))])),
        Event::Message { entry, id, author } => {
            // Missing while the platform has not named it.
            let message_id = id.as_ref().map_or(Json::Null, |id| Json::from(id.0.as_str()));
            let author = Json::from(author.name());
            let entry_id = Json::from(entry.0);
            ("message", Json::object([("entryId", entry_id), ("messageId", message_id), ("author", author)]))
        }
        Event::Delivery { entry, delivery } => {
            ("delivery", Json::object([("entryId", Json::from(entry.0)), ("delivery", Json::from(*delivery))]))
        }
        Event::Typing { is_typing } => ("typing", Json::object([("isTyping", Json::from(*is_typing))])),
        Event::Read { id } => ("read", Json::object([("messageId", Json::from(id.0.as_str()))])),
        Event::Unread { count } => ("unread", Json::object([("count", Json::from(*count))])),
        Event::Connection { state } => ("connection", Json::object([("state", Json::from(*state))])),
        Event::Ended { reason } => ("ended", Json::object([("reason", Json::from(*reason))])),
        Event::Authenticated => ("authenticated", Json::object([])),
        Event::Expiring { in_s } => ("expiring", Json::object([("inSeconds", Json::from(*in_s))])),
        Event::Error(error) => ("error", errors::to_json(error)),
    };
    (name, to_page_object(&detail))
}
