//! What a message holds beside its text: quick replies, cards, files.

use super::dom::Node;
use super::files;
use super::lazy::Showing;
use super::links;
use super::message::Context;
use super::text::{self, BrowserAddresses};
use crate::listener::Listener;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Card, CardAction, Choice, Item, Offer};
use crate::session::ids::ServerId;
use crate::session::input::Command;
use crate::session::transcript::Entry;
use std::rc::Rc;

/// What makes the items of a row work, for as long as it lives.
#[derive(Default)]
pub(super) struct Life {
    listeners: Vec<Listener>,
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
    let cards = Node::part("div", "cards");
    let replies = Node::part("div", "quick-replies");
    let (mut card_count, mut reply_count) = (0, 0);
    for item in &entry.body.items {
        match item {
            Item::Card(card) => {
                cards.append(&items.card(card));
                card_count += 1;
            }
            Item::QuickReply(choice) if is_open_offer => {
                replies.append(&items.choice("quick-reply", AnswerKind::QuickReply, choice));
                reply_count += 1;
            }
            Item::Offer(offer) => row.append(&items.offer(offer, answer)),
            Item::Attachment(file) => {
                row.append(&files::node(file, entry.server_id.is_some(), context, &mut items.life.listeners))
            }
            Item::Unsupported(_) if entry.body.text.is_empty() => {
                let placeholder = Node::part("div", "unsupported");
                row.append(&placeholder.with_text(&context.words.get("unsupported_content")));
            }
            Item::QuickReply(_) | Item::Answer(_) | Item::Unsupported(_) => {}
        }
    }
    if card_count > 0 {
        // Reachable by keyboard, so that arrow keys scroll it.
        cards.set_flag("data-carousel", card_count > 1);
        if card_count > 1 {
            cards.set("tabindex", "0");
            cards.set("role", "group");
            cards.set("aria-label", &super::message::plain_text(entry, &context.words));
        }
        row.append(&cards);
    }
    if reply_count > 0 {
        row.append(&replies);
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
    fn choice(&mut self, part: &str, kind: AnswerKind, choice: &Choice) -> Node {
        let button = Node::button(part, &choice.text).with("dir", "auto");
        let answer = Answer::press(kind, choice.clone(), self.entry.server_id.clone());
        let (host, entry) = (Rc::clone(&self.context.host), self.entry.id);
        self.life.listeners.push(button.on_click(move || host.command(Command::Answer(entry, answer.clone()))));
        button
    }

    fn card(&mut self, card: &Card) -> Node {
        let node = Node::part("div", "card").with("dir", "auto");
        if let Some(href) = card.image.as_deref().and_then(|address| self.context.images.allow(address)) {
            node.append(&image("card-image", &href, ""));
        }
        let title = card.default_link.as_deref().and_then(|url| link("card-title", url, &card.title));
        node.append(&title.unwrap_or_else(|| Node::part("strong", "card-title").with_text(&card.title)));
        if !card.description.is_empty() {
            let description = Node::part("div", "card-text");
            text::append(&description, &card.description);
            node.append(&description);
        }
        for action in &card.actions {
            match action {
                CardAction::Link { text, url } => {
                    if let Some(link) = link("card-action", url, text) {
                        node.append(&link);
                    }
                }
                CardAction::Postback(choice) => {
                    node.append(&self.choice("card-action", AnswerKind::CardButton, choice));
                }
            }
        }
        node
    }

    /// A view of its own, open or with what was chosen.
    fn offer(&mut self, offer: &Offer, answer: Option<&Answer>) -> Node {
        let node = Node::part("div", "offer").with("dir", "auto");
        let chosen = answer.map_or(Json::Null, |answer| Json::List(answer.choices.iter().map(chosen).collect()));
        let data = ["{\"offer\":", offer.data.expose(), ",\"chosen\":", &chosen.write(), "}"].concat();
        let (host, entry, to, kind) =
            (Rc::clone(&self.context.host), self.entry.id, self.entry.server_id.clone(), offer.kind);
        let respond = move |response: String| {
            if let Some(answer) = read_answer(&response, kind, to.clone()) {
                host.command(Command::Answer(entry, answer));
            }
        };
        let view = if kind == AnswerKind::Form { "form" } else { "picker" };
        self.life.showings.push(self.context.lazy.show(view, &node, &data, respond));
        node
    }
}

fn chosen(choice: &Choice) -> Json {
    Json::List(vec![Json::from(choice.text.as_str()), Json::from(choice.payload.as_str())])
}

/// From what a view responds: what the guest is seen to say, the form's name, then text and payload of each choice, with a
/// zero between them.
fn read_answer(response: &str, kind: AnswerKind, to: Option<ServerId>) -> Option<Answer> {
    let mut texts = response.split('\0').map(str::to_owned);
    let (text, form) = (texts.next()?, texts.next()?);
    let mut choices = Vec::new();
    while let (Some(text), Some(payload)) = (texts.next(), texts.next()) {
        choices.push(Choice { text, payload });
    }
    Some(Answer { kind, text, choices, to, form })
}

fn link(part: &str, url: &str, label: &str) -> Option<Node> {
    links::safe_href(url, &BrowserAddresses).map(|href| text::anchor(part, &href, label).with("dir", "auto"))
}
