//! What must come true once everything is whole.

use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::transcript::Delivery;
use guest_messenger::session::view::Phase;

use serde_json::json;

use super::RestWorld;

/// The longest wait that a platform asks for here, what the breaker adds, and history in between.
const RECOVERY_MS: u64 = 300_000;
const OPENING_MS: u64 = 30_000;
/// To see a message and to say so.
const READING_MS: u64 = 90_000;

impl RestWorld {
    /// Everything is whole, and stays so for a while.
    pub(super) fn recover(&mut self) {
        self.is_calm = true;
        self.heal();
        if !self.page.is_there {
            self.run_until(self.now_ms + 30_000);
        }
        // What an events socket has lost is found at the next opening, or by history, where there is one.
        if !self.setting.platform.conversations_history {
            self.cut();
        } else if self.random.bool() {
            self.control("POST", "/faults", &json!({"kind": "kill"}));
        }
        self.set_visible(true);
        self.environment(Environment::Visible);
        self.set_panel(true);
        self.run_until(self.now_ms + RECOVERY_MS);
        self.count("recoveries");
        if matches!(self.page.engine.view().phase, Phase::Unavailable(_)) {
            // It says why; only a new page tries again.
            self.count("refused for good");
            self.reload(true);
            self.run_until(self.now_ms + RECOVERY_MS);
        } else if self.is_over() {
            self.count("over in the end");
            self.judge_ended();
            self.start_new();
            self.run_until(self.now_ms + RECOVERY_MS);
            if self.is_over() {
                // A page that names a conversation that is over says so again after each reload.
                self.start_new();
                self.run_until(self.now_ms + RECOVERY_MS);
            }
        }
        if self.violation.is_none() {
            self.judge();
        }
    }

    fn is_live(&self) -> bool {
        self.page.engine.view().phase == Phase::Live && self.page.socket.is_some()
    }

    fn judge(&mut self) {
        // Tokens may be so short-lived that the line has just been closed once more.
        let until_ms = self.now_ms + OPENING_MS;
        while self.violation.is_none() && self.now_ms < until_ms && !self.is_live() && self.step() {}
        let phase = self.page.engine.view().phase;
        if !self.is_live() {
            return self.breaks("I17", format!("everything is whole, and the conversation is {phase:?}"));
        }
        self.look();
        self.run_until(self.now_ms + READING_MS);
        let entries = self.page.engine.view().transcript.entries();
        let waiting = entries
            .iter()
            .find(|entry| matches!(entry.delivery, Delivery::Queued | Delivery::Sending | Delivery::Unknown));
        if let Some(entry) = waiting {
            let detail = format!("{} is neither acknowledged nor failed", entry.body.text.expose());
            return self.breaks("I7", detail);
        }
        self.judge_messages();
        self.judge_typing();
        self.judge_receipts();
        self.command(Command::InView(Vec::new()));
        self.page.in_view.clear();
    }
}
