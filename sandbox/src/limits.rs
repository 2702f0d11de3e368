//! The platform's limits (guest API reference, section 18; conversations reference, sections 1 and 6).

use std::collections::VecDeque;

pub(crate) const TEXT_BYTES: usize = 4096;
pub(crate) const ATTRIBUTES_BYTES: usize = 2048;
pub(crate) const TOKEN_CHARS: usize = 2048;
pub(crate) const FILE_NAME_CHARS: usize = 1024;
pub(crate) const FILE_KB: u64 = 10_240;
/// Conversations reference, section 6.
pub(crate) const ATTACHMENT_BYTES: u64 = 25 * 1024 * 1024;
pub(crate) const CONNECTIONS_PER_SESSION: usize = 3;
/// A frame larger than this is answered with an error and not read. Inferred: no source has a number.
pub(crate) const FRAME_BYTES: usize = 128 * 1024;

/// At most so many in so long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    count: usize,
    span_ms: u64,
}

const MINUTE_MS: u64 = 60_000;

pub(crate) const MESSAGES_PER_SESSION: Rate = Rate { count: 5, span_ms: 1000 };
pub(crate) const REQUESTS_PER_CONNECTION: Rate = Rate { count: 60, span_ms: MINUTE_MS };
pub(crate) const CONFIGURES_PER_SESSION: Rate = Rate { count: 60, span_ms: MINUTE_MS };
pub(crate) const HANDSHAKES_PER_DEPLOYMENT: Rate = Rate { count: 1000, span_ms: MINUTE_MS };
pub(crate) const HISTORY_PER_SESSION: Rate = Rate { count: 10, span_ms: MINUTE_MS };
pub(crate) const CALLS_PER_CLIENT: Rate = Rate { count: 100, span_ms: 1000 };
pub(crate) const ECHOES_PER_CONNECTION: Rate = Rate { count: 2, span_ms: MINUTE_MS };

/// When the last ones were, for one [`Rate`].
#[derive(Debug, Default)]
pub(crate) struct Window {
    times_ms: VecDeque<u64>,
}

impl Window {
    /// Counts one more, or says in how many milliseconds there is room again. What is refused is not counted.
    pub(crate) fn take(&mut self, rate: Rate, now_ms: u64) -> Result<(), u64> {
        self.forget_before(rate, now_ms);
        match self.times_ms.front() {
            Some(oldest_ms) if self.times_ms.len() >= rate.count => {
                Err((oldest_ms + rate.span_ms).saturating_sub(now_ms))
            }
            _ => {
                self.times_ms.push_back(now_ms);
                Ok(())
            }
        }
    }

    /// How many more there is room for.
    pub(crate) fn room(&mut self, rate: Rate, now_ms: u64) -> usize {
        self.forget_before(rate, now_ms);
        rate.count.saturating_sub(self.times_ms.len())
    }

    fn forget_before(&mut self, rate: Rate, now_ms: u64) {
        while self.times_ms.front().is_some_and(|time_ms| time_ms + rate.span_ms <= now_ms) {
            self.times_ms.pop_front();
        }
    }
}
