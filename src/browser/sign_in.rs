//! The page's own sign-in, behind a function that TypeScript has made safe (`www/src/sign-in.ts`).

use crate::session::input::Grant;
use crate::session::redact::Redacted;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Asks the page who the visitor is. `None` when nobody is signed in, or when it fails.
pub fn ask(page: &Function, react: impl FnOnce(Option<Grant>) + 'static) {
    let promise = page.call0(&JsValue::UNDEFINED).map(|promise| Promise::resolve(&promise));
    spawn_local(async move {
        let answer = match promise {
            Ok(promise) => JsFuture::from(promise).await.ok(),
            Err(_) => None,
        };
        react(answer.as_ref().and_then(read));
    });
}

/// TypeScript has seen to it that what belongs together is there.
fn read(answer: &JsValue) -> Option<Grant> {
    let mut parts = Vec::new();
    for name in ["code", "redirectUri", "codeVerifier", "idToken", "nonce"] {
        if let Some(text) = Reflect::get(answer, &name.into()).ok().and_then(|value| value.as_string()) {
            parts.push((name, Redacted::new(text)));
        }
    }
    (!parts.is_empty()).then_some(Grant(parts))
}
