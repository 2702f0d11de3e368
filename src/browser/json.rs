//! Text to tree, by the page's own `JSON.parse`: lenient where the browser is, and nothing of it shipped by us.

use crate::protocol::json::{DEPTH_MAX, Json};
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

/// Larger frames are junk: the platform's are below 32 KiB, with history pages far below this.
pub const FRAME_MAX_BYTES: usize = 256 * 1024;

/// `None` for what is no JSON, is deeper than the tree may be, or larger than `max_bytes`.
/// Lone surrogates become U+FFFD.
pub fn parse(text: &str, max_bytes: usize) -> Option<Json> {
    if text.len() > max_bytes {
        return None;
    }
    let value = JSON::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()?;
    tree_of(&value)
}

/// The same of what is there already. What JSON has no word for is null.
pub fn tree_of(value: &JsValue) -> Option<Json> {
    tree(value, DEPTH_MAX)
}

fn tree(value: &JsValue, depth_left: usize) -> Option<Json> {
    if let Some(text) = value.as_string() {
        return Some(Json::Text(text));
    }
    if let Some(number) = value.as_f64() {
        return Some(Json::Number(number));
    }
    if let Some(flag) = value.as_bool() {
        return Some(Json::Bool(flag));
    }
    if !value.is_object() {
        return Some(Json::Null);
    }
    let depth_left = depth_left.checked_sub(1)?;
    if Array::is_array(value) {
        let mut items = Vec::new();
        for item in value.unchecked_ref::<Array>().iter() {
            items.push(tree(&item, depth_left)?);
        }
        return Some(Json::List(items));
    }
    let mut pairs = Vec::new();
    // Of fewer objects than the entries would be.
    for key in Object::keys(value.unchecked_ref::<Object>()).iter() {
        pairs.push((key.as_string()?, tree(&Reflect::get(value, &key).ok()?, depth_left)?));
    }
    Some(Json::Map(pairs))
}
