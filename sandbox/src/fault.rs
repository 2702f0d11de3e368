//! Faults: what a network or a platform does on a bad day, on request.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    output::{ConnectionId, HttpAnswer},
    platform::Platform,
    schedule::Task,
    session::ConversationKey,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// The frame is lost.
    Drop,
    /// The frame comes `ms` later.
    Delay,
    /// The frame comes `copies` times more.
    Duplicate,
    /// The frame comes after the next one, or after `ms` when there is none.
    Reorder,
    /// A guest's message is answered with 429.
    RateLimit,
    /// Sessions expire.
    Expire,
    /// Addresses of files expire.
    ExpireFiles,
    /// A handshake is answered with `status`.
    Refuse,
    /// A handshake is not answered.
    HangHandshake,
    /// A clean close of guests' sockets.
    Close,
    /// Guests' connections end with no close frame.
    Kill,
    /// An HTTP request is answered with `status`, or late.
    Http,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultDirection {
    ToGuest,
    ToPlatform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultRoute {
    /// Of the Guest API and of the conversations API.
    History,
    Config,
    Upload,
    Open,
    Token,
    Send,
    Typing,
    Read,
    Webchat,
    /// The handshake of the events socket.
    Events,
}

/// Which half of an HTTP exchange is lost; the connection ends either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lost {
    Request,
    /// What was asked for has happened.
    Answer,
}

/// When a `close`, `kill` or `expire` strikes, if not at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultMoment {
    /// Once the next message of a guest is stored, before its echo goes out.
    Message,
}

/// One fault as the control API takes it. Which members count depends on `kind`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// How many times it strikes.
    #[serde(default = "one")]
    count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<FaultDirection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copies: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<FaultRoute>,
    /// The `Retry-After` header as it is: seconds, a date, or garbage.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<Value>,
    /// `Retry-After` as the date so many seconds from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_date_s: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<Lost>,
    /// The answer is a page of HTML, as from a captive portal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    html: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<FaultMoment>,
    /// Only this conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after_ms: Option<u64>,
}

/// What a client makes of a connection that ends with no close frame; nobody can send it.
const ABNORMAL: u16 = 1006;

const fn one() -> u32 {
    1
}

/// What happens to one frame on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    Pass,
    Lose,
    Delay {
        ms: u64,
    },
    Repeat {
        copies: u32,
    },
    /// It waits for the next frame to overtake it, but no longer than this.
    Hold {
        ms: u64,
    },
}

impl Fault {
    /// Reads one fault or a list of them.
    ///
    /// # Errors
    /// One sentence that names what does not fit.
    pub(crate) fn read(value: &Value) -> Result<Vec<Self>, String> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        items.iter().map(Self::read_one).collect()
    }

    fn read_one(value: &Value) -> Result<Self, String> {
        let fault = Self::deserialize(value).map_err(|error| format!("This fault does not fit: {error}."))?;
        if fault.is_on_frames() && fault.direction.is_none() {
            return Err("This fault needs a direction: \"to_guest\" or \"to_platform\".".into());
        }
        if fault.kind == FaultKind::Http && fault.route.is_none() {
            return Err("This fault needs a route, such as \"history\" or \"send\".".into());
        }
        Ok(fault)
    }

    fn is_on_frames(&self) -> bool {
        self.treatment() != Treatment::Pass
    }

    fn treatment(&self) -> Treatment {
        match self.kind {
            FaultKind::Drop => Treatment::Lose,
            FaultKind::Delay => Treatment::Delay { ms: self.ms.unwrap_or(1000) },
            FaultKind::Duplicate => Treatment::Repeat { copies: self.copies.unwrap_or(1) },
            FaultKind::Reorder => Treatment::Hold { ms: self.ms.unwrap_or(1000) },
            FaultKind::RateLimit
            | FaultKind::Expire
            | FaultKind::ExpireFiles
            | FaultKind::Refuse
            | FaultKind::HangHandshake
            | FaultKind::Close
            | FaultKind::Kill
            | FaultKind::Http => Treatment::Pass,
        }
    }

    fn strikes_at_once(&self) -> bool {
        matches!(self.kind, FaultKind::Expire | FaultKind::ExpireFiles | FaultKind::Close | FaultKind::Kill)
            && self.on.is_none()
    }

    fn concerns(&self, conversation: Option<&str>) -> bool {
        self.conversation.is_none() || self.conversation.as_deref() == conversation
    }

    /// What an `http` fault answers; `None` lets the real answer through, only late.
    pub(crate) fn http_answer(&self, date: impl FnOnce(u64) -> String) -> Option<HttpAnswer> {
        let status = match (self.status, self.html) {
            (Some(status), _) => status,
            (None, true) => 200,
            (None, false) => return None,
        };
        let mut answer = if self.html {
            let page = "<!doctype html><title>Wi-Fi sign-in</title><p>Please sign in to use this network.</p>";
            HttpAnswer::with_body(status, "text/html; charset=utf-8", page.into())
        } else {
            crate::http::error(status, "fault.injected", "This answer was asked for by a fault.")
        };
        if let Some(retry_after) = &self.retry_after {
            let text = retry_after.as_str().map_or_else(|| retry_after.to_string(), str::to_owned);
            answer = answer.header("retry-after", text);
        } else if let Some(seconds) = self.retry_after_date_s {
            answer = answer.header("retry-after", date(seconds));
        }
        Some(answer)
    }

    pub(crate) fn lost(&self) -> Option<Lost> {
        self.lost
    }

    pub(crate) fn delay_ms(&self) -> u64 {
        self.ms.unwrap_or(0)
    }

    fn list(faults: &[Self]) -> Value {
        serde_json::to_value(faults).unwrap_or_default()
    }
}

