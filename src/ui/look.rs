//! How the deployment wants the messenger to look (www/src/lazy/look.ts). The page's own options come before it.

use super::dom::Node;
use super::lazy::{Lazy, Showing};
use crate::built_in::CONFIGURATION;
use crate::session::deployment::Deployment;

pub(super) struct Look {
    /// Holds nothing; in the tree, so that no node is held outside of it.
    pub(super) node: Node,
    lazy: Lazy,
    /// As it was last given out.
    shown: String,
    showing: Option<Showing>,
}

impl Look {
    pub(super) fn new(lazy: &Lazy) -> Look {
        Look { node: Node::part("div", "look").hidden(), lazy: lazy.clone(), shown: String::new(), showing: None }
    }

    pub(super) fn update(&mut self, deployment: Option<&Deployment>) {
        let Some(deployment) = deployment.filter(|deployment| CONFIGURATION && deployment.look != self.shown) else {
            return;
        };
        self.shown.clone_from(&deployment.look);
        // It changes what is there; when it cannot be had, nothing is said of it.
        self.showing = Some(self.lazy.show("look", &self.node, &self.shown, |_| {}));
    }
}
