//! "Ana is typing", with three dots for the eye.

use super::dom::Node;
use super::message;
use super::words::Words;
use crate::session::content::Sender;

pub(super) struct Typing {
    pub(super) node: Node,
    label: Node,
    words: Words,
}

impl Typing {
    pub(super) fn new(words: &Words) -> Typing {
        let dots = Node::part("span", "typing-dots").with("aria-hidden", "true");
        for _ in 0..3 {
            dots.append(&Node::new("i"));
        }
        let label = Node::part("span", "typing-label");
        let node = Node::part("div", "typing").hidden().with_child(&dots).with_child(&label);
        Typing { node, label, words: words.clone() }
    }

    pub(super) fn update(&self, sender: Option<&Sender>) {
        self.node.show(sender.is_some());
        if let Some(sender) = sender {
            let name = message::name_or(sender, "agent", &self.words);
            self.label.set_text(&self.words.fill("typing", &[("name", &name)]));
        }
    }
}
