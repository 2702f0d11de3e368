//! Getting a line to the platform and keeping it: deployment, opening, configuring, silence, breaks.

use super::backoff::Haste;
use super::deployment::Deployment;
use super::error::ChatError;
use super::ids::GuestToken;
use super::input::{Configured, Failure, TabNews};
use super::output::{Diff, Effect, Event, Request};
use super::time::Timestamp;
use super::timer::Timer;
use super::{Life, Line, Session};
use crate::built_in::ENDINGS;

const OPEN_TIMEOUT_MS: u64 = 10_000;
pub(super) const CONFIGURE_TIMEOUT_MS: u64 = 10_000;
const DEPLOYMENT_TIMEOUT_MS: u64 = 15_000;
/// A connection that held this long is a good one.
const STABLE_AFTER_MS: u64 = 10_000;
const SILENCE_MS: u64 = 45_000;
const PROBE_REPLY_MS: u64 = 15_000;
/// Where the line cannot be asked: so long it may be silent under the eyes of a visitor, and so long after a message.
const QUIET_MS: u64 = 60_000;
const QUIET_AFTER_SEND_MS: u64 = 15_000;
/// A break shorter than this is nobody's business.
const BANNER_AFTER_MS: u64 = 3_000;
/// With the panel closed and nothing said, the line is given up.
const IDLE_MS: u64 = 300_000;
/// A hidden page with nothing to send stops trying.
const HIDDEN_MS: u64 = 60_000;
/// Attempts in a row that end before the line is open: then the configuration is asked again, to tell a refusal from an outage.
const UNOPENED_MAX: u32 = 3;
const PROTOCOL_ERRORS_MAX: u32 = 3;

impl Session {
    /// Begins to connect when somebody needs it and nothing is under way.
    pub(super) fn pursue_line(&mut self) {
        if self.line == Line::Down && self.wants_line() {
            self.begin_attempt();
        } else if self.line == Line::Waiting && !self.timers.is_set(Timer::Reconnect) && !self.is_parked() {
            if self.trouble.is_refused {
                return self.retry_later(Haste::Refused);
            }
            self.hope();
        }
    }

    pub(super) fn begin_attempt(&mut self) {
        if !self.wants_line() {
            self.release_lease();
            self.line = Line::Down;
            return;
        }
        if self.is_parked() {
            self.release_lease();
            self.line = Line::Waiting;
            return;
        }
        let at = self.backoff.allowed(self.now.monotonic);
        if at > self.now.monotonic {
            return self.wait_until(at);
        }
        if self.identity.token.is_none() {
            self.ask_for_token();
            self.line = Line::Down;
            return;
        }
        if self.deployment.is_none() || self.must_recheck_deployment() {
            if let Err(at) = self.config_breaker.check(self.now.monotonic) {
                return self.wait_until(at);
            }
            self.config_breaker.on_call(self.now.monotonic);
            self.line = Line::LoadingDeployment;
            self.wake_in(Timer::Connect, DEPLOYMENT_TIMEOUT_MS);
            self.ask(Request::LoadDeployment);
            return self.seek_lease();
        }
        self.open_line();
    }

    pub(super) fn on_token(&mut self, token: GuestToken) {
        // Of two tabs that begin at once one takes the other's, while it has not opened a line with its own.
        let is_told = self.identity.is_live || matches!(self.line, Line::Opening | Line::Configuring);
        if core::mem::take(&mut self.identity.asked) || !is_told {
            self.set_token(token);
        }
    }

    pub(super) fn on_deployment(&mut self, deployment: Deployment) {
        self.config_breaker.on_answer();
        let is_awaited = self.line == Line::LoadingDeployment;
        let is_active = deployment.is_active;
        self.deployment = Some(deployment);
        self.diff(Diff::Status);
        if !is_awaited {
            return;
        }
        self.timers.stop(Timer::Connect);
        if !is_active {
            return self.become_unavailable(&ChatError::DEPLOYMENT_INACTIVE);
        }
        if self.trouble.unopened >= UNOPENED_MAX && !self.trouble.is_refused {
            self.trouble.is_refused = true;
            self.event(Event::Error(ChatError::CANNOT_CONNECT));
            return self.retry_later(Haste::Refused);
        }
        self.open_line();
    }

