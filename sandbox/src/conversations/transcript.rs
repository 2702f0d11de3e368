//! The transcript by REST. The reference does not have it: without it nothing could be reconciled, so it is inference.

use serde_json::{Value, json};

use super::{Answered, bad, bearer::Caller, gone};
use crate::{
    message::Kind,
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    settings::HistoryOrder,
};

const PAGE_SIZE: usize = 25;
const PAGE_SIZE_MOST: usize = 100;

impl Platform {
    /// `GET …/conversations/{id}/messages?pageSize=&pageNumber=`
    pub(super) fn on_transcript(&mut self, caller: &Caller, conversation: &str, http: &HttpRequest) -> Answered {
        if !self.settings.conversations_history {
            return Err(gone("There is nothing at this path with this method."));
        }
        let key = self.conversation_at(caller, conversation)?;
        let number = |name: &str, default: usize| match http.query_value(name) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .ok()
                .filter(|number| *number > 0)
                .ok_or_else(|| bad(&format!("{name} must be a whole number from 1."))),
        };
        let page_number = number("pageNumber", 1)?;
        let page_size = number("pageSize", PAGE_SIZE)?.min(PAGE_SIZE_MOST);
        let messages = self.conversations.get(&key).map_or(&[][..], |conversation| &conversation.messages);
        let mut said: Vec<usize> =
            (0..messages.len()).filter(|index| messages[*index].draft.kind != Kind::Event).collect();
        if self.settings.history_order == HistoryOrder::NewestFirst {
            said.reverse();
        }
        let base = self.base_for(http);
        let first = (page_number - 1).saturating_mul(page_size);
        let entities: Vec<Value> = said
            .get(first..)
            .unwrap_or_default()
            .iter()
            .take(page_size)
            .map(|index| {
                let mut entity = self.message_view(key, *index, &base);
                if let (Value::Object(entity), false) = (&mut entity, self.settings.history_metadata) {
                    entity.remove("metadata");
                }
                entity
            })
            .collect();
        let total = said.len();
        Ok(HttpAnswer::json(
            200,
            &json!({"entities": entities, "pageNumber": page_number, "pageSize": page_size, "total": total}),
        ))
    }
}
