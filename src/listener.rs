//! An event listener as a value: dropped, it is gone.

use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, EventTarget};

/// Listens from its making until it is dropped. Never passive, so that `prevent_default` works.
#[derive(Debug)]
#[must_use = "a listener that is dropped hears nothing"]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn Fn(JsValue)>,
    captures: bool,
}

impl Listener {
    /// `E` is what the browser hands to listeners of this name; it is not checked.
    pub fn new<E: JsCast>(target: &EventTarget, name: &'static str, react: impl Fn(E) + 'static) -> Listener {
        Listener::attach(target, name, false, Box::new(move |event| react(event.unchecked_into())))
    }

    /// Hears what happens further in, also when it does not bubble.
    pub fn capturing<E: JsCast>(target: &EventTarget, name: &'static str, react: impl Fn(E) + 'static) -> Listener {
        Listener::attach(target, name, true, Box::new(move |event| react(event.unchecked_into())))
    }

    /// Boxed, so that this is in the page once and not once for every kind of listener.
    fn attach(target: &EventTarget, name: &'static str, captures: bool, react: Box<dyn Fn(JsValue)>) -> Listener {
        let closure = Closure::wrap(react);
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        options.set_capture(captures);
        let function = closure.as_js_value().unchecked_ref();
        // Refused only for arguments of wrong types.
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(name, function, &options);
        Listener { target: target.clone(), name, closure, captures }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_js_value().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.name, function, self.captures);
    }
}
