//! Text to tree.

use crate::protocol::json::{self, Json};
use js_sys::JSON;
use wasm_bindgen::JsValue;

/// Larger frames are junk: the platform's are below 32 KiB, with history pages far below this.
pub const FRAME_MAX_BYTES: usize = 256 * 1024;

/// `None` for what is no JSON, is deeper than the tree may be, or larger than `max_bytes`.
/// Lone surrogates become U+FFFD.
pub fn parse(text: &str, max_bytes: usize) -> Option<Json> {
    if text.len() > max_bytes {
        return None;
    }
    json::read(text.strip_prefix('\u{feff}').unwrap_or(text), |text| scalar_of(&JSON::parse(text).ok()?))
}

/// The same of what is there already. What JSON has no word for is left out.
pub fn tree_of(value: &JsValue) -> Option<Json> {
    parse(&JSON::stringify(value).ok()?.as_string()?, usize::MAX)
}

#[inline(never)]
fn scalar_of(value: &JsValue) -> Option<Json> {
    if let Some(text) = value.as_string() {
        return Some(Json::Text(text));
    }
    if let Some(number) = value.as_f64() {
        return Some(Json::Number(number));
    }
    Some(value.as_bool().map_or(Json::Null, Json::Bool))
}
