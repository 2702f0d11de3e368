//! The transcript by HTTP (guest API reference, section 14.1).

use serde_json::{Value, json};

use crate::{
    auth::bearer,
    http::{base_of, error},
    limits::HISTORY_PER_SESSION,
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    session::ConversationKey,
    settings::HistoryOrder,
};

const PAGE_SIZE: usize = 25;
const PAGE_SIZE_MOST: usize = 100;

/// A history token's reach.
#[derive(Debug)]
pub(crate) struct HistoryGrant {
    conversation: ConversationKey,
    expires_at_ms: u64,
}

impl Platform {
    /// A token for the history of one conversation, and when it ends in seconds since 1970.
    pub(crate) fn issue_history_grant(&mut self, conversation: ConversationKey) -> (String, u64) {
        let now_ms = self.now_ms;
        self.history_grants.retain(|_, grant| grant.expires_at_ms > now_ms);
        let expires_at_ms = now_ms + self.settings.jwt_life_s * 1000;
        let expires_s = expires_at_ms / 1000;
        let jwt = self.jwt(&json!({"sid": conversation, "exp": expires_s}));
        self.history_grants.insert(jwt.clone(), HistoryGrant { conversation, expires_at_ms });
        (jwt, expires_s)
    }

    pub(crate) fn on_history(&mut self, http: &HttpRequest) -> HttpAnswer {
        let grant = bearer(http).and_then(|jwt| self.history_grants.get(jwt));
        let Some(grant) = grant.filter(|grant| grant.expires_at_ms > self.now_ms) else {
            return error(401, "bad.credentials", "The token is missing, not known, or has expired.");
        };
        let key = grant.conversation;
        let Some(conversation) = self.conversations.get_mut(&key).filter(|conversation| !conversation.state.is_over())
        else {
            return error(404, "not.found", "The conversation is gone.");
        };
        let taken = conversation.history_rate.take(HISTORY_PER_SESSION, self.now_ms);
        if let (Err(wait_ms), true) = (taken, self.settings.limits) {
            return error(429, "too.many.requests", "Too many history requests for this session.")
                .header("retry-after", wait_ms.div_ceil(1000).to_string());
        }
        let Some(page_number) = number(http, "pageNumber", 1) else {
            return not_a_number("pageNumber");
        };
        let Some(page_size) = number(http, "pageSize", PAGE_SIZE) else {
            return not_a_number("pageSize");
        };
        HttpAnswer::json(200, &self.history_page(key, page_number, page_size.min(PAGE_SIZE_MOST), http))
            .header("cache-control", "no-store")
    }

    fn history_page(&self, key: ConversationKey, page_number: usize, page_size: usize, http: &HttpRequest) -> Value {
        let base = base_of(http.header("host").unwrap_or_default(), self.setup.secure);
        let messages = self.conversations.get(&key).map_or(&[][..], |conversation| &conversation.messages);
        let total = messages.len();
        let skipped = (page_number - 1).saturating_mul(page_size);
        let entity = |index: usize| {
            let message = &messages[index];
            message.entity_of_history(self.content_for(&message.draft.content, &base), self.settings.history_metadata)
        };
        let newest_first = self.settings.history_order == HistoryOrder::NewestFirst;
        let entities: Vec<Value> = (skipped..total)
            .take(page_size)
            .map(|index| if newest_first { total - 1 - index } else { index })
            .map(entity)
            .collect();
        json!({
            "entities": entities,
            "pageSize": page_size,
            "pageNumber": page_number,
            "total": total,
            "pageCount": total.div_ceil(page_size),
        })
    }
}

fn number(http: &HttpRequest, name: &str, default: usize) -> Option<usize> {
    match http.query_value(name) {
        None => Some(default),
        Some(text) => text.parse().ok().filter(|number| *number > 0),
    }
}

fn not_a_number(name: &str) -> HttpAnswer {
    error(400, "bad.request", &format!("{name} must be a whole number from 1."))
}
