//! Dates and times in the visitor's language, by the browser's `Intl`.

use super::words::Words;
use crate::session::time::WallTime;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type DateTimeFormat;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &JsValue, options: &JsValue) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, time_ms: f64) -> Result<String, JsValue>;
}

/// Writes the time of a day.
pub(super) struct Times {
    format: Option<DateTimeFormat>,
}

impl Times {
    pub(super) fn new(words: &Words) -> Times {
        let options: JsValue = js_sys::Object::new().into();
        for (name, value) in [("hour", "numeric"), ("minute", "2-digit")] {
            let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
        }
        let in_locale = DateTimeFormat::new(&words.locale().into(), &options);
        let format = in_locale.or_else(|_| DateTimeFormat::new(&JsValue::UNDEFINED, &options));
        Times { format: format.ok() }
    }

    /// Such as "14:05" or "2:05 PM"; empty for a time that no calendar has.
    pub(super) fn time_of_day(&self, time: WallTime) -> String {
        self.format.as_ref().and_then(|format| format.format(time.0 as f64).ok()).unwrap_or_default()
    }
}

/// For the `datetime` attribute.
pub(super) fn machine_readable(time: WallTime) -> Option<String> {
    let date = js_sys::Date::new(&JsValue::from(time.0 as f64));
    (!date.get_time().is_nan()).then(|| String::from(date.to_iso_string()))
}
