//! Errors as the page gets them.

use super::Detail;
use crate::session::error::ChatError;
use wasm_bindgen::JsValue;

/// `{code, message, retryable}`.
pub fn to_object(error: &ChatError) -> JsValue {
    let mut object = Detail::default();
    describe(error, &mut object);
    object.to_object()
}

pub(super) fn describe<'a>(error: &'a ChatError, object: &mut Detail<'a>) {
    object.put("code", error.code).put("message", error.message).put("retryable", error.retryable);
}
