//! The same guests in virtual time, against a platform that keeps to its published limits: a thousand new connections a
//! minute, sixty requests a minute and connection, two messages a second and session (guest API reference, section 18), or
//! a hundred calls a second and client (conversations APIs reference, section 1).

mod limits;
mod platform;
mod rest;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use guest_messenger::engine::{self, ConversationsSettings, Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::wire::{WireAction, WireInput};
use guest_messenger::session::ids::{EntryId, GuestToken, uuid_v4};
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::output::Event;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};
use indicatif::ProgressBar;
use tokio::time::Duration;

use crate::arguments::{Api, Simulation};
use crate::tally::Tally;
use limits::{MINUTE_MS, Times};
use platform::{Connection, Platform};
use rest::RestPlatform;

/// One way.
const LATENCY_MS: u64 = 40;
/// 2026-11-21, for what the platform dates.
const EPOCH_MS: u64 = 1_795_219_200_000;
/// From the first key press to the message.
const TYPES_FOR_MS: u64 = 400;
/// Until somebody asks for what has failed to be sent again.
const INSISTS_AFTER_MS: u64 = 10_000;
/// A guest whose message is not confirmed after this long gives up.
const SETTLE_MS: u64 = 15 * MINUTE_MS;

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) tally: Tally,
    pub(crate) virtual_ms: u64,
    /// From arriving to being connected.
    pub(crate) connect_ms: [u64; 3],
    pub(crate) connections_refused: u64,
    /// Frames or calls that the platform answered with 429, because a guest or the site went beyond its limits.
    pub(crate) too_fast: u64,
    pub(crate) waiting_most: usize,
    /// By the conversations API: how many in all, and in the busiest second.
    pub(crate) calls: Option<(u64, u64)>,
    /// No guest can know what the others of the same client ask for.
    is_client_shared: bool,
}

impl Outcome {
    pub(crate) fn is_good(&self) -> bool {
        self.tally.lost() == 0 && self.tally.duplicated == 0 && (self.too_fast == 0 || self.is_client_shared)
    }
}

#[derive(Debug)]
struct Guest {
    engine: Engine,
    random: fastrand::Rng,
    connection: Option<Connection>,
    calls: Times,
    /// What an earlier line still brings is of no concern.
    line: u32,
    arrived_ms: u64,
    is_connected: bool,
    has_been_connected: bool,
    written: u32,
    accepted_ms: BTreeMap<EntryId, u64>,
    /// For when a wake-up is planned.
    wakes_ms: Option<u64>,
}

#[derive(Debug)]
enum Arrival {
    Guest,
    Wake,
    Type,
    Write,
    /// On a message that has failed.
    Insist(EntryId),
    GiveUp,
    Socket {
        line: u32,
        input: WireInput,
    },
    Answer(WireInput),
}

struct World<'a> {
    plan: &'a Simulation,
    agenda: BinaryHeap<Reverse<(u64, u64, u32)>>,
    arrivals: BTreeMap<u64, Arrival>,
    sequence: u64,
    guests: BTreeMap<u32, Guest>,
    platform: Platform,
    rest: RestPlatform,
    tally: Tally,
    connect_ms: hdrhistogram::Histogram<u64>,
    waiting_most: usize,
}

