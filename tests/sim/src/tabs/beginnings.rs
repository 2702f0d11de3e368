//! How a page comes by a conversation: from the other tabs, or by a promise to them of one that it begins.

use guest_messenger::engine::EngineInput;
use guest_messenger::session::input::Input;
use guest_messenger::session::{ids::GuestToken, record::Record, redact::Redacted};

use super::life::CHANNEL_MS;
use super::{Happening, TabsWorld};

/// The other tabs have so long to tell of a conversation before this one begins its own.
const TABS_ANSWER_MS: u64 = 120;

impl TabsWorld {
    pub(super) fn ask_for_token(&mut self, slot: usize) {
        let others: Vec<Record> = (0..self.slots.len()).filter_map(|other| self.record_at(other, slot)).collect();
        let Some(page) = &mut self.slots[slot].life else { return };
        page.is_asking = true;
        let life = page.number;
        for other in others {
            let late_ms = self.random.u64(0..CHANNEL_MS);
            self.plan_in(late_ms, Happening::Promised { life, token: other.token });
        }
        self.plan_in(TABS_ANSWER_MS, Happening::Begins { life });
    }

    /// Nobody has told it of a conversation.
    pub(super) fn begin(&mut self, life: u32) {
        let Some(slot) = self.slot_of(life) else { return };
        let Some(page) = self.slots[slot].life.as_mut().filter(|page| page.is_asking) else { return };
        page.is_asking = false;
        // In no order that the tabs know.
        let token = GuestToken(Redacted::new(format!("token-{:08x}", self.random.u32(..))));
        page.promised = Some(token.clone());
        self.tokens += 1;
        self.trace(|| format!("tab {slot} begins a conversation"));
        let others: Vec<u32> =
            self.slots.iter().filter_map(|slot| slot.life.as_ref().map(|life| life.number)).collect();
        for other in others.into_iter().filter(|other| *other != life) {
            let late_ms = self.random.u64(0..CHANNEL_MS);
            self.plan_in(late_ms, Happening::Promised { life: other, token: token.clone() });
        }
        self.feed(slot, EngineInput::Session(Input::Token(token)));
    }

    /// Another tab has a conversation or is about to begin one. Of two that begin at once the lower token is taken.
    pub(super) fn promised(&mut self, life: u32, token: GuestToken) {
        let Some(slot) = self.slot_of(life) else { return };
        let own = self.promise_of(slot);
        let Some(page) = self.slots[slot].life.as_mut().filter(|page| !page.is_stopped) else { return };
        let was_asking = std::mem::take(&mut page.is_asking);
        if own.map_or(was_asking, |own| !own.is_live && token < own.token) {
            page.promised = Some(token.clone());
            self.count("joined a beginning");
            self.feed(slot, EngineInput::Session(Input::Token(token)));
        }
    }

    /// What a page that starts is told by the others that are open.
    pub(super) fn record_beside(&self, slot: usize) -> Option<Record> {
        self.record_of_another().or_else(|| (0..self.slots.len()).find_map(|other| self.record_at(other, slot)))
    }

    /// What an open tab answers to the one that asks.
    fn record_at(&self, other: usize, asking: usize) -> Option<Record> {
        self.life(other).filter(|page| other != asking && !page.is_stopped)?;
        self.promise_of(other)
    }

    /// The newest that the page at this place has heard of.
    fn promise_of(&self, slot: usize) -> Option<Record> {
        let promised = self.life(slot)?.promised.clone().map(Record::beginning_with);
        self.slots[slot].record.clone().filter(|record| record.is_live || promised.is_none()).or(promised)
    }
}
