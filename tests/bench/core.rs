//! How many things that happen the core takes in a second: the real engine, natively, in virtual time. `npm run bench` runs it.
//!
//! A second of a lively conversation is one tick, what is in view, an agent who types and writes, a visitor who types, and
//! every other second writes, and the echo of that. What hands the inputs over and takes the outputs away is timed with it; making frames is not.

#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "a bench that fails says so, and heeds little of what comes out"
)]
#![expect(clippy::disallowed_methods, reason = "how long it really took")]

use guest_messenger::engine::{Api, Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use guest_messenger::session::Receipts;
use guest_messenger::session::ids::{EntryId, GuestToken};
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::output::Diff;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};
use std::io::Write;
use std::time::{Duration, Instant};

const ROUNDS: u64 = 400;
const ROUND_S: u64 = 50;
/// When the virtual clock stands at zero.
const EPOCH_MS: i64 = 1_792_000_000_000;
const CONFIG: &str = r#"{"id":"d","status":"Active","messenger":{"enabled":true,"apps":{"conversations":{"enabled":true,
    "showAgentTypingIndicator":true,"showUserTypingIndicator":true,"markdown":{"enabled":true}}}}}"#;
const CONFIGURED: &str =
    r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":true}}"#;

fn main() {
    let mut bench = Bench::begun();
    let (mut rounds_ns, mut reading_ns) = (Vec::new(), Vec::new());
    let mut inputs = 0;
    for round in 0..ROUNDS {
        (bench.inputs, bench.spent) = (0, Duration::ZERO);
        for second in round * ROUND_S..(round + 1) * ROUND_S {
            reading_ns.push(bench.live_through(second).as_nanos());
        }
        inputs += bench.inputs;
        rounds_ns.push(bench.spent.as_nanos() / u128::from(bench.inputs));
    }
    let figures = Json::map()
        .with("inputs", inputs)
        .with("inputsASecond", 1_000_000_000 / median(rounds_ns))
        .with("readingNs", median(reading_ns));
    writeln!(std::io::stdout(), "{}", figures.write()).expect("a place to write to");
}

/// What others do on this machine at the same time hardly moves it.
fn median(mut values: Vec<u128>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).map_or(0, |value| *value as u64)
}

struct Bench {
    engine: Engine,
    now_ms: u64,
    newest: Option<EntryId>,
    /// By their tracing ids.
    sent: Vec<String>,
    calls: Vec<HttpCall>,
    inputs: u64,
    spent: Duration,
}

impl Bench {
    /// A conversation that is up, in an open panel.
    fn begun() -> Bench {
        let settings = Settings {
            deployment_id: "7d1c2f0e-5b1a".to_owned(),
            endpoints: Endpoints::of_domain("mypurecloud.ie"),
            receipts: Receipts::Auto,
            has_tabs: false,
            api: Api::Guest,
        };
        let (newest, sent, calls) = (None, Vec::new(), Vec::new());
        let engine = Engine::new(settings, 1);
        let mut bench = Bench { engine, now_ms: 1_000, newest, sent, calls, inputs: 0, spent: Duration::ZERO };
        bench.command(Command::Start(None));
        bench.command(Command::Restore(Vec::new()));
        bench.command(Command::OpenPanel);
        bench.take(EngineInput::Session(Input::Token(GuestToken(Redacted::new(
            "11111111-2222-4333-8444-555555555555",
        )))));
        let call = bench.calls.pop().expect("the configuration is asked for");
        let answer = HttpAnswer {
            status: 200,
            retry_after: None,
            date: None,
            etag: None,
            remaining: None,
            body: json::parse(CONFIG),
        };
        bench.wire(WireInput::Answer { call: call.id, answer: Some(answer) });
        bench.wire(WireInput::SocketOpened);
        bench.frame(CONFIGURED);
        bench
    }

    /// One second of the conversation. Answers how long it took to read the agent's message from its text.
    fn live_through(&mut self, second: u64) -> Duration {
        self.now_ms += 1_000;
        self.take(EngineInput::Session(Input::Tick));
        self.command(Command::InView(self.newest.into_iter().collect()));
        self.frame(&body(r#""type":"Event","events":[{"eventType":"Typing","typing":{"type":"On"}}]"#, "t", second));
        let text = r#""type":"Text","originatingEntity":"Human","text":"It left our warehouse this morning.""#;
        let message = body(text, "a", second);
        let begun = Instant::now();
        let frame = json::parse(&message);
        let reading = begun.elapsed();
        self.wire(WireInput::Frame(frame));
        self.command(Command::Compose { has_text: true });
        // More would wait for the platform's limit.
        if second.is_multiple_of(2) {
            self.command(Command::SendText("Thank you!".to_owned()));
        }
        for tracing_id in std::mem::take(&mut self.sent) {
            let time = time(second, 500);
            self.frame(&format!(
                r#"{{"type":"response","class":"StructuredMessage","code":200,"tracingId":"{tracing_id}","body":{{"id":"{tracing_id}",
                "type":"Text","direction":"Inbound","text":"Thank you!","channel":{{"time":"{time}"}}}}}}"#,
            ));
        }
        reading
    }

    fn command(&mut self, command: Command) {
        self.take(EngineInput::Session(Input::Command(command)));
    }

    fn frame(&mut self, text: &str) {
        self.wire(WireInput::Frame(json::parse(text)));
    }

    fn wire(&mut self, input: WireInput) {
        self.take(EngineInput::Wire(input));
    }

    fn take(&mut self, input: EngineInput) {
        let now = Now { monotonic: Timestamp(self.now_ms), wall: WallTime(EPOCH_MS + self.now_ms.cast_signed()) };
        let begun = Instant::now();
        self.engine.handle(now, input);
        let outputs = self.engine.take_outputs();
        self.spent += begun.elapsed();
        self.inputs += 1;
        for output in outputs {
            match output {
                EngineOutput::Diff(Diff::Inserted { entry, .. }) => self.newest = Some(entry),
                EngineOutput::Wire(WireAction::Fetch(call)) => self.calls.push(call),
                EngineOutput::Wire(WireAction::SendFrame(frame)) => self.note_sent(frame.expose()),
                EngineOutput::Keep { number, .. } => {
                    self.take(EngineInput::Session(Input::Kept { number, is_kept: true }));
                }
                _ => {}
            }
        }
    }

    /// Only texts are echoed.
    fn note_sent(&mut self, frame: &str) {
        let frame = json::parse(frame);
        let is_text = |frame: &&Json| frame.get("message").is_some_and(|message| message.text("text").is_some());
        self.sent.extend(frame.as_ref().filter(is_text).and_then(|frame| frame.owned("tracingId")));
    }
}

fn body(what: &str, kind: &str, second: u64) -> String {
    let time = time(second, 0);
    format!(
        r#"{{"type":"message","class":"StructuredMessage","code":200,"body":{{"id":"{kind}-{second}","direction":"Outbound",{what},
        "channel":{{"time":"{time}","type":"Private","from":{{"nickname":"Ana"}}}}}}}}"#
    )
}

/// So many seconds after the epoch, which is 2026-10-14T17:46:40Z.
fn time(second: u64, ms: u64) -> String {
    let second = second + 17 * 3_600 + 46 * 60 + 40;
    let (day, hour, minute) = (14 + second / 86_400, second / 3_600 % 24, second / 60 % 60);
    format!("2026-10-{day:02}T{hour:02}:{minute:02}:{:02}.{ms:03}Z", second % 60)
}
