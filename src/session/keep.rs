//! Unsent messages outlive the page: kept before they are sent, forgotten when the platform has confirmed them.

use super::error::ChatError;
use super::output::{Diff, Effect, Event};
use super::record::Unsent;
use super::timer::Timer;
use super::transcript::{Delivery, Entry};
use super::{Life, Session};

/// A storage that takes longer than this is done without.
const KEEP_TIMEOUT_MS: u64 = 2_000;
/// What is older was meant for another day: the visitor decides.
const UNSENT_TTL_MS: i64 = 24 * 3_600_000;

impl Session {
    /// What an earlier life of this tab had not sent comes back: the young as sent or not, history will tell; the rest
    /// as not sent.
    pub(super) fn on_restore(&mut self, unsent: Vec<Unsent>) {
        self.told.awaits_unsent = false;
        let is_same_session = self.identity.is_kept && !self.identity.is_fresh && self.life == Life::Active;
        for message in unsent {
            if self.transcript.by_client_id(&message.client_id).is_some() {
                continue;
            }
            let is_young = self.now.wall.0.saturating_sub(message.accepted_at.0) < UNSENT_TTL_MS;
            let (client_id, after) = (message.client_id.clone(), message.after);
            let entry = self.transcript.accept(message.client_id, message.body, message.accepted_at);
            let is_of_this = message.conversation.is_none() || message.conversation == self.conversation();
            let is_same_session = is_same_session && is_of_this;
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
        }
        if !is_kept && !self.told.storage_failure && !self.outbox.is_empty() {
            self.told.storage_failure = true;
            self.event(Event::Error(ChatError::STORAGE_UNAVAILABLE));
        }
    }

    /// The storage does not answer, or has not even given out what it held: what waits for it goes without.
    pub(super) fn on_keep_timeout(&mut self) {
        let number = if self.told.awaits_unsent { self.next_keeping() } else { self.told.keeping };
        self.on_kept(number, false);
    }

    /// Has the browser keep what is unsent, when that is different from what it keeps.
    pub(super) fn keep_unsent(&mut self) {
        let conversation = self.conversation();
        let is_same = |(entry, kept): (&Entry, &Unsent)| {
            entry.client_id.as_ref() == Some(&kept.client_id)
                && has_failed(entry) == kept.has_failed
                && kept.conversation == conversation
        };
        let count = self.transcript.unsettled().count();
        if self.told.awaits_unsent {
            if count > 0 && !self.outbox.has_kept(self.next_keeping()) && !self.timers.is_set(Timer::Keep) {
                self.wake_in(Timer::Keep, KEEP_TIMEOUT_MS);
            }
            return;
        }
        if count == self.told.unsent.len() && self.transcript.unsettled().zip(&self.told.unsent).all(is_same) {
            return;
        }
        self.told.unsent = self.transcript.unsettled().filter_map(|entry| self.to_unsent(entry)).collect();
        self.told.keeping = self.next_keeping();
        self.wake_in(Timer::Keep, KEEP_TIMEOUT_MS);
        self.effect(Effect::Keep { number: self.told.keeping, unsent: self.told.unsent.clone() });
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
