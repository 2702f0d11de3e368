//! Typing signals, both ways.

use super::content::Sender;
use super::time::Timestamp;

/// When the platform names no duration.
const INDICATOR_DEFAULT_MS: u64 = 5_000;
/// However long the platform says.
const INDICATOR_MAX_MS: u64 = 15_000;

/// The guest's own signals: the first key press at once, then one an interval while keys are pressed.
/// While a press is untold `Timer::TypingOut` runs.
#[derive(Debug, Default)]
pub(super) struct OwnTyping {
    last_signal: Option<Timestamp>,
    /// The other side was told, and not yet that it is over.
    is_on: bool,
}

impl OwnTyping {
    /// When the next signal may go: now or later.
    pub(super) fn next_signal(&self, now: Timestamp, interval_ms: u64) -> Timestamp {
        self.last_signal.map_or(now, |last| last.after(interval_ms).max(now))
    }

    pub(super) fn may_signal(&self, now: Timestamp, interval_ms: u64) -> bool {
        self.next_signal(now, interval_ms) == now
    }

    /// A signal went out, of this tab or of another: for all of them.
    pub(super) fn on_signal(&mut self, now: Timestamp) {
        self.last_signal = Some(now);
        self.is_on = true;
    }

    /// Answers whether the other side still thinks that the visitor types.
    #[cfg(feature = "conversations")]
    pub(super) fn stop(&mut self) -> bool {
        core::mem::take(&mut self.is_on)
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
