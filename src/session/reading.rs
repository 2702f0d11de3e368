//! What counts as read: a message of the other side, at least half of it visible for a second,
//! in the open panel of a visible document. The read mark only moves forward.

use super::ids::{EntryId, ServerId};
use super::record::ReadMark;
use super::time::Timestamp;
use super::transcript::Entry;

const READ_AFTER_MS: u64 = 1_000;
/// Receipts over the wire are gathered this long.
const RECEIPT_INTERVAL_MS: u64 = 2_000;

#[derive(Debug, Default)]
pub(super) struct Reading {
    mark: Option<ReadMark>,
    /// So far the platform was told.
    receipted: Option<ReadMark>,
    /// Since when each entry has been in view of somebody who can see it, the first ones first.
    seen_since: Vec<(EntryId, Timestamp)>,
    /// What the observer reported last, seen or not.
    in_view: Vec<EntryId>,
    can_see: bool,
    receipt: Receipt,
}

#[derive(Debug, Default)]
struct Receipt {
    pending: Option<ServerId>,
    last_sent: Option<Timestamp>,
    /// Where each message has its own: those to come, and those that have been, this one and so many before it.
    each: Vec<ServerId>,
    #[cfg(feature = "conversations")]
    had: Vec<ServerId>,
    /// What lies before this was read in an earlier life of the page.
    floor: Option<ReadMark>,
}

/// A receipt for one that came before so many others is sent once more when it is looked at again.
#[cfg(feature = "conversations")]
const HAD_MAX: usize = 1_000;

impl Reading {
    pub(super) fn mark(&self) -> Option<&ReadMark> {
        self.mark.as_ref()
    }

    pub(super) fn restore(&mut self, mark: Option<ReadMark>) {
        self.receipt.floor.clone_from(&mark);
        self.mark = mark;
    }

    /// A new identity: nothing has been read.
    pub(super) fn reset(&mut self) {
        let can_see = self.can_see;
        *self = Reading { can_see, ..Reading::default() };
    }

    /// Moves the mark forward. Answers whether it moved.
    pub(super) fn advance(&mut self, mark: ReadMark) -> bool {
        if self.mark.as_ref().is_some_and(|present| *present >= mark) {
            return false;
        }
        self.mark = Some(mark);
        true
    }

    /// The panel opened or closed, the document became visible or hidden. Looking begins anew.
    pub(super) fn set_can_see(&mut self, now: Timestamp, can_see: bool) {
        if self.can_see == can_see {
            return;
        }
        self.can_see = can_see;
        self.seen_since.clear();
        self.look(now);
    }

    pub(super) fn set_in_view(&mut self, now: Timestamp, in_view: Vec<EntryId>) {
        self.in_view = in_view;
        self.seen_since.retain(|(entry, _)| self.in_view.contains(entry));
        self.look(now);
    }

    /// Something is in view, and it is none of these.
    pub(super) fn sees_none_of(&self, entries: &[Entry]) -> bool {
        let is_seen = |entry: &Entry| self.in_view.contains(&entry.id);
        !self.in_view.is_empty() && !entries.iter().any(is_seen)
    }

    /// When the next entry in view will have been there long enough.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.seen_since.first().map(|(_, since)| since.after(READ_AFTER_MS))
    }

    /// Takes out the entries that have been in view long enough.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<EntryId> {
        let mut due = Vec::new();
        while let Some((entry, _)) =
            self.seen_since.first().copied().filter(|(_, since)| now.since(*since) >= READ_AFTER_MS)
        {
            self.seen_since.remove(0);
            due.push(entry);
        }
        due
    }

    /// A receipt should go over the wire. Answers when it may.
    pub(super) fn want_receipt(&mut self, now: Timestamp, id: ServerId) -> Timestamp {
        self.receipt.pending = Some(id);
        self.receipt_due(now)
    }

    /// This message should have one of its own, unless it had.
    #[cfg(feature = "conversations")]
    pub(super) fn want_receipt_of(&mut self, seen: ReadMark) {
        let receipt = &mut self.receipt;
        let is_old = receipt.floor.as_ref().is_some_and(|floor| seen <= *floor);
        if is_old || receipt.had.contains(&seen.id) {
            return;
        }
        if receipt.had.len() >= HAD_MAX {
            receipt.had.remove(0);
        }
        receipt.had.push(seen.id.clone());
        receipt.each.push(seen.id);
    }

    #[cfg(feature = "conversations")]
    pub(super) fn take_receipts(&mut self, now: Timestamp) -> Vec<ServerId> {
        self.receipt.last_sent = Some(now);
        core::mem::take(&mut self.receipt.each)
    }

    pub(super) fn has_receipt(&self) -> bool {
        self.receipt.pending.is_some() || !self.receipt.each.is_empty()
    }

    /// When the next receipt may go.
    pub(super) fn receipt_due(&self, now: Timestamp) -> Timestamp {
        self.receipt.last_sent.map_or(now, |last| last.after(RECEIPT_INTERVAL_MS).max(now))
    }

    pub(super) fn take_receipt(&mut self, now: Timestamp) -> Option<ServerId> {
        let id = self.receipt.pending.take()?;
        self.receipt.last_sent = Some(now);
        Some(id)
    }

    /// The platform was told, by this tab or by another one.
    pub(super) fn on_receipted(&mut self, mark: ReadMark) {
        if self.mark.as_ref().is_none_or(|own| *own <= mark) {
            self.receipt.pending = None;
        }
        if !self.is_receipted(&mark) {
            self.receipted = Some(mark);
        }
    }

    pub(super) fn is_receipted(&self, mark: &ReadMark) -> bool {
        self.receipted.as_ref().is_some_and(|told| told >= mark)
    }

    fn look(&mut self, now: Timestamp) {
        if !self.can_see {
            return;
        }
        for entry in &self.in_view {
            if !self.seen_since.iter().any(|(seen, _)| seen == entry) {
                self.seen_since.push((*entry, now));
            }
        }
    }
}
