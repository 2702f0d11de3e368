//! The visitor, who uses one tab after the other, and the agent.

use guest_messenger::session::input::{Command, Environment};
use serde_json::json;

use super::{Happening, TabsWorld};

impl TabsWorld {
    pub(super) fn visit(&mut self) {
        self.acts += 1;
        let pause_ms = self.random.u64(50..6_000);
        self.plan_in(pause_ms, Happening::Visitor);
        let slot = self.random.usize(..self.slots.len());
        if self.life(slot).is_none_or(|life| life.is_stopped) {
            return;
        }
        match self.random.u8(0..10) {
            0..=3 => self.write(slot),
            4 => self.command(slot, Command::Compose { has_text: true }),
            5 | 6 => self.look(slot),
            7 => self.turn_to(slot),
            8 => self.command(slot, Command::OpenPanel),
            _ => self.command(slot, Command::ClosePanel),
        }
    }

    pub(super) fn speak(&mut self) {
        self.acts += 1;
        let pause_ms = self.random.u64(500..12_000);
        self.plan_in(pause_ms, Happening::Agent);
        let Some(conversation) = self.server.newest.clone() else { return };
        self.said += 1;
        let path = format!("/conversations/{conversation}/messages");
        let body = json!({"author": "agent", "name": "Ana", "text": format!("agent {}", self.said)});
        let deeds = self.server.control(self.now_ms, "POST", &path, &body);
        self.carry_out(deeds);
    }

    fn write(&mut self, slot: usize) {
        self.said += 1;
        let text = format!("guest {}", self.said);
        self.trace(|| format!("tab {slot} writes {text}"));
        self.count("messages");
        self.command(slot, Command::SendText(text));
    }

    /// The newest messages are in view.
    pub(super) fn look(&mut self, slot: usize) {
        let Some(life) = self.life(slot) else { return };
        let entries = life.engine.view().transcript.entries();
        let newest = entries.iter().rev().take(3).map(|entry| entry.id).collect();
        self.command(slot, Command::InView(newest));
    }

    /// This tab comes to the front, and those that were there are hidden.
    fn turn_to(&mut self, slot: usize) {
        for other in 0..self.slots.len() {
            let Some(life) = &mut self.slots[other].life else { continue };
            let is_visible = other == slot;
            if life.is_visible == is_visible || life.is_stopped {
                continue;
            }
            life.is_visible = is_visible;
            self.environment(other, if is_visible { Environment::Visible } else { Environment::Hidden });
        }
    }
}
