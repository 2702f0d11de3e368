//! What happens to tabs and to their one line.

use guest_messenger::session::input::{Command, Environment};
use serde_json::json;

use super::life::Slot;
use super::{Happening, TabsWorld};
use crate::network::Way;

impl TabsWorld {
    pub(super) fn trouble(&mut self) {
        self.acts += 1;
        let pause_ms = self.random.u64(800..25_000);
        self.plan_in(pause_ms, Happening::Trouble);
        let slot = self.random.usize(..self.slots.len());
        match self.random.u8(0..12) {
            0 | 1 => self.crash(slot),
            2 => self.close(slot),
            3 | 4 => self.freeze(slot),
            5 => self.stop(slot),
            6 => self.cut_a_line(),
            7 => self.make_a_hole(),
            8 => {
                let span_ms = self.random.u64(200..9_000);
                let way = if self.random.bool() { Way::ToGuest } else { Way::ToPlatform };
                self.note("stalls", slot);
                self.network.stall(way, self.now_ms + span_ms);
            }
            9 => {
                self.note("no route", slot);
                self.network.no_route_until_ms = self.now_ms + self.random.u64(500..20_000);
                self.cut_a_line();
            }
            10 => {
                self.note("platform closes", slot);
                let code = *[1000, 1001, 1006, 1012].get(self.random.usize(0..4)).unwrap_or(&1000);
                let deeds = self.server.fault(self.now_ms, &json!({"kind": "close", "code": code}));
                self.carry_out(deeds);
            }
            _ => {
                self.note("refuses", slot);
                let count = self.random.u32(1..3);
                let deeds = self.server.fault(self.now_ms, &json!({"kind": "refuse", "count": count}));
                self.carry_out(deeds);
            }
        }
    }

    /// Every tab is there, awake, in use, and the network is whole.
    pub(super) fn heal(&mut self) {
        self.trace(|| "everything is whole".to_owned());
        let deeds = self.server.clear_faults(self.now_ms);
        self.carry_out(deeds);
        for slot in 0..self.slots.len() {
            if let Some(life) = self.life(slot).map(|life| life.number) {
                self.thaw(life);
                self.command(slot, Command::OpenPanel);
            } else {
                self.reopen(slot);
            }
            if let Some(life) = &mut self.slots[slot].life {
                life.is_visible = true;
            }
            self.environment(slot, Environment::Visible);
            self.look(slot);
        }
    }

    /// Without a word.
    fn crash(&mut self, slot: usize) {
        if self.life(slot).is_none() {
            return;
        }
        self.note("crash", slot);
        self.expect_handover_of(slot, false);
        self.end(slot);
    }

    fn close(&mut self, slot: usize) {
        if self.life(slot).is_none_or(|life| life.is_stopped) {
            return;
        }
        self.note("close", slot);
        self.expect_handover_of(slot, true);
        self.environment(slot, Environment::Leaving);
        self.end(slot);
    }

    fn expect_handover_of(&mut self, slot: usize, is_told: bool) {
        // Who was about to take over may be the next to go.
        self.handover = None;
        if self.life(slot).is_some_and(|life| life.engine.session().holds_line()) {
            self.expect_handover(slot, is_told);
        }
    }

    fn end(&mut self, slot: usize) {
        let Some(life) = self.slots[slot].life.take() else { return };
        self.ended_ms = Some(self.now_ms);
        if let Some(socket) = life.socket {
            self.plan_in(1, Happening::ClosureArrives(socket));
        }
        let span_ms = self.random.u64(300..30_000);
        let is_gone = self.random.u8(0..4) == 0 && self.has_record_beside(slot);
        if is_gone {
            // Somewhere else another tab is opened.
            self.count("gone for good");
            self.slots[slot].is_gone = true;
            self.slots.push(Slot::default());
        }
        let slot = if is_gone { self.slots.len() - 1 } else { slot };
        self.plan_in(span_ms, Happening::Reopens(slot));
    }

    fn freeze(&mut self, slot: usize) {
        if self.life(slot).is_none_or(|life| life.is_stopped) {
            return;
        }
        self.note("freeze", slot);
        self.expect_handover_of(slot, true);
        self.environment(slot, Environment::Leaving);
        self.halt(slot, true);
    }

    /// As a process that the system stops: it knows nothing of it.
    fn stop(&mut self, slot: usize) {
        if self.life(slot).is_none_or(|life| life.is_stopped) {
            return;
        }
        self.note("stop", slot);
        self.expect_handover_of(slot, false);
        self.halt(slot, false);
    }

    fn halt(&mut self, slot: usize, is_frozen: bool) {
        let span_ms = self.random.u64(500..60_000);
        let Some(life) = &mut self.slots[slot].life else { return };
        life.is_stopped = true;
        life.is_frozen = is_frozen;
        let life = life.number;
        self.plan_in(span_ms, Happening::Thaws { life });
    }

    fn cut_a_line(&mut self) {
        for slot in 0..self.slots.len() {
            if let Some(socket) = self.life(slot).and_then(|life| life.socket) {
                self.note("cut", slot);
                let deeds = self.server.closed(self.now_ms, socket);
                self.network.forget(socket);
                self.carry_out(deeds);
                self.plan_in(0, Happening::ClosureHeard { socket, code: 1006 });
            }
        }
    }

    fn make_a_hole(&mut self) {
        let way = if self.random.bool() { Way::ToGuest } else { Way::ToPlatform };
        for slot in 0..self.slots.len() {
            if let Some(socket) = self.life(slot).and_then(|life| life.socket) {
                self.note("hole", slot);
                self.network.swallow(socket, way);
            }
        }
    }

    fn note(&mut self, kind: &'static str, slot: usize) {
        self.count(kind);
        self.trace(|| format!("TROUBLE {kind} {slot}"));
    }
}
