//! What those hear who do not see: one plain line for each message of somebody else, gone after a second.

use super::dom::Node;
use super::message;
use super::words::Words;
use crate::session::time::Timestamp;
use crate::session::transcript::Entry;

/// Some screen readers lose lines that are taken away within a tenth of this.
const LINE_LIFE_MS: u64 = 1000;
/// Nobody listens to more at once.
const LINES_MAX: usize = 5;

pub(super) struct Announcer {
    pub(super) node: Node,
    words: Words,
    /// Oldest first.
    lines: Vec<(Timestamp, Node)>,
}

impl Announcer {
    pub(super) fn new(words: &Words) -> Announcer {
        let node = Node::part("div", "announcer")
            .with("lang", words.locale())
            .with("aria-live", "polite")
            .with("aria-relevant", "additions");
        Announcer { node, words: words.clone(), lines: Vec::new() }
    }

    pub(super) fn announce(&mut self, now: Timestamp, entry: &Entry) {
        let name = message::sender_name(entry, &self.words);
        let text = message::plain_text(entry, &self.words);
        let line = Node::new("div").with_text(&self.words.fill("new_message", &[("name", &name), ("text", &text)]));
        self.node.append(&line);
        self.lines.push((now.after(LINE_LIFE_MS), line));
        if self.lines.len() > LINES_MAX {
            self.drop_oldest();
        }
    }

    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.lines.first().map(|(end, _)| *end)
    }

    pub(super) fn tick(&mut self, now: Timestamp) {
        while self.deadline().is_some_and(|end| end <= now) {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let (_, line) = self.lines.remove(0);
        line.remove();
    }
}
