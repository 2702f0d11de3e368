//! Typing and receipts (reference, sections 3 and 4): nobody misses them, and they come in order.

use super::calls::{Ended, Outcome, Purpose, Retry};
use super::settings::{ReceiptsDialect, TypingDialect};
use super::{Conversations, encode, records, refusals};
use crate::protocol::ProtocolOutput;
use crate::protocol::webchat::Step;
use crate::session::audit::{Audit, TypingTransition};
use crate::session::error::ChatError;
use crate::session::ids::ServerId;
use crate::session::output::Event;
use crate::session::redact::Redacted;
use crate::session::time::{Now, Timestamp};

#[derive(Debug, Default)]
pub(super) struct Typing {
    /// What is to be said when the call under way has ended.
    next: Option<bool>,
    /// The platform wants to hear nothing of typing before.
    pub(super) not_before: Timestamp,
}

impl Conversations {
    pub(super) fn want_typing(&mut self, now: Now, is_on: bool, out: &mut Vec<ProtocolOutput>) {
        if self.settings.typing == TypingDialect::Webchat {
            let step = if self.is_leaving { self.webchat.leave(now) } else { self.webchat.want(now, is_on) };
            if self.is_leaving {
                self.calls.supersede(is_webchat);
            }
            return self.on_webchat(now, step, is_on, 0, out);
        }
        let is_typing = |purpose: &Purpose| matches!(purpose, Purpose::Typing { .. });
        if let Some(until) = self.calls.supersede(is_typing) {
            self.typing.not_before = until;
        }
        // One after the other, or the last word may not be the last to arrive.
        self.typing.next = Some(is_on).filter(|_| self.calls.has(is_typing) && !self.is_leaving);
        if self.typing.next.is_none() {
            self.say_typing(now.monotonic, is_on);
        }
    }

    /// A call about typing has ended.
    pub(super) fn on_typing_ended(&mut self, now: Now, ended: &Ended, is_on: bool, out: &mut Vec<ProtocolOutput>) {
        let error = failure(&ended.outcome);
        self.record_typing(now, is_on, if error.is_none() { "sent" } else { "failed" }, ended.latency_ms, error, out);
        match self.typing.next.take() {
            // Said just now.
            Some(true) if is_on && error.is_none() => {}
            Some(next) => self.say_typing(now.monotonic, next),
            None => {}
        }
    }

    /// A call about the web chat's session has ended.
    pub(super) fn on_webchat_ended(&mut self, now: Now, ended: Ended, out: &mut Vec<ProtocolOutput>) {
        let Some(is_on) = self.webchat.wanted() else { return };
        let is_write = matches!(ended.plan.purpose, Purpose::WebchatPatch { .. });
        let step = match ended.outcome {
            Outcome::Done(session) if is_write => self.webchat.on_written(now, session.as_ref()),
            Outcome::Done(session) => self.webchat.on_session(now, session),
            Outcome::Refused { status: 412, .. } => self.webchat.on_conflict(),
            Outcome::Refused { .. } | Outcome::NoAnswer { .. } | Outcome::NoToken | Outcome::Broken { .. } => {
                if is_write && matches!(ended.outcome, Outcome::NoAnswer { .. }) {
                    self.webchat.on_unanswered(now);
                } else {
                    self.webchat.on_failed();
                }
                let error = failure(&ended.outcome);
                return self.record_typing(now, is_on, "failed", ended.latency_ms, error, out);
            }
        };
        self.on_webchat(now, step, is_on, ended.latency_ms, out);
    }

    /// What was wanted while a write was under way, and what has expired.
    pub(super) fn pursue_webchat(&mut self, now: Now, out: &mut Vec<ProtocolOutput>) {
        let step = self.webchat.pursue(now);
        let is_on = self.webchat.wanted().unwrap_or_default();
        self.on_webchat(now, step, is_on, 0, out);
    }

    /// The visitor has read these.
    pub(super) fn see(&mut self, now: Now, ids: &[ServerId]) {
        match self.settings.receipts {
            ReceiptsDialect::Local => {}
            ReceiptsDialect::Participants => {
                let is_receipt = |purpose: &Purpose| *purpose == Purpose::Receipt;
                // What comes later says all that one before would have.
                if let Some(until) = self.calls.supersede(is_receipt) {
                    self.receipts_not_before = until;
                }
                self.next_receipt = ids.last().cloned();
                if !self.calls.has(is_receipt) || self.is_leaving {
                    self.say_next_receipt(now);
                }
            }
            ReceiptsDialect::Conversations => {
                for id in ids {
                    self.call(now, Purpose::Receipt, encode::read(id), Retry::USUAL);
                }
            }
        }
    }

