//! The only door to the DOM: every node that the widget shows is made here, and no string is ever parsed as markup.

use crate::listener::Listener;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, EventTarget, HtmlElement, Node as DomNode};

#[wasm_bindgen]
extern "C" {
    // Called on the prototype: `<img name=createElement>` in the page replaces `document.createElement`.
    #[wasm_bindgen(js_namespace = ["Document", "prototype", "createElement"], js_name = call)]
    fn create_element(document: &Document, tag: &str) -> HtmlElement;

    #[wasm_bindgen(js_namespace = ["Document", "prototype", "createElementNS"], js_name = call)]
    fn create_element_ns(document: &Document, namespace: &str, tag: &str) -> HtmlElement;

    #[wasm_bindgen(js_namespace = ["Document", "prototype", "createTextNode"], js_name = call)]
    fn create_text_node(document: &Document, text: &str) -> DomNode;

    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: Document;
}

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element with the verbs that the views need. Cloning makes another handle of the same element.
#[derive(Clone, Debug, PartialEq)]
pub struct Node(HtmlElement);

impl Node {
    pub fn new(tag: &str) -> Node {
        Node(DOCUMENT.with(|document| create_element(document, tag)))
    }

    /// An element under the name that style sheets and tests know it by.
    pub fn part(tag: &str, part: &str) -> Node {
        Node::new(tag).with("part", part)
    }

    /// A button that submits nothing.
    pub fn button(part: &str, label: &str) -> Node {
        Node::part("button", part).with("type", "button").with_text(label)
    }

    pub fn svg(tag: &str) -> Node {
        Node(DOCUMENT.with(|document| create_element_ns(document, SVG, tag)))
    }

    /// One that is in the tree already. Nothing is checked: it may have any tag.
    pub fn of(element: Element) -> Node {
        Node(element.unchecked_into())
    }

    pub fn with(self, name: &str, value: &str) -> Node {
        self.set(name, value);
        self
    }

    pub fn with_text(self, text: &str) -> Node {
        self.set_text(text);
        self
    }

    pub fn with_child(self, child: &Node) -> Node {
        self.append(child);
        self
    }

    pub fn hidden(self) -> Node {
        self.show(false);
        self
    }

    // Attribute names are constants and nodes fresh: the calls below fail for neither.

    pub fn set(&self, name: &str, value: &str) {
        let _ = self.0.set_attribute(name, value);
    }

    pub fn set_flag(&self, name: &str, is_set: bool) {
        let _ = self.0.toggle_attribute_with_force(name, is_set);
    }

    pub fn set_property(&self, name: &str, value: impl Into<JsValue>) {
        let _ = js_sys::Reflect::set(&self.0, &name.into(), &value.into());
    }

    pub fn property(&self, name: &str) -> JsValue {
        js_sys::Reflect::get(&self.0, &name.into()).unwrap_or(JsValue::UNDEFINED)
    }

    pub fn set_style(&self, name: &str, value: &str) {
        // Through the object model: the page's policy may forbid style attributes.
        let _ = self.0.style().set_property(name, value);
    }

    /// Of the element's own style: empty for what the browser does not know.
    pub fn style(&self, name: &str) -> String {
        self.0.style().get_property_value(name).unwrap_or_default()
    }

    pub fn set_text(&self, text: &str) {
        self.0.set_text_content(Some(text));
    }

    pub fn text(&self) -> String {
        self.0.text_content().unwrap_or_default()
    }

    pub fn show(&self, is_shown: bool) {
        self.0.set_hidden(!is_shown);
    }

    pub fn is_shown(&self) -> bool {
        !self.0.hidden()
    }

    pub fn append(&self, child: &Node) {
        let _ = self.0.append_child(&child.0);
    }

    pub fn append_text(&self, text: &str) {
        let node = DOCUMENT.with(|document| create_text_node(document, text));
        let _ = self.0.append_child(&node);
    }

    /// Before the child given, or at the end.
    pub fn insert(&self, child: &Node, before: Option<&Node>) {
        let before: Option<&DomNode> = before.map(|node| node.0.as_ref());
        let _ = self.0.insert_before(&child.0, before);
    }

    /// Puts this one right above, if this is in a tree.
    pub fn insert_above(&self, other: &Node) {
        let _ = self.0.before_with_node_1(&other.0);
    }

    pub fn clear(&self) {
        self.0.set_text_content(None);
    }

    pub fn remove(&self) {
        self.0.remove();
    }

    pub fn focus(&self) {
        let _ = self.0.focus();
    }

    pub fn contains(&self, other: &Element) -> bool {
        self.0.contains(Some(other))
    }

    pub fn element(&self) -> &HtmlElement {
        &self.0
    }

    /// Until the listener is dropped.
    pub fn on<E: JsCast>(&self, name: &'static str, react: impl Fn(E) + 'static) -> Listener {
        Listener::new(self.target(), name, react)
    }

    pub fn on_click(&self, react: impl Fn() + 'static) -> Listener {
        self.on("click", move |_: web_sys::Event| react())
    }

    pub fn target(&self) -> &EventTarget {
        self.0.as_ref()
    }
}