    pub(super) fn on_deployment_failed(&mut self, failure: Failure) {
        if self.line != Line::LoadingDeployment {
            // Given up meanwhile; the time that it names holds all the same.
            if let Failure::Busy { retry_after_ms: Some(span_ms) } = failure {
                self.backoff.hold(self.now.monotonic.after(span_ms));
            }
            return;
        }
        self.timers.stop(Timer::Connect);
        match failure {
            Failure::Network | Failure::Busy { .. } => self.config_breaker.on_failure(self.now.monotonic),
            Failure::Refused | Failure::Malformed => self.config_breaker.on_answer(),
        }
        let is_known = self.deployment.is_some();
        match failure {
            Failure::Refused if !is_known => self.become_unavailable(&ChatError::DEPLOYMENT_REFUSED),
            Failure::Malformed if !is_known => self.become_unavailable(&ChatError::DEPLOYMENT_MALFORMED),
            Failure::Refused | Failure::Malformed => self.open_line(),
            Failure::Network => self.retry_later(Haste::Normal),
            Failure::Busy { retry_after_ms } => self.retry_after(retry_after_ms),
        }
        if matches!(failure, Failure::Network | Failure::Busy { .. }) {
            // The network is down, not this page refused.
            self.trouble.unopened = 0;
        }
    }

    pub(super) fn on_line_opened(&mut self) {
        let Some(token) = self.identity.token.clone().filter(|_| self.line == Line::Opening) else { return };
        self.line = Line::Configuring;
        self.trouble.unopened = 0;
        self.limits.on_connected();
        self.limits.count_frame(self.now.monotonic);
        self.wake_in(Timer::Connect, CONFIGURE_TIMEOUT_MS);
        self.ask(Request::Configure { token, start_new: false });
    }

    pub(super) fn on_configured(&mut self, configured: Configured) {
        if !matches!(self.line, Line::Configuring | Line::Up) {
            return;
        }
        if ENDINGS && !configured.is_connected {
            // The answer to `CloseConversation`: now the new one may begin.
            let Some(token) = self.identity.token.clone().filter(|_| self.identity.starts_new) else { return };
            self.line = Line::Configuring;
            self.limits.count_frame(self.now.monotonic);
            self.wake_in(Timer::Connect, CONFIGURE_TIMEOUT_MS);
            return self.ask(Request::Configure { token, start_new: true });
        }
        let was_up = self.line == Line::Up;
        self.line = Line::Up;
        self.timers.stop(Timer::Connect);
        self.timers.stop(Timer::Reconnect);
        self.trouble.is_refused = false;
        self.wake_in(Timer::Stable, STABLE_AFTER_MS);
        self.on_sign_of_life();
        self.on_heard();
        if !was_up {
            self.lease.on_line(configured.is_new);
        }
        self.on_session(&configured, was_up);
        if self.reading.has_receipt() {
            self.timers.set(Timer::Receipt, self.reading.receipt_due(self.now.monotonic));
        }
        self.schedule_idle();
    }

    pub(super) fn on_line_closed(&mut self, code: u16) {
        if matches!(self.line, Line::Down | Line::Waiting | Line::LoadingDeployment | Line::Following) {
            return;
        }
        if self.line == Line::Opening {
            self.trouble.unopened += 1;
        }
        let is_misunderstanding = matches!(code, 1002 | 1003 | 1007 | 1008);
        self.trouble.protocol_errors = if is_misunderstanding { self.trouble.protocol_errors + 1 } else { 0 };
        #[cfg(feature = "conversations")]
        if code == 4001 {
            // For want of a good token: the platform is there, and the next one may not live for long.
            self.backoff.on_stable();
        }
        if code == 1009 {
            self.fail_under_way(ChatError::MESSAGE_TOO_LONG);
        }
        self.on_line_lost();
        if self.trouble.protocol_errors >= PROTOCOL_ERRORS_MAX {
            self.trouble.protocol_errors = 0;
            self.trouble.is_refused = true;
            self.event(Event::Error(ChatError::CANNOT_CONNECT));
            return self.retry_later(Haste::Refused);
        }
        self.retry_later(match code {
            1001 => Haste::Crowd,
            1012 | 1013 => Haste::Overload,
            _ if self.trouble.is_refused => Haste::Refused,
            _ => Haste::Normal,
        });
    }

