//! One row of the transcript.

use super::dom::Node;
use super::host::Host;
use super::lazy::Lazy;
use super::links;
use super::markup;
use super::rich;
use super::text::{self, BrowserAddresses};
use super::times::{Times, machine_readable};
use super::words::Words;
use crate::built_in::{CONFIGURATION, OFFERS};
use crate::listener::Listener;
use crate::session::content::{Answer, Author, Item, Notice, Sender};
use crate::session::ids::EntryId;
use crate::session::input::Command;
use crate::session::time::WallTime;
use crate::session::transcript::{Delivery, Entry};
use crate::text::decimal;
use std::cell::Cell;
use std::rc::Rc;

/// What all rows share.
pub(super) struct Context {
    pub(super) words: Words,
    pub(super) host: Rc<dyn Host>,
    pub(super) times: Times,
    pub(super) images: Images,
    pub(super) lazy: Lazy,
    /// The deployment wants marks in texts to mean something.
    pub(super) has_markup: Cell<bool>,
}

/// Where pictures may come from by plain http.
#[derive(Clone, Debug, Default)]
pub struct Images {
    /// The host of a stand-in or proxy, with its port, which may speak plain http.
    pub own_host: String,
}

impl Images {
    /// Avatars are the deployment's own choice: any host, by https.
    fn allow_avatar(&self, address: &str) -> Option<String> {
        links::safe_image(address, &self.own_host, &BrowserAddresses).map(|judged| judged.href)
    }
}

/// What a row looks like because of those around it, and because of the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The first of its day, which begins then; beside it today's beginning.
    pub(super) day: Option<(WallTime, WallTime)>,
    /// The first that was unread when the panel opened.
    pub(super) is_first_unread: bool,
    /// Somebody else than before answers.
    pub(super) has_joined: bool,
    pub(super) is_first_of_group: bool,
    pub(super) is_last_of_group: bool,
    /// Its quick replies wait for an answer.
    pub(super) is_open_offer: bool,
    /// Its picker or form has one.
    pub(super) is_answered: bool,
}

pub(super) struct Row {
    pub(super) id: EntryId,
    pub(super) node: Node,
    /// The lines above it: its day, who has joined, that it is unread.
    divider: Option<Node>,
    place: Place,
    avatar: Option<Node>,
    sender: Option<Node>,
    listeners: Vec<Listener>,
    items: rich::Life,
}

impl Row {
    /// `answer`: what the guest has answered to its picker or form.
    pub(super) fn new(entry: &Entry, place: Place, answer: Option<&Answer>, context: &Context) -> Row {
        let node = Node::part("li", "message").with("data-entry", &decimal(i64::from(entry.id.0)));
        let (avatar, sender) = (None, None);
        let (listeners, items) = (Vec::new(), rich::Life::default());
        let mut row = Row { id: entry.id, node, divider: None, place, avatar, sender, listeners, items };
        row.fill(entry, answer, context);
        row.mark_group();
        row.divide(entry, context);
        row
    }

    /// Puts it into the list, before the row given or at the end.
    pub(super) fn insert(&self, list: &Node, before: Option<&Row>) {
        let before = before.map(|row| row.divider.as_ref().unwrap_or(&row.node));
        for node in self.divider.iter().chain([&self.node]) {
            list.insert(node, before);
        }
    }

    pub(super) fn remove(&self) {
        for node in self.divider.iter().chain([&self.node]) {
            node.remove();
        }
    }

    /// The uppermost of its nodes.
    pub(super) fn top(&self) -> &Node {
        self.divider.as_ref().unwrap_or(&self.node)
    }

    pub(super) fn update(
        &mut self,
        entry: &Entry,
        place: Place,
        answer: Option<&Answer>,
        has_changed: bool,
        context: &Context,
    ) {
        let was = std::mem::replace(&mut self.place, place);
        if was != place {
            self.mark_group();
        }
        let has_lines = |place: Place| (place.day, place.is_first_unread, place.has_joined);
        if has_lines(was) != has_lines(place) {
            self.divide(entry, context);
        }
        let has_other_offers = was.is_open_offer != place.is_open_offer || was.is_answered != place.is_answered;
        if has_changed || has_other_offers {
            self.fill(entry, answer, context);
        } else if was.is_first_of_group != place.is_first_of_group {
            self.show_avatar(entry, context);
        }
    }

