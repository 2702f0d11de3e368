//! Why nothing can be written, or is written elsewhere, and the button that leads out of it.

use super::dom::Node;
use super::host::Host;
use super::words::Words;
use crate::listener::Listener;
use crate::session::input::Command;
use crate::session::view::{EndReason, Phase};
use std::cell::Cell;
use std::rc::Rc;

pub(super) struct Ended {
    pub(super) node: Node,
    reason: Node,
    button: Node,
    words: Words,
    /// Another conversation, or else this one.
    starts_new: Rc<Cell<bool>>,
    _listener: Listener,
}

impl Ended {
    pub(super) fn new(words: &Words, host: &Rc<dyn Host>, wants_focus: &Rc<Cell<bool>>) -> Ended {
        let reason = Node::part("p", "ended-reason").with("id", "ended-reason");
        let button = Node::button("start-new", "");
        let node = Node::part("div", "ended").hidden().with_child(&reason).with_child(&button);
        let starts_new = Rc::new(Cell::new(true));
        let listener = button.on_click({
            let (host, starts_new, wants_focus) = (Rc::clone(host), Rc::clone(&starts_new), Rc::clone(wants_focus));
            move || {
                wants_focus.set(true);
                host.command(if starts_new.get() { Command::StartNew } else { Command::Reconnect });
            }
        });
        Ended { node, reason, button, words: words.clone(), starts_new, _listener: listener }
    }

    pub(super) fn update(&self, phase: Phase) {
        let notice = notice(phase);
        self.node.show(notice.is_some());
        let Some((reason, label)) = notice else { return };
        self.reason.set_text(&self.words.get(reason));
        self.button.set_text(&self.words.get(label));
        self.starts_new.set(label == START_NEW);
    }
}

const START_NEW: &str = "start_new";

/// The keys of the reason and of the button.
fn notice(phase: Phase) -> Option<(&'static str, &'static str)> {
    match phase {
        Phase::Starting | Phase::Live => None,
        Phase::ReadOnly => Some(("ended_read_only", START_NEW)),
        Phase::Ended(EndReason::SignedInElsewhere) => Some(("closed_elsewhere", START_NEW)),
        #[cfg(feature = "conversations")]
        Phase::Ended(EndReason::Over) => Some(("ended_by_agent", START_NEW)),
        Phase::Ended(EndReason::Expired) => Some(("session_expired", START_NEW)),
        Phase::Ended(EndReason::LoggedOut) => Some(("logged_out", START_NEW)),
        Phase::Elsewhere => Some(("closed_elsewhere", "use_here")),
        Phase::Unavailable(_) => Some(("cannot_connect", "retry")),
    }
}
