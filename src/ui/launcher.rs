//! The button that opens the panel. The page's element made it; it is taken over here.

use super::dom::Node;
use super::host::Host;
use super::words::Words;
use crate::listener::Listener;
use crate::session::input::Command;
use crate::text::decimal;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::ShadowRoot;

/// Above this the badge shows a plus.
const BADGE_MAX: u32 = 99;

pub(super) struct Launcher {
    button: Node,
    badge: Node,
    words: Words,
    is_open: Rc<Cell<bool>>,
    shown: Cell<Option<(bool, u32)>>,
    _listener: Listener,
}

impl Launcher {
    /// `wants_focus` is set on a press: who opens the panel by hand means to write.
    pub(super) fn take_over(
        root: &ShadowRoot,
        words: &Words,
        host: &Rc<dyn Host>,
        wants_focus: &Rc<Cell<bool>>,
    ) -> Launcher {
        let find = |selector| root.query_selector(selector).ok().flatten().map(Node::of);
        let button = find("[part=launcher]").unwrap_or_else(|| Node::button("launcher", ""));
        let badge = find("[part=badge]").unwrap_or_else(|| Node::part("span", "badge"));
        button.set("aria-controls", "panel");
        // The page's language may be another.
        button.set("lang", words.locale());
        let is_open = Rc::new(Cell::new(false));
        let listener = button.on_click({
            let (host, is_open, wants_focus) = (Rc::clone(host), Rc::clone(&is_open), Rc::clone(wants_focus));
            move || {
                wants_focus.set(!is_open.get());
                host.command(if is_open.get() { Command::ClosePanel } else { Command::OpenPanel });
            }
        });
        Launcher { button, badge, words: words.clone(), is_open, shown: Cell::default(), _listener: listener }
    }

    pub(super) fn update(&self, is_open: bool, unread: u32) {
        // Who has the messages in view needs no count of them.
        let unread = if is_open { 0 } else { unread };
        if self.shown.replace(Some((is_open, unread))) == Some((is_open, unread)) {
            return;
        }
        self.is_open.set(is_open);
        self.button.set("aria-expanded", if is_open { "true" } else { "false" });
        self.button.set("aria-label", &self.name(is_open, unread));
        self.badge.show(unread > 0);
        if unread > 0 {
            self.badge.set_text(&badge_text(unread));
        }
    }

    pub(super) fn focus(&self) {
        self.button.focus();
    }

    fn name(&self, is_open: bool, unread: u32) -> String {
        let name = self.words.get(if is_open { "close_chat" } else { "open_chat" });
        if unread == 0 {
            return name;
        }
        [name.as_str(), ", ", &self.words.count("unread", unread)].concat()
    }
}

fn badge_text(unread: u32) -> String {
    let shown = decimal(i64::from(unread.min(BADGE_MAX)));
    if unread <= BADGE_MAX { shown } else { [&shown, "+"].concat() }
}
