//! What outlives the page: nothing that was kept is lost, and nothing is sent before it is kept.

use guest_messenger::session::transcript::Entry;
use guest_messenger::session::view::View;

use super::{Messages, Shown, shown};
use crate::checks::{Verdict, broken};

/// A vault that takes longer than this is done without.
const PATIENCE_MS: u64 = 2_000;

impl Messages {
    /// The vault holds these now.
    pub(crate) fn on_kept(&mut self, client_ids: &[String]) {
        for index in client_ids.iter().filter_map(|id| self.by_client_id.get(id)) {
            let said = &mut self.said[*index];
            said.was_kept = true;
            said.must_be_kept = true;
        }
    }

    /// The vault was emptied from outside, or can no longer be read.
    pub(crate) fn on_vault_lost(&mut self) {
        self.said.iter_mut().for_each(|said| said.must_be_kept = false);
    }

    /// The page is gone, and with it what the vault does not hold. What it held once and was not settled must be there.
    /// `is_stale`: it did not take what it was last given.
    pub(crate) fn on_reload(&mut self, in_vault: &[String], is_stale: bool) -> Verdict {
        self.history = None;
        let awaited = self.known(in_vault);
        if is_stale {
            // It may hold as unsent what has failed since, with its session: the page cannot know.
            awaited.iter().for_each(|index| self.said[*index].session = None);
        }
        let before = std::mem::replace(&mut self.awaited, awaited);
        for index in self.open.drain(..).chain(before) {
            if self.said[index].must_be_kept && !self.awaited.contains(&index) {
                return broken("I1", format!("g{index} was kept, is not settled, and is kept no longer"));
            }
        }
        Ok(())
    }

    /// What the vault held is about to be handed to the engine: it goes before what was said since and has not gone out.
    pub(crate) fn before_restore(&mut self, client_ids: &[String]) {
        let mut later: Vec<usize> = self.open.clone();
        later.sort_by_key(|index| self.said[*index].order);
        let first = later.iter().position(|index| self.said[*index].shown == Shown::Queued).unwrap_or(later.len());
        for index in self.known(client_ids).iter().chain(&later[first..]) {
            self.next_order += 1;
            self.said[*index].order = self.next_order;
        }
    }

    /// The engine has been handed what the vault held: each is there again, once.
    pub(crate) fn on_restored(&mut self, view: &View<'_>, client_ids: &[String]) -> Verdict {
        self.awaited.clear();
        for index in self.known(client_ids) {
            let said = &mut self.said[index];
            let mut entries = view.transcript.entries().iter();
            let is_it = |entry: &&Entry| entry.client_id.as_ref().is_some_and(|id| id.0 == said.client_id);
            let Some(entry) = entries.find(is_it) else {
                return broken("I1", format!("g{index} was kept over the reload and is not shown"));
            };
            said.entry = entry.id;
            said.shown = shown(entry);
            if said.shown != Shown::Sent && !self.open.contains(&index) {
                self.open.push(index);
            }
        }
        Ok(())
    }

    /// A message is sent. `has_vault_failed`: it need not be kept before.
    pub(crate) fn check_kept(&self, now_ms: u64, client_id: &str, has_vault_failed: bool) -> Verdict {
        let said = self.by_client_id.get(client_id).and_then(|index| self.said.get(*index));
        let is_early = |accepted_ms| !has_vault_failed && now_ms < accepted_ms + PATIENCE_MS;
        match said {
            Some(said) if !said.was_kept && is_early(said.accepted_ms) => {
                broken("I1", "a message is sent before it is kept")
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The messages of these ids, each once.
    fn known(&self, client_ids: &[String]) -> Vec<usize> {
        let mut known = Vec::new();
        for index in client_ids.iter().filter_map(|id| self.by_client_id.get(id)) {
            if !known.contains(index) {
                known.push(*index);
            }
        }
        known
    }
}
