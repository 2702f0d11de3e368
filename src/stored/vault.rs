//! What this tab has not sent, as text for the vault.

use crate::built_in::OFFERS;
#[cfg(feature = "conversations")]
use crate::protocol::conversations;
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
    if kept.unsent.is_empty() && kept.draft.is_empty() {
        return String::new();
    }
    let mut all = Json::map();
    let unsent = kept.unsent.iter().map(unsent).collect();
    all.put("v", VERSION).put("unsent", Json::List(unsent)).put("draft", kept.draft.as_str());
    all.write()
}

/// Whatever is malformed or of another version is left out.
pub fn read(json: &Json) -> Kept {
    if json.integer("v") != Some(VERSION) {
        return Kept::default();
    }
    Kept { unsent: json.read_list("unsent", read_unsent), draft: json.owned("draft").unwrap_or_default() }
}

fn unsent(unsent: &Unsent) -> Json {
    let (mut answers, mut files) = (Vec::new(), Vec::new());
    if OFFERS {
        for item in &unsent.body.items {
            match item {
                Item::Answer(given) => answers.push(answer(given)),
                Item::Attachment(file) => files.push(sent_file(file)),
                Item::QuickReply(_) | Item::Offer(_) | Item::Unsupported(_) => {}
            }
        }
    }
    let mut kept = Json::map();
    // Those that lie where the page says.
    #[cfg(feature = "conversations")]
    conversations::put_attachments(&unsent.body, &mut kept);
    kept.put("id", unsent.client_id.0.as_str())
        .put("text", unsent.body.text.expose())
        .put("answers", Json::List(answers))
        .put("files", Json::List(files))
        .put("acceptedAt", unsent.accepted_at.0)
        .put("after", unsent.after.0)
        .put("failed", unsent.has_failed)
        .put("of", unsent.conversation.map_or(Json::Null, Json::from));
    kept
}

fn read_unsent(json: &Json) -> Option<Unsent> {
    let mut items = Vec::new();
    if OFFERS {
        items = json.read_list("answers", |found| read_answer(found).map(Item::Answer));
        items.append(&mut json.read_list("files", |found| read_file(found).map(Item::Attachment)));
    }
    #[cfg(feature = "conversations")]
    items.append(&mut conversations::attachments(json));
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
    let mut kept = Json::map();
    kept.put("id", file.id.as_str()).put("name", file.name.as_str());
    kept
}

fn read_file(json: &Json) -> Option<Attachment> {
    Some(Attachment { id: json.owned("id")?, name: json.owned("name")?, ..Attachment::default() })
}

fn answer(answer: &Answer) -> Json {
    let mut kept = Json::map();
    kept.put("kind", answer.kind.name())
        .put("text", answer.text.as_str())
        .put("choices", Json::List(answer.choices.iter().map(choice).collect()))
        .put("to", answer.to.as_ref().map(|to| to.0.as_str()))
        .put("form", answer.form.as_str());
    kept
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
        choices: json.read_list("choices", read_choice),
        to: json.owned("to").map(ServerId),
        form: json.owned("form")?,
    })
}
