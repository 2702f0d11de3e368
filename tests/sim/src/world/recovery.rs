//! The network heals, everybody rests, and what must come true in the end is looked at.

use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::view::{Banner, Phase};

use super::World;
use super::browser::name_of;
use crate::checks::broken;
use crate::happening::Happening;

/// From a healed network to a conversation, or to an end that is told (I17).
const LIVENESS_MS: u64 = 150_000;
/// Nothing is longer on its way.
const UNDER_WAY_MS: u64 = 15_000;
/// For each message that waits: its echo, and the widget's own rate.
const PER_MESSAGE_MS: u64 = 3_000;
/// A gap of ten pages at the rate of history reads, before which nothing is sent.
const GAP_MS: u64 = 100_000;
const OLDER_PAGES_MAX: u32 = 60;

impl World {
    pub(super) fn begin_trouble(&mut self) {
        self.is_calm = false;
        for happening in [Happening::Visitor, Happening::Agent, Happening::Fault] {
            let span_ms = self.random.u64(0..2_000);
            self.plan_in(span_ms, happening);
        }
    }

    /// I7, I8, I17 and what else holds only when there is peace. `is_last`: the whole conversation is compared.
    pub(super) fn recover(&mut self, is_last: bool) {
        if self.violation.is_some() {
            return;
        }
        self.is_calm = true;
        self.trace("peace", String::new);
        self.end_trouble();
        self.tally.recoveries += 1;
        self.tab.scrolled_up = false;
        if self.tab.asleep_until_ms.is_some() {
            self.wake();
        }
        self.environment(Environment::Visible);
        self.environment(Environment::Online);
        self.open_panel(true);
        self.settle();
        self.visitor_says();
        self.settle();
        if self.violation.is_some() || self.tab.view().phase != Phase::Live {
            return;
        }
        self.compare(is_last);
    }

    /// Lets time pass until the guest is connected or told, and no message waits.
    fn settle(&mut self) {
        // What is on its way still arrives, and may name a time to wait for.
        let whole_ms = self.now_ms.max(self.network.whole_at_ms());
        self.run_until(whole_ms + UNDER_WAY_MS, |_| false);
        let healed_ms = self.now_ms.max(self.connection.patience_ms());
        let waiting = self.messages.waiting_count() as u64;
        let mut deadline_ms = healed_ms + LIVENESS_MS;
        for _ in 0..4 {
            self.run_until(deadline_ms, |world| world.is_connected() || world.is_told());
            if self.is_connected() || !self.is_told() {
                break;
            }
            // Told that it is over, or that it must be asked for: the visitor goes on.
            self.visitor_moves_on();
            deadline_ms = deadline_ms.max(self.now_ms + LIVENESS_MS);
        }
        if !self.is_connected() && !self.is_told() {
            let view = self.tab.view();
            let detail = format!("{} and {} after 150 s of peace", name_of(view.phase), self.state.connection);
            return self.judge(broken("I17", detail));
        }
        self.run_until(deadline_ms + GAP_MS + waiting * PER_MESSAGE_MS, |world| {
            world.messages.check_all_told().is_ok() && (world.is_connected() || world.is_told())
        });
        let verdict = self.messages.check_all_told();
        self.judge(verdict);
    }

    fn compare(&mut self, is_last: bool) {
        // A new connection is the moment at which what was lost is fetched.
        if let Some(socket) = self.tab.socket {
            self.plan_in(0, Happening::Cut { socket });
        }
        let until_ms = self.connection.patience_ms().max(self.now_ms) + GAP_MS;
        self.run_until(until_ms, |_| false);
        let mut is_whole = false;
        if is_last {
            for _ in 0..OLDER_PAGES_MAX {
                if !self.tab.view().history.has_older || self.violation.is_some() {
                    is_whole = true;
                    break;
                }
                self.command(Command::LoadOlder);
                let until_ms = self.now_ms + 60_000;
                self.run_until(until_ms, |world| !world.tab.view().history.is_loading);
            }
        }
        if self.violation.is_some() || !self.is_connected() || self.tab.view().phase != Phase::Live {
            return;
        }
        let Some(conversation) = self.tab.socket.and_then(|socket| self.server.conversation_of(socket)) else { return };
        // Where nobody has scrolled to the beginning, the newest page is there.
        let newest = if is_whole { usize::MAX } else { 20 };
        let verdict = self.messages.check_same(&self.tab.view(), conversation, newest);
        self.judge(verdict);
        let verdict = self.messages.check_transcript(&self.tab.view());
        self.judge(verdict);
        let verdict = self.reading.check_unread(&self.tab.view());
        self.judge(verdict);
        self.check_receipt();
        self.check_record();
    }

    /// I22: the platform knows what was read.
    fn check_receipt(&mut self) {
        let is_of_page = self.marked_on_page == self.tab.page();
        let is_owed = is_of_page && self.scenario.settings.read_receipts;
        let Some(id) = self.reading.owed_receipt().filter(|_| is_owed) else { return };
        if !self.seen_ids.contains(id) {
            self.judge(broken("I22", "the platform never learnt of the last message that was read"));
        }
    }

    /// W1: a reload would go on with this conversation.
    fn check_record(&mut self) {
        let storage = &self.tab.storage;
        let kept = storage.record.as_ref().map(|record| record.token.0.expose());
        if !storage.is_doubtful && kept != self.token.as_deref() {
            self.judge(broken("W1", "the storage does not hold the token of the conversation that goes on"));
        }
    }

    fn is_connected(&self) -> bool {
        self.state.connection == "connected" && matches!(self.tab.view().phase, Phase::Live | Phase::ReadOnly)
    }

    fn is_told(&self) -> bool {
        let view = self.tab.view();
        self.is_resting
            || view.banner == Some(Banner::CannotConnect)
            || matches!(view.phase, Phase::Ended(_) | Phase::Elsewhere | Phase::Unavailable(_))
    }

    pub(super) fn run_for(&mut self, span_ms: u64) {
        let until_ms = self.now_ms + span_ms;
        self.run_until(until_ms, |_| false);
    }

    /// Steps until it is so, or until this moment.
    pub(super) fn run_until(&mut self, until_ms: u64, is_so: impl Fn(&World) -> bool) {
        while self.violation.is_none() && !is_so(self) {
            let next =
                [self.agenda.next_at_ms(), self.server.next_at_ms(), self.tab.wakes_at_ms(self.scenario.throttles)];
            match next.into_iter().flatten().min() {
                Some(at_ms) if at_ms <= until_ms => {
                    self.step();
                }
                _ => {
                    self.now_ms = self.now_ms.max(until_ms);
                    return;
                }
            }
        }
    }
}
