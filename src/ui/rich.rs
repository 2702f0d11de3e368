//! What a message holds beside its text: quick replies, cards, files.

use super::dom::Node;
use super::lazy::Showing;
use super::message::Context;
use crate::built_in::OFFERS;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Attachment, Choice, Item, Offer};
use crate::session::ids::ServerId;
use crate::session::input::Command;
use crate::session::transcript::Entry;
use crate::text::part;
use std::rc::Rc;

/// What makes the items of a row work, for as long as it lives.
#[derive(Default)]
pub(super) struct Life {
    showings: Vec<Showing>,
}

/// Puts all items into the row. `answer` is what the guest has chosen of them, where that is known.
pub(super) fn append(
    row: &Node,
    entry: &Entry,
    is_open_offer: bool,
    answer: Option<&Answer>,
    context: &Context,
) -> Life {
    let mut items = Items { entry, context, life: Life::default() };
    let mut replies = String::new();
    for item in &entry.body.items {
        match item {
            Item::Attachment(file) => row.append(&items.file(file)),
            _ if !OFFERS => {}
            Item::QuickReply(reply) if is_open_offer => {
                replies.push(if replies.is_empty() { '[' } else { ',' });
                replies.push_str(reply.expose());
            }
            Item::Offer(offer) => row.append(&items.offer(offer, answer)),
            Item::Unsupported(_) if entry.body.text.is_empty() => {
                let placeholder = Node::part("div", "unsupported");
                row.append(&placeholder.with_text(&context.words.get("unsupported_content")));
            }
            Item::QuickReply(_) | Item::Answer(_) | Item::Unsupported(_) => {}
        }
    }
    if !replies.is_empty() {
        replies.push(']');
        row.append(&items.answered("quick-replies", "replies", &replies, AnswerKind::QuickReply));
    }
    items.life
}

/// Loaded when it comes near the view; the host of the picture learns nothing of the page.
pub(super) fn image(part: &str, href: &str, description: &str) -> Node {
    let image = Node::part("img", part)
        .with("alt", description)
        .with("loading", "lazy")
        .with("decoding", "async")
        .with("referrerpolicy", "no-referrer");
    image.set_property("src", href);
    image
}

struct Items<'a> {
    entry: &'a Entry,
    context: &'a Context,
    life: Life,
}

impl Items<'_> {
    /// A view of its own. It says which file is to be fetched, with a zero before it when the visitor wants to have it.
    fn file(&mut self, file: &Attachment) -> Node {
        let node = Node::part("div", "attachment");
        let url = file.url.as_ref().map_or("", |url| url.expose());
        let mut data: Vec<Json> = [&file.id, &file.name, url, file.kind.name()].map(Json::from).into();
        data.push(file.size_bytes.map_or(Json::Null, Json::from));
        data.push(Json::from(self.entry.server_id.is_some()));
        let host = Rc::clone(&self.context.host);
        let respond = move |response: String| {
            let wanted = response.strip_prefix('\0');
            let id = wanted.unwrap_or(&response).to_owned();
            host.command(Command::FetchFile { id, opens: wanted.is_some() });
        };
        self.life.showings.push(self.context.lazy.show("file", &node, &Json::List(data).write(), respond));
        node
    }

    /// A view of its own, open or with what was chosen.
    fn offer(&mut self, offer: &Offer, answer: Option<&Answer>) -> Node {
        let chosen = answer.map_or(Json::Null, |answer| Json::List(answer.choices.iter().map(chosen).collect()));
        let data = ["{\"offer\":", offer.data.expose(), ",\"chosen\":", &chosen.write(), "}"].concat();
        let view = match offer.kind {
            AnswerKind::Form => "form",
            AnswerKind::CardButton => "cards",
            AnswerKind::QuickReply | AnswerKind::Time | AnswerKind::List | AnswerKind::Other => "picker",
        };
        self.answered("offer", view, &data, offer.kind)
    }

    /// A view that what the visitor answers comes from.
    fn answered(&mut self, part: &str, view: &str, data: &str, kind: AnswerKind) -> Node {
        let node = Node::part("div", part);
        let (host, entry, to) = (Rc::clone(&self.context.host), self.entry.id, self.entry.server_id.clone());
        let respond = move |response: String| {
            if let Some(answer) = read_answer(&response, kind, to.clone()) {
                host.command(Command::Answer(entry, answer));
            }
        };
        self.life.showings.push(self.context.lazy.show(view, &node, data, respond));
        node
    }
}

fn chosen(choice: &Choice) -> Json {
    Json::List([&choice.question, &choice.text, &choice.payload].map(|text| Json::from(text.as_str())).into())
}

/// From what a view responds: what the guest is seen to say, the form's name, then question, text and
/// payload of each choice, with a zero between them.
fn read_answer(response: &str, kind: AnswerKind, to: Option<ServerId>) -> Option<Answer> {
    let mut texts = Some(response);
    let mut next = || part(&mut texts, b'\0').map(str::to_owned);
    let (text, form) = (next()?, next()?);
    let mut choices = Vec::new();
    while let (Some(question), Some(text), Some(payload)) = (next(), next(), next()) {
        choices.push(Choice { question, text, payload });
    }
    Some(Answer { kind, text, choices, to, form })
}
