//! Once before the next paint, however often it is asked for.

use super::timers;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A hidden page has no frames, and a busy one may be late.
const FALLBACK_MS: u64 = 100;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = requestAnimationFrame, catch)]
    fn request_animation_frame(callback: &JsValue) -> Result<i32, JsValue>;

    #[wasm_bindgen(js_name = cancelAnimationFrame, catch)]
    fn cancel_animation_frame(id: i32) -> Result<(), JsValue>;
}

pub struct Frames {
    closure: Closure<dyn Fn()>,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    frame: Cell<Option<i32>>,
    fallback: RefCell<Option<Timeout>>,
}

impl State {
    /// Whether a frame was asked for; neither of the two ways fires after this.
    fn take(&self) -> bool {
        let _ = self.fallback.borrow_mut().take();
        match self.frame.take() {
            Some(id) => {
                let _ = cancel_animation_frame(id);
                true
            }
            None => false,
        }
    }
}

impl Frames {
    pub fn new(paint: impl Fn() + 'static) -> Frames {
        let state = Rc::new(State::default());
        let closure = Closure::new({
            let state = Rc::clone(&state);
            move || {
                if state.take() {
                    paint();
                }
            }
        });
        Frames { closure, state }
    }

    pub fn request(&self) {
        if self.state.frame.get().is_some() {
            return;
        }
        let callback = self.closure.as_js_value().clone();
        // A page may have taken the function away; the fallback paints then. Zero is no frame's id.
        self.state.frame.set(Some(request_animation_frame(&callback).unwrap_or_default()));
        let fallback = timers::after(FALLBACK_MS, move || {
            let _ = callback.unchecked_ref::<js_sys::Function>().call0(&JsValue::UNDEFINED);
        });
        *self.state.fallback.borrow_mut() = Some(fallback);
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.state.take();
    }
}
