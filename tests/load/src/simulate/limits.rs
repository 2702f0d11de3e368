//! So many in so long.

use std::collections::VecDeque;

pub(super) const MINUTE_MS: u64 = 60_000;

/// At most so many in any span of this length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) count: usize,
    pub(super) span_ms: u64,
}

/// When the last ones were.
#[derive(Debug, Default)]
pub(super) struct Times(VecDeque<u64>);

impl Times {
    /// Counts one more, where there is room for it.
    pub(super) fn take(&mut self, limit: Limit, now_ms: u64) -> bool {
        while self.0.front().is_some_and(|at_ms| at_ms + limit.span_ms <= now_ms) {
            self.0.pop_front();
        }
        let has_room = self.0.len() < limit.count;
        if has_room {
            self.0.push_back(now_ms);
        }
        has_room
    }

    /// How many more there is room for, right after one.
    pub(super) fn room(&self, limit: Limit) -> usize {
        limit.count.saturating_sub(self.0.len())
    }
}

/// How many there were in the second that had most of them.
#[derive(Debug, Default)]
pub(super) struct Busiest {
    second: u64,
    count: u64,
    pub(super) most: u64,
}

impl Busiest {
    pub(super) fn count(&mut self, now_ms: u64) {
        let second = now_ms / 1_000;
        if second != self.second {
            (self.second, self.count) = (second, 0);
        }
        self.count += 1;
        self.most = self.most.max(self.count);
    }
}
