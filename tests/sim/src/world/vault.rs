//! The vault, in which the browser keeps what is unsent over a reload.

use guest_messenger::engine::EngineInput;
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::record::Unsent;

use super::World;
use crate::happening::Happening;

/// The page asks other tabs first whether its place is theirs.
const LOAD_MS: u64 = 100;
/// The client waits so long for the vault.
const PATIENCE_MS: u64 = 2_000;
/// What is older is not given out any more.
const TTL_MS: i64 = 24 * 3_600_000;

impl World {
    pub(super) fn save(&mut self, number: u32, unsent: Vec<Unsent>) {
        let span_ms = self.random.u64(0..=self.scenario.vault_ms);
        let vault = &mut self.tab.vault;
        vault.pending.push_back(unsent);
        vault.busy_until_ms = vault.busy_until_ms.max(self.now_ms).max(vault.hangs_until_ms) + span_ms;
        let at_ms = vault.busy_until_ms;
        self.agenda.plan(at_ms, Happening::VaultWritten { page: self.tab.page(), number });
    }

    pub(super) fn vault_written(&mut self, page: u32, number: u32) {
        if page != self.tab.page() {
            return;
        }
        let is_kept = self.write_next();
        self.plan_in(0, Happening::KeptHeard { page, number, is_kept });
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
        let unsent = if is_old { Vec::new() } else { vault.kept.clone() };
        vault.busy_until_ms = vault.busy_until_ms.max(self.now_ms).max(vault.hangs_until_ms) + span_ms;
        let at_ms = vault.busy_until_ms;
        // What is said meanwhile is done without it.
        vault.has_failed = at_ms > self.now_ms + PATIENCE_MS;
        self.agenda.plan(at_ms, Happening::Restored { page: self.tab.page(), unsent });
        if is_old {
            self.messages.on_vault_lost();
        }
    }

    pub(super) fn restored(&mut self, page: u32, unsent: Vec<Unsent>) {
        if page != self.tab.page() {
            return;
        }
        let client_ids: Vec<String> = unsent.iter().map(|unsent| unsent.client_id.0.clone()).collect();
        self.messages.before_restore(&client_ids);
        self.command(Command::Restore(unsent));
        let verdict = self.messages.on_restored(&self.tab.view(), &client_ids);
        self.judge(verdict);
    }

    fn write_next(&mut self) -> bool {
        let wall = self.guest_now().wall;
        let Some(unsent) = self.tab.vault.pending.pop_front() else { return false };
        if self.tab.storage.is_broken {
            self.tab.vault.has_failed = true;
            self.tab.vault.is_stale = true;
            return false;
        }
        self.tab.vault.is_stale = false;
        self.tab.vault.kept = unsent;
        self.tab.vault.saved_at = wall;
        let client_ids = self.tab.vault.client_ids();
        self.messages.on_kept(&client_ids);
        true
    }
}