    pub(super) fn on_connect_timeout(&mut self) {
        if self.line == Line::LoadingDeployment && self.on_sign_in_timeout() {
            return;
        }
        match self.line {
            Line::LoadingDeployment => self.on_deployment_failed(Failure::Network),
            Line::Opening => {
                self.trouble.unopened += 1;
                self.on_dead_line();
            }
            Line::Configuring => self.on_dead_line(),
            Line::Up if self.identity.starts_new => self.on_dead_line(),
            Line::Down | Line::Waiting | Line::Following | Line::Up => {}
        }
    }

    pub(super) fn on_stable(&mut self) {
        self.backoff.on_stable();
        self.trouble.protocol_errors = 0;
    }

    /// Any frame shows that the line is alive.
    pub(super) fn on_sign_of_life(&mut self) {
        if self.manners.is_rest() {
            return;
        }
        self.timers.stop(Timer::ProbeReply);
        if self.line == Line::Up && !self.lease.is_follower() {
            self.wake_in(Timer::Probe, SILENCE_MS);
        }
    }

    pub(super) fn on_silence(&mut self) {
        if self.line != Line::Up {
            return;
        }
        if self.manners.is_rest() {
            self.on_heard();
            return self.ask(Request::Probe);
        }
        self.probe(PROBE_REPLY_MS);
    }

    /// The line itself has brought something, is new, or is looked at again: answers to calls come past it.
    pub(super) fn on_heard(&mut self) {
        if !self.manners.is_rest() {
            return;
        }
        if self.line == Line::Up && self.page.is_visible {
            self.wake_in(Timer::Probe, QUIET_MS);
        } else {
            self.timers.stop(Timer::Probe);
        }
    }

    /// A message goes out, which a line that is alive has something to say of.
    pub(super) fn listen_after_send(&mut self) {
        if self.manners.is_rest() {
            self.timers.set_earliest(Timer::Probe, self.now.monotonic.after(QUIET_AFTER_SEND_MS));
        }
    }

    /// Asks whether the line is alive, as soon as the limit allows. Answers whether the question went out.
    pub(super) fn probe(&mut self, reply_ms: u64) -> bool {
        // What is sent over HTTP shows whether the platform is there.
        if self.line != Line::Up || self.manners.is_rest() {
            return true;
        }
        if self.lease.is_follower() {
            self.share(TabNews::Check);
            return true;
        }
        if self.timers.is_set(Timer::ProbeReply) {
            self.timers.set_earliest(Timer::ProbeReply, self.now.monotonic.after(reply_ms));
            return true;
        }
        match self.send_probe(reply_ms, false) {
            Ok(()) => true,
            Err(when) => {
                self.timers.set(Timer::Probe, when);
                false
            }
        }
    }

    /// As soon as the platform allows.
    ///
    /// # Errors
    /// When that is.
    pub(super) fn probe_urgently(&mut self) -> Result<(), Timestamp> {
        if self.lease.is_follower() {
            self.expiry.on_probe();
            self.share(TabNews::Check);
            return Ok(());
        }
        self.send_probe(PROBE_REPLY_MS, true)
    }

    fn send_probe(&mut self, reply_ms: u64, is_urgent: bool) -> Result<(), Timestamp> {
        self.limits.take_probe(self.now.monotonic, is_urgent)?;
        self.wake_in(Timer::ProbeReply, reply_ms);
        self.expiry.on_probe();
        self.ask(Request::Probe);
        Ok(())
    }

    /// The line does not answer: closed here, whatever the other end thinks.
    pub(super) fn on_dead_line(&mut self) {
        if self.lease.is_follower() {
            return self.follow_again();
        }
        self.ask(Request::CloseLine);
        self.on_line_lost();
        self.retry_later(if self.trouble.is_refused { Haste::Refused } else { Haste::Normal });
    }

    pub(super) fn on_idle(&mut self) {
        if self.page.panel_open || !self.outbox.is_empty() {
            return self.schedule_idle();
        }
        if self.lease.is_holder() {
            self.share(TabNews::Idle);
        }
        self.page.is_dormant = true;
        self.drop_line();
    }

    /// Something was said: the idle time begins anew.
    pub(super) fn schedule_idle(&mut self) {
        if self.line != Line::Down {
            self.wake_in(Timer::Idle, IDLE_MS);
        }
    }

