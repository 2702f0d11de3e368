//! The scrolling list of messages: a window of rows over the session's transcript, whatever its length.
//!
//! Painting compares the rows that are there with those that should be, so that any sequence of changes ends right;
//! the diffs only say what to paint anew.

use super::dom::Node;
use super::message::{self, Context, Place, Row};
use super::root::Rows;
use super::words::Words;
use crate::built_in::OFFERS;
use crate::listener::Listener;
use crate::session::content::{Author, Item};
use crate::session::ids::EntryId;
use crate::session::input::Command;
use crate::session::output::Diff;
use crate::session::time::WallTime;
use crate::session::transcript::{self as session, Entry};
use crate::session::view::View;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Event;

#[wasm_bindgen]
extern "C" {
    type ResizeObserver;

    #[wasm_bindgen(constructor, catch)]
    fn new(react: &JsValue) -> Result<ResizeObserver, JsValue>;

    #[wasm_bindgen(method)]
    fn observe(this: &ResizeObserver, element: &JsValue);

    #[wasm_bindgen(method)]
    fn disconnect(this: &ResizeObserver);
}

/// As many as fill a tall panel.
const ROWS_AT_REST: usize = 30;
const ROWS_MAX: usize = 60;
/// How many more come into the window when the visitor scrolls to its end.
const ROWS_A_PAGE: usize = 20;
/// Nearer to an end than this, more is fetched or painted.
const EDGE_PX: i32 = 200;
/// Nearer to the bottom than this counts as being there.
const BOTTOM_PX: i32 = 40;
/// So many rows above the one that the view goes to.
const ROWS_ABOVE: usize = 10;
/// So far below the view's upper edge that one then stands.
const REVEAL_PX: f64 = 48.0;

pub(super) struct Transcript {
    /// The scroller.
    pub(super) node: Node,
    /// Leads to what came while the visitor was reading further up.
    pub(super) jump: Node,
    list: Node,
    history: Node,
    welcome: Node,
    context: Context,
    rows: Vec<Row>,
    changed: Vec<EntryId>,
    edges: Option<Edges>,
    /// Where what is new began when the panel was opened.
    first_unread: Option<EntryId>,
    reveal: Option<Reveal>,
    scroll: Rc<Scroll>,
    sizes: Option<ResizeObserver>,
    _resized: Closure<dyn Fn()>,
    _listeners: [Listener; 2],
}

/// What stands above and over the rows.
#[derive(PartialEq)]
struct Edges {
    history: Option<&'static str>,
    is_welcome: bool,
    /// With how many are unread.
    jump: Option<u32>,
}

/// The view is to go to a message.
#[derive(Clone, Copy)]
struct Reveal {
    entry: EntryId,
    /// Not when it is in view with the newest ones anyway.
    is_from_bottom: bool,
}

/// Where the visitor is.
struct Scroll {
    node: Node,
    /// New messages keep the view at the bottom.
    is_at_bottom: Cell<bool>,
    /// Where keeping to the bottom has last put the view.
    kept_top: Cell<i32>,
    /// The uppermost row in view and where it stands, unless the view keeps to the bottom: pictures that arrive above it
    /// do not move it.
    held: RefCell<Option<(Node, f64)>>,
    list: Node,
    /// The window's last row is the newest message.
    has_newest: Cell<bool>,
    wish: Cell<Option<Wish>>,
}

#[derive(Clone, Copy)]
enum Wish {
    Older,
    Newer,
}

