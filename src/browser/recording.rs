//! The flight recorder's items on their way to the page, which takes them by the piece: handing one over costs more than
//! making it. What waits here the page reads itself, out of the wasm's memory, where it outlives a trap.

use js_sys::Function;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

/// A piece is no longer, but for one that is a single item.
const PIECE_BYTES: usize = 4096;

/// Given a number, `take` knows the place in the memory at which the address and the length of what waits stand; given a text,
/// it keeps items of the recording, with a comma between them.
pub struct Recording {
    take: Function,
    /// Never longer than at first, so that it stays where it is.
    waiting: RefCell<String>,
    place: Box<[Cell<usize>; 2]>,
}

impl Recording {
    pub fn new(take: Function) -> Recording {
        let waiting = String::with_capacity(PIECE_BYTES);
        let place = Box::new([Cell::new(waiting.as_ptr() as usize), Cell::new(0)]);
        let recording = Recording { take, waiting: RefCell::new(waiting), place };
        recording.tell(recording.place.as_ptr() as usize);
        recording
    }

    pub fn add(&self, item: &str) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() + item.len() + 2 > PIECE_BYTES {
            self.hand_over(&mut waiting);
        }
        if item.len() > PIECE_BYTES {
            self.tell(item);
            return;
        }
        if !waiting.is_empty() {
            waiting.push_str(",\n");
        }
        waiting.push_str(item);
        self.set_length(waiting.len());
    }

    fn hand_over(&self, waiting: &mut String) {
        if !waiting.is_empty() {
            self.tell(waiting.as_str());
            waiting.clear();
            self.set_length(0);
        }
    }

    fn set_length(&self, length_bytes: usize) {
        let [_, length] = &*self.place;
        length.set(length_bytes);
    }

    /// What the page's keeping throws is no matter of the conversation.
    fn tell(&self, what: impl Into<JsValue>) {
        let _ = self.take.call1(&JsValue::UNDEFINED, &what.into());
    }
}

impl Drop for Recording {
    /// The memory is somebody else's from here on.
    fn drop(&mut self) {
        let mut waiting = self.waiting.take();
        self.hand_over(&mut waiting);
        self.tell(0);
    }
}
