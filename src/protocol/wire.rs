//! What a protocol wants of the line and of HTTP, and what comes back.

use super::json::Json;
use crate::session::redact::Redacted;
use core::hash::{Hash, Hasher};
use core::mem::discriminant;

/// One thing to do on the network.
#[derive(Clone, Debug, PartialEq)]
pub enum WireAction {
    OpenSocket { url: String },
    SendFrame(Redacted),
    CloseSocket { code: u16 },
    Fetch(HttpCall),
}

/// The address of a socket names the version, which is no difference.
impl Hash for WireAction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        discriminant(self).hash(state);
        match self {
            WireAction::OpenSocket { .. } => {}
            WireAction::SendFrame(frame) => frame.hash(state),
            WireAction::CloseSocket { code } => code.hash(state),
            WireAction::Fetch(call) => call.hash(state),
        }
    }
}

/// One thing that the network did.
#[derive(Clone, Debug)]
pub enum WireInput {
    SocketOpened,
    /// A text frame as a tree; `None` for one that is no JSON, binary, too large or too deep.
    Frame(Option<Json>),
    /// With the close code, 1006 when there was none.
    SocketClosed(u16),
    Answer {
        call: u32,
        answer: Option<HttpAnswer>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct HttpCall {
    /// Comes back with the answer.
    pub id: u32,
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, Redacted)>,
    pub body: Option<Redacted>,
    pub timeout_ms: u32,
    /// It goes out even when the page goes away meanwhile.
    pub keepalive: bool,
}

/// The rest follows from what it is for.
impl Hash for HttpCall {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
        self.url.hash(state);
    }
}

/// `None` in `WireInput::Answer` means that no answer came.
#[derive(Clone, Debug, Default)]
pub struct HttpAnswer {
    pub status: u16,
    pub retry_after: Option<String>,
    /// The `Date` header, where the browser lets it be read.
    pub date: Option<String>,
    #[cfg(feature = "conversations")]
    pub etag: Option<String>,
    /// The `X-RateLimit-Remaining` header: how many calls the platform takes yet.
    #[cfg(feature = "conversations")]
    pub remaining: Option<String>,
    /// `None` when the body is no JSON.
    pub body: Option<Json>,
}
