//! The options as TypeScript has checked and completed them.

use crate::engine::{Endpoints, Settings};
use crate::session::Receipts;
use crate::session::error::ChatError;
use crate::ui::Images;
use serde::Deserialize;
use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};

const FIELDS: u32 = 9;

/// Every field is there; an unknown one is a mistake of the caller.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    pub deployment_id: String,
    /// The region's domain; empty when `endpoint` is set.
    pub domain: String,
    /// Empty when unset.
    pub endpoint: String,
    pub api: String,
    pub typing: String,
    pub receipts: String,
    pub remember: bool,
    pub locale: String,
    pub open: bool,
}

impl Options {
    /// # Errors
    /// [`ChatError::OPTIONS`] for anything but the object described.
    pub fn read(value: JsValue) -> Result<Options, ChatError> {
        // The deserializer looks at the fields that it knows, so `deny_unknown_fields` never gets to see another.
        let is_complete = value.is_object() && Object::keys(value.unchecked_ref::<Object>()).length() == FIELDS;
        if !is_complete {
            return Err(ChatError::OPTIONS);
        }
        let options: Options = serde_wasm_bindgen::from_value(value).map_err(|_| ChatError::OPTIONS)?;
        let is_known = options.api == "guest"
            && options.typing == "socket"
            && matches!(options.receipts.as_str(), "auto" | "local" | "socket")
            && !options.deployment_id.is_empty();
        if is_known { Ok(options) } else { Err(ChatError::OPTIONS) }
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
        })
    }

    /// Where pictures may come from.
    pub fn images(&self) -> Images {
        let authority = self.endpoint.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        Images { domain: self.domain.clone(), own_host: host.to_ascii_lowercase() }
    }
}
