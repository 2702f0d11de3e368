//! Unsent messages outlive the page: kept before they are sent, forgotten when the platform has confirmed them.

use super::error::ChatError;
use super::ids::ClientId;
use super::output::{Diff, Effect, Event, SURE_MS};
use super::record::Unsent;
use super::time::WallTime;
use super::timer::Timer;
use super::transcript::{Delivery, Entry};
use super::{Life, Line, Session};

/// A storage that takes longer than this is done without.
const KEEP_TIMEOUT_MS: u64 = 2_000;
/// What is older was meant for another day: the visitor decides.
const UNSENT_TTL_MS: i64 = 24 * 3_600_000;
/// How often to look for what other tabs left behind.
const ADOPT_MS: u64 = 20_000;

impl Session {
    /// What an earlier life of this tab had not sent comes back: the young as sent or not, history will tell; the rest
    /// as not sent.
    pub(super) fn on_restore(&mut self, unsent: Vec<Unsent>) {
        self.told.awaits_unsent = false;
        let is_same_session = self.identity.is_kept && self.identity.fresh_since.is_none();
        self.take_up(unsent, is_same_session, WallTime(i64::MIN));
    }

    /// Somebody has to send what other tabs left behind: the one with the line looks for it, when the line is up, and
    /// once more for what was too young then.
    pub(super) fn begin_to_adopt(&mut self) {
        if self.adopt() {
            self.wake_in(Timer::Adopt, ADOPT_MS);
        }
    }

    pub(super) fn adopt_again(&mut self) {
        if self.adopt() && self.lease.has_company {
            self.wake_in(Timer::Adopt, ADOPT_MS);
        }
    }

    /// What other tabs had not sent is this one's: as after a reload, history tells what of it has arrived.
    pub(super) fn on_adopt(&mut self, unsent: Vec<Unsent>) {
        // With the same token an earlier session may have gone on until then.
        let since = self.identity.fresh_since.unwrap_or(WallTime(i64::MIN));
        let is_known = self.identity.token.is_some();
        self.take_up(unsent, is_known, since);
    }

    /// Another tab sends what this one had not: here it is gone, and comes back when it has arrived.
    pub(super) fn on_taken(&mut self, taken: Vec<ClientId>) {
        for client_id in taken {
            let Some(entry) = self.outbox.entry_of(&client_id) else { continue };
            if self.outbox.under_way().is_some_and(|parcel| parcel.entry == entry) {
                self.timers.stop(Timer::Echo);
            }
            self.outbox.remove(entry);
            self.transcript.remove(entry);
            self.diff(Diff::Removed { entry });
        }
        // What is left has not been kept.
        self.keep();
    }

    /// Whether what is unsent is this tab's still: one that stood still may have been taken for dead. If it does not know
    /// it keeps everything once more, which tells.
    pub(super) fn is_sure(&mut self) -> bool {
        if self.lease.is_alone() || self.told.awaits_unsent || self.now.monotonic <= self.told.sure_until {
            return true;
        }
        if self.outbox.has_kept(self.told.keeping) {
            self.keep();
        }
        false
    }

    /// Answers whether it is this tab's business.
    fn adopt(&mut self) -> bool {
        let is_due = self.lease.is_holder() && self.line == Line::Up && self.life == Life::Active;
        if is_due {
            self.effect(Effect::Adopt);
        }
        is_due
    }

    /// `since`: when the session began in which they may be sent.
    fn take_up(&mut self, unsent: Vec<Unsent>, is_known: bool, since: WallTime) {
        for message in unsent {
            if self.transcript.by_client_id(&message.client_id).is_some() {
                continue;
            }
            let is_young = self.now.wall.0.saturating_sub(message.accepted_at.0) < UNSENT_TTL_MS;
            let (client_id, after) = (message.client_id.clone(), message.after);
            let is_of_this = message.conversation.is_none() || message.conversation == self.conversation();
            let is_same_session = is_known && is_of_this && self.life == Life::Active && message.accepted_at >= since;
            let entry = self.transcript.accept(message.client_id, message.body, message.accepted_at);
            if is_same_session && is_young && !message.has_failed && !self.outbox.is_full() {
                self.transcript.set_delivery(entry, Delivery::Unknown);
                self.outbox.restore(entry, client_id, after);
            } else {
                let error = if is_same_session { ChatError::NOT_CONFIRMED } else { ChatError::SESSION_REPLACED };
                self.transcript.set_delivery(entry, Delivery::Failed(error));
            }
            // What was said while the storage was slow goes out after it.
            let before = self.transcript.move_before_queued(entry);
            self.diff(Diff::Inserted { entry, before });
        }
    }

