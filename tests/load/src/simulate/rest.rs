//! The conversations APIs' limit (reference, section 1), and just enough of an answer to every call.

use guest_messenger::engine::AccessToken;
use guest_messenger::protocol::json::Json;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall};
use guest_messenger::session::redact::Redacted;
use serde_json::{Value, json};

use super::limits::{Busiest, Limit, Times};
use super::platform::{time, tree};

const CALLS: Limit = Limit { count: 100, span_ms: 1_000 };
/// In whole seconds: there is room again within one.
const RETRY_AFTER_S: &str = "1";
const SITE: &str = "site";

#[derive(Debug, Default)]
pub(super) struct RestPlatform {
    /// The client that a site is with all its guests.
    site: Times,
    opened: u64,
    pub(super) messages: u64,
    pub(super) calls: u64,
    pub(super) too_fast: u64,
    pub(super) busiest: Busiest,
}

impl RestPlatform {
    /// What a site's own server gives to each of its guests.
    pub(super) fn site_token() -> AccessToken {
        AccessToken { token: Redacted::new(SITE), expires_in_s: Some(1_800), guest_id: None, conversation_id: None }
    }

    /// `own`: the calls of this guest, which is a client of its own unless its token is the site's.
    /// Gives what comes over the events socket as well.
    pub(super) fn answer(
        &mut self,
        now_ms: u64,
        epoch_ms: u64,
        own: &mut Times,
        call: &HttpCall,
    ) -> (HttpAnswer, Option<Json>) {
        self.calls += 1;
        self.busiest.count(now_ms);
        let bearer = call.headers.iter().find(|(name, _)| *name == "Authorization").map(|(_, value)| value.expose());
        let is_of_site = bearer.and_then(|bearer| bearer.strip_prefix("Bearer ")) == Some(SITE);
        let client = if is_of_site { &mut self.site } else { own };
        let is_within = client.take(CALLS, now_ms);
        let answer = HttpAnswer { remaining: Some(client.room(CALLS).to_string()), ..HttpAnswer::default() };
        if !is_within {
            self.too_fast += 1;
            let body = json!({ "message": "More than 100 requests a second from this client." });
            let retry_after = Some(RETRY_AFTER_S.to_owned());
            return (HttpAnswer { status: 429, retry_after, body: tree(&body), ..answer }, None);
        }
        let mut told = None;
        let body = match (call.method, call.url.rsplit('/').next().unwrap_or_default()) {
            ("POST", "messaging") => {
                self.opened += 1;
                let number = self.opened;
                json!({ "id": format!("c-{number}"), "guestId": format!("g-{number}"), "token": format!("t-{number}") })
            }
            ("POST", "messages") => {
                self.messages += 1;
                let said = call.body.as_ref().and_then(|body| serde_json::from_str::<Value>(body.expose()).ok());
                let said = said.unwrap_or_default();
                let id = format!("{:032x}", self.messages);
                let message = json!({
                    "id": id, "from": said["from"], "to": said["to"], "body": said["body"],
                    "metadata": said["metadata"], "sentTime": time(epoch_ms + now_ms), "deliveryStatus": "delivered",
                });
                told = tree(&json!({
                    "event_type": "message", "conversation_id": said["to"]["id"], "message_id": id,
                    "participant_id": said["from"]["id"], "payload": message,
                }));
                message
            }
            ("POST", "typing") => return (HttpAnswer { status: 204, ..answer }, None),
            // A history without messages.
            _ => json!({ "entities": [], "pageSize": 25, "pageNumber": 1, "pageCount": 1, "total": 0 }),
        };
        (HttpAnswer { status: 200, body: tree(&body), ..answer }, told)
    }
}
