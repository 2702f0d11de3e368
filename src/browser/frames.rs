//! Before the next paint: behind whatever the page has been handed already, so that what comes together is painted together,
//! and in a burst, which always has more waiting, once a frame.

use super::timers;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

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

struct State {
    paint: Box<dyn Fn()>,
    frame: Cell<Option<i32>>,
    /// A task behind those that wait already. It needs no frame, which a hidden page has not.
    task: RefCell<Option<Timeout>>,
}

impl State {
    /// Unless the other of the two ways was first.
    fn paint(&self) {
        if self.task.take().is_some() {
            (self.paint)();
        }
    }
}

impl Frames {
    pub fn new(paint: impl Fn() + 'static) -> Frames {
        let state = Rc::new(State { paint: Box::new(paint), frame: Cell::default(), task: RefCell::default() });
        let closure = Closure::new({
            let state = Rc::clone(&state);
            move || {
                state.frame.set(None);
                state.paint();
            }
        });
        Frames { closure, state }
    }

    pub fn request(&self) {
        if self.state.task.borrow().is_some() {
            return;
        }
        let state = Rc::clone(&self.state);
        self.state.task.replace(Some(timers::after(0, move || state.paint())));
        if self.state.frame.get().is_none() {
            // A page may have taken the function away.
            self.state.frame.set(request_animation_frame(self.closure.as_js_value()).ok());
        }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.state.task.take();
        if let Some(id) = self.state.frame.take() {
            let _ = cancel_animation_frame(id);
        }
    }
}
