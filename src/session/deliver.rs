//! The guest's own messages: accepted, sent in order, echoed or refused, each exactly once.

use super::content::{Answer, AnswerKind, Author, Body, Item};
use super::error::ChatError;
use super::ids::{ClientId, EntryId};
use super::input::{Rejection, RejectionReason, TabNews};
#[cfg(feature = "conversations")]
use super::metrics::Metrics;
use super::outbox::Next;
use super::output::{Diff, Event, Request};
#[cfg(feature = "conversations")]
use super::redact::Redacted;
use super::time::WallTime;
use super::timer::Timer;
use super::transcript::{Delivery, Entry};
use super::view::EndReason;
use super::{Life, Line, Session, TEXT_MAX_BYTES};
use crate::built_in::{ENDINGS, OFFERS};

/// After a send the line has this much longer to show that it is alive.
const ECHO_PROBE_REPLY_MS: u64 = 5_000;
/// When the platform asks to slow down and names no time.
const SLOW_DOWN_MS: u64 = 3_000;
/// However long the platform says.
const SLOW_DOWN_MAX_MS: u64 = 15 * 60_000;
/// Before a message that failed for now is tried again.
const TEMPORARY_MS: u64 = 2_000;

impl Session {
    /// Whether this text could be sent just now.
    ///
    /// # Errors
    /// `EMPTY_MESSAGE`, `MESSAGE_TOO_LONG` (more than [`TEXT_MAX_BYTES`] bytes once trimmed), `CONTENT_FORBIDDEN` by the
    /// API's policy, `NOT_SENDABLE` in a conversation that is over, or `RATE_LIMITED` when too many messages wait already.
    pub fn check_text(&self, text: &str) -> Result<(), ChatError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ChatError::EMPTY_MESSAGE);
        }
        if text.len() > TEXT_MAX_BYTES {
            return Err(ChatError::MESSAGE_TOO_LONG);
        }
        if cfg!(feature = "conversations") {
            self.manners.policy.check_text(text)?;
        }
        if !self.phase().can_write() {
            return Err(ChatError::NOT_SENDABLE);
        }
        if self.outbox.is_full() {
            return Err(ChatError::RATE_LIMITED);
        }
        Ok(())
    }

    /// Whether a file may be attached.
    ///
    /// # Errors
    /// Those of [`super::manners::Policy::check_attachment`].
    pub fn check_attachment(&self, mime: &str, size_bytes: u64) -> Result<(), ChatError> {
        self.manners.policy.check_attachment(mime, size_bytes)
    }

    pub(super) fn on_send_text(&mut self, text: &str) {
        match self.check_text(text) {
            Ok(()) => self.accept(Body::text(text.trim())),
            Err(error) => self.event(Event::Error(error)),
        }
    }

    /// Whether this could be sent just now: a text, or none, with files that lie elsewhere. The first rule that fails is named.
    ///
    /// # Errors
    /// Those of [`Session::check_text`] and of [`Session::check_attachment`].
    #[cfg(feature = "conversations")]
    pub fn check_attached(&self, body: &Body) -> Result<(), ChatError> {
        let text = body.text.expose();
        // Any text would do beside a file.
        let has_file = text.trim().is_empty() && !body.items.is_empty();
        self.check_text(if has_file { "-" } else { text })?;
        for item in &body.items {
            if let Item::Attachment(file) = item {
                self.check_attachment(&file.mime, file.size_bytes.unwrap_or_default())?;
            }
        }
        Ok(())
    }

    #[cfg(feature = "conversations")]
    pub(super) fn on_send_attached(&mut self, body: Body) {
        match self.check_attached(&body) {
            Ok(()) => self.accept(Body { text: Redacted::new(body.text.expose().trim()), ..body }),
            Err(error) => self.event(Event::Error(error)),
        }
    }

    pub(super) fn on_answer(&mut self, offer: EntryId, answer: Answer) {
        if !OFFERS {
            return;
        }
        if !self.phase().can_write() {
            return self.event(Event::Error(ChatError::NOT_SENDABLE));
        }
        if self.is_answered(offer, &answer) {
            return;
        }
        let mut body = Body::text(answer.text.clone());
        body.items.push(Item::Answer(answer));
        self.accept(body);
    }

    pub(super) fn on_retry(&mut self, entry: EntryId) {
        let Some(found) = self.transcript.entry(entry) else { return };
        let failed = matches!(found.delivery, Delivery::Failed(_));
        let Some(client_id) = found.client_id.clone().filter(|_| failed) else { return };
        if !self.phase().can_write() {
            return self.event(Event::Error(ChatError::NOT_SENDABLE));
        }
        self.use_widget();
        self.transcript.requeue(entry);
        // It failed before, and its first copy may stand anywhere.
        self.outbox.push(entry, client_id, self.next_keeping(), WallTime(i64::MIN));
        self.diff(Diff::Moved { entry, before: None });
        self.tell_delivery(entry);
        self.retry_now();
    }

    pub(super) fn on_discard(&mut self, entry: EntryId) {
        let is_failed = |entry: &Entry| matches!(entry.delivery, Delivery::Failed(_));
        if self.transcript.entry(entry).is_some_and(is_failed) && self.transcript.remove(entry) {
            self.diff(Diff::Removed { entry });
        }
    }

    /// Sends the first waiting message if everything allows.
    pub(super) fn flush_outbox(&mut self) {
        if self.line != Line::Up || self.life != Life::Active {
            return;
        }
        match self.outbox.next(self.now.monotonic) {
            Next::Nothing | Next::Wait => {}
            Next::Pause(until) => self.timers.set(Timer::Flush, until),
            Next::History => {
                if !self.history.is_filling_gap() && !self.timers.is_set(Timer::ProbeReply) {
                    self.history.want_gap();
                    self.ask_history();
                }
            }
            // What came while away stands before what is said now.
            Next::Send(_) if self.history.is_filling_gap() => {}
            Next::Send(entry) => self.send(entry),
        }
    }

    /// The platform's copy of a pending message arrived.
    pub(super) fn on_acknowledged(&mut self, entry: EntryId, moved: bool) {
        if self.outbox.under_way().is_some_and(|parcel| parcel.entry == entry) {
            self.timers.stop(Timer::Echo);
        }
        #[cfg(feature = "conversations")]
        if self.manners.is_rest() {
            let latency_ms = self.outbox.first_sent(entry).map_or(0, |sent| self.now.monotonic.since(sent));
            self.count(|metrics| metrics.on_sent(latency_ms));
        }
        self.outbox.remove(entry);
        if moved {
            let before = self.transcript.after(entry);
            self.diff(Diff::Moved { entry, before });
        }
        self.tell_delivery(entry);
    }

    pub(super) fn on_rejected(&mut self, rejection: Rejection) {
        let reason = rejection.reason;
        if reason == RejectionReason::SessionGone {
            #[cfg(feature = "conversations")]
            if self.manners.is_rest() {
                return self.end(EndReason::Over);
            }
            self.end(EndReason::Expired);
        } else if ENDINGS && reason == RejectionReason::ClearNotAllowed {
            self.event(Event::Error(ChatError::CLEAR_REFUSED));
        } else if ENDINGS && reason == RejectionReason::ReadOnly {
            self.become_read_only();
        } else if self.line == Line::Configuring && !(self.manners.is_rest() && rejection.client_id.is_some()) {
            self.on_configure_rejected(reason);
        } else if let Some(entry) = self.rejected_entry(&rejection) {
            self.on_message_rejected(entry, reason);
        } else {
            self.ignored_frames += 1;
        }
    }

    /// No echo came in time: is the line alive, and did the message arrive?
    pub(super) fn on_echo_timeout(&mut self) {
        self.doubt_under_way();
        self.probe_after_send();
    }

    /// The protocol cannot tell whether this one arrived: history will, if there is one.
    #[cfg(feature = "conversations")]
    pub(super) fn on_unanswered(&mut self, client_id: &ClientId) {
        if self.outbox.under_way().is_some_and(|parcel| parcel.client_id == *client_id) {
            self.timers.stop(Timer::Echo);
            self.doubt_under_way();
        }
    }

    /// A line that swallows messages is not worth waiting for.
    pub(super) fn probe_after_send(&mut self) {
        if self.lease.is_follower() {
            self.share(TabNews::Doubt);
        } else if !self.probe(ECHO_PROBE_REPLY_MS) {
            self.on_dead_line();
        }
    }

    /// The message under way may or may not have arrived.
    pub(super) fn doubt_under_way(&mut self) {
        if let Some(entry) = self.outbox.doubt() {
            self.transcript.set_delivery(entry, Delivery::Unknown);
        }
    }

    /// History was read: what is not in it did not arrive.
    pub(super) fn resolve_unknown(&mut self) {
        let (queued, given_up) = self.outbox.on_history();
        for entry in queued {
            self.transcript.set_delivery(entry, Delivery::Queued);
        }
        self.fail_entries(given_up, &ChatError::NOT_CONFIRMED);
    }

    /// Nothing will tell whether they arrived: the visitor decides.
    pub(super) fn give_up_unknown(&mut self, error: &ChatError) {
        let given_up = self.outbox.give_up_unknown();
        self.fail_entries(given_up, error);
    }

    pub(super) fn fail_under_way(&mut self, error: ChatError) {
        if let Some(entry) = self.outbox.under_way().map(|parcel| parcel.entry) {
            self.fail(entry, error);
        }
    }

    pub(super) fn fail_all(&mut self, error: &ChatError) {
        self.timers.stop(Timer::Echo);
        let entries = self.outbox.drain();
        self.fail_entries(entries, error);
    }

    pub(super) fn tell_delivery(&mut self, entry: EntryId) {
        let Some(delivery) = self.transcript.entry(entry).map(|entry| entry.delivery.name()) else { return };
        self.diff(Diff::Changed { entry });
        self.event(Event::Delivery { entry, delivery });
    }

    /// Two quick presses are one answer: the screen may not have taken the offer away yet.
    fn is_answered(&self, offer: EntryId, answer: &Answer) -> bool {
        let since = self.transcript.entries().iter().rev().take_while(|entry| entry.id != offer);
        let mut said = since.filter(|entry| entry.author == Author::Guest);
        let is_pending =
            |entry: &Entry| matches!(entry.delivery, Delivery::Queued | Delivery::Sending | Delivery::Unknown);
        match answer.kind {
            AnswerKind::QuickReply => said.next().is_some(),
            AnswerKind::Time | AnswerKind::List | AnswerKind::Form => self.transcript.answer_to(offer).is_some(),
            // Once it is said, the button of a card may say it again.
            AnswerKind::CardButton | AnswerKind::Other => said.any(|entry| {
                is_pending(entry)
                    && entry.body.items.iter().any(|item| matches!(item, Item::Answer(given) if given == answer))
            }),
        }
    }

    pub(super) fn accept(&mut self, body: Body) {
        self.use_widget();
        let client_id = ClientId::random(&mut self.random);
        let entry = self.transcript.accept(client_id.clone(), body, self.now.wall);
        self.outbox.push(entry, client_id, self.next_keeping(), self.transcript.newest_time());
        self.stop_typing();
        self.diff(Diff::Inserted { entry, before: None });
        self.event(Event::Delivery { entry, delivery: Delivery::Queued.name() });
        self.retry_now();
    }

    fn send(&mut self, entry: EntryId) {
        if !self.is_sure() {
            return;
        }
        if let Err(when) = self.limits.take_message(self.now.monotonic) {
            return self.timers.set(Timer::Flush, when);
        }
        let Some(found) = self.transcript.entry(entry) else {
            self.outbox.remove(entry);
            return;
        };
        let Some(client_id) = found.client_id.clone() else { return };
        let body = found.body.clone();
        self.outbox.on_sent(self.now.monotonic);
        self.transcript.set_delivery(entry, Delivery::Sending);
        self.tell_delivery(entry);
        self.wake_in(Timer::Echo, self.manners.echo_timeout_ms());
        self.schedule_idle();
        self.listen_after_send();
        self.ask(Request::Send { client_id, body });
    }

    /// Whom a refusal is about: the message that it names, or the one under way when it names none.
    fn rejected_entry(&self, rejection: &Rejection) -> Option<EntryId> {
        match &rejection.client_id {
            Some(client_id) => self.outbox.entry_of(client_id),
            None => self.outbox.under_way().map(|parcel| parcel.entry),
        }
    }

    fn on_message_rejected(&mut self, entry: EntryId, reason: RejectionReason) {
        match reason {
            RejectionReason::TooLong => self.fail(entry, ChatError::MESSAGE_TOO_LONG),
            RejectionReason::AttributesTooLarge => self.fail(entry, ChatError::ATTRIBUTES_TOO_LARGE),
            RejectionReason::Authentication if self.outbox.may_try_again() && self.on_sign_in_rejected() => {
                self.postpone(entry, TEMPORARY_MS);
            }
            RejectionReason::Authentication | RejectionReason::SignInNeeded => {
                self.fail(entry, ChatError::AUTHENTICATION);
            }
            RejectionReason::TooFast { retry_after_ms } => {
                let wait_ms = retry_after_ms.unwrap_or(SLOW_DOWN_MS).min(SLOW_DOWN_MAX_MS);
                self.postpone(entry, wait_ms);
                self.event(Event::Error(ChatError::RATE_LIMITED));
            }
            RejectionReason::Temporary if self.outbox.may_try_again() => self.postpone(entry, TEMPORARY_MS),
            RejectionReason::Temporary => self.fail(entry, ChatError::NOT_CONFIRMED),
            #[cfg(feature = "conversations")]
            RejectionReason::Later { wait_ms, error } if self.outbox.may_try_again() => {
                self.postpone(entry, wait_ms);
                if *error == ChatError::TOO_BUSY {
                    self.event(Event::Error(ChatError::RATE_LIMITED));
                }
            }
            #[cfg(feature = "conversations")]
            RejectionReason::NotYet { wait_ms } => {
                self.outbox.uncount();
                self.postpone(entry, wait_ms);
            }
            #[cfg(feature = "conversations")]
            RejectionReason::For(error) | RejectionReason::Later { error, .. } => self.fail(entry, error.clone()),
            RejectionReason::ReadOnly
            | RejectionReason::SessionGone
            | RejectionReason::ClearNotAllowed
            | RejectionReason::Other => self.fail(entry, ChatError::MESSAGE_REFUSED),
        }
    }

    fn become_read_only(&mut self) {
        self.life = Life::ReadOnly;
        self.event(Event::Ended { reason: "read_only" });
        self.fail_all(&ChatError::NOT_SENDABLE);
    }

    fn on_configure_rejected(&mut self, reason: RejectionReason) {
        match reason {
            RejectionReason::TooFast { retry_after_ms } => {
                self.ask(Request::CloseLine);
                self.on_line_lost();
                self.retry_after(retry_after_ms.map(|wait_ms| wait_ms.min(SLOW_DOWN_MAX_MS)));
            }
            RejectionReason::Temporary => self.on_dead_line(),
            #[cfg(feature = "conversations")]
            RejectionReason::For(error) => self.become_unavailable(error),
            #[cfg(feature = "conversations")]
            RejectionReason::Later { wait_ms, .. } | RejectionReason::NotYet { wait_ms } => {
                self.ask(Request::CloseLine);
                self.on_line_lost();
                self.retry_after(Some(wait_ms.min(SLOW_DOWN_MAX_MS)));
            }
            RejectionReason::Authentication if self.on_sign_in_rejected() => {}
            RejectionReason::Authentication => self.become_unavailable(&ChatError::AUTHENTICATION),
            RejectionReason::SignInNeeded => self.on_sign_in_needed(),
            RejectionReason::TooLong
            | RejectionReason::AttributesTooLarge
            | RejectionReason::ReadOnly
            | RejectionReason::SessionGone
            | RejectionReason::ClearNotAllowed
            | RejectionReason::Other => self.become_unavailable(&ChatError::CONFIGURE_REFUSED),
        }
    }

    fn postpone(&mut self, entry: EntryId, wait_ms: u64) {
        if !self.outbox.postpone(entry, self.now.monotonic.after(wait_ms)) {
            return;
        }
        self.timers.stop(Timer::Echo);
        self.transcript.set_delivery(entry, Delivery::Queued);
        self.tell_delivery(entry);
    }

    fn fail(&mut self, entry: EntryId, error: ChatError) {
        if self.outbox.under_way().is_some_and(|parcel| parcel.entry == entry) {
            self.timers.stop(Timer::Echo);
        }
        if self.outbox.remove(entry) {
            self.fail_entries(vec![entry], &error);
        }
    }

    fn fail_entries(&mut self, entries: Vec<EntryId>, error: &ChatError) {
        for entry in entries {
            if self.transcript.set_delivery(entry, Delivery::Failed(error.clone())) {
                self.tell_delivery(entry);
                #[cfg(feature = "conversations")]
                if self.manners.is_rest() {
                    self.count(Metrics::on_failed);
                }
            }
        }
    }

    #[cfg(feature = "conversations")]
    fn count(&mut self, what: impl FnOnce(&mut Metrics)) {
        what(&mut self.metrics);
        self.event(Event::Metrics(self.metrics));
    }
}
