//! What a tab has its vault hold, and when the draft goes there.

use super::vault::Kept;
use crate::session::record::Unsent;

/// A draft is saved at once: a page that is leaving has no time to encrypt. While one saving is under way, and for as long
/// after it as its owner chooses, the next one waits, and nothing is saved before the vault has given out what it holds.
#[derive(Debug, Default)]
pub struct Keeper {
    kept: Kept,
    may_save: bool,
    /// Counts the drafts: the same text may come again after another one.
    drafts: u32,
}

impl Keeper {
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Which draft this is: the first one that comes out of the vault is 0.
    pub fn draft_number(&self) -> u32 {
        self.drafts
    }

    pub fn on_unsent(&mut self, unsent: Vec<Unsent>) {
        self.kept.unsent = unsent;
    }

    /// This is in the composer now. Answers whether it is to be saved.
    pub fn on_draft(&mut self, draft: &str) -> bool {
        self.set_draft(draft);
        std::mem::take(&mut self.may_save)
    }

    /// This goes to the vault with whatever goes there next.
    pub fn set_draft(&mut self, draft: &str) {
        draft.clone_into(&mut self.kept.draft);
        self.drafts = self.drafts.wrapping_add(1);
    }

    /// The vault has given this out. What was typed before goes over it. `Keeper::on_draft_saved` comes next.
    pub fn on_loaded(&mut self, draft: &str) {
        if self.kept.draft.is_empty() {
            draft.clone_into(&mut self.kept.draft);
        }
    }

    /// The vault held the draft of this number. Answers whether there is a newer one to be saved.
    pub fn on_draft_saved(&mut self, number: u32) -> bool {
        self.may_save = self.drafts == number;
        !self.may_save
    }
}
