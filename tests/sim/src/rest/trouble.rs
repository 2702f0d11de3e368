//! What goes wrong with calls, tokens, answers, the socket, the clock and the page.

use guest_messenger::session::input::Environment;
use serde_json::{Value, json};

use super::{Happening, RestWorld};
use crate::network::Way;

const ROUTES: [&str; 7] = ["send", "send", "typing", "read", "webchat", "history", "open"];
const BUSY: [u16; 6] = [429, 429, 500, 502, 503, 504];
const REFUSALS: [u16; 8] = [400, 401, 403, 404, 409, 412, 413, 401];

impl RestWorld {
    pub(super) fn trouble(&mut self) {
        self.acts += 1;
        let pause_ms = self.random.u64(800..20_000);
        self.plan_in(pause_ms, Happening::Trouble);
        let span_ms = self.random.u64(500..20_000);
        match self.random.u8(0..20) {
            0..=3 => self.make_busy(),
            4 => self.refuse_calls(),
            5 | 6 => {
                let (route, status) = (self.route(), if self.random.bool() { 502 } else { 200 });
                let fault = json!({"kind": "http", "route": route, "html": true, "status": status, "count": 2});
                self.fault("html", &fault);
            }
            7 | 8 => {
                self.note("answers and requests are lost");
                self.checks.lossy_until_ms = self.now_ms + span_ms;
            }
            9 => {
                let fault =
                    json!({"kind": "http", "route": self.route(), "ms": span_ms, "count": self.random.u32(1..3)});
                self.fault("slow", &fault);
            }
            10 => {
                let lost = if self.random.bool() { "answer" } else { "request" };
                self.fault("cut", &json!({"kind": "http", "route": "send", "lost": lost}));
            }
            11 | 12 => {
                let code = [4001, 1000, 1001, 1006, 1008, 1012, 1013][self.random.usize(0..7)];
                self.fault("socket closed", &json!({"kind": "close", "code": code}));
            }
            13 => {
                let kind = ["drop", "duplicate", "delay", "reorder"][self.random.usize(0..4)];
                let count = self.random.u32(1..5);
                self.fault("events", &json!({"kind": kind, "direction": "to_guest", "count": count, "ms": span_ms}));
            }
            14 => {
                self.note("F39 the clock jumps");
                let jumps = [3_600_000, -3_600_000, 315_576_000_000, -315_576_000_000, 7_000];
                self.skew_ms = self.setting.skew_ms + jumps[self.random.usize(0..5)];
            }
            15 => self.upset_provider(span_ms),
            16 if self.setting.chosen.has_token_provider => self.fault("F34 tokens expire", &json!({"kind": "expire"})),
            16 => {}
            17 => {
                let is_told = self.random.bool();
                self.note(if is_told { "reload" } else { "crash" });
                self.reload(is_told);
            }
            18 => {
                self.note("no route");
                self.network.no_route_until_ms = self.now_ms + span_ms;
                self.cut();
            }
            _ => self.strike_otherwise(span_ms),
        }
    }

    /// Everything is whole.
    pub(super) fn heal(&mut self) {
        self.trace(|| "everything is whole".to_owned());
        self.control("DELETE", "/faults", &Value::Null);
        self.checks.lossy_until_ms = 0;
        self.provider.fails_until_ms = 0;
        self.provider.slow_until_ms = 0;
        self.network.no_route_until_ms = 0;
        self.crowded_until_ms = 0;
    }

    fn make_busy(&mut self) {
        let status = BUSY[self.random.usize(0..BUSY.len())];
        let mut fault = json!({
            "kind": "http", "route": self.route(), "status": status, "count": self.random.u32(1..7),
        });
        match self.random.u8(0..6) {
            0 => fault["retry_after"] = json!(self.random.u32(1..40)),
            1 => fault["retry_after_date_s"] = json!(self.random.u32(1..40)),
            2 => fault["retry_after"] = json!("soon"),
            3 => fault["retry_after"] = json!("-3"),
            _ => {}
        }
        self.fault(if status == 429 { "F37 429" } else { "F38 5xx" }, &fault);
    }

    fn refuse_calls(&mut self) {
        let status = REFUSALS[self.random.usize(0..REFUSALS.len())];
        let route = self.route();
        // Refused at the opening, a widget can only say so for good.
        let is_for_good = route == "open" || (status == 401 && !self.setting.chosen.has_token_provider);
        if !is_for_good || self.random.u8(0..8) == 0 {
            self.fault("refused", &json!({"kind": "http", "route": route, "status": status}));
        }
    }

    fn upset_provider(&mut self, span_ms: u64) {
        if self.random.bool() {
            self.note("F35 the provider fails");
            // Long enough, now and then, for three failures in a row.
            self.provider.fails_until_ms = self.now_ms + span_ms * self.random.u64(1..6);
        } else {
            self.note("F35 the provider is slow");
            self.provider.slow_until_ms = self.now_ms + span_ms;
        }
    }

    fn strike_otherwise(&mut self, span_ms: u64) {
        match self.random.u8(0..6) {
            0 => {
                let count = self.random.u32(1..3);
                self.fault("events refused", &json!({"kind": "refuse", "count": count, "status": 503}));
            }
            1 => self.fault("F34 tokens expire unheard", &json!({"kind": "close", "code": 4001, "on": "message"})),
            2 => {
                self.note("another writer");
                if let Some(conversation) = self.newest.clone() {
                    let body = json!({"custom_attributes": {"cart": self.random.u32(0..9)}});
                    self.control("POST", &format!("/conversations/{conversation}/webchat"), &body);
                }
            }
            3 => {
                self.note("F4, F5 the line is half open");
                self.go_deaf();
            }
            4 => {
                self.note("the limit is used up by others");
                self.crowded_until_ms = self.now_ms + span_ms;
            }
            _ => {
                self.note("offline");
                self.environment(Environment::Offline);
                self.environment(Environment::Online);
            }
        }
    }

    fn route(&mut self) -> &'static str {
        ROUTES[self.random.usize(0..ROUTES.len())]
    }

    /// One end of the events socket is gone, and nobody says so.
    fn go_deaf(&mut self) {
        let Some(socket) = self.page.socket else { return };
        self.network.swallow(socket, Way::ToGuest);
        if self.random.bool() {
            self.network.swallow(socket, Way::ToPlatform);
        }
    }

    pub(super) fn cut(&mut self) {
        if let Some(socket) = self.page.socket {
            self.closure_arrives(socket);
            self.plan_in(0, Happening::ClosureHeard { socket, code: 1006 });
        }
    }

    fn fault(&mut self, kind: &'static str, fault: &Value) {
        self.note(kind);
        self.trace(|| fault.to_string());
        self.control("POST", "/faults", fault);
    }

    fn note(&mut self, kind: &'static str) {
        self.count(kind);
        self.trace(|| format!("TROUBLE {kind}"));
    }
}
