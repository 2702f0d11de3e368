//! What TypeScript gets to see.

use crate::api::errors;
use crate::api::options::Options;
#[cfg(feature = "conversations")]
use crate::browser::json;
use crate::browser::vault::Vault;
#[cfg(feature = "conversations")]
use crate::engine::AccessToken;
use crate::engine::EngineInput;
#[cfg(feature = "conversations")]
use crate::protocol::{conversations::attachments, json::Json};
#[cfg(feature = "conversations")]
use crate::session::content::Body;
use crate::session::input::Command;
#[cfg(feature = "guest")]
use crate::session::input::{Grant, Input};
#[cfg(feature = "guest")]
use crate::session::redact::Redacted;
use crate::shell::Shell;
use crate::ui::Lazy;
use js_sys::Function;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;

/// One chat on the page. Every failure is thrown as `{code, message, retryable}`.
#[wasm_bindgen]
#[expect(missing_debug_implementations, reason = "as with the browser's handles")]
pub struct Messenger {
    shell: Rc<Shell>,
}

#[wasm_bindgen]
impl Messenger {
    /// Takes the launcher in `root` over and starts. `listener` gets the name and the detail of each event, always from
    /// a fresh task. `vault` keeps what must outlive a reload. `record` gets the items of the flight recorder's recording.
    /// `lazy` shows the views that are fetched when they are needed.
    #[wasm_bindgen(constructor)]
    pub fn new(
        root: ShadowRoot,
        options: JsValue,
        strings: JsValue,
        listener: Function,
        vault: Vault,
        record: Function,
        lazy: Function,
    ) -> Result<Messenger, JsValue> {
        let options = Options::read(&options).map_err(|error| errors::to_object(&error))?;
        let shell = Shell::start(root, options, strings, listener, vault, record, Lazy::new(lazy))
            .map_err(|error| errors::to_object(&error))?;
        Ok(Messenger { shell })
    }

    pub fn open(&self) {
        self.shell.open();
    }

    pub fn close(&self) {
        self.shell.command(Command::ClosePanel);
    }

    pub fn send(&self, text: &str) -> Result<(), JsValue> {
        self.shell.send(text, false).map_err(|error| errors::to_object(&error))
    }

    /// The visitor has signed in to the page.
    #[wasm_bindgen(js_name = signIn)]
    pub fn sign_in(&self) {
        self.shell.command(Command::SignIn);
    }

    #[wasm_bindgen(js_name = logOut)]
    pub fn log_out(&self) {
        self.shell.command(Command::LogOut);
    }

    /// Nothing of this chat runs, listens or is shown afterwards. The conversation itself goes on.
    pub fn destroy(&self) {
        self.shell.destroy();
    }
}

/// Of the guest API.
#[cfg(feature = "guest")]
#[wasm_bindgen]
impl Messenger {
    /// `page` asks the page who the visitor is and calls `grant` with what it gives. To be called first of all.
    #[wasm_bindgen(js_name = offerSignIn)]
    pub fn offer_sign_in(&self, page: Function) {
        self.shell.offer_sign_in(page);
    }

    /// What the page's sign-in gave, as JSON text, or nothing.
    pub fn grant(&self, given: Option<String>) {
        let grant = given.map(|text| Grant(Redacted::new(text)));
        self.shell.feed(EngineInput::Session(Input::Grant(grant)));
    }
}

/// Of the conversations APIs.
#[cfg(feature = "conversations")]
#[wasm_bindgen]
impl Messenger {
    /// `page` asks the page's token provider and calls `access_token` with what it gives, also when it fails.
    #[wasm_bindgen(js_name = offerToken)]
    pub fn offer_token(&self, page: Function) {
        self.shell.offer_token(page);
    }

    /// A text, which may be empty, with files that lie elsewhere: `{"attachments": […]}` as JSON text.
    #[wasm_bindgen(js_name = sendWith)]
    pub fn send_with(&self, text: &str, files: &str) -> Result<(), JsValue> {
        let files = json::parse(files, json::FRAME_MAX_BYTES).unwrap_or(Json::Null);
        let body = Body { items: attachments(&files), ..Body::text(text) };
        self.shell.send_attached(body).map_err(|error| errors::to_object(&error))
    }

    /// What the page's token provider gave, as JSON text, or nothing.
    #[wasm_bindgen(js_name = accessToken)]
    pub fn access_token(&self, given: Option<String>) {
        let given = given.and_then(|text| json::parse(&text, json::FRAME_MAX_BYTES));
        let token = given.and_then(|given| AccessToken::read(&given));
        self.shell.feed(EngineInput::AccessToken(token));
    }
}
