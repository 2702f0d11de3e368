//! What the page's own sign-in gave, as TypeScript hands it on once it has seen to it that it is whole
//! (`www/src/sign-in.ts`).

use crate::session::input::Grant;
use crate::session::redact::Redacted;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// `None` when nobody is signed in.
pub fn read(given: &JsValue) -> Option<Grant> {
    let mut parts = Vec::new();
    for name in ["code", "redirectUri", "codeVerifier", "idToken", "nonce"] {
        if let Some(text) = Reflect::get(given, &name.into()).ok().and_then(|value| value.as_string()) {
            parts.push((name, Redacted::new(text)));
        }
    }
    (!parts.is_empty()).then_some(Grant(parts))
}
