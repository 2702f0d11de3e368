//! What visitor, agent and trouble do.

use guest_messenger::session::ids::EntryId;
use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::transcript::Delivery;
use serde_json::json;

use super::ConversationsWorld;
use crate::scenario::EPOCH_MS;

const STATUSES: [u16; 9] = [400, 401, 403, 404, 412, 429, 500, 503, 504];
const ROUTES: [&str; 6] = ["open", "send", "typing", "read", "webchat", "history"];

impl ConversationsWorld {
    pub(super) fn act(&mut self) {
        match self.random.u8(..40) {
            0..10 => self.write(),
            10..15 => self.command(Command::Compose { has_text: true }),
            15 => self.command(Command::Compose { has_text: false }),
            16 => self.command(Command::Blur),
            17..22 => self.agent_writes(),
            22 => self.agent_types(),
            23..26 => self.look(),
            26 => self.retry(),
            27 => self.break_line(),
            28..34 => self.trouble(),
            34 => self.tokens_expire(),
            35 => self.hide_or_show(),
            36 => {
                self.promises.count("reloads");
                self.reload();
            }
            37 => self.jump(),
            38 => self.leave(),
            _ => self.end_perhaps(),
        }
    }

    fn write(&mut self) {
        self.said += 1;
        let text = format!("message {}", self.said);
        if self.engine.check_text(&text).is_ok() {
            self.promises.count("messages");
            self.promises.accepted.push(text.clone());
            self.command(Command::SendText(text));
        } else if self.random.bool() {
            self.command(Command::StartNew);
            self.command(Command::Reconnect);
        }
    }

    fn agent_writes(&mut self) {
        self.said += 1;
        let body = json!({"author": "agent", "text": format!("answer {}", self.said)});
        self.at_the_desk("messages", &body);
    }

    fn agent_types(&mut self) {
        self.at_the_desk("typing", &json!({}));
    }

    fn at_the_desk(&mut self, what: &str, body: &serde_json::Value) {
        if let Some(conversation) = self.stand.newest.clone() {
            self.stand.control(EPOCH_MS + self.now_ms, "POST", &format!("/conversations/{conversation}/{what}"), body);
            self.drain_stand();
        }
    }

    fn look(&mut self) {
        let entries = self.engine.view().transcript.entries();
        let from = self.random.usize(..entries.len() + 1);
        let seen: Vec<EntryId> = entries.iter().skip(from).take(5).map(|entry| entry.id).collect();
        self.command(Command::InView(seen));
    }

    fn retry(&mut self) {
        let entries = self.engine.view().transcript.entries();
        let failed = entries.iter().find(|entry| matches!(entry.delivery, Delivery::Failed(_)));
        if let Some((id, text)) = failed.map(|entry| (entry.id, entry.body.text.expose().to_owned())) {
            self.promises.count("messages sent again by the visitor");
            self.promises.on_retry(&text);
            self.command(Command::Retry(id));
        }
    }

    /// The platform says no for a while, in one way or another.
    fn trouble(&mut self) {
        let status = STATUSES[self.random.usize(..STATUSES.len())];
        let route = ROUTES[self.random.usize(..ROUTES.len())];
        let mut fault = json!({"kind": "http", "route": route, "status": status, "count": self.random.u32(1..4)});
        match self.random.u8(..6) {
            0 => fault["retry_after"] = json!(self.random.u32(..40).to_string()),
            1 => fault["retry_after_date_s"] = json!(self.random.u32(..40)),
            2 => fault["retry_after"] = json!("soon"),
            3 => fault["html"] = json!(true),
            4 => fault["lost"] = json!(if self.random.bool() { "request" } else { "answer" }),
            _ => {}
        }
        self.promises.count("faults");
        self.stand.control(EPOCH_MS + self.now_ms, "POST", "/faults", &fault);
        self.drain_stand();
    }

    fn tokens_expire(&mut self) {
        // A guest that has no provider has nothing left then.
        if self.scene.has_provider {
            self.promises.count("tokens expired");
            self.stand.control(EPOCH_MS + self.now_ms, "POST", "/faults", &json!({"kind": "expire"}));
            self.drain_stand();
        }
    }

    fn hide_or_show(&mut self) {
        let environment = if self.random.bool() { Environment::Hidden } else { Environment::Visible };
        self.environment(environment);
    }

    fn leave(&mut self) {
        self.environment(Environment::Leaving);
        if self.random.bool() {
            self.reload();
        } else {
            self.environment(Environment::Resumed);
        }
    }

    /// Ten years, an hour, or nothing.
    fn jump(&mut self) {
        let jumps = [315_360_000_000, -315_360_000_000, 3_600_000, -3_600_000, 0];
        self.clock_shift_ms = jumps[self.random.usize(..jumps.len())];
    }

    fn end_perhaps(&mut self) {
        if self.random.u8(..4) == 0 {
            self.promises.count("conversations ended by the agent");
            self.promises.has_ended = true;
            self.at_the_desk("disconnect", &json!({"read_only": true}));
        }
    }
}
