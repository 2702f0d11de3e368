//! Messages and events of a conversation, and the `StructuredMessage` body (guest API reference, section 6).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Seen from the platform: inbound is from the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Direction {
    Inbound,
    Outbound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Text,
    Structured,
    Event,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Author {
    Guest,
    Agent,
    Bot,
}

/// What is said, before the platform gives it a place in the conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) direction: Direction,
    pub(crate) author: Author,
    pub(crate) kind: Kind,
    pub(crate) text: Option<String>,
    /// As on the wire, but an attachment is only its id: its address is made for each reader.
    pub(crate) content: Vec<Value>,
    pub(crate) events: Vec<Value>,
    /// All values are strings in the Guest API; as the guest sent it in the conversations API.
    pub(crate) metadata: Map<String, Value>,
    /// The author's profile: `nickname`, `image`, `firstName`, `lastName`.
    pub(crate) from: Map<String, Value>,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) originating_message_id: Option<String>,
    /// Laid over the body, so that tests can send what the platform never would.
    pub(crate) raw_body: Option<Value>,
}

impl Draft {
    pub(crate) fn new(author: Author, kind: Kind) -> Self {
        Self {
            direction: if author == Author::Guest { Direction::Inbound } else { Direction::Outbound },
            author,
            kind,
            text: None,
            content: Vec::new(),
            events: Vec::new(),
            metadata: Map::new(),
            from: Map::new(),
            attributes: Map::new(),
            originating_message_id: None,
            raw_body: None,
        }
    }

    pub(crate) fn text(author: Author, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::new(author, Kind::Text) }
    }

    pub(crate) fn presence(author: Author, presence: &str) -> Self {
        let events = vec![json!({"eventType": "Presence", "presence": {"type": presence}})];
        Self { events, ..Self::new(author, Kind::Event) }
    }

    pub(crate) fn is_typing_on(&self) -> bool {
        self.events.iter().any(|event| event.pointer("/typing/type").and_then(Value::as_str) == Some("On"))
    }

    /// The first presence type among the events.
    pub(crate) fn presence_type(&self) -> Option<&str> {
        self.events.iter().find_map(|event| event.pointer("/presence/type")?.as_str())
    }
}

/// A message or event with its place in the conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    /// 32 hexadecimal digits.
    pub(crate) id: String,
    /// `channel.messageId`, only on what guests send.
    pub(crate) channel_id: Option<String>,
    /// Distinct and rising within a conversation.
    pub(crate) time_ms: u64,
    pub(crate) draft: Draft,
}

impl Message {
    pub(crate) fn is_outbound(&self) -> bool {
        self.draft.direction == Direction::Outbound
    }

    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.id == id || self.channel_id.as_deref() == Some(id)
    }

    /// The body of a socket frame. `content` is this message's content as this reader is to see it.
    pub(crate) fn body(&self, content: Vec<Value>) -> Value {
        let draft = &self.draft;
        let mut channel = self.channel();
        if !draft.attributes.is_empty() {
            channel.insert("metadata".into(), json!({"customAttributes": draft.attributes}));
        }
        let mut body = Map::new();
        body.insert("id".into(), json!(self.id));
        body.insert("type".into(), json!(draft.kind));
        body.insert("direction".into(), json!(draft.direction));
        body.insert("channel".into(), Value::Object(channel));
        body.insert("originatingEntity".into(), json!(self.entity()));
        body.insert("metadata".into(), Value::Object(draft.metadata.clone()));
        if let Some(text) = &draft.text {
            body.insert("text".into(), json!(text));
        }
        if !content.is_empty() {
            body.insert("content".into(), Value::Array(content));
        }
        if draft.kind == Kind::Event {
            body.insert("events".into(), json!(draft.events));
        }
        if let Some(id) = &draft.originating_message_id {
            body.insert("originatingMessageId".into(), json!(id));
        }
        lay_over(&mut body, draft.raw_body.as_ref());
        Value::Object(body)
    }

    /// One entity of a history page (guest API reference, section 14.1).
    pub(crate) fn entity_of_history(&self, content: Vec<Value>, with_metadata: bool) -> Value {
        let mut body = self.body(content);
        if let Value::Object(body) = &mut body {
            body.entry("content").or_insert_with(|| json!([]));
            if !with_metadata {
                body.remove("metadata");
            }
        }
        body
    }

    fn channel(&self) -> Map<String, Value> {
        let mut channel = Map::new();
        channel.insert("time".into(), json!(iso_time(self.time_ms)));
        channel.insert("type".into(), json!("Private"));
        channel.insert("from".into(), Value::Object(self.draft.from.clone()));
        channel.insert("to".into(), json!({}));
        if let Some(id) = &self.channel_id {
            channel.insert("messageId".into(), json!(id));
        }
        channel
    }

    fn entity(&self) -> &'static str {
        match self.draft.author {
            Author::Guest | Author::Agent => "Human",
            Author::Bot => "Bot",
        }
    }
}

/// `2026-10-14T09:00:01.037Z`.
pub(crate) fn iso_time(time_ms: u64) -> String {
    let time = i64::try_from(time_ms).ok().and_then(|time_ms| jiff::Timestamp::from_millisecond(time_ms).ok());
    format!("{:.3}", time.unwrap_or(jiff::Timestamp::MAX))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn http_date(time_ms: u64) -> String {
    let time = i64::try_from(time_ms).ok().and_then(|time_ms| jiff::Timestamp::from_millisecond(time_ms).ok());
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    printer.timestamp_to_rfc9110_string(&time.unwrap_or(jiff::Timestamp::UNIX_EPOCH)).unwrap_or_default()
}

/// `value` without the members that are null: official clients of some languages write absent ones so.
pub(crate) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name.clone(), without_nulls(member)))
            .collect(),
        Value::Array(items) => items.iter().filter(|item| !item.is_null()).map(without_nulls).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// A map whose values are all strings, as `metadata` and custom attributes must be.
pub(crate) fn string_map(value: Option<&Value>) -> Map<String, Value> {
    let Some(Value::Object(members)) = value else {
        return Map::new();
    };
    members
        .iter()
        .filter(|(_, member)| !member.is_null())
        .map(|(name, member)| {
            let text = member.as_str().map_or_else(|| member.to_string(), str::to_owned);
            (name.clone(), Value::String(text))
        })
        .collect()
}

pub(crate) fn lay_over(body: &mut Map<String, Value>, raw: Option<&Value>) {
    if let Some(Value::Object(raw)) = raw {
        body.extend(raw.clone());
    }
}
