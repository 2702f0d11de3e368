//! Views that few visitors need: scripts of their own (www/src/lazy), fetched when they are first shown.

use super::dom::Node;
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

/// Shows them, as TypeScript handed it in (www/src/lazy.ts). Clones are the same one.
#[derive(Clone, Debug)]
pub struct Lazy(Function);

/// A view that is shown. Dropped, its answers go nowhere; its nodes stay.
#[derive(Debug)]
#[must_use = "a view whose showing is dropped answers nothing"]
pub(super) struct Showing {
    silence: Option<Function>,
    _respond: Closure<dyn Fn(JsValue)>,
}

impl Lazy {
    pub fn new(show: Function) -> Lazy {
        Lazy(show)
    }

    /// Shows the view of this name in the host, as soon as its script is there. `data` is JSON text in the product's own
    /// words. What an answer looks like is between the view and its caller.
    pub(super) fn show(&self, name: &str, host: &Node, data: &str, respond: impl Fn(String) + 'static) -> Showing {
        self.show_boxed(name, host, data, Box::new(move |answer| respond(answer.as_string().unwrap_or_default())))
    }

    /// Boxed, so that this is in the page once and not once for every kind of answer.
    fn show_boxed(&self, name: &str, host: &Node, data: &str, respond: Box<dyn Fn(JsValue)>) -> Showing {
        let respond = Closure::wrap(respond);
        let arguments = Array::of4(&name.into(), host.element(), &data.into(), respond.as_js_value());
        // It answers with what silences the view, and never by throwing.
        let silence = self.0.apply(&JsValue::UNDEFINED, &arguments).ok().and_then(|found| found.dyn_into().ok());
        Showing { silence, _respond: respond }
    }
}

impl Drop for Showing {
    fn drop(&mut self) {
        if let Some(silence) = &self.silence {
            let _ = silence.call0(&JsValue::UNDEFINED);
        }
    }
}
