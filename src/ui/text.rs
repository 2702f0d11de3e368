//! A message's text as nodes.

use super::dom::Node;
use super::links::{Address, AddressReader};
use super::markup::{self, Style, Token};
use super::words::Words;
use crate::listener::Listener;
use std::cell::Cell;
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

/// A bubble with the text in it. A long one shows its beginning, and behind it a button for the rest.
pub(super) fn bubble(row: &Node, text: &str, marks: &'static str, words: &Words) -> Option<Listener> {
    let bubble = Node::part("div", "bubble");
    bubble.set_flag("data-emoji", markup::is_emoji(text));
    row.append(&bubble);
    let Some(beginning) = markup::beginning(text) else {
        append(&bubble, text, marks);
        return None;
    };
    append(&bubble, beginning, marks);
    let more = Node::button("more", &words.get("show_more")).with("aria-expanded", "false");
    row.append(&more);
    let (text, beginning, words, button) = (text.to_owned(), beginning.len(), words.clone(), more.clone());
    let is_long = Cell::new(false);
    Some(more.on_click(move || {
        is_long.set(!is_long.get());
        let (length, word, expanded) =
            if is_long.get() { (text.len(), "show_less", "true") } else { (beginning, "show_more", "false") };
        bubble.clear();
        append(&bubble, text.get(..length).unwrap_or_default(), marks);
        button.set_text(&words.get(word));
        button.set("aria-expanded", expanded);
    }))
}

/// Line breaks are the style sheet's (`white-space: pre-wrap`).
fn append(node: &Node, text: &str, marks: &'static str) {
    let mut open = vec![node.clone()];
    for token in markup::tokens(text, marks, &BrowserAddresses) {
        let Some(inner) = open.last() else { return };
        match token {
            Token::Text(text) => inner.append_text(text),
            Token::Link(link) => inner.append(&anchor("link", &link.href, &link.label)),
            Token::Open(style) => {
                let made = Node::new(tag(style));
                inner.append(&made);
                open.push(made);
            }
            Token::Close => {
                open.pop();
            }
        }
    }
}

/// The text as it is read, without its marks.
pub(super) fn plain(text: &str, marks: &'static str) -> String {
    let mut plain = String::new();
    for token in markup::tokens(text, marks, &BrowserAddresses) {
        match token {
            Token::Text(text) => plain.push_str(text),
            Token::Link(link) => plain.push_str(&link.label),
            Token::Open(_) | Token::Close => {}
        }
    }
    plain
}

fn tag(style: Style) -> &'static str {
    match style {
        Style::Bold => "strong",
        Style::Italic => "em",
        Style::Struck => "s",
        Style::Marked => "mark",
        Style::Code => "code",
        Style::Block => "pre",
    }
}

/// A link to an address that `links` has judged.
pub(super) fn anchor(part: &str, href: &str, label: &str) -> Node {
    let anchor =
        Node::part("a", part).with("target", "_blank").with("rel", "noopener noreferrer nofollow").with_text(label);
    anchor.set_property("href", href);
    anchor
}
