//! The conversations APIs: one page, its calls and its events socket against the stand-in, in every dialect.
//!
//! A world of its own beside `world`: here the trouble is with calls, tokens and answers.

mod checks;
mod frames;
mod page;
mod people;
mod planted;
mod recovery;
mod setting;
mod trouble;
mod wire;

use std::collections::BTreeMap;

use guest_messenger::engine::{AccessToken, EngineInput};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall};
use guest_messenger::session::input::Input;
use guest_messenger::session::record::Unsent;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};
use guest_messenger_sandbox::{DEFAULT_DEPLOYMENT, Platform, Setup};

use crate::agenda::Agenda;
use crate::counted::{Outcome, run_caught};
use crate::happening::SocketId;
use crate::network::Network;
use crate::scenario::EPOCH_MS;
use crate::world::Violation;
use checks::Checks;
use page::Page;
pub use planted::RestBug;
use setting::Setting;

/// More timers in one millisecond than this is a loop.
const TICKS_MAX: u32 = 500;

#[derive(Debug)]
pub struct RestWorld {
    random: fastrand::Rng,
    setting: Setting,
    now_ms: u64,
    /// The visitor's clock is so far off.
    skew_ms: i64,
    steps: u64,
    /// What visitor, agent and trouble have done; all else follows.
    acts: u64,
    agenda: Agenda<Happening>,
    network: Network,
    /// Until then others use up the platform's limit.
    crowded_until_ms: u64,
    platform: Platform,
    last_request: u64,
    /// Calls that wait for their answer: page and call, or the page's own server that wants a token for it.
    requests: BTreeMap<u64, Asked>,
    /// By the control API's name, the conversation that was begun last.
    newest: Option<String>,
    page: Page,
    provider: Provider,
    ticks: u32,
    said: u32,
    is_calm: bool,
    is_traced: bool,
    bug: Option<RestBug>,
    checks: Checks,
    counts: BTreeMap<&'static str, u64>,
    violation: Option<Violation>,
}

/// The page's token provider, and the server behind it.
#[derive(Debug, Default)]
struct Provider {
    guest_id: Option<String>,
    conversation_id: Option<String>,
    fails_until_ms: u64,
    slow_until_ms: u64,
    /// In a row, and those soon after another one count as one with it.
    failures: u32,
    /// The last one that counted.
    failed_ms: u64,
    /// Of a bug that gives the first token again and again.
    first: Option<Redacted>,
}

#[derive(Clone, Copy, Debug)]
enum Asked {
    Call {
        page: u32,
        call: u32,
        is_lost: bool,
    },
    Token {
        page: u32,
    },
    /// The page's server opens a conversation before there is a page.
    Opening,
    Control,
}

/// One thing that will happen.
#[derive(Debug)]
enum Happening {
    Visitor,
    Agent,
    Trouble,
    HandshakeArrives(SocketId),
    FrameArrives { socket: SocketId, text: String },
    ClosureArrives(SocketId),
    OpeningHeard(SocketId),
    FrameHeard { socket: SocketId, text: String },
    ClosureHeard { socket: SocketId, code: u16 },
    CallArrives { page: u32, call: Box<HttpCall>, is_lost: bool },
    AnswerHeard { page: u32, call: u32, answer: Option<HttpAnswer> },
    TokenWanted { page: u32 },
    TokenGiven { page: u32, token: Option<AccessToken> },
    Kept { page: u32, number: u32, unsent: Vec<Unsent> },
    Opens,
}

/// One run. A panic is a broken invariant like any other.
pub fn run_one(seed: u64, acts: u64, bug: Option<RestBug>, is_traced: bool) -> Outcome {
    run_caught(|| RestWorld::new(seed, bug, is_traced).run(acts))
}

impl RestWorld {
    fn new(seed: u64, bug: Option<RestBug>, is_traced: bool) -> RestWorld {
        let mut random = fastrand::Rng::with_seed(seed ^ 0x7e57_7e57);
        let setting = Setting::new(&mut random);
        let setup = Setup { settings: setting.platform.clone(), ..Setup::new(DEFAULT_DEPLOYMENT, seed ^ 0x0bad_cafe) };
        let mut world = RestWorld {
            now_ms: 1_000,
            skew_ms: setting.skew_ms,
            steps: 0,
            acts: 0,
            agenda: Agenda::default(),
            network: Network::new(setting.latency_ms),
            crowded_until_ms: 0,
            platform: Platform::new(setup, EPOCH_MS),
            last_request: 0,
            requests: BTreeMap::new(),
            newest: None,
            page: Page::new(&setting, seed, 0, None),
            provider: Provider::default(),
            ticks: 0,
            said: 0,
            is_calm: false,
            is_traced,
            bug,
            checks: Checks::default(),
            counts: BTreeMap::new(),
            violation: None,
            setting,
            random,
        };
        world.checks.is_strict_about_copies = world.setting.drops_copies();
        if world.setting.is_given {
            world.open_by_the_pages_server();
        }
        world.open_page();
        world
    }

