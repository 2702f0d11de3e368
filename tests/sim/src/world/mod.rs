//! One guest, one agent, one platform, the network between them and a clock that jumps from one happening to the next.
//! Everything follows from the seed.

mod agent;
mod browser;
mod faults;
mod recovery;
mod soak;
mod vault;
mod visitor;
mod wire;

use std::collections::BTreeSet;
use std::io::Write;

use guest_messenger::engine::EngineInput;
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::time::{Now, Timestamp, WallTime};

use crate::agenda::Agenda;
use crate::checks::connection::Connection;
use crate::checks::messages::Messages;
use crate::checks::reading::Reading;
use crate::checks::typing::Typing;
use crate::checks::{Broken, Verdict};
use crate::happening::Happening;
use crate::network::Network;
use crate::planted::Bug;
use crate::scenario::{EPOCH_MS, Scenario};
use crate::server::Server;
use crate::tab::Tab;
use crate::tally::{State, Tally};
use faults::Trouble;

pub use soak::SoakHour;

/// More timers in one millisecond than this is a loop.
const TICKS_MAX: u32 = 200;

#[derive(Debug)]
pub struct World {
    scenario: Scenario,
    random: fastrand::Rng,
    now_ms: u64,
    steps: u64,
    agenda: Agenda<Happening>,
    network: Network,
    server: Server,
    tab: Tab,
    trouble: Trouble,
    /// The trouble is over for now: visitor, agent and faults rest.
    is_calm: bool,

    messages: Messages,
    connection: Connection,
    reading: Reading,
    typing: Typing,

    /// The guest's clock against the platform's.
    skew_ms: i64,
    woke_ms: u64,
    ticks: u32,
    state: State,
    /// The token of the last `configureSession`, and those that must not come back.
    token: Option<String>,
    retired_tokens: BTreeSet<String>,
    /// The last `configureSession` by its tracing id.
    configuring: Option<String>,
    /// Counts the sessions that the page was told of.
    session: u64,
    /// It was told of the one that it is in.
    knows_session: bool,
    /// Whose session it is: with the same token a new page goes on with it.
    session_token: Option<String>,
    /// Messages that the platform knows as read.
    seen_ids: BTreeSet<String>,
    /// The page on which the read mark was last moved.
    marked_on_page: u32,
    agent_said: u32,
    has_used_panel: bool,
    /// The conversation was cleared: nothing is connected until the visitor uses the widget again.
    is_resting: bool,
    last_reload_ms: Option<u64>,

    /// Every step is printed.
    is_traced: bool,
    tally: Tally,
    /// Of everything that the client did.
    digest: u64,
    violation: Option<Violation>,
}

/// A broken invariant with its place in the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub invariant: &'static str,
    pub detail: String,
    pub step: u64,
    pub at_ms: u64,
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    pub violation: Option<Violation>,
    pub tally: Tally,
    pub digest: u64,
}

impl World {
    pub fn new(scenario: Scenario, bug: Option<Bug>) -> World {
        World::begin(scenario, bug, false)
    }

    /// Every page's engine is recorded: see [`World::run_recorded`].
    pub fn recorded(scenario: Scenario) -> World {
        World::begin(scenario, None, true)
    }

    fn begin(scenario: Scenario, bug: Option<Bug>, is_recorded: bool) -> World {
        let mut world = World {
            random: fastrand::Rng::with_seed(scenario.seed),
            now_ms: 1_000,
            steps: 0,
            agenda: Agenda::default(),
            network: Network::new(scenario.latency_ms),
            server: Server::new(&scenario),
            tab: Tab::new(scenario.seed, bug, scenario.is_recorded),
            trouble: Trouble::default(),
            is_calm: false,
            messages: Messages::default(),
            connection: Connection::new(),
            reading: Reading::default(),
            typing: Typing::new(),
            skew_ms: scenario.skew_ms,
            woke_ms: 0,
            ticks: 0,
            state: State { phase: "Starting", connection: "closed" },
            token: None,
            retired_tokens: BTreeSet::new(),
            configuring: None,
            session: 0,
            knows_session: false,
            session_token: None,
            seen_ids: BTreeSet::new(),
            marked_on_page: 0,
            agent_said: 0,
            has_used_panel: false,
            is_resting: false,
            last_reload_ms: None,
            is_traced: false,
            tally: Tally { seeds: 1, ..Tally::default() },
            digest: 0,
            violation: None,
            scenario,
        };
        if is_recorded {
            world.tab.client.begin_tape();
        }
        world.feed(EngineInput::Session(Input::Command(Command::Start(None))));
        world.feed(EngineInput::Session(Input::Command(Command::Restore(Vec::new()))));
        world
    }

    /// Prints every step.
    #[must_use]
    pub fn traced(mut self) -> World {
        self.is_traced = true;
        self
    }

    /// Rounds of trouble and recovery until so many steps are made. The last round ends in a recovery too.
    pub fn run(mut self, steps: u64) -> Outcome {
        self.live(steps);
        Outcome { violation: self.violation, tally: self.tally, digest: self.digest }
    }

    /// The same in a world that is recorded. Answers the recordings, one of each page.
    pub fn run_recorded(mut self, steps: u64) -> Vec<Tape> {
        self.live(steps);
        self.tab.client.into_tapes()
    }

