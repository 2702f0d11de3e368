//! What a page may keep of what was transmitted (conversations APIs reference, section 7): never the text, never a token.

use super::time::WallTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audit {
    Transmission(Transmission),
    Typing(TypingTransition),
    /// A webhook did not take its record.
    Webhook(WebhookFailure),
}

/// One attempt to send one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmission {
    /// The guest's id.
    pub session_id: String,
    pub conversation_id: String,
    pub content_type: &'static str,
    pub payload_bytes: usize,
    pub latency_ms: u64,
    /// `delivered`, `failed`, or `unknown` when no answer came.
    pub status: &'static str,
    pub http_status: Option<u16>,
    pub response_id: Option<String>,
    /// The error's code.
    pub error: Option<&'static str>,
    pub time: WallTime,
}

impl Transmission {
    pub fn action(&self) -> &'static str {
        "TRANSMIT_MESSAGE"
    }
}

/// The visitor began or stopped to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypingTransition {
    pub time: WallTime,
    pub session_id: String,
    /// `on` or `off`.
    pub indicator_status: &'static str,
    /// `sent`, `suppressed` or `failed`.
    pub result: &'static str,
    pub latency_ms: u64,
    /// The error's code.
    pub error: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookFailure {
    pub time: WallTime,
    /// `analytics` or `crm`.
    pub name: &'static str,
    /// `None` when no answer came within five seconds.
    pub http_status: Option<u16>,
}

/// Which kind it is and how it went: the rest depends on times and ids.
impl core::hash::Hash for Audit {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        match self {
            Audit::Transmission(record) => (record.status, record.error).hash(state),
            Audit::Typing(record) => (record.indicator_status, record.result).hash(state),
            Audit::Webhook(record) => record.name.hash(state),
        }
    }
}
