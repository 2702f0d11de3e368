//! What a conversation has beside the usual when it was opened by the conversations API.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which of the ways to say a thing the guest's client used last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dialect {
    Participants,
    Conversations,
    Webchat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SendingDialect {
    /// `POST …/messages`
    Messages,
    /// `POST …/participants/{participantId}/send`
    Send,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dialects {
    pub(crate) sending: Option<SendingDialect>,
    pub(crate) typing: Option<Dialect>,
    pub(crate) receipts: Option<Dialect>,
}

/// The state of a webchat session (conversations reference, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebchatState {
    /// Nobody has taken it yet.
    Queued,
    /// An agent is there; only now may the guest's typing be told.
    Connected,
    Closed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Webchat {
    pub(crate) state: WebchatState,
    /// Rises with every change; the entity tag is made of it.
    pub(crate) version: u64,
    pub(crate) custom_attributes: Map<String, Value>,
}

impl Webchat {
    pub(crate) fn etag(&self) -> String {
        format!("\"v{}\"", self.version)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GuestToken {
    pub(crate) token: String,
    pub(crate) expires_at_ms: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Messaging {
    /// The conversation's id on the wire, which is its webchat session's id as well.
    pub(crate) id: String,
    /// The guest's participant id.
    pub(crate) guest_id: String,
    pub(crate) agent_id: String,
    pub(crate) bot_id: String,
    /// The guest's tokens that were good when this was last kept.
    pub(crate) tokens: Vec<GuestToken>,
    pub(crate) dialects: Dialects,
    /// When the participant last read something.
    pub(crate) last_read_ms: Option<u64>,
    /// Messages read one by one that lie after the conversation's read mark.
    pub(crate) read_ids: BTreeSet<String>,
    /// From the guest's `transmissionTimestamp` until its last message came.
    pub(crate) last_latency_ms: Option<u64>,
    pub(crate) webchat: Webchat,
}
