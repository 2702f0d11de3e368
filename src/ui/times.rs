//! Dates and times in the visitor's language, by the browser's `Intl`.

use super::words::Words;
use crate::session::time::WallTime;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type DateTimeFormat;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &JsValue, options: &JsValue) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, time_ms: f64) -> Result<String, JsValue>;
}

/// Writes times of the day, and days.
pub(super) struct Times {
    time: Option<DateTimeFormat>,
    date: Option<DateTimeFormat>,
    words: Words,
    /// The beginning and the end of the day that was last asked for.
    day: Cell<(i64, i64)>,
    /// The minute that was last asked for, since 1970, and how it is written.
    minute: RefCell<(i64, String)>,
}

impl Times {
    pub(super) fn new(words: &Words) -> Times {
        Times {
            time: format_of(words, &[("hour", "numeric"), ("minute", "2-digit")]),
            date: format_of(words, &[("dateStyle", "full")]),
            words: words.clone(),
            day: Cell::default(),
            minute: RefCell::new((i64::MIN, String::new())),
        }
    }

    /// Such as "14:05" or "2:05 PM"; empty for a time that no calendar has.
    pub(super) fn time_of_day(&self, time: WallTime) -> String {
        let minute = time.0.div_euclid(60_000);
        let mut last = self.minute.borrow_mut();
        if last.0 != minute {
            *last = (minute, write(self.time.as_ref(), time));
        }
        last.1.clone()
    }

    /// Where the time's day begins for the visitor: the same number for all times of a day.
    pub(super) fn day(&self, time: WallTime) -> WallTime {
        let (start, end) = self.day.get();
        if start <= time.0 && time.0 < end {
            return WallTime(start);
        }
        let date = js_sys::Date::new(&JsValue::from(time.0 as f64));
        let (year, month, day) = (date.get_full_year(), date.get_month() as i32, date.get_date() as i32);
        let midnight = |day| js_sys::Date::new_with_year_month_day(year, month, day).get_time() as i64;
        self.day.set((midnight(day), midnight(day + 1)));
        WallTime(self.day.get().0)
    }

    /// "Today", "Yesterday", or the date in full.
    pub(super) fn name_of_day(&self, day: WallTime, today: WallTime) -> String {
        if day == today {
            return self.words.get("today");
        }
        if day == self.day(WallTime(today.0.saturating_sub(1))) {
            return self.words.get("yesterday");
        }
        write(self.date.as_ref(), day)
    }
}

/// In the visitor's language, or else in the browser's.
fn format_of(words: &Words, fields: &[(&str, &str)]) -> Option<DateTimeFormat> {
    let options: JsValue = js_sys::Object::new().into();
    for (name, value) in fields {
        let _ = js_sys::Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    let in_locale = DateTimeFormat::new(&words.locale().into(), &options);
    in_locale.or_else(|_| DateTimeFormat::new(&JsValue::UNDEFINED, &options)).ok()
}

fn write(format: Option<&DateTimeFormat>, time: WallTime) -> String {
    format.and_then(|format| format.format(time.0 as f64).ok()).unwrap_or_default()
}

/// For the `datetime` attribute.
pub(super) fn machine_readable(time: WallTime) -> Option<String> {
    let date = js_sys::Date::new(&JsValue::from(time.0 as f64));
    (!date.get_time().is_nan()).then(|| String::from(date.to_iso_string()))
}
