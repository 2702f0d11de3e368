//! Starting, resuming and leaving a session (guest API reference, sections 4.1, 4.2, 11 to 13).

use serde_json::json;

use super::{Refusal, Request, missing};
use crate::{
    limits::{CONFIGURES_PER_SESSION, TOKEN_CHARS},
    message::{Author, Draft},
    platform::Platform,
    session::{ConversationKey, State},
};

impl Platform {
    pub(super) fn on_configure(&mut self, request: &Request) -> Result<(), Refusal> {
        let token = self.check_configure(request)?;
        let existing = self.living(&token);
        if existing
            .is_some_and(|key| self.conversations.get(&key).is_some_and(|conversation| conversation.user.is_some()))
        {
            return Err((4017, "Cannot downgrade to an unauthenticated session".into()));
        }
        self.enter(request, &token, existing, None)
    }

    pub(super) fn on_configure_authenticated(&mut self, request: &Request) -> Result<(), Refusal> {
        let token = self.check_configure(request)?;
        if !self.settings.auth {
            return Err((403, "Session authentication failed: this deployment has no sign-in.".into()));
        }
        let code = request.members.get("data").and_then(|data| data.get("code")).and_then(|code| code.as_str());
        let Some(code) = code else {
            return Err(missing("data.code"));
        };
        let Some(user) = self.user_of(code) else {
            return Err((401, "User is unauthorized".into()));
        };

        let current = self.configured(request.connection).ok();
        let Some(key) = current.or_else(|| self.living(&token)) else {
            let existing = self.users.get(&user).copied().filter(|key| self.is_living(*key));
            if let Some(key) = existing {
                self.add_token(key, &token);
            }
            return self.enter(request, &token, existing, Some(user));
        };
        let owner = self.conversations.get(&key).and_then(|conversation| conversation.user.clone());
        match owner {
            None => self.step_up(request, &token, key, user),
            Some(owner) if owner == user => {
                self.add_token(key, &token);
                self.enter(request, &token, Some(key), Some(user))
            }
            Some(_) => Err((403, "Session authentication failed: the session belongs to another user.".into())),
        }
    }

    /// An anonymous session becomes its user's, with the same conversation. The request's token may be a new one: some
    /// clients make one (guest API reference, section 13.4).
    fn step_up(&mut self, request: &Request, token: &str, key: ConversationKey, user: String) -> Result<(), Refusal> {
        if !self.settings.session_upgrade {
            return Err((403, "Session authentication failed: this deployment allows no step-up.".into()));
        }
        let elsewhere = self.users.get(&user).copied().filter(|other| *other != key && self.is_living(*other));
        if let Some(other) = elsewhere {
            for connection in self.end(other, State::Cleared) {
                self.dismiss(connection, "signedIn");
            }
        }
        self.add_token(key, token);
        self.users.insert(user.clone(), key);
        if let Some(conversation) = self.conversations.get_mut(&key) {
            conversation.guest_name.clone_from(&user);
            conversation.user = Some(user.clone());
        }
        if self.conversation_of(request.connection).map(|conversation| conversation.key) != Some(key) {
            self.attach(request.connection, key);
        }
        let mut sign_in = Draft::presence(Author::Guest, "SignIn");
        sign_in.from.insert("firstName".into(), json!(user));
        sign_in.from.insert("lastName".into(), json!("Example"));
        self.deliver(key, sign_in, None);
        let body = self.session_body(key, false, elsewhere.is_some());
        self.reply(request.connection, request.tracing_id(), "SessionResponse", body);
        Ok(())
    }

    /// Resumes the existing conversation or starts one, and answers.
    fn enter(
        &mut self,
        request: &Request,
        token: &str,
        existing: Option<ConversationKey>,
        user: Option<String>,
    ) -> Result<(), Refusal> {
        let start_new = request.flag("startNew");
        let resumed = existing.filter(|key| {
            let ended = self
                .conversations
                .get(key)
                .is_some_and(|conversation| conversation.closed || conversation.state == State::ReadOnly);
            !(start_new && ended)
        });
        if let Some(key) = resumed
            && let Some(conversation) = self.conversations.get_mut(&key)
        {
            let taken = conversation.configure_rate.take(CONFIGURES_PER_SESSION, self.now_ms);
            if let (Err(wait_ms), true) = (taken, self.settings.limits) {
                self.refuse_as_too_fast(request.connection, request.tracing_id(), wait_ms.div_ceil(1000));
                return Ok(());
            }
        }
        let key = match resumed {
            Some(key) => key,
            None => self.start_conversation(Some(token), user, None),
        };
        if let Some(conversation) = self.conversations.get_mut(&key) {
            conversation.closed = false;
        }
        if self.conversation_of(request.connection).map(|conversation| conversation.key) != Some(key) {
            self.attach(request.connection, key);
        }
        self.tell_desk_of_conversation(key);
        let body = self.session_body(key, resumed.is_none(), false);
        self.reply(request.connection, request.tracing_id(), "SessionResponse", body);
        Ok(())
    }

    pub(super) fn on_close_session(&mut self, request: &Request) -> Result<(), Refusal> {
        let key = self.session_of(request)?;
        let all = request.flag("closeAllConnections");
        if all && let Some(conversation) = self.conversations.get_mut(&key) {
            conversation.closed = true;
            let connections = conversation.connections.clone();
            for connection in connections.into_iter().filter(|connection| *connection != request.connection) {
                self.dismiss(connection, "sessionClosed");
            }
            self.record_conversation(key);
        }
        self.detach(request.connection);
        // As in the official client's fixture; a closed session is one that nothing can be sent to.
        let mut body = self.session_body(key, true, false);
        body["connected"] = json!(false);
        body["readOnly"] = json!(true);
        self.reply(request.connection, request.tracing_id(), "SessionResponse", body);
        if !all {
            self.close(request.connection, 1000, "");
        }
        Ok(())
    }

    fn check_configure(&self, request: &Request) -> Result<String, Refusal> {
        let Some(token) = &request.token else {
            return Err(missing("token"));
        };
        if token.chars().count() > TOKEN_CHARS {
            return Err((400, format!("Token is longer than {TOKEN_CHARS} characters")));
        }
        self.check_deployment(request)?;
        Ok(token.clone())
    }

    /// The conversation that a token leads to, unless it has expired or was cleared.
    fn living(&self, token: &str) -> Option<ConversationKey> {
        self.tokens.get(token).copied().filter(|key| self.is_living(*key))
    }

    fn is_living(&self, key: ConversationKey) -> bool {
        self.conversations.get(&key).is_some_and(|conversation| !conversation.state.is_over())
    }

    fn add_token(&mut self, key: ConversationKey, token: &str) {
        self.tokens.insert(token.to_owned(), key);
        if let Some(conversation) = self.conversations.get_mut(&key)
            && !conversation.tokens.iter().any(|known| known == token)
        {
            conversation.tokens.push(token.to_owned());
        }
        self.record_conversation(key);
    }
}
