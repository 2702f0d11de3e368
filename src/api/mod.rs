//! What crosses to the page: options in, events and errors out, all plain objects.

#[cfg(feature = "conversations")]
mod conversations;
pub mod errors;
pub mod events;
pub mod options;

use crate::protocol::json::Json;
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

/// What a page is told in one object, key by key. The keys stand in the code: crossing again and again they are the same
/// strings of the page's.
///
/// One kind of object for all of them: a struct with derived writing for each would bring a cache of field names along, and
/// weigh 1 KB compressed more.
struct Detail(Vec<(&'static str, Json)>);

impl Detail {
    #[inline(never)]
    fn put_value(&mut self, key: &'static str, value: Json) {
        self.0.push((key, value));
    }

    fn put(&mut self, key: &'static str, value: impl Into<Json>) -> &mut Detail {
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

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(value) => serializer.serialize_f64(*value),
            Json::Text(text) => serializer.serialize_str(text),
            // Details are flat.
            Json::Null | Json::List(_) | Json::Map(_) => serializer.serialize_none(),
        }
    }
}
