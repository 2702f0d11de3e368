//! The agent, through the control API.

use guest_messenger_sandbox::DisconnectKind;
use serde_json::{Value, json};

use super::World;
use crate::happening::Happening;
use crate::scenario::EPOCH_MS;

impl World {
    pub(super) fn agent_acts(&mut self) {
        if self.is_calm {
            return;
        }
        match self.random.u32(0..100) {
            0..=64 => self.agent_says(1),
            65..=82 => self.agent_types(),
            83..=92 => {
                let count = self.random.u32(2..6);
                self.agent_says(count);
            }
            93..=95 => self.agent_says_at_once(),
            _ => self.agent_leaves(),
        }
        let span_ms = self.about(self.scenario.agent_pause_ms);
        self.plan_in(span_ms, Happening::Agent);
    }

    pub(super) fn agent_says(&mut self, count: u32) {
        for _ in 0..count {
            let author = if self.chance(80) { "agent" } else { "bot" };
            let mut body = json!({"author": author, "text": self.next_agent_text()});
            if self.chance(10) {
                body["quick_replies"] = json!(["Yes", "No"]);
            }
            self.ask_desk("messages", &body);
        }
    }

    /// Two messages of the same millisecond.
    fn agent_says_at_once(&mut self) {
        let time = iso_time(self.now_ms);
        for _ in 0..2 {
            let channel = json!({"time": time, "type": "Private", "from": {"nickname": "Ann"}, "to": {}});
            let body = json!({"author": "agent", "text": self.next_agent_text(), "raw_body": {"channel": channel}});
            self.ask_desk("messages", &body);
        }
        self.tally.count_fault("F29 same millisecond");
    }

    pub(super) fn agent_types(&mut self) {
        let duration_ms = self.pick(&[500_u64, 5_000, 12_000, 600_000]);
        let field = self.pick(&["duration", "durationMs", "none"]);
        let off = self.chance(15);
        self.ask_desk("typing", &json!({"duration_ms": duration_ms, "field": field, "off": off}));
    }

    pub(super) fn agent_leaves(&mut self) {
        if !self.chance(25) {
            return;
        }
        let read_only = match self.scenario.settings.disconnect {
            DisconnectKind::ReadOnly => true,
            DisconnectKind::Send => false,
            DisconnectKind::Off => return,
        };
        self.ask_desk("disconnect", &json!({"read_only": read_only}));
        self.tally.count_fault("F48 the agent ends it");
    }

    pub(super) fn ask_desk(&mut self, verb: &str, body: &Value) {
        let Some(conversation) = self.server.newest.clone() else { return };
        let path = format!("/conversations/{conversation}/{verb}");
        let deeds = self.server.control(self.now_ms, "POST", &path, body);
        self.carry_out(deeds);
    }

    pub(super) fn next_agent_text(&mut self) -> String {
        self.agent_said += 1;
        format!("a{}", self.agent_said)
    }
}

fn iso_time(now_ms: u64) -> String {
    let time = i64::try_from(EPOCH_MS + now_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    time.map(|time| format!("{time:.3}")).unwrap_or_default()
}
