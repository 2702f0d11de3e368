//! Why nothing can be written, or is written elsewhere, and the button that leads out of it.

use super::dom::Node;
use super::host::Host;
use super::words::Words;
use crate::listener::Listener;
use crate::session::input::Command;
use crate::session::view::{EndReason, Phase};
use std::cell::RefCell;
use std::rc::Rc;

pub(super) struct Ended {
    pub(super) node: Node,
    reason: Node,
    button: Node,
    words: Words,
    way_out: Rc<RefCell<Command>>,
    _listener: Listener,
}

impl Ended {
    pub(super) fn new(words: &Words, host: &Rc<dyn Host>) -> Ended {
        let reason = Node::part("p", "ended-reason").with("id", "ended-reason");
        let button = Node::button("start-new", "");
        let node = Node::part("div", "ended").hidden().with_child(&reason).with_child(&button);
        let way_out = Rc::new(RefCell::new(Command::StartNew));
        let listener = button.on_click({
            let (host, way_out) = (Rc::clone(host), Rc::clone(&way_out));
            move || {
                let command = way_out.borrow().clone();
                host.command(command);
            }
        });
        Ended { node, reason, button, words: words.clone(), way_out, _listener: listener }
    }

    pub(super) fn update(&self, phase: Phase) {
        let notice = notice(phase);
        self.node.show(notice.is_some());
        let Some((reason, label, way_out)) = notice else { return };
        self.reason.set_text(&self.words.get(reason));
        self.button.set_text(&self.words.get(label));
        self.way_out.replace(way_out);
    }
}

/// The keys of the reason and of the button, and what the button does.
fn notice(phase: Phase) -> Option<(&'static str, &'static str, Command)> {
    match phase {
        Phase::Starting | Phase::Live => None,
        Phase::ReadOnly => Some(("ended_read_only", "start_new", Command::StartNew)),
        Phase::Ended(EndReason::SignedInElsewhere) => Some(("closed_elsewhere", "start_new", Command::StartNew)),
        Phase::Ended(EndReason::Expired) => Some(("session_expired", "start_new", Command::StartNew)),
        Phase::Ended(EndReason::LoggedOut) => Some(("logged_out", "start_new", Command::StartNew)),
        Phase::Elsewhere => Some(("closed_elsewhere", "use_here", Command::Reconnect)),
        Phase::Unavailable(_) => Some(("cannot_connect", "retry", Command::Reconnect)),
    }
}
