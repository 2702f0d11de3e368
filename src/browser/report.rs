//! Failures that are not ours go where the page's own uncaught ones go.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = reportError, catch)]
    fn report_error(thrown: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(text: &str);
}

/// What a listener of the page threw, as if nobody had caught it.
pub fn report(thrown: &JsValue) {
    // Browsers before 2021 lack it; there the failure stays with the page.
    let _ = report_error(thrown);
}

/// Says where our own code failed, and nothing of what it had in hand. Debug builds say all, as ever.
pub fn name_panics() {
    if cfg!(debug_assertions) {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let Some(place) = panic.location() else { return };
        console_error(&["guest-messenger: panic at ", place.file(), ":", &place.line().to_string()].concat());
    }));
}
