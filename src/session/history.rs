//! Which page of history to read next, and why.
//!
//! Three reasons: to fill the gap after a connection (from the newest page backwards until something known appears), to
//! read on from there to where nothing can be missing, and to page older messages in. Pages shift while messages arrive,
//! which only ever moves old messages to later pages: reading on meets some twice and misses none.

use super::time::{Timestamp, WallTime};
use super::view::HistoryState;

/// The platform's times may run back by this much from one message to the next.
pub(super) const TIME_SLACK_MS: i64 = 2_000;
/// How many pages a gap may be long before the rest is left to scrolling.
const GAP_PAGES_MAX: u32 = 10;
const READ_TIMEOUT_MS: u64 = 15_000;
/// How many messages a page holds, at most.
const PAGE_SIZE: usize = 25;
const ATTEMPTS_MAX: u32 = 4;
/// So many pages in a row without anything new end one scroll; the next one reads on from there, page by page.
const BARREN_PAGES_MAX: u32 = 5;
/// After so many there is nothing older: they are as long as the transcript, and from a platform that gives the same ones
/// again and again.
const BARREN_PAGES_END: u32 = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Fill the gap since the last connection.
    Gap,
    /// A frame may have been lost on a line that held: nothing waits for this.
    Verify,
    /// The visitor scrolls up.
    Older,
}

#[derive(Debug, Default)]
pub(super) struct History {
    wanted: Option<Wanted>,
    /// Whether the wanted page has been asked for.
    asked: bool,
    has_older: bool,
    next_older: u32,
    failures: u32,
    /// Pages in a row that held nothing new.
    barren: u32,
    /// Up to then nothing is missing. `None` when it is not known what there was before this page.
    whole_until: Option<WallTime>,
    /// Of the first page of this gap.
    newest: Option<WallTime>,
    /// That page was the first that was read at all.
    begins: bool,
    #[cfg(feature = "conversations")]
    is_check: bool,
}

/// What a page held.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    /// Nothing was known before it.
    pub(super) was_empty: bool,
    /// A message not known before.
    pub(super) had_new: bool,
    pub(super) had_known: bool,
    /// Something is known that is older than all of it.
    pub(super) has_beyond: bool,
    /// A message that may have arrived would stand further back.
    pub(super) is_searching: bool,
    pub(super) oldest: Option<WallTime>,
    pub(super) newest: Option<WallTime>,
}

#[derive(Clone, Copy, Debug)]
struct Wanted {
    page: u32,
    purpose: Purpose,
}

/// What a page or a failure leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing was asked for, or a late answer came.
    Ignore,
    /// Ask for the next page.
    Continue,
    /// Ask again, after this time.
    RetryAfter(u64),
    Done(Purpose),
    GivenUp(Purpose),
}

impl History {
    pub(super) fn state(&self) -> HistoryState {
        let is_loading = self.wanted.is_some_and(|wanted| wanted.purpose == Purpose::Older);
        HistoryState { has_older: self.has_older, is_loading }
    }

    /// The page to ask for, when one is wanted and not asked for yet.
    pub(super) fn page_to_ask(&self) -> Option<u32> {
        self.wanted.filter(|_| !self.asked).map(|wanted| wanted.page)
    }

    pub(super) fn is_filling_gap(&self) -> bool {
        self.wanted.is_some_and(|wanted| wanted.purpose == Purpose::Gap)
    }

    /// Whether the newest page was the first that was read at all, and is all that will be unless somebody scrolls.
    pub(super) fn has_just_begun(&self) -> bool {
        self.begins && self.wanted.is_none()
    }

    /// Fill the gap before anything else.
    pub(super) fn want_gap(&mut self) {
        self.wanted = Some(Wanted { page: 1, purpose: Purpose::Gap });
        self.asked = false;
        self.failures = 0;
        #[cfg(feature = "conversations")]
        {
            self.is_check = false;
        }
    }

    /// The conversation was opened by a call, before there was a line: something may have been said already.
    pub(super) fn want_beginning(&mut self) {
        self.want_gap();
        self.wanted = Some(Wanted { page: 1, purpose: Purpose::Verify });
    }

    /// Whether the line is alive cannot be asked: what it has not brought stands on the newest page.
    #[cfg(feature = "conversations")]
    pub(super) fn want_check(&mut self) {
        if self.wanted.is_none() {
            self.want_beginning();
            self.is_check = true;
        }
    }

    /// Whether the page that comes is one that should hold nothing new.
    #[cfg(feature = "conversations")]
    pub(super) fn is_checking(&self) -> bool {
        self.is_check && self.asked
    }

    /// Answers whether there is something to ask for.
    pub(super) fn want_older(&mut self) -> bool {
        let is_busy = self.wanted.is_some_and(|wanted| wanted.purpose != Purpose::Verify);
        if !self.has_older || is_busy {
            return false;
        }
        self.wanted = Some(Wanted { page: self.next_older.max(1), purpose: Purpose::Older });
        self.failures = 0;
        self.asked = false;
        #[cfg(feature = "conversations")]
        {
            self.is_check = false;
        }
        true
    }