    fn live(&mut self, steps: u64) {
        while self.violation.is_none() && self.steps < steps {
            let until = (self.steps + self.scenario.round_steps).min(steps);
            self.begin_trouble();
            while self.violation.is_none() && self.steps < until {
                self.step();
            }
            self.recover(self.steps >= steps);
        }
        if let Err(number) = self.tab.client().replay() {
            self.judge(crate::checks::broken("I38", format!("the same inputs make another output at number {number}")));
        }
        self.tally.steps = self.steps;
        self.tally.virtual_ms = self.now_ms;
        self.tally.messages_said = self.messages.said_count() as u64;
    }

    /// The next thing happens. Answers whether there was one.
    fn step(&mut self) -> bool {
        let planned = self.agenda.next_at_ms();
        let server = self.server.next_at_ms();
        let page = self.tab.wakes_at_ms(self.scenario.throttles);
        let Some(at_ms) = [planned, server, page].into_iter().flatten().min() else { return false };
        if at_ms > self.now_ms {
            self.ticks = 0;
        }
        self.now_ms = self.now_ms.max(at_ms);
        self.steps += 1;
        if planned == Some(at_ms) {
            if let Some(happening) = self.agenda.take() {
                self.happen(happening);
            }
        } else if server == Some(at_ms) {
            let deeds = self.server.tick(self.now_ms);
            self.carry_out(deeds);
        } else {
            self.ticks += 1;
            self.tally.ticks += 1;
            if self.ticks > TICKS_MAX {
                self.judge(crate::checks::broken("I36", "timers fire without end in one millisecond"));
            }
            self.feed(EngineInput::Session(Input::Tick));
        }
        true
    }

    fn happen(&mut self, happening: Happening) {
        if self.tab.asleep_until_ms.is_some() && happening.is_in_browser() {
            return self.happen_asleep(happening);
        }
        match happening {
            Happening::Visitor => self.visitor_acts(),
            Happening::Agent => self.agent_acts(),
            Happening::Fault => self.fault_strikes(),
            Happening::Observe => self.observe(),
            Happening::Wake => self.wake(),
            Happening::HandshakeArrives { socket } => {
                let deeds = self.server.open(self.now_ms, socket);
                self.carry_out(deeds);
            }
            Happening::FrameArrives { socket, text } => self.frame_arrives(socket, &text),
            Happening::ClosureArrives { socket } => {
                let deeds = self.server.closed(self.now_ms, socket);
                self.network.forget(socket);
                self.carry_out(deeds);
            }
            Happening::Cut { socket } => self.cut(socket),
            Happening::CallArrives { page, call } => self.call_arrives(page, &call),
            Happening::OpeningHeard { socket } => self.opening_heard(socket),
            Happening::FrameHeard { socket, text } => self.frame_heard(socket, text.as_deref()),
            Happening::ClosureHeard { socket, code } => self.closure_heard(socket, code),
            Happening::AnswerHeard { page, call, answer, made_at_ms } => {
                self.answer_heard(page, call, answer, made_at_ms);
            }
            Happening::VaultWritten { page, number, draft } => self.vault_written(page, number, draft),
            Happening::DraftHeard { page, draft } => self.draft_heard(page, draft),
            Happening::KeptHeard { page, number, is_kept } => self.kept_heard(page, number, is_kept),
            Happening::Restored { page, kept } => self.restored(page, kept),
        }
    }

    /// The browser does not run: frames are lost with their connection, everything else waits.
    fn happen_asleep(&mut self, happening: Happening) {
        if let Happening::FrameHeard { socket, .. } | Happening::OpeningHeard { socket } = happening {
            self.tab.missed_frames |= self.tab.socket == Some(socket);
        } else {
            self.tab.delayed.push(happening);
        }
    }

    fn guest_now(&self) -> Now {
        let wall_ms = i64::try_from(EPOCH_MS + self.now_ms).unwrap_or(i64::MAX);
        Now { monotonic: Timestamp(self.now_ms), wall: WallTime(wall_ms + self.skew_ms) }
    }

    fn plan_in(&mut self, span_ms: u64, happening: Happening) {
        self.agenda.plan(self.now_ms + span_ms, happening);
    }

    /// About so long: between nothing and twice as much.
    fn about(&mut self, span_ms: u64) -> u64 {
        self.random.u64(0..=span_ms * 2)
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random.u32(0..100) < percent
    }

    fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.random.usize(..among.len())]
    }

    fn judge(&mut self, verdict: Verdict) {
        if let Err(Broken { invariant, detail }) = verdict
            && self.violation.is_none()
        {
            self.violation = Some(Violation { invariant, detail, step: self.steps, at_ms: self.now_ms });
        }
    }

    fn trace(&self, what: &str, said: impl FnOnce() -> String) {
        if self.is_traced {
            let _ = writeln!(std::io::stdout(), "{:>9.3} {what:<9} {}", self.now_ms as f64 / 1_000.0, said());
        }
    }

    fn note(&mut self, bytes: &[u8]) {
        for byte in self.now_ms.to_le_bytes().iter().chain(bytes) {
            self.digest = (self.digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