    pub(super) fn on_kept(&mut self, number: u32, is_kept: bool) {
        self.outbox.on_kept(number);
        if number == self.told.keeping {
            self.timers.stop(Timer::Keep);
            // A storage that fails may as well be done without.
            let since = if is_kept { self.told.keeping_since } else { self.now.monotonic };
            self.told.sure_until = since.after(SURE_MS);
        }
        if !is_kept && !self.told.storage_failure && !self.outbox.is_empty() {
            self.told.storage_failure = true;
            self.event(Event::Error(ChatError::STORAGE_UNAVAILABLE));
        }
    }

    /// The storage does not answer, or has not even given out what it held: what waits for it goes without.
    pub(super) fn on_keep_timeout(&mut self) {
        let is_late = self.now.monotonic > self.told.keeping_since.after(SURE_MS);
        if is_late && !self.lease.is_alone() && !self.told.awaits_unsent {
            // It was this tab that stood still.
            return self.keep();
        }
        let number = if self.told.awaits_unsent { self.next_keeping() } else { self.told.keeping };
        self.on_kept(number, false);
    }

    /// Has the browser keep what is unsent, when that is different from what it keeps.
    pub(super) fn keep_unsent(&mut self) {
        let conversation = self.conversation();
        let is_same = |(entry, (client_id, was_failed)): (&Entry, &(ClientId, bool))| {
            entry.client_id.as_ref() == Some(client_id) && has_failed(entry) == *was_failed
        };
        let count = self.transcript.unsettled().count();
        if self.told.awaits_unsent {
            if count > 0 && !self.outbox.has_kept(self.next_keeping()) && !self.timers.is_set(Timer::Keep) {
                self.wake_in(Timer::Keep, KEEP_TIMEOUT_MS);
            }
            return;
        }
        let is_of_this = count == 0 || self.told.unsent_of == conversation;
        if !is_of_this
            || count != self.told.unsent.len()
            || !self.transcript.unsettled().zip(&self.told.unsent).all(is_same)
        {
            self.keep();
        }
    }

    fn keep(&mut self) {
        let mut unsent = Vec::new();
        let mut told = Vec::new();
        for entry in self.transcript.unsettled() {
            if let Some(entry) = self.to_unsent(entry) {
                told.push((entry.client_id.clone(), entry.has_failed));
                unsent.push(entry);
            }
        }
        self.told.unsent = told;
        self.told.unsent_of = self.conversation();
        self.told.keeping = self.next_keeping();
        self.told.keeping_since = self.now.monotonic;
        self.wake_in(Timer::Keep, KEEP_TIMEOUT_MS);
        self.effect(Effect::Keep { number: self.told.keeping, unsent });
    }

    fn to_unsent(&self, entry: &Entry) -> Option<Unsent> {
        Some(Unsent {
            client_id: entry.client_id.clone()?,
            body: entry.body.clone(),
            accepted_at: entry.time,
            after: self.outbox.after(entry.id),
            has_failed: has_failed(entry),
            conversation: self.conversation(),
        })
    }

    /// What is unsent belongs to this one. What was said in another one before has failed.
    fn conversation(&self) -> Option<u64> {
        self.identity.token.as_ref().map(|_| self.tag())
    }

    /// The keeping that will hold what is accepted now.
    pub(super) fn next_keeping(&self) -> u32 {
        self.told.keeping.wrapping_add(1)
    }
}

fn has_failed(entry: &Entry) -> bool {
    matches!(entry.delivery, Delivery::Failed(_))
}
