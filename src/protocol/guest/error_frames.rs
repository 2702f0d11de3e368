//! Error frames (reference, section 17): whom they are about, and what they mean.

use super::decode::Decoded;
use super::keys::is_about_clearing;
use super::{Guest, Purpose, attachments};
use crate::session::ids::ClientId;
use crate::session::input::{PlatformEvent, Rejection, RejectionReason};

pub(super) fn decode(
    code: i64,
    text: Option<&str>,
    retry_after_s: Option<i64>,
    request_id: Option<ClientId>,
    guest: &mut Guest,
) -> Option<Decoded> {
    let reason = reason_of(code, text, retry_after_s)?;
    let purpose = request_id.as_ref().and_then(|id| guest.take_purpose(id));
    let rejected = |client_id| Some(Decoded::Events(vec![PlatformEvent::Rejected(Rejection { client_id, reason })]));
    if matches!(reason, RejectionReason::SessionGone | RejectionReason::ClearNotAllowed) {
        return rejected(None);
    }
    match (purpose, request_id) {
        (Some(Purpose::Signal | Purpose::Close), _) => None,
        (Some(Purpose::HistoryToken), _) => Some(Decoded::HistoryTokenRefused),
        (Some(Purpose::Clear), _) => Some(Decoded::Events(vec![PlatformEvent::Rejected(Rejection {
            client_id: None,
            reason: RejectionReason::ClearNotAllowed,
        })])),
        (Some(Purpose::File), Some(id)) => {
            let retry_after_ms =
                if let RejectionReason::TooFast { retry_after_ms } = reason { retry_after_ms } else { None };
            let refusal = attachments::refusal(code, retry_after_ms);
            Some(Decoded::Events(vec![PlatformEvent::FileRefused { id: id.0, refusal }]))
        }
        (Some(Purpose::Configure | Purpose::File), _) => rejected(None),
        (Some(Purpose::Message), id) => rejected(id),
        // An id that we do not know: somebody else's, or long answered.
        (None, Some(id)) => rejected(Some(id)),
        (None, None) if guest.is_configuring() => rejected(None),
        // Without an id only what can be about nothing but a message is taken to be about the one under way.
        (None, None) => match reason {
            RejectionReason::TooLong
            | RejectionReason::AttributesTooLarge
            | RejectionReason::TooFast { .. }
            | RejectionReason::ReadOnly => rejected(None),
            RejectionReason::Authentication
            | RejectionReason::SignInNeeded
            | RejectionReason::SessionGone
            | RejectionReason::ClearNotAllowed
            | RejectionReason::Temporary
            | RejectionReason::Other => None,
            #[cfg(feature = "conversations")]
            RejectionReason::Later { .. } | RejectionReason::NotYet { .. } | RejectionReason::For(_) => None,
        },
    }
}

fn reason_of(code: i64, text: Option<&str>, retry_after_s: Option<i64>) -> Option<RejectionReason> {
    Some(match code {
        200..=299 => return None,
        401 => RejectionReason::Authentication,
        403 if text.is_some_and(is_about_clearing) => RejectionReason::ClearNotAllowed,
        403 => RejectionReason::Authentication,
        4017 => RejectionReason::SignInNeeded,
        408 | 500..=599 => RejectionReason::Temporary,
        409 => RejectionReason::ReadOnly,
        429 | 4029 => RejectionReason::TooFast {
            retry_after_ms: retry_after_s
                .and_then(|span_s| u64::try_from(span_s).ok())
                .map(|span_s| span_s.saturating_mul(1_000)),
        },
        4006 | 4007 => RejectionReason::SessionGone,
        4011 => RejectionReason::TooLong,
        4013 => RejectionReason::AttributesTooLarge,
        _ => RejectionReason::Other,
    })
}
