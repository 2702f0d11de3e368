//! What crosses to the page: options in, events and errors out, all plain objects.

#[cfg(feature = "conversations")]
mod conversations;
pub mod errors;
pub mod events;
pub mod options;

use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

/// What a page is told in one object, key by key. The keys stand in the code: crossing again and again they are the same
/// strings of the page's.
///
/// One kind of object for all of them: a struct with derived writing for each would bring a cache of field names along, and
/// weigh 1 KB compressed more.
#[derive(Default)]
struct Detail<'a>(Vec<(&'static str, Value<'a>)>);

/// Words that stand in the code cross once, as keys do.
enum Value<'a> {
    Nothing,
    Flag(bool),
    Number(f64),
    Text(&'a str),
}

impl<'a> Detail<'a> {
    #[inline(never)]
    fn put_value(&mut self, key: &'static str, value: Value<'a>) {
        self.0.push((key, value));
    }

    fn put(&mut self, key: &'static str, value: impl Into<Value<'a>>) -> &mut Detail<'a> {
        self.put_value(key, value.into());
        self
    }

    /// As the page's own values; what is null here is undefined there.
    fn to_object(&self) -> JsValue {
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
        // Text for keys always makes an object.
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value))).unwrap_or(JsValue::NULL)
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Nothing => serializer.serialize_none(),
            Value::Flag(value) => serializer.serialize_bool(*value),
            Value::Number(value) => serializer.serialize_f64(*value),
            Value::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Flag(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Value::Number(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Value::Number(f64::from(value))
    }
}

/// Beyond 2^53 the nearest number that the page has.
impl From<u64> for Value<'_> {
    fn from(value: u64) -> Self {
        Value::Number(value as f64)
    }
}

#[cfg(feature = "conversations")]
impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Number(value as f64)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Value::Nothing, Value::Text)
    }
}
