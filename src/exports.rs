//! What TypeScript gets to see.

use crate::api::errors;
use crate::api::options::Options;
use crate::browser::report;
use crate::browser::vault::Vault;
use crate::session::input::Command;
use crate::shell::Shell;
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
    #[wasm_bindgen(constructor)]
    pub fn new(
        root: ShadowRoot,
        options: JsValue,
        strings: JsValue,
        listener: Function,
        vault: Vault,
        record: Function,
    ) -> Result<Messenger, JsValue> {
        report::name_panics();
        let options = Options::read(&options).map_err(|error| errors::to_object(&error))?;
        let shell = Shell::start(root, &options, strings, listener, vault, record)
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
        self.shell.send(text).map_err(|error| errors::to_object(&error))
    }

    /// Nothing of this chat runs, listens or is shown afterwards. The conversation itself goes on.
    pub fn destroy(&self) {
        self.shell.destroy();
    }
}
