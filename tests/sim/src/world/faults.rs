//! What goes wrong, by the numbers of the project's catalogue of faults.

use guest_messenger::engine::EngineInput;
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::{Environment, Input, TabNews};
use guest_messenger::session::record::Record;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::WallTime;
use guest_messenger::stored::vault::Kept;
use guest_messenger::stored::{record, vault};
use serde_json::{Value, json};

use super::World;
use super::vault::read;
use crate::happening::Happening;
use crate::network::Way;

/// What is wrong just now, beyond what the platform's own faults do.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    /// So many frames of the platform are lost, come late and out of order, or come in so many copies more.
    pub(super) lost_frames: u32,
    pub(super) late_frames: u32,
    pub(super) copies: u32,
    /// The next message of the guest is lost together with its connection.
    pub(super) cuts_on_send: bool,
    /// So many connections break a second after their opening.
    pub(super) flaps: u32,
    /// Answered in the platform's place.
    pub(super) refusals: Vec<Refusal>,
    /// The computer sleeps, and the page is told nothing of it.
    pub(super) wakes_silently: bool,
    /// History pages to spoil.
    mangles: u32,
}

#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) is_of_configure: bool,
    pub(super) code: u16,
    pub(super) retry_after_s: Option<u64>,
}

/// Its name, how often in a hundred times it comes to pass when its turn comes, and what it does.
type Fault = (&'static str, u32, fn(&mut World));

const MINUTE_MS: u64 = 60_000;

/// Every kind of fault. Those after which nothing goes on are rare, so that the others get their time.
const FAULTS: &[Fault] = &[
    ("F1 connection killed", 100, |world| world.platform_fault(&json!({"kind": "kill"}))),
    ("F2 cut with a message under way", 100, |world| world.trouble.cuts_on_send = true),
    ("F3 cut between acceptance and echo", 100, |world| {
        world.platform_fault(&json!({"kind": "kill", "on": "message"}))
    }),
    ("F4 half-open both ways", 100, |world| world.swallow(&[Way::ToPlatform, Way::ToGuest])),
    ("F4 stall both ways", 100, |world| world.stall(&[Way::ToPlatform, Way::ToGuest])),
    ("F5 half-open to the platform", 100, |world| world.swallow(&[Way::ToPlatform])),
    ("F5 half-open to the guest", 100, |world| world.swallow(&[Way::ToGuest])),
    ("F5 stall to the platform", 100, |world| world.stall(&[Way::ToPlatform])),
    ("F5 stall to the guest", 100, |world| world.stall(&[Way::ToGuest])),
    ("F6 handshake hangs", 100, |world| {
        world.platform_fault(&json!({"kind": "hang_handshake"}));
        world.platform_fault(&json!({"kind": "kill"}));
    }),
    ("F7 handshakes refused", 100, |world| {
        world.platform_fault(&json!({"kind": "refuse", "status": 403, "count": 4}));
        world.platform_fault(&json!({"kind": "kill"}));
    }),
    ("F8 handshake 429 or 503", 100, |world| {
        let status = world.pick(&[429, 503]);
        world.platform_fault(&json!({"kind": "refuse", "status": status}));
        world.platform_fault(&json!({"kind": "kill"}));
    }),
    ("F9 close 1000", 100, |world| world.close(1000)),
    ("F10 close 1001, 1012, 1013", 100, |world| {
        let code = world.pick(&[1001, 1012, 1013]);
        world.close(code);
    }),
    ("F11 close 1008, 1002, 1003, 1007", 100, |world| {
        let code = world.pick(&[1008, 1002, 1003, 1007]);
        world.close(code);
    }),
    ("F12 close 1009", 100, |world| {
        world.platform_fault(&json!({"kind": "close", "on": "message", "code": 1009}));
    }),
    ("F14 flapping", 100, |world| {
        world.trouble.flaps = world.random.u32(2..12);
        world.platform_fault(&json!({"kind": "kill"}));
    }),
    ("F15 sleep", 100, |world| {
        let span_ms = world.pick(&[20_000, 5 * MINUTE_MS, 480 * MINUTE_MS]);
        world.trouble.wakes_silently = world.random.bool();
        if span_ms > MINUTE_MS && world.random.bool() {
            world.platform_fault(&json!({"kind": "kill"}));
        }
        world.fall_asleep(span_ms);
    }),
    ("F16 frozen", 100, |world| {
        world.environment(Environment::Hidden);
        world.fall_asleep(10 * MINUTE_MS);
    }),
    ("F18 back/forward cache", 100, |world| {
        world.environment(Environment::Leaving);
        let span_ms = world.pick(&[800, 30_000, 5 * MINUTE_MS]);
        world.fall_asleep(span_ms);
    }),
    ("F21 online without a route", 100, |world| {
        world.lose_route();
        world.environment(Environment::Online);
    }),
    ("F22 offline without reason", 100, |world| world.environment(Environment::Offline)),
    ("F23 captive portal", 100, |world| {
        for route in ["config", "history"] {
            world.platform_fault(&json!({"kind": "http", "route": route, "html": true, "count": 2}));
        }
    }),
    ("F24 no route", 100, |world| {
        world.lose_route();
        world.platform_fault(&json!({"kind": "kill"}));
    }),
    ("F26 frames repeated", 100, |world| world.trouble.copies = world.pick(&[1, 2, 20])),
    ("F27 frames reordered", 100, |world| world.trouble.late_frames = world.random.u32(1..5)),
    ("F28 frames lost", 100, |world| world.trouble.lost_frames = world.random.u32(1..4)),
    ("F31 more than a page arrives", 25, |world| world.agent_says(30)),
    ("F32 history 500", 100, |world| {
        let count = world.random.u32(1..5);
        world.platform_fault(&json!({"kind": "http", "route": "history", "status": 500, "count": count}));
    }),
    ("F32 history spoilt", 100, |world| world.trouble.mangles = world.random.u32(1..3)),
    ("F32 history late", 100, |world| {
        let span_ms = world.pick(&[2_000, 11_000, 20_000]);
        world.platform_fault(&json!({"kind": "http", "route": "history", "ms": span_ms, "count": 2}));
    }),
    ("F34, F35 history token refused", 100, |world| {
        let count = world.random.u32(1..6);
        world.platform_fault(&json!({"kind": "http", "route": "history", "status": 401, "count": count}));
    }),
    ("F34 session expires", 20, |world| world.platform_fault(&json!({"kind": "expire"}))),
    ("F34 session expires unheard", 20, |world| {
        world.platform_fault(&json!({"kind": "kill"}));
        world.platform_fault(&json!({"kind": "expire"}));
    }),
    ("F37 429 for messages", 100, |world| {
        let span_s = world.pick(&[1, 3, 20, 20, 3_000]);
        world.refuse_next(Refusal { is_of_configure: false, code: 429, retry_after_s: Some(span_s) });
    }),
    ("F37 429 for configure", 100, |world| {
        world.refuse_next(Refusal { is_of_configure: true, code: 429, retry_after_s: Some(30) });
        world.platform_fault(&json!({"kind": "kill"}));
    }),
    ("F37 429 over HTTP", 100, |world| {
        let route = world.pick(&["config", "history"]);
        let retry_after = world.pick(RETRY_AFTER);
        let fault = json!({"kind": "http", "route": route, "status": 429, "retry_after": retry_after});
        world.platform_fault(&fault);
    }),
    ("F38 500 for messages", 100, |world| {
        for _ in 0..world.random.u32(1..6) {
            world.refuse_next(Refusal { is_of_configure: false, code: 500, retry_after_s: None });
        }
    }),
    ("F38 500 for configure", 100, |world| {
        world.refuse_next(Refusal { is_of_configure: true, code: 503, retry_after_s: None });
        world.platform_fault(&json!({"kind": "kill"}));
    }),
    ("other refusals of messages", 100, |world| {
        let code = world.pick(&[400, 401, 408, 4010, 4011, 4013]);
        world.refuse_next(Refusal { is_of_configure: false, code, retry_after_s: None });
    }),
    ("configuration refused", 20, |world| {
        let status = world.pick(&[403, 404]);
        world.platform_fault(&json!({"kind": "http", "route": "config", "status": status}));
        world.reload(true);
    }),
    ("configure refused", 20, |world| {
        let code = world.pick(&[400, 401, 4017]);
        world.refuse_next(Refusal { is_of_configure: true, code, retry_after_s: None });
        world.platform_fault(&json!({"kind": "kill"}));
    }),
    ("F39 the clock jumps", 100, |world| {
        world.skew_ms += world.pick(&[3_600_000, -3_600_000, 86_400_000, -315_576_000_000, 315_576_000_000]);
    }),
    ("F40 storage full", 100, |world| world.tab.storage.is_broken = !world.tab.storage.is_broken),
    ("F41 storage emptied", 20, |world| {
        world.tab.storage.record = None;
        world.tab.storage.text = None;
        world.tab.storage.is_doubtful = true;
        world.empty_vault();
    }),
    ("F42 damaged vault", 20, World::damage_vault),
    ("F43 the vault hangs", 100, |world| {
        world.tab.vault.hangs_until_ms = world.now_ms + world.random.u64(1_000..8_000);
    }),
    ("F42 foreign record", 20, World::plant_record),
    ("F42 damaged record", 20, World::spoil_record),
    ("F44 a fourth connection", 20, World::open_rivals),
    ("F46 cleared in another tab", 20, |world| {
        if world.tab.asleep_until_ms.is_none() {
            world.feed(EngineInput::Session(Input::Tab(TabNews::Cleared)));
        }
    }),
    ("F47 signed in elsewhere", 20, |world| {
        let body = json!({"reason": "signedIn"});
        world.push(&json!({"type": "message", "class": "ConnectionClosedEvent", "code": 200, "body": body}));
        world.close(1000);
    }),
    ("the visitor is logged out", 20, |world| {
        world.push(&json!({"type": "message", "class": "LogoutEvent", "code": 200, "body": {}}));
    }),
    ("F50 to F52, F65 odd frames", 100, World::send_junk),
    ("F63 panel opened and closed at once", 100, |world| {
        for _ in 0..20 {
            let is_open = !world.tab.is_panel_open;
            world.open_panel(is_open);
        }
    }),
    ("F64 typing storm", 100, |world| {
        for _ in 0..20 {
            world.agent_types();
        }
    }),
];

/// Seconds, dates behind and ahead, and what is neither.
const RETRY_AFTER: &[&str] = &[
    "0",
    "2",
    " 7 ",
    "30",
    "Wed, 21 Oct 2026 07:28:00 GMT",
    "Sun, 21 Oct 2096 07:28:00 GMT",
    "soon",
    "",
    "1.5",
    "-5",
    "99999999999",
];

/// Frames that mean nothing, or not what they seem to.
const JUNK: &[&str] = &[
    "",
    "null",
    "[]",
    "{",
    "\u{feff}{}",
    r#"{"type":"message","class":"FutureEvent","code":200,"body":{"x":1}}"#,
    r#"{"type":"message","class":"StructuredMessage","code":200,"body":null}"#,
    r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"type":"Receipt","id":"x","status":"Read","direction":"Outbound"}}"#,
    r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"type":"Event","direction":"Outbound","events":[{"eventType":"CoBrowse"}]}}"#,
    r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"type":"Event","direction":"Outbound","events":[{"eventType":"Presence","presence":{"type":"Tea"}}]}}"#,
    r#"{"type":"response","class":"string","code":4999,"body":"Nobody knows this code"}"#,
    r#"{"type":"response","class":"string","code":200,"body":"pong"}"#,
    r#"{"type":"response","class":"string","code":500,"body":"About somebody else's request","tracingId":"nobody"}"#,
    r#"{"type":"response","class":"JwtResponse","code":200,"body":{"jwt":"unasked","exp":1}}"#,
    r#"{"type":"response","class":"SessionResponse","code":"200","body":7}"#,
    r#"{"type":"message","class":"AttachmentDeletedResponse","code":200,"body":{"attachmentId":"?"}}"#,
];

