//! The scrolling list of messages: a window of rows over the session's transcript, whatever its length.
//!
//! Painting compares the rows that are there with those that should be, so that any sequence of changes ends right;
//! the diffs only say what to paint anew.

use super::dom::Node;
use super::message::{self, Context, Place, Row};
use super::root::Rows;
use super::words::Words;
use crate::listener::Listener;
use crate::session::content::{Author, Item};
use crate::session::ids::EntryId;
use crate::session::input::Command;
use crate::session::output::Diff;
use crate::session::transcript::{self as session, Entry};
use crate::session::view::View;
use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;
use web_sys::Event;

/// As many as fill a tall panel.
const ROWS_AT_REST: usize = 30;
const ROWS_MAX: usize = 60;
/// How many more come into the window when the visitor scrolls to its end.
const ROWS_A_PAGE: usize = 20;
/// Nearer to an end than this, more is fetched or painted.
const EDGE_PX: i32 = 200;
/// Nearer to the bottom than this counts as being there.
const BOTTOM_PX: i32 = 40;

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
    scroll: Rc<Scroll>,
    _listeners: [Listener; 3],
}

/// Where the visitor is.
struct Scroll {
    node: Node,
    /// New messages keep the view at the bottom.
    is_at_bottom: Cell<bool>,
    /// Where keeping to the bottom has last put the view.
    kept_top: Cell<i32>,
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
            has_newest: Cell::new(true),
            wish: Cell::new(None),
        });
        let (scrolled, loaded, jumped) = (Rc::clone(&scroll), Rc::clone(&scroll), Rc::clone(&scroll));
        let (host, jump_host) = (Rc::clone(&context.host), Rc::clone(&context.host));
        let listeners = [
            node.on("scroll", move |_: Event| {
                if scrolled.look() {
                    host.repaint();
                }
            }),
            // Pictures arrive after their rows, and do not bubble.
            Listener::capturing(list.target(), "load", move |_: Event| loaded.keep_at_bottom()),
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
            scroll,
            _listeners: listeners,
        }
    }

    /// Takes note of a change; `paint` shows it.
    pub(super) fn note(&mut self, diff: Diff, view: &View<'_>) {
        match diff {
            Diff::Changed { entry } => self.changed.push(entry),
            Diff::Reset => {
                self.changed.extend(self.rows.iter().map(|row| row.id));
                self.scroll.is_at_bottom.set(true);
            }
            Diff::Inserted { entry, before: None } => {
                // Whoever writes wants to see it.
                if view.transcript.entry(entry).is_some_and(|entry| entry.author == Author::Guest) {
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
            | Diff::Announce { .. } => {}
        }
    }

    pub(super) fn paint(&mut self, view: &View<'_>) -> Rows {
        let entries = view.transcript.entries();
        let range = self.range(entries);
        let anchor = self.scroll.anchor(&self.rows);
        let rows = self.reconcile(view.transcript, &range);
        self.scroll.has_newest.set(range.end == entries.len());
        self.paint_edges(view, range.start == 0);
        match anchor {
            Some((row, offset)) => self.scroll.restore(&row, offset),
            None => self.scroll.keep_at_bottom(),
        }
        self.ask_for_older(view, range.start == 0);
        rows
    }

    /// Which entries have rows.
    fn range(&self, entries: &[Entry]) -> Range<usize> {
        let count = entries.len();
        let at_rest = count.saturating_sub(ROWS_AT_REST)..count;
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

    fn reconcile(&mut self, transcript: &session::Transcript, range: &Range<usize>) -> Rows {
        let entries = transcript.entries();
        let wanted = entries.get(range.clone()).unwrap_or_default();
        let changed = std::mem::take(&mut self.changed);
        let mut painted = Rows::default();
        self.rows.retain(|row| {
            let stays = wanted.iter().any(|entry| entry.id == row.id);
            if !stays {
                row.node.remove();
                painted.gone.push(row.node.element().clone().into());
            }
            stays
        });
        let offer = open_offer(wanted);
        for (index, entry) in wanted.iter().enumerate() {
            let at = range.start + index;
            let above = at.checked_sub(1).and_then(|above| entries.get(above));
            let answer = if message::has_offer(entry) { transcript.answer_to(entry.id) } else { None };
            let place = Place {
                is_first_of_group: !above.is_some_and(|above| message::is_same_group(above, entry)),
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
                self.list.insert(&row.node, self.rows.get(index).map(|below| &below.node));
                self.rows.insert(index.min(self.rows.len()), row);
            }
            if let Some(row) = self.rows.get_mut(index) {
                row.update(entry, place, answer, changed.contains(&entry.id), &self.context);
            }
        }
        painted
    }

    fn paint_edges(&self, view: &View<'_>, has_oldest: bool) {
        let words = &self.context.words;
        let is_empty = view.transcript.is_empty();
        let is_start = has_oldest && !view.history.has_older && !is_empty;
        let line =
            if view.history.is_loading { Some("older_loading") } else { is_start.then_some("conversation_start") };
        self.history.show(line.is_some());
        self.history.set_text(&line.map(|key| words.get(key)).unwrap_or_default());
        self.welcome.show(is_empty && !view.history.is_loading);
        let is_jump_shown = view.unread > 0 && !self.scroll.is_at_bottom.get();
        self.jump.show(is_jump_shown);
        if is_jump_shown {
            self.jump.set_text(&words.count("unread", view.unread));
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
    unanswered.filter(makes_offer).map(|entry| entry.id).next()
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
        self.is_at_bottom.replace(is_at_bottom) != is_at_bottom || wish.is_some()
    }

    /// Shown, with little above.
    fn is_near_top(&self) -> bool {
        let element = self.node.element();
        element.client_height() > 0 && element.scroll_top() < EDGE_PX
    }

    fn keep_at_bottom(&self) {
        if self.is_at_bottom.get() {
            let element = self.node.element();
            element.set_scroll_top(element.scroll_height());
            self.kept_top.set(element.scroll_top());
        }
    }

    /// The uppermost row in view and where it is, unless the view keeps to the bottom.
    fn anchor(&self, rows: &[Row]) -> Option<(Node, i32)> {
        if self.is_at_bottom.get() {
            return None;
        }
        let top = self.node.element().scroll_top();
        let is_in_view = |row: &&Row| {
            let element = row.node.element();
            element.offset_top() + element.offset_height() > top + self.node.element().offset_top()
        };
        let row = rows.iter().find(is_in_view)?;
        Some((row.node.clone(), row.node.element().offset_top() - top))
    }

    fn restore(&self, row: &Node, offset: i32) {
        if row.element().is_connected() {
            self.node.element().set_scroll_top(row.element().offset_top() - offset);
        }
    }
}
