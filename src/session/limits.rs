//! The platform's limits, kept by the client so that it is never told off (guest API reference, section 18).

use super::time::Timestamp;

/// At most two messages a second; the platform's documents say two to five.
const MESSAGE_INTERVAL_MS: u64 = 510;
/// 60 frames a minute and connection: 18 at once, then 40 a minute; two are left for a history token asked for again.
const FRAME_BURST: u64 = 18;
const FRAME_INTERVAL_MS: u64 = 1_500;
/// Kept back for messages when a typing signal or a receipt wants to go.
const FRAME_RESERVE: u64 = 6;
/// Two health checks a minute and connection: spread evenly, unless one is urgent.
const PROBE_INTERVAL_MS: u64 = 30_001;
const PROBE_WINDOW_MS: u64 = 60_001;
/// Ten history reads a minute and session: four at once, then six a minute.
const HISTORY_BURST: u64 = 4;
const HISTORY_INTERVAL_MS: u64 = 10_000;

/// 100 calls a second and client: half of them at once, then 50 a second.
#[cfg(feature = "conversations")]
const CALL_BURST: u64 = 50;
#[cfg(feature = "conversations")]
const CALL_INTERVAL_MS: u64 = 20;

#[derive(Debug)]
pub(super) struct Limits {
    messages: Bucket,
    frames: Bucket,
    /// When the last two health checks went out, the newer one first.
    probes: [Option<Timestamp>; 2],
    history: Bucket,
}

impl Limits {
    pub(super) fn new() -> Limits {
        Limits {
            messages: Bucket::new(1, MESSAGE_INTERVAL_MS),
            frames: Bucket::new(FRAME_BURST, FRAME_INTERVAL_MS),
            probes: [None; 2],
            history: Bucket::new(HISTORY_BURST, HISTORY_INTERVAL_MS),
        }
    }

    /// Where each request is a call: 100 a second (conversations APIs reference, section 1).
    #[cfg(feature = "conversations")]
    pub(super) fn of_rest() -> Limits {
        let calls = || Bucket::new(CALL_BURST, CALL_INTERVAL_MS);
        Limits { messages: calls(), frames: calls(), history: calls(), probes: [None; 2] }
    }

    /// A new connection: what is counted by connection begins anew.
    pub(super) fn on_connected(&mut self) {
        self.frames.full_at = Timestamp(0);
        self.probes = [None; 2];
    }

    /// A frame that must go, such as `configure`.
    pub(super) fn count_frame(&mut self, now: Timestamp) {
        self.frames.take_anyway(now);
    }

    /// Takes the right to send a message, or tells when it may be had.
    pub(super) fn take_message(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        self.messages.check(now, 1)?;
        self.frames.check(now, 1)?;
        self.messages.take_anyway(now);
        self.frames.take_anyway(now);
        Ok(())
    }

    /// Takes the right to send something that is no message and must go.
    pub(super) fn take_frame(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        self.frames.check(now, 1)?;
        self.frames.take_anyway(now);
        Ok(())
    }

    /// Takes the right to send something that may as well not be sent.
    pub(super) fn take_signal(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        self.frames.check(now, FRAME_RESERVE)?;
        self.frames.take_anyway(now);
        Ok(())
    }

    pub(super) fn take_probe(&mut self, now: Timestamp, is_urgent: bool) -> Result<(), Timestamp> {
        let [last, before] = self.probes;
        let spread = last.filter(|_| !is_urgent).map(|at| at.after(PROBE_INTERVAL_MS));
        let ready_at = spread.max(before.map(|at| at.after(PROBE_WINDOW_MS))).unwrap_or_default();
        if ready_at > now {
            return Err(ready_at);
        }
        self.frames.check(now, 1)?;
        self.probes = [Some(now), last];
        self.frames.take_anyway(now);
        Ok(())
    }

    /// The platform named a time for the next history read.
    pub(super) fn hold_history(&mut self, until: Timestamp) {
        self.history.hold(until);
    }

    /// What of the limit on history reads is used up.
    pub(super) fn history_debt_ms(&self, now: Timestamp) -> u64 {
        self.history.full_at.since(now)
    }

    /// Another tab has used this much of it.
    pub(super) fn owe_history(&mut self, now: Timestamp, debt_ms: u64) {
        self.history.full_at = self.history.full_at.max(now.after(debt_ms));
    }

