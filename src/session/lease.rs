//! Who holds the connection: one tab for all tabs of a conversation.
//!
//! A tab that wants to connect asks who holds the connection. If nobody answers, it does; else it follows the holder,
//! which passes on what comes over the line and sends what the followers want sent. Followers keep asking, because a
//! killed tab says no goodbye. The question is answered by an event, and events are not throttled in hidden tabs as
//! timers are. No Web Lock: one that is held costs the page its place in Firefox's back/forward cache.

use super::ids::TabId;
use super::time::WallTime;
use crate::built_in::SHARED_LINE;

/// How long a holder has to answer before there is none.
pub(super) const SEEK_MS: u64 = 150;
/// How often a follower asks whether the holder is still there.
pub(super) const ASK_MS: u64 = 500;
/// Those that lost their holder do not all step forward at once.
pub(super) const SPREAD_MS: u64 = 100;
const UNANSWERED_MAX: u8 = 2;

#[derive(Debug)]
pub(super) struct Lease {
    me: TabId,
    role: Role,
    /// When the holder became it, by the clock that all tabs share. Where two think that they are, the later one is; at
    /// the same moment, the one with the lower id.
    term: u64,
    /// Questions in a row that the holder has not answered.
    unanswered: u8,
    /// Another tab of this conversation was heard: frames are passed on.
    pub(super) has_company: bool,
    /// The line that the others were told of last, if they were told that there is one, and whether it is refused.
    pub(super) told: Option<(Option<u32>, bool)>,
    /// Counts this tab's lines, so that followers notice a change that they did not hear of.
    lines: u32,
    is_line_new: bool,
    /// The line that this tab follows.
    pub(super) followed_line: Option<u32>,
    /// It has followed a holder, and was not told how much of the limit on history reads is used up.
    pub(super) misses_history: bool,
    /// Tabs that wait for their turn to read history.
    pub(super) readers: Vec<TabId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// There is no way to speak to other tabs: everyone holds a connection.
    Alone,
    /// Wants no connection, or has not asked.
    Free,
    Seeking,
    Holder,
    Follower(TabId),
}

impl Lease {
    pub(super) fn alone() -> Lease {
        Lease {
            me: TabId(0),
            role: Role::Alone,
            term: 0,
            unanswered: 0,
            has_company: false,
            told: None,
            lines: 0,
            is_line_new: false,
            followed_line: None,
            misses_history: false,
            readers: Vec::new(),
        }
    }

    pub(super) fn among_tabs(me: TabId) -> Lease {
        Lease { me, role: Role::Free, ..Lease::alone() }
    }

    pub(super) fn me(&self) -> TabId {
        self.me
    }

    pub(super) fn term(&self) -> u64 {
        self.term
    }

    /// Whether this tab may open a line.
    pub(super) fn may_connect(&self) -> bool {
        matches!(self.role(), Role::Alone | Role::Holder)
    }

    pub(super) fn is_alone(&self) -> bool {
        self.role() == Role::Alone
    }

    pub(super) fn is_holder(&self) -> bool {
        self.role() == Role::Holder
    }

    pub(super) fn is_follower(&self) -> bool {
        matches!(self.role(), Role::Follower(_))
    }

    pub(super) fn is_seeking(&self) -> bool {
        self.role() == Role::Seeking
    }

    pub(super) fn follows(&self, tab: TabId) -> bool {
        self.role() == Role::Follower(tab)
    }

    /// Whether this one's claim counts less than that of the tab which says that it holds the connection.
    pub(super) fn yields_to(&self, tab: TabId, term: u64) -> bool {
        term > self.term || (term == self.term && tab < self.me)
    }

    pub(super) fn seek(&mut self) {
        if self.role() != Role::Alone {
            self.leave();
            self.role = Role::Seeking;
        }
    }

    /// Nobody answered.
    pub(super) fn hold(&mut self, now: WallTime) {
        self.leave();
        self.role = Role::Holder;
        // Clocks are set back, too.
        self.term = u64::try_from(now.0).unwrap_or_default().max(self.term.saturating_add(1));
    }

    pub(super) fn follow(&mut self, tab: TabId, term: u64) {
        if self.role() != Role::Follower(tab) {
            self.leave();
            self.role = Role::Follower(tab);
        }
        self.unanswered = 0;
        self.term = term;
    }

    /// Neither holds nor follows any more.
    pub(super) fn leave(&mut self) {
        if self.role() != Role::Alone {
            self.role = Role::Free;
        }
        self.unanswered = 0;
        self.told = None;
        self.followed_line = None;
        self.readers.clear();
    }

    /// Somebody holds the connection, whether that matters to this tab or not.
    pub(super) fn hear_of_term(&mut self, term: u64) {
        self.term = self.term.max(term);
    }

    /// The holder is asked once more. Answers whether there is sense in that.
    pub(super) fn ask_again(&mut self) -> bool {
        self.unanswered += 1;
        self.unanswered <= UNANSWERED_MAX
    }

    /// A line of this tab is configured.
    pub(super) fn on_line(&mut self, is_new: bool) {
        self.lines = self.lines.wrapping_add(1);
        self.is_line_new = is_new;
    }

    pub(super) fn line(&self) -> (u32, bool) {
        (self.lines, self.is_line_new)
    }

    fn role(&self) -> Role {
        if SHARED_LINE { self.role } else { Role::Alone }
    }
}
