//! The menu of the header and what it leads to. All of it is fetched when it is first wanted (www/src/lazy); here is what
//! opens it, and what it asks for.

use super::dom::Node;
use super::host::Host;
use super::icons;
use super::lazy::{Lazy, Showing};
use super::message;
use super::words::Words;
use crate::listener::Listener;
use crate::session::ids::EntryId;
use crate::session::input::Command;
use crate::session::view::View;
use crate::text::digits;
use js_sys::{Array, JSON};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, EventTarget};

pub(super) struct Menu {
    pub(super) button: Node,
    pub(super) list: Node,
    /// What the menu led to, such as the search.
    pub(super) tool: Node,
    words: Words,
    host: Rc<dyn Host>,
    lazy: Lazy,
    me: Weak<Menu>,
    can_clear: Cell<bool>,
    was_empty: Cell<bool>,
    /// For the next painting, which has the messages: a view of this name, or a message to go to.
    wish: RefCell<Option<Wish>>,
    showing: RefCell<Option<Showing>>,
    _listener: Listener,
}

enum Wish {
    Tool(String),
    Message(EntryId),
}

impl Menu {
    pub(super) fn new(words: &Words, host: &Rc<dyn Host>, lazy: &Lazy) -> Rc<Menu> {
        Rc::new_cyclic(|me: &Weak<Menu>| {
            let button = Node::part("button", "menu-button")
                .with("type", "button")
                .with("aria-label", &words.get("menu"))
                .with("aria-haspopup", "menu")
                .with("aria-expanded", "false")
                .with("aria-controls", "menu")
                .with_child(&icons::icon(icons::MENU));
            let toggle = me.clone();
            let listener = button.on_click(move || {
                if let Some(menu) = toggle.upgrade() {
                    menu.toggle();
                }
            });
            Menu {
                button,
                list: Node::part("div", "menu").with("id", "menu").hidden(),
                tool: Node::part("div", "tool").hidden(),
                words: words.clone(),
                host: Rc::clone(host),
                lazy: lazy.clone(),
                me: me.clone(),
                can_clear: Cell::default(),
                was_empty: Cell::default(),
                wish: RefCell::default(),
                showing: RefCell::default(),
                _listener: listener,
            }
        })
    }

    pub(super) fn update(&self, can_clear: bool) {
        self.can_clear.set(can_clear);
    }

    /// Closes the menu or else what it led to, gives the focus back to its button, and answers whether any was open.
    pub(super) fn close_innermost(&self) -> bool {
        let is_open = self.list.is_shown() || self.tool.is_shown();
        if self.list.is_shown() {
            self.show_list(false);
        } else {
            self.tool.clear();
            self.tool.show(false);
            self.wish.take();
        }
        if is_open {
            self.button.focus();
        }
        is_open
    }

    /// A press anywhere else closes the menu.
    pub(super) fn close_unless_within(&self, pressed: Option<&EventTarget>) {
        let pressed: Option<&Element> = pressed.and_then(|target| target.dyn_ref());
        let is_within = pressed.is_some_and(|element| self.list.contains(element) || self.button.contains(element));
        if !is_within && self.list.is_shown() {
            self.show_list(false);
        }
    }

    pub(super) fn find(&self) {
        self.wish("find");
    }

    /// Shows what was wished for; a message is left to the caller.
    pub(super) fn paint(&self, view: &View<'_>) -> Option<EntryId> {
        let is_empty = view.transcript.is_empty();
        if !self.was_empty.replace(is_empty) && is_empty {
            // What it shows is gone for good.
            self.tool.clear();
            self.tool.show(false);
        }
        let wish = self.wish.take()?;
        // It waits for what it is to show.
        if view.history.is_loading && matches!(&wish, Wish::Tool(name) if is_again(name)) {
            self.wish.replace(Some(wish));
            return None;
        }
        match wish {
            Wish::Message(entry) => Some(entry),
            Wish::Tool(name) => {
                self.tool.show(true);
                self.show(&name, &self.tool, &self.transcript(view));
                None
            }
        }
    }

    fn toggle(&self) {
        let is_shown = !self.list.is_shown();
        self.show_list(is_shown);
        if is_shown {
            self.show("menu", &self.list, if self.can_clear.get() { "true" } else { "false" });
        }
    }

    fn show_list(&self, is_shown: bool) {
        self.list.clear();
        self.list.show(is_shown);
        self.button.set("aria-expanded", if is_shown { "true" } else { "false" });
    }

    fn show(&self, name: &str, node: &Node, data: &str) {
        let me = self.me.clone();
        let showing = self.lazy.show(name, node, data, move |answer| {
            if let Some(menu) = me.upgrade() {
                menu.on_answer(&answer);
            }
        });
        self.showing.replace(Some(showing));
    }

    /// "close", "clear", the number of a message to go to, or the name of what to show; with a plus before it, again, when an
    /// earlier page of the conversation is there.
    fn on_answer(&self, answer: &str) {
        if let Some(entry) = digits(answer.as_bytes()) {
            self.wish.replace(u32::try_from(entry).ok().map(|entry| Wish::Message(EntryId(entry))));
            return self.host.repaint();
        }
        if answer == "close" || answer == "clear" {
            self.close_innermost();
            if answer == "clear" && self.can_clear.get() {
                self.host.command(Command::Clear);
            }
            return;
        }
        if is_again(answer) {
            self.host.command(Command::LoadOlder);
        }
        self.wish(answer);
    }

    fn wish(&self, tool: &str) {
        self.show_list(false);
        self.wish.replace(Some(Wish::Tool(tool.to_owned())));
        self.host.repaint();
    }

    /// As JSON: whether there are earlier messages, as 1 or 0; then of each message its number, author, sender, time and text.
    fn transcript(&self, view: &View<'_>) -> String {
        let list = Array::new();
        list.push(&JsValue::from(u32::from(view.history.has_older)));
        for entry in view.transcript.entries() {
            list.push(&Array::of5(
                &JsValue::from(entry.id.0),
                &entry.author.name().into(),
                &message::sender_name(entry, &self.words).into(),
                &JsValue::from(entry.time.0 as f64),
                &message::plain_text(entry, &self.words).into(),
            ));
        }
        JSON::stringify(&list).map(String::from).unwrap_or_default()
    }
}

/// What is shown once more, with what has been loaded for it.
fn is_again(name: &str) -> bool {
    name.as_bytes().first() == Some(&b'+')
}
