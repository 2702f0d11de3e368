//! Bearer tokens: of guests, and of servers with client credentials (conversations reference, section 2).

use std::collections::{BTreeMap, VecDeque};

use serde_json::json;

use super::{Answered, bad, messaging::GuestToken};
use crate::{
    auth::bearer,
    limits::{CALLS_PER_CLIENT, Window},
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    schedule::Task,
    session::ConversationKey,
};

/// The client of `POST /oauth/token` unless the settings name another. No secret: it opens a stand-in on loopback.
pub const DEFAULT_CLIENT_ID: &str = "stand-in-client";
/// The secret of [`DEFAULT_CLIENT_ID`].
pub const DEFAULT_CLIENT_SECRET: &str = "stand-in-secret";

/// Every scope that there is (conversations reference, section 1).
const SCOPES: &[&str] = &[
    "webmessaging:conversation:write",
    "conversations:messaging",
    "conversations:read",
    "messaging:write",
    "webchat:read",
    "webchat:write",
    "webchat:write:session",
    "messaging:conversation:write",
    "messaging:conversation:read",
];

/// So many of a client's last request ids are remembered, to notice one that is used twice.
const REQUEST_IDS: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holder {
    /// Reaches the conversations of this guest.
    Guest { id: String },
    /// Reaches every conversation.
    Client { id: String },
}

impl Holder {
    fn id(&self) -> &str {
        match self {
            Self::Guest { id } | Self::Client { id } => id,
        }
    }
}

/// Who calls, by a token that is good.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) holder: Holder,
    pub(crate) scopes: Vec<&'static str>,
    pub(crate) expires_at_ms: u64,
}

#[derive(Debug, Default)]
struct Usage {
    calls: Window,
    request_ids: VecDeque<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Bearers {
    by_token: BTreeMap<String, Caller>,
    usage: BTreeMap<String, Usage>,
}

impl Bearers {
    /// Counts one call, or says in how many milliseconds there is room again.
    pub(crate) fn take(&mut self, caller: &Caller, now_ms: u64) -> Result<(), u64> {
        self.usage_of(caller).calls.take(CALLS_PER_CLIENT, now_ms)
    }

    pub(crate) fn room(&mut self, caller: &Caller, now_ms: u64) -> usize {
        self.usage_of(caller).calls.room(CALLS_PER_CLIENT, now_ms)
    }

    pub(crate) fn is_fresh(&mut self, caller: &Caller, request_id: &str) -> bool {
        let ids = &mut self.usage_of(caller).request_ids;
        if ids.iter().any(|id| id == request_id) {
            return false;
        }
        if ids.len() == REQUEST_IDS {
            ids.pop_front();
        }
        ids.push_back(request_id.to_owned());
        true
    }

    fn usage_of(&mut self, caller: &Caller) -> &mut Usage {
        self.usage.entry(caller.holder.id().to_owned()).or_default()
    }
}

impl Platform {
    pub(crate) fn caller_of(&self, http: &HttpRequest) -> Option<Caller> {
        self.caller_with(bearer(http)?)
    }

    /// Tokens that have expired are gone: [`Task::TokenEnds`] takes them away.
    pub(crate) fn caller_with(&self, token: &str) -> Option<Caller> {
        self.bearers.by_token.get(token).cloned()
    }

    /// A new token for a guest, with its life in seconds.
    pub(crate) fn issue_guest_token(&mut self, guest_id: &str) -> (String, u64) {
        let life_s = self.settings.guest_token_life_s;
        let token = self.issue(Holder::Guest { id: guest_id.to_owned() }, SCOPES.to_vec(), life_s);
        (token, life_s)
    }

    /// `POST /oauth/token`: for servers, which can keep a secret.
    pub(crate) fn on_client_token(&mut self, http: &HttpRequest) -> Answered {
        let form: BTreeMap<String, String> = form_urlencoded::parse(&http.body).into_owned().collect();
        let field = |name: &str| form.get(name).map(String::as_str);
        if field("grant_type") != Some("client_credentials") {
            return Err(oauth_error(400, "unsupported_grant_type", "grant_type must be client_credentials."));
        }
        let settings = &self.settings;
        let id = field("client_id").filter(|id| *id == settings.client_id);
        let Some(id) = id.filter(|_| field("client_secret") == Some(&settings.client_secret)) else {
            return Err(oauth_error(401, "invalid_client", "The client is not known or its secret is wrong."));
        };
        let scopes = match field("scope").filter(|scope| !scope.trim().is_empty()) {
            None => SCOPES.to_vec(),
            Some(wanted) => wanted
                .split_ascii_whitespace()
                .map(|wanted| SCOPES.iter().copied().find(|scope| *scope == wanted).ok_or(wanted))
                .collect::<Result<_, _>>()
                .map_err(|unknown| oauth_error(400, "invalid_scope", &format!("There is no scope {unknown}.")))?,
        };
        let scope = scopes.join(" ");
        let life_s = settings.oauth_life_s;
        let token = self.issue(Holder::Client { id: id.to_owned() }, scopes, life_s);
        let body = json!({"access_token": token, "token_type": "bearer", "expires_in": life_s, "scope": scope});
        Ok(HttpAnswer::json(200, &body))
    }

