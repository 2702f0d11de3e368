//! What the page's token provider gives (conversations APIs reference, section 2).

use super::json::Json;
use crate::session::redact::Redacted;

/// A bearer token and what the provider says with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    pub token: Redacted,
    /// Unknown when the provider names none: then it is used until the platform refuses it.
    pub expires_in_s: Option<u64>,
    /// The guest's id, which is the participant's too.
    pub guest_id: Option<String>,
    pub conversation_id: Option<String>,
}

impl AccessToken {
    /// `None` when there is no token in it.
    pub fn read(given: &Json) -> Option<AccessToken> {
        Some(AccessToken {
            token: Redacted::new(given.text("token").filter(|token| !token.is_empty())?),
            expires_in_s: given.integer("expiresIn").and_then(|seconds| u64::try_from(seconds).ok()),
            guest_id: given.owned("guestId"),
            conversation_id: given.owned("conversationId"),
        })
    }
}
