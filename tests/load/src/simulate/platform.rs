//! The Guest API's limits, and just enough of an answer to everything.

use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::HttpAnswer;
use serde_json::{Value, json};

use super::limits::{Limit, MINUTE_MS, Times};

const CONNECTIONS: Limit = Limit { count: 1_000, span_ms: MINUTE_MS };
const REQUESTS: Limit = Limit { count: 60, span_ms: MINUTE_MS };
const MESSAGES: Limit = Limit { count: 2, span_ms: 1_000 };

#[derive(Debug, Default)]
pub(super) struct Platform {
    connections: Times,
    /// Taken in, copies among them.
    pub(super) messages: u64,
    pub(super) refused: u64,
    pub(super) too_fast: u64,
}

/// One guest's line.
#[derive(Debug, Default)]
pub(super) struct Connection {
    requests: Times,
    messages: Times,
}

impl Platform {
    pub(super) fn connect(&mut self, now_ms: u64) -> Option<Connection> {
        let is_taken = self.connections.take(CONNECTIONS, now_ms);
        self.refused += u64::from(!is_taken);
        is_taken.then(Connection::default)
    }

    /// The answer to a frame, if it has one.
    pub(super) fn receive(&mut self, now_ms: u64, epoch_ms: u64, line: &mut Connection, frame: &str) -> Option<Json> {
        let frame: Value = serde_json::from_str(frame).unwrap_or_default();
        let tracing_id = &frame["tracingId"];
        let is_text = frame["message"]["type"] == "Text";
        let is_within = line.requests.take(REQUESTS, now_ms) && (!is_text || line.messages.take(MESSAGES, now_ms));
        if !is_within {
            self.too_fast += 1;
            let body = json!({ "errorCode": 4029, "retryAfter": 3 });
            return tree(
                &json!({"type": "response", "class": "TooManyRequestsErrorMessage", "code": 429, "body": body, "tracingId": tracing_id}),
            );
        }
        match frame["action"].as_str()? {
            "configureSession" => {
                let body = json!({ "connected": true, "newSession": true });
                tree(
                    &json!({"type": "response", "class": "SessionResponse", "code": 200, "body": body, "tracingId": tracing_id}),
                )
            }
            "onMessage" if is_text => {
                self.messages += 1;
                let id = format!("{:032x}", self.messages);
                let time = time(epoch_ms + now_ms);
                let body = json!({
                    "type": "Text", "text": frame["message"]["text"], "direction": "Inbound", "id": id,
                    "channel": { "time": time, "type": "Private", "messageId": id }, "metadata": frame["message"]["metadata"],
                });
                tree(
                    &json!({"type": "message", "class": "StructuredMessage", "code": 200, "body": body, "tracingId": tracing_id}),
                )
            }
            "getJwt" => {
                let body = json!({ "jwt": "j", "exp": (epoch_ms + now_ms) / 1_000 + 900 });
                tree(
                    &json!({"type": "response", "class": "JwtResponse", "code": 200, "body": body, "tracingId": tracing_id}),
                )
            }
            "echo" => {
                let body = json!({ "type": "Text", "text": "ping", "direction": "Inbound" });
                tree(
                    &json!({"type": "message", "class": "StructuredMessage", "code": 200, "body": body, "tracingId": tracing_id}),
                )
            }
            _ => None,
        }
    }

    /// The configuration, or a history without messages.
    pub(super) fn answer(url: &str) -> HttpAnswer {
        let body = if url.ends_with("config.json") {
            json!({"id": "d", "status": "Active", "messenger": {"enabled": true, "apps": {"conversations": {"enabled": true}}}})
        } else {
            json!({"entities": [], "pageSize": 25, "pageNumber": 1, "pageCount": 1, "total": 0})
        };
        HttpAnswer { status: 200, body: tree(&body), ..HttpAnswer::default() }
    }
}

pub(super) fn tree(value: &Value) -> Option<Json> {
    json::parse(&value.to_string())
}

/// In the platform's form.
pub(super) fn time(wall_ms: u64) -> String {
    i64::try_from(wall_ms)
        .ok()
        .and_then(|wall_ms| jiff::Timestamp::from_millisecond(wall_ms).ok())
        .map(|time| time.to_string())
        .unwrap_or_default()
}
