//! The only place that reads the browser's clocks.

use crate::session::time::{Now, Timestamp, WallTime};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;
}

pub fn now() -> Now {
    Now { monotonic: Timestamp(performance_now() as u64), wall: WallTime(date_now() as i64) }
}
