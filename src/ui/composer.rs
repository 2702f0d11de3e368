//! Where the visitor writes.

use super::dom::Node;
use super::host::Host;
use super::icons;
use super::words::Words;
use crate::built_in::UPLOADS;
use crate::listener::Listener;
use crate::session::TEXT_MAX_BYTES;
use crate::session::attachments::{Upload, UploadState};
use crate::session::input::Command;
use crate::session::view::Phase;
use crate::text::decimal;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlTextAreaElement, KeyboardEvent};

const LISTENERS: usize = if cfg!(feature = "conversations") { 4 } else { 3 };
const HEIGHT_MAX: &str = "min(8.5em, 40vh)";
/// With less room than this left it is counted.
const ROOM_COUNTED_BYTES: usize = 400;
/// The ids of what is said of the field.
const DESCRIPTION: &str = "limit room";
/// Older browsers have 229 here for every key while an input method composes.
const ENTER_KEY: u32 = 13;

pub(super) struct Composer {
    pub(super) node: Node,
    parts: Rc<Parts>,
    _listeners: [Listener; LISTENERS],
}

struct Parts {
    input: HtmlTextAreaElement,
    send: Node,
    limit: Node,
    room: Node,
    /// The browser grows it by itself.
    grows: bool,
    words: Words,
    host: Rc<dyn Host>,
    can_write: Cell<bool>,
    had_text: Cell<bool>,
    /// Some are ready to be sent.
    has_files: Cell<bool>,
    /// Some are on their way.
    awaits_files: Cell<bool>,
    /// Everything is to be sent when they are there.
    is_pressed: Cell<bool>,
    /// The site does not allow what is written.
    is_refused: Cell<bool>,
    /// So many cannot be sent.
    failed: Cell<usize>,
    shown: Cell<Option<Shown>>,
}

/// What stands around the field.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shown {
    /// So many letters are too many.
    overrun: u32,
    /// So many bytes are left, where that is told.
    room_bytes: Option<usize>,
    is_refused: bool,
    is_pressed: bool,
    is_sendable: bool,
}

impl Composer {
    /// `attach`: the button that lets the visitor choose files.
    pub(super) fn new(words: &Words, host: &Rc<dyn Host>, attach: &Node) -> Composer {
        let input = Node::part("textarea", "input")
            .with("rows", "1")
            .with("dir", "auto")
            .with("enterkeyhint", "send")
            .with("aria-label", &words.get("message_label"))
            .with("aria-describedby", DESCRIPTION)
            .with("placeholder", &words.get("message_placeholder"));
        input.set_style("max-block-size", HEIGHT_MAX);
        input.set_style("field-sizing", "content");
        let send = Node::part("button", "send")
            .with("type", "submit")
            .with("aria-label", &words.get("send"))
            .with_child(&icons::icon(icons::SEND));
        let limit = Node::part("div", "limit").with("id", "limit").with("role", "status");
        // Not live: it changes with every key.
        let room = Node::part("div", "room").with("id", "room");
        let node = Node::part("form", "composer");
        for child in [&limit, &room, &input, attach, &send] {
            node.append(child);
        }
        let parts = Rc::new(Parts {
            input: input.element().clone().unchecked_into(),
            send,
            limit,
            room,
            grows: !input.style("field-sizing").is_empty(),
            words: words.clone(),
            host: Rc::clone(host),
            can_write: Cell::new(true),
            had_text: Cell::new(false),
            has_files: Cell::new(false),
            awaits_files: Cell::new(false),
            is_pressed: Cell::new(false),
            is_refused: Cell::new(false),
            failed: Cell::new(0),
            shown: Cell::new(None),
        });
        #[cfg(feature = "conversations")]
        let left = Rc::clone(&parts);
        let (typed, pressed, submitted) = (Rc::clone(&parts), Rc::clone(&parts), Rc::clone(&parts));
        let listeners = [
            input.on("input", move |_: Event| typed.on_input()),
            // Only these APIs have a word for it.
            #[cfg(feature = "conversations")]
            input.on("blur", move |_: Event| left.host.command(Command::Blur)),
            input.on("keydown", move |event: KeyboardEvent| pressed.on_key(&event)),
            node.on("submit", move |event: Event| {
                event.prevent_default();
                submitted.submit();
            }),
        ];
        parts.repaint();
        Composer { node, parts, _listeners: listeners }
    }

    pub(super) fn update(&self, phase: Phase) {
        let can_write = phase.can_write();
        self.parts.can_write.set(can_write);
        self.parts.input.set_disabled(!can_write);
        // The reason stands beside it; a disabled field is not described by screen readers otherwise.
        let description = if can_write { DESCRIPTION } else { "ended-reason" };
        let _ = self.parts.input.set_attribute("aria-describedby", description);
        self.node.set_flag("data-disabled", !can_write);
        self.parts.repaint();
    }

