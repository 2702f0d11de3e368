//! When the session ends by itself, and the warning before it does (guest API reference, section 11.3; WCAG 2.2.1).
//!
//! Every message, either way, moves the end on. The dates that the platform names are read on its own clock, as far as
//! its messages have shown that: the visitor's may be wrong by years. Only the platform ends a session; until it says so
//! a deadline that has passed is a reason to ask.

use super::input::Lifetime;
use super::output::Event;
use super::time::{Timestamp, WallTime};
use super::timer::Timer;
use super::view::Banner;
use super::{Life, Line, Session};
use crate::built_in::EXPIRY;

/// As in the official clients. A session that lives shorter than three times this warns in its last third.
const NOTICE_MS: u64 = 300_000;
/// The platform is asked for the true end this long before the warning.
const CHECK_LEAD_MS: u64 = 10_000;
/// The clocks of guest and platform may differ by this much.
const SLACK_MS: u64 = 2_000;
/// Longer than any deployment can be set to, which is 18 months.
const LIFE_MAX_MS: u64 = 50_000_000_000;

#[derive(Debug, Default)]
pub(super) struct Expiry {
    at: Option<Timestamp>,
    /// What the platform's clock showed at a moment of ours.
    platform_clock: Option<(Timestamp, WallTime)>,
    /// What the platform says of this end has been heard just now, or asked for.
    has_checked: bool,
    warning: Option<Banner>,
    /// Whether an extension worked is to be asked as soon as the limit allows.
    wants_check: bool,
    is_checking: bool,
}

impl Expiry {
    pub(super) fn warning(&self) -> Option<Banner> {
        self.warning.filter(|_| EXPIRY)
    }

    /// A health check goes out, whatever for.
    pub(super) fn on_probe(&mut self) {
        self.is_checking = core::mem::take(&mut self.wants_check);
    }

    fn settle(&mut self, warning: Option<Banner>) {
        self.warning = warning;
        self.wants_check = false;
        self.is_checking = false;
    }
}

impl Session {
    /// The platform told how long the session lives. `begins`: from now on.
    pub(super) fn learn_expiry(&mut self, lifetime: &Lifetime, begins: bool) {
        if !EXPIRY {
            return;
        }
        let named_s = lifetime.duration_s.filter(|duration_s| *duration_s > 0);
        self.identity.duration_s = named_s.or(self.identity.duration_s);
        let full_ms = self.life_ms();
        if let (true, Some(full_ms), Some(end)) = (begins, full_ms, lifetime.expires_at) {
            self.note_platform_time(WallTime(end.0.saturating_sub_unsigned(full_ms)));
        }
        let named_ms = lifetime.expires_at.and_then(|end| self.believable_ms(end));
        let is_unknown = begins || self.expiry.at.is_none();
        match (named_ms, full_ms.filter(|_| is_unknown), self.expiry.at) {
            (Some(left_ms), _, _) | (None, Some(left_ms), _) => {
                self.expiry.has_checked = true;
                self.put_expiry(left_ms);
            }
            // What is known stands, whatever the visitor's clock shows now.
            (None, None, Some(at)) => self.put_expiry(at.since(self.now.monotonic)),
            (None, None, None) => {}
        }
    }

    /// The answer to a health check.
    pub(super) fn on_alive(&mut self, lifetime: &Lifetime) {
        if !EXPIRY {
            return;
        }
        if lifetime.expires_at.is_some() {
            self.learn_expiry(lifetime, false);
        }
        if core::mem::take(&mut self.expiry.is_checking) && self.expiry.warning == Some(Banner::Extending) {
            // Nothing shows that it worked, so only a message will do.
            self.expiry.warning = Some(Banner::ExpiringUnlessWritten);
        }
        self.check_extension();
    }

    /// A message, either way.
    pub(super) fn extend_expiry(&mut self, time: Option<WallTime>) {
        if !EXPIRY {
            return;
        }
        if let Some(time) = time {
            self.note_platform_time(time);
        }
        if let Some(full_ms) = self.life_ms() {
            self.expiry.has_checked = false;
            self.put_expiry(full_ms);
        }
    }

