//! Files in messages: pictures in place, recordings and films with the browser's own controls, everything else to be
//! saved. Their addresses are good for minutes only: what fails is asked for anew, and what is saved too.

use super::dom::Node;
use super::host::Host;
use super::icons;
use super::lazy::{Lazy, Showing};
use super::links;
use super::message::Context;
use super::rich;
use super::text::{self, BrowserAddresses};
use crate::listener::Listener;
use crate::protocol::json::Json;
use crate::session::content::{Attachment, FileKind};
use crate::session::input::Command;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Event;

/// Shows pictures large: a view of its own, www/src/lazy/viewer.ts.
pub(super) struct Viewer {
    pub(super) node: Node,
    showing: RefCell<Option<Showing>>,
}

impl Viewer {
    pub(super) fn new() -> Viewer {
        Viewer { node: Node::part("div", "pictures"), showing: RefCell::default() }
    }

    fn show(&self, file: &str, lazy: &Lazy, host: &Rc<dyn Host>) {
        let data = Json::from(file).write();
        let host = Rc::clone(host);
        // It says which file, and with a mark before it that the visitor wants to have it.
        let showing = lazy.show("viewer", &self.node, &data, move |answer| {
            let opened = answer.strip_prefix('\0');
            let id = opened.unwrap_or(&answer).to_owned();
            host.command(Command::FetchFile { id, opens: opened.is_some() });
        });
        self.showing.replace(Some(showing));
    }
}

/// `is_settled`: the platform has said where it is.
pub(super) fn node(file: &Attachment, is_settled: bool, context: &Context, listeners: &mut Vec<Listener>) -> Node {
    let words = &context.words;
    let name = if file.name.is_empty() { words.get("attachment") } else { file.name.clone() };
    let href = file.url.as_ref().and_then(|url| links::safe_href(url.expose(), &BrowserAddresses));
    let Some(href) = href else {
        let node = fill(Node::part("div", "file"), &name, file.size_bytes);
        let gone = Node::part("span", "file-size");
        return if is_settled { node.with_child(&gone.with_text(&words.get("file_gone"))) } else { node };
    };
    let source = file.url.as_ref().and_then(|url| context.images.allow(url.expose()));
    match (file.kind, source) {
        (FileKind::Image, Some(source)) => {
            let link = text::anchor("picture", &href, "").with("data-file", &file.id);
            let image = rich::image("image", &source, &name);
            listeners.push(refresh(&image, file, context));
            let (viewer, lazy, host) = (Rc::clone(&context.viewer), context.lazy.clone(), Rc::clone(&context.host));
            listeners.push(on_press(&link, file, move |file| viewer.show(file, &lazy, &host)));
            link.with_child(&image)
        }
        (kind @ (FileKind::Audio | FileKind::Video), Some(source)) => {
            let tag = if kind == FileKind::Audio { "audio" } else { "video" };
            let player = Node::part(tag, tag)
                .with("controls", "")
                .with("preload", "metadata")
                .with("playsinline", "")
                .with("aria-label", &name);
            player.set_property("src", source);
            listeners.push(refresh(&player, file, context));
            Node::part("div", "recording").with_child(&player).with_child(&save(file, &href, &name, context, listeners))
        }
        _ => save(file, &href, &name, context, listeners),
    }
}

fn save(file: &Attachment, href: &str, name: &str, context: &Context, listeners: &mut Vec<Listener>) -> Node {
    let link = text::anchor("file", href, "");
    link.set("download", name);
    link.set("aria-label", &[&context.words.get("download"), " ", name].concat());
    let host = Rc::clone(&context.host);
    listeners
        .push(on_press(&link, file, move |file| host.command(Command::FetchFile { id: file.to_owned(), opens: true })));
    fill(link, name, file.size_bytes)
}

/// Instead of what the link does, unless nobody knows the file by an id.
fn on_press(link: &Node, file: &Attachment, react: impl Fn(&str) + 'static) -> Listener {
    let id = file.id.clone();
    link.on("click", move |event: Event| {
        if !id.is_empty() {
            event.prevent_default();
            react(&id);
        }
    })
}

fn refresh(shown: &Node, file: &Attachment, context: &Context) -> Listener {
    let (host, id) = (Rc::clone(&context.host), file.id.clone());
    shown.on("error", move |_: Event| host.command(Command::FetchFile { id: id.clone(), opens: false }))
}

fn fill(node: Node, name: &str, size_bytes: Option<u64>) -> Node {
    let node = node
        .with_child(&icons::icon(icons::FILE))
        .with_child(&Node::part("span", "file-name").with("dir", "auto").with_text(name));
    match size_bytes {
        Some(size_bytes) => node.with_child(&Node::part("span", "file-size").with_text(&readable_size(size_bytes))),
        None => node,
    }
}

fn readable_size(size_bytes: u64) -> String {
    const KILOBYTE: u64 = 1000;
    const MEGABYTE: u64 = KILOBYTE * KILOBYTE;
    let (unit_bytes, unit) = if size_bytes < MEGABYTE { (KILOBYTE, " KB") } else { (MEGABYTE, " MB") };
    [&size_bytes.div_ceil(unit_bytes).to_string(), unit].concat()
}
