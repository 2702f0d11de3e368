//! What can go wrong, by whose fault it is. Every error has a stable code and a sentence that a person can act on.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Deref;

/// Whose fault it is, which decides what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The page called us wrongly.
    ApiMisuse,
    /// The browser or the page's policy lacks something.
    Unsupported,
    /// The platform said no.
    Rejected,
    /// The platform said something that makes no sense.
    PeerMisbehaved,
    /// The network failed.
    Transport,
    /// The browser's storage failed.
    Storage,
    /// The conversation came to an end.
    Closed,
}

/// An error as the page and the visitor get it: never with message text or tokens in it.
///
/// Small, because it is handed on a lot: what there is to know of each error stands in the page once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatError(&'static ErrorFacts);

/// What there is to know of an error.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorFacts {
    pub kind: ErrorKind,
    /// Stable, with the kind's prefix: `rejected/too-long`.
    pub code: &'static str,
    /// One sentence in English for developers; the UI has its own words.
    pub message: &'static str,
    pub retryable: bool,
}

impl Deref for ChatError {
    type Target = ErrorFacts;

    fn deref(&self) -> &ErrorFacts {
        self.0
    }
}

/// The code says it all.
impl Hash for ChatError {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

impl fmt::Display for ChatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        f.write_str(": ")?;
        f.write_str(self.message)
    }
}

impl std::error::Error for ChatError {}

/// An error with what the platform said of it: nothing of what the visitor wrote, and no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub error: ChatError,
    /// The platform's own words, else the status in those of HTTP; or the scope that the token lacks. May be empty.
    pub detail: String,
}

/// As of the error: a recording does not keep the platform's words.
impl Hash for Refusal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.error.hash(state);
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)?;
        if self.detail.is_empty() {
            return Ok(());
        }
        f.write_str(" (")?;
        f.write_str(&self.detail)?;
        f.write_str(")")
    }
}

impl std::error::Error for Refusal {}

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident = $kind:ident, $code:literal, $retryable:literal, $message:literal;)*) => {
        impl ChatError {
            $($(#[$doc])* pub const $name: ChatError = ChatError(&ErrorFacts {
                kind: ErrorKind::$kind, code: $code, message: $message, retryable: $retryable,
            });)*

            /// Every error there is, for documentation and tests.
            pub const ALL: &'static [ChatError] = &[$(ChatError::$name),*];
        }
    };
}

