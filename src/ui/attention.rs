//! What a visitor notices who is not looking at the conversation: a preview beside the launcher, and what he has asked for
//! beside (www/src/lazy/attention.ts).

use super::dom::Node;
use super::host::Host;
use super::lazy::{Lazy, Showing};
use super::message;
use super::words::Words;
use crate::session::input::Command;
use crate::session::transcript::Entry;
use crate::session::view::View;
use js_sys::{Array, JSON};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

pub(super) struct Attention {
    pub(super) node: Node,
    lazy: Lazy,
    host: Rc<dyn Host>,
    wants_focus: Rc<Cell<bool>>,
    showing: Option<Showing>,
}

impl Attention {
    /// `wants_focus` is set when the visitor opens the panel from here.
    pub(super) fn new(lazy: &Lazy, host: &Rc<dyn Host>, wants_focus: &Rc<Cell<bool>>) -> Attention {
        let node = Node::part("div", "attention").hidden();
        Attention {
            node,
            lazy: lazy.clone(),
            host: Rc::clone(host),
            wants_focus: Rc::clone(wants_focus),
            showing: None,
        }
    }

    /// A message of somebody else has arrived.
    pub(super) fn draw(&mut self, entry: &Entry, view: &View<'_>, words: &Words) {
        if view.panel_open && view.is_visible {
            return;
        }
        let id = entry.server_id.as_ref().map(|id| id.0.as_str()).unwrap_or_default();
        let news = Array::of5(
            &id.into(),
            &message::sender_name(entry, words).into(),
            &message::spoken(entry, words, view.has_markup()).into(),
            &JsValue::from(view.unread),
            &JsValue::from(view.panel_open),
        );
        let data = JSON::stringify(&news).map(String::from).unwrap_or_default();
        let (host, wants_focus) = (Rc::clone(&self.host), Rc::clone(&self.wants_focus));
        self.showing = Some(self.lazy.show("attention", &self.node, &data, move |_| {
            wants_focus.set(true);
            host.command(Command::OpenPanel);
        }));
    }

    /// The visitor is looking.
    pub(super) fn rest(&mut self) {
        self.showing = None;
        self.node.show(false);
        self.node.clear();
    }
}
