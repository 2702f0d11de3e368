//! Events as the page gets them: a name and a plain object of ids and states, never text.

use super::errors;
use crate::session::output::Event;
use serde::Serialize;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageDetail<'a> {
    entry_id: u32,
    /// Missing while the platform has not named it.
    message_id: Option<&'a str>,
    author: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryDetail {
    entry_id: u32,
    delivery: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypingDetail {
    is_typing: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReadDetail<'a> {
    message_id: &'a str,
}

#[derive(Serialize)]
struct UnreadDetail {
    count: u32,
}

#[derive(Serialize)]
struct ConnectionDetail {
    state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StartedDetail {
    is_new: bool,
}

#[derive(Serialize)]
struct EndedDetail {
    reason: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExpiringDetail {
    in_seconds: u32,
}

/// The event's name and detail.
pub fn to_page(event: &Event) -> (&'static str, JsValue) {
    match event {
        Event::Opened => ("opened", object(&Empty {})),
        Event::Closed => ("closed", object(&Empty {})),
        Event::Cleared => ("cleared", object(&Empty {})),
        Event::Started { is_new } => ("started", object(&StartedDetail { is_new: *is_new })),
        Event::Message { entry, id, author } => {
            let message_id = id.as_ref().map(|id| id.0.as_str());
            ("message", object(&MessageDetail { entry_id: entry.0, message_id, author: author.name() }))
        }
        Event::Delivery { entry, delivery } => ("delivery", object(&DeliveryDetail { entry_id: entry.0, delivery })),
        Event::Typing { is_typing } => ("typing", object(&TypingDetail { is_typing: *is_typing })),
        Event::Read { id } => ("read", object(&ReadDetail { message_id: &id.0 })),
        Event::Unread { count } => ("unread", object(&UnreadDetail { count: *count })),
        Event::Connection { state } => ("connection", object(&ConnectionDetail { state })),
        Event::Ended { reason } => ("ended", object(&EndedDetail { reason })),
        Event::Authenticated => ("authenticated", object(&Empty {})),
        Event::Expiring { in_s } => {
            ("expiring", object(&ExpiringDetail { in_seconds: u32::try_from(*in_s).unwrap_or(u32::MAX) }))
        }
        Event::Error(error) => ("error", errors::to_object(error)),
    }
}

fn object(detail: &impl Serialize) -> JsValue {
    // Plain fields always make an object.
    serde_wasm_bindgen::to_value(detail).unwrap_or(JsValue::NULL)
}