/// # Errors
/// When there is no room for the figures.
pub(crate) fn simulate(plan: &Simulation, bar: &ProgressBar) -> Result<Outcome, String> {
    let mut world = World {
        plan,
        agenda: BinaryHeap::new(),
        arrivals: BTreeMap::new(),
        sequence: 0,
        guests: BTreeMap::new(),
        platform: Platform::default(),
        rest: RestPlatform::default(),
        tally: Tally::new()?,
        connect_ms: crate::tally::histogram()?,
        waiting_most: 0,
    };
    world.plan_at(0, 0, Arrival::Guest);
    let mut last_ms = 0;
    while let Some(Reverse((now_ms, sequence, number))) = world.agenda.pop() {
        let done = world.tally.done;
        if let Some(arrival) = world.arrivals.remove(&sequence) {
            world.take(now_ms, number, arrival);
        }
        if world.tally.done > done {
            last_ms = now_ms;
        }
        bar.set_position(u64::from(world.tally.done));
    }
    let messages = world.platform.messages + world.rest.messages;
    world.tally.duplicated = messages.saturating_sub(world.tally.sent);
    Ok(Outcome {
        virtual_ms: last_ms,
        connect_ms: [0.5, 0.99, 1.0].map(|quantile| world.connect_ms.value_at_quantile(quantile)),
        connections_refused: world.platform.refused,
        too_fast: world.platform.too_fast + world.rest.too_fast,
        waiting_most: world.waiting_most,
        calls: (plan.api == Api::Conversations).then_some((world.rest.calls, world.rest.busiest.most)),
        is_client_shared: plan.shared_client,
        tally: world.tally,
    })
}

