//! What must always hold, and what must hold once the network is whole again. The numbers are those of the project's
//! list of invariants; W1 to W3 are the simulator's own.

pub(crate) mod connection;
pub(crate) mod messages;
pub(crate) mod reading;
pub(crate) mod typing;

use std::collections::VecDeque;

/// An invariant that does not hold, and how that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) invariant: &'static str,
    pub(crate) detail: String,
}

pub(crate) type Verdict = Result<(), Broken>;

pub(crate) fn broken(invariant: &'static str, detail: impl Into<String>) -> Verdict {
    Err(Broken { invariant, detail: detail.into() })
}

/// Events of a sliding window of time.
#[derive(Debug)]
pub(crate) struct Window {
    span_ms: u64,
    most: usize,
    times_ms: VecDeque<u64>,
}

impl Window {
    pub(crate) fn new(most: usize, span_ms: u64) -> Window {
        Window { span_ms, most, times_ms: VecDeque::new() }
    }

    /// Counts one event. Answers whether there are still no more than allowed.
    pub(crate) fn count(&mut self, now_ms: u64) -> bool {
        while self.times_ms.front().is_some_and(|at_ms| at_ms + self.span_ms <= now_ms) {
            self.times_ms.pop_front();
        }
        self.times_ms.push_back(now_ms);
        self.times_ms.len() <= self.most
    }

    pub(crate) fn take_back(&mut self) {
        self.times_ms.pop_back();
    }
}
