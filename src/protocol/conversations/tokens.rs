//! The token that calls carry (reference, section 2): the guest's own, or one of the page's token provider.

use crate::protocol::ProtocolOutput;
use crate::protocol::token::AccessToken;
use crate::session::redact::Redacted;
use crate::session::time::Timestamp;

/// So long before it expires a token is not used any more.
const MARGIN_S: u64 = 30;
/// The page gives its provider 30 seconds. Who hears nothing after that never will.
const PROVIDER_TIMEOUT_MS: u64 = 35_000;
/// After so many failures in a row it will not do any better.
const FAILURES_MAX: u32 = 3;
/// What fails sooner after a failure is the same trouble: all who wait for a token ask again within a second or two.
const FAILURE_INTERVAL_MS: u64 = 10_000;

#[derive(Debug)]
pub(super) struct Tokens {
    has_provider: bool,
    current: Option<Redacted>,
    /// Until then it can be used; unknown, until the platform refuses it.
    good_until: Option<Timestamp>,
    /// Until then the provider has time.
    asked_until: Option<Timestamp>,
    failures: u32,
    /// The last one that counted.
    failed_at: Timestamp,
}

#[derive(Debug)]
pub(super) enum Got {
    /// `None`: the call is made without one.
    Ready(Option<Redacted>),
    Later,
}

impl Tokens {
    pub(super) fn new(has_provider: bool) -> Tokens {
        Tokens {
            has_provider,
            current: None,
            good_until: None,
            asked_until: None,
            failures: 0,
            failed_at: Timestamp::default(),
        }
    }

    /// Asks the provider when there is none that can be used, once for all who want it. In haste any will do.
    pub(super) fn get(&mut self, now: Timestamp, in_haste: bool, out: &mut Vec<ProtocolOutput>) -> Got {
        let is_good = in_haste || self.good_until.is_none_or(|until| now < until);
        if self.current.is_some() && (is_good || !self.has_provider) {
            return Got::Ready(self.current.clone());
        }
        if !self.has_provider {
            // A guest's first call has none.
            return Got::Ready(None);
        }
        if self.asked_until.is_none() {
            self.asked_until = Some(now.after(PROVIDER_TIMEOUT_MS));
            out.push(ProtocolOutput::AskToken);
        }
        Got::Later
    }

    pub(super) fn current(&self) -> Option<&Redacted> {
        self.current.as_ref()
    }

    /// The guest's own, as it came with the conversation.
    pub(super) fn set_guest(&mut self, token: Redacted) {
        if !self.has_provider && !token.is_empty() {
            self.current = Some(token);
            self.good_until = None;
        }
    }

    /// The provider's answer. Whether it is another one than before, `None` when there is none.
    pub(super) fn on_provided(&mut self, now: Timestamp, given: Option<&AccessToken>) -> Option<bool> {
        // A late answer is as good as any.
        self.asked_until = None;
        let Some(given) = given.filter(|given| self.has_provider && !given.token.is_empty()) else {
            if self.failures == 0 || self.failed_at.after(FAILURE_INTERVAL_MS) <= now {
                self.failures = self.failures.saturating_add(1);
                self.failed_at = now;
            }
            return None;
        };
        self.failures = 0;
        // One that does not outlive the margin is good for half its life, or each call would ask for another one, and open
        // the line anew.
        self.good_until = given.expires_in_s.map(|expires_in_s| {
            let good_ms = match expires_in_s.checked_sub(MARGIN_S).filter(|good_s| *good_s > 0) {
                Some(good_s) => good_s.saturating_mul(1_000),
                None => expires_in_s.saturating_mul(500).max(1_000),
            };
            now.after(good_ms)
        });
        Some(self.current.replace(given.token.clone()).is_some_and(|before| before != given.token))
    }

    /// The platform does not take this one. Answers whether another one can be had.
    pub(super) fn renew(&mut self, refused: Option<&Redacted>) -> bool {
        if !self.has_provider {
            return false;
        }
        if self.current.as_ref() == refused {
            // Kept, so that a provider that gives the same again is seen to.
            self.good_until = Some(Timestamp(0));
        }
        true
    }

    /// Whether a provider can be asked.
    pub(super) fn has_provider(&self) -> bool {
        self.has_provider
    }

    /// Answers whether the provider's time is up.
    pub(super) fn is_overdue(&self, now: Timestamp) -> bool {
        self.asked_until.is_some_and(|until| until <= now)
    }

    pub(super) fn has_failed_for_good(&self) -> bool {
        self.failures >= FAILURES_MAX
    }

    /// Another guest.
    pub(super) fn forget(&mut self) {
        self.current = None;
        self.good_until = None;
        self.failures = 0;
    }

    pub(super) fn poll_timeout(&self) -> Option<Timestamp> {
        self.asked_until
    }
}
