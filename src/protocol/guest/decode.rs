//! The platform's frames (reference, sections 3.2, 5 and 17). By class, never by type; what is unknown is no error.

use super::{Guest, attachments, encode, error_frames, message};
use crate::protocol::json::Json;
use crate::session::files::FileRules;
use crate::session::ids::ClientId;
use crate::session::input::{Configured, Lifetime, PlatformEvent};
use crate::session::redact::Redacted;
use crate::session::time::WallTime;

/// Larger than any date in seconds, smaller than any of our time in milliseconds.
const SECONDS_MAX: i64 = 100_000_000_000;

pub(super) enum Decoded {
    Events(Vec<PlatformEvent>),
    Configured(Configured),
    HistoryToken { token: Redacted, expires_at_s: Option<i64> },
    HistoryTokenRefused,
}

/// What a frame means, or `None` when it means nothing.
pub(super) fn frame(frame: &Json, guest: &mut Guest) -> Option<Decoded> {
    let class = frame.text("class")?;
    let body = frame.get("body")?;
    let request_id = frame.owned("tracingId").map(ClientId);
    if class == "StructuredMessage" {
        return structured(frame, body, request_id, guest);
    }
    // Messages are taken in any shape; what changes the session must be well formed.
    let code = match frame.get("code") {
        Some(Json::Number(code)) => *code as i64,
        _ => return None,
    };
    if class == "string" {
        return error_frames::decode(code, body.as_text(), None, request_id, guest);
    }
    if !body.is_map() {
        return None;
    }
    match class {
        "SessionResponse" => session_response(body).map(Decoded::Configured),
        "JwtResponse" => Some(Decoded::HistoryToken {
            token: Redacted::new(body.text("jwt").unwrap_or_default()),
            expires_at_s: body.integer("exp"),
        }),
        "TooManyRequestsErrorMessage" => {
            let retry_after_s = body.get("retryAfter").and_then(|_| body.integer("retryAfter"));
            error_frames::decode(429, None, retry_after_s, request_id, guest)
        }
        "Error" | "ErrorMessage" => {
            let code = body.integer("errorCode").unwrap_or(code);
            error_frames::decode(code, body.text("errorMessage"), None, request_id, guest)
        }
        "SessionExpiredEvent" => one(PlatformEvent::Expired),
        "SessionClearedEvent" => one(PlatformEvent::Cleared),
        "LogoutEvent" => one(PlatformEvent::LoggedOut),
        "ConnectionClosedEvent" => {
            let reason = body.text("reason").or_else(|| body.text("reasonCode")).unwrap_or_default();
            one(PlatformEvent::ClosedElsewhere { signed_in: reason == "signedIn" })
        }
        _ => {
            let id = request_id.as_ref().map(|id| id.0.as_str());
            let event = attachments::decode(class, body, id)?;
            if let Some(id) = &request_id {
                guest.take_purpose(id);
            }
            one(event)
        }
    }
}

fn structured(frame: &Json, body: &Json, request_id: Option<ClientId>, guest: &mut Guest) -> Option<Decoded> {
    if request_id.as_ref().is_some_and(|id| id.0 == encode::PROBE_ID) {
        return one(PlatformEvent::Alive(body.get("metadata").map(lifetime).unwrap_or_default()));
    }
    if let Some(id) = &request_id {
        guest.take_purpose(id);
    }
    let _ = frame;
    let events = message::live(body, request_id);
    (!events.is_empty()).then_some(Decoded::Events(events))
}

fn session_response(body: &Json) -> Option<Configured> {
    Some(Configured {
        is_connected: body.bool("connected")?,
        is_new: body.bool("newSession").unwrap_or_default(),
        is_read_only: body.bool("readOnly").unwrap_or_default(),
        files: Some(files(body)),
        lifetime: lifetime(body),
    })
}

/// An empty object is none (section 5.1).
fn files(body: &Json) -> FileRules {
    let media = body.get("allowedMedia").and_then(|media| media.get("inbound"));
    media.map(|media| attachments::rules(media, body.list("blockedExtensions"))).unwrap_or_default()
}

fn lifetime(body: &Json) -> Lifetime {
    Lifetime {
        duration_s: body.integer("durationSeconds").and_then(|duration_s| u64::try_from(duration_s).ok()),
        expires_at: body.integer("expirationDate").map(|date| {
            // Seconds on the wire; milliseconds in one documented example (section 5.1).
            WallTime(if date < SECONDS_MAX { date.saturating_mul(1_000) } else { date })
        }),
    }
}

fn one(event: PlatformEvent) -> Option<Decoded> {
    Some(Decoded::Events(vec![event]))
}
