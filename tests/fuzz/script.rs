//! A conversation written as lines, and what must hold after each of them. The fuzzer makes such scripts up; the tests
//! replay the ones that found something.
//!
//! | line | meaning |
//! | --- | --- |
//! | `+` | the socket opens |
//! | `- 1006` | it closes with this code |
//! | `= 200 {…}` | the last HTTP call is answered; `= 429;30` names a Retry-After |
//! | `~` | no answer comes |
//! | `> text` | the visitor sends this |
//! | `! o` | the visitor does something else, by its letter |
//! | `? h` | the browser tells something of the page, by its letter |
//! | `* 5000` | so many milliseconds pass |
//! | anything else | a frame of the platform; `@0` stands for the tracing id of the last frame sent, `@1` of the one before |

use std::collections::BTreeSet;

use guest_messenger::engine::{Api, Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpAnswer, WireAction, WireInput};
use guest_messenger::session::Receipts;
use guest_messenger::session::content::{Answer, AnswerKind, Author, Choice, Item};
use guest_messenger::session::ids::{EntryId, GuestToken};
use guest_messenger::session::input::{Command, Environment, Input, TabNews};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};
use guest_messenger::session::transcript::{Delivery, Entry, Transcript};
use guest_messenger::session::view::Phase;

const CONFIG: &str = r#"{"messenger":{"enabled":true,"apps":{"conversations":{"showAgentTypingIndicator":true,
    "showUserTypingIndicator":true,"conversationClear":{"enabled":true}}}},"guestMessenger":{"readReceipts":true}}"#;
const CONFIGURED: &str = r#"{"class":"SessionResponse","code":200,"body":{"connected":true,"newSession":true}}"#;

/// 2026-10-14, when the virtual clock stands at zero.
const EPOCH_MS: i64 = 1_792_000_000_000;
/// A script that waits longer than this in one line tells nothing new.
const WAIT_MAX_MS: u64 = 4 * 24 * 3_600_000;
/// So many wake-ups at one moment are a loop.
const WAKE_UPS_AT_ONCE_MAX: u32 = 20;
const WAKE_UPS_MAX: u32 = 2_000;
const ATTEMPTS_PER_MINUTE_MAX: usize = 12;

