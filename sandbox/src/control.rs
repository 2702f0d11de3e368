//! The control API: the agent desk, the settings and the faults.

use serde_json::{Map, Value, json};

use crate::{
    auth::{not_json, read_object},
    conversations::WebchatState,
    fault::Fault,
    http::{base_of, error},
    message::{Author, Draft, Kind, string_map},
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    session::{Conversation, ConversationKey, State},
    settings::DisconnectKind,
};

/// How long an agent's typing event lasts when the desk does not say.
const AGENT_TYPING_MS: u64 = 5000;

impl Platform {
    pub(crate) fn on_control(&mut self, http: &HttpRequest) -> HttpAnswer {
        let segments: Vec<&str> = http.path.strip_prefix('/').unwrap_or(&http.path).split('/').collect();
        match (http.method.as_str(), segments.as_slice()) {
            ("GET", ["conversations"]) => self.list_conversations(http),
            ("POST", ["conversations", id, verb]) => self.on_conversation(id, verb, http),
            ("GET", ["settings"]) => HttpAnswer::json(200, &self.settings.to_json()),
            ("POST", ["settings"]) => self.on_settings(http),
            ("GET", ["faults"]) => HttpAnswer::json(200, &self.armed_faults()),
            ("POST", ["faults"]) => self.on_faults(http),
            ("DELETE", ["faults"]) => {
                self.clear_faults();
                HttpAnswer::empty(204)
            }
            _ => error(404, "not.found", "The control API has nothing at this path with this method."),
        }
    }

    fn on_conversation(&mut self, id: &str, verb: &str, http: &HttpRequest) -> HttpAnswer {
        let key = self.conversation_ids.get(id).copied().or_else(|| Conversation::key_of(id));
        let key = key.filter(|key| self.conversations.contains_key(key));
        let Some(key) = key else {
            return error(404, "not.found", "There is no such conversation.");
        };
        if verb == "frame" {
            return self.on_desk_frame(key, &http.body);
        }
        let body = if http.body.is_empty() { Some(json!({})) } else { read_object(http) };
        let Some(body) = body else { return not_json() };
        match verb {
            "messages" => self.on_desk_message(key, &body),
            "typing" => {
                self.type_outbound(key, Author::Agent, typing_of(&body));
                HttpAnswer::empty(204)
            }
            "disconnect" => {
                let kind = match body.get("read_only").and_then(Value::as_bool) {
                    Some(true) => DisconnectKind::ReadOnly,
                    Some(false) => DisconnectKind::Send,
                    None => self.settings.disconnect,
                };
                self.disconnect(key, kind, Author::Agent);
                HttpAnswer::empty(204)
            }
            "webchat" => self.on_desk_webchat(key, &body),
            "delete" => {
                self.end(key, State::Cleared);
                HttpAnswer::empty(204)
            }
            "read" => {
                if let Some(conversation) = self.conversations.get_mut(&key) {
                    conversation.unread = 0;
                }
                self.tell_desk_of_conversation(key);
                HttpAnswer::empty(204)
            }
            _ => error(
                404,
                "not.found",
                "A conversation takes messages, typing, disconnect, frame, read, webchat and delete.",
            ),
        }
    }

    fn on_desk_message(&mut self, key: ConversationKey, body: &Value) -> HttpAnswer {
        let draft = match self.desk_draft(key, body) {
            Ok(draft) => draft,
            Err(sentence) => return error(400, "bad.request", &sentence),
        };
        if let Some(conversation) = self.conversations.get_mut(&key) {
            conversation.agent_active |= draft.author == Author::Agent;
            conversation.unread = 0;
        }
        if draft.author == Author::Agent {
            self.set_webchat_state(key, WebchatState::Connected);
        }
        let Some(index) = self.store(key, draft) else {
            return error(404, "not.found", "There is no such conversation.");
        };
        self.broadcast(key, index, None);
        let id = self
            .conversations
            .get(&key)
            .and_then(|conversation| conversation.messages.get(index))
            .map(|message| &message.id);
        HttpAnswer::json(201, &json!({"id": id}))
    }

    /// Sends whatever text this is, JSON or not, to the guest's connections.
    fn on_desk_frame(&mut self, key: ConversationKey, body: &[u8]) -> HttpAnswer {
        let connections = self.conversations.get(&key).map(|conversation| conversation.connections.clone());
        let text = String::from_utf8_lossy(body).into_owned();
        for connection in connections.into_iter().flatten() {
            self.transmit(connection, text.clone());
        }
        HttpAnswer::empty(204)
    }

    fn desk_draft(&mut self, key: ConversationKey, body: &Value) -> Result<Draft, String> {
        let author = match body.get("author").and_then(Value::as_str) {
            None | Some("agent") => Author::Agent,
            Some("bot") => Author::Bot,
            Some(_) => return Err("author must be \"agent\" or \"bot\".".into()),
        };
        let mut draft = Draft::new(author, Kind::Text);
        draft.text = body.get("text").and_then(Value::as_str).map(str::to_owned);
        for (member, wire) in [("name", "nickname"), ("avatar", "image")] {
            if let Some(value) = body.get(member).and_then(Value::as_str) {
                draft.from.insert(wire.into(), json!(value));
            }
        }
        draft.content = desk_content(body)?;
        if !draft.content.is_empty() {
            draft.kind = Kind::Structured;
        }
        if let Some(file) = body.get("file") {
            let id = self.keep_desk_file(key, file)?;
            draft.content.push(json!({"contentType": "Attachment", "attachment": {"id": id}}));
        }
        draft.raw_body = body.get("raw_body").filter(|raw| raw.is_object()).cloned();
        if draft.text.is_none() && draft.content.is_empty() && draft.raw_body.is_none() {
            return Err("A message needs text, quick_replies, a card, a carousel, a file or a raw_body.".into());
        }
        Ok(draft)
    }