    fn divide(&mut self, entry: &Entry, context: &Context) {
        let Place { day, is_first_unread, has_joined, .. } = self.place;
        if let Some(divider) = self.divider.take() {
            divider.remove();
        }
        let words = &context.words;
        let lines = [
            ("day", day.map(|(day, today)| context.times.name_of_day(day, today))),
            ("joined", has_joined.then(|| words.fill("joined", &[("name", &sender_name(entry, words))]))),
            ("unread", is_first_unread.then(|| words.get("new_messages"))),
        ];
        for (part, line) in lines {
            if let Some(line) = line {
                let divider = self.divider.get_or_insert_with(|| Node::part("li", "divider"));
                divider.append(&Node::part("div", part).with_text(&line));
            }
        }
        if let Some(divider) = &self.divider {
            self.node.insert_above(divider);
        }
    }

    fn mark_group(&self) {
        self.node.set_flag("data-first", self.place.is_first_of_group);
        self.node.set_flag("data-last", self.place.is_last_of_group);
    }

    /// Apart from the rest, which may hold a form that is half filled in.
    fn show_avatar(&mut self, entry: &Entry, context: &Context) {
        if let Some(avatar) = self.avatar.take() {
            avatar.remove();
        }
        if self.place.is_first_of_group && entry.is_theirs() {
            let avatar = avatar(entry, context);
            self.node.insert(&avatar, self.sender.as_ref());
            self.avatar = Some(avatar);
        }
    }

    fn fill(&mut self, entry: &Entry, answer: Option<&Answer>, context: &Context) {
        self.node.clear();
        self.listeners.clear();
        self.items = rich::Life::default();
        self.node.set("data-author", entry.author.name());
        if let Some(notice) = entry.notice {
            self.node.append(&Node::part("div", "notice-line").with_text(&notice_text(notice, &context.words)));
            return;
        }
        let name = sender_name(entry, &context.words);
        let sender = Node::part("span", "sender").with("dir", "auto").with_text(&name);
        self.node.append(&sender);
        self.sender = Some(sender);
        self.show_avatar(entry, context);
        let text = shown_text(entry);
        if !text.is_empty() {
            let marks = marks(entry, context.has_markup.get());
            self.listeners.extend(text::bubble(&self.node, &text, marks, &context.words));
        }
        self.items = rich::append(&self.node, entry, self.place.is_open_offer, answer, context);
        self.append_time(entry, context);
        if entry.author == Author::Guest {
            self.append_delivery(entry, context);
        }
    }

    fn append_time(&self, entry: &Entry, context: &Context) {
        let Some(machine_readable) = machine_readable(entry.time) else { return };
        let time = Node::part("time", "time").with("datetime", &machine_readable);
        self.node.append(&time.with_text(&context.times.time_of_day(entry.time)));
    }

    fn append_delivery(&mut self, entry: &Entry, context: &Context) {
        self.node.set("data-delivery", entry.delivery.name());
        let status = Node::part("span", "status").with_text(&context.words.get(delivery_word(&entry.delivery)));
        self.node.append(&status);
        if matches!(&entry.delivery, Delivery::Failed(error) if error.retryable) {
            let retry = Node::button("retry", &context.words.get("retry"));
            let (host, id) = (Rc::clone(&context.host), entry.id);
            self.listeners.push(retry.on_click(move || host.command(Command::Retry(id))));
            self.node.append(&retry);
        }
        if matches!(entry.delivery, Delivery::Failed(_)) {
            let discard = Node::button("discard", &context.words.get("delete"));
            let (host, id) = (Rc::clone(&context.host), entry.id);
            self.listeners.push(discard.on_click(move || host.command(Command::Discard(id))));
            self.node.append(&discard);
        }
    }
}

/// Whether an agent answers where a bot, or another agent, did before.
pub(super) fn has_joined(entry: &Entry, above: &[Entry]) -> bool {
    let before = || above.iter().rev().find(|before| before.is_theirs());
    entry.author == Author::Agent
        && entry.sender.name.is_some()
        && before().is_some_and(|before| before.author == Author::Bot || before.sender.name != entry.sender.name)
}

