//! The words of the visitor's language, as TypeScript handed them in.

use crate::text::{before, cut, decimal};
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone, Debug)]
    type PluralRules;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<PluralRules, JsValue>;

    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, count: u32) -> String;
}

const RIGHT_TO_LEFT: [&str; 8] = ["ar", "he", "fa", "ur", "ps", "sd", "ug", "yi"];

/// Clones share the same words.
#[derive(Clone, Debug)]
pub struct Words {
    strings: JsValue,
    locale: String,
    rules: Option<PluralRules>,
}

impl Words {
    pub fn new(strings: JsValue, locale: &str) -> Words {
        let locale = if locale.is_empty() { "en" } else { locale };
        // Made once: making them takes longer than all else that a message does to the launcher.
        Words { strings, locale: locale.to_owned(), rules: PluralRules::new(locale).ok() }
    }

    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// Which way the language is written, as the `dir` attribute has it.
    pub fn direction(&self) -> &'static str {
        let language = before(&self.locale, b"-");
        if RIGHT_TO_LEFT.contains(&language) { "rtl" } else { "ltr" }
    }

    /// A missing one shows as its key, which is at least findable.
    pub fn get(&self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.to_owned())
    }

    fn find(&self, key: &str) -> Option<String> {
        let key = JsValue::from(key);
        let has_it = self.strings.is_object() && Object::has_own(self.strings.unchecked_ref::<Object>(), &key);
        if has_it { Reflect::get(&self.strings, &key).ok()?.as_string() } else { None }
    }

    /// With `{slot}` replaced by each value, once, and nothing in a value replaced again.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(&self.get(key), values)
    }

    /// The form that the language has for the number: of `unread`, in English, `unread_one` or `unread_other`.
    pub fn count(&self, key: &str, count: u32) -> String {
        let category = self.rules.as_ref().map(|rules| rules.select(count)).unwrap_or_default();
        let pattern = self.find(&[key, "_", &category].concat()).unwrap_or_else(|| self.get(&[key, "_other"].concat()));
        fill(&pattern, &[("count", &decimal(i64::from(count)))])
    }
}

fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((head, after)) = cut(rest, b'{') {
        filled.push_str(head);
        let known = cut(after, b'}')
            .and_then(|(slot, tail)| values.iter().find(|(name, _)| *name == slot).map(|(_, value)| (*value, tail)));
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
