//! Ten thousand clients after an outage, against a server that takes a thousand connections a minute: how long until
//! all are back, and how often each has tried. The clients are the real core; the server is a bucket of connections.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use guest_messenger::engine::{Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpAnswer, WireAction, WireInput};
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

use crate::agenda::Agenda;
use crate::scenario::EPOCH_MS;

pub const CLIENTS: usize = 10_000;
/// How the connections end: without a word, as a server goes away, as it restarts.
pub const CODES: [u16; 3] = [1006, 1001, 1012];
const OUTAGE_MS: u64 = 60_000;
const PER_MINUTE: u64 = 1_000;
const LATENCY_MS: u64 = 40;
const START_MS: u64 = 100_000;
/// Nobody waits longer for the end of the model.
const END_MS: u64 = 3_600_000;
/// What must be reached, by every client of every fleet.
pub const ALL_BACK_MAX_S: u64 = 720;
pub const ATTEMPTS_MAX: u32 = 12;
pub const FIRST_SECOND_MAX: usize = CLIENTS / 5;
/// From a single drop until messages can be sent again, on a server that has nothing else to do.
pub const HALF_USABLE_MAX_MS: u64 = 1_000;
pub const NEARLY_ALL_USABLE_MAX_MS: u64 = 3_000;

const CONFIG: &str =
    r#"{"id":"d","status":"Active","messenger":{"enabled":true,"apps":{"conversations":{"enabled":true}}}}"#;
const CONFIGURED: &str =
    r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":false}}"#;

/// How one policy fares after an outage: the worst of all fleets, and the mean of all clients.
#[derive(Clone, Debug, Default)]
pub struct Recovery {
    pub policy: String,
    /// Since the end of the outage.
    pub all_back_s: Option<u64>,
    pub attempts_mean: f64,
    /// Of the unluckiest client.
    pub attempts_most: u32,
    /// Attempts in the first second after the end of the outage.
    pub first_second: usize,
    pub rejected: u64,
}

impl Recovery {
    /// Whether this is what the widget must reach.
    pub fn is_good(&self) -> bool {
        self.all_back_s.is_some_and(|all_back_s| all_back_s <= ALL_BACK_MAX_S)
            && self.attempts_most <= ATTEMPTS_MAX
            && self.first_second <= FIRST_SECOND_MAX
    }

    /// The worst of fleets that go by one policy.
    fn worst_of(fleets: &[Recovery]) -> Recovery {
        let are_whole = fleets.iter().all(|fleet| fleet.all_back_s.is_some());
        let all_back_s = fleets.iter().filter_map(|fleet| fleet.all_back_s).max();
        Recovery {
            policy: fleets.first().map(|fleet| fleet.policy.clone()).unwrap_or_default(),
            all_back_s: all_back_s.filter(|_| are_whole),
            attempts_mean: fleets.iter().map(|fleet| fleet.attempts_mean).sum::<f64>() / fleets.len() as f64,
            attempts_most: fleets.iter().map(|fleet| fleet.attempts_most).max().unwrap_or_default(),
            first_second: fleets.iter().map(|fleet| fleet.first_second).max().unwrap_or_default(),
            rejected: fleets.iter().map(|fleet| fleet.rejected).max().unwrap_or_default(),
        }
    }
}

/// How long a single drop lasts, from the break until messages can be sent again.
#[derive(Clone, Copy, Debug)]
pub struct Drop {
    pub code: u16,
    pub half_ms: u64,
    pub nearly_all_ms: u64,
    pub all_ms: u64,
}

impl Drop {
    /// Whether this is what the widget must reach.
    pub fn is_good(&self) -> bool {
        self.half_ms <= HALF_USABLE_MAX_MS && self.nearly_all_ms <= NEARLY_ALL_USABLE_MAX_MS
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
    /// From when on connections are taken.
    healed_ms: u64,
    /// `None` takes every one.
    bucket: Option<Bucket>,
    attempts: Vec<u32>,
    /// When each one that is back came.
    back_ms: Vec<u64>,
    first_second: usize,
    rejected: u64,
}

impl Scene {
    fn outage() -> Scene {
        let healed_ms = START_MS + OUTAGE_MS;
        Scene { bucket: Some(Bucket { left: 0, filled_ms: healed_ms }), ..Scene::healthy(healed_ms) }
    }

    fn healthy(healed_ms: u64) -> Scene {
        Scene { healed_ms, bucket: None, attempts: vec![0; CLIENTS], back_ms: Vec::new(), first_second: 0, rejected: 0 }
    }

    /// One client attempts a connection. Answers whether it is taken.
    fn attempt(&mut self, now_ms: u64, client: usize) -> bool {
        self.attempts[client] += 1;
        if now_ms < self.healed_ms {
            return false;
        }
        self.first_second += usize::from(now_ms < self.healed_ms + 1_000);
        let is_taken = self.bucket.as_mut().is_none_or(|bucket| bucket.take(now_ms));
        self.rejected += u64::from(!is_taken);
        is_taken
    }

    fn is_over(&self) -> bool {
        self.back_ms.len() == CLIENTS
    }

