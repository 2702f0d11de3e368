//! "Are you sure?" before the conversation is cleared: the one dialog that keeps the focus inside.

use super::dom::Node;
use super::words::Words;
use crate::listener::Listener;
use web_sys::KeyboardEvent;

pub(super) struct Confirm {
    pub(super) node: Node,
    no: Node,
    _listeners: [Listener; 3],
}

impl Confirm {
    /// `answer` gets the visitor's decision.
    pub(super) fn new(words: &Words, answer: impl Fn(bool) + Clone + 'static) -> Confirm {
        let question =
            Node::part("p", "confirm-text").with("id", "confirm-text").with_text(&words.get("clear_confirm"));
        let yes = Node::button("confirm-yes", &words.get("clear_yes"));
        let no = Node::button("confirm-no", &words.get("clear_no"));
        let card = Node::part("div", "confirm-card").with_child(&question).with_child(&no).with_child(&yes);
        let node = Node::part("div", "confirm")
            .with("role", "alertdialog")
            .with("aria-modal", "true")
            .with("aria-labelledby", "confirm-text")
            .hidden()
            .with_child(&card);
        let agree = answer.clone();
        let listeners =
            [yes.on_click(move || agree(true)), no.on_click(move || answer(false)), keep_focus(&node, &no, &yes)];
        Confirm { node, no, _listeners: listeners }
    }

    pub(super) fn open(&self) {
        self.node.show(true);
        self.no.focus();
    }

    pub(super) fn close(&self) {
        self.node.show(false);
    }

    pub(super) fn is_open(&self) -> bool {
        self.node.is_shown()
    }
}

/// Tab goes round: from the last button to the first and back.
fn keep_focus(dialog: &Node, first: &Node, last: &Node) -> Listener {
    let (first, last) = (first.clone(), last.clone());
    dialog.on("keydown", move |event: KeyboardEvent| {
        if event.key() != "Tab" {
            return;
        }
        let is_at = |node: &Node| event.target().as_ref() == Some(node.target());
        if event.shift_key() && is_at(&first) {
            event.prevent_default();
            last.focus();
        } else if !event.shift_key() && is_at(&last) {
            event.prevent_default();
            first.focus();
        }
    })
}
