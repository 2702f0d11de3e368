//! The vault, in which the browser keeps what is unsent, and the draft, over a reload: as texts.

use guest_messenger::engine::EngineInput;
use guest_messenger::protocol::json;
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::record::Unsent;
use guest_messenger::stored::vault::{self, Kept};

use super::World;
use crate::checks::broken;
use crate::happening::Happening;
use crate::planted::Bug;

/// The page asks other tabs first whether its place is theirs.
const LOAD_MS: u64 = 100;
/// The client waits so long for the vault.
const PATIENCE_MS: u64 = 2_000;
/// What is older is not given out any more.
const TTL_MS: i64 = 24 * 3_600_000;

impl World {
    pub(super) fn keep(&mut self, number: u32, unsent: Vec<Unsent>) {
        self.tab.keeper.on_unsent(unsent);
        self.save(Some(number));
    }

    /// The visitor types, or the composer becomes empty.
    pub(super) fn compose(&mut self, draft: String) {
        if draft == self.tab.composer {
            return;
        }
        self.tab.composer.clone_from(&draft);
        self.tab.vault.on_draft(&draft);
        if self.tab.keeper.on_draft(&draft) {
            self.save(None);
        }
    }

    pub(super) fn draft_heard(&mut self, page: u32, draft: u32) {
        if page == self.tab.page() && self.tab.keeper.on_draft_saved(draft) {
            self.save(None);
        }
    }

    fn save(&mut self, number: Option<u32>) {
        let mut kept = self.tab.keeper.kept().clone();
        if number.is_some() && self.tab.bug() == Some(Bug::KeepsNoDraft) {
            kept.draft.clear();
        }
        let draft = self.tab.keeper.draft_number();
        let span_ms = self.random.u64(0..=self.scenario.vault_ms);
        let vault = &mut self.tab.vault;
        vault.pending.push_back((kept, vault.newest_draft));
        vault.busy_until_ms = vault.busy_until_ms.max(self.now_ms).max(vault.hangs_until_ms) + span_ms;
        let at_ms = vault.busy_until_ms;
        self.agenda.plan(at_ms, Happening::VaultWritten { page: self.tab.page(), number, draft });
    }

    pub(super) fn vault_written(&mut self, page: u32, number: Option<u32>, draft: u32) {
        if page != self.tab.page() {
            return;
        }
        let is_kept = self.write_next();
        let heard = match number {
            Some(number) => Happening::KeptHeard { page, number, is_kept },
            None => Happening::DraftHeard { page, draft },
        };
        self.plan_in(0, heard);
    }

    pub(super) fn kept_heard(&mut self, page: u32, number: u32, is_kept: bool) {
        if page == self.tab.page() {
            self.feed(EngineInput::Session(Input::Kept { number, is_kept }));
        }
    }

    /// The page goes: what was being written may still be, and what waited behind it is not.
    pub(super) fn leave_vault(&mut self) {
        if !self.tab.vault.pending.is_empty() && self.random.bool() {
            self.write_next();
        }
        let vault = &mut self.tab.vault;
        vault.is_stale |= !vault.pending.is_empty();
        vault.pending.clear();
        vault.busy_until_ms = self.now_ms;
        vault.has_failed = false;
        let in_vault = self.tab.vault.client_ids();
        let verdict = self.messages.on_reload(&in_vault, self.tab.vault.is_stale);
        self.judge(verdict);
    }

    /// A new page asks for what the one before had not sent.
    pub(super) fn load_vault(&mut self) {
        let span_ms = LOAD_MS + self.random.u64(0..=self.scenario.vault_ms);
        let wall = self.guest_now().wall;
        let vault = &mut self.tab.vault;
        let is_old = vault.saved_at.0 < wall.0 - TTL_MS;
        let (read, kept) = if is_old { Default::default() } else { (read(&vault.text), vault.kept.clone()) };
        vault.busy_until_ms = vault.busy_until_ms.max(self.now_ms).max(vault.hangs_until_ms) + span_ms;
        let at_ms = vault.busy_until_ms;
        // What is said meanwhile is done without it.
        vault.has_failed = at_ms > self.now_ms + PATIENCE_MS;
        self.agenda.plan(at_ms, Happening::Restored { page: self.tab.page(), kept: read.clone() });
        if is_old {
            self.lose_vault();
        }
        if read != kept {
            self.judge(broken("I37", "what the vault holds does not read back the same"));
        }
    }

    /// Emptied from outside, too old, or no longer to be read.
    pub(super) fn lose_vault(&mut self) {
        self.messages.on_vault_lost();
        self.tab.vault.drafts.insert(0, (0, String::new()));
        self.tab.vault.has_lost = true;
    }

    /// I41: what was being written when the page went stands in the composer again, but for what the vault had not taken.
    fn restore_draft(&mut self, draft: &str) {
        let drafts = &self.tab.vault.drafts;
        let may_be_any = std::mem::take(&mut self.tab.vault.has_lost) && draft.is_empty();
        if !may_be_any && !drafts.iter().any(|(_, known)| known == draft) {
            self.judge(broken("I41", format!("the draft {draft:?} came back, and not one of {drafts:?}")));
        }
        self.tab.keeper.on_loaded(draft);
        if self.tab.composer.is_empty() {
            draft.clone_into(&mut self.tab.composer);
        }
        let composer = self.tab.composer.clone();
        self.tab.vault.on_draft(&composer);
    }

    pub(super) fn restored(&mut self, page: u32, Kept { unsent, draft }: Kept) {
        if page != self.tab.page() {
            return;
        }
        let client_ids: Vec<String> = unsent.iter().map(|unsent| unsent.client_id.0.clone()).collect();
        self.messages.before_restore(&client_ids);
        self.restore_draft(&draft);
        self.command(Command::Restore(unsent));
        self.draft_heard(page, 0);
        let verdict = self.messages.on_restored(&self.tab.view(), &client_ids);
        self.judge(verdict);
    }

    fn write_next(&mut self) -> bool {
        let wall = self.guest_now().wall;
        let Some((kept, newest_draft)) = self.tab.vault.pending.pop_front() else { return false };
        if self.tab.storage.is_broken {
            self.tab.vault.has_failed = true;
            self.tab.vault.is_stale = true;
            return false;
        }
        self.tab.vault.is_stale = false;
        let vault = &mut self.tab.vault;
        vault.text = vault::write(&kept);
        vault.drafts.retain(|(number, _)| *number >= newest_draft);
        vault.has_lost = false;
        vault.kept = kept;
        self.tab.vault.saved_at = wall;
        let client_ids = self.tab.vault.client_ids();
        self.messages.on_kept(&client_ids);
        true
    }
}

/// As the page does it.
pub(super) fn read(text: &str) -> Kept {
    json::parse(text).map(|json| vault::read(&json)).unwrap_or_default()
}
