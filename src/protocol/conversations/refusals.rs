//! What a refusal means (reference, section 1), and what of the platform's words may be told on.

use super::calls::Purpose;
use crate::protocol::json::Json;
use crate::session::error::{ChatError, Refusal};
use crate::text::find;

/// More of the platform's words is not told on, in bytes.
const DETAIL_MAX_BYTES: usize = 200;
/// So many bytes in a row that the visitor wrote make the platform's words theirs.
const QUOTE_BYTES: usize = 6;

/// Every scope that the reference names.
const SCOPES: [&str; 10] = [
    "webmessaging:conversation:write",
    "conversations:messaging",
    "conversations:read",
    "messaging:write",
    "webchat:write:session",
    "webchat:write",
    "webchat:read",
    "messaging:conversation:write",
    "messaging:conversation:read",
    "conversation:write",
];

/// `secrets`: what the detail must not quote.
pub(super) fn refusal(status: u16, body: Option<&Json>, purpose: &Purpose, secrets: &[&str]) -> Refusal {
    let said = body.and_then(|body| body.text("message")).unwrap_or_default();
    let error = error(status).clone();
    if error == ChatError::SCOPE_MISSING {
        let named = SCOPES.iter().find(|scope| find(said.as_bytes(), scope.as_bytes()).is_some());
        let detail = named.copied().unwrap_or_else(|| scope(purpose)).to_owned();
        return Refusal { error, detail };
    }
    let quotes = |secret: &&str| {
        let secret = secret.as_bytes();
        // A word of two letters stands in any sentence.
        let length = secret.len().clamp(3, QUOTE_BYTES);
        secret.windows(length).any(|part| find(said.as_bytes(), part).is_some())
    };
    let detail = if said.is_empty() || secrets.iter().any(quotes) { status_text(status) } else { said };
    let mut end = detail.len().min(DETAIL_MAX_BYTES);
    while !detail.is_char_boundary(end) {
        end -= 1;
    }
    Refusal { error, detail: detail.get(..end).unwrap_or_default().to_owned() }
}

/// As RFC 9110 has it: newer versions of HTTP do not carry it.
fn status_text(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

pub(super) fn error(status: u16) -> &'static ChatError {
    match status {
        400 | 422 => &ChatError::BAD_REQUEST,
        401 => &ChatError::AUTHENTICATION,
        403 => &ChatError::SCOPE_MISSING,
        404 | 405 | 410 => &ChatError::NOT_FOUND,
        409 => &ChatError::CONVERSATION_OVER,
        412 => &ChatError::CONFLICT,
        413 => &ChatError::MESSAGE_TOO_LONG,
        429 => &ChatError::TOO_BUSY,
        500..=599 => &ChatError::PLATFORM_FAULT,
        _ => &ChatError::MESSAGE_REFUSED,
    }
}

/// What a token needs for such a call.
fn scope(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Open => "conversations:messaging",
        Purpose::Send(_) | Purpose::Receipt => "messaging:write",
        Purpose::History { .. } => "messaging:conversation:read",
        // Recorded when they fail, and not told.
        Purpose::Typing { .. } | Purpose::WebchatGet | Purpose::WebchatPatch { .. } | Purpose::Webhook { .. } => "",
    }
}