    /// Gives the line up for now, for reasons of our own.
    pub(super) fn drop_line(&mut self) {
        if matches!(self.line, Line::Opening | Line::Configuring | Line::Up) {
            self.ask(if self.lease.is_follower() { Request::LeaveLine } else { Request::CloseLine });
        }
        self.release_lease();
        self.on_line_lost();
        self.timers.stop(Timer::Banner);
        self.timers.stop(Timer::Reconnect);
        self.trouble.is_told = false;
        self.line = Line::Down;
    }

    /// Something gives hope: the next attempt comes soon.
    pub(super) fn hope(&mut self) {
        if self.line == Line::Following {
            return self.share(TabNews::Check);
        }
        if self.line != Line::Waiting || self.trouble.is_refused {
            return;
        }
        if let Some(at) = self.backoff.on_hope(self.now.monotonic, &mut self.random) {
            self.timers.set_earliest(Timer::Reconnect, at);
        } else if !self.timers.is_set(Timer::Reconnect) {
            self.retry_later(Haste::Normal);
        }
    }

    /// The visitor asks for it: now, whatever happened before.
    pub(super) fn retry_now(&mut self) {
        if self.line == Line::Following {
            self.share(TabNews::Retry);
        } else if self.line == Line::Waiting {
            self.trouble.is_refused = false;
            self.trouble.unopened = 0;
            self.hope();
        }
    }

    pub(super) fn wants_line(&self) -> bool {
        let may_have_one = matches!(self.life, Life::Active | Life::ReadOnly);
        let needs_one = self.page.panel_open || self.identity.is_live || !self.outbox.is_empty();
        may_have_one && needs_one && !self.page.is_dormant && self.page.has_started
    }

    pub(super) fn become_unavailable(&mut self, error: &'static ChatError) {
        self.life = Life::Unavailable(error);
        self.drop_line();
        self.fail_all(error);
        self.event(Event::Error(error.clone()));
    }

    pub(super) fn ask_for_token(&mut self) {
        if !self.identity.asked {
            self.identity.asked = true;
            self.effect(Effect::MakeToken);
        }
    }

    pub(super) fn open_line(&mut self) {
        if !self.lease.may_connect() {
            return self.await_lease();
        }
        if !self.waits_for_sign_in() {
            self.open_line_now();
        }
    }

    /// Whoever the visitor is.
    pub(super) fn open_line_now(&mut self) {
        self.backoff.on_attempt(self.now.monotonic);
        self.line = Line::Opening;
        self.wake_in(Timer::Connect, OPEN_TIMEOUT_MS);
        self.ask(Request::OpenLine);
    }

    /// Everything that depended on the line is in doubt or over.
    pub(super) fn on_line_lost(&mut self) {
        for timer in [Timer::Connect, Timer::Stable, Timer::Probe, Timer::ProbeReply, Timer::History] {
            self.timers.stop(timer);
        }
        if !self.manners.is_rest() {
            self.timers.stop(Timer::Echo);
            self.doubt_under_way();
        }
        self.timers.stop(Timer::Idle);
        self.timers.stop(Timer::Adopt);
        self.history.on_line_lost();
        self.interrupt_uploads();
        self.stop_their_typing();
        self.expect_line();
    }

    fn retry_later(&mut self, haste: Haste) {
        let at = self.backoff.on_failure(self.now.monotonic, haste, &mut self.random);
        self.wait_until(at);
    }

    pub(super) fn retry_after(&mut self, retry_after_ms: Option<u64>) {
        match retry_after_ms {
            Some(span_ms) => {
                let at = self.backoff.on_retry_after(self.now.monotonic, span_ms, &mut self.random);
                self.wait_until(at);
            }
            None => self.retry_later(Haste::Overload),
        }
    }

    fn wait_until(&mut self, at: Timestamp) {
        self.line = Line::Waiting;
        self.timers.set(Timer::Reconnect, at);
        self.expect_line();
    }

    /// If it takes long it is told.
    pub(super) fn expect_line(&mut self) {
        if !self.trouble.is_told && !self.timers.is_set(Timer::Banner) {
            self.wake_in(Timer::Banner, BANNER_AFTER_MS);
        }
    }

    /// Hidden for a while with nothing to send: no attempts.
    fn is_parked(&self) -> bool {
        let is_hidden = !self.page.is_visible && self.now.monotonic.since(self.page.hidden_since) > HIDDEN_MS;
        is_hidden && self.outbox.is_empty()
    }

    fn must_recheck_deployment(&self) -> bool {
        self.trouble.unopened >= UNOPENED_MAX && !self.trouble.is_refused
    }
}
