//! The guest's frames, read independently of the client's own codec.

use serde_json::Value;

#[derive(Debug)]
pub(crate) enum SentFrame {
    Configure {
        token: String,
        tracing_id: String,
    },
    Message {
        client_id: String,
        text: String,
    },
    Typing,
    Receipt {
        id: String,
    },
    Probe,
    /// Joining, clearing, closing, asking for a history token.
    Other,
}

/// `None` is a frame that is none.
pub(crate) fn read_sent(text: &str) -> Option<SentFrame> {
    let frame: Value = serde_json::from_str(text).ok()?;
    let text_at = |pointer: &str| frame.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    Some(match frame.get("action").and_then(Value::as_str)? {
        "configureSession" => SentFrame::Configure { token: text_at("/token")?, tracing_id: text_at("/tracingId")? },
        "echo" => SentFrame::Probe,
        "onMessage" => match frame.pointer("/message/type").and_then(Value::as_str)? {
            "Receipt" => SentFrame::Receipt { id: text_at("/message/id")? },
            "Event" if frame.pointer("/message/events/0/eventType").and_then(Value::as_str) == Some("Typing") => {
                SentFrame::Typing
            }
            "Event" => SentFrame::Other,
            _ => SentFrame::Message { client_id: text_at("/message/metadata/id")?, text: text_at("/message/text")? },
        },
        _ => SentFrame::Other,
    })
}

/// What the checks need to know of a frame that the guest hears.
#[derive(Debug, Default)]
pub(crate) struct HeardFrame {
    /// The code and the request that it is about, when it is an error.
    pub(crate) error: Option<(i64, Option<String>)>,
    pub(crate) retry_after_s: Option<u64>,
    /// Somebody else's typing signal, with its duration.
    pub(crate) typing_ms: Option<u64>,
    /// Somebody else's message, or the end of the conversation.
    pub(crate) ends_typing: bool,
    /// Anything that belongs to the conversation rather than to the connection.
    pub(crate) is_message: bool,
    pub(crate) is_new_session: bool,
    pub(crate) is_session: bool,
    /// A session in which something can be said.
    pub(crate) is_writable: bool,
}

const TYPING_DEFAULT_MS: u64 = 5_000;

pub(crate) fn read_heard(text: &str) -> HeardFrame {
    let Ok(frame) = serde_json::from_str::<Value>(text) else { return HeardFrame::default() };
    let mut heard = HeardFrame::default();
    let class = frame.get("class").and_then(Value::as_str).unwrap_or_default();
    let body = frame.get("body").unwrap_or(&Value::Null);
    match class {
        "string" | "TooManyRequestsErrorMessage" => {
            let code = frame.get("code").and_then(Value::as_i64).unwrap_or_default();
            if code >= 300 {
                heard.error = Some((code, frame.get("tracingId").and_then(Value::as_str).map(str::to_owned)));
                heard.retry_after_s = body.get("retryAfter").and_then(Value::as_u64);
            }
        }
        "SessionResponse" => {
            let flag = |key| body.get(key).and_then(Value::as_bool) == Some(true);
            heard.is_session = flag("connected");
            heard.is_writable = flag("connected") && !flag("readOnly");
            heard.is_new_session = body.get("newSession").and_then(Value::as_bool).unwrap_or_default();
        }
        "StructuredMessage" => read_message(body, &mut heard),
        _ => {}
    }
    heard
}

fn read_message(body: &Value, heard: &mut HeardFrame) {
    let is_outbound = body.get("direction").and_then(Value::as_str) == Some("Outbound");
    let event = body.pointer("/events/0");
    match event.and_then(|event| event.get("eventType")).and_then(Value::as_str) {
        Some("Typing") if is_outbound => {
            let typing = event.and_then(|event| event.get("typing")).unwrap_or(&Value::Null);
            let named = typing.get("duration").or_else(|| typing.get("durationMs")).and_then(Value::as_u64);
            let is_off = typing.get("type").and_then(Value::as_str) == Some("Off");
            heard.typing_ms = Some(if is_off { 0 } else { named.unwrap_or(TYPING_DEFAULT_MS) });
        }
        Some("Typing") => {}
        Some(_) => {
            let presence = event.and_then(|event| event.pointer("/presence/type")).and_then(Value::as_str);
            heard.ends_typing = is_outbound && presence == Some("Disconnect");
            heard.is_message = true;
        }
        None => {
            heard.ends_typing = is_outbound && body.get("type").and_then(Value::as_str) != Some("Receipt");
            heard.is_message = body.get("channel").is_some();
        }
    }
}