    /// Rounds of trouble and recovery, until so much was done.
    fn run(mut self, acts: u64) -> Outcome {
        while self.violation.is_none() && self.acts < acts {
            self.is_calm = false;
            for happening in [Happening::Visitor, Happening::Agent, Happening::Trouble] {
                self.plan_in(2_000, happening);
            }
            let until = self.acts + self.random.u64(10..120);
            while self.violation.is_none() && self.acts < until && self.step() {}
            self.recover();
        }
        Outcome { violation: self.violation, steps: self.steps, virtual_ms: self.now_ms, counts: self.counts }
    }

    fn run_until(&mut self, until_ms: u64) {
        while self.violation.is_none() && self.next_at_ms().is_some_and(|at_ms| at_ms <= until_ms) {
            self.step();
        }
        self.now_ms = self.now_ms.max(until_ms);
    }

    fn next_at_ms(&self) -> Option<u64> {
        let planned = self.agenda.next_at_ms();
        [planned, self.platform_at_ms(), self.timer_at_ms()].into_iter().flatten().min()
    }

    fn platform_at_ms(&self) -> Option<u64> {
        self.platform.poll_timeout().map(|at_ms| at_ms.saturating_sub(EPOCH_MS))
    }

    fn timer_at_ms(&self) -> Option<u64> {
        let wanted_ms = self.page.engine.poll_timeout().filter(|_| self.page.is_there)?.0.max(self.now_ms);
        let is_slow = self.setting.throttles && !self.page.is_visible;
        Some(if is_slow { wanted_ms.next_multiple_of(1_000) } else { wanted_ms })
    }

    /// Answers whether there was anything.
    fn step(&mut self) -> bool {
        let Some(at_ms) = self.next_at_ms() else { return false };
        if at_ms > self.now_ms {
            self.ticks = 0;
        }
        self.now_ms = self.now_ms.max(at_ms);
        self.steps += 1;
        if self.agenda.next_at_ms() == Some(at_ms) {
            if let Some(happening) = self.agenda.take() {
                self.happen(happening);
            }
        } else if self.platform_at_ms() == Some(at_ms) {
            self.platform.handle_timeout(EPOCH_MS + self.now_ms);
            self.carry_out();
        } else {
            self.ticks += 1;
            if self.ticks > TICKS_MAX {
                self.breaks("I36", "timers fire without end in one millisecond");
            }
            self.feed(EngineInput::Session(Input::Tick));
        }
        self.check_view();
        true
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            // In a calm nobody does anything.
            Happening::Visitor | Happening::Agent | Happening::Trouble if self.is_calm => {}
            Happening::Visitor => self.visit(),
            Happening::Agent => self.speak(),
            Happening::Trouble => self.trouble(),
            Happening::HandshakeArrives(socket) => self.handshake_arrives(socket),
            Happening::FrameArrives { socket, text } => self.frame_arrives(socket, &text),
            Happening::ClosureArrives(socket) => self.closure_arrives(socket),
            Happening::OpeningHeard(socket) => self.opening_heard(socket),
            Happening::FrameHeard { socket, text } => self.frame_heard(socket, &text),
            Happening::ClosureHeard { socket, code } => self.closure_heard(socket, code),
            Happening::CallArrives { page, call, is_lost } => self.call_arrives(page, &call, is_lost),
            Happening::AnswerHeard { page, call, answer } => self.answer_heard(page, call, answer),
            Happening::TokenWanted { page } => self.ask_the_pages_server(page),
            Happening::TokenGiven { page, token } => self.token_given(page, token),
            Happening::Kept { page, number, unsent } => self.keep(page, number, unsent),
            Happening::Opens => self.open_page(),
        }
    }

    fn plan_in(&mut self, span_ms: u64, happening: Happening) {
        self.plan(self.now_ms + span_ms, happening);
    }

    fn plan(&mut self, at_ms: u64, happening: Happening) {
        self.agenda.plan(at_ms, happening);
    }

    fn now(&self) -> Now {
        let wall = i64::try_from(EPOCH_MS + self.now_ms).unwrap_or(i64::MAX) + self.skew_ms;
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
