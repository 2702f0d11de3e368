//! The options as TypeScript has checked and completed them.

use crate::browser::json;
use crate::engine::{Api, Endpoints, Settings};
use crate::protocol::json::Json;
use crate::session::Receipts;
use crate::session::error::ChatError;
use crate::ui::Images;
use crate::ui::links::authority;
use std::cell::Cell;
use wasm_bindgen::JsValue;

/// Those of every API.
const FIELDS: usize = 9;

#[derive(Clone, Debug)]
pub struct Options {
    pub settings: Settings,
    pub images: Images,
    pub remember: bool,
    pub locale: String,
    pub open: bool,
}

impl Options {
    /// Every field is there; another one is a mistake of the caller, and so is another API's.
    ///
    /// Field by field: a derived reader brings its error texts and the printing of floats along, 9 KB compressed.
    ///
    /// # Errors
    /// [`ChatError::OPTIONS`] for anything but the object described, and for an endpoint that is no address.
    pub fn read(value: &JsValue) -> Result<Options, ChatError> {
        let fields = Fields { tree: json::tree_of(value).unwrap_or(Json::Null), is_wrong: Cell::new(false) };
        let (api, own_fields) = api(&fields);
        let (deployment_id, domain, endpoint) =
            (fields.text("deploymentId"), fields.text("domain"), fields.text("endpoint"));
        let endpoints = if endpoint.is_empty() {
            if domain.is_empty() { None } else { Some(Endpoints::of_domain(&domain)) }
        } else {
            Endpoints::of_host(&endpoint)
        };
        // With its port, where pictures may come from.
        let images = Images { own_host: authority(&endpoint).unwrap_or_default().to_ascii_lowercase() };
        // "socket" goes over the wire only where the platform announces it, which is what "auto" does.
        let is_local = fields.text("receipts") == "local";
        fields.require(!deployment_id.is_empty() && fields.count() == FIELDS + own_fields);
        let (remember, locale, open) = (fields.flag("remember"), fields.text("locale"), fields.flag("open"));
        match endpoints {
            Some(endpoints) if !fields.is_wrong.get() => Ok(Options {
                settings: Settings {
                    deployment_id,
                    endpoints,
                    receipts: if is_local { Receipts::Local } else { Receipts::Auto },
                    has_tabs: false,
                    api,
                },
                images,
                remember,
                locale,
                open,
            }),
            Some(_) | None => Err(ChatError::OPTIONS),
        }
    }
}

/// Each API has options of its own, and takes no others. With how many they are.
fn api(fields: &Fields) -> (Api, usize) {
    match fields.text("api").as_str() {
        #[cfg(feature = "guest")]
        "guest" => {
            fields.require(fields.text("typing") == "socket");
            fields.require(matches!(fields.text("receipts").as_str(), "auto" | "local" | "socket"));
            (Api::Guest, 0)
        }
        #[cfg(feature = "conversations")]
        "conversations" => {
            (Api::Conversations(Box::new(super::conversations::read(fields))), super::conversations::OWN_FIELDS)
        }
        _ => {
            fields.require(false);
            (Api::default(), 0)
        }
    }
}

/// The object of the caller. What is missing or of another type is empty, and the whole is wrong then.
pub(super) struct Fields {
    tree: Json,
    is_wrong: Cell<bool>,
}

impl Fields {
    pub(super) fn require(&self, is_met: bool) {
        if !is_met {
            self.is_wrong.set(true);
        }
    }

    pub(super) fn text(&self, name: &str) -> String {
        let text = self.tree.owned(name);
        self.require(text.is_some());
        text.unwrap_or_default()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        let flag = self.tree.bool(name);
        self.require(flag.is_some());
        flag.unwrap_or_default()
    }

    /// Null for none.
    #[cfg(feature = "conversations")]
    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let list = self.tree.get(name)?;
        let mut texts = Vec::new();
        if let Json::List(items) = list {
            for item in items {
                self.require(item.as_text().is_some());
                texts.push(item.as_text().unwrap_or_default().to_owned());
            }
        }
        self.require(matches!(list, Json::List(_)));
        Some(texts)
    }

    fn count(&self) -> usize {
        if let Json::Map(pairs) = &self.tree { pairs.len() } else { 0 }
    }
}
