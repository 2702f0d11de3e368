//! Errors as the page gets them.

use super::to_page_object;
use crate::protocol::json::Json;
use crate::session::error::ChatError;
use wasm_bindgen::JsValue;

/// `{code, message, retryable}`.
pub fn to_object(error: &ChatError) -> JsValue {
    let mut object = Json::map();
    describe(error, &mut object);
    to_page_object(&object)
}

pub(super) fn describe(error: &ChatError, object: &mut Json) {
    object.put("code", error.code).put("message", error.message).put("retryable", error.retryable);
}
