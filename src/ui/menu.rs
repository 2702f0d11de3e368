//! The menu of the header: a button that shows more buttons.

use super::confirm::Confirm;
use super::dom::Node;
use super::host::Host;
use super::icons;
use super::words::Words;
use crate::listener::Listener;
use crate::session::input::Command;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

pub(super) struct Menu {
    pub(super) button: Node,
    pub(super) list: Node,
    pub(super) confirm: Confirm,
    _listeners: [Listener; 2],
}

impl Menu {
    pub(super) fn new(words: &Words, host: &Rc<dyn Host>) -> Rc<Menu> {
        Rc::new_cyclic(|menu: &std::rc::Weak<Menu>| {
            let button = Node::part("button", "menu-button")
                .with("type", "button")
                .with("aria-label", &words.get("menu"))
                .with("aria-expanded", "false")
                .with("aria-controls", "menu")
                .with_child(&icons::icon(icons::MENU));
            let item = Node::button("menu-item", &words.get("clear_conversation"));
            let list = Node::part("div", "menu").with("id", "menu").hidden().with_child(&item);
            let toggle = menu.clone();
            let ask = menu.clone();
            let listeners = [
                button.on_click(move || {
                    if let Some(menu) = toggle.upgrade() {
                        menu.show_list(!menu.list.is_shown());
                    }
                }),
                item.on_click(move || {
                    if let Some(menu) = ask.upgrade() {
                        menu.show_list(false);
                        menu.confirm.open();
                    }
                }),
            ];
            let (menu, host) = (menu.clone(), Rc::clone(host));
            let confirm = Confirm::new(words, move |is_sure| {
                if let Some(menu) = menu.upgrade() {
                    menu.close_innermost();
                }
                if is_sure {
                    host.command(Command::Clear);
                }
            });
            Menu { button, list, confirm, _listeners: listeners }
        })
    }

    /// Without anything to offer there is no menu.
    pub(super) fn update(&self, can_clear: bool) {
        self.button.show(can_clear);
        if !can_clear {
            self.show_list(false);
            self.confirm.close();
        }
    }

    /// Closes the dialog or else the list, gives the focus back to what opened it, and answers whether any was open.
    pub(super) fn close_innermost(&self) -> bool {
        if self.confirm.is_open() {
            self.confirm.close();
        } else if self.list.is_shown() {
            self.show_list(false);
        } else {
            return false;
        }
        self.button.focus();
        true
    }

    /// A press anywhere else closes the list.
    pub(super) fn close_unless_within(&self, pressed: Option<&EventTarget>) {
        let pressed: Option<&Element> = pressed.and_then(|target| target.dyn_ref());
        let is_within = pressed.is_some_and(|element| self.list.contains(element) || self.button.contains(element));
        if !is_within && self.list.is_shown() {
            self.show_list(false);
        }
    }

    fn show_list(&self, is_shown: bool) {
        self.list.show(is_shown);
        self.button.set("aria-expanded", if is_shown { "true" } else { "false" });
    }
}