/// Whether the two stand together as one group, under one name.
pub(super) fn is_same_group(above: &Entry, below: &Entry) -> bool {
    const GROUP_MAX_MS: i64 = 5 * 60 * 1000;
    above.author == below.author
        && above.sender == below.sender
        && above.notice.is_none()
        && below.notice.is_none()
        && below.time.0.saturating_sub(above.time.0) < GROUP_MAX_MS
}

/// Whether it holds something to choose or to fill in that is done with once it is answered.
pub(super) fn has_offer(entry: &Entry) -> bool {
    OFFERS && entry.body.items.iter().any(|item| matches!(item, Item::Offer(offer) if offer.kind.is_final()))
}

pub(super) fn sender_name(entry: &Entry, words: &Words) -> String {
    match entry.author {
        Author::Guest => words.get("you"),
        Author::Bot => name_or(&entry.sender, "bot", words),
        Author::Agent | Author::System => name_or(&entry.sender, "agent", words),
    }
}

/// Nobody else is called as the visitor is: what stands over their messages would seem to be the visitor's own.
pub(super) fn name_or(sender: &Sender, key: &str, words: &Words) -> String {
    match sender.name.as_deref().map(str::trim) {
        Some(name) if !name.is_empty() && !name.eq_ignore_ascii_case(&words.get("you")) => name.to_owned(),
        _ => words.get(key),
    }
}

/// What means something in its text; `has_markup` as in `Context`.
fn marks(entry: &Entry, has_markup: bool) -> &'static str {
    match entry.author {
        _ if !CONFIGURATION || !has_markup => markup::PLAIN,
        Author::Guest => markup::GUESTS,
        Author::Agent | Author::Bot | Author::System => markup::OTHERS,
    }
}

/// Nobody listens to more; the whole is in the transcript.
const SPOKEN_MAX_BYTES: usize = 4096;

/// The message for those who do not see it: without the marks in its text.
pub(super) fn spoken(entry: &Entry, words: &Words, has_markup: bool) -> String {
    let text = plain_text(entry, words);
    text::plain(markup::head(&text, SPOKEN_MAX_BYTES), marks(entry, has_markup))
}

/// The message as text alone.
pub(super) fn plain_text(entry: &Entry, words: &Words) -> String {
    if let Some(notice) = entry.notice {
        return notice_text(notice, words);
    }
    let text = shown_text(entry);
    if !text.is_empty() {
        return text;
    }
    let described = entry.body.items.iter().find_map(|item| match item {
        Item::Attachment(file) if !file.name.is_empty() => Some(file.name.clone()),
        Item::Attachment(_) => Some(words.get("attachment")),
        _ if !OFFERS => None,
        Item::Offer(offer) if !offer.title.is_empty() => Some(offer.title.clone()),
        Item::QuickReply(_) | Item::Offer(_) | Item::Answer(_) | Item::Unsupported(_) => None,
    });
    described.unwrap_or_else(|| words.get("unsupported_content"))
}

/// The text, or what the guest chose when that came without one.
fn shown_text(entry: &Entry) -> String {
    let mut text = entry.body.text.expose().to_owned();
    let is_silent = text.is_empty();
    if !OFFERS {
        return text;
    }
    for item in &entry.body.items {
        if let Item::Answer(answer) = item
            && is_silent
        {
            for choice in &answer.choices {
                if !text.is_empty() {
                    text.push_str(", ");
                }
                text.push_str(&choice.text);
            }
        }
    }
    text
}

fn notice_text(notice: Notice, words: &Words) -> String {
    match notice {
        Notice::Ended => words.get("ended_by_agent"),
    }
}

fn delivery_word(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "queued",
        Delivery::Sending | Delivery::Unknown => "sending",
        Delivery::Sent => "sent",
        Delivery::Failed(_) => "not_sent",
    }
}

/// The picture, or the initial where there is none that may be loaded.
fn avatar(entry: &Entry, context: &Context) -> Node {
    let address = entry.sender.avatar.as_deref().and_then(|address| context.images.allow_avatar(address));
    match address {
        Some(address) => rich::image("avatar", &address, ""),
        None => {
            let initial = sender_name(entry, &context.words).chars().next().map(|letter| letter.to_string());
            Node::part("span", "avatar").with("aria-hidden", "true").with_text(&initial.unwrap_or_default())
        }
    }
}