    fn keep_desk_file(&mut self, key: ConversationKey, file: &Value) -> Result<String, String> {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let text = |name: &str| file.get(name).and_then(Value::as_str);
        let (Some(name), Some(mime), Some(base64)) = (text("name"), text("mime"), text("base64")) else {
            return Err("A file needs name, mime and base64.".into());
        };
        let bytes = BASE64_STANDARD.decode(base64).map_err(|_| "The file's base64 cannot be read.".to_owned())?;
        Ok(self.keep_file(Some(key), name, mime, bytes))
    }

    /// Ends a conversation as an agent or a flow does (guest API reference, section 12).
    pub(crate) fn disconnect(&mut self, key: ConversationKey, kind: DisconnectKind, author: Author) {
        let Some(conversation) = self.conversations.get_mut(&key) else {
            return;
        };
        if conversation.state.is_over() {
            return;
        }
        conversation.state = if kind == DisconnectKind::ReadOnly { State::ReadOnly } else { State::Ended };
        if kind != DisconnectKind::Off {
            let mut draft = Draft::presence(author, "Disconnect");
            if kind == DisconnectKind::ReadOnly {
                draft.metadata.insert("readOnly".into(), json!("true"));
            }
            self.deliver(key, draft, None);
        }
        self.set_webchat_state(key, WebchatState::Closed);
        self.record_conversation(key);
        self.tell_desk_of_conversation(key);
    }

    fn on_settings(&mut self, http: &HttpRequest) -> HttpAnswer {
        let Some(patch) = read_object(http) else {
            return not_json();
        };
        match self.settings.merged(&patch) {
            Ok(settings) => {
                let former_s = std::mem::replace(&mut self.settings, settings).session_duration_s;
                self.move_expiries(former_s);
                HttpAnswer::json(200, &self.settings.to_json())
            }
            Err(sentence) => error(400, "bad.request", &sentence),
        }
    }

    fn on_faults(&mut self, http: &HttpRequest) -> HttpAnswer {
        let Ok(body) = serde_json::from_slice(&http.body) else {
            return not_json();
        };
        match Fault::read(&body) {
            Ok(faults) => {
                faults.into_iter().for_each(|fault| self.arm(fault));
                HttpAnswer::json(200, &self.armed_faults())
            }
            Err(sentence) => error(400, "bad.request", &sentence),
        }
    }

    fn list_conversations(&self, http: &HttpRequest) -> HttpAnswer {
        let base = base_of(http.header("host").unwrap_or_default(), self.setup.secure);
        let list: Vec<Value> =
            self.conversations.values().map(|conversation| self.desk_conversation(conversation, &base)).collect();
        HttpAnswer::json(200, &Value::Array(list)).header("cache-control", "no-store")
    }
}

fn typing_of(body: &Value) -> Value {
    let duration_ms = body.get("duration_ms").and_then(Value::as_u64).unwrap_or(AGENT_TYPING_MS);
    if body.get("off").and_then(Value::as_bool).unwrap_or(false) {
        return json!({"type": "Off", "duration": duration_ms.min(1000)});
    }
    match body.get("field").and_then(Value::as_str) {
        Some("durationMs") => json!({"type": "On", "durationMs": duration_ms}),
        Some("none") => json!({"type": "On"}),
        _ => json!({"type": "On", "duration": duration_ms}),
    }
}

fn desk_content(body: &Value) -> Result<Vec<Value>, String> {
    let mut content = Vec::new();
    for reply in body.get("quick_replies").and_then(Value::as_array).into_iter().flatten() {
        let Some(text) = reply.as_str() else {
            return Err("quick_replies are texts.".into());
        };
        content.push(
            json!({"contentType": "QuickReply", "quickReply": {"text": text, "payload": text, "action": "Message"}}),
        );
    }
    if let Some(card) = body.get("card") {
        content.push(json!({"contentType": "Card", "card": whole_card(card)?}));
    }
    if let Some(cards) = body.get("carousel") {
        let Some(cards) = cards.as_array() else {
            return Err("carousel is a list of cards.".into());
        };
        let cards = cards.iter().map(whole_card).collect::<Result<Vec<_>, _>>()?;
        content.push(json!({"contentType": "Carousel", "carousel": {"cards": cards}}));
    }
    Ok(content)
}

/// A card with the members that the official mobile client cannot do without (guest API reference, section 24).
fn whole_card(card: &Value) -> Result<Value, String> {
    let Value::Object(card) = card else {
        return Err("A card is an object with title, description and actions.".into());
    };
    let mut whole: Map<String, Value> = card.clone();
    whole.extend(string_map(Some(&json!({"title": card.get("title"), "description": card.get("description")}))));
    for member in ["title", "description"] {
        whole.entry(member).or_insert_with(|| json!(""));
    }
    whole.entry("actions").or_insert_with(|| json!([]));
    Ok(Value::Object(whole))
}
