//! When to try the next connection: full jitter, so that a fleet of clients does not come back as one.

use super::time::Timestamp;

const WINDOW_MIN_MS: u64 = 1_000;
const WINDOW_MAX_MS: u64 = 120_000;
/// From one failure to the next. With two, ten thousand clients of a server that comes back take up to fifteen attempts
/// each; with three, up to twelve.
const WINDOW_GROWTH: u64 = 3;
/// From the second failure on, this part of the window is waited in any case: nobody is so unlucky as to try on and on.
const WINDOW_WAITED: u64 = 4;
/// After the server said that it restarts or is overloaded.
const WINDOW_WIDE_MS: u64 = 30_000;
/// After the server closed for reasons of its own: every client heard it at the same moment.
const WINDOW_SERVER_MS: u64 = 5_000;
/// When the server refuses: never sooner than this, and no later than after the widest window.
const REFUSED_MIN_MS: u64 = 70_000;
/// A reason to hope, such as coming online, brings the attempt this near, and no more often than this.
const HOPE_WINDOW_MS: u64 = 500;
const HOPE_INTERVAL_MS: u64 = 5_000;
const ATTEMPTS_PER_MINUTE: usize = 12;

#[derive(Debug)]
pub(super) struct Backoff {
    window_min_ms: u64,
    failures: u32,
    /// The platform asked not to come before.
    not_before: Timestamp,
    last_hope: Option<Timestamp>,
    /// The last attempts, at most `ATTEMPTS_PER_MINUTE`.
    attempts: Vec<Timestamp>,
}

/// What the end of the last connection says about the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Haste {
    Normal,
    /// The server closed: many clients come back at once.
    Crowd,
    /// The server restarts or is overloaded.
    Overload,
    /// The server refuses this page: only at the longest interval.
    Refused,
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff::beginning_with(WINDOW_MIN_MS)
    }
}

impl Backoff {
    /// With another first window.
    pub(super) fn beginning_with(window_min_ms: u64) -> Backoff {
        Backoff { window_min_ms, failures: 0, not_before: Timestamp(0), last_hope: None, attempts: Vec::new() }
    }

    /// An attempt begins.
    pub(super) fn on_attempt(&mut self, now: Timestamp) {
        if self.attempts.len() == ATTEMPTS_PER_MINUTE {
            self.attempts.remove(0);
        }
        self.attempts.push(now);
    }

    /// An attempt failed or a connection broke. Answers when to try again.
    pub(super) fn on_failure(&mut self, now: Timestamp, haste: Haste, random: &mut fastrand::Rng) -> Timestamp {
        let window_min_ms = if cfg!(feature = "conversations") { self.window_min_ms } else { WINDOW_MIN_MS };
        let grown = window_min_ms.saturating_mul(WINDOW_GROWTH.saturating_pow(self.failures));
        let least_ms = match haste {
            Haste::Normal => window_min_ms,
            Haste::Crowd => WINDOW_SERVER_MS,
            Haste::Overload => WINDOW_WIDE_MS,
            Haste::Refused => WINDOW_MAX_MS,
        };
        let window_ms = grown.max(least_ms).min(WINDOW_MAX_MS);
        let waited_ms = match (haste, self.failures) {
            (Haste::Refused, _) => REFUSED_MIN_MS,
            (_, 0) => 0,
            (_, _) => window_ms / WINDOW_WAITED,
        };
        self.failures = self.failures.saturating_add(1);
        self.allowed(now.after(waited_ms + up_to(window_ms - waited_ms, random)))
    }

    /// The platform named a time: not before it, and then spread over as much again.
    pub(super) fn on_retry_after(
        &mut self,
        now: Timestamp,
        retry_after_ms: u64,
        random: &mut fastrand::Rng,
    ) -> Timestamp {
        self.hold(now.after(retry_after_ms));
        self.failures = self.failures.saturating_add(1);
        self.allowed(self.not_before.after(up_to(retry_after_ms, random)))
    }

    pub(super) fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The platform named a time, for whatever comes next.
    pub(super) fn hold(&mut self, until: Timestamp) {
        self.not_before = self.not_before.max(until);
    }

    /// Something gives hope that it works now. `None` when that was said a moment ago.
    pub(super) fn on_hope(&mut self, now: Timestamp, random: &mut fastrand::Rng) -> Option<Timestamp> {
        if self.last_hope.is_some_and(|last| now.since(last) < HOPE_INTERVAL_MS) {
            return None;
        }
        self.last_hope = Some(now);
        Some(self.allowed(now.after(up_to(HOPE_WINDOW_MS, random))))
    }

