//! I25 to I28: typing signals, both ways.

use super::{Verdict, Window, broken};

const SIGNAL_INTERVAL_MS: u64 = 5_000;
const SIGNALS_PER_MINUTE: usize = 12;
const INDICATOR_MAX_MS: u64 = 15_000;
/// A throttled timer is late by this much.
const LATE_MS: u64 = 1_100;

#[derive(Debug)]
pub(crate) struct Typing {
    last_signal_ms: Option<u64>,
    signals: Window,
    /// A key was pressed since the last message.
    has_typed: bool,
    /// Until when the other side's indicator may be shown.
    shown_until_ms: Option<u64>,
}

impl Typing {
    pub(crate) fn new() -> Typing {
        Typing {
            last_signal_ms: None,
            signals: Window::new(SIGNALS_PER_MINUTE, 60_000),
            has_typed: false,
            shown_until_ms: None,
        }
    }

    pub(crate) fn on_reload(&mut self) {
        *self = Typing::new();
    }

    pub(crate) fn on_compose(&mut self, has_text: bool) {
        self.has_typed = has_text;
    }

    pub(crate) fn on_signal(&mut self, now_ms: u64, is_visible: bool, is_allowed: bool) -> Verdict {
        if !is_allowed {
            return broken("I26", "typing is signalled to a platform that does not want it");
        }
        if !is_visible {
            return broken("I26", "typing is signalled from a hidden page");
        }
        if !self.has_typed {
            return broken("I26", "typing is signalled though no key was pressed since the last message");
        }
        if self.last_signal_ms.is_some_and(|last_ms| now_ms < last_ms + SIGNAL_INTERVAL_MS) {
            return broken("I25", "two typing signals within five seconds");
        }
        if !self.signals.count(now_ms) {
            return broken("I25", "more than 12 typing signals in a minute");
        }
        self.last_signal_ms = Some(now_ms);
        Ok(())
    }

    pub(crate) fn on_heard(&mut self, now_ms: u64, typing_ms: Option<u64>, ends_typing: bool) {
        if let Some(typing_ms) = typing_ms {
            self.shown_until_ms = Some(now_ms + typing_ms.min(INDICATOR_MAX_MS));
        }
        if ends_typing {
            self.shown_until_ms = None;
        }
    }

    pub(crate) fn on_line_lost(&mut self) {
        self.shown_until_ms = None;
    }

    /// I28. `woke_ms`: when the page last woke, before which no timer could end it.
    pub(crate) fn after_step(&self, now_ms: u64, is_shown: bool, woke_ms: u64) -> Verdict {
        if !is_shown {
            return Ok(());
        }
        match self.shown_until_ms {
            None => broken("I28", "typing is shown though nobody types"),
            Some(until_ms) if now_ms > until_ms.max(woke_ms) + LATE_MS => {
                broken("I28", "typing is shown for longer than it was announced")
            }
            Some(_) => Ok(()),
        }
    }
}
