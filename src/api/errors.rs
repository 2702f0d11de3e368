//! Errors as the page gets them.

use crate::session::error::ChatError;
use serde::Serialize;
use wasm_bindgen::JsValue;

#[derive(Debug, Serialize)]
struct ErrorDetail {
    code: &'static str,
    message: &'static str,
    retryable: bool,
}

/// `{code, message, retryable}`.
pub fn to_object(error: &ChatError) -> JsValue {
    let detail = ErrorDetail { code: error.code, message: error.message, retryable: error.retryable };
    // Plain fields always make an object.
    serde_wasm_bindgen::to_value(&detail).unwrap_or(JsValue::NULL)
}
