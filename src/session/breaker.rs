//! A circuit breaker for calls over HTTP: after five failures within thirty seconds none is made for thirty seconds, and
//! then a single one decides.

use super::time::Timestamp;

const FAILURES_MAX: usize = 5;
const WINDOW_MS: u64 = 30_000;
const OPEN_MS: u64 = 30_000;
/// Longer than any call may take.
const TRIAL_MS: u64 = 16_000;

#[derive(Debug, Default)]
pub(crate) struct Breaker {
    /// When calls failed, of late.
    failures: Vec<Timestamp>,
    /// No call before this moment. While a trial is under way it lies behind that one's end.
    open_until: Option<Timestamp>,
}

impl Breaker {
    /// Whether a call may be made, else when.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), Timestamp> {
        self.open_until.filter(|until| now < *until).map_or(Ok(()), Err)
    }

    /// A call is made.
    pub(crate) fn on_call(&mut self, now: Timestamp) {
        if self.open_until.is_some() {
            self.open_until = Some(now.after(TRIAL_MS));
        }
    }

    /// There was an answer: a refusal is one too.
    pub(crate) fn on_answer(&mut self) {
        self.failures.clear();
        self.open_until = None;
    }

    pub(crate) fn on_failure(&mut self, now: Timestamp) {
        while self.failures.first().is_some_and(|at| now.since(*at) >= WINDOW_MS) {
            self.failures.remove(0);
        }
        self.failures.push(now);
        if self.open_until.is_some() || self.failures.len() >= FAILURES_MAX {
            self.failures.clear();
            self.open_until = Some(now.after(OPEN_MS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed_at(times: &[u64]) -> Breaker {
        let mut breaker = Breaker::default();
        for at in times {
            assert_eq!(breaker.check(Timestamp(*at)), Ok(()));
            breaker.on_call(Timestamp(*at));
            breaker.on_failure(Timestamp(*at));
        }
        breaker
    }

    #[test]
    fn five_failures_in_thirty_seconds_open_it_for_thirty() {
        let breaker = failed_at(&[0, 5_000, 10_000, 20_000, 29_999]);
        assert_eq!(breaker.check(Timestamp(30_000)), Err(Timestamp(59_999)));
        assert_eq!(breaker.check(Timestamp(59_999)), Ok(()));
    }

    #[test]
    fn failures_further_apart_leave_it_closed() {
        assert_eq!(failed_at(&[0, 5_000, 10_000, 20_000, 30_000]).check(Timestamp(30_000)), Ok(()));
    }

    #[test]
    fn an_answer_in_between_begins_the_count_anew() {
        let mut breaker = failed_at(&[0, 1, 2, 3]);
        breaker.on_answer();
        breaker.on_failure(Timestamp(4));
        assert_eq!(breaker.check(Timestamp(4)), Ok(()));
    }

    #[test]
    fn when_the_time_is_up_a_single_call_decides() {
        let mut breaker = failed_at(&[0; 5]);
        breaker.on_call(Timestamp(30_000));
        assert_eq!(breaker.check(Timestamp(30_001)), Err(Timestamp(46_000)), "one is under way");
        breaker.on_failure(Timestamp(31_000));
        assert_eq!(breaker.check(Timestamp(31_000)), Err(Timestamp(61_000)));
        breaker.on_call(Timestamp(61_000));
        breaker.on_answer();
        assert_eq!(breaker.check(Timestamp(61_001)), Ok(()));
    }

    #[test]
    fn a_trial_whose_answer_is_lost_does_not_keep_it_open_for_good() {
        let mut breaker = failed_at(&[0; 5]);
        breaker.on_call(Timestamp(30_000));
        assert_eq!(breaker.check(Timestamp(46_000)), Ok(()));
    }
}
