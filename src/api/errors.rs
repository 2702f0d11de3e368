//! Errors as the page gets them.

use super::to_page_object;
use crate::protocol::json::Json;
use crate::session::error::ChatError;
use wasm_bindgen::JsValue;

/// `{code, message, retryable}`.
pub fn to_object(error: &ChatError) -> JsValue {
    to_page_object(&to_json(error))
}

pub(super) fn to_json(error: &ChatError) -> Json {
    Json::object([
        ("code", Json::from(error.code)),
        ("message", Json::from(error.message)),
        ("retryable", Json::from(error.retryable)),
    ])
}