impl Transcript {
    pub(super) fn new(words: &Words, context: Context) -> Transcript {
        let history = Node::part("div", "history").hidden();
        let welcome = Node::part("div", "welcome").with("dir", "auto").with_text(&words.get("welcome")).hidden();
        let list = Node::part("ol", "list");
        let node = Node::part("div", "transcript")
            .with("tabindex", "0")
            .with("role", "log")
            .with("aria-live", "off")
            .with("aria-label", &words.get("title"))
            .with_child(&history)
            .with_child(&welcome)
            .with_child(&list);
        // The place in the view is kept below, in the same way in all browsers.
        node.set_style("overflow-anchor", "none");
        let jump = Node::button("jump", "").hidden();
        let scroll = Rc::new(Scroll {
            node: node.clone(),
            is_at_bottom: Cell::new(true),
            kept_top: Cell::new(0),
            held: RefCell::default(),
            list: list.clone(),
            has_newest: Cell::new(true),
            wish: Cell::new(None),
        });
        let (scrolled, resized, jumped) = (Rc::clone(&scroll), Rc::clone(&scroll), Rc::clone(&scroll));
        let resized: Closure<dyn Fn()> = Closure::new(move || resized.keep());
        let sizes = ResizeObserver::new(resized.as_js_value()).ok();
        if let Some(sizes) = &sizes {
            sizes.observe(list.element());
            sizes.observe(node.element());
        }
        let (host, jump_host) = (Rc::clone(&context.host), Rc::clone(&context.host));
        let listeners = [
            node.on("scroll", move |_: Event| {
                if scrolled.look() {
                    host.repaint();
                }
            }),
            jump.on_click(move || {
                jumped.is_at_bottom.set(true);
                jump_host.repaint();
            }),
        ];
        Transcript {
            node,
            jump,
            list,
            history,
            welcome,
            context,
            rows: Vec::new(),
            changed: Vec::new(),
            edges: None,
            first_unread: None,
            reveal: None,
            scroll,
            sizes,
            _resized: resized,
            _listeners: listeners,
        }
    }

    /// The panel opens: what is new since the visitor last looked begins at a line, and is read from there.
    pub(super) fn on_open(&mut self, view: &View<'_>) {
        let theirs = view.transcript.entries().iter().rev().filter(|entry| entry.is_theirs());
        self.first_unread = theirs.take(view.unread as usize).last().map(|entry| entry.id);
        self.reveal = self.first_unread.map(|entry| Reveal { entry, is_from_bottom: true });
    }

    /// Takes note of a change; `paint` shows it.
    pub(super) fn note(&mut self, diff: Diff, view: &View<'_>) {
        match diff {
            Diff::Changed { entry } => self.changed.push(entry),
            Diff::Reset => {
                self.changed.extend(self.rows.iter().map(|row| row.id));
                self.first_unread = None;
                self.scroll.is_at_bottom.set(true);
            }
            Diff::Inserted { entry, before: None } => {
                // Whoever writes wants to see it.
                if view.transcript.entry(entry).is_some_and(|entry| entry.author == Author::Guest) {
                    self.first_unread = None;
                    self.scroll.is_at_bottom.set(true);
                }
            }
            Diff::Inserted { .. }
            | Diff::Moved { .. }
            | Diff::Removed { .. }
            | Diff::Status
            | Diff::Typing
            | Diff::Unread
            | Diff::History
            | Diff::Uploads
            | Diff::Announce { .. } => {}
        }
    }

    /// Brings a message into view with the next painting.
    pub(super) fn go_to(&mut self, entry: EntryId) {
        self.reveal = Some(Reveal { entry, is_from_bottom: false });
    }

    pub(super) fn paint(&mut self, now: WallTime, view: &View<'_>) -> Rows {
        let entries = view.transcript.entries();
        let range = self.range(entries);
        let anchor = self.scroll.anchor();
        self.context.has_markup.set(view.has_markup());
        let rows = self.reconcile(now, view.transcript, &range);
        self.scroll.has_newest.set(range.end == entries.len());
        self.paint_edges(view, range.start == 0);
        self.scroll.held.replace(anchor);
        self.scroll.keep();
        self.go_to_revealed(view.panel_open);
        self.ask_for_older(view, range.start == 0);
        rows
    }

    /// A closed panel has no places to go to.
    fn go_to_revealed(&mut self, is_open: bool) {
        let Some(reveal) = self.reveal.filter(|_| is_open) else { return };
        self.reveal = None;
        let Some(row) = self.rows.iter().find(|row| row.id == reveal.entry) else { return };
        let is_in_view = || self.scroll.below_top(row.top()) >= 0.0;
        if reveal.is_from_bottom && self.scroll.is_at_bottom.get() && is_in_view() {
            return;
        }
        self.scroll.is_at_bottom.set(false);
        self.scroll.restore(row.top(), REVEAL_PX);
        self.scroll.look();
    }

