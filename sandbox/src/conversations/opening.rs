//! Opening a conversation (conversations reference, section 2).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    Answered, bad,
    bearer::{Caller, Holder},
    messaging::{Dialects, Messaging, Webchat, WebchatState},
};
use crate::{
    auth::read_object,
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    session::ConversationKey,
};

impl Platform {
    /// `POST /conversations/messaging`. Nobody needs a token for it; with a guest's, it is that guest's conversation.
    pub(super) fn on_open(&mut self, caller: Option<&Caller>, http: &HttpRequest) -> Answered {
        let body = read_object(http).ok_or_else(|| bad("The body is not a JSON object."))?;
        match body.get("deploymentId") {
            None => {}
            Some(Value::String(id)) if *id == self.setup.deployment => {}
            Some(_) => return Err(bad("deploymentId does not name this deployment.")),
        }
        let guest_id = match caller.map(|caller| &caller.holder) {
            Some(Holder::Guest { id }) => id.clone(),
            Some(Holder::Client { .. }) | None => self.uuid(),
        };
        let key = self.open_conversation(&guest_id);
        let (token, expires_in) = self.issue_guest_token(&guest_id);
        self.keep_token(&guest_id, &token);
        let id = self.messaging(key).map(|messaging| messaging.id.clone());
        Ok(HttpAnswer::json(
            200,
            &json!({
                "id": id,
                "guestId": guest_id,
                "token": token,
                "expiresIn": expires_in,
                "sessionId": id,
            }),
        ))
    }

    fn open_conversation(&mut self, guest_id: &str) -> ConversationKey {
        let messaging = Messaging {
            id: self.uuid(),
            guest_id: guest_id.to_owned(),
            agent_id: self.uuid(),
            bot_id: self.uuid(),
            tokens: Vec::new(),
            dialects: Dialects::default(),
            last_read_ms: None,
            read_ids: BTreeSet::new(),
            last_latency_ms: None,
            webchat: Webchat {
                state: if self.settings.webchat_queues { WebchatState::Queued } else { WebchatState::Connected },
                version: 1,
                custom_attributes: Map::new(),
            },
        };
        let key = self.start_conversation(None, None, Some(messaging));
        self.register(key);
        self.listen_in_on(guest_id, key);
        self.tell_desk_of_conversation(key);
        key
    }

    /// Makes a conversation known by the ids that it has on the wire.
    pub(crate) fn register(&mut self, key: ConversationKey) {
        let ids = self.messaging(key).map(|messaging| (messaging.id.clone(), messaging.guest_id.clone()));
        if let Some((id, guest_id)) = ids {
            self.conversation_ids.insert(id, key);
            self.guests.insert(guest_id, key);
        }
    }
}
