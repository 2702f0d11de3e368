//! Sign-in tokens (guest API reference, section 13). The authorization code's text names the user.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    http::error,
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
};

#[derive(Debug)]
struct Grant {
    user: String,
    expires_at_ms: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Grants {
    by_jwt: BTreeMap<String, Grant>,
    /// Refresh tokens with their users.
    by_refresh: BTreeMap<String, String>,
}

impl Platform {
    /// The user of a sign-in token that is still good.
    pub(crate) fn user_of(&self, jwt: &str) -> Option<String> {
        self.grants.by_jwt.get(jwt).filter(|grant| grant.expires_at_ms > self.now_ms).map(|grant| grant.user.clone())
    }

    pub(crate) fn on_token_exchange(&mut self, http: &HttpRequest) -> HttpAnswer {
        let Some(body) = read_object(http) else {
            return not_json();
        };
        if !self.settings.auth {
            return error(403, "feature.toggle.disabled", "This deployment has no sign-in.");
        }
        if body.get("deploymentId").and_then(Value::as_str) != Some(&self.setup.deployment) {
            return error(400, "bad.request", "deploymentId does not name this deployment.");
        }
        let field = |name: &str| {
            let text = body.get("oauth")?.get(name)?.as_str()?;
            (!text.is_empty()).then_some(text)
        };
        let code = field("code").filter(|_| field("redirectUri").is_some());
        let id_token = field("idToken").filter(|_| field("nonce").is_some());
        let Some(user) = code.or(id_token) else {
            let sentence = "oauth needs a code with its redirectUri, or an idToken with its nonce.";
            return error(400, "required.fields.missing", sentence);
        };
        if user.starts_with("invalid") {
            return error(401, "not.authorized", "The identity provider does not know this code.");
        }
        let user = user.to_owned();
        let jwt = self.grant(&user);
        let mut answer = json!({"jwt": jwt});
        // The implicit flow gives no refresh token.
        if code.is_some() {
            let refresh = format!("refresh.{}", self.hex_id());
            self.grants.by_refresh.insert(refresh.clone(), user);
            answer["refreshToken"] = json!(refresh);
        }
        HttpAnswer::json(200, &answer)
    }

    /// `deploymentId` is taken but not required: the sources differ.
    pub(crate) fn on_token_refresh(&mut self, http: &HttpRequest) -> HttpAnswer {
        let Some(body) = read_object(http) else {
            return not_json();
        };
        let refresh = body.get("refreshToken").and_then(Value::as_str).unwrap_or_default();
        match self.grants.by_refresh.get(refresh).cloned() {
            Some(user) => HttpAnswer::json(200, &json!({"jwt": self.grant(&user)})),
            None => error(401, "not.authorized", "The refresh token is not known."),
        }
    }

    /// Ends every sign-in of the token's user and tells all of the user's connections.
    pub(crate) fn on_token_revoke(&mut self, http: &HttpRequest) -> HttpAnswer {
        let Some(user) = bearer(http).and_then(|jwt| self.user_of(jwt)) else {
            return error(401, "not.authorized", "The token is not known or has expired.");
        };
        self.grants.by_jwt.retain(|_, grant| grant.user != user);
        self.grants.by_refresh.retain(|_, owner| *owner != user);
        let conversation = self.users.get(&user).and_then(|key| self.conversations.get(key));
        let connections = conversation.map(|conversation| conversation.connections.clone()).unwrap_or_default();
        for connection in connections {
            self.push_event(connection, "message", "LogoutEvent", &json!({}));
            self.detach(connection);
        }
        HttpAnswer::empty(204)
    }

    fn grant(&mut self, user: &str) -> String {
        let expires_at_ms = self.now_ms + self.settings.auth_life_s * 1000;
        let jwt = self.jwt(&json!({"sub": user, "exp": expires_at_ms / 1000}));
        self.grants.by_jwt.insert(jwt.clone(), Grant { user: user.to_owned(), expires_at_ms });
        jwt
    }

    /// Has the shape of a JWT; only this platform can tell that it is good.
    pub(crate) fn jwt(&mut self, claims: &Value) -> String {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(&json!({"alg": "HS256", "typ": "JWT"}));
        format!("{head}.{}.{}", part(claims), self.hex_id())
    }
}

pub(crate) fn bearer(http: &HttpRequest) -> Option<&str> {
    let (scheme, token) = http.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

pub(crate) fn read_object(http: &HttpRequest) -> Option<Value> {
    serde_json::from_slice(&http.body).ok().filter(Value::is_object)
}

pub(crate) fn not_json() -> HttpAnswer {
    error(400, "bad.request", "The body is not a JSON object.")
}
