//! Failures that are not ours go where the page's own uncaught ones go.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = reportError, catch)]
    fn report_error(thrown: &JsValue) -> Result<(), JsValue>;
}

/// What a listener of the page threw, as if nobody had caught it.
pub fn report(thrown: &JsValue) {
    // Browsers before 2021 lack it; there the failure stays with the page.
    let _ = report_error(thrown);
}