/// Plays a script from a live conversation on.
///
/// # Panics
/// When the engine panics, or something does not hold that must.
pub(crate) fn play(script: &[u8]) {
    // Otherwise the fuzzer soon knows the ids that the session is going to make, which nobody can.
    let seed = script.iter().fold(0, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let mut stage = Stage::live(seed);
    for line in script.split(|byte| *byte == b'\n') {
        stage.play_line(&String::from_utf8_lossy(line));
    }
    stage.assert_goes_on();
}

/// The engine with everything around it that a browser would be.
pub(crate) struct Stage {
    engine: Engine,
    now_ms: u64,
    last_call: u32,
    /// Of the frames sent.
    tracing_ids: Vec<String>,
    attempts_ms: Vec<u64>,
}

impl Stage {
    /// Panel open, configured.
    pub(crate) fn live(seed: u64) -> Stage {
        let settings = Settings {
            deployment_id: "fuzzed".to_owned(),
            endpoints: Endpoints::of_domain("mypurecloud.ie"),
            receipts: Receipts::Auto,
            has_tabs: false,
            api: Api::Guest,
        };
        let engine = Engine::new(settings, seed);
        let mut stage = Stage { engine, now_ms: 1_000, last_call: 0, tracing_ids: Vec::new(), attempts_ms: Vec::new() };
        stage.command(Command::Start(None));
        stage.command(Command::Restore(Vec::new()));
        stage.command(Command::OpenPanel);
        stage.answer(Some(HttpAnswer { status: 200, body: json::parse(CONFIG), ..HttpAnswer::default() }));
        stage.wire(WireInput::SocketOpened);
        stage.frame(CONFIGURED);
        assert_eq!(stage.engine.view().phase, Phase::Live);
        stage
    }

    pub(crate) fn play_line(&mut self, line: &str) {
        let mut characters = line.chars();
        let kind = characters.next();
        let rest = characters.as_str().trim_start();
        match kind {
            Some('+') => self.wire(WireInput::SocketOpened),
            Some('-') => self.wire(WireInput::SocketClosed(rest.parse().unwrap_or(1006))),
            Some('=') => self.answer(Some(read_answer(rest))),
            Some('~') => self.answer(None),
            Some('>') => self.command(Command::SendText(rest.to_owned())),
            Some('!') => self.visit(rest),
            Some('?') => self.tell_page(rest),
            Some('*') => self.wait(rest.parse().unwrap_or(1_000)),
            _ => self.frame(line),
        }
        self.assert_order();
    }

    /// A text frame, as the native reader takes it.
    pub(crate) fn frame(&mut self, text: &str) {
        let mut text = text.to_owned();
        for (back, id) in self.tracing_ids.iter().rev().take(4).enumerate() {
            text = text.replace(&format!("@{back}"), id);
        }
        self.wire(WireInput::Frame(json::parse(&text)));
    }

    /// What an agent says next is shown, as long as the conversation goes on.
    pub(crate) fn assert_goes_on(&mut self) {
        if self.engine.view().phase != Phase::Live {
            return;
        }
        let before = self.entries().len();
        self.frame(
            r#"{"class":"StructuredMessage","body":{"id":"proof of life","text":"here","direction":"Outbound"}}"#,
        );
        assert_eq!(self.entries().len(), before + 1, "an agent's message is not shown any more");
    }

    /// What shows in what order: I2 and I4 of the project's invariants.
    pub(crate) fn assert_order(&self) {
        let entries = self.entries();
        let is_settled = |entry: &Entry| entry.delivery == Delivery::Sent;
        let settled = entries.iter().take_while(|entry| is_settled(entry)).count();
        assert!(!entries[settled..].iter().any(is_settled), "a settled message stands behind a pending one");
        assert!(entries[..settled].is_sorted_by_key(|entry| entry.time), "messages are out of order");
        assert_unlike(entries.iter().map(|entry| entry.id), "an entry");
        assert_unlike(entries.iter().filter_map(|entry| entry.server_id.as_ref()), "a message of the platform");
        assert_unlike(entries.iter().filter_map(|entry| entry.client_id.as_ref()), "a message of the guest");
    }

    fn visit(&mut self, letter: &str) {
        let all: Vec<EntryId> = self.entries().iter().map(|entry| entry.id).collect();
        let failed = self.entries().iter().rev().find(|entry| matches!(entry.delivery, Delivery::Failed(_)));
        let failed = failed.map(|entry| entry.id).unwrap_or(EntryId(0));
        self.command(match letter.chars().next() {
            Some('o') => Command::OpenPanel,
            Some('c') => Command::ClosePanel,
            Some('l') => Command::LoadOlder,
            Some('n') => Command::StartNew,
            Some('r') => Command::Reconnect,
            Some('x') => Command::Clear,
            Some('k') => Command::Compose { has_text: true },
            Some('e') => Command::Compose { has_text: false },
            Some('y') => Command::Retry(failed),
            Some('d') => Command::Discard(failed),
            Some('a') => match self.last_offer() {
                Some((entry, answer)) => Command::Answer(entry, answer),
                None => return,
            },
            _ => Command::InView(all),
        });
    }

    fn last_offer(&self) -> Option<(EntryId, Answer)> {
        self.entries().iter().rev().filter(|entry| entry.author != Author::Guest).find_map(|entry| {
            let choice = entry.body.items.iter().find_map(|item| match item {
                Item::QuickReply(reply) => Some((String::from("reply"), reply)),
                Item::Offer(offer) => Some((offer.title.clone(), &offer.data)),
                _ => None,
            })?;
            let (text, data) = choice;
            let choice = Choice { text, payload: data.expose().to_owned(), ..Choice::default() };
            Some((entry.id, Answer::press(AnswerKind::QuickReply, choice, entry.server_id.clone())))
        })
    }

    fn tell_page(&mut self, letter: &str) {
        let environment = match letter.chars().next() {
            Some('v') => Environment::Visible,
            Some('h') => Environment::Hidden,
            Some('n') => Environment::Online,
            Some('f') => Environment::Offline,
            Some('l') => Environment::Leaving,
            Some('c') => return self.input(EngineInput::Session(Input::Tab(TabNews::Cleared))),
            _ => Environment::Resumed,
        };
        self.input(EngineInput::Session(Input::Environment(environment)));
    }

    /// Lets time pass, waking the engine whenever it wants to be woken.
    fn wait(&mut self, span_ms: u64) {
        let end_ms = self.now_ms.saturating_add(span_ms.min(WAIT_MAX_MS));
        let (mut at_once, mut in_all) = (0, 0);
        while let Some(at) = self.engine.poll_timeout().filter(|at| at.0 <= end_ms && in_all < WAKE_UPS_MAX) {
            at_once = if at.0 > self.now_ms { 0 } else { at_once + 1 };
            in_all += 1;
            assert!(at_once < WAKE_UPS_AT_ONCE_MAX, "the engine wants to be woken again and again");
            self.now_ms = self.now_ms.max(at.0);
            self.input(EngineInput::Session(Input::Tick));
        }
        self.now_ms = end_ms;
    }

    fn answer(&mut self, answer: Option<HttpAnswer>) {
        self.wire(WireInput::Answer { call: self.last_call, answer });
    }

    fn command(&mut self, command: Command) {
        self.input(EngineInput::Session(Input::Command(command)));
    }

    fn wire(&mut self, input: WireInput) {
        self.input(EngineInput::Wire(input));
    }

    fn input(&mut self, input: EngineInput) {
        // Each message and each event of a frame may say a few things.
        let outputs_max = 2_000 + 8 * nodes_of(&input) + 8 * self.entries().len();
        let wall = WallTime(EPOCH_MS.saturating_add_unsigned(self.now_ms));
        self.engine.handle(Now { monotonic: Timestamp(self.now_ms), wall }, input);
        let mut caused = Vec::new();
        let mut outputs = 0;
        while let Some(output) = self.engine.poll_output() {
            outputs += 1;
            assert!(outputs <= outputs_max, "one input has {outputs} outputs");
            match output {
                EngineOutput::Wire(action) => self.on_action(action),
                EngineOutput::MakeToken => caused.push(Input::Token(GuestToken(Redacted::new("guest-token")))),
                EngineOutput::Keep { number, .. } => caused.push(Input::Kept { number, is_kept: true }),
                EngineOutput::Persist(_)
                | EngineOutput::Forget
                | EngineOutput::Share(_)
                | EngineOutput::Adopt
                | EngineOutput::AskSignIn
                | EngineOutput::Upload { .. }
                | EngineOutput::OpenFile { .. }
                | EngineOutput::AskToken
                | EngineOutput::Event(_)
                | EngineOutput::Diff(_) => {}
            }
        }
        for input in caused {
            self.input(EngineInput::Session(input));
        }
    }

    fn on_action(&mut self, action: WireAction) {
        match action {
            WireAction::SendFrame(text) => {
                let frame = json::parse(text.expose()).expect("what is sent is JSON");
                assert!(frame.text("token").is_some(), "a frame without token");
                self.tracing_ids.push(frame.text("tracingId").expect("a tracing id").to_owned());
            }
            WireAction::Fetch(call) => self.last_call = call.id,
            WireAction::OpenSocket { .. } => {
                self.attempts_ms.retain(|at_ms| self.now_ms - at_ms <= 60_000);
                self.attempts_ms.push(self.now_ms);
                assert!(self.attempts_ms.len() <= ATTEMPTS_PER_MINUTE_MAX, "too many connections in a minute");
            }
            WireAction::CloseSocket { .. } => {}
        }
    }

    fn entries(&self) -> &[Entry] {
        let transcript: &Transcript = self.engine.view().transcript;
        transcript.entries()
    }
}

/// `200 body` or `429;30 body`.
fn read_answer(text: &str) -> HttpAnswer {
    let (head, body) = text.split_once(' ').unwrap_or((text, ""));
    let (status, retry_after) = match head.split_once(';') {
        Some((status, retry_after)) => (status, Some(retry_after.to_owned())),
        None => (head, None),
    };
    HttpAnswer { status: status.parse().unwrap_or(200), retry_after, body: json::parse(body), ..HttpAnswer::default() }
}

fn nodes_of(input: &EngineInput) -> usize {
    match input {
        EngineInput::Wire(
            WireInput::Frame(Some(tree)) | WireInput::Answer { answer: Some(HttpAnswer { body: Some(tree), .. }), .. },
        ) => count_nodes(tree),
        EngineInput::Wire(_) | EngineInput::Session(_) | EngineInput::Tab(_) | EngineInput::AccessToken(_) => 0,
    }
}

fn count_nodes(tree: &Json) -> usize {
    match tree {
        Json::List(items) => 1 + items.iter().map(count_nodes).sum::<usize>(),
        Json::Map(pairs) => 1 + pairs.iter().map(|(_, value)| count_nodes(value)).sum::<usize>(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => 1,
    }
}

fn assert_unlike<T: Ord>(items: impl Iterator<Item = T>, what: &str) {
    let mut seen = BTreeSet::new();
    for item in items {
        assert!(seen.insert(item), "{what} is there twice");
    }
}
