//! Ten thousand clients after an outage, against a server that takes a thousand connections a minute: how long until
//! all are back, and how often each has tried. The clients are the real core; the server is a bucket of connections.

use std::collections::BTreeMap;
use std::io::{self, Write};

use guest_messenger::engine::{Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpAnswer, WireAction, WireInput};
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

use crate::scenario::EPOCH_MS;

pub const CLIENTS: usize = 10_000;
const OUTAGE_MS: u64 = 60_000;
const PER_MINUTE: u64 = 1_000;
const LATENCY_MS: u64 = 40;
const START_MS: u64 = 100_000;
/// Nobody waits longer for the end of the model.
const END_MS: u64 = 3_600_000;
/// What must be reached.
pub const ALL_BACK_MAX_S: u64 = 720;
pub const ATTEMPTS_MAX: f64 = 12.0;
pub const FIRST_SECOND_MAX: usize = CLIENTS / 5;

const CONFIG: &str =
    r#"{"id":"d","status":"Active","messenger":{"enabled":true,"apps":{"conversations":{"enabled":true}}}}"#;
const CONFIGURED: &str =
    r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":false}}"#;

/// How one policy fares.
#[derive(Clone, Debug, Default)]
pub struct Recovery {
    pub policy: String,
    /// Since the end of the outage.
    pub all_back_s: Option<u64>,
    pub attempts_mean: f64,
    pub attempts_most: u32,
    /// Attempts in the first second after the end of the outage.
    pub first_second: usize,
    pub rejected: u64,
}

impl Recovery {
    /// Whether this is what the widget must reach.
    pub fn is_good(&self) -> bool {
        self.all_back_s.is_some_and(|all_back_s| all_back_s <= ALL_BACK_MAX_S)
            && self.attempts_mean <= ATTEMPTS_MAX
            && self.first_second <= FIRST_SECOND_MAX
    }
}

/// A server that takes so many connections a minute, three seconds' worth at once at the most.
#[derive(Debug)]
struct Bucket {
    /// In units of a minute's millisecond: [`CONNECTION`] of them are one connection.
    left: u64,
    filled_ms: u64,
}

const CONNECTION: u64 = 60_000;
const BURST_MS: u64 = 3_000;

impl Bucket {
    fn take(&mut self, now_ms: u64) -> bool {
        self.left = (self.left + (now_ms - self.filled_ms) * PER_MINUTE).min(PER_MINUTE * BURST_MS);
        self.filled_ms = now_ms;
        let is_there = self.left >= CONNECTION;
        if is_there {
            self.left -= CONNECTION;
        }
        is_there
    }
}

/// What the fleet has done so far.
#[derive(Debug)]
struct Scene {
    bucket: Bucket,
    attempts: Vec<u32>,
    back: usize,
    last_back_ms: u64,
    first_second: usize,
    rejected: u64,
}

impl Scene {
    fn new() -> Scene {
        Scene {
            bucket: Bucket { left: 0, filled_ms: START_MS + OUTAGE_MS },
            attempts: vec![0; CLIENTS],
            back: 0,
            last_back_ms: 0,
            first_second: 0,
            rejected: 0,
        }
    }

    /// One client attempts a connection. Answers whether it is taken.
    fn attempt(&mut self, now_ms: u64, client: usize) -> bool {
        self.attempts[client] += 1;
        let healed_ms = START_MS + OUTAGE_MS;
        if now_ms < healed_ms {
            return false;
        }
        self.first_second += usize::from(now_ms < healed_ms + 1_000);
        let is_taken = self.bucket.take(now_ms);
        self.rejected += u64::from(!is_taken);
        is_taken
    }

    fn on_back(&mut self, now_ms: u64) {
        self.back += 1;
        self.last_back_ms = now_ms;
    }

    fn result(self, policy: &str) -> Recovery {
        let is_whole = self.back == CLIENTS;
        Recovery {
            policy: policy.to_owned(),
            all_back_s: is_whole.then(|| (self.last_back_ms - START_MS - OUTAGE_MS).div_ceil(1_000)),
            attempts_mean: self.attempts.iter().map(|count| f64::from(*count)).sum::<f64>() / CLIENTS as f64,
            attempts_most: self.attempts.iter().copied().max().unwrap_or_default(),
            first_second: self.first_second,
            rejected: self.rejected,
        }
    }
}

/// What reaches a client.
#[derive(Clone, Copy, Debug)]
enum Arrival {
    Timer,
    Opened,
    Closed(u16),
    Configured,
    /// The answer to a call for the configuration, if there is one.
    Config {
        call: u32,
        is_there: bool,
    },
}

/// Arrivals by their time.
#[derive(Debug, Default)]
struct Agenda {
    planned: BTreeMap<(u64, u64), (usize, Arrival)>,
    sequence: u64,
}

impl Agenda {
    fn plan(&mut self, at_ms: u64, client: usize, arrival: Arrival) {
        self.sequence += 1;
        self.planned.insert((at_ms, self.sequence), (client, arrival));
    }

    fn take(&mut self) -> Option<(u64, usize, Arrival)> {
        self.planned.pop_first().map(|((at_ms, _), (client, arrival))| (at_ms, client, arrival))
    }
}

