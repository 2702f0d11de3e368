//! The whole: builds all views once, and hands each what concerns it.

use super::announcer::Announcer;
use super::attention::Attention;
use super::banner::Banner;
use super::composer::Composer;
use super::ended::Ended;
use super::host::Host;
use super::launcher::Launcher;
use super::lazy::Lazy;
use super::look::Look;
use super::menu::Menu;
use super::message::{Context, Images};
use super::panel::Panel;
use super::times::Times;
use super::transcript::Transcript;
use super::typing::Typing;
use super::uploads::Uploads;
use super::words::Words;
use crate::built_in::UPLOADS;
use crate::session::ids::FileId;
use crate::session::output::Diff;
use crate::session::redact::Redacted;
use crate::session::time::{Now, Timestamp};
use crate::session::view::View;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{Element, ShadowRoot};

/// What the page chose, as far as it shows.
#[derive(Clone, Debug)]
pub struct Appearance {
    pub words: Words,
    pub images: Images,
    pub lazy: Lazy,
}

/// Rows that painting brought and took away. Those shown are only the messages of others: whoever wrote has read.
#[derive(Debug, Default)]
pub struct Rows {
    pub shown: Vec<Element>,
    pub gone: Vec<Element>,
}

/// Dropped, it takes its nodes out of the shadow root.
pub struct Ui {
    root: ShadowRoot,
    host: Rc<dyn Host>,
    words: Words,
    launcher: Launcher,
    panel: Panel,
    menu: Rc<Menu>,
    transcript: Transcript,
    typing: Typing,
    banner: Banner,
    ended: Ended,
    composer: Composer,
    uploads: Uploads,
    announcer: Announcer,
    attention: Attention,
    look: Look,
    is_open: bool,
    wants_focus: Rc<Cell<bool>>,
}

impl Ui {
    /// Finds the launcher in the root, or makes do without, and adds the panel, closed.
    pub fn new(root: ShadowRoot, appearance: Appearance, host: Rc<dyn Host>) -> Ui {
        let Appearance { words, images, lazy } = appearance;
        let wants_focus = Rc::new(Cell::new(false));
        let uploads = Uploads::new(&words, &host, &lazy);
        let menu = Menu::new(&words, &host, &lazy);
        let look = Look::new(&lazy);
        let attention = Attention::new(&lazy, &host, &wants_focus);
        let times = Times::new(&words);
        let has_markup = Cell::new(false);
        let context = Context { words: words.clone(), host: Rc::clone(&host), times, images, lazy, has_markup };
        let launcher = Launcher::take_over(&root, &words, &host, &wants_focus);
        let transcript = Transcript::new(&words, context);
        let typing = Typing::new(&words);
        let banner = Banner::new(&words, &host);
        let ended = Ended::new(&words, &host, &wants_focus);
        let composer = Composer::new(&words, &host, &uploads.button);
        let announcer = Announcer::new(&words);
        let content = [
            &transcript.node,
            &transcript.jump,
            &typing.node,
            &banner.node,
            &ended.node,
            &uploads.node,
            &composer.node,
        ];
        let panel = Panel::new(&words, &host, &menu, &content);
        for node in [&panel.node, &announcer.node, &announcer.alert, &attention.node, &look.node] {
            // Refused only for what is no node.
            let _ = root.append_child(node.element());
        }
        Ui {
            root,
            host,
            words,
            launcher,
            panel,
            menu,
            transcript,
            typing,
            banner,
            ended,
            composer,
            uploads,
            announcer,
            attention,
            look,
            is_open: false,
            wants_focus,
        }
    }

