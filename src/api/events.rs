//! Events as the page gets them: a name and a plain object of ids and states, never text.

#[cfg(feature = "conversations")]
use super::Value;
use super::{Detail, errors};
#[cfg(feature = "conversations")]
use crate::session::audit::Audit;
#[cfg(feature = "conversations")]
use crate::session::metrics::Metrics;
use crate::session::output::Event;
use wasm_bindgen::JsValue;

/// The event's name and detail.
pub fn to_page(event: &Event) -> (&'static str, JsValue) {
    let mut detail = Detail::default();
    let name = match event {
        Event::Opened => "opened",
        Event::Closed => "closed",
        Event::Cleared => "cleared",
        Event::Started { is_new } => {
            detail.put("isNew", *is_new);
            "started"
        }
        Event::Message { entry, id, author } => {
            // Missing while the platform has not named it.
            let id = id.as_ref().map(|id| id.0.as_str());
            detail.put("entryId", entry.0).put("messageId", id).put("author", author.name());
            "message"
        }
        Event::Delivery { entry, delivery } => {
            detail.put("entryId", entry.0).put("delivery", *delivery);
            "delivery"
        }
        Event::Typing { is_typing } => {
            detail.put("isTyping", *is_typing);
            "typing"
        }
        Event::Read { id } => {
            detail.put("messageId", id.0.as_str());
            "read"
        }
        Event::Unread { count } => {
            detail.put("count", *count);
            "unread"
        }
        Event::Connection { state } => {
            detail.put("state", *state);
            "connection"
        }
        Event::Ended { reason } => {
            detail.put("reason", *reason);
            "ended"
        }
        Event::Authenticated => "authenticated",
        Event::Expiring { in_s } => {
            detail.put("inSeconds", *in_s);
            "expiring"
        }
        Event::Error(error) => {
            errors::describe(error, &mut detail);
            "error"
        }
        #[cfg(feature = "conversations")]
        Event::Refused(refusal) => {
            errors::describe(&refusal.error, &mut detail);
            detail.put("detail", refusal.detail.as_str());
            "error"
        }
        #[cfg(feature = "conversations")]
        Event::Metrics(metrics) => {
            describe_metrics(metrics, &mut detail);
            "metrics"
        }
        #[cfg(feature = "conversations")]
        Event::Audit(audit) => {
            describe_audit(audit, &mut detail);
            "audit"
        }
    };
    (name, detail.to_object())
}

#[cfg(feature = "conversations")]
fn describe_metrics(metrics: &Metrics, detail: &mut Detail<'_>) {
    detail
        .put("sent", metrics.sent)
        .put("failed", metrics.failed)
        .put("totalLatencyMs", metrics.total_latency_ms)
        .put("meanLatencyMs", metrics.mean_latency_ms())
        .put("deliveryRate", metrics.delivery_rate_percent());
}

#[cfg(feature = "conversations")]
fn describe_audit<'a>(audit: &'a Audit, detail: &mut Detail<'a>) {
    match audit {
        Audit::Transmission(record) => detail
            .put("action", record.action())
            .put("sessionId", record.session_id.as_str())
            .put("conversationId", record.conversation_id.as_str())
            .put("contentType", record.content_type)
            .put("payloadBytes", record.payload_bytes as u64)
            .put("latencyMs", record.latency_ms)
            .put("status", record.status)
            .put("httpStatus", http_status(record.http_status))
            .put("responseId", record.response_id.as_deref())
            .put("error", record.error)
            .put("time", record.time.0),
        Audit::Typing(record) => detail
            .put("time", record.time.0)
            .put("sessionId", record.session_id.as_str())
            .put("indicatorStatus", record.indicator_status)
            .put("result", record.result)
            .put("latencyMs", record.latency_ms)
            .put("error", record.error),
        Audit::Webhook(record) => detail
            .put("time", record.time.0)
            .put("webhook", record.name)
            .put("httpStatus", http_status(record.http_status)),
    };
}

#[cfg(feature = "conversations")]
fn http_status(status: Option<u16>) -> Value<'static> {
    status.map_or(Value::Nothing, |status| Value::from(u32::from(status)))
}
