//! Why to wake up, and when. All deadlines in one table; no timer objects.

use super::time::Timestamp;

/// The reason for a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// The line did not open, or the platform did not answer `configure`, in time.
    Connect,
    /// Try the next connection.
    Reconnect,
    /// The connection has been good for long enough to forget the failures before it.
    Stable,
    /// The line has been silent: ask whether it is alive.
    Probe,
    /// The probe was not answered.
    ProbeReply,
    /// A sent message was not echoed.
    Echo,
    /// A message may be sent now.
    Flush,
    /// The storage does not answer.
    Keep,
    /// History did not come, or may be asked for again.
    History,
    /// The next typing signal may go out.
    TypingOut,
    /// The other side's typing indicator ends.
    TypingIn,
    /// A visible message counts as read.
    Reading,
    /// The next read receipt may go out.
    Receipt,
    /// The break has lasted long enough to be told.
    Banner,
    /// Nobody uses the connection.
    Idle,
    /// The session should have expired.
    Expiry,
    /// The tab that holds the connection has not answered.
    Lease,
    /// Another tab's frame may go out now.
    Relay,
    /// Tabs may have gone and left something unsent.
    Adopt,
    /// A file may go out now, or has been on its way for too long.
    Upload,
    /// The visitor has paused for long enough not to be typing any more.
    TypingPause,
}

const COUNT: usize = Timer::TypingPause as usize + 1;

const ALL: [Timer; COUNT] = [
    Timer::Connect,
    Timer::Reconnect,
    Timer::Stable,
    Timer::Probe,
    Timer::ProbeReply,
    Timer::Echo,
    Timer::Flush,
    Timer::Keep,
    Timer::History,
    Timer::TypingOut,
    Timer::TypingIn,
    Timer::Reading,
    Timer::Receipt,
    Timer::Banner,
    Timer::Idle,
    Timer::Expiry,
    Timer::Lease,
    Timer::Relay,
    Timer::Adopt,
    Timer::Upload,
    Timer::TypingPause,
];

#[derive(Debug, Default)]
pub(super) struct TimerTable {
    deadlines: [Option<Timestamp>; COUNT],
}

impl TimerTable {
    pub(super) fn set(&mut self, timer: Timer, deadline: Timestamp) {
        self.put(timer, Some(deadline));
    }

    /// Sets a deadline, or keeps the one that is earlier.
    pub(super) fn set_earliest(&mut self, timer: Timer, deadline: Timestamp) {
        let deadline = self.deadline(timer).map_or(deadline, |earlier| earlier.min(deadline));
        self.put(timer, Some(deadline));
    }

    pub(super) fn stop(&mut self, timer: Timer) {
        self.put(timer, None);
    }

    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.deadline(timer).is_some()
    }

    /// The earliest deadline and its reason.
    pub(super) fn next(&self) -> Option<(Timestamp, Timer)> {
        ALL.iter().filter_map(|timer| self.deadline(*timer).map(|at| (at, *timer))).min()
    }

    /// Takes out one timer that is due, earliest first.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<Timer> {
        let (_, timer) = self.next().filter(|(at, _)| *at <= now)?;
        self.stop(timer);
        Some(timer)
    }

    pub(super) fn deadline(&self, timer: Timer) -> Option<Timestamp> {
        self.deadlines.get(timer as usize).copied().flatten()
    }

    /// Called from everywhere: in the page once.
    #[inline(never)]
    fn put(&mut self, timer: Timer, deadline: Option<Timestamp>) {
        if let Some(slot) = self.deadlines.get_mut(timer as usize) {
            *slot = deadline;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_timer_has_its_own_slot() {
        let mut slots: Vec<usize> = ALL.iter().map(|timer| *timer as usize).collect();
        slots.dedup();
        assert_eq!(slots, (0..COUNT).collect::<Vec<_>>());
    }

    #[test]
    fn the_earliest_due_timer_comes_first_and_only_once() {
        let mut timers = TimerTable::default();
        timers.set(Timer::Idle, Timestamp(20));
        timers.set(Timer::Echo, Timestamp(10));
        assert_eq!(timers.next(), Some((Timestamp(10), Timer::Echo)));
        assert_eq!(timers.take_due(Timestamp(9)), None);
        assert_eq!(timers.take_due(Timestamp(30)), Some(Timer::Echo));
        assert_eq!(timers.take_due(Timestamp(30)), Some(Timer::Idle));
        assert_eq!(timers.take_due(Timestamp(30)), None);
    }
}
