//! The encrypted place of this tab, kept by TypeScript (`www/src/vault.ts`): IndexedDB and WebCrypto through web-sys
//! would weigh several kilobytes more.

use super::json;
use crate::session::ids::ClientId;
use crate::stored::vault::{self, Kept};
use crate::text::part;
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

    #[wasm_bindgen(method, js_name = adopt)]
    fn adopt_promise(this: &Vault, conversation: f64) -> Promise;

    /// Lets go of the place; what is saved stays.
    #[wasm_bindgen(method)]
    pub fn close(this: &Vault);
}

/// What became of a saving.
pub enum Saved {
    Kept,
    Failed,
    /// Another tab has taken these over, and nothing was saved.
    Taken(Vec<ClientId>),
}

impl Vault {
    /// Hands on what an earlier life of this tab saved; nothing when there is nothing to be had.
    pub fn load(&self, react: impl FnOnce(Kept) + 'static) {
        hand_on(self.load_promise(), Box::new(react));
    }

    /// Replaces what was saved.
    pub fn save(&self, kept: &Kept, react: impl FnOnce(Saved) + 'static) {
        let promise = self.save_promise(&vault::write(kept));
        spawn_local(async move {
            let saved = JsFuture::from(promise).await.unwrap_or(JsValue::FALSE);
            react(match saved.as_string() {
                Some(ids) => Saved::Taken(client_ids(&ids)),
                None if saved == JsValue::TRUE => Saved::Kept,
                None => Saved::Failed,
            });
        });
    }

    /// Takes over what tabs of this conversation that are gone had not sent, and hands it on.
    pub fn adopt(&self, conversation: u64, react: impl FnOnce(Kept) + 'static) {
        hand_on(self.adopt_promise(conversation as f64), Box::new(react));
    }
}

/// One future for all who read: each kind of its own weighs.
fn hand_on(promise: Promise, react: Box<dyn FnOnce(Kept)>) {
    spawn_local(async move {
        react(JsFuture::from(promise).await.map(|text| read(&text)).unwrap_or_default());
    });
}

fn client_ids(list: &str) -> Vec<ClientId> {
    let mut list = Some(list);
    let mut ids = Vec::new();
    while let Some(id) = part(&mut list, b' ') {
        ids.push(ClientId(id.to_owned()));
    }
    ids
}

fn read(text: &JsValue) -> Kept {
    let json = text.as_string().and_then(|text| json::parse(&text, vault::TEXT_MAX_BYTES));
    json.map(|json| vault::read(&json)).unwrap_or_default()
}