    /// Answers when the page is overdue.
    pub(super) fn on_asked(&mut self, now: Timestamp) -> Timestamp {
        self.asked = true;
        now.after(READ_TIMEOUT_MS)
    }

    /// The line broke: what was asked for is not answered any more.
    pub(super) fn on_line_lost(&mut self) {
        self.wanted = None;
        self.asked = false;
    }

    /// The oldest messages were cut off, and so many are left: the others are there to be read again.
    pub(super) fn on_cut(&mut self, left: usize) {
        let page = u32::try_from(left / PAGE_SIZE).unwrap_or(u32::MAX).max(1);
        // What was missing before still is.
        self.next_older = if self.has_older { self.next_older.min(page) } else { page };
        self.has_older = true;
    }

    /// Whether the page that comes is one that the visitor scrolls for.
    pub(super) fn is_reading_older(&self) -> bool {
        self.wanted.is_some_and(|wanted| wanted.purpose == Purpose::Older)
    }

    /// A new conversation has no history, and everything in it will be heard.
    pub(super) fn reset(&mut self) {
        *self = History { whole_until: Some(WallTime::default()), ..History::default() };
    }

    /// A page came.
    pub(super) fn on_page(&mut self, number: u32, has_older: bool, found: Found) -> Step {
        let Some(wanted) = self.wanted.filter(|wanted| self.asked && wanted.page == number) else {
            return Step::Ignore;
        };
        self.asked = false;
        self.failures = 0;
        self.barren = if found.had_new || wanted.purpose != Purpose::Older { 0 } else { self.barren + 1 };
        // What is known by then was heard since; it says nothing about what there was before.
        let is_first = found.was_empty || self.whole_until.is_none();
        if number == 1 {
            self.newest = found.newest;
            self.begins = is_first || (self.begins && self.next_older <= 2);
        } else if wanted.purpose != Purpose::Older {
            // The first page may hold no message at all.
            self.newest = self.newest.or(found.newest);
        }
        let is_whole = match (self.whole_until, found.oldest) {
            (Some(until), Some(oldest)) => oldest.0 <= until.0.saturating_sub(TIME_SLACK_MS),
            // Of what came between this page and what was heard before it nothing is known.
            (None, Some(_)) => !found.has_beyond,
            // It held no message, or none that says when.
            (_, None) => found.had_new || found.had_known || !has_older,
        };
        let is_unmet = !is_first && !found.had_known;
        let must_continue = match wanted.purpose {
            Purpose::Gap => (found.is_searching || is_unmet) && number < GAP_PAGES_MAX,
            Purpose::Verify => !is_whole && number < GAP_PAGES_MAX,
            // A page that new messages pushed wholly into what is known.
            Purpose::Older => !found.had_new && self.barren < BARREN_PAGES_MAX,
        };
        self.next_older = match wanted.purpose {
            Purpose::Gap if !is_first && found.had_known => self.next_older.max(2),
            Purpose::Gap | Purpose::Older => self.next_older.max(number + 1),
            Purpose::Verify => self.next_older,
        };
        if wanted.purpose == Purpose::Older || is_first || !found.had_known {
            self.has_older = has_older;
        }
        if must_continue && has_older {
            self.wanted = Some(Wanted { page: number + 1, purpose: wanted.purpose });
            return Step::Continue;
        }
        self.wanted = None;
        match wanted.purpose {
            // The pages run out before the message that may have arrived.
            Purpose::Gap if found.is_searching && has_older => return Step::GivenUp(Purpose::Gap),
            Purpose::Gap if has_older && !is_whole && number < GAP_PAGES_MAX => {
                self.wanted = Some(Wanted { page: number + 1, purpose: Purpose::Verify });
            }
            Purpose::Gap | Purpose::Verify => {
                self.whole_until = self.whole_until.max(self.newest);
                if has_older && !is_whole {
                    // The rest is left to scrolling.
                    self.has_older = true;
                    self.next_older = number + 1;
                }
            }
            Purpose::Older => self.has_older &= self.barren < BARREN_PAGES_END,
        }
        Step::Done(wanted.purpose)
    }

    /// The page did not come. `retry_after_ms`: the platform named a time; `is_final`: it will not give it.
    pub(super) fn on_failure(&mut self, retry_after_ms: Option<u64>, is_final: bool) -> Step {
        let Some(wanted) = self.wanted.filter(|_| self.asked) else { return Step::Ignore };
        self.asked = false;
        self.failures += 1;
        if is_final || self.failures >= ATTEMPTS_MAX {
            self.wanted = None;
            return Step::GivenUp(wanted.purpose);
        }
        let doubled_ms = 1_000 << self.failures;
        Step::RetryAfter(retry_after_ms.map_or(doubled_ms, |named_ms| named_ms.max(doubled_ms)))
    }
}
