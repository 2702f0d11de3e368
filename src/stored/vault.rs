//! What this tab has not sent, as text for the vault.

use crate::built_in::OFFERS;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Attachment, Body, Choice, Item};
use crate::session::ids::{ClientId, ServerId};
use crate::session::record::Unsent;
use crate::session::redact::Redacted;
use crate::session::time::WallTime;

const VERSION: i64 = 1;
/// Two hundred messages of the largest size and a draft.
pub const TEXT_MAX_BYTES: usize = 1024 * 1024;

/// Unsent messages and the text in the composer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub unsent: Vec<Unsent>,
    pub draft: String,
}

/// Empty when there is nothing to keep.
pub fn write(kept: &Kept) -> String {
    if *kept == Kept::default() {
        return String::new();
    }
    Json::object([
        ("v", Json::from(VERSION)),
        ("unsent", Json::List(kept.unsent.iter().map(unsent).collect())),
        ("draft", Json::from(kept.draft.as_str())),
    ])
    .write()
}

/// Whatever is malformed or of another version is left out.
pub fn read(json: &Json) -> Kept {
    if json.integer("v") != Some(VERSION) {
        return Kept::default();
    }
    Kept {
        unsent: json.list("unsent").iter().filter_map(read_unsent).collect(),
        draft: json.owned("draft").unwrap_or_default(),
    }
}

fn unsent(unsent: &Unsent) -> Json {
    // Elsewhere there are none.
    let items = if OFFERS { unsent.body.items.as_slice() } else { &[] };
    let answers = items.iter().filter_map(|item| match item {
        Item::Answer(given) => Some(answer(given)),
        Item::QuickReply(_) | Item::Attachment(_) | Item::Offer(_) | Item::Unsupported(_) => None,
    });
    let files = items.iter().filter_map(|item| match item {
        Item::Attachment(file) => Some(sent_file(file)),
        Item::QuickReply(_) | Item::Offer(_) | Item::Answer(_) | Item::Unsupported(_) => None,
    });
    Json::object([
        ("id", Json::from(unsent.client_id.0.as_str())),
        ("text", Json::from(unsent.body.text.expose())),
        ("answers", Json::List(answers.collect())),
        ("files", Json::List(files.collect())),
        ("acceptedAt", Json::from(unsent.accepted_at.0)),
        ("after", Json::from(unsent.after.0)),
        ("failed", Json::from(unsent.has_failed)),
        ("of", unsent.conversation.and_then(|tag| i64::try_from(tag).ok()).map_or(Json::Null, Json::from)),
    ])
}

fn read_unsent(json: &Json) -> Option<Unsent> {
    let answers = json.list("answers").iter().filter_map(read_answer).map(Item::Answer);
    let files = json.list("files").iter().filter_map(read_file).map(Item::Attachment);
    let items = if OFFERS { answers.chain(files).collect() } else { Vec::new() };
    Some(Unsent {
        client_id: ClientId(json.owned("id")?),
        body: Body { text: Redacted::new(json.text("text")?), items },
        accepted_at: WallTime(json.integer("acceptedAt")?),
        after: WallTime(json.integer("after")?),
        has_failed: json.bool("failed")?,
        // Messages of the version before have none.
        conversation: json.integer("of").and_then(|tag| u64::try_from(tag).ok()),
    })
}

/// It is with the platform already.
fn sent_file(file: &Attachment) -> Json {
    Json::object([("id", Json::from(file.id.as_str())), ("name", Json::from(file.name.as_str()))])
}

fn read_file(json: &Json) -> Option<Attachment> {
    Some(Attachment { id: json.owned("id")?, name: json.owned("name")?, ..Attachment::default() })
}

fn answer(answer: &Answer) -> Json {
    Json::object([
        ("kind", Json::from(answer.kind.name())),
        ("text", Json::from(answer.text.as_str())),
        ("choices", Json::List(answer.choices.iter().map(choice).collect())),
        ("to", answer.to.as_ref().map_or(Json::Null, |to| Json::from(to.0.as_str()))),
        ("form", Json::from(answer.form.as_str())),
    ])
}

fn choice(choice: &Choice) -> Json {
    Json::List([&choice.question, &choice.text, &choice.payload].map(|text| Json::from(text.as_str())).into())
}

fn read_choice(json: &Json) -> Option<Choice> {
    let Json::List(texts) = json else { return None };
    let text = |at: usize| texts.get(at).and_then(Json::as_text).map(str::to_owned);
    Some(Choice { question: text(0)?, text: text(1)?, payload: text(2)? })
}

fn read_answer(json: &Json) -> Option<Answer> {
    Some(Answer {
        kind: AnswerKind::named(json.text("kind")?)?,
        text: json.owned("text")?,
        choices: json.list("choices").iter().filter_map(read_choice).collect(),
        to: json.owned("to").map(ServerId),
        form: json.owned("form")?,
    })
}
