//! Several tabs of one browser in one conversation: who connects, what each shows, what the platform gets.
//!
//! A world of its own beside `world`: here the trouble is with tabs, which close, crash, freeze and stand still.

mod beginnings;
mod life;
mod people;
mod planted;
mod promises;
mod trouble;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use guest_messenger::engine::EngineInput;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall};
use guest_messenger::session::ids::{ClientId, GuestToken};
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::record::Unsent;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

use crate::agenda::Agenda;
use crate::counted::{Outcome, run_caught};
use crate::happening::SocketId;
use crate::network::Network;
use crate::scenario::{EPOCH_MS, Scenario};
use crate::server::{Server, Stored};
use crate::world::Violation;
use life::Slot;
pub use planted::TabsBug;

/// So long after everything is whole again everything must have come right: four tabs that look for a message in ten
/// pages of history share one limit. A client that was told that it is refused
/// tries at the longest interval, so it has twice the time.
const RECOVERY_MS: u64 = 240_000;
/// More timers in one millisecond than this is a loop.
const TICKS_MAX: u32 = 500;

#[derive(Debug)]
pub struct TabsWorld {
    random: fastrand::Rng,
    scenario: Scenario,
    now_ms: u64,
    steps: u64,
    /// What visitor, agent and trouble have done; all else follows.
    acts: u64,
    agenda: Agenda<Happening>,
    network: Network,
    server: Server,
    slots: Vec<Slot>,
    /// Counts pages: what is meant for an earlier one is nobody's.
    lives: u32,
    tokens: u32,
    is_calm: bool,
    /// Two tabs began a conversation each, before either could tell the other: they are strangers from then on.
    is_apart: bool,
    /// A tab told that the platform refuses it.
    was_refused: bool,
    ticks: u32,
    said: u32,
    is_traced: bool,
    bug: Option<TabsBug>,
    /// So many messages each page keeps.
    transcript_max: usize,

    /// Everything that the platform keeps, in its order.
    stored: Vec<Stored>,
    /// What was accepted and is in the browser's storage: it must not get lost.
    kept: BTreeSet<String>,
    /// What was receipted, and the last page that was opened before that.
    receipts: BTreeMap<String, u32>,
    /// When each message was last sent over each connection.
    sent: BTreeMap<(SocketId, String), u64>,
    /// The last typing signal, and over which connection it went.
    typed: Option<(SocketId, u64)>,
    /// When a page was closed or crashed last.
    ended_ms: Option<u64>,
    /// When a tab went on last that had stood still.
    thawed_ms: Option<u64>,
    handover: Option<Handover>,
    pub(crate) counts: BTreeMap<&'static str, u64>,
    violation: Option<Violation>,
}

/// One thing that will happen.
#[derive(Debug)]
enum Happening {
    Visitor,
    Agent,
    Trouble,
    HandshakeArrives(SocketId),
    FrameArrives {
        socket: SocketId,
        text: String,
    },
    ClosureArrives(SocketId),
    OpeningHeard(SocketId),
    FrameHeard {
        socket: SocketId,
        text: String,
    },
    ClosureHeard {
        socket: SocketId,
        code: u16,
    },
    CallArrives {
        life: u32,
        call: HttpCall,
    },
    AnswerHeard {
        life: u32,
        call: u32,
        answer: Option<HttpAnswer>,
    },
    /// Another tab says something.
    Heard {
        life: u32,
        input: Box<EngineInput>,
    },
    Kept {
        life: u32,
        number: u32,
        unsent: Vec<Unsent>,
        /// What of it was taken over from other tabs.
        adopted: Vec<ClientId>,
    },
    /// Nobody has answered for these places, in which something was kept then.
    Adopts {
        life: u32,
        left: Vec<(usize, u64)>,
    },
    Reopens(usize),
    /// Another tab tells of a conversation that it has or begins.
    Promised {
        life: u32,
        token: GuestToken,
    },
    /// No other tab has told of one.
    Begins {
        life: u32,
    },
    Thaws {
        life: u32,
    },
}