    /// Not the platform's: what an embedder's server would answer to its own page, for token providers of demos and
    /// tests. A guest id gets a new token for that guest.
    pub(crate) fn on_page_token(&mut self, http: &HttpRequest) -> Answered {
        let body = crate::auth::read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        let guest_id = match body.get("guestId").and_then(|id| id.as_str()) {
            Some(id) => id.to_owned(),
            None => self.uuid(),
        };
        let (token, expires_in) = self.issue_guest_token(&guest_id);
        self.keep_token(&guest_id, &token);
        Ok(HttpAnswer::json(200, &json!({"token": token, "expiresIn": expires_in, "guestId": guest_id})))
    }

    /// A token that is used with a conversation is kept with it, so that it outlives the process.
    pub(crate) fn keep_token(&mut self, guest_id: &str, token: &str) {
        let Some(key) = self.guests.get(guest_id).copied() else {
            return;
        };
        let Some(expires_at_ms) = self.bearers.by_token.get(token).map(|caller| caller.expires_at_ms) else {
            return;
        };
        let now_ms = self.now_ms;
        if let Some(messaging) = self.messaging_mut(key) {
            messaging.tokens.retain(|known| known.expires_at_ms > now_ms && known.token != token);
            messaging.tokens.push(GuestToken { token: token.to_owned(), expires_at_ms });
            self.record_conversation(key);
        }
    }

    /// Takes in the tokens of a conversation that was restored.
    pub(crate) fn restore_tokens(&mut self, key: ConversationKey) {
        let Some(messaging) = self.messaging(key) else {
            return;
        };
        let guest_id = messaging.guest_id.clone();
        for GuestToken { token, expires_at_ms } in messaging.tokens.clone() {
            let caller =
                Caller { holder: Holder::Guest { id: guest_id.clone() }, scopes: SCOPES.to_vec(), expires_at_ms };
            self.bearers.by_token.insert(token.clone(), caller);
            self.schedule.add(expires_at_ms, Task::TokenEnds { token });
        }
    }

    /// The guest's tokens are good no longer, from now on.
    pub(crate) fn expire_tokens(&mut self, key: ConversationKey) {
        let Some(guest_id) = self.messaging(key).map(|messaging| messaging.guest_id.clone()) else {
            return;
        };
        let tokens: Vec<String> = self
            .bearers
            .by_token
            .iter()
            .filter(|(_, caller)| caller.holder == Holder::Guest { id: guest_id.clone() })
            .map(|(token, _)| token.clone())
            .collect();
        if let Some(messaging) = self.messaging_mut(key) {
            messaging.tokens.clear();
        }
        self.record_conversation(key);
        tokens.iter().for_each(|token| self.on_token_ends(token));
    }

    pub(crate) fn on_token_ends(&mut self, token: &str) {
        if let Some(caller) = self.bearers.by_token.remove(token) {
            self.close_listeners_with(token, &caller.holder);
        }
    }

    fn issue(&mut self, holder: Holder, scopes: Vec<&'static str>, life_s: u64) -> String {
        let token = format!("{}{}", self.hex_id(), self.hex_id());
        let expires_at_ms = self.now_ms + life_s * 1000;
        self.bearers.by_token.insert(token.clone(), Caller { holder, scopes, expires_at_ms });
        self.schedule.add(expires_at_ms, Task::TokenEnds { token: token.clone() });
        token
    }
}

/// The error body of RFC 6749, section 5.2, with the `message` of all the others.
fn oauth_error(status: u16, code: &str, sentence: &str) -> HttpAnswer {
    let body = json!({"error": code, "error_description": sentence, "message": sentence, "status": status});
    HttpAnswer::json(status, &body)
}