    /// The deadline's next stage may be reached, or time has passed unseen.
    pub(super) fn look_at_expiry(&mut self) {
        let Some(at) = self.expiry.at.filter(|_| EXPIRY) else { return };
        let left_ms = self.left_ms(at);
        let notice_ms = self.notice_ms();
        let now = self.now.monotonic;
        if left_ms == 0 {
            self.expiry.settle(None);
            self.timers.stop(Timer::Expiry);
            if at.after(SLACK_MS) > now {
                self.timers.set(Timer::Expiry, at.after(SLACK_MS));
            }
            if at > now || at.after(SLACK_MS) <= now {
                self.on_silence();
            }
            return;
        }
        if left_ms <= notice_ms {
            self.warn(left_ms);
            self.timers.set(Timer::Expiry, now.after(left_ms));
        } else if left_ms <= notice_ms + CHECK_LEAD_MS {
            if !core::mem::replace(&mut self.expiry.has_checked, true) {
                self.on_silence();
            }
            self.timers.set(Timer::Expiry, now.after(left_ms - notice_ms));
        } else {
            self.expiry.has_checked = false;
            self.timers.set(Timer::Expiry, now.after(left_ms - notice_ms - CHECK_LEAD_MS));
        }
        self.check_extension();
    }

    /// The visitor wants to stay, and has nothing to say.
    pub(super) fn on_extend(&mut self) {
        if self.expiry.warning().is_some() {
            self.use_widget();
            self.expiry.warning = Some(Banner::Extending);
            self.pursue_extension();
        }
    }

    /// The reference has no request for it. A typing signal is the one message that says nothing to anybody; that it
    /// counts is inference, so a health check asks whether it did.
    pub(super) fn pursue_extension(&mut self) {
        if self.expiry.warning() != Some(Banner::Extending) || self.line != Line::Up || self.life != Life::Active {
            return;
        }
        if !self.may_signal_typing() {
            return self.expiry.settle(Some(Banner::ExpiringUnlessWritten));
        }
        let now = self.now.monotonic;
        // A signal less than five seconds ago does as well.
        if self.own_typing.may_signal(now, self.manners.typing_interval_ms()) {
            self.limits.count_frame(now);
            self.send_typing();
        }
        self.timers.stop(Timer::TypingOut);
        self.expiry.is_checking = false;
        self.expiry.wants_check = true;
        self.check_extension();
    }

    fn check_extension(&mut self) {
        // An answer that is on its way already tells of the time before.
        if !self.expiry.wants_check || self.line != Line::Up || self.timers.is_set(Timer::ProbeReply) {
            return;
        }
        if let Err(when) = self.probe_urgently() {
            self.timers.set_earliest(Timer::Expiry, when);
        }
    }

    fn warn(&mut self, left_ms: u64) {
        if self.expiry.warning.is_none() && self.life == Life::Active && self.identity.is_live {
            let may_extend = self.may_signal_typing();
            self.expiry.warning = Some(if may_extend { Banner::Expiring } else { Banner::ExpiringUnlessWritten });
            self.event(Event::Expiring { in_s: left_ms / 1_000 });
        }
    }

    fn put_expiry(&mut self, left_ms: u64) {
        self.expiry.at = Some(self.now.monotonic.after(left_ms));
        self.identity.expires_at = Some(WallTime(self.now.wall.0.saturating_add_unsigned(left_ms)));
        if left_ms > self.notice_ms() {
            self.expiry.settle(None);
        }
        self.look_at_expiry();
    }

    /// By both of our clocks: the one for timers may stand still while the computer sleeps.
    fn left_ms(&self, at: Timestamp) -> u64 {
        let by_date_ms = self.identity.expires_at.map_or(i64::MAX, |end| end.0.saturating_sub(self.now.wall.0));
        at.since(self.now.monotonic).min(u64::try_from(by_date_ms).unwrap_or_default())
    }

    fn life_ms(&self) -> Option<u64> {
        self.identity.duration_s.map(|duration_s| duration_s.saturating_mul(1_000).min(LIFE_MAX_MS))
    }

    fn notice_ms(&self) -> u64 {
        self.life_ms().map_or(NOTICE_MS, |full_ms| NOTICE_MS.min(full_ms / 3))
    }

    /// How far away this date of the platform's is, unless a clock must be wrong.
    fn believable_ms(&self, end: WallTime) -> Option<u64> {
        let platform_now_ms = match self.expiry.platform_clock {
            Some((seen_at, time)) => time.0.saturating_add_unsigned(self.now.monotonic.since(seen_at)),
            None => self.now.wall.0,
        };
        let left_ms = u64::try_from(end.0.saturating_sub(platform_now_ms)).ok().filter(|left_ms| *left_ms > 0)?;
        (left_ms <= self.life_ms().unwrap_or(LIFE_MAX_MS) + SLACK_MS).then_some(left_ms)
    }

    fn note_platform_time(&mut self, time: WallTime) {
        self.expiry.platform_clock = Some((self.now.monotonic, time));
    }
}
