//! What those hear who do not see: one plain line for each message of somebody else, gone after a second; that somebody
//! types; and, at once, that a message of theirs could not be sent.

use super::dom::Node;
use super::message;
use super::words::Words;
use crate::session::content::Sender;
use crate::session::ids::EntryId;
use crate::session::time::{Timestamp, earlier};
use crate::session::transcript::{Delivery, Entry};
use crate::session::view::View;

/// Some screen readers lose lines that are taken away within a tenth of this.
const LINE_LIFE_MS: u64 = 1000;
/// What comes quicker is said together: nobody could hear each line.
const SAY_INTERVAL_MS: u64 = 100;
/// Nobody listens to more at once.
const LINES_MAX: usize = 5;
/// Who types on and off is one burst.
const TYPING_INTERVAL_MS: u64 = 10_000;

pub(super) struct Announcer {
    pub(super) node: Node,
    pub(super) alert: Node,
    words: Words,
    /// That they could not be sent has been said.
    failed: Vec<EntryId>,
    typing_again: Timestamp,
    /// To be said with the next painting, but not before `say_again`: of a burst only the newest.
    waiting: Vec<EntryId>,
    say_again: Timestamp,
    /// A painting was too early for what waits.
    is_held_up: bool,
    /// Oldest first.
    lines: Vec<(Timestamp, Node)>,
}

impl Announcer {
    pub(super) fn new(words: &Words) -> Announcer {
        let region = |part, politeness| {
            Node::part("div", part)
                .with("lang", words.locale())
                .with("aria-live", politeness)
                .with("aria-relevant", "additions")
        };
        Announcer {
            node: region("announcer", "polite"),
            alert: region("alert", "assertive"),
            words: words.clone(),
            failed: Vec::new(),
            typing_again: Timestamp::default(),
            waiting: Vec::new(),
            say_again: Timestamp::default(),
            is_held_up: false,
            lines: Vec::new(),
        }
    }

    /// `paint` says it.
    pub(super) fn announce(&mut self, entry: EntryId) {
        self.waiting.push(entry);
    }

    /// Says what waits, unless something has been said just now: then it is to be called again at the deadline.
    pub(super) fn paint(&mut self, now: Timestamp, view: &View<'_>) {
        self.is_held_up = now < self.say_again && !self.waiting.is_empty();
        if !self.is_held_up && !self.waiting.is_empty() {
            self.say_again = now.after(SAY_INTERVAL_MS);
            self.say_waiting(now, view);
        }
    }

    fn say_waiting(&mut self, now: Timestamp, view: &View<'_>) {
        let waiting = std::mem::take(&mut self.waiting);
        for entry in waiting.get(waiting.len().saturating_sub(LINES_MAX)..).unwrap_or_default() {
            let Some(entry) = view.transcript.entry(*entry) else { continue };
            let name = message::sender_name(entry, &self.words);
            let text = message::spoken(entry, &self.words, view.has_markup());
            self.say(now, &self.node.clone(), &self.words.fill("new_message", &[("name", &name), ("text", &text)]));
        }
    }

    pub(super) fn announce_typing(&mut self, now: Timestamp, sender: &Sender, view: &View<'_>) {
        self.say_waiting(now, view);
        if now < self.typing_again {
            return;
        }
        self.typing_again = now.after(TYPING_INTERVAL_MS);
        let name = message::name_or(sender, "agent", &self.words);
        self.say(now, &self.node.clone(), &self.words.fill("typing", &[("name", &name)]));
    }

    /// A message of the guest's has changed: each failure is said once.
    pub(super) fn note(&mut self, now: Timestamp, entry: &Entry, has_markup: bool) {
        let was_said = self.failed.contains(&entry.id);
        match entry.delivery {
            Delivery::Failed(_) if !was_said => {
                self.failed.push(entry.id);
                let (status, text) = (self.words.get("not_sent"), message::spoken(entry, &self.words, has_markup));
                let line = self.words.fill("new_message", &[("name", &status), ("text", &text)]);
                self.say(now, &self.alert.clone(), &line);
            }
            Delivery::Failed(_) => {}
            Delivery::Queued | Delivery::Sending | Delivery::Unknown | Delivery::Sent => {
                self.failed.retain(|id| *id != entry.id);
            }
        }
    }

    fn say(&mut self, now: Timestamp, region: &Node, text: &str) {
        let line = Node::new("div").with_text(text);
        region.append(&line);
        self.lines.push((now.after(LINE_LIFE_MS), line));
        if self.lines.len() > LINES_MAX {
            self.drop_oldest();
        }
    }

    pub(super) fn deadline(&self) -> Option<Timestamp> {
        earlier(self.lines.first().map(|(end, _)| *end), self.is_held_up.then_some(self.say_again))
    }

    /// Answers whether something is to be painted.
    pub(super) fn tick(&mut self, now: Timestamp) -> bool {
        while self.lines.first().is_some_and(|(end, _)| *end <= now) {
            self.drop_oldest();
        }
        self.is_held_up
    }

    fn drop_oldest(&mut self) {
        let (_, line) = self.lines.remove(0);
        line.remove();
    }
}
