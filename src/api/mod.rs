//! What crosses to the page: options in, events and errors out, all plain objects.

#[cfg(feature = "conversations")]
mod conversations;
pub mod errors;
pub mod events;
pub mod options;

use crate::protocol::json::Json;
use js_sys::JSON;
use wasm_bindgen::JsValue;

/// A map as an object of the page's own, without what is null.
fn to_page_object(mut map: Json) -> JsValue {
    if let Json::Map(pairs) = &mut map {
        pairs.retain(|(_, value)| !value.is_null());
    }
    // What is written here is read there.
    JSON::parse(&map.write()).unwrap_or(JsValue::NULL)
}
