//! The conversations APIs: REST calls beside an events socket, in every dialect of their reference.
//!
//! A conversation of theirs is a [`crate::session::Conversation`] with a [`Messaging`] in it, so that desk, bot, control
//! API, journal and faults are the same for all APIs.

mod bearer;
mod events;
mod messaging;
mod opening;
mod receipts;
mod sending;
mod transcript;
mod typing;
mod view;
mod webchat;

use percent_encoding::percent_decode_str;
use serde_json::Value;

pub(crate) use bearer::Bearers;
pub use bearer::{DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET};
pub(crate) use events::Listener;
pub(crate) use messaging::{Messaging, WebchatState};

use crate::{
    conversations::bearer::{Caller, Holder},
    fault::FaultRoute,
    http::error,
    message::http_date,
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    session::{ConversationKey, State},
};

/// Scopes with which messages are written: one of each set that is in use (conversations reference, section 1).
const WRITE: &[&str] =
    &["webmessaging:conversation:write", "conversations:messaging", "messaging:write", "messaging:conversation:write"];
const READ: &[&str] = &[
    "webmessaging:conversation:write",
    "conversations:messaging",
    "conversations:read",
    "messaging:conversation:read",
];
const WEBCHAT_READ: &[&str] = &["webchat:read"];
const WEBCHAT_WRITE: &[&str] = &["webchat:write", "webchat:write:session"];

/// What is called, with the ids of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    Open,
    ClientToken,
    /// What an embedder's own server would answer to its page's token provider.
    PageToken,
    Send,
    SendAs {
        participant: String,
    },
    TypeAs {
        participant: String,
    },
    TypeIn {
        conversation: String,
    },
    ReadAs {
        participant: String,
    },
    ReadMessage {
        message: String,
    },
    LookAtSession {
        session: String,
    },
    ChangeSession {
        session: String,
    },
    Transcript {
        conversation: String,
    },
}

impl Call {
    pub(crate) fn of(http: &HttpRequest) -> Option<Self> {
        let path = http.path.strip_prefix('/').unwrap_or_default();
        let segments: Vec<String> =
            path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let below = match segments.as_slice() {
            ["sandbox", "token"] if http.method == "POST" => return Some(Self::PageToken),
            ["oauth", "token"] => &segments,
            ["api", "v2", below @ ..] => below,
            _ => return None,
        };
        Some(match (http.method.as_str(), below) {
            ("POST", ["oauth", "token"]) => Self::ClientToken,
            ("POST", ["conversations", "messaging"]) => Self::Open,
            ("POST", ["conversations", "messaging", "messages"]) => Self::Send,
            ("POST", ["conversations", "messaging", "participants", id, "send"]) => {
                Self::SendAs { participant: (*id).to_owned() }
            }
            ("POST", ["conversations", "messaging", "participants", id, "typing"]) => {
                Self::TypeAs { participant: (*id).to_owned() }
            }
            ("POST", ["conversations", "messaging", "conversations", id, "typing"]) => {
                Self::TypeIn { conversation: (*id).to_owned() }
            }
            ("POST", ["conversations", "messaging", "participants", id, "read"]) => {
                Self::ReadAs { participant: (*id).to_owned() }
            }
            ("PUT", ["conversations", "messaging", "messages", id, "read"]) => {
                Self::ReadMessage { message: (*id).to_owned() }
            }
            ("GET", ["webchat", "sessions", id]) => Self::LookAtSession { session: (*id).to_owned() },
            ("PATCH", ["webchat", "sessions", id]) => Self::ChangeSession { session: (*id).to_owned() },
            ("GET", ["conversations", "messaging", "conversations", id, "messages"]) => {
                Self::Transcript { conversation: (*id).to_owned() }
            }
            _ => return None,
        })
    }

    /// The name by which faults know it.
    pub(crate) fn route(&self) -> FaultRoute {
        match self {
            Self::Open => FaultRoute::Open,
            Self::ClientToken | Self::PageToken => FaultRoute::Token,
            Self::Send | Self::SendAs { .. } => FaultRoute::Send,
            Self::TypeAs { .. } | Self::TypeIn { .. } => FaultRoute::Typing,
            Self::ReadAs { .. } | Self::ReadMessage { .. } => FaultRoute::Read,
            Self::LookAtSession { .. } | Self::ChangeSession { .. } => FaultRoute::Webchat,
            Self::Transcript { .. } => FaultRoute::History,
        }
    }

