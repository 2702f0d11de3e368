//! The visitor and the agent.

use guest_messenger::session::ids::EntryId;
use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::transcript::{Delivery, Entry};
use guest_messenger::session::view::Phase;
use serde_json::json;

use super::{Happening, RestWorld};

impl RestWorld {
    pub(super) fn visit(&mut self) {
        self.acts += 1;
        let pause_ms = self.random.u64(50..6_000);
        self.plan_in(pause_ms, Happening::Visitor);
        if !self.page.is_there {
            return;
        }
        if self.is_over() && self.random.u8(0..4) == 0 {
            return self.start_new();
        }
        match self.random.u8(0..14) {
            0..=3 => self.write(),
            4..=6 => self.command(Command::Compose { has_text: true }),
            7 | 8 => self.look(),
            9 => self.turn(),
            10 => self.set_panel(true),
            11 => self.set_panel(false),
            12 => self.retry(),
            _ => self.command(Command::Blur),
        }
    }

    pub(super) fn speak(&mut self) {
        self.acts += 1;
        let pause_ms = self.random.u64(500..12_000);
        self.plan_in(pause_ms, Happening::Agent);
        let Some(conversation) = self.newest.clone() else { return };
        self.said += 1;
        let text = format!("agent {}", self.said);
        match self.random.u8(0..60) {
            0 => {
                self.control("POST", &format!("/conversations/{conversation}/disconnect"), &json!({"read_only": true}))
            }
            1..=9 => self.control("POST", &format!("/conversations/{conversation}/typing"), &json!({})),
            _ => {
                let body = json!({"author": "agent", "name": "Ana", "text": text});
                self.control("POST", &format!("/conversations/{conversation}/messages"), &body);
            }
        }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.page.engine.view().phase, Phase::Ended(_) | Phase::ReadOnly)
    }

    pub(super) fn start_new(&mut self) {
        self.trace(|| "starts anew".to_owned());
        self.count("conversations begun anew");
        self.checks.new_conversation();
        self.page.forget_calls();
        self.command(Command::StartNew);
    }

    /// The newest messages are in view.
    pub(super) fn look(&mut self) {
        let entries = self.page.engine.view().transcript.entries();
        let newest: Vec<EntryId> = entries.iter().rev().take(3).map(|entry| entry.id).collect();
        self.page.in_view.clone_from(&newest);
        self.command(Command::InView(newest));
    }

    pub(super) fn set_panel(&mut self, is_open: bool) {
        self.page.is_panel_open = is_open;
        self.command(if is_open { Command::OpenPanel } else { Command::ClosePanel });
    }

    pub(super) fn set_visible(&mut self, is_visible: bool) {
        if self.page.is_visible != is_visible {
            self.page.is_visible = is_visible;
            self.environment(if is_visible { Environment::Visible } else { Environment::Hidden });
        }
    }

    fn turn(&mut self) {
        self.set_visible(!self.page.is_visible);
    }

    fn write(&mut self) {
        self.said += 1;
        let text = format!("guest {}", self.said);
        if self.page.engine.check_text(&text).is_err() {
            return;
        }
        self.count("messages");
        self.trace(|| format!("writes {text}"));
        self.command(Command::SendText(text.clone()));
        let entries = self.page.engine.view().transcript.entries().iter().rev();
        let id = entries.filter(|entry| entry.body.text.expose() == text).find_map(|entry| entry.client_id.clone());
        match id {
            Some(id) => self.checks.accepted.push(id.0),
            None => self.breaks("I1", format!("{text} was taken and is nowhere")),
        }
    }

    /// The visitor sees that a message is not sent, and sends it again.
    fn retry(&mut self) {
        let is_failed = |entry: &&Entry| matches!(entry.delivery, Delivery::Failed(_));
        let entries = self.page.engine.view().transcript.entries();
        let Some((entry, id)) = entries.iter().find(is_failed).map(|entry| (entry.id, entry.client_id.clone())) else {
            return;
        };
        self.checks.retried.extend(id.map(|id| id.0));
        self.count("sent again by the visitor");
        self.command(Command::Retry(entry));
    }
}
