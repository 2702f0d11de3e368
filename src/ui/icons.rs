//! The few drawings, 24 units square, in the colour of the text around them.

use super::dom::Node;

pub(super) const CLOSE: &str = "M6 6l12 12M18 6L6 18";
pub(super) const SEND: &str = "M12 19V5M6 11l6-6 6 6";
pub(super) const MENU: &str = "M12 5.5v.01M12 12v.01M12 18.5v.01";
pub(super) const CLIP: &str =
    "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8L9.6 17.3a1.7 1.7 0 0 1-2.4-2.4L15 7.1";

pub(super) fn icon(outline: &str) -> Node {
    let path = Node::svg("path").with("d", outline);
    Node::svg("svg")
        .with("viewBox", "0 0 24 24")
        .with("fill", "none")
        .with("stroke", "currentColor")
        .with("stroke-width", "2")
        .with("stroke-linecap", "round")
        .with("stroke-linejoin", "round")
        .with("aria-hidden", "true")
        .with_child(&path)
}
