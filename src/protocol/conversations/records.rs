//! Audit records and webhooks (reference, section 7): ids, sizes, times and codes.

use super::calls::{Plan, Purpose, Retry};
use super::sending::stamp;
use super::settings::Webhook;
use crate::protocol::json::Json;
#[cfg(not(target_arch = "wasm32"))]
use crate::session::audit::{Audit, WebhookFailure};
use crate::session::audit::{Transmission, TypingTransition};
use crate::session::redact::Redacted;

/// A webhook has this long.
const WEBHOOK_TIMEOUT_MS: u32 = 5_000;

pub(super) fn analytics(webhook: &Webhook, record: &Transmission) -> Plan {
    let mut body = Json::map();
    body.put("event_type", "message_transmission")
        .put("guest_id", record.session_id.as_str())
        .put("conversation_id", record.conversation_id.as_str())
        .put("status", record.status)
        .put("latency_ms", record.latency_ms)
        .put("timestamp", stamp(record.time))
        .put("error", record.error);
    plan("analytics", webhook, Some(("X-Source", Redacted::new(webhook.source.as_str()))), &body)
}

pub(super) fn crm(webhook: &Webhook, record: &TypingTransition) -> Plan {
    let mut body = Json::map();
    body.put("event", "typing_indicator_update")
        .put("timestamp", stamp(record.time))
        .put("session_id", record.session_id.as_str())
        .put("status", record.indicator_status)
        .put("source", webhook.source.as_str());
    plan("crm", webhook, None, &body)
}

fn plan(name: &'static str, webhook: &Webhook, header: Option<(&'static str, Redacted)>, body: &Json) -> Plan {
    Plan {
        purpose: Purpose::Webhook { name },
        method: "POST",
        url: webhook.url.clone(),
        header,
        body: Some(Redacted::new(body.write())),
        retry: Retry::NEVER,
        timeout_ms: WEBHOOK_TIMEOUT_MS,
        is_last: false,
    }
}

/// One line of JSON, for those who keep books natively.
#[cfg(not(target_arch = "wasm32"))]
pub fn line(audit: &Audit) -> String {
    let status = |status: Option<u16>| status.map_or(Json::Null, |status| Json::from(u32::from(status)));
    let record = match audit {
        Audit::Transmission(Transmission {
            session_id,
            conversation_id,
            content_type,
            payload_bytes,
            latency_ms,
            status: word,
            http_status,
            response_id,
            error,
            time,
        }) => Json::object([
            ("time", Json::from(stamp(*time).as_str())),
            ("action", Json::from("TRANSMIT_MESSAGE")),
            ("session_id", Json::from(session_id.as_str())),
            ("conversation_id", Json::from(conversation_id.as_str())),
            ("content_type", Json::from(*content_type)),
            ("payload_bytes", Json::from(*payload_bytes as u64)),
            ("latency_ms", Json::from(*latency_ms)),
            ("status", Json::from(*word)),
            ("http_status", status(*http_status)),
            ("response_id", Json::from(response_id.as_deref())),
            ("error", Json::from(*error)),
        ]),
        Audit::Typing(TypingTransition { time, session_id, indicator_status, result, latency_ms, error }) => {
            Json::object([
                ("timestamp", Json::from(stamp(*time).as_str())),
                ("session_id", Json::from(session_id.as_str())),
                ("indicator_status", Json::from(*indicator_status)),
                ("result", Json::from(*result)),
                ("latency_ms", Json::from(*latency_ms)),
                ("error", Json::from(*error)),
            ])
        }
        Audit::Webhook(WebhookFailure { time, name, http_status }) => Json::object([
            ("timestamp", Json::from(stamp(*time).as_str())),
            ("webhook", Json::from(*name)),
            ("http_status", status(*http_status)),
        ]),
    };
    record.write()
}