    /// The connection held: the failures before it count no more.
    pub(super) fn on_stable(&mut self) {
        self.failures = 0;
    }

    /// The moment wanted, or the first one after it that the limits allow.
    pub(super) fn allowed(&self, wanted: Timestamp) -> Timestamp {
        let after_minute = match self.attempts.first() {
            Some(oldest) if self.attempts.len() == ATTEMPTS_PER_MINUTE => oldest.after(60_001),
            Some(_) | None => Timestamp(0),
        };
        wanted.max(self.not_before).max(after_minute)
    }
}

/// Any whole number up to this one. Asked for a range, the generator brings its complaint about empty ones into the page.
fn up_to(most: u64, random: &mut fastrand::Rng) -> u64 {
    random.u64(..) % most.saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random() -> fastrand::Rng {
        fastrand::Rng::with_seed(7)
    }

    fn delays(haste: Haste, count: usize) -> Vec<u64> {
        let mut random = random();
        (0..count).map(|_| Backoff::default().on_failure(Timestamp(0), haste, &mut random).0).collect()
    }

    #[test]
    fn the_first_window_is_a_second_wide_and_used_whole() {
        let delays = delays(Haste::Normal, 500);
        assert!(delays.iter().all(|delay| *delay <= 1_000));
        assert!(delays.iter().any(|delay| *delay < 100) && delays.iter().any(|delay| *delay > 900));
    }

    #[test]
    fn windows_grow_threefold_up_to_two_minutes() {
        let mut random = random();
        let mut backoff = Backoff::default();
        for failures in 0..40 {
            let window = (1_000 * 3_u64.pow(failures.min(10))).min(120_000);
            let delay = backoff.on_failure(Timestamp(0), Haste::Normal, &mut random).0;
            assert!(delay <= window, "{delay} after {failures} failures");
        }
        let late: Vec<u64> = (0..200).map(|_| backoff.on_failure(Timestamp(0), Haste::Normal, &mut random).0).collect();
        assert!(late.iter().any(|delay| *delay > 100_000));
    }

    #[test]
    fn from_the_second_failure_on_a_quarter_of_the_window_is_waited_in_any_case() {
        let mut random = random();
        let mut backoff = Backoff::default();
        for failures in 0..300 {
            let window = (1_000 * 3_u64.pow(failures.min(10))).min(120_000);
            let delay = backoff.on_failure(Timestamp(0), Haste::Normal, &mut random).0;
            assert!(failures == 0 || delay >= window / 4, "{delay} after {failures} failures");
        }
    }

    #[test]
    fn a_server_that_refuses_is_asked_again_after_more_than_a_minute() {
        assert!(delays(Haste::Refused, 500).iter().all(|delay| (70_000..=120_000).contains(delay)));
    }

    #[test]
    fn a_server_that_closes_gets_at_least_five_seconds_of_spread_and_an_overloaded_one_thirty() {
        assert!(delays(Haste::Crowd, 200).iter().any(|delay| *delay > 4_000));
        assert!(delays(Haste::Overload, 200).iter().any(|delay| *delay > 25_000));
    }

    #[test]
    fn retry_after_is_a_floor_even_for_hope() {
        let mut random = random();
        let mut backoff = Backoff::default();
        assert!(backoff.on_retry_after(Timestamp(0), 20_000, &mut random) >= Timestamp(20_000));
        assert_eq!(backoff.on_hope(Timestamp(1_000), &mut random), Some(Timestamp(20_000)));
    }

    #[test]
    fn hope_is_heard_once_in_five_seconds() {
        let mut random = random();
        let mut backoff = Backoff::default();
        assert!(backoff.on_hope(Timestamp(0), &mut random).is_some_and(|at| at <= Timestamp(500)));
        assert_eq!(backoff.on_hope(Timestamp(4_999), &mut random), None);
        assert!(backoff.on_hope(Timestamp(5_000), &mut random).is_some());
    }

    #[test]
    fn a_minute_never_holds_more_than_twelve_attempts() {
        let mut random = random();
        let mut backoff = Backoff::default();
        for second in 0..12 {
            backoff.on_attempt(Timestamp(second * 1_000));
        }
        assert!(backoff.on_hope(Timestamp(12_000), &mut random) > Some(Timestamp(60_000)));
    }
}