    /// One of these is needed.
    fn scopes(&self) -> &'static [&'static str] {
        match self {
            Self::LookAtSession { .. } => WEBCHAT_READ,
            Self::ChangeSession { .. } => WEBCHAT_WRITE,
            Self::Transcript { .. } => READ,
            Self::Open
            | Self::ClientToken
            | Self::PageToken
            | Self::Send
            | Self::SendAs { .. }
            | Self::TypeAs { .. }
            | Self::TypeIn { .. }
            | Self::ReadAs { .. }
            | Self::ReadMessage { .. } => WRITE,
        }
    }
}

/// The answer, or the answer that says why not.
type Answered = Result<HttpAnswer, HttpAnswer>;

impl Platform {
    pub(crate) fn on_call(&mut self, call: &Call, http: &HttpRequest) -> HttpAnswer {
        let mut caller = None;
        // These give tokens, and so need none.
        let answered = if *call == Call::ClientToken {
            self.on_client_token(http)
        } else if *call == Call::PageToken {
            self.on_page_token(http)
        } else {
            self.answer_call(call, http, &mut caller)
        };
        let mut answer = match answered {
            Ok(answer) | Err(answer) => answer,
        };
        if let Some(caller) = caller.filter(|_| self.settings.limits) {
            answer = answer.header("x-ratelimit-remaining", self.bearers.room(&caller, self.now_ms).to_string());
        }
        answer.header("cache-control", "no-store")
    }

    /// In this order: the form of the call, who calls, how often, with what scope; then the call itself.
    fn answer_call(&mut self, call: &Call, http: &HttpRequest, known: &mut Option<Caller>) -> Answered {
        self.check_headers(http)?;
        let caller = match (self.caller_of(http), call) {
            (Some(caller), _) => caller,
            (None, Call::Open) if http.header("authorization").is_none() => return self.on_open(None, http),
            (None, _) => return Err(error(401, "bad.credentials", "The token is missing, not known, or has expired.")),
        };
        *known = Some(caller.clone());
        self.check_rate(&caller)?;
        self.check_request_id(&caller, http)?;
        let scopes = call.scopes();
        if !scopes.iter().any(|scope| caller.scopes.contains(scope)) {
            let sentence = format!("The token lacks the scope {}.", scopes.join(" or "));
            return Err(error(403, "missing.scope", &sentence));
        }
        match call {
            Call::Open => self.on_open(Some(&caller), http),
            Call::Send => self.on_send(&caller, http),
            Call::SendAs { participant } => self.on_send_as(&caller, participant, http),
            Call::TypeAs { participant } => self.on_type_as(&caller, participant, http),
            Call::TypeIn { conversation } => self.on_type_in(&caller, conversation, http),
            Call::ReadAs { participant } => self.on_read_as(&caller, participant, http),
            Call::ReadMessage { message } => self.on_read_message(&caller, message, http),
            Call::LookAtSession { session } => self.on_look_at_session(&caller, session),
            Call::ChangeSession { session } => self.on_change_session(&caller, session, http),
            Call::Transcript { conversation } => self.on_transcript(&caller, conversation, http),
            Call::ClientToken | Call::PageToken => Err(gone("There is nothing at this path.")),
        }
    }

    /// The headers that every call carries (conversations reference, section 1).
    fn check_headers(&self, http: &HttpRequest) -> Result<(), HttpAnswer> {
        let id = http.header("x-genesys-request-id");
        if self.settings.request_ids && !id.is_some_and(is_version_4) {
            return Err(bad("X-Genesys-Request-Id must be a version 4 UUID."));
        }
        let is_json = || {
            http.header("content-type").is_some_and(|kind| {
                kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
            })
        };
        if http.method != "GET" && !is_json() {
            return Err(bad("Content-Type must be application/json."));
        }
        Ok(())
    }

    fn check_rate(&mut self, caller: &Caller) -> Result<(), HttpAnswer> {
        match self.bearers.take(caller, self.now_ms) {
            Err(wait_ms) if self.settings.limits => {
                Err(error(429, "too.many.requests", "More than 100 requests a second from this client.")
                    .header("retry-after", wait_ms.div_ceil(1000).to_string()))
            }
            _ => Ok(()),
        }
    }

