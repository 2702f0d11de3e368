//! I18 to I24: the read mark, the receipts, the unread count.

use std::collections::{BTreeMap, BTreeSet};

use guest_messenger::session::ids::EntryId;
use guest_messenger::session::record::ReadMark;
use guest_messenger::session::view::View;

use super::{Verdict, broken};

const SEEN_AFTER_MS: u64 = 1_000;
const RECEIPT_INTERVAL_MS: u64 = 2_000;

#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Since when each entry has been in view of somebody who can see it.
    since_ms: BTreeMap<EntryId, u64>,
    /// Those that were in view for long enough.
    seen: BTreeSet<EntryId>,
    /// Messages for which a receipt went out, in this session.
    receipts: BTreeSet<String>,
    last_receipt_ms: Option<u64>,
    mark: Option<ReadMark>,
    token: Option<String>,
}

impl Reading {
    /// Called before each input with the moment up to which the page stood as it does.
    pub(crate) fn before_step(&mut self, now_ms: u64) {
        let due = self.since_ms.iter().filter(|(_, since_ms)| now_ms >= **since_ms + SEEN_AFTER_MS);
        self.seen.extend(due.map(|(entry, _)| *entry));
    }

    /// What the page shows now.
    pub(crate) fn on_look(&mut self, now_ms: u64, in_view: &[EntryId], can_see: bool) {
        if !can_see {
            self.since_ms.clear();
            return;
        }
        self.since_ms.retain(|entry, _| in_view.contains(entry));
        for entry in in_view {
            self.since_ms.entry(*entry).or_insert(now_ms);
        }
    }

    pub(crate) fn on_reload(&mut self) {
        self.since_ms.clear();
        self.seen.clear();
        self.last_receipt_ms = None;
    }

    /// Another session: nothing has been read in it.
    pub(crate) fn on_identity(&mut self) {
        self.receipts.clear();
        self.last_receipt_ms = None;
        self.mark = None;
        self.token = None;
    }

    /// What the storage held was lost: the mark may begin anew.
    pub(crate) fn on_storage_lost(&mut self) {
        self.mark = None;
        self.receipts.clear();
    }

    pub(crate) fn on_read(&self, view: &View<'_>, id: &str) -> Verdict {
        let entry = view
            .transcript
            .entries()
            .iter()
            .rev()
            .find(|entry| entry.server_id.as_ref().is_some_and(|own| own.0 == id));
        match entry {
            None => broken("I18", "something is read that is not shown"),
            Some(entry) if !entry.is_theirs() => broken("I18", "something counts as read that nobody else wrote"),
            Some(entry) if !self.seen.contains(&entry.id) => {
                broken("I18", "a message counts as read that was not in view for a second")
            }
            Some(_) => Ok(()),
        }
    }

    pub(crate) fn on_receipt(
        &mut self,
        now_ms: u64,
        view: &View<'_>,
        id: &str,
        is_allowed: bool,
        is_leaving: bool,
    ) -> Verdict {
        if !is_allowed {
            return broken("I23", "a receipt goes to a platform that takes none");
        }
        self.on_read(view, id)?;
        if !self.receipts.insert(id.to_owned()) {
            return broken("I19", "a second receipt for one message");
        }
        let is_soon = self.last_receipt_ms.is_some_and(|last_ms| now_ms < last_ms + RECEIPT_INTERVAL_MS);
        if is_soon && !is_leaving {
            return broken("I21", "two receipts within two seconds");
        }
        self.last_receipt_ms = Some(now_ms);
        Ok(())
    }

    pub(crate) fn on_persist(&mut self, token: &str, mark: Option<&ReadMark>) -> Verdict {
        if self.token.as_deref() != Some(token) {
            self.token = Some(token.to_owned());
        } else if mark < self.mark.as_ref() {
            return broken("I20", "the read mark moves back");
        }
        self.mark = mark.cloned();
        Ok(())
    }

    /// I24.
    pub(crate) fn check_unread(&self, view: &View<'_>) -> Verdict {
        let is_past = |time, id| self.mark.as_ref().is_none_or(|mark| (time, id) > (mark.time, Some(&mark.id)));
        let theirs = view.transcript.entries().iter().filter(|entry| entry.is_theirs());
        let unread = theirs.filter(|entry| is_past(entry.time, entry.server_id.as_ref())).count();
        if unread == view.unread as usize {
            return Ok(());
        }
        broken("I24", format!("{} unread are told, {unread} are behind the mark", view.unread))
    }

    /// The message that the platform should know as read. One whose receipt went out may have been lost on the way.
    pub(crate) fn owed_receipt(&self) -> Option<&str> {
        let id = self.mark.as_ref().map(|mark| mark.id.0.as_str())?;
        (!self.receipts.contains(id)).then_some(id)
    }
}
