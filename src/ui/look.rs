//! How the deployment wants the messenger to look (www/src/lazy/look.ts). The page's own options come before it.

use super::dom::Node;
use super::lazy::{Lazy, Showing};
use crate::built_in::CONFIGURATION;
use crate::session::deployment::Deployment;
use js_sys::{Array, JSON};
use wasm_bindgen::JsValue;

pub(super) struct Look {
    /// Holds nothing; in the tree, so that no node is held outside of it.
    pub(super) node: Node,
    lazy: Lazy,
    /// As it was last given out.
    shown: Vec<(String, String)>,
    showing: Option<Showing>,
}

impl Look {
    pub(super) fn new(lazy: &Lazy) -> Look {
        Look { node: Node::part("div", "look").hidden(), lazy: lazy.clone(), shown: Vec::new(), showing: None }
    }

    pub(super) fn update(&mut self, deployment: Option<&Deployment>) {
        let Some(deployment) = deployment.filter(|deployment| CONFIGURATION && deployment.look != self.shown) else {
            return;
        };
        self.shown.clone_from(&deployment.look);
        let pairs: Array =
            self.shown.iter().map(|(name, value)| Array::of2(&name.into(), &JsValue::from(value))).collect();
        let data = JSON::stringify(&pairs).map(String::from).unwrap_or_default();
        // It changes what is there; when it cannot be had, nothing is said of it.
        self.showing = Some(self.lazy.show("look", &self.node, &data, |_| {}));
    }
}
