//! What the page chose among the dialects of the conversations APIs (reference, sections 2 to 7).

use crate::protocol::webchat;
use crate::session::manners::{Manners, Policy};

/// The protocol says what became of a message well before that: two calls and a token between them.
const ECHO_TIMEOUT_MS: u64 = 75_000;
/// Section 5: base 3 s.
const RECONNECT_MS: u64 = 3_000;

/// How typing is said (section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TypingDialect {
    /// `POST …/participants/{participantId}/typing`.
    #[default]
    Participants,
    /// `POST …/conversations/{conversationId}/typing`.
    Conversations,
    /// `PATCH /webchat/sessions/{sessionId}`.
    Webchat,
}

/// How it is said that a message was read (section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReceiptsDialect {
    /// Not at all: the read mark stays in the browser.
    #[default]
    Local,
    /// `POST …/participants/{participantId}/read`, up to a message.
    Participants,
    /// `PUT …/messages/{messageId}/read`, message by message.
    Conversations,
}

/// How a message is sent (section 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SendForm {
    /// `POST …/messages`.
    #[default]
    Messages,
    /// `POST …/participants/{participantId}/send`.
    ParticipantSend,
}

/// Where a record of what happened goes, on the page's wish alone (section 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub url: String,
    /// Who says it.
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationsSettings {
    pub typing: TypingDialect,
    pub receipts: ReceiptsDialect,
    pub send: SendForm,
    /// Given by the page; else the widget opens a conversation of its own.
    pub conversation_id: Option<String>,
    /// Of that conversation.
    pub participant_id: Option<String>,
    /// Of the web chat, for [`TypingDialect::Webchat`].
    pub session_id: Option<String>,
    /// The page brings tokens of its own: it is asked with `EngineOutput::AskToken`. Else the guest token that comes
    /// with a new conversation is used.
    pub has_token_provider: bool,
    /// After this long without a key press the visitor types no more. `None`: as the dialect has it.
    pub typing_pause_ms: Option<u32>,
    /// No message may hold one of these.
    pub content_policy: Vec<String>,
    /// Which files may be attached, by MIME type.
    pub attachment_types: Vec<String>,
    pub analytics: Option<Webhook>,
    pub crm: Option<Webhook>,
}

impl ConversationsSettings {
    /// How the session behaves with this choice.
    pub(crate) fn manners(&self) -> Manners {
        let (typing_interval_ms, pause_ms) = match self.typing {
            TypingDialect::Participants => (1_000, 1_000),
            TypingDialect::Conversations => (1_000, 500),
            // Sooner it would be suppressed; and what is not renewed expires.
            TypingDialect::Webchat => (webchat::SUPPRESSED_MS, webchat::EXPIRY_MS),
        };
        Manners {
            typing_interval_ms,
            typing_pause_ms: Some(self.typing_pause_ms.map_or(pause_ms, u64::from)),
            has_receipt_each: self.receipts == ReceiptsDialect::Conversations,
            echo_timeout_ms: ECHO_TIMEOUT_MS,
            reconnect_ms: RECONNECT_MS,
            is_rest: true,
            policy: Policy { forbidden: self.content_policy.clone(), attachment_types: self.attachment_types.clone() },
        }
    }
}

impl Default for ConversationsSettings {
    fn default() -> ConversationsSettings {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        ConversationsSettings {
            typing: TypingDialect::default(),
            receipts: ReceiptsDialect::default(),
            send: SendForm::default(),
            conversation_id: None,
            participant_id: None,
            session_id: None,
            has_token_provider: false,
            typing_pause_ms: None,
            content_policy: owned(&["<script>", "<script *>", "<script/*>", "</script*>"]),
            attachment_types: owned(&["image/png", "image/jpeg", "application/pdf", "text/plain"]),
            analytics: None,
            crm: None,
        }
    }
}
