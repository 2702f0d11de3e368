//! The panel: what stands where, and how it opens and closes.

use super::dom::Node;
use super::host::Host;
use super::icons;
use super::menu::Menu;
use super::words::Words;
use crate::listener::Listener;
use crate::session::input::Command;
use std::rc::Rc;
use web_sys::{Element, Event, KeyboardEvent};

pub(super) struct Panel {
    pub(super) node: Node,
    _listeners: [Listener; 3],
}

impl Panel {
    /// `content` from the transcript down to the composer.
    pub(super) fn new(words: &Words, host: &Rc<dyn Host>, menu: &Rc<Menu>, content: &[&Node]) -> Panel {
        let title = Node::part("h2", "title").with("id", "title").with_text(&words.get("title"));
        let close = Node::part("button", "close")
            .with("type", "button")
            .with("aria-label", &words.get("close_chat"))
            .with_child(&icons::icon(icons::CLOSE));
        let header = Node::part("div", "header").with_child(&title).with_child(&menu.button).with_child(&close);
        let node = Node::part("section", "panel")
            .with("id", "panel")
            .with("role", "dialog")
            .with("aria-modal", "false")
            .with("aria-labelledby", "title")
            .with("lang", words.locale())
            .with("dir", words.direction())
            .hidden()
            .with_child(&header)
            .with_child(&menu.list)
            .with_child(&menu.tool);
        for part in content {
            node.append(part);
        }
        let close_host = Rc::clone(host);
        let listeners = [
            close.on_click(move || close_host.command(Command::ClosePanel)),
            listen_to_keys(&node, host, menu),
            close_menu_outside(&node, menu),
        ];
        Panel { node, _listeners: listeners }
    }

    /// Answers whether the focus was inside when it closed.
    pub(super) fn show(&self, is_open: bool, focused: Option<&Element>) -> bool {
        let had_focus = !is_open && focused.is_some_and(|element| self.node.contains(element));
        self.node.show(is_open);
        had_focus
    }
}

/// Escape closes the innermost layer, and the panel last; the keys that search a page search the conversation here.
fn listen_to_keys(panel: &Node, host: &Rc<dyn Host>, menu: &Rc<Menu>) -> Listener {
    let (host, menu) = (Rc::clone(host), Rc::clone(menu));
    panel.on("keydown", move |event: KeyboardEvent| {
        let is_find = event.key() == "f" && (event.ctrl_key() || event.meta_key());
        if !is_find && (event.key() != "Escape" || event.is_composing()) {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        if is_find {
            menu.find();
        } else if !menu.close_innermost() {
            host.command(Command::ClosePanel);
        }
    })
}

fn close_menu_outside(panel: &Node, menu: &Rc<Menu>) -> Listener {
    let menu = Rc::clone(menu);
    panel.on("pointerdown", move |event: Event| menu.close_unless_within(event.target().as_ref()))
}
