//! The options as TypeScript has checked and completed them.

use crate::engine::{Api, Endpoints, Settings};
use crate::session::Receipts;
use crate::session::error::ChatError;
use crate::ui::Images;
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

pub(super) const FIELDS: u32 = 9;

/// Every field is there; another one is a mistake of the caller.
#[derive(Clone, Debug)]
pub struct Options {
    pub deployment_id: String,
    /// The region's domain; empty when `endpoint` is set.
    pub domain: String,
    /// Empty when unset.
    pub endpoint: String,
    pub receipts: String,
    pub remember: bool,
    pub locale: String,
    pub open: bool,
    pub api: Api,
}

impl Options {
    /// Field by field: a derived reader brings its error texts and the printing of floats along, 9 KB compressed.
    ///
    /// # Errors
    /// [`ChatError::OPTIONS`] for anything but the object described.
    pub fn read(value: &JsValue) -> Result<Options, ChatError> {
        if !value.is_object() {
            return Err(ChatError::OPTIONS);
        }
        let options = Options {
            api: api(value)?,
            deployment_id: text(value, "deploymentId")?,
            domain: text(value, "domain")?,
            endpoint: text(value, "endpoint")?,
            receipts: text(value, "receipts")?,
            remember: flag(value, "remember")?,
            locale: text(value, "locale")?,
            open: flag(value, "open")?,
        };
        if options.deployment_id.is_empty() { Err(ChatError::OPTIONS) } else { Ok(options) }
    }

    /// # Errors
    /// [`ChatError::OPTIONS`] for an endpoint that is no address.
    pub fn settings(&self) -> Result<Settings, ChatError> {
        let endpoints = if self.endpoint.is_empty() {
            Some(Endpoints::of_domain(&self.domain)).filter(|_| !self.domain.is_empty())
        } else {
            Endpoints::of_host(&self.endpoint)
        };
        Ok(Settings {
            deployment_id: self.deployment_id.clone(),
            endpoints: endpoints.ok_or(ChatError::OPTIONS)?,
            // "socket" goes over the wire only where the platform announces it, which is what "auto" does.
            receipts: if self.receipts == "local" { Receipts::Local } else { Receipts::Auto },
            has_tabs: false,
            api: self.api.clone(),
        })
    }

    /// Where pictures may come from.
    pub fn images(&self) -> Images {
        let authority = self.endpoint.split('/').nth(2).unwrap_or_default();
        Images { own_host: authority.to_ascii_lowercase() }
    }
}

/// Each API has options of its own, and takes no others.
fn api(value: &JsValue) -> Result<Api, ChatError> {
    let fields = Object::keys(value.unchecked_ref::<Object>()).length();
    match text(value, "api")?.as_str() {
        #[cfg(feature = "guest")]
        "guest" => {
            let is_valid = fields == FIELDS
                && text(value, "typing")? == "socket"
                && matches!(text(value, "receipts")?.as_str(), "auto" | "local" | "socket");
            if is_valid { Ok(Api::Guest) } else { Err(ChatError::OPTIONS) }
        }
        #[cfg(feature = "conversations")]
        "conversations" => {
            super::conversations::read(value, fields).map(|settings| Api::Conversations(Box::new(settings)))
        }
        _ => Err(ChatError::OPTIONS),
    }
}

pub(super) fn text(value: &JsValue, name: &str) -> Result<String, ChatError> {
    field(value, name)?.as_string().ok_or(ChatError::OPTIONS)
}

pub(super) fn flag(value: &JsValue, name: &str) -> Result<bool, ChatError> {
    field(value, name)?.as_bool().ok_or(ChatError::OPTIONS)
}

pub(super) fn field(value: &JsValue, name: &str) -> Result<JsValue, ChatError> {
    Reflect::get(value, &name.into()).map_err(|_| ChatError::OPTIONS)
}