    /// Which entries have rows.
    fn range(&self, entries: &[Entry]) -> Range<usize> {
        let count = entries.len();
        let at_rest = count.saturating_sub(ROWS_AT_REST)..count;
        if let Some(Reveal { entry, .. }) = self.reveal
            && let Some(at) = entries.iter().rposition(|known| known.id == entry)
            && !(self.scroll.is_at_bottom.get() && at >= at_rest.start)
        {
            self.scroll.is_at_bottom.set(false);
            let start = at.saturating_sub(ROWS_ABOVE);
            return start..count.min(start + ROWS_AT_REST);
        }
        if self.scroll.is_at_bottom.get() {
            self.scroll.wish.set(None);
            return at_rest;
        }
        // At the very top no more scrolling tells of the visitor's wish.
        let wish = self.scroll.wish.take().or_else(|| self.scroll.is_near_top().then_some(Wish::Older));
        let position = |row: &Row| entries.iter().rposition(|entry| entry.id == row.id);
        let (Some(first), Some(last)) =
            (self.rows.iter().find_map(position), self.rows.iter().rev().find_map(position))
        else {
            return at_rest;
        };
        let (start, end) = (first, if self.scroll.has_newest.get() { count } else { (last + 1).max(first) });
        match wish {
            Some(Wish::Newer) => {
                let end = (end + ROWS_A_PAGE).min(count);
                start.max(end.saturating_sub(ROWS_MAX))..end
            }
            Some(Wish::Older) => {
                let start = start.saturating_sub(ROWS_A_PAGE);
                start..end.min(start + ROWS_MAX)
            }
            None => start..end.min(start + ROWS_MAX),
        }
    }

    fn reconcile(&mut self, now: WallTime, transcript: &session::Transcript, range: &Range<usize>) -> Rows {
        let entries = transcript.entries();
        let wanted = entries.get(range.clone()).unwrap_or_default();
        let changed = std::mem::take(&mut self.changed);
        let mut painted = Rows::default();
        self.rows.retain(|row| {
            let stays = wanted.iter().any(|entry| entry.id == row.id);
            if !stays {
                row.remove();
                painted.gone.push(row.node.element().clone().into());
            }
            stays
        });
        let offer = open_offer(wanted);
        let times = &self.context.times;
        let mut day_above =
            range.start.checked_sub(1).and_then(|above| entries.get(above)).map(|above| times.day(above.time));
        for (index, entry) in wanted.iter().enumerate() {
            let at = range.start + index;
            let above = at.checked_sub(1).and_then(|above| entries.get(above));
            let day = self.context.times.day(entry.time);
            let is_first_of_day = day_above.replace(day) != Some(day);
            let is_first_unread = self.first_unread == Some(entry.id);
            let is_first_of_group =
                is_first_of_day || is_first_unread || !above.is_some_and(|above| message::is_same_group(above, entry));
            let answer = if message::has_offer(entry) { transcript.answer_to(entry.id) } else { None };
            let place = Place {
                day: is_first_of_day.then(|| (day, self.context.times.day(now))),
                is_first_unread,
                has_joined: is_first_of_group && message::has_joined(entry, entries.get(..at).unwrap_or_default()),
                is_first_of_group,
                is_last_of_group: !entries.get(at + 1).is_some_and(|below| message::is_same_group(entry, below)),
                is_open_offer: offer == Some(entry.id),
                is_answered: answer.is_some(),
            };
            let row = match self.rows.iter().position(|row| row.id == entry.id) {
                Some(found) if found == index => None,
                Some(found) => Some(self.rows.remove(found)),
                None => {
                    let row = Row::new(entry, place, answer, &self.context);
                    if entry.is_theirs() {
                        painted.shown.push(row.node.element().clone().into());
                    }
                    Some(row)
                }
            };
            if let Some(row) = row {
                row.insert(&self.list, self.rows.get(index));
                self.rows.insert(index.min(self.rows.len()), row);
            }
            if let Some(row) = self.rows.get_mut(index) {
                row.update(entry, place, answer, changed.contains(&entry.id), &self.context);
            }
        }
        painted
    }

