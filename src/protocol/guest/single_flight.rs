//! One request at a time for something that several may want, such as a token.

use crate::session::time::Timestamp;

#[derive(Debug, Default)]
pub(super) struct SingleFlight {
    overdue_at: Option<Timestamp>,
}

impl SingleFlight {
    /// Whether to ask now: not while an answer is awaited, unless it is overdue.
    pub(super) fn begin(&mut self, now: Timestamp, timeout_ms: u64) -> bool {
        if self.overdue_at.is_some_and(|at| now < at) {
            return false;
        }
        self.overdue_at = Some(now.after(timeout_ms));
        true
    }

    /// Answers whether an answer was awaited.
    pub(super) fn end(&mut self) -> bool {
        self.overdue_at.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_asked_twice_before_it_is_answered_or_overdue() {
        let mut flight = SingleFlight::default();
        assert!(flight.begin(Timestamp(0), 100));
        assert!(!flight.begin(Timestamp(99), 100));
        assert!(flight.begin(Timestamp(100), 100));
        assert!(flight.end());
        assert!(!flight.end());
        assert!(flight.begin(Timestamp(101), 100));
    }
}
