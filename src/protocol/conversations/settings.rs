//! What the page chose among the dialects of the conversations APIs (reference, sections 2 to 7).

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

/// What a pattern list may hold: plain text in any case, with `*` for anything between two pieces.
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
