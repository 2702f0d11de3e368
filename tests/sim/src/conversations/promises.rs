//! What must hold, always and in the end.

use std::collections::{BTreeMap, BTreeSet};

use guest_messenger::engine::TypingDialect;
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::HttpCall;
use guest_messenger::session::output::Event;
use guest_messenger::session::transcript::Delivery;
use guest_messenger::session::view::Phase;

use super::ConversationsWorld;
use super::platform::Stored;
use crate::world::Violation;

/// Section 3 of the reference, less what the clock of a step hides.
const ON_INTERVAL_MS: u64 = 1_000;
/// I12.
const SOCKETS_PER_MINUTE: usize = 12;

#[derive(Debug, Default)]
pub(super) struct Promises {
    pub(super) counts: BTreeMap<&'static str, u64>,
    /// The first that was broken within a step.
    broken: Option<(&'static str, String)>,
    /// What the visitor has said.
    pub(super) accepted: Vec<String>,
    /// How often the visitor has asked for each to be sent again.
    retried: BTreeMap<String, u32>,
    pub(super) has_ended: bool,
    /// By conversation, in the platform's order.
    stored: BTreeMap<String, Vec<Stored>>,
    /// Calls that wait for their answer.
    open: BTreeSet<u32>,
    /// What each call is for, by its number.
    purposes: BTreeMap<u32, (String, String)>,
    request_ids: BTreeSet<String>,
    sockets: Vec<u64>,
    last_on: Option<u64>,
    /// The last word about typing that the platform has taken.
    is_typing: bool,
    receipts: BTreeSet<String>,
}

impl Promises {
    pub(super) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    pub(super) fn break_promise(&mut self, invariant: &'static str, detail: impl Into<String>) {
        self.broken.get_or_insert((invariant, detail.into()));
    }

    pub(super) fn on_page(&mut self) {
        self.open.clear();
        self.purposes.clear();
        self.last_on = None;
        self.sockets.clear();
    }

    pub(super) fn on_call(&mut self, now_ms: u64, call: &HttpCall) {
        self.count("calls");
        let header =
            |name: &str| call.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.expose());
        let id = header("X-Genesys-Request-Id").unwrap_or_default().to_owned();
        if id.is_empty() || !self.request_ids.insert(id) {
            self.break_promise("request id", "a call has none of its own");
        }
        let token = header("Authorization").and_then(|header| header.strip_prefix("Bearer ")).unwrap_or("-");
        if call.url.contains(token) && token != "-" {
            self.break_promise("I32", "a token stands in an address");
        }
        let body = call.body.as_ref().map(|body| body.expose().to_owned()).unwrap_or_default();
        let said = json::parse(&body).unwrap_or(Json::Null);
        if call.url.ends_with("/send") && said.text("type") == Some("typing") {
            self.break_promise("section 3", "typing is said to /send");
        }
        let is_on = said.bool("isTyping").or_else(|| said.bool("typing"));
        if is_on == Some(true) {
            if self.last_on.is_some_and(|last| now_ms < last + ON_INTERVAL_MS) {
                self.break_promise("I25", "more than one typing signal in a second");
            }
            self.last_on = Some(now_ms);
        }
        self.open.insert(call.id);
        self.purposes.insert(call.id, (call.url.clone(), body));
    }

    /// Answers whether the page still waits for it.
    pub(super) fn settle(&mut self, call: u32) -> bool {
        self.open.remove(&call)
    }

    /// The platform has answered.
    pub(super) fn on_answer(&mut self, is_of_this_page: bool, call: u32, status: u16) {
        let Some((url, body)) = self.purposes.get(&call).cloned().filter(|_| is_of_this_page) else { return };
        if !(200..300).contains(&status) {
            return;
        }
        let said = json::parse(&body).unwrap_or(Json::Null);
        if let Some(is_on) = said.bool("isTyping").or_else(|| said.bool("typing")) {
            self.is_typing = is_on;
        }
        if url.ends_with("/read") {
            self.count("receipts");
        }
        if url.contains("/messages/") && url.ends_with("/read") {
            self.receipts.insert(url);
        }
    }

    pub(super) fn on_socket(&mut self, now_ms: u64, url: &str) {
        if url.contains('?') {
            self.break_promise("I32", "the socket's address says too much");
        }
        self.sockets.retain(|at| now_ms - at < 60_000);
        self.sockets.push(now_ms);
        if self.sockets.len() > SOCKETS_PER_MINUTE {
            self.break_promise("I12", "more than twelve sockets in a minute");
        }
    }