errors! {
    EMPTY_MESSAGE = ApiMisuse, "misuse/empty-message", false, "the message has no text; pass at least one visible character";
    MESSAGE_TOO_LONG = Rejected, "rejected/too-long", false, "the message is longer than 4096 bytes of UTF-8; shorten or split it";
    OPTIONS = ApiMisuse, "misuse/options", false, "the options object is malformed; pass the options that the documentation lists";
    DESTROYED = ApiMisuse, "misuse/destroyed", false, "the messenger was destroyed; mount a new one";
    NOT_SENDABLE = Closed, "closed/read-only", false, "the conversation has ended; start a new chat to send messages";
    SESSION_EXPIRED = Closed, "closed/expired", true, "the session expired; start a new chat";
    SESSION_REPLACED = Closed, "closed/session-replaced", true, "the platform began a new session before the message was sent; send it again";
    CONVERSATION_CLEARED = Closed, "closed/cleared", false, "the conversation was cleared before the message was sent";
    LOGGED_OUT = Closed, "closed/logged-out", false, "the visitor logged out";
    CLOSED_ELSEWHERE = Closed, "closed/elsewhere", true, "the platform closed this connection because the conversation is in use elsewhere";
    SIGNED_IN_ELSEWHERE = Closed, "closed/signed-in-elsewhere", false, "the visitor signed in elsewhere; this session ended";
    DEPLOYMENT_REFUSED = Rejected, "rejected/deployment", true, "the deployment configuration was refused; check the deployment id and the environment";
    DEPLOYMENT_INACTIVE = Rejected, "rejected/inactive", false, "the deployment is inactive; activate it in the platform's administration";
    DEPLOYMENT_MALFORMED = PeerMisbehaved, "peer/deployment", true, "the deployment configuration is not what the reference describes; check the endpoint";
    CANNOT_CONNECT = Rejected, "rejected/connect", true, "the platform refuses the connection; check that this site is among the deployment's allowed domains";
    CONFIGURE_REFUSED = Rejected, "rejected/configure", true, "the platform refused the session; check the deployment id";
    AUTHENTICATION = Rejected, "rejected/authentication", true, "the platform did not accept the session's authentication";
    NO_SIGN_IN = ApiMisuse, "misuse/no-sign-in", false, "pass the option auth to mount() first";
    SIGN_IN_REFUSED = Rejected, "rejected/sign-in", true, "the visitor could not be signed in; check what auth gives and the deployment's settings";
    MESSAGE_REFUSED = Rejected, "rejected/message", true, "the platform refused the message";
    RATE_LIMITED = Rejected, "rejected/rate", true, "the platform asked to slow down; the message waits and is sent later";
    ATTRIBUTES_TOO_LARGE = Rejected, "rejected/attributes", false, "the custom attributes are larger than the platform allows; send fewer";
    FILES_UNDER_WAY = ApiMisuse, "misuse/files-under-way", true, "a file is still on its way; wait until it is there";
    CLEAR_REFUSED = Rejected, "rejected/clear", false, "the deployment does not allow visitors to clear the conversation";
    NOT_CONFIRMED = Transport, "network/not-confirmed", true, "the platform did not confirm the message in time";
    HISTORY_UNAVAILABLE = Transport, "network/history", true, "older messages could not be loaded";
    BAD_REQUEST = Rejected, "rejected/bad-request", false, "the platform could not read the request; the detail has its words";
    SCOPE_MISSING = Rejected, "rejected/scope", false, "the token lacks a scope; the detail names it";
    NOT_FOUND = Rejected, "rejected/not-found", false, "the platform knows no such conversation, participant, session or message; ids are case-sensitive";
    CONVERSATION_OVER = Closed, "closed/conversation", false, "the conversation does not exist or is no longer active; start a new chat";
    CONFLICT = Rejected, "rejected/conflict", true, "somebody else wrote to the session at the same time, three times over";
    TOO_BUSY = Rejected, "rejected/busy", true, "the platform was too busy three times; try again later";
    PLATFORM_FAULT = Transport, "network/platform", true, "the platform failed three times; try again later";
    NO_ANSWER = Transport, "network/no-answer", true, "no answer came from the platform";
    NO_TOKEN = Rejected, "rejected/token", true, "there is no token that the platform takes; check what the token provider gives";
    NO_PARTICIPANT = ApiMisuse, "misuse/no-participant", false, "a conversation of your own needs participantId, or a token provider that names guestId";
    CONTENT_FORBIDDEN = Rejected, "rejected/content", false, "the message holds something that this site does not allow, such as a script; take it out";
    ATTACHMENT_TYPE = Rejected, "rejected/attachment-type", false, "files of this type cannot be attached; choose another one";
    ATTACHMENT_TOO_LARGE = Rejected, "rejected/attachment-size", false, "the file is larger than 25 MB; choose a smaller one";
    WEBCHAT_QUEUED = Rejected, "rejected/webchat-queued", true, "the web chat's state is queued, and typing needs connected";
    WEBCHAT_CLOSED = Closed, "closed/webchat", false, "the web chat's state is closed, and typing needs connected";
    WEBCHAT_STATE = PeerMisbehaved, "peer/webchat-state", true, "the web chat's state is none that the reference names, and typing needs connected";
    NO_SECURE_RANDOM = Unsupported, "unsupported/secure-random", false, "this browser or page offers no secure random numbers; serve the page over https in a current browser";
    STORAGE_UNAVAILABLE = Storage, "storage/unavailable", true, "the browser's storage is not available; the conversation lasts until this page is closed";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_carries_the_prefix_of_its_kind() {
        let mut seen = std::collections::BTreeSet::new();
        for error in ChatError::ALL {
            assert!(seen.insert(error.code), "{} appears twice", error.code);
            let prefix = match error.kind {
                ErrorKind::ApiMisuse => "misuse/",
                ErrorKind::Unsupported => "unsupported/",
                ErrorKind::Rejected => "rejected/",
                ErrorKind::PeerMisbehaved => "peer/",
                ErrorKind::Transport => "network/",
                ErrorKind::Storage => "storage/",
                ErrorKind::Closed => "closed/",
            };
            assert!(error.code.starts_with(prefix), "{} is not {prefix}", error.code);
        }
    }
}
