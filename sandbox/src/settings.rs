//! What can be changed while the platform runs.

use crate::limits::FILE_KB;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::conversations::{DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET};

/// What the guest hears when an agent ends the conversation (guest API reference, section 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisconnectKind {
    /// A Disconnect event; the guest may go on.
    Send,
    /// A Disconnect event that also locks the conversation.
    ReadOnly,
    /// Nothing.
    Off,
}

/// In which order a history page lists its messages. The platform's is newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryOrder {
    NewestFirst,
    OldestFirst,
}

/// How events sockets spell the typing event; both are seen (conversations reference, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypingEvent {
    #[serde(rename = "typing")]
    Typing,
    #[serde(rename = "conversation:typing")]
    ConversationTyping,
}

/// The switches of the stand-in. Each names what is on when it is true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The scripted bot answers guests.
    pub bot: bool,
    /// How long the bot types before an answer.
    pub bot_pace_ms: u64,
    /// The limits of section 18 that are answered with an error. The limit of three connections always holds.
    pub limits: bool,
    /// Our own extension: guests' receipts are taken, and config.json says so.
    pub read_receipts: bool,
    pub session_duration_s: u64,
    pub auto_start: bool,
    /// Guests may send typing events; a 403 otherwise.
    pub user_typing: bool,
    /// Agents' typing events go out.
    pub agent_typing: bool,
    /// Guests may clear the conversation; a 403 otherwise.
    pub clear: bool,
    pub disconnect: DisconnectKind,
    /// Typing events, either way, move a session's end on, as messages do.
    pub typing_extends: bool,
    /// A guest's own typing event comes back to its connections.
    pub echo_typing: bool,
    /// History entries carry `metadata`.
    pub history_metadata: bool,
    pub history_order: HistoryOrder,
    /// A second message with a known `metadata.id` is answered with the first one's echo and not stored again.
    pub dedupe_by_client_id: bool,
    pub attachments: bool,
    /// Which files guests may send, with wildcards: `allowedMedia` of sessions, `modes` of older deployments.
    pub file_types: Vec<String>,
    pub file_max_kb: u64,
    /// As older deployments have it: config.json lists types and sessions have no say.
    pub files_by_modes: bool,
    pub markdown: bool,
    pub auth: bool,
    /// An anonymous session may become an authenticated one.
    pub session_upgrade: bool,
    /// The deployment answers; a 403 otherwise.
    pub active: bool,
    /// Life of a history token.
    pub jwt_life_s: u64,
    /// Life of a sign-in token.
    pub auth_life_s: u64,
    /// The other `type` (and code) for the classes on which the sources differ (section 27).
    pub alternate_types: bool,
    /// Life of a guest's bearer token in the conversations API.
    pub guest_token_life_s: u64,
    /// Life of a bearer token from client credentials.
    pub oauth_life_s: u64,
    /// The one client that `POST /oauth/token` knows.
    pub client_id: String,
    pub client_secret: String,
    /// Calls of the conversations API must carry a version 4 UUID as request id, a new one each time.
    pub request_ids: bool,
    /// The conversations API gives transcripts; a 404 otherwise.
    pub conversations_history: bool,
    pub typing_event: TypingEvent,
    /// How long an events socket has for its first frame.
    pub authenticate_within_s: u64,
    /// New webchat sessions wait until an agent answers.
    pub webchat_queues: bool,
    /// The platform's clock, as `Date` and `Retry-After` tell it, is so many seconds ahead.
    pub date_skew_s: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bot: true,
            bot_pace_ms: 700,
            limits: true,
            read_receipts: true,
            session_duration_s: 259_200,
            auto_start: false,
            user_typing: true,
            agent_typing: true,
            clear: true,
            disconnect: DisconnectKind::ReadOnly,
            typing_extends: true,
            echo_typing: true,
            history_metadata: true,
            history_order: HistoryOrder::NewestFirst,
            dedupe_by_client_id: false,
            attachments: true,
            file_types: vec!["*/*".to_owned()],
            file_max_kb: FILE_KB,
            files_by_modes: false,
            markdown: true,
            auth: true,
            session_upgrade: true,
            active: true,
            jwt_life_s: 60,
            auth_life_s: 900,
            alternate_types: false,
            guest_token_life_s: 3600,
            oauth_life_s: 1800,
            client_id: DEFAULT_CLIENT_ID.to_owned(),
            client_secret: DEFAULT_CLIENT_SECRET.to_owned(),
            request_ids: true,
            conversations_history: true,
            typing_event: TypingEvent::Typing,
            authenticate_within_s: 10,
            webchat_queues: false,
            date_skew_s: 0,
        }
    }
}

impl Settings {
    /// These settings with the members of `patch` laid over them.
    ///
    /// # Errors
    /// One sentence that names the member that is unknown or has the wrong type.
    pub(crate) fn merged(&self, patch: &Value) -> Result<Self, String> {
        let Value::Object(patch) = patch else {
            return Err("Settings are one JSON object, such as {\"bot\":false}.".into());
        };
        let mut whole = self.to_json();
        if let Value::Object(members) = &mut whole {
            members.extend(patch.clone());
        }
        Self::deserialize(whole).map_err(|error| format!("These settings do not fit: {error}."))
    }

    pub(crate) fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
