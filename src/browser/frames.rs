//! Before the next paint: as soon as the work under way is done, and in a burst once a frame, however often it is asked for.

use super::timers;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// A hidden page has no frames, and a busy one may be late.
const FALLBACK_MS: u64 = 100;
/// Asked for more often in one frame, it waits for the frame, and in the next one too: that is a burst.
const EARLY_MAX: u32 = 64;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = requestAnimationFrame, catch)]
    fn request_animation_frame(callback: &JsValue) -> Result<i32, JsValue>;

    #[wasm_bindgen(js_name = cancelAnimationFrame, catch)]
    fn cancel_animation_frame(id: i32) -> Result<(), JsValue>;
}

pub struct Frames {
    closure: Closure<dyn Fn()>,
    paint: Rc<dyn Fn()>,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    frame: Cell<Option<i32>>,
    fallback: RefCell<Option<Timeout>>,
    is_wanted: Cell<bool>,
    is_early_coming: Cell<bool>,
    /// In this frame so far.
    requests: Cell<u32>,
    is_burst: Cell<bool>,
}

impl State {
    /// Whether a frame was asked for; neither of the two ways fires after this.
    fn take(&self) -> bool {
        self.is_burst.set(self.requests.take() >= EARLY_MAX);
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
        let paint: Rc<dyn Fn()> = Rc::new(paint);
        let closure = Closure::new({
            let (state, paint) = (Rc::clone(&state), Rc::clone(&paint));
            move || {
                if state.take() && state.is_wanted.take() {
                    paint();
                }
            }
        });
        Frames { closure, paint, state }
    }

    pub fn request(&self) {
        self.state.is_wanted.set(true);
        self.request_early();
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

impl Frames {
    fn request_early(&self) {
        let requests = self.state.requests.get();
        self.state.requests.set(requests + 1);
        if requests >= EARLY_MAX || self.state.is_burst.get() || self.state.is_early_coming.replace(true) {
            return;
        }
        let (state, paint) = (Rc::clone(&self.state), Rc::clone(&self.paint));
        // After whatever lies ready in the socket: what comes together is painted together.
        spawn_local(async move {
            state.is_early_coming.set(false);
            if state.is_wanted.take() {
                paint();
            }
        });
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.state.is_wanted.set(false);
        self.state.take();
    }
}