/// The tab with the line is gone: another one must step forward.
#[derive(Debug)]
struct Handover {
    until_ms: u64,
    /// The pages that used its line.
    heirs: Vec<u32>,
}

/// One run. A panic is a broken invariant like any other.
pub fn run_one(seed: u64, acts: u64, bug: Option<TabsBug>, is_traced: bool) -> Outcome {
    run_caught(|| TabsWorld::new(seed, bug, is_traced).run(acts))
}

impl TabsWorld {
    fn new(seed: u64, bug: Option<TabsBug>, is_traced: bool) -> TabsWorld {
        let mut random = fastrand::Rng::with_seed(seed ^ 0x7ab5_7ab5);
        let mut scenario = Scenario::quiet(seed);
        scenario.settings.dedupe_by_client_id = random.bool();
        scenario.settings.jwt_life_s = if random.bool() { 60 } else { 7 };
        scenario.latency_ms = if random.bool() { (5, 30) } else { (50, 400) };
        scenario.throttles = random.bool();
        let mut world = TabsWorld {
            now_ms: 1_000,
            steps: 0,
            acts: 0,
            agenda: Agenda::default(),
            network: Network::new(scenario.latency_ms),
            server: Server::new(&scenario),
            slots: (0..random.usize(2..=4)).map(|_| Slot::default()).collect(),
            lives: 0,
            tokens: 0,
            is_calm: false,
            is_apart: false,
            was_refused: false,
            ticks: 0,
            said: 0,
            is_traced,
            bug,
            transcript_max: if random.bool() { 1_000 } else { 40 },
            stored: Vec::new(),
            kept: BTreeSet::new(),
            receipts: BTreeMap::new(),
            sent: BTreeMap::new(),
            typed: None,
            ended_ms: None,
            thawed_ms: None,
            handover: None,
            counts: BTreeMap::new(),
            violation: None,
            random,
            scenario,
        };
        world.open_slot(0);
        world.command(0, Command::OpenPanel);
        // A browser that restores its tabs opens them all at once.
        let apart_ms = if world.random.bool() { 2_000 } else { world.random.u64(0..200) };
        for slot in 1..world.slots.len() {
            world.plan_in(apart_ms * slot as u64, Happening::Reopens(slot));
        }
        world
    }

    /// Rounds of trouble and recovery, until so much was done.
    fn run(mut self, acts: u64) -> Outcome {
        while self.violation.is_none() && self.acts < acts && !self.is_apart {
            self.is_calm = false;
            for happening in [Happening::Visitor, Happening::Agent, Happening::Trouble] {
                self.plan_in(3_000, happening);
            }
            let until = self.acts + self.random.u64(10..120);
            while self.violation.is_none() && self.acts < until && self.step() {}
            self.recover();
        }
        Outcome { violation: self.violation, steps: self.steps, virtual_ms: self.now_ms, counts: self.counts }
    }

    /// Everything is whole, and stays so for a while.
    fn recover(&mut self) {
        self.is_calm = true;
        self.heal();
        let whole_ms = self.now_ms.max(self.network.whole_at_ms());
        self.run_until(whole_ms + RECOVERY_MS);
        if std::mem::take(&mut self.was_refused) {
            self.count("recoveries of the refused");
            self.run_until(whole_ms + 2 * RECOVERY_MS);
        }
        self.count("recoveries");
        self.is_apart = self.conversations() > 1;
        if self.is_apart && self.thawed_ms.is_none() {
            self.breaks("I8", "two tabs have a conversation each, and none ever stood still");
        } else if self.is_apart {
            self.count("conversations begun apart");
        } else if self.violation.is_none() {
            self.judge_recovery();
        }
    }

    fn run_until(&mut self, until_ms: u64) {
        while self.violation.is_none() && self.next_at_ms().is_some_and(|at_ms| at_ms <= until_ms) {
            self.step();
        }
        self.now_ms = self.now_ms.max(until_ms);
    }