    fn result(self, policy: &str) -> Recovery {
        let last_ms = self.back_ms.last().copied().filter(|_| self.is_over());
        Recovery {
            policy: policy.to_owned(),
            all_back_s: last_ms.map(|last_ms| (last_ms - self.healed_ms).div_ceil(1_000)),
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

/// The widget's own core, when the outage begins with a close of this code: the worst of so many fleets, each with
/// clients of its own luck.
pub fn run_core(code: u16, fleets: u64, threads: usize) -> Recovery {
    let next = AtomicU64::new(0);
    let recoveries = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let fleet = next.fetch_add(1, Ordering::Relaxed);
                    if fleet >= fleets {
                        break;
                    }
                    let result =
                        run_fleet(code, fleet, Scene::outage()).result(&format!("this widget, after close {code}"));
                    recoveries.lock().unwrap_or_else(PoisonError::into_inner).push(result);
                }
            });
        }
    });
    Recovery::worst_of(&recoveries.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The widget's own core, when a single connection breaks and the server is well: ten thousand times.
pub fn run_drop(code: u16) -> Drop {
    let scene = run_fleet(code, 0, Scene::healthy(START_MS));
    let spans_ms: Vec<u64> = scene.back_ms.iter().map(|back_ms| back_ms - START_MS).collect();
    // Those that never come back count as the longest.
    let of = |percent: usize| spans_ms.get((CLIENTS * percent).div_ceil(100) - 1).copied().unwrap_or(END_MS);
    Drop { code, half_ms: of(50), nearly_all_ms: of(99), all_ms: of(100) }
}

fn run_fleet(code: u16, fleet: u64, mut scene: Scene) -> Scene {
    let mut agenda = Agenda::default();
    let first = (fleet * u64::from(u16::MAX) + u64::from(code)) * CLIENTS as u64;
    let numbers = first..first + CLIENTS as u64;
    let mut clients: Vec<Option<Engine>> = numbers.map(|number| Some(live_client(number))).collect();
    for client in 0..CLIENTS {
        agenda.plan(START_MS, (client, Arrival::Closed(code)));
    }
    while let (Some(now_ms), Some((client, arrival))) = (agenda.next_at_ms(), agenda.take()) {
        if now_ms > START_MS + END_MS || scene.is_over() {
            break;
        }
        let Some(engine) = clients[client].as_mut() else { continue };
        for action in hand_over(engine, now_ms, arrival) {
            answer(action, now_ms, client, &mut scene, &mut agenda);
        }
        if matches!(arrival, Arrival::Configured) {
            scene.back_ms.push(now_ms);
            clients[client] = None;
        } else if let Some(at) = engine.poll_timeout() {
            // An earlier wake-up that is planned already does no harm.
            agenda.plan(at.0.max(now_ms), (client, Arrival::Timer));
        }
    }
    scene
}

/// Attempts at fixed intervals, as other clients make them. The first one comes at once.
pub fn run_fixed(interval_ms: u64) -> Recovery {
    let mut scene = Scene::outage();
    let mut agenda = Agenda::default();
    for client in 0..CLIENTS {
        agenda.plan(START_MS, (client, Arrival::Timer));
    }
    while let (Some(now_ms), Some((client, _))) = (agenda.next_at_ms(), agenda.take()) {
        if now_ms > START_MS + END_MS {
            break;
        }
        if scene.attempt(now_ms, client) {
            scene.back_ms.push(now_ms);
        } else {
            agenda.plan(now_ms + interval_ms, (client, Arrival::Timer));
        }
    }
    scene.result(&format!("fixed {} s, no jitter", interval_ms / 1_000))
}

/// # Errors
/// When it cannot be written.
pub fn write_table(out: &mut impl Write, fleets: u64, recoveries: &[Recovery]) -> io::Result<()> {
    writeln!(out, "{CLIENTS} clients, an outage of {} s, then {PER_MINUTE} connections a minute;", OUTAGE_MS / 1_000)?;
    writeln!(out, "the worst of {fleets} such fleets, and the mean of all their clients")?;
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
        "wanted: all back in {ALL_BACK_MAX_S} s, {ATTEMPTS_MAX} attempts at the most, {FIRST_SECOND_MAX} in the first second"
    )
}

/// # Errors
/// When it cannot be written.
pub fn write_drops(out: &mut impl Write, drops: &[Drop]) -> io::Result<()> {
    writeln!(out, "\na single drop on a healthy server, until messages can be sent again, {CLIENTS} times")?;
    writeln!(out, "{:<30} {:>10} {:>10} {:>10}", "", "half", "99 in 100", "all")?;
    for drop in drops {
        let name = format!("close {}", drop.code);
        writeln!(out, "{name:<30} {:>7} ms {:>7} ms {:>7} ms", drop.half_ms, drop.nearly_all_ms, drop.all_ms)?;
    }
    writeln!(out, "wanted: {HALF_USABLE_MAX_MS} ms and {NEARLY_ALL_USABLE_MAX_MS} ms")
}

fn answer(action: WireAction, now_ms: u64, client: usize, scene: &mut Scene, agenda: &mut Agenda<(usize, Arrival)>) {
    let at_ms = now_ms + LATENCY_MS;
    match action {
        WireAction::OpenSocket { .. } => {
            let is_taken = scene.attempt(now_ms, client);
            agenda.plan(at_ms, (client, if is_taken { Arrival::Opened } else { Arrival::Closed(1006) }));
        }
        WireAction::SendFrame(text) if text.expose().contains("configureSession") => {
            agenda.plan(at_ms, (client, Arrival::Configured));
        }
        WireAction::Fetch(call) => {
            let is_there = now_ms >= scene.healed_ms;
            agenda.plan(at_ms, (client, Arrival::Config { call: call.id, is_there }));
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
            let answer = HttpAnswer { status: 200, body: json::parse(CONFIG), ..HttpAnswer::default() };
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
    for command in [Command::Start(None), Command::Restore(Vec::new()), Command::OpenPanel] {
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
