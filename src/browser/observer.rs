//! Which messages are in view: at least half of each, or half of the transcript's height filled by it.

use crate::session::ids::EntryId;
use crate::text::digits;
use js_sys::Array;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// An element taller than the transcript never shows half of itself, so shares below half are reported too.
const THRESHOLDS: [f64; 8] = [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0];

pub struct Observer {
    observer: Option<IntersectionObserver>,
    in_view: Rc<RefCell<Vec<EntryId>>>,
    _closure: Closure<dyn Fn(Array)>,
}

impl Observer {
    /// `react` gets all entries in view after each change. Rows carry their id in `data-entry`.
    pub fn new(scroller: &Element, react: impl Fn(Vec<EntryId>) + 'static) -> Observer {
        let in_view = Rc::new(RefCell::new(Vec::new()));
        let closure: Closure<dyn Fn(Array)> = Closure::new({
            let in_view = Rc::clone(&in_view);
            move |changes: Array| {
                let now_in_view = take_in(&mut in_view.borrow_mut(), &changes);
                react(now_in_view);
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root(Some(scroller));
        options.set_threshold(&THRESHOLDS.iter().map(|share| JsValue::from(*share)).collect::<Array>());
        let callback = closure.as_js_value().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(callback, &options).ok();
        Observer { observer, in_view, _closure: closure }
    }

    pub fn observe(&self, row: &Element) {
        if let Some(observer) = &self.observer {
            observer.observe(row);
        }
    }

    /// A row that is gone is out of view; nothing is reported for it.
    pub fn unobserve(&self, row: &Element) {
        if let Some(observer) = &self.observer {
            observer.unobserve(row);
        }
        if let Some(id) = entry_of(row) {
            self.in_view.borrow_mut().retain(|known| *known != id);
        }
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

fn take_in(in_view: &mut Vec<EntryId>, changes: &Array) -> Vec<EntryId> {
    for change in changes.iter() {
        let change: IntersectionObserverEntry = change.unchecked_into();
        let Some(id) = entry_of(&change.target()) else { continue };
        in_view.retain(|known| *known != id);
        if is_in_view(&change) {
            in_view.push(id);
        }
    }
    in_view.clone()
}

fn is_in_view(change: &IntersectionObserverEntry) -> bool {
    let fills_half = match change.root_bounds() {
        Some(bounds) if bounds.height() > 0.0 => change.intersection_rect().height() >= bounds.height() / 2.0,
        _ => false,
    };
    change.is_intersecting() && (change.intersection_ratio() >= 0.5 || fills_half)
}

fn entry_of(row: &Element) -> Option<EntryId> {
    let id = digits(row.get_attribute("data-entry")?.as_bytes())?;
    u32::try_from(id).ok().map(EntryId)
}
