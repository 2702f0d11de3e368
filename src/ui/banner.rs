//! The quiet line that says how the connection is, and what the visitor can do about it.

use super::dom::Node;
use super::host::Host;
use super::words::Words;
use crate::built_in::EXPIRY;
use crate::listener::Listener;
use crate::session::input::Command;
use crate::session::view::Banner as State;
use std::rc::Rc;
use web_sys::Element;

pub(super) struct Banner {
    pub(super) node: Node,
    words: Words,
    host: Rc<dyn Host>,
    shown: Option<State>,
    /// Of the button that is shown.
    listener: Option<Listener>,
}

impl Banner {
    pub(super) fn new(words: &Words, host: &Rc<dyn Host>) -> Banner {
        let node = Node::part("div", "banner").with("role", "status");
        Banner { node, words: words.clone(), host: Rc::clone(host), shown: None, listener: None }
    }

    /// Answers whether the button went away under the visitor's focus.
    pub(super) fn update(&mut self, state: Option<State>, focused: Option<&Element>) -> bool {
        if self.shown == state {
            return false;
        }
        let had_focus = focused.is_some_and(|element| self.node.contains(element));
        self.shown = state;
        let key = state.map(|state| match state {
            State::Connecting => "connecting",
            State::Reconnecting => "reconnecting",
            State::Offline => "offline",
            State::CannotConnect => "cannot_connect",
            State::Slowed => "rate_limited",
            State::Busy => "busy",
            State::Expiring => "expiring",
            State::Extending => "extending",
            State::ExpiringUnlessWritten => "expiring_unless_written",
        });
        // It stays in the tree, empty: a live region that appears together with its text is not read out.
        self.node.set_text(&key.map(|key| self.words.get(key)).unwrap_or_default());
        self.listener = (EXPIRY && state == Some(State::Expiring)).then(|| {
            let stay = Node::button("stay", &self.words.get("stay"));
            self.node.append(&stay);
            let host = Rc::clone(&self.host);
            stay.on_click(move || host.command(Command::Extend))
        });
        had_focus
    }
}