    /// Another tab reads history: the limit is the session's.
    pub(super) fn count_history(&mut self, now: Timestamp) {
        self.history.take_anyway(now);
    }

    /// A history read may need a frame of its own, for the token.
    pub(super) fn take_history(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        self.history.check(now, 1)?;
        self.frames.check(now, 1)?;
        self.history.take_anyway(now);
        self.frames.take_anyway(now);
        Ok(())
    }
}

/// A token bucket in whole milliseconds.
#[derive(Debug)]
struct Bucket {
    burst: u64,
    interval_ms: u64,
    /// When the bucket will be full again.
    full_at: Timestamp,
}

impl Bucket {
    fn new(burst: u64, interval_ms: u64) -> Bucket {
        Bucket { burst, interval_ms, full_at: Timestamp(0) }
    }

    /// Whether `count` tokens are there, else when they will be.
    fn check(&self, now: Timestamp, count: u64) -> Result<(), Timestamp> {
        let spare_ms = self.burst.saturating_sub(count) * self.interval_ms;
        let ready_at = Timestamp(self.full_at.0.saturating_sub(spare_ms));
        if ready_at <= now { Ok(()) } else { Err(ready_at) }
    }

    /// No token is there before this moment, and then one.
    fn hold(&mut self, until: Timestamp) {
        self.full_at = self.full_at.max(until.after((self.burst - 1) * self.interval_ms));
    }

    fn take_anyway(&mut self, now: Timestamp) {
        self.full_at = self.full_at.max(now).after(self.interval_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest number of events in any half-open window of this length.
    fn busiest(times: &[u64], window_ms: u64) -> usize {
        let in_window = |start: &u64| times.iter().filter(|at| (*start..*start + window_ms).contains(at)).count();
        times.iter().map(in_window).max().unwrap_or_default()
    }

    fn greedy(mut take: impl FnMut(Timestamp) -> Result<(), Timestamp>) -> Vec<u64> {
        (0..300_000).step_by(5).filter(|at| take(Timestamp(*at)).is_ok()).collect()
    }

    #[test]
    fn no_minute_holds_more_frames_than_the_platform_allows() {
        let mut limits = Limits::new();
        let times = greedy(|now| limits.frames.check(now, 1).map(|()| limits.frames.take_anyway(now)));
        assert!((55..=60).contains(&busiest(&times, 60_000)));
    }

    #[test]
    fn no_second_holds_more_than_two_messages() {
        let mut limits = Limits::new();
        assert_eq!(busiest(&greedy(|now| limits.take_message(now)), 1_000), 2);
    }

    #[test]
    fn no_minute_holds_more_than_two_probes_or_ten_history_reads() {
        let mut limits = Limits::new();
        assert_eq!(busiest(&greedy(|now| limits.take_probe(now, false)), 60_000), 2);
        assert!((9..=10).contains(&busiest(&greedy(|now| limits.take_history(now)), 60_000)));
    }

    #[test]
    fn an_urgent_probe_need_not_wait_for_its_turn_but_for_the_minute() {
        let mut limits = Limits::new();
        assert_eq!(limits.take_probe(Timestamp(1_000), false), Ok(()));
        assert_eq!(limits.take_probe(Timestamp(2_000), false), Err(Timestamp(31_001)));
        assert_eq!(limits.take_probe(Timestamp(2_000), true), Ok(()));
        for is_urgent in [false, true] {
            assert_eq!(limits.take_probe(Timestamp(61_000), is_urgent), Err(Timestamp(61_001)));
        }
        let mut limits = Limits::new();
        let mut is_urgent = false;
        let times = greedy(|now| {
            is_urgent = !is_urgent;
            limits.take_probe(now, is_urgent)
        });
        assert_eq!(busiest(&times, 60_000), 2);
    }

    #[test]
    fn signals_leave_room_for_messages() {
        let mut limits = Limits::new();
        while limits.take_signal(Timestamp(0)).is_ok() {}
        assert_eq!(limits.take_message(Timestamp(0)), Ok(()));
    }

    #[test]
    fn the_refusal_names_the_moment_when_it_works() {
        let mut limits = Limits::new();
        assert_eq!(limits.take_message(Timestamp(1_000)), Ok(()));
        assert_eq!(limits.take_message(Timestamp(1_100)), Err(Timestamp(1_510)));
        assert_eq!(limits.take_message(Timestamp(1_510)), Ok(()));
    }
}