impl World {
    pub(super) fn fault_strikes(&mut self) {
        if self.is_calm {
            return;
        }
        let (name, percent, strike) = self.pick(FAULTS);
        if self.chance(percent) {
            self.tally.count_fault(name);
            self.trace("fault", || name.to_owned());
            strike(self);
        }
        let span_ms = self.about(self.scenario.fault_pause_ms);
        self.plan_in(span_ms, Happening::Fault);
    }

    /// Nothing is wrong any more, but for connections that died unheard.
    pub(super) fn end_trouble(&mut self) {
        let deeds = self.server.clear_faults(self.now_ms);
        self.carry_out(deeds);
        self.trouble = Trouble::default();
        self.tab.storage.is_broken = false;
        self.tab.vault.hangs_until_ms = 0;
    }

    /// Each kind of fault, whether it comes to pass or not.
    pub fn fault_names() -> impl Iterator<Item = &'static str> {
        FAULTS.iter().map(|(name, _, _)| *name)
    }

    pub(super) fn mangle_history(&mut self, text: String) -> String {
        if self.trouble.mangles == 0 {
            return text;
        }
        self.trouble.mangles -= 1;
        match self.random.u32(0..5) {
            0 => text.replacen("\"entities\"", "\"entries\"", 1),
            1 => text.replacen("\"pageCount\"", "\"pages\"", 1),
            2 => text.replacen("\"total\":", "\"total\":9", 1),
            3 => text.replacen("\"pageCount\":", "\"pageCount\":9", 1),
            _ => String::from("[1,2"),
        }
    }

    fn platform_fault(&mut self, fault: &Value) {
        let deeds = self.server.fault(self.now_ms, fault);
        self.carry_out(deeds);
    }

    fn close(&mut self, code: u16) {
        self.platform_fault(&json!({"kind": "close", "code": code, "reason": "<b>hostile</b>"}));
    }

    fn swallow(&mut self, ways: &[Way]) {
        if let Some(socket) = self.tab.socket {
            ways.iter().for_each(|way| self.network.swallow(socket, *way));
        }
    }

    fn stall(&mut self, ways: &[Way]) {
        let until_ms = self.now_ms + self.random.u64(500..90_000);
        ways.iter().for_each(|way| self.network.stall(*way, until_ms));
        if let Some(socket) = self.tab.socket.filter(|_| self.random.bool()) {
            self.agenda.plan(until_ms, Happening::Cut { socket });
        }
    }

    fn lose_route(&mut self) {
        self.network.no_route_until_ms = self.now_ms + self.random.u64(1_000..40_000);
    }

    fn refuse_next(&mut self, refusal: Refusal) {
        self.trouble.refusals.push(refusal);
    }

    /// A frame of the platform that nothing gave rise to.
    fn push(&mut self, frame: &Value) {
        if let Some(socket) = self.tab.socket {
            self.transmit(socket, frame.to_string());
        }
    }

    fn send_junk(&mut self) {
        let Some(socket) = self.tab.socket else { return };
        for _ in 0..self.random.u32(1..6) {
            let text = match self.random.u32(0..10) {
                0 => None,
                1 => Some("[".repeat(100_000)),
                _ => Some(self.pick(JUNK).to_owned()),
            };
            self.tell(socket, Happening::FrameHeard { socket, text });
        }
    }

    /// Three other clients with the same token: the oldest connection is closed by the platform.
    fn open_rivals(&mut self) {
        let Some(token) = self.token.clone().filter(|_| self.state.connection == "connected") else { return };
        for _ in 0..3 {
            let socket = self.network.open();
            let deeds = self.server.open(self.now_ms, socket);
            self.carry_out(deeds);
            let deployment = guest_messenger_sandbox::DEFAULT_DEPLOYMENT;
            let frame = json!({"action": "configureSession", "deploymentId": deployment, "token": token});
            let deeds = self.server.frame(self.now_ms, socket, &frame.to_string());
            self.carry_out(deeds);
            self.plan_in(30_000, Happening::ClosureArrives { socket });
        }
    }

    fn empty_vault(&mut self) {
        self.tab.vault.text.clear();
        self.tab.vault.kept = Kept::default();
        self.lose_vault();
    }

    /// What the vault holds is doubled, of another time, or of a version that nobody knows; the page is loaded anew.
    fn damage_vault(&mut self) {
        let unsent = &mut self.tab.vault.kept.unsent;
        match self.random.u32(0..6) {
            0 => unsent.extend(unsent.clone()),
            1 => unsent.iter_mut().for_each(|unsent| unsent.accepted_at = WallTime(0)),
            2 => unsent.iter_mut().for_each(|unsent| unsent.accepted_at = WallTime(i64::MAX)),
            3 => {
                self.empty_vault();
                return self.reload(true);
            }
            4 => {
                self.spoil_vault();
                return self.reload(true);
            }
            _ => {}
        }
        let text = vault::write(&self.tab.vault.kept);
        // Another build may have been there: what it has added is passed over.
        self.tab.vault.text = text.replacen('{', r#"{"added":[{"by":"another build"}],"#, 1);
        self.reload(true);
    }

    /// Cut off, of another version, or with a value of the wrong kind: what can still be read is what there is.
    fn spoil_vault(&mut self) {
        let text = spoilt(&self.tab.vault.text, &mut self.random);
        self.tab.vault.kept = read(&text);
        self.tab.vault.text = text;
        self.lose_vault();
        self.tab.vault.drafts.insert(0, (0, self.tab.vault.kept.draft.clone()));
    }

    /// The same of the record; or something that another build has added, which changes nothing.
    fn spoil_record(&mut self) {
        let Some(text) = self.tab.storage.text.clone() else { return };
        if self.random.bool() {
            self.tab.storage.text = Some(text.replacen('{', r#"{"added":"another build","#, 1));
        } else {
            self.tab.storage.text = Some(spoilt(&text, &mut self.random));
            // Whether it has expired is asked when the page comes back, and its clock may have jumped by then.
            self.tab.storage.record = self.read_record(WallTime(i64::MIN));
            self.tab.storage.is_doubtful = true;
        }
        self.reload(true);
    }

    /// The storage holds another session, one that has expired, or one that makes no sense; the page is loaded anew.
    fn plant_record(&mut self) {
        let wall = self.guest_now().wall;
        let expires_at =
            self.pick(&[None, Some(WallTime(0)), Some(WallTime(wall.0 + 60_000)), Some(WallTime(i64::MAX))]);
        let name = format!("foreign-{}", self.now_ms);
        let token = GuestToken(Redacted::new(name));
        let panel_open = self.random.bool();
        let record = Record { token, expires_at, read_mark: None, is_live: true, panel_open };
        self.tab.storage.text = Some(record::write(&record));
        self.tab.storage.record = Some(record);
        self.tab.storage.is_doubtful = true;
        self.reload(true);
    }
}

/// Cut off, of another version, or with a number where a word was or the other way round.
fn spoilt(text: &str, random: &mut fastrand::Rng) -> String {
    let end = (0..=random.usize(..=text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    match random.u32(0..6) {
        0 => text[..end].to_owned(),
        1 => text.replacen("\"v\":1", "\"v\":2", 1),
        2 => text.replacen("true", "\"true\"", 1),
        3 => text.replacen(":\"", ":7,\"was\":\"", 1),
        4 => text.replacen("null", "{}", 1),
        _ => text.replacen("[{", "[7,null,{", 1),
    }
}