    pub(super) fn on_event(&mut self, event: &Event) {
        if let Event::Ended { .. } = event {
            self.has_ended = true;
        }
    }

    pub(super) fn on_retry(&mut self, text: &str) {
        *self.retried.entry(text.to_owned()).or_default() += 1;
    }

    /// I9: no message is there more often than the visitor has wanted it. I6: and in one conversation only.
    pub(super) fn on_stored(&mut self, conversation: &str, stored: Stored) {
        if stored.author == "guest" {
            let all = self.stored.values().flatten().filter(|known| known.text == stored.text).count();
            let wanted = 1 + self.retried.get(&stored.text).copied().unwrap_or_default() as usize;
            if all + 1 > wanted {
                let detail = format!("{:?} ({:?}) is there {} times", stored.text, stored.client_id, all + 1);
                self.break_promise("I9", detail);
            }
            if !self.accepted.contains(&stored.text) {
                self.break_promise("I3", format!("nobody has said {:?}", stored.text));
            }
        }
        self.stored.entry(conversation.to_owned()).or_default().push(stored);
    }
}

impl ConversationsWorld {
    pub(super) fn check_always(&mut self) -> Result<(), Violation> {
        if let Some((invariant, detail)) = self.promises.broken.take() {
            return Err(self.violation(invariant, detail));
        }
        let mut ids = BTreeSet::new();
        for entry in self.engine.view().transcript.entries() {
            let is_new = entry.server_id.as_ref().is_none_or(|id| ids.insert(id.0.clone()));
            if !is_new {
                return Err(self.violation("I2", format!("{:?} is shown twice", entry.server_id)));
            }
        }
        Ok(())
    }

    /// With everything whole again.
    pub(super) fn check_the_end(&mut self) -> Result<(), Violation> {
        let view = self.engine.view();
        // I17: live, or over for a reason that the visitor is told.
        let is_over = matches!(view.phase, Phase::Ended(_) | Phase::Unavailable(_) | Phase::ReadOnly);
        if view.phase != Phase::Live && !is_over {
            return Err(self.violation("I17", format!("it is still {:?}", view.phase)));
        }
        // I7: acknowledged, or visibly failed.
        for entry in view.transcript.entries() {
            if !matches!(entry.delivery, Delivery::Sent | Delivery::Failed(_)) {
                return Err(self.violation("I7", format!("{:?} is {:?}", entry.body.text.expose(), entry.delivery)));
            }
        }
        // What is shown as sent is there; and what is there is shown, where history can be read.
        let there: BTreeSet<&str> =
            self.promises.stored.values().flatten().map(|stored| stored.text.as_str()).collect();
        let shown: BTreeSet<&str> = view.transcript.entries().iter().map(|entry| entry.body.text.expose()).collect();
        for entry in view.transcript.entries().iter().filter(|entry| entry.delivery == Delivery::Sent) {
            let text = entry.body.text.expose();
            if !text.is_empty() && !there.contains(text) {
                return Err(self.violation("I8", format!("{text:?} is shown as sent and is not there")));
            }
        }
        let is_simple = !self.promises.has_ended && self.promises.stored.len() <= 1;
        if view.phase == Phase::Live && is_simple && self.scene.platform.conversations_history {
            let mut newest = self.promises.stored.values().flatten().rev().take(10);
            if let Some(stored) = newest.find(|stored| !shown.contains(stored.text.as_str())) {
                return Err(self.violation("I8", format!("{:?} ({}) is not shown", stored.text, stored.id)));
            }
        }
        // I1: nothing that was accepted has vanished, as long as the conversation is the same.
        if is_simple && !is_over {
            for text in &self.promises.accepted {
                if !shown.contains(text.as_str()) && !there.contains(text.as_str()) {
                    return Err(self.violation("I1", format!("{text:?} has vanished")));
                }
            }
        }
        // I27: the last word about typing is that it is over. The web chat's has expired.
        let has_typing_calls = self.scene.typing != TypingDialect::Webchat;
        if has_typing_calls && self.promises.is_typing && view.phase == Phase::Live && self.scene.lost == 0 {
            self.promises.count("typing left to its expiry");
        }
        Ok(())
    }
}
