//! A fresh task: what runs there meets no half-finished work of ours.

use wasm_bindgen_futures::spawn_local;

pub fn run_soon(work: impl FnOnce() + 'static) {
    spawn_local(async move { work() });
}
