//! Events as the page gets them: a name and a plain object of ids and states, never text.

use super::{errors, to_page_object};
use crate::protocol::json::Json;
#[cfg(feature = "conversations")]
use crate::session::audit::Audit;
#[cfg(feature = "conversations")]
use crate::session::metrics::Metrics;
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
        #[cfg(feature = "conversations")]
        Event::Refused(refusal) => {
            let detail = Json::from(refusal.detail.as_str());
            ("error", errors::to_json(&refusal.error).with("detail", detail))
        }
        #[cfg(feature = "conversations")]
        Event::Metrics(metrics) => ("metrics", metrics_to_json(metrics)),
        #[cfg(feature = "conversations")]
        Event::Audit(audit) => ("audit", audit_to_json(audit)),
    };
    (name, to_page_object(&detail))
}

/// As `metrics()` gives it, too.
#[cfg(feature = "conversations")]
pub fn metrics_to_json(metrics: &Metrics) -> Json {
    Json::object([
        ("sent", Json::from(metrics.sent)),
        ("failed", Json::from(metrics.failed)),
        ("totalLatencyMs", Json::from(metrics.total_latency_ms)),
        ("meanLatencyMs", Json::from(metrics.mean_latency_ms())),
        ("deliveryRate", Json::from(metrics.delivery_rate_percent())),
    ])
}

#[cfg(feature = "conversations")]
fn audit_to_json(audit: &Audit) -> Json {
    let optional = |text: Option<&str>| text.map_or(Json::Null, Json::from);
    match audit {
        Audit::Transmission(record) => Json::object([
            ("action", Json::from(record.action())),
            ("sessionId", Json::from(record.session_id.as_str())),
            ("conversationId", Json::from(record.conversation_id.as_str())),
            ("contentType", Json::from(record.content_type)),
            ("payloadBytes", Json::from(record.payload_bytes as u64)),
            ("latencyMs", Json::from(record.latency_ms)),
            ("status", Json::from(record.status)),
            ("httpStatus", record.http_status.map_or(Json::Null, |status| Json::from(u32::from(status)))),
            ("responseId", optional(record.response_id.as_deref())),
            ("error", optional(record.error)),
            ("time", Json::from(record.time.0)),
        ]),
        Audit::Typing(record) => Json::object([
            ("time", Json::from(record.time.0)),
            ("sessionId", Json::from(record.session_id.as_str())),
            ("indicatorStatus", Json::from(record.indicator_status)),
            ("result", Json::from(record.result)),
            ("latencyMs", Json::from(record.latency_ms)),
            ("error", optional(record.error)),
        ]),
        Audit::Webhook(record) => Json::object([
            ("time", Json::from(record.time.0)),
            ("webhook", Json::from(record.name)),
            ("httpStatus", record.http_status.map_or(Json::Null, |status| Json::from(u32::from(status)))),
        ]),
    }
}
