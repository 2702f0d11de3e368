//! A message's text as nodes.

use super::dom::Node;
use super::links::{self, Address, AddressReader, Token};
use web_sys::Url;

/// The browser's own understanding of addresses.
pub(super) struct BrowserAddresses;

impl AddressReader for BrowserAddresses {
    fn read(&self, text: &str) -> Option<Address> {
        let url = Url::new(text).ok()?;
        Some(Address {
            href: url.href(),
            scheme: url.protocol().strip_suffix(':')?.to_owned(),
            host: url.hostname(),
            has_user_info: !url.username().is_empty() || !url.password().is_empty(),
        })
    }
}

/// Puts text and links into the node. Line breaks are the style sheet's (`white-space: pre-wrap`).
pub(super) fn append(node: &Node, text: &str) {
    for token in links::tokens(text, &BrowserAddresses) {
        match token {
            Token::Text(text) => node.append_text(text),
            Token::Link(link) => node.append(&anchor("link", &link.href, &link.label)),
        }
    }
}

/// A link to an address that `links` has judged.
pub(super) fn anchor(part: &str, href: &str, label: &str) -> Node {
    let anchor =
        Node::part("a", part).with("target", "_blank").with("rel", "noopener noreferrer nofollow").with_text(label);
    anchor.set_property("href", href);
    anchor
}
