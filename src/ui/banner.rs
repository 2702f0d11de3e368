//! The quiet line that says how the connection is.

use super::dom::Node;
use super::words::Words;
use crate::session::view::Banner as State;

pub(super) struct Banner {
    pub(super) node: Node,
    words: Words,
    shown: Option<State>,
}

impl Banner {
    pub(super) fn new(words: &Words) -> Banner {
        Banner { node: Node::part("div", "banner").with("role", "status"), words: words.clone(), shown: None }
    }

    pub(super) fn update(&mut self, state: Option<State>) {
        if self.shown == state {
            return;
        }
        self.shown = state;
        let key = state.map(|state| match state {
            State::Connecting => "connecting",
            State::Reconnecting => "reconnecting",
            State::Offline => "offline",
            State::CannotConnect => "cannot_connect",
            State::Slowed => "rate_limited",
        });
        // It stays in the tree, empty: a live region that appears together with its text is not read out.
        self.node.set_text(&key.map(|key| self.words.get(key)).unwrap_or_default());
    }
}