    fn paint_edges(&mut self, view: &View<'_>, has_oldest: bool) {
        let is_empty = view.transcript.is_empty();
        let is_start = has_oldest && !view.history.has_older && !is_empty;
        let history =
            if view.history.is_loading { Some("older_loading") } else { is_start.then_some("conversation_start") };
        let is_welcome = is_empty && !view.history.is_loading;
        let jump = (!is_empty && !self.scroll.is_at_bottom.get()).then_some(view.unread);
        let edges = Some(Edges { history, is_welcome, jump });
        if self.edges == edges {
            return;
        }
        self.edges = edges;
        let words = &self.context.words;
        self.history.show(history.is_some());
        self.history.set_text(&history.map(|key| words.get(key)).unwrap_or_default());
        self.welcome.show(is_welcome);
        self.jump.show(jump.is_some());
        if let Some(unread) = jump {
            let label = if unread > 0 { words.count("unread", unread) } else { words.get("to_newest") };
            self.jump.set_text(&label);
        }
    }

    fn ask_for_older(&self, view: &View<'_>, has_oldest: bool) {
        let may_load = has_oldest && view.history.has_older && !view.history.is_loading;
        if may_load && view.panel_open && self.scroll.is_near_top() {
            self.context.host.command(Command::LoadOlder);
        }
    }
}

/// The newest message with quick replies that nobody has answered: nothing of the guest's comes after it.
fn open_offer(entries: &[Entry]) -> Option<EntryId> {
    let makes_offer = |entry: &&Entry| entry.body.items.iter().any(|item| matches!(item, Item::QuickReply(_)));
    let unanswered = entries.iter().rev().take_while(|entry| entry.author != Author::Guest);
    if OFFERS { unanswered.filter(makes_offer).map(|entry| entry.id).next() } else { None }
}

impl Scroll {
    /// Looks where the view is now. Answers whether there is something to paint.
    fn look(&self) -> bool {
        let element = self.node.element();
        let below = element.scroll_height() - element.scroll_top() - element.client_height();
        // The event of our own scrolling may come when something else has made the view smaller: nobody scrolled up.
        let is_still_kept = self.is_at_bottom.get() && element.scroll_top() >= self.kept_top.get();
        let is_at_bottom = self.has_newest.get() && (below < BOTTOM_PX || is_still_kept);
        let wish = if self.is_near_top() && !is_at_bottom {
            Some(Wish::Older)
        } else if below < EDGE_PX && !self.has_newest.get() {
            Some(Wish::Newer)
        } else {
            None
        };
        self.wish.set(wish);
        let was_at_bottom = self.is_at_bottom.replace(is_at_bottom);
        self.held.replace(self.anchor());
        was_at_bottom != is_at_bottom || wish.is_some()
    }

    /// Shown, with little above.
    fn is_near_top(&self) -> bool {
        let element = self.node.element();
        element.client_height() > 0 && element.scroll_top() < EDGE_PX
    }

    /// What was in view stays in view: the newest message, or the row that was uppermost.
    fn keep(&self) {
        if self.is_at_bottom.get() {
            let element = self.node.element();
            element.set_scroll_top(element.scroll_height());
            self.kept_top.set(element.scroll_top());
        } else if let Some((row, below_top)) = &*self.held.borrow() {
            self.restore(row, *below_top);
        }
    }

    /// The uppermost row in view and where it is, unless the view keeps to the bottom.
    fn anchor(&self) -> Option<(Node, f64)> {
        if self.is_at_bottom.get() {
            return None;
        }
        // Not the dividers, which are made anew now and then.
        let rows = self.list.element().query_selector_all("[data-entry]").ok()?;
        let mut rows = (0..rows.length()).filter_map(|at| Some(Node::of(rows.item(at)?.unchecked_into())));
        let top = self.node.element().get_bounding_client_rect().top();
        let row = rows.find(|row| row.element().get_bounding_client_rect().bottom() > top)?;
        let below_top = self.below_top(&row);
        Some((row, below_top))
    }

    /// How far the node is from the view's upper edge.
    fn below_top(&self, node: &Node) -> f64 {
        let top = |node: &Node| node.element().get_bounding_client_rect().top();
        top(node) - top(&self.node)
    }

    fn restore(&self, row: &Node, below_top: f64) {
        let moved = self.below_top(row) - below_top;
        if row.element().is_connected() && moved != 0.0 {
            self.node.element().scroll_by_with_x_and_y(0.0, moved);
        }
    }
}

impl Drop for Transcript {
    fn drop(&mut self) {
        if let Some(sizes) = &self.sizes {
            sizes.disconnect();
        }
    }
}