impl Platform {
    /// Takes a fault in: it strikes now, later, or when its occasion comes.
    pub(crate) fn arm(&mut self, mut fault: Fault) {
        let key = fault.conversation.as_deref().and_then(|id| self.conversation_ids.get(id));
        if let Some(conversation) = key.and_then(|key| self.conversations.get(key)) {
            fault.conversation = Some(conversation.id());
        }
        if let Some(after_ms) = fault.after_ms.take().filter(|after_ms| *after_ms > 0) {
            self.schedule.add(self.now_ms + after_ms, Task::Fault { fault });
        } else if fault.strikes_at_once() {
            self.strike(&fault);
        } else if fault.count > 0 {
            self.faults.push(fault);
        }
    }

    pub(crate) fn clear_faults(&mut self) {
        self.faults.clear();
        self.schedule.retain(|task| !matches!(task, Task::Fault { .. }));
    }

    pub(crate) fn armed_faults(&self) -> Value {
        Fault::list(&self.faults)
    }

    fn strike(&mut self, fault: &Fault) {
        if fault.kind == FaultKind::ExpireFiles {
            return self.expire_downloads();
        }
        if fault.kind == FaultKind::Expire {
            let keys: Vec<ConversationKey> = self
                .conversations
                .values()
                .filter(|conversation| !conversation.state.is_over() && fault.concerns(Some(&conversation.id())))
                .map(|conversation| conversation.key)
                .collect();
            for key in keys {
                // There it is the token that ends; a new one goes on with the conversation.
                if self.messaging(key).is_some() { self.expire_tokens(key) } else { self.expire(key) }
            }
            return;
        }
        for connection in self.connections.keys().copied().collect::<Vec<_>>() {
            let conversation = self.conversation_of(connection).map(|conversation| conversation.id());
            if !fault.concerns(conversation.as_deref()) {
                continue;
            }
            if fault.kind == FaultKind::Kill || fault.code == Some(ABNORMAL) {
                self.kill(connection);
            } else {
                self.close(connection, fault.code.unwrap_or(1000), fault.reason.as_deref().unwrap_or_default());
            }
        }
    }

    fn take_fault(&mut self, conversation: Option<&str>, wanted: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let index = self.faults.iter().position(|fault| fault.concerns(conversation) && wanted(fault))?;
        let fault = self.faults[index].clone();
        self.faults[index].count -= 1;
        if self.faults[index].count == 0 {
            self.faults.remove(index);
        }
        Some(fault)
    }

    /// What happens to one frame on its way.
    pub(crate) fn take_treatment(&mut self, connection: ConnectionId, direction: FaultDirection) -> Treatment {
        if self.faults.is_empty() {
            return Treatment::Pass;
        }
        let conversation = self.conversation_of(connection).map(|conversation| conversation.id());
        let fault = self
            .take_fault(conversation.as_deref(), |fault| fault.is_on_frames() && fault.direction == Some(direction));
        fault.map_or(Treatment::Pass, |fault| fault.treatment())
    }

    pub(crate) fn take_hang_fault(&mut self) -> bool {
        self.take_fault(None, |fault| fault.kind == FaultKind::HangHandshake).is_some()
    }

    pub(crate) fn take_refuse_fault(&mut self) -> Option<u16> {
        self.take_fault(None, |fault| fault.kind == FaultKind::Refuse).map(|fault| fault.status.unwrap_or(403))
    }

    /// Seconds that a rate limit fault asks a message to wait.
    pub(crate) fn take_rate_limit_fault(&mut self, key: ConversationKey) -> Option<u64> {
        let conversation = self.conversations.get(&key).map(|conversation| conversation.id());
        self.take_fault(conversation.as_deref(), |fault| fault.kind == FaultKind::RateLimit)
            .map(|fault| fault.retry_after_s.unwrap_or(3))
    }

    pub(crate) fn take_http_fault(&mut self, route: FaultRoute, conversation: Option<&str>) -> Option<Fault> {
        self.take_fault(conversation, |fault| fault.kind == FaultKind::Http && fault.route == Some(route))
    }

    /// Strikes what waited for a guest's message.
    pub(crate) fn strike_on_message(&mut self, key: ConversationKey) {
        let conversation = self.conversations.get(&key).map(|conversation| conversation.id());
        while let Some(fault) = self.take_fault(conversation.as_deref(), |fault| fault.on == Some(FaultMoment::Message))
        {
            self.strike(&fault);
        }
    }
}
