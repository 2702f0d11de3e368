//! Typing signals, both ways.

use super::content::Sender;
use super::time::Timestamp;

/// At most one signal in this time (guest API reference, section 7.1).
const SIGNAL_INTERVAL_MS: u64 = 5_000;
/// When the platform names no duration.
const INDICATOR_DEFAULT_MS: u64 = 5_000;
/// However long the platform says.
const INDICATOR_MAX_MS: u64 = 15_000;

/// The guest's own signals: the first key press at once, then one an interval while keys are pressed.
/// While a press is untold `Timer::TypingOut` runs.
#[derive(Debug, Default)]
pub(super) struct OwnTyping {
    last_signal: Option<Timestamp>,
}

impl OwnTyping {
    /// When the next signal may go: now or later.
    pub(super) fn next_signal(&self, now: Timestamp) -> Timestamp {
        self.last_signal.map_or(now, |last| last.after(SIGNAL_INTERVAL_MS).max(now))
    }

    pub(super) fn may_signal(&self, now: Timestamp) -> bool {
        self.next_signal(now) == now
    }

    /// A signal went out, of this tab or of another: for all of them.
    pub(super) fn on_signal(&mut self, now: Timestamp) {
        self.last_signal = Some(now);
    }
}

/// The other side's indicator.
#[derive(Debug, Default)]
pub(super) struct TheirTyping {
    who: Option<Sender>,
}

impl TheirTyping {
    pub(super) fn who(&self) -> Option<&Sender> {
        self.who.as_ref()
    }

    /// Shows the indicator and answers how long. A duration of zero shows nothing.
    pub(super) fn on_signal(&mut self, from: Sender, duration_ms: Option<u64>) -> Option<u64> {
        let shown_ms = duration_ms.unwrap_or(INDICATOR_DEFAULT_MS).min(INDICATOR_MAX_MS);
        if shown_ms == 0 {
            return None;
        }
        self.who = Some(from);
        Some(shown_ms)
    }

    pub(super) fn stop(&mut self) {
        self.who = None;
    }
}