/// The widget's own core, when the outage begins with a close of this code.
pub fn run_core(code: u16) -> Recovery {
    let mut scene = Scene::new();
    let mut agenda = Agenda::default();
    let mut clients: Vec<Option<Engine>> = (0..CLIENTS).map(|client| Some(live_client(client as u64))).collect();
    for client in 0..CLIENTS {
        agenda.plan(START_MS, client, Arrival::Closed(code));
    }
    while let Some((now_ms, client, arrival)) = agenda.take() {
        if now_ms > START_MS + END_MS || scene.back == CLIENTS {
            break;
        }
        let Some(engine) = clients[client].as_mut() else { continue };
        for action in hand_over(engine, now_ms, arrival) {
            answer(action, now_ms, client, &mut scene, &mut agenda);
        }
        if matches!(arrival, Arrival::Configured) {
            scene.on_back(now_ms);
            clients[client] = None;
        } else if let Some(at) = engine.poll_timeout() {
            // An earlier wake-up that is planned already does no harm.
            agenda.plan(at.0.max(now_ms), client, Arrival::Timer);
        }
    }
    scene.result(&format!("this widget, after close {code}"))
}

/// Attempts at fixed intervals, as other clients make them. The first one comes at once.
pub fn run_fixed(interval_ms: u64) -> Recovery {
    let mut scene = Scene::new();
    let mut agenda = Agenda::default();
    for client in 0..CLIENTS {
        agenda.plan(START_MS, client, Arrival::Timer);
    }
    while let Some((now_ms, client, _)) = agenda.take() {
        if now_ms > START_MS + END_MS {
            break;
        }
        if scene.attempt(now_ms, client) {
            scene.on_back(now_ms);
        } else {
            agenda.plan(now_ms + interval_ms, client, Arrival::Timer);
        }
    }
    scene.result(&format!("fixed {} s, no jitter", interval_ms / 1_000))
}

/// # Errors
/// When it cannot be written.
pub fn write_table(out: &mut impl Write, recoveries: &[Recovery]) -> io::Result<()> {
    writeln!(out, "{CLIENTS} clients, an outage of {} s, then {PER_MINUTE} connections a minute", OUTAGE_MS / 1_000)?;
    let head = ["all back", "attempts, mean", "most", "first second", "rejected"];
    writeln!(out, "{:<30} {:>10} {:>15} {:>6} {:>13} {:>9}", "policy", head[0], head[1], head[2], head[3], head[4])?;
    for recovery in recoveries {
        let all_back = recovery.all_back_s.map_or_else(|| "never".to_owned(), |all_back_s| format!("{all_back_s} s"));
        writeln!(
            out,
            "{:<30} {all_back:>10} {:>15.1} {:>6} {:>13} {:>9}",
            recovery.policy, recovery.attempts_mean, recovery.attempts_most, recovery.first_second, recovery.rejected
        )?;
    }
    writeln!(
        out,
        "wanted: all back in {ALL_BACK_MAX_S} s, {ATTEMPTS_MAX} attempts each on average, {FIRST_SECOND_MAX} in the first second"
    )
}

fn answer(action: WireAction, now_ms: u64, client: usize, scene: &mut Scene, agenda: &mut Agenda) {
    let at_ms = now_ms + LATENCY_MS;
    match action {
        WireAction::OpenSocket { .. } => {
            let is_taken = scene.attempt(now_ms, client);
            agenda.plan(at_ms, client, if is_taken { Arrival::Opened } else { Arrival::Closed(1006) });
        }
        WireAction::SendFrame(text) if text.expose().contains("configureSession") => {
            agenda.plan(at_ms, client, Arrival::Configured);
        }
        WireAction::Fetch(call) => {
            let is_there = now_ms >= START_MS + OUTAGE_MS;
            agenda.plan(at_ms, client, Arrival::Config { call: call.id, is_there });
        }
        WireAction::SendFrame(_) | WireAction::CloseSocket { .. } => {}
    }
}

/// Gives one arrival to the core and answers what it wants of the network.
fn hand_over(engine: &mut Engine, now_ms: u64, arrival: Arrival) -> Vec<WireAction> {
    let input = match arrival {
        Arrival::Timer => EngineInput::Session(Input::Tick),
        Arrival::Opened => EngineInput::Wire(WireInput::SocketOpened),
        Arrival::Closed(code) => EngineInput::Wire(WireInput::SocketClosed(code)),
        Arrival::Configured => EngineInput::Wire(WireInput::Frame(json::parse(CONFIGURED))),
        Arrival::Config { call, is_there } => {
            let answer = HttpAnswer { status: 200, retry_after: None, body: json::parse(CONFIG) };
            EngineInput::Wire(WireInput::Answer { call, answer: is_there.then_some(answer) })
        }
    };
    let wall = WallTime(i64::try_from(EPOCH_MS + now_ms).unwrap_or_default());
    engine.handle(Now { monotonic: Timestamp(now_ms), wall }, input);
    let mut actions = Vec::new();
    while let Some(output) = engine.poll_output() {
        if let EngineOutput::Wire(action) = output {
            actions.push(action);
        }
    }
    actions
}

/// Panel open, configured, long enough ago.
fn live_client(seed: u64) -> Engine {
    let endpoints = Endpoints::of_host("http://127.0.0.1:8080").unwrap_or_default();
    let settings = Settings { deployment_id: "d".to_owned(), endpoints, ..Settings::default() };
    let mut engine = Engine::new(settings, seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let start = Now { monotonic: Timestamp(1_000), wall: WallTime(0) };
    let token = GuestToken(Redacted::new(format!("token-{seed}")));
    for command in [Command::Start(None), Command::OpenPanel] {
        engine.handle(start, EngineInput::Session(Input::Command(command)));
    }
    engine.handle(start, EngineInput::Session(Input::Token(token)));
    while engine.poll_output().is_some() {}
    for (now_ms, arrival) in [
        (1_000, Arrival::Config { call: 1, is_there: true }),
        (1_050, Arrival::Opened),
        (1_100, Arrival::Configured),
        (START_MS - 30_000, Arrival::Timer),
        (START_MS - 29_900, Arrival::Configured),
    ] {
        hand_over(&mut engine, now_ms, arrival);
    }
    engine
}