    fn check_request_id(&mut self, caller: &Caller, http: &HttpRequest) -> Result<(), HttpAnswer> {
        let id = http.header("x-genesys-request-id").unwrap_or_default();
        if self.settings.request_ids && !self.bearers.is_fresh(caller, id) {
            return Err(bad("X-Genesys-Request-Id was used before; every attempt needs a new one."));
        }
        Ok(())
    }

    /// The conversation of this id, where the caller may see it.
    fn conversation_at(&self, caller: &Caller, id: &str) -> Result<ConversationKey, HttpAnswer> {
        let key = self.conversation_ids.get(id).copied().filter(|key| {
            self.conversations.get(key).is_some_and(|conversation| {
                conversation.state != State::Cleared
                    && conversation.messaging.as_ref().is_some_and(|messaging| match &caller.holder {
                        Holder::Guest { id } => messaging.guest_id == *id,
                        Holder::Client { .. } => true,
                    })
            })
        });
        key.ok_or_else(|| gone("There is no such conversation."))
    }

    /// The conversation of this participant: the one that is named, or the latest.
    fn conversation_with(
        &self,
        caller: &Caller,
        participant: &str,
        conversation: Option<&str>,
    ) -> Result<ConversationKey, HttpAnswer> {
        let no_such = || gone("There is no such participant.");
        let latest = self.guests.get(participant).copied().ok_or_else(no_such)?;
        let id = match conversation {
            Some(id) => id,
            None => self.messaging(latest).map(|messaging| messaging.id.as_str()).ok_or_else(no_such)?,
        };
        let key = self.conversation_at(caller, id)?;
        let is_in_it = self.messaging(key).is_some_and(|messaging| messaging.guest_id == participant);
        if is_in_it { Ok(key) } else { Err(no_such()) }
    }

    fn check_active(&self, key: ConversationKey) -> Result<(), HttpAnswer> {
        if self.conversations.get(&key).is_some_and(|conversation| conversation.state == State::Live) {
            Ok(())
        } else {
            Err(error(409, "conversation.inactive", "The conversation is not active any more."))
        }
    }

    pub(crate) fn messaging(&self, key: ConversationKey) -> Option<&Messaging> {
        self.conversations.get(&key)?.messaging.as_ref()
    }

    fn messaging_mut(&mut self, key: ConversationKey) -> Option<&mut Messaging> {
        self.conversations.get_mut(&key)?.messaging.as_mut()
    }

    /// The conversation that a call is about, for faults that concern only one.
    pub(crate) fn conversation_called(&self, call: &Call, http: &HttpRequest) -> Option<ConversationKey> {
        let by_id = |id: &String| self.conversation_ids.get(id).copied();
        match call {
            Call::TypeIn { conversation: id }
            | Call::Transcript { conversation: id }
            | Call::LookAtSession { session: id }
            | Call::ChangeSession { session: id } => by_id(id),
            Call::SendAs { participant } | Call::TypeAs { participant } | Call::ReadAs { participant } => {
                self.guests.get(participant).copied()
            }
            Call::Send => {
                let body: Value = serde_json::from_slice(&http.body).ok()?;
                self.conversation_ids.get(body.pointer("/to/id")?.as_str()?).copied()
            }
            Call::Open | Call::ReadMessage { .. } | Call::PageToken | Call::ClientToken => {
                match self.caller_of(http)?.holder {
                    Holder::Guest { id } => self.guests.get(&id).copied(),
                    Holder::Client { .. } => None,
                }
            }
        }
    }

    /// The time as HTTP says it, on the clock that the platform's answers go by.
    pub(crate) fn http_date_in(&self, seconds: u64) -> String {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_add(self.settings.date_skew_s);
        http_date(self.now_ms.saturating_add_signed(seconds.saturating_mul(1000)))
    }
}

fn bad(sentence: &str) -> HttpAnswer {
    error(400, "bad.request", sentence)
}

fn gone(sentence: &str) -> HttpAnswer {
    error(404, "not.found", sentence)
}

fn too_large(sentence: &str) -> HttpAnswer {
    error(413, "payload.too.large", sentence)
}

/// A text member that is there and not empty.
fn text_at<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    body.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

fn is_version_4(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            19 => matches!(byte.to_ascii_lowercase(), b'8' | b'9' | b'a' | b'b'),
            _ => byte.is_ascii_hexdigit(),
        })
}
