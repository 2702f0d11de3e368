//! Tokens by client credentials, for servers and this tool alone (conversations APIs reference, section 2): a client
//! secret never belongs into a page.

use std::env;

use guest_messenger::engine::AccessToken;
use guest_messenger::protocol::wire::HttpCall;
use guest_messenger::session::ids::uuid_v4;
use guest_messenger::session::redact::Redacted;

use crate::http::Http;

const TIMEOUT_MS: u32 = 12_000;
const SCOPE: &str = "conversations:messaging conversations:read messaging:write";

/// Who asks for tokens.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    id: String,
    secret: Redacted,
}

impl Credentials {
    /// From the environment; on a command line other users of the machine could read them.
    ///
    /// # Errors
    /// When only one of the two is there.
    pub(crate) fn from_environment() -> Result<Option<Credentials>, String> {
        let value = |name| env::var(name).ok().filter(|value| !value.is_empty());
        match (value("GUEST_MESSENGER_CLIENT_ID"), value("GUEST_MESSENGER_CLIENT_SECRET")) {
            (Some(id), Some(secret)) => Ok(Some(Credentials { id, secret: Redacted::new(secret) })),
            (None, None) => Ok(None),
            (Some(_), None) | (None, Some(_)) => {
                Err("GUEST_MESSENGER_CLIENT_ID and GUEST_MESSENGER_CLIENT_SECRET belong together: set both or neither."
                    .to_owned())
            }
        }
    }

    /// Opens a conversation, and answers with the token that belongs to it: with the server's own each guest would hear
    /// all others. `None` when the platform opens none.
    pub(crate) async fn open(&self, http: &Http, api: &str) -> Option<AccessToken> {
        let token = self.token(http, api).await?;
        let id = uuid_v4(fastrand::Rng::with_seed(seed_of(token.expose())).u64(..), token.expose().len() as u64);
        let call = HttpCall {
            id: 0,
            method: "POST",
            url: [api, "/api/v2/conversations/messaging"].concat(),
            headers: vec![
                ("Content-Type", Redacted::new("application/json")),
                ("X-Genesys-Request-Id", Redacted::new(id)),
                ("Authorization", Redacted::new(["Bearer ", token.expose()].concat())),
            ],
            body: Some(Redacted::new("{}")),
            timeout_ms: TIMEOUT_MS,
            keepalive: false,
        };
        let answer = http.call(&call).await.filter(|answer| answer.status == 200)?;
        let body = answer.body?;
        Some(AccessToken { conversation_id: body.owned("id"), ..AccessToken::read(&body)? })
    }

    async fn token(&self, http: &Http, api: &str) -> Option<Redacted> {
        let form = [
            "grant_type=client_credentials&client_id=",
            &encode(&self.id),
            "&client_secret=",
            &encode(self.secret.expose()),
            "&scope=",
            &encode(SCOPE),
        ]
        .concat();
        let call = HttpCall {
            id: 0,
            method: "POST",
            url: [api, "/oauth/token"].concat(),
            headers: vec![("Content-Type", Redacted::new("application/x-www-form-urlencoded"))],
            body: Some(Redacted::new(form)),
            timeout_ms: TIMEOUT_MS,
            keepalive: false,
        };
        let answer = http.call(&call).await.filter(|answer| answer.status == 200)?;
        answer.body?.text("access_token").map(Redacted::new)
    }
}

/// Every call has a request id of its own, and every token is another one.
fn seed_of(token: &str) -> u64 {
    token.bytes().fold(0, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