    pub(super) fn set_files(&self, uploads: &[Upload]) {
        let count = |is_so: fn(UploadState) -> bool| uploads.iter().filter(|upload| is_so(upload.state)).count();
        self.parts.has_files.set(count(|state| state == UploadState::Uploaded) > 0);
        self.parts.awaits_files.set(count(UploadState::is_under_way) > 0);
        let had_failed = self.parts.failed.replace(count(|state| matches!(state, UploadState::Failed(_))));
        // What fails now was meant to go along: the visitor decides.
        if self.parts.failed.get() > had_failed {
            self.parts.is_pressed.set(false);
        }
        if !self.parts.awaits_files.get() && self.parts.is_pressed.replace(false) {
            self.parts.submit();
        }
        self.parts.repaint();
    }

    pub(super) fn focus(&self) {
        let _ = self.parts.input.focus();
    }

    /// Puts back what was being written, unless something is already. It is no key press.
    pub(super) fn restore(&self, draft: &str) {
        if self.parts.input.value().is_empty() {
            self.parts.input.set_value(draft);
            self.parts.had_text.set(!draft.is_empty());
            self.parts.repaint();
        }
    }

    /// Measures anew: hidden, the field has no height.
    pub(super) fn fit(&self) {
        self.parts.fit();
    }
}

impl Parts {
    fn on_input(&self) {
        self.is_pressed.set(false);
        self.is_refused.set(false);
        self.repaint();
        let text = self.input.value();
        let has_text = !text.is_empty();
        self.host.keep_draft(&text);
        if has_text || self.had_text.get() {
            self.host.command(Command::Compose { has_text });
        }
        self.had_text.set(has_text);
    }

    /// Enter sends, Shift and Enter breaks the line, and an Enter that ends a composition does neither.
    fn on_key(&self, event: &KeyboardEvent) {
        // The number first, which crosses more cheaply than the word. What a script makes of an event may have none.
        let has_other_number = !matches!(event.key_code(), 0 | ENTER_KEY);
        if has_other_number || event.key() != "Enter" || event.shift_key() || event.is_composing() {
            return;
        }
        event.prevent_default();
        self.submit();
    }

    fn submit(&self) {
        let text = self.input.value();
        if !self.is_sendable(&text) {
            return;
        }
        if UPLOADS && self.awaits_files.get() {
            self.is_pressed.set(true);
            return self.repaint();
        }
        if !self.host.send(&text, UPLOADS && self.has_files.get()) {
            // What is written fits in length and may be sent; only these APIs have a content policy besides.
            self.is_refused.set(cfg!(feature = "conversations"));
            return self.repaint();
        }
        self.input.set_value("");
        self.had_text.set(false);
        self.host.keep_draft("");
        self.repaint();
    }

    fn is_sendable(&self, text: &str) -> bool {
        let has_something = !text.trim().is_empty() || (UPLOADS && (self.has_files.get() || self.awaits_files.get()));
        self.can_write.get() && has_something && text.len() <= TEXT_MAX_BYTES
    }

    fn repaint(&self) {
        let text = self.input.value();
        let overrun = letters_beyond(&text, TEXT_MAX_BYTES);
        let room_bytes = TEXT_MAX_BYTES.checked_sub(text.len()).filter(|left| *left < ROOM_COUNTED_BYTES);
        let (is_refused, is_pressed) = (self.is_refused.get(), UPLOADS && self.is_pressed.get());
        let shown = Shown { overrun, room_bytes, is_refused, is_pressed, is_sendable: self.is_sendable(&text) };
        if self.shown.replace(Some(shown)) != Some(shown) {
            self.show(shown);
        }
        self.fit();
    }

    fn show(&self, shown: Shown) {
        let Shown { overrun, room_bytes, is_refused, is_pressed, is_sendable } = shown;
        let warning = if overrun > 0 {
            self.words.count("too_long", overrun)
        } else if is_refused {
            self.words.get("content_refused")
        } else if is_pressed {
            self.words.get("files_awaited")
        } else {
            String::new()
        };
        if self.limit.text() != warning {
            self.limit.set_text(&warning);
        }
        let room = room_bytes.map(|left| self.words.count("room", left as u32));
        self.room.set_text(&room.unwrap_or_default());
        let _ = self.input.set_attribute("aria-invalid", if overrun > 0 || is_refused { "true" } else { "false" });
        // Not `disabled`: the button keeps the focus and says why it does nothing.
        self.send.set("aria-disabled", if is_sendable { "false" } else { "true" });
    }

    /// As high as its text, up to the maximum.
    fn fit(&self) {
        if self.grows {
            return;
        }
        let style = self.input.style();
        let _ = style.set_property("block-size", "auto");
        let height = self.input.scroll_height();
        if height > 0 {
            let _ = style.set_property("block-size", &[&decimal(i64::from(height)), "px"].concat());
        }
    }
}

/// How many letters must go from the end so that the rest fits.
fn letters_beyond(text: &str, max_bytes: usize) -> u32 {
    if text.len() <= max_bytes {
        return 0;
    }
    text.char_indices().fold(0, |beyond, (at, letter)| beyond + u32::from(at + letter.len_utf8() > max_bytes))
}