    fn next_at_ms(&self) -> Option<u64> {
        let planned = self.agenda.next_at_ms();
        let server = self.server.next_at_ms();
        let timer = self.next_timer().map(|(at_ms, _)| at_ms);
        [planned, server, timer].into_iter().flatten().min()
    }

    /// Answers whether there was anything.
    fn step(&mut self) -> bool {
        let Some(at_ms) = self.next_at_ms() else { return false };
        if at_ms > self.now_ms {
            self.ticks = 0;
        }
        self.now_ms = self.now_ms.max(at_ms);
        self.steps += 1;
        self.judge_handover();
        if self.agenda.next_at_ms() == Some(at_ms) {
            if let Some(happening) = self.agenda.take() {
                self.happen(happening);
            }
        } else if self.server.next_at_ms() == Some(at_ms) {
            let deeds = self.server.tick(self.now_ms);
            self.carry_out(deeds);
        } else if let Some((_, slot)) = self.next_timer() {
            self.ticks += 1;
            if self.ticks > TICKS_MAX {
                self.breaks("I36", "timers fire without end in one millisecond");
            }
            self.feed(slot, EngineInput::Session(Input::Tick));
        }
        true
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            // In a calm nobody does anything.
            Happening::Visitor | Happening::Agent | Happening::Trouble if self.is_calm => {}
            Happening::Visitor => self.visit(),
            Happening::Agent => self.speak(),
            Happening::Trouble => self.trouble(),
            Happening::HandshakeArrives(socket) => {
                let deeds = self.server.open(self.now_ms, socket);
                self.carry_out(deeds);
            }
            Happening::FrameArrives { socket, text } => {
                let deeds = self.server.frame(self.now_ms, socket, &text);
                self.carry_out(deeds);
            }
            Happening::ClosureArrives(socket) => {
                let deeds = self.server.closed(self.now_ms, socket);
                self.network.forget(socket);
                self.carry_out(deeds);
            }
            Happening::OpeningHeard(socket) => self.opening_heard(socket),
            Happening::FrameHeard { socket, text } => self.frame_heard(socket, &text),
            Happening::ClosureHeard { socket, code } => self.closure_heard(socket, code),
            Happening::CallArrives { life, call } => {
                let deeds = self.server.call(self.now_ms, life, &call);
                self.carry_out(deeds);
            }
            Happening::AnswerHeard { life, call, answer } => self.answer_heard(life, call, answer),
            Happening::Heard { life, input } => self.feed_life(life, *input),
            Happening::Kept { life, number, unsent, adopted } => self.keep(life, number, unsent, &adopted),
            Happening::Adopts { life, left } => self.adopt(life, left),
            Happening::Reopens(slot) => self.reopen(slot),
            Happening::Promised { life, token } => self.promised(life, token),
            Happening::Begins { life } => self.begin(life),
            Happening::Thaws { life } => self.thaw(life),
        }
    }

    fn plan_in(&mut self, span_ms: u64, happening: Happening) {
        self.plan(self.now_ms + span_ms, happening);
    }

    fn plan(&mut self, at_ms: u64, happening: Happening) {
        self.agenda.plan(at_ms, happening);
    }

    fn now(&self) -> Now {
        let wall = i64::try_from(EPOCH_MS + self.now_ms).unwrap_or(i64::MAX);
        Now { monotonic: Timestamp(self.now_ms), wall: WallTime(wall) }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn breaks(&mut self, invariant: &'static str, detail: impl Into<String>) {
        if self.violation.is_none() {
            let (step, at_ms) = (self.steps, self.now_ms);
            self.violation = Some(Violation { invariant, detail: detail.into(), step, at_ms });
        }
    }

    #[expect(clippy::print_stdout, reason = "what --trace is for")]
    fn trace(&self, line: impl FnOnce() -> String) {
        if self.is_traced {
            println!("{:>6} {:>9} {}", self.steps, self.now_ms, line());
        }
    }
}
