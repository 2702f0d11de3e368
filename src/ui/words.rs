//! The words of the visitor's language, as TypeScript handed them in.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

const RIGHT_TO_LEFT: [&str; 8] = ["ar", "he", "fa", "ur", "ps", "sd", "ug", "yi"];

/// Clones share the same words.
#[derive(Clone, Debug)]
pub struct Words {
    strings: JsValue,
    locale: String,
}

impl Words {
    pub fn new(strings: JsValue, locale: &str) -> Words {
        let locale = if locale.is_empty() { "en" } else { locale };
        Words { strings, locale: locale.to_owned() }
    }

    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// Which way the language is written, as the `dir` attribute has it.
    pub fn direction(&self) -> &'static str {
        let language = self.locale.split('-').next().unwrap_or_default();
        if RIGHT_TO_LEFT.contains(&language) { "rtl" } else { "ltr" }
    }

    /// A missing one shows as its key, which is at least findable.
    pub fn get(&self, key: &str) -> String {
        let name = JsValue::from(key);
        let is_own = self.strings.is_object() && Object::has_own(self.strings.unchecked_ref::<Object>(), &name);
        let word = if is_own { Reflect::get(&self.strings, &name).ok() } else { None };
        word.and_then(|word| word.as_string()).unwrap_or_else(|| key.to_owned())
    }

    /// With `{slot}` replaced by each value, once, and nothing in a value replaced again.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let pattern = self.get(key);
        let mut filled = String::with_capacity(pattern.len());
        let mut rest = pattern.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let known = after.split_once('}').and_then(|(slot, tail)| {
                values.iter().find(|(name, _)| *name == slot).map(|(_, value)| (*value, tail))
            });
            rest = match known {
                Some((value, tail)) => {
                    filled.push_str(value);
                    tail
                }
                None => {
                    filled.push('{');
                    after
                }
            };
        }
        filled.push_str(rest);
        filled
    }

    /// The plural of English and its kin; other languages word both keys so that they fit every number.
    pub fn count(&self, one: &str, other: &str, count: u32) -> String {
        self.fill(if count == 1 { one } else { other }, &[("count", &count.to_string())])
    }
}