impl World<'_> {
    fn plan_at(&mut self, at_ms: u64, guest: u32, arrival: Arrival) {
        self.sequence += 1;
        self.agenda.push(Reverse((at_ms, self.sequence, guest)));
        self.arrivals.insert(self.sequence, arrival);
    }

    fn take(&mut self, now_ms: u64, number: u32, arrival: Arrival) {
        match arrival {
            Arrival::Guest => self.arrive(now_ms, number),
            Arrival::Wake => {
                if let Some(guest) = self.guests.get_mut(&number).filter(|guest| guest.wakes_ms == Some(now_ms)) {
                    guest.wakes_ms = None;
                    self.feed(now_ms, number, session(Input::Tick));
                }
            }
            Arrival::Type => {
                self.tally.typed += 1;
                self.feed(now_ms, number, session(Input::Command(Command::Compose { has_text: true })));
                self.plan_at(now_ms + self.types_for_ms(), number, Arrival::Write);
            }
            Arrival::Write => self.write(now_ms, number),
            Arrival::Insist(entry) => self.feed(now_ms, number, session(Input::Command(Command::Retry(entry)))),
            Arrival::GiveUp => self.leave(now_ms, number),
            Arrival::Socket { line, input } => {
                if self.guests.get(&number).is_some_and(|guest| guest.line == line) {
                    self.feed(now_ms, number, EngineInput::Wire(input));
                }
            }
            Arrival::Answer(input) => self.feed(now_ms, number, EngineInput::Wire(input)),
        }
    }

    fn arrive(&mut self, now_ms: u64, number: u32) {
        let next = number + 1;
        if next < self.plan.guests {
            let at_ms = u64::from(next) * MINUTE_MS / u64::from(self.plan.arrivals_per_minute);
            self.plan_at(at_ms.max(now_ms), next, Arrival::Guest);
        }
        let mut random = fastrand::Rng::with_seed(self.plan.seed ^ (u64::from(number) << 24));
        let endpoints = Endpoints::of_host("http://127.0.0.1").unwrap_or_default();
        let settings = Settings { deployment_id: "d".to_owned(), endpoints, api: self.api(), ..Settings::default() };
        let guest = Guest {
            engine: Engine::new(settings, random.u64(..)),
            random,
            connection: None,
            calls: Times::default(),
            line: 0,
            arrived_ms: now_ms,
            is_connected: false,
            has_been_connected: false,
            written: 0,
            accepted_ms: BTreeMap::new(),
            wakes_ms: None,
        };
        self.guests.insert(number, guest);
        for command in [Command::Start(None), Command::Restore(Vec::new()), Command::OpenPanel] {
            self.feed(now_ms, number, session(Input::Command(command)));
        }
        let waiting = self.guests.len() - usize::try_from(self.tally.connected).unwrap_or_default();
        self.waiting_most = self.waiting_most.max(waiting);
    }

    fn feed(&mut self, now_ms: u64, number: u32, input: EngineInput) {
        let mut inputs = vec![input];
        while !inputs.is_empty() {
            let Some(guest) = self.guests.get_mut(&number) else { return };
            let wall = WallTime(i64::try_from(EPOCH_MS + now_ms).unwrap_or_default());
            guest.engine.handle(Now { monotonic: Timestamp(now_ms), wall }, inputs.remove(0));
            let outputs: Vec<EngineOutput> = std::iter::from_fn(|| guest.engine.poll_output()).collect();
            for output in outputs {
                inputs.extend(self.perform(now_ms, number, output));
            }
        }
        let Some(guest) = self.guests.get_mut(&number) else { return };
        let wakes_ms = guest.engine.poll_timeout().map(|at| at.0.max(now_ms + 1));
        if wakes_ms != guest.wakes_ms {
            guest.wakes_ms = wakes_ms;
            if let Some(at_ms) = wakes_ms {
                self.plan_at(at_ms, number, Arrival::Wake);
            }
        }
    }

    fn perform(&mut self, now_ms: u64, number: u32, output: EngineOutput) -> Option<EngineInput> {
        match output {
            EngineOutput::Wire(action) => self.reach_out(now_ms, number, action),
            EngineOutput::Keep { number, .. } => return Some(session(Input::Kept { number, is_kept: true })),
            EngineOutput::MakeToken => {
                let random = &mut self.guests.get_mut(&number)?.random;
                let token = uuid_v4(random.u64(..), random.u64(..));
                return Some(session(Input::Token(GuestToken(Redacted::new(token)))));
            }
            EngineOutput::AskSignIn => return Some(session(Input::Grant(None))),
            EngineOutput::AskToken => return Some(EngineInput::AccessToken(Some(RestPlatform::site_token()))),
            EngineOutput::Event(event) => self.on_event(now_ms, number, &event),
            // Nobody attaches files here, nobody has other tabs, and there is no screen.
            EngineOutput::Persist(_)
            | EngineOutput::Forget
            | EngineOutput::Share(_)
            | EngineOutput::Adopt
            | EngineOutput::Upload { .. }
            | EngineOutput::OpenFile { .. }
            | EngineOutput::Diff(_) => {}
        }
        None
    }

    fn reach_out(&mut self, now_ms: u64, number: u32, action: WireAction) {
        let Some(guest) = self.guests.get_mut(&number) else { return };
        let arrives_ms = now_ms + LATENCY_MS;
        let back_ms = arrives_ms + LATENCY_MS;
        match action {
            WireAction::OpenSocket { .. } => {
                guest.line += 1;
                if guest.line > 1 {
                    self.tally.reconnects += 1;
                }
                guest.connection = match self.plan.api {
                    Api::Guest => self.platform.connect(arrives_ms),
                    Api::Conversations => Some(Connection::default()),
                };
                let input = match guest.connection {
                    Some(_) => WireInput::SocketOpened,
                    None => WireInput::SocketClosed(1006),
                };
                let line = guest.line;
                self.plan_at(back_ms, number, Arrival::Socket { line, input });
            }
            // The events socket has nothing to say to its first frame.
            WireAction::SendFrame(_) if self.plan.api == Api::Conversations => {}
            WireAction::SendFrame(frame) => {
                let Some(connection) = &mut guest.connection else { return };
                let line = guest.line;
                if let Some(answer) = self.platform.receive(arrives_ms, EPOCH_MS, connection, frame.expose()) {
                    self.plan_at(back_ms, number, Arrival::Socket { line, input: WireInput::Frame(Some(answer)) });
                }
            }
            WireAction::CloseSocket { .. } => {
                guest.connection = None;
                guest.line += 1;
            }
            WireAction::Fetch(call) => {
                let (answer, told) = match self.plan.api {
                    Api::Guest => (Platform::answer(&call.url), None),
                    Api::Conversations => self.rest.answer(arrives_ms, EPOCH_MS, &mut guest.calls, &call),
                };
                let line = guest.line;
                let answer = WireInput::Answer { call: call.id, answer: Some(answer) };
                self.plan_at(back_ms, number, Arrival::Answer(answer));
                if told.is_some() {
                    self.plan_at(back_ms, number, Arrival::Socket { line, input: WireInput::Frame(told) });
                }
            }
        }
    }

    fn on_event(&mut self, now_ms: u64, number: u32, event: &Event) {
        if let Event::Delivery { entry, delivery } = event {
            self.on_delivery(now_ms, number, *entry, delivery);
        } else if let Event::Connection { state } = event {
            self.on_connection(now_ms, number, *state == "connected");
        } else if let Event::Error(error) = event {
            self.tally.error(error.code);
        }
    }

    fn on_delivery(&mut self, now_ms: u64, number: u32, entry: EntryId, delivery: &str) {
        let Some(guest) = self.guests.get_mut(&number) else { return };
        match delivery {
            "queued" => {
                guest.accepted_ms.entry(entry).or_insert(now_ms);
            }
            "sent" => {
                if let Some(accepted_ms) = guest.accepted_ms.remove(&entry) {
                    self.tally.confirm(Duration::from_millis(now_ms - accepted_ms));
                }
                if guest.written == self.plan.messages && guest.accepted_ms.is_empty() {
                    self.plan_at(now_ms, number, Arrival::GiveUp);
                }
            }
            "failed" => {
                self.tally.failed += 1;
                self.plan_at(now_ms + INSISTS_AFTER_MS, number, Arrival::Insist(entry));
            }
            _ => {}
        }
    }

    fn on_connection(&mut self, now_ms: u64, number: u32, is_connected: bool) {
        let Some(guest) = self.guests.get_mut(&number) else { return };
        if is_connected == guest.is_connected {
            return;
        }
        guest.is_connected = is_connected;
        if !is_connected {
            return self.tally.disconnect();
        }
        self.tally.connect();
        if !std::mem::replace(&mut guest.has_been_connected, true) {
            self.connect_ms.saturating_record((now_ms - guest.arrived_ms).max(1));
            let first_ms = guest.random.u64(0..=self.plan.interval_ms);
            self.plan_message(now_ms + first_ms, number);
        }
    }

    /// At this moment, or a little later where somebody types it first.
    fn plan_message(&mut self, at_ms: u64, number: u32) {
        let Some(guest) = self.guests.get_mut(&number) else { return };
        let types = guest.random.f64() < self.plan.typing_share;
        self.plan_at(at_ms, number, if types { Arrival::Type } else { Arrival::Write });
    }

    fn types_for_ms(&self) -> u64 {
        TYPES_FOR_MS.min(self.plan.interval_ms / 2)
    }

    fn api(&self) -> engine::Api {
        match self.plan.api {
            Api::Guest => engine::Api::Guest,
            Api::Conversations => engine::Api::Conversations(Box::new(ConversationsSettings {
                has_token_provider: self.plan.shared_client,
                ..ConversationsSettings::default()
            })),
        }
    }

    fn write(&mut self, now_ms: u64, number: u32) {
        let Some(guest) = self.guests.get_mut(&number) else { return };
        let text = format!("Message {}", guest.written);
        if guest.engine.check_text(&text).is_ok() {
            guest.written += 1;
            self.tally.sent += 1;
            let is_last = guest.written == self.plan.messages;
            self.feed(now_ms, number, session(Input::Command(Command::SendText(text))));
            if is_last {
                return self.plan_at(now_ms + SETTLE_MS, number, Arrival::GiveUp);
            }
        }
        self.plan_message(now_ms + self.plan.interval_ms, number);
    }

    fn leave(&mut self, now_ms: u64, number: u32) {
        self.feed(now_ms, number, session(Input::Environment(Environment::Leaving)));
        if let Some(guest) = self.guests.remove(&number) {
            self.tally.done += 1;
            if guest.is_connected {
                self.tally.disconnect();
            }
        }
    }
}

fn session(input: Input) -> EngineInput {
    EngineInput::Session(input)
}
