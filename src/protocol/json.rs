//! JSON as a tree: read from text and written to it.
//!
//! Reading is lenient: a missing, null or wrongly typed field is `None`, and the rest of the frame is still used.

mod read;

use crate::text;
pub use read::read;

/// Deeper trees than this are junk and are refused.
pub const DEPTH_MAX: usize = 128;

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    /// In the order of the source. Of two equal keys the last counts.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// The value of a key, unless this is no map, the key is missing or the value is null.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Map(pairs) => pairs
                .iter()
                .rev()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value)
                .filter(|value| !value.is_null()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => None,
        }
    }

    /// The same, taken out together with its key.
    pub fn take(&mut self, key: &str) -> Option<Json> {
        let Json::Map(pairs) = self else { return None };
        let at = pairs.iter().rposition(|(name, _)| name == key)?;
        let (_, value) = pairs.remove(at);
        pairs.retain(|(name, _)| name != key);
        if value.is_null() { None } else { Some(value) }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Json::as_text)
    }

    /// The same as a copy.
    pub fn owned(&self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }

    pub fn bool(&self, key: &str) -> Option<bool> {
        match self.get(key) {
            Some(Json::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// A number, or text that is one of at most fifteen digits: the health check sends its numbers as text (reference, section 4.5).
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            // Saturates, and NaN is zero: any number has a defined integer.
            Json::Number(value) => Some(*value as i64),
            Json::Text(value) => text::digits(value.trim().as_bytes()),
            Json::Null | Json::Bool(_) | Json::List(_) | Json::Map(_) => None,
        }
    }

    /// Text, or the digits of a number that can be an id: some platforms number their messages.
    #[cfg(feature = "conversations")]
    pub fn id(&self, key: &str) -> Option<String> {
        match self.get(key)? {
            Json::Text(id) => Some(id.clone()),
            Json::Number(number) => {
                let mut digits = String::new();
                text::push_decimal(Json::id_of(*number)?, &mut digits);
                Some(digits)
            }
            Json::Null | Json::Bool(_) | Json::List(_) | Json::Map(_) => None,
        }
    }

    /// A whole number from 1 on, and below 2^53: from there on two ids may read as one.
    #[cfg(feature = "conversations")]
    pub(crate) fn id_of(number: f64) -> Option<i64> {
        ((1.0..9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0).then_some(number as i64)
    }

    pub fn list(&self, key: &str) -> &[Json] {
        match self.get(key) {
            Some(Json::List(items)) => items,
            _ => &[],
        }
    }

    /// What can be read of the items of a list. A loop: a chain of iterators is three times as much on the page, each time.
    pub fn read_list<T>(&self, key: &str, read: impl Fn(&Json) -> Option<T>) -> Vec<T> {
        let mut all = Vec::new();
        for item in self.list(key) {
            if let Some(found) = read(item) {
                all.push(found);
            }
        }
        all
    }

    pub fn as_text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    pub fn is_map(&self) -> bool {
        matches!(self, Json::Map(_))
    }

    pub fn is_empty_map(&self) -> bool {
        matches!(self, Json::Map(pairs) if pairs.is_empty())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }
}

impl Json {
    pub fn object<const N: usize>(mut pairs: [(&str, Json); N]) -> Json {
        Json::object_of(&mut pairs)
    }

    /// Apart, so that it is in the page once and not once for every number of pairs.
    fn object_of(pairs: &mut [(&str, Json)]) -> Json {
        let taken = |(key, value): &mut (&str, Json)| ((*key).to_owned(), core::mem::replace(value, Json::Null));
        Json::Map(pairs.iter_mut().map(taken).collect())
    }

    /// A map without keys yet.
    pub fn map() -> Json {
        Json::Map(Vec::new())
    }

    /// Adds a key. A chain of these is less on the page than the pairs in a list.
    #[inline(never)]
    pub fn put<V: Into<Json>>(&mut self, key: &str, value: V) -> &mut Json {
        if let Json::Map(pairs) = self {
            pairs.push((key.to_owned(), value.into()));
        }
        self
    }

    /// The same map with one more key. Anything but a map stays as it is.
    #[inline(never)]
    #[must_use]
    pub fn with<V: Into<Json>>(mut self, key: &str, value: V) -> Json {
        self.put(key, value);
        self
    }

    /// As source text. Numbers are written as integers: nothing that we send has others.
    pub fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out);
        out
    }

    fn write_to(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(true) => out.push_str("true"),
            Json::Bool(false) => out.push_str("false"),
            Json::Number(value) => text::push_decimal(*value as i64, out),
            Json::Text(text) => write_text(text, out),
            Json::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write_to(out);
                }
                out.push(']');
            }
            Json::Map(pairs) => {
                out.push('{');
                for (index, (key, value)) in pairs.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write_to(out);
                }
                out.push('}');
            }
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_owned())
    }
}