    /// Shows what changed: at once, but for what each message of a burst changes, which waits for `paint`.
    pub fn apply(&mut self, now: Timestamp, diffs: &[Diff], view: &View<'_>) {
        for diff in diffs {
            match *diff {
                Diff::Status => self.show_status(view),
                Diff::Typing => {
                    self.typing.update(view.typing);
                    if let Some(sender) = view.typing.filter(|_| view.panel_open) {
                        self.announcer.announce_typing(now, sender, view);
                    }
                }
                Diff::Unread => {}
                Diff::Uploads if !UPLOADS => {}
                Diff::Uploads => {
                    self.uploads.update(view);
                    self.composer.set_files(view.uploads);
                }
                Diff::Announce { entry } => {
                    self.announcer.announce(entry);
                    if let Some(entry) = view.transcript.entry(entry) {
                        self.attention.draw(entry, view, &self.words);
                    }
                }
                Diff::Changed { entry } => {
                    if let Some(entry) = view.transcript.entry(entry) {
                        self.announcer.note(now, entry, view.has_markup());
                    }
                    self.transcript.note(*diff, view);
                }
                Diff::Inserted { .. } | Diff::Moved { .. } | Diff::Removed { .. } | Diff::Reset | Diff::History => {
                    self.transcript.note(*diff, view)
                }
            }
        }
        if !diffs.is_empty() {
            // Even a banner changes how much of the transcript is in view.
            self.host.repaint();
        }
    }

    /// Brings the transcript up to date, and what goes with each message.
    pub fn paint(&mut self, now: Now, view: &View<'_>) -> Rows {
        self.launcher.update(view.panel_open, view.unread);
        self.announcer.paint(now.monotonic, view);
        let had_focus = self.root.active_element().is_some();
        if let Some(entry) = self.menu.paint(view) {
            self.transcript.go_to(entry);
        }
        let rows = self.transcript.paint(now.wall, view);
        // What was pressed is gone when its offer is answered.
        if had_focus && self.root.active_element().is_none() {
            self.composer.focus();
        }
        rows
    }

    /// When to bring `tick`.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.announcer.deadline()
    }

    pub fn tick(&mut self, now: Timestamp) {
        if self.announcer.tick(now) {
            self.host.repaint();
        }
    }

    /// The next opening is the visitor's doing: the composer gets the focus.
    pub fn focus_when_open(&self) {
        self.wants_focus.set(true);
    }

    /// Puts back what the visitor was writing before the page was left.
    pub fn restore_draft(&self, draft: &str) {
        self.composer.restore(draft);
    }

    /// The bytes of this file are to be brought there: shown with the next `Diff::Uploads`.
    pub fn bring(&mut self, file: FileId, url: Redacted, headers: Redacted) {
        self.uploads.bring(file, url, headers);
    }

    /// Lets the browser have the file that is there: it saves or shows it.
    pub fn open_file(&mut self, url: &Redacted) {
        self.uploads.open(url);
    }

    /// Where the messages scroll.
    pub fn scroller(&self) -> Element {
        self.transcript.node.element().clone().into()
    }

    fn show_status(&mut self, view: &View<'_>) {
        if self.banner.update(view.banner, self.root.active_element().as_ref()) {
            self.composer.focus();
        }
        self.look.update(view.deployment);
        self.ended.update(view.phase);
        self.composer.update(view.phase);
        self.uploads.allow(view);
        self.menu.update(view.can_clear);
        self.launcher.update(view.panel_open, view.unread);
        self.show_panel(view);
    }

    fn show_panel(&mut self, view: &View<'_>) {
        let is_open = view.panel_open;
        let was_open = std::mem::replace(&mut self.is_open, is_open);
        if was_open != is_open && self.panel.show(is_open, self.root.active_element().as_ref()) {
            self.launcher.focus();
        }
        if is_open && !was_open {
            self.attention.rest();
            self.transcript.on_open(view);
            self.composer.fit();
        }
        if is_open && view.phase.can_write() && self.wants_focus.take() {
            self.composer.focus();
        }
    }
}

impl Drop for Ui {
    fn drop(&mut self) {
        self.panel.node.remove();
        self.announcer.node.remove();
        self.announcer.alert.remove();
        self.attention.node.remove();
        self.look.node.remove();
        self.launcher.update(false, 0);
    }
}
