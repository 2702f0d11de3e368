//! The encrypted place of this tab, kept by TypeScript (`www/src/vault.ts`): IndexedDB and WebCrypto through web-sys
//! would weigh several kilobytes more.

use super::json;
use crate::stored::vault::{self, Kept};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// Its promises never reject.
    pub type Vault;

    #[wasm_bindgen(method, js_name = load)]
    fn load_promise(this: &Vault) -> Promise;

    #[wasm_bindgen(method, js_name = save)]
    fn save_promise(this: &Vault, text: &str) -> Promise;

    /// Lets go of the place; what is saved stays.
    #[wasm_bindgen(method)]
    pub fn close(this: &Vault);
}

impl Vault {
    /// Hands on what an earlier life of this tab saved; nothing when there is nothing to be had.
    pub fn load(&self, react: impl FnOnce(Kept) + 'static) {
        let promise = self.load_promise();
        spawn_local(async move {
            react(JsFuture::from(promise).await.map(|text| read(&text)).unwrap_or_default());
        });
    }

    /// Replaces what was saved. Hands on whether it is kept.
    pub fn save(&self, kept: &Kept, react: impl FnOnce(bool) + 'static) {
        let promise = self.save_promise(&vault::write(kept));
        spawn_local(async move {
            let is_kept = JsFuture::from(promise).await.ok().and_then(|is_kept| is_kept.as_bool());
            react(is_kept.unwrap_or_default());
        });
    }
}

fn read(text: &JsValue) -> Kept {
    let json = text.as_string().and_then(|text| json::parse(&text, vault::TEXT_MAX_BYTES));
    json.map(|json| vault::read(&json)).unwrap_or_default()
}
