//! The platform asked to wait, and for long: then the visitor is told so, and not that it is a matter of a moment.

use super::time::Timestamp;
use super::timer::Timer;
use super::{Line, Session};

/// A shorter wait is no news.
const LONG_MS: u64 = 30_000;

impl Session {
    pub(super) fn is_held_long(&self) -> bool {
        let is_far = |at: Timestamp| at.since(self.now.monotonic) > LONG_MS;
        match self.line {
            Line::Waiting => is_far(self.backoff.not_before()),
            Line::Up => {
                // Messages wait for the history that fills the gap.
                let waits_for_history = self.history.is_filling_gap() && !self.outbox.is_empty();
                let history_at = self.timers.deadline(Timer::History).filter(|_| waits_for_history);
                self.outbox.paused_until().or(history_at).is_some_and(is_far)
            }
            Line::Down | Line::LoadingDeployment | Line::Following | Line::Opening | Line::Configuring => false,
        }
    }
}
