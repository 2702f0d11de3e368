//! What the page's token provider gives (conversations APIs reference, section 2).

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