impl From<Option<&str>> for Json {
    fn from(text: Option<&str>) -> Json {
        text.map_or(Json::Null, Json::from)
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}

/// Exact below 2^53, as times, counts and ids are here.
impl From<i64> for Json {
    fn from(value: i64) -> Json {
        Json::Number(value as f64)
    }
}

/// The same.
impl From<u64> for Json {
    fn from(value: u64) -> Json {
        Json::Number(value as f64)
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Json {
        Json::Number(f64::from(value))
    }
}

fn write_text(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\0'..='\u{1f}' => {
                let code = character as usize;
                out.push_str("\\u00");
                out.push(char::from(HEX[(code >> 4) & 0xf]));
                out.push(char::from(HEX[code & 0xf]));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// As the page reads it: half an emoji is one unknown character, a number too large is infinite. A byte order mark is
/// passed over, as nobody means it.
#[cfg(not(target_arch = "wasm32"))]
pub fn parse(text: &str) -> Option<Json> {
    read(text.strip_prefix('\u{feff}').unwrap_or(text), scalar)
}

#[cfg(not(target_arch = "wasm32"))]
fn scalar(text: &str) -> Option<Json> {
    use serde_json::Value;
    match serde_json::from_str(&mend_surrogates(text)).ok()? {
        Value::Null => Some(Json::Null),
        Value::Bool(value) => Some(Json::Bool(value)),
        Value::Number(number) => Some(Json::Number(number.as_str().parse().unwrap_or(f64::NAN))),
        Value::String(text) => Some(Json::Text(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Replaces each `\uD800`-like escape that has no partner, which `serde_json` refuses together with the whole text.
#[cfg(not(target_arch = "wasm32"))]
fn mend_surrogates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let length = match escape_unit(escape) {
            Some(0xd800..0xdc00) if escape.get(6..).and_then(escape_unit).is_some_and(is_low) => 12,
            Some(0xd800..0xe000) => {
                out.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            Some(_) => 6,
            None => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        out.push_str(escape.get(..length).unwrap_or_default());
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The code unit of a `\uXXXX` at the beginning.
#[cfg(not(target_arch = "wasm32"))]
fn escape_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(not(target_arch = "wasm32"))]
fn is_low(unit: u16) -> bool {
    (0xdc00..0xe000).contains(&unit)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn text_of(source: &str) -> Option<String> {
        parse(source).and_then(|json| json.text("t").map(str::to_owned))
    }

    #[test]
    fn half_an_emoji_becomes_one_unknown_character_and_a_whole_one_stays() {
        assert_eq!(text_of(r#"{"t":"a\ud83db"}"#).as_deref(), Some("a\u{fffd}b"));
        assert_eq!(text_of(r#"{"t":"\udc00\ud83d\ud83d\ude00"}"#).as_deref(), Some("\u{fffd}\u{fffd}\u{1f600}"));
        assert_eq!(text_of(r#"{"t":"\\ud83d"}"#).as_deref(), Some("\\ud83d"));
    }

    #[test]
    fn the_last_of_two_equal_keys_wins() {
        assert_eq!(text_of(r#"{"t":"a","t":"b"}"#).as_deref(), Some("b"));
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_and_trailing_junk_is_not() {
        assert_eq!(text_of("\u{feff}{\"t\":\"x\"}").as_deref(), Some("x"));
        assert_eq!(parse("{} x"), None);
    }

    #[test]
    fn numbers_are_read_as_the_browser_reads_them() {
        let json = parse(r#"{"a":1e999,"b":2048.0,"c":" 12 ","d":9223372036854775808,"e":null}"#).unwrap();
        assert_eq!(json.integer("a"), Some(i64::MAX));
        assert_eq!(json.integer("b"), Some(2048));
        assert_eq!(json.integer("c"), Some(12));
        assert_eq!(json.integer("d"), Some(i64::MAX));
        assert_eq!(json.integer("e"), None);
    }

    #[test]
    fn trees_deeper_than_the_limit_are_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(100)).is_some());
        assert_eq!(parse(&nested(200)), None);
        assert_eq!(parse(&nested(100_000)), None);
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let json = Json::object([
            ("t", Json::from("quote \" slash \\ line \n bell \u{7} nul \0 emoji \u{1f600} \u{2028}")),
            ("l", Json::List(vec![Json::Null, Json::from(true), Json::from(false), Json::Number(-42.0)])),
        ]);
        let back = parse(&json.write()).unwrap();
        assert_eq!(back.text("t"), json.text("t"));
        assert_eq!(back.list("l"), json.list("l"));
    }
}
