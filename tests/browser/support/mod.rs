//! What the tests share: fakes of the page's making, events, and a stage for the views.

pub mod page;
pub mod stage;

use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Collects what a driver tells, and lets a test wait for it.
#[derive(Clone)]
pub struct Heard<T>(Rc<RefCell<Inner<T>>>);

struct Inner<T> {
    items: Vec<T>,
    waiting: Option<js_sys::Function>,
}

impl<T: 'static> Default for Heard<T> {
    fn default() -> Heard<T> {
        Heard(Rc::new(RefCell::new(Inner { items: Vec::new(), waiting: None })))
    }
}

impl<T: 'static> Heard<T> {
    pub fn new() -> Heard<T> {
        Heard::default()
    }

    pub fn tell(&self, item: T) {
        let waiting = {
            let mut inner = self.0.borrow_mut();
            inner.items.push(item);
            inner.waiting.take()
        };
        if let Some(waiting) = waiting {
            waiting.call0(&JsValue::UNDEFINED).unwrap();
        }
    }

    pub fn teller(&self) -> impl Fn(T) + 'static {
        let heard = Heard(Rc::clone(&self.0));
        move |item| heard.tell(item)
    }

    pub fn count(&self) -> usize {
        self.0.borrow().items.len()
    }

    pub fn take(&self) -> Vec<T> {
        std::mem::take(&mut self.0.borrow_mut().items)
    }

    /// Waits until something is there, and takes the oldest.
    pub async fn next(&self) -> T {
        while self.count() == 0 {
            let promise = Promise::new(&mut |resolve, _| self.0.borrow_mut().waiting = Some(resolve));
            JsFuture::from(promise).await.unwrap();
        }
        self.0.borrow_mut().items.remove(0)
    }
}
