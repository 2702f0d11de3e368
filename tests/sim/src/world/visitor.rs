//! The visitor, as the page lets them act.

use guest_messenger::session::content::{Answer, AnswerKind, Choice};
use guest_messenger::session::ids::EntryId;
use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::transcript::Delivery;
use guest_messenger::session::view::{Banner, Phase};

use super::World;
use crate::checks::broken;
use crate::happening::Happening;

impl World {
    pub(super) fn visitor_acts(&mut self) {
        if self.is_calm {
            return;
        }
        if self.tab.is_visible {
            self.visitor_uses_page();
        } else if self.chance(40) {
            self.environment(Environment::Visible);
        }
        let span_ms = self.about(self.scenario.visitor_pause_ms);
        self.plan_in(span_ms, Happening::Visitor);
    }

    fn visitor_uses_page(&mut self) {
        match self.random.u32(0..100) {
            0..=34 => self.visitor_says(),
            35..=49 => {
                let draft = format!("{}d", self.tab.composer);
                self.compose(draft);
                self.typing.on_compose(true);
                self.command(Command::Compose { has_text: true });
            }
            50..=52 => {
                self.compose(String::new());
                self.typing.on_compose(false);
                self.command(Command::Compose { has_text: false });
            }
            53..=62 => {
                let is_open = !self.tab.is_panel_open;
                self.open_panel(is_open);
            }
            63..=68 => self.command(Command::LoadOlder),
            69..=74 => {
                self.tab.scrolled_up = !self.tab.scrolled_up;
                self.plan_observation();
            }
            75..=79 => self.environment(Environment::Hidden),
            80..=86 => self.visitor_tends_failures(),
            87..=90 => self.visitor_moves_on(),
            91 => self.visitor_clears(),
            92..=93 => self.visitor_answers(),
            94 => self.visitor_reloads(),
            95..=97 => {
                for _ in 0..self.random.u32(3..12) {
                    self.visitor_says();
                }
            }
            _ => self.command(Command::Reconnect),
        }
    }

    pub(super) fn visitor_says(&mut self) {
        if !self.tab.is_panel_open {
            self.open_panel(true);
        }
        let text = self.messages.next_text();
        if self.tab.engine().check_text(&text).is_err() {
            return;
        }
        let before = self.messages.said_count();
        self.compose(String::new());
        self.typing.on_compose(false);
        self.command(Command::SendText(text));
        if self.messages.said_count() == before {
            self.judge(broken("I1", "a message was accepted and is not in the transcript"));
        }
    }

    fn visitor_answers(&mut self) {
        let entries = self.tab.view().transcript.entries();
        let offer = entries.iter().rev().find(|entry| entry.is_theirs() && !entry.body.items.is_empty());
        let Some((entry, to)) = offer.map(|offer| (offer.id, offer.server_id.clone())) else { return };
        let text = self.messages.next_text();
        let choice = Choice { payload: text.clone(), text, ..Choice::default() };
        let before = self.messages.said_count();
        self.command(Command::Answer(entry, Answer::press(AnswerKind::QuickReply, choice, to)));
        // An offer that is answered already takes no second answer, and so is no message.
        if self.messages.said_count() > before {
            self.typing.on_compose(false);
        }
    }

    fn visitor_tends_failures(&mut self) {
        let entries = self.tab.view().transcript.entries();
        let failed: Vec<EntryId> = entries
            .iter()
            .filter(|entry| matches!(entry.delivery, Delivery::Failed(_)))
            .map(|entry| entry.id)
            .collect();
        if failed.is_empty() {
            return;
        }
        let entry = self.pick(&failed);
        if self.chance(30) {
            self.messages.on_discard(entry);
            return self.command(Command::Discard(entry));
        }
        if self.tab.view().phase.can_write() {
            self.messages.on_retry(entry, self.meant_session());
            self.command(Command::Retry(entry));
        }
    }

    pub(super) fn visitor_moves_on(&mut self) {
        let view = self.tab.view();
        let is_refused = view.banner == Some(Banner::CannotConnect);
        match view.phase {
            Phase::ReadOnly | Phase::Ended(_) => {
                // What is said from here on is meant for the next one.
                self.knows_session = false;
                self.command(Command::StartNew);
            }
            Phase::Elsewhere | Phase::Unavailable(_) => self.command(Command::Reconnect),
            Phase::Starting | Phase::Live if is_refused => self.command(Command::Reconnect),
            Phase::Starting | Phase::Live => {}
        }
    }

    fn visitor_clears(&mut self) {
        if self.tab.view().can_clear && self.chance(30) {
            self.command(Command::Clear);
        }
    }

    fn visitor_reloads(&mut self) {
        // Nobody reloads without end: the platform would count that against the page.
        if self.last_reload_ms.is_some_and(|last_ms| self.now_ms < last_ms + 60_000) {
            return;
        }
        let is_crash = self.chance(50);
        self.tally.count_fault(if is_crash { "reload after a crash" } else { "reload" });
        self.reload(is_crash);
    }
}
