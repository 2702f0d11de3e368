//! What crosses to the page: options in, events and errors out, all plain objects.

#[cfg(feature = "conversations")]
mod conversations;
pub mod errors;
pub mod events;
pub mod options;

use crate::protocol::json::Json;
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

/// A tree as the page's own values; what is null there is undefined here.
///
/// One kind of tree for all details: a struct with derived writing for each of them would bring a cache of field names
/// along, and weigh 1 KB compressed more.
fn to_page_object(tree: &Json) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    // Trees with text for keys always make an object.
    tree.serialize(&serializer).unwrap_or(JsValue::NULL)
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_none(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(value) => serializer.serialize_f64(*value),
            Json::Text(text) => serializer.serialize_str(text),
            Json::List(items) => serializer.collect_seq(items),
            Json::Map(pairs) => serializer.collect_map(pairs.iter().map(|(key, value)| (key, value))),
        }
    }
}