    /// One after the other, or one that is tried again may take back what a later one has said.
    pub(super) fn say_next_receipt(&mut self, now: Now) {
        let Some((place, id)) = self.place.as_ref().zip(self.next_receipt.take()) else { return };
        let said = encode::read_until(place, &id);
        let at = self.unless_leaving(now.monotonic, self.receipts_not_before);
        self.call_with(at, Purpose::Receipt, said, Retry::USUAL, None);
    }

    fn say_typing(&mut self, at: Timestamp, is_on: bool) {
        let Some(place) = &self.place else { return };
        let said = encode::typing(self.settings.typing, place, is_on);
        let at = self.unless_leaving(at, self.typing.not_before);
        self.call_with(at, Purpose::Typing { is_on }, said, Retry::USUAL, None);
    }

    /// With the page gone nobody can wait.
    fn unless_leaving(&self, now: Timestamp, not_before: Timestamp) -> Timestamp {
        if self.is_leaving { now } else { now.max(not_before) }
    }

    fn on_webchat(&mut self, now: Now, step: Step, is_on: bool, latency_ms: u64, out: &mut Vec<ProtocolOutput>) {
        let Some(session) = self.place.as_ref().map(|place| place.session.clone()) else { return };
        let session = self.settings.session_id.clone().unwrap_or(session);
        match step {
            Step::Nothing => {}
            Step::Suppressed => self.record_typing(now, is_on, "suppressed", 0, None, out),
            Step::Fetch => {
                let at = self.unless_leaving(now.monotonic, self.typing.not_before);
                self.call_with(at, Purpose::WebchatGet, encode::webchat(&session, None), Retry::WEBCHAT, None);
            }
            Step::Write { etag, body } => {
                let said = encode::webchat(&session, Some(body));
                let header = Some(("If-Match", Redacted::new(etag)));
                let at = self.unless_leaving(now.monotonic, self.typing.not_before);
                self.call_with(at, Purpose::WebchatPatch { is_on }, said, Retry::WEBCHAT, header);
            }
            Step::Fail(error) => self.record_typing(now, is_on, "failed", latency_ms, Some(error), out),
            Step::Done => self.record_typing(now, is_on, "sent", latency_ms, None, out),
        }
    }

    /// Kept for the books, and never shown: it disturbs nobody.
    fn record_typing(
        &mut self,
        now: Now,
        is_on: bool,
        result: &'static str,
        latency_ms: u64,
        error: Option<&'static ChatError>,
        out: &mut Vec<ProtocolOutput>,
    ) {
        let session_id = self.place.as_ref().map(|place| match self.settings.typing {
            TypingDialect::Webchat => self.settings.session_id.clone().unwrap_or_else(|| place.session.clone()),
            TypingDialect::Participants | TypingDialect::Conversations => place.participant.clone(),
        });
        let record = TypingTransition {
            time: now.wall,
            session_id: session_id.unwrap_or_default(),
            indicator_status: if is_on { "on" } else { "off" },
            result,
            latency_ms,
            error: error.map(|error| error.code),
        };
        if let Some(webhook) = self.settings.crm.as_ref().filter(|_| result == "sent") {
            let plan = records::crm(webhook, &record);
            self.calls.start(now.monotonic, plan);
        }
        out.push(ProtocolOutput::Tell(Event::Audit(Audit::Typing(record))));
    }
}

fn is_webchat(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::WebchatGet | Purpose::WebchatPatch { .. })
}

/// Why a call came to nothing; `None` when it did not.
fn failure(outcome: &Outcome) -> Option<&'static ChatError> {
    match outcome {
        Outcome::Done(_) => None,
        Outcome::Refused { status, .. } => Some(refusals::error(*status)),
        Outcome::NoAnswer { .. } => Some(&ChatError::NO_ANSWER),
        Outcome::NoToken => Some(&ChatError::NO_TOKEN),
        Outcome::Broken { .. } => Some(&ChatError::PLATFORM_FAULT),
    }
}
