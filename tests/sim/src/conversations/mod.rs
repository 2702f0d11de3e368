//! The conversations APIs: the widget's core against the stand-in, with calls that get lost on either way, answers that say
//! no in every way, tokens that expire, sockets that break, pages that are loaded anew and clocks that jump.
//!
//! A world of its own beside `world`: here nearly everything is a call.

mod people;
mod platform;
mod promises;
mod scenario;
mod wire;

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

use guest_messenger::engine::{AccessToken, Engine, EngineInput, EngineOutput};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use guest_messenger::recorder::replay::Diagnostics;
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::record::{Record, Unsent};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};
use guest_messenger::session::view::Phase;
use indicatif::ProgressBar;

use crate::runner::{Failure, Plan, for_each_seed, panic_words};
use crate::scenario::EPOCH_MS;
use crate::world::Violation;
use platform::Stand;
use promises::Promises;
use scenario::Scene;

/// So long after everything is whole again everything must have come right.
const RECOVERY_MS: u64 = 400_000;
/// More timers in one millisecond than this is a loop.
const TICKS_MAX: u32 = 500;

/// Something that will happen.
#[derive(Debug)]
enum Happening {
    /// A call reaches the platform.
    Arrive(u32, HttpCall),
    /// Its answer reaches the page, or nothing does.
    Answer(u32, u32, Option<HttpAnswer>),
    Opened(u64),
    ToPage(u64, String),
    ToPlatform(u64, String),
    /// The page hears of the end of a socket.
    Closed(u64, u16),
    /// The page's token provider answers.
    Token(u32, bool),
    Kept(u32, u32),
}

#[derive(Debug)]
pub struct ConversationsWorld {
    random: fastrand::Rng,
    scene: Scene,
    now_ms: u64,
    /// The visitor's clock may be anywhere.
    clock_shift_ms: i64,
    steps: u64,
    order: u64,
    agenda: BTreeMap<(u64, u64), Happening>,
    stand: Stand,
    engine: Engine,
    tape: Tape,
    /// Counts pages: what is meant for an earlier one is nobody's.
    page: u32,
    socket: Option<u64>,
    sockets: u64,
    /// When the last thing on each socket arrives, which nothing overtakes.
    busy_until: BTreeMap<u64, u64>,
    waits_for_token: bool,
    /// What the browser keeps.
    record: Option<Record>,
    unsent: Vec<Unsent>,
    is_calm: bool,
    said: u32,
    tokens: u32,
    ticks: u32,
    promises: Promises,
    is_traced: bool,
}

/// What a run came to.
#[derive(Debug)]
pub struct ConversationsFindings {
    pub seeds: u64,
    pub steps: u64,
    pub virtual_ms: u64,
    pub counts: BTreeMap<&'static str, u64>,
    pub failures: Vec<Failure>,
}

/// Makes every planned run, and moves the bar.
pub fn run_all(plan: Plan, is_traced: bool, bar: &ProgressBar) -> ConversationsFindings {
    let findings = Mutex::new(ConversationsFindings {
        seeds: 0,
        steps: 0,
        virtual_ms: 0,
        counts: BTreeMap::new(),
        failures: Vec::new(),
    });
    for_each_seed(plan, bar, |seed| {
        let run = || ConversationsWorld::new(seed, is_traced).run(plan.steps);
        let outcome = panic::catch_unwind(AssertUnwindSafe(run));
        let mut findings = findings.lock().unwrap_or_else(PoisonError::into_inner);
        findings.seeds += 1;
        let violation = match outcome {
            Ok((world, violation)) => {
                findings.steps += world.steps;
                findings.virtual_ms += world.now_ms;
                for (what, count) in &world.promises.counts {
                    *findings.counts.entry(what).or_default() += count;
                }
                violation
            }
            Err(_) => Some(Violation { invariant: "I34", detail: panic_words(), step: 0, at_ms: 0 }),
        };
        if let Some(violation) = violation {
            findings.failures.push(Failure { seed, steps: plan.steps, violation });
        }
    });
    let mut findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
    findings.failures.sort_by_key(|failure| failure.seed);
    findings
}

impl ConversationsWorld {
    pub fn new(seed: u64, is_traced: bool) -> ConversationsWorld {
        let mut random = fastrand::Rng::with_seed(seed);
        let scene = Scene::new(seed, &mut random);
        let settings = scene.settings();
        let mut world = ConversationsWorld {
            stand: Stand::new(&scene),
            engine: Engine::new(settings.clone(), seed),
            tape: Tape::begin(&settings, seed),
            random,
            scene,
            now_ms: 1_000,
            clock_shift_ms: 0,
            steps: 0,
            order: 0,
            agenda: BTreeMap::new(),
            page: 0,
            socket: None,
            sockets: 0,
            busy_until: BTreeMap::new(),
            waits_for_token: false,
            record: None,
            unsent: Vec::new(),
            is_calm: false,
            said: 0,
            tokens: 0,
            ticks: 0,
            promises: Promises::default(),
            is_traced,
        };
        world.begin_page();
        world
    }

    /// So many acts, then everything is whole again and must come right.
    fn run(mut self, acts: u64) -> (ConversationsWorld, Option<Violation>) {
        let violation = self.live(acts).err();
        (self, violation)
    }

    fn live(&mut self, acts: u64) -> Result<(), Violation> {
        for _ in 0..acts {
            self.act();
            let pause_ms = if self.random.u8(..4) == 0 { self.random.u64(..8_000) } else { self.random.u64(..400) };
            self.pass(pause_ms)?;
        }
        self.is_calm = true;
        self.stand.heal(EPOCH_MS + self.now_ms);
        self.drain_stand();
        self.command(Command::Blur);
        self.environment(Environment::Visible);
        self.environment(Environment::Online);
        self.command(Command::OpenPanel);
        self.command(Command::Reconnect);
        self.pass(RECOVERY_MS)?;
        // What history had refused is read with the next line.
        self.break_line();
        self.pass(RECOVERY_MS)?;
        // Tokens that live for less than a minute have the line opened anew all the time.
        for _ in 0..30 {
            if self.engine.view().phase != Phase::Starting {
                break;
            }
            self.pass(1_000)?;
        }
        self.check_the_end()?;
        self.check_the_recording()
    }

    /// Lets time pass; what is due happens when it is.
    fn pass(&mut self, span_ms: u64) -> Result<(), Violation> {
        let until_ms = self.now_ms + span_ms;
        loop {
            let timer = self.engine.poll_timeout().map(|Timestamp(at)| at.max(self.now_ms));
            let planned = self.agenda.keys().next().map(|(at, _)| *at);
            let stand = self.stand.next_at_ms();
            let Some(next) = [timer, planned, stand].into_iter().flatten().min().filter(|at| *at <= until_ms) else {
                break;
            };
            self.ticks = if next > self.now_ms { 0 } else { self.ticks + 1 };
            if self.ticks > TICKS_MAX {
                return Err(self.violation("I14", "it wakes up for nothing, over and over".to_owned()));
            }
            self.now_ms = self.now_ms.max(next);
            if planned == Some(next) {
                if let Some((_, happening)) = self.agenda.pop_first() {
                    self.happen(happening);
                }
            } else if stand == Some(next) {
                self.stand.tick(EPOCH_MS + self.now_ms);
                self.drain_stand();
            } else {
                self.input(EngineInput::Session(Input::Tick));
            }
            self.check_always()?;
        }
        self.now_ms = until_ms;
        Ok(())
    }

    fn begin_page(&mut self) {
        self.command(Command::Start(self.record.clone()));
        self.command(Command::Restore(self.unsent.clone()));
        self.command(Command::OpenPanel);
    }

    fn reload(&mut self) {
        // What is still on its way from the page that goes is lost, or has got through.
        let arriving: Vec<(u64, u64)> = self
            .agenda
            .iter()
            .filter(|(_, planned)| matches!(planned, Happening::Arrive(..)))
            .map(|(at, _)| *at)
            .collect();
        for at in arriving {
            if let Some(happening) = self.agenda.remove(&at)
                && self.random.bool()
            {
                self.happen(happening);
            }
        }
        if let Some(socket) = self.socket.take() {
            self.stand.closed(EPOCH_MS + self.now_ms, socket);
            self.drain_stand();
        }
        self.page += 1;
        self.waits_for_token = false;
        let settings = self.scene.settings();
        let seed = self.scene.seed.wrapping_add(u64::from(self.page).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        self.engine = Engine::new(settings.clone(), seed);
        self.tape = Tape::begin(&settings, seed);
        self.promises.on_page();
        self.begin_page();
    }

    fn command(&mut self, command: Command) {
        self.input(EngineInput::Session(Input::Command(command)));
    }

    fn environment(&mut self, environment: Environment) {
        self.input(EngineInput::Session(Input::Environment(environment)));
    }

    fn input(&mut self, input: EngineInput) {
        self.steps += 1;
        let wall_ms = i64::try_from(EPOCH_MS + self.now_ms).unwrap_or_default().saturating_add(self.clock_shift_ms);
        let now = Now { monotonic: Timestamp(self.now_ms), wall: WallTime(wall_ms) };
        if self.is_traced && !matches!(input, EngineInput::Session(Input::Tick)) {
            eprintln!("{:>9} {input:?}", self.now_ms);
        }
        for output in self.tape.handle(&mut self.engine, now, input) {
            self.perform(output);
        }
    }

    fn perform(&mut self, output: EngineOutput) {
        if self.is_traced && !matches!(output, EngineOutput::Diff(_)) {
            eprintln!("          {output:?}");
        }
        match output {
            EngineOutput::Wire(WireAction::Fetch(call)) => self.send_call(call),
            EngineOutput::Wire(WireAction::OpenSocket { url }) => self.open_socket(&url),
            EngineOutput::Wire(WireAction::SendFrame(frame)) => self.send_frame(frame.expose()),
            EngineOutput::Wire(WireAction::CloseSocket { .. }) => self.close_socket(),
            EngineOutput::MakeToken => {
                self.tokens += 1;
                let token = format!("00000000-0000-4000-8000-{:012}", self.tokens);
                self.input(EngineInput::Session(Input::Token(GuestToken(Redacted::new(token)))));
            }
            EngineOutput::Keep { number, unsent } => {
                self.unsent = unsent;
                let page = self.page;
                self.plan_in(1, Happening::Kept(page, number));
            }
            EngineOutput::AskToken => {
                if self.waits_for_token {
                    self.promises.break_promise("F36", "the token provider is asked while it is at it");
                }
                self.waits_for_token = true;
                let is_given = self.is_calm || self.random.u8(..8) > 0;
                let (page, after_ms) = (self.page, self.random.u64(..3_000));
                self.plan_in(after_ms, Happening::Token(page, is_given));
            }
            EngineOutput::Persist(record) => self.record = Some(record),
            EngineOutput::Forget => self.record = None,
            EngineOutput::Event(event) => self.promises.on_event(&event),
            EngineOutput::Share(_)
            | EngineOutput::Adopt
            | EngineOutput::AskSignIn
            | EngineOutput::Diff(_)
            | EngineOutput::Upload { .. }
            | EngineOutput::OpenFile { .. } => {}
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrive(page, call) => self.on_arrival(page, &call),
            Happening::Answer(page, call, answer) if page == self.page => {
                if self.promises.settle(call) {
                    self.input(EngineInput::Wire(WireInput::Answer { call, answer }));
                }
            }
            Happening::Opened(socket) if self.socket == Some(socket) => {
                self.input(EngineInput::Wire(WireInput::SocketOpened));
            }
            Happening::ToPage(socket, text) if self.socket == Some(socket) => self.hear(&text),
            Happening::ToPlatform(socket, text) => {
                self.stand.frame(EPOCH_MS + self.now_ms, socket, &text);
                self.drain_stand();
            }
            Happening::Closed(socket, code) if self.socket == Some(socket) => {
                self.socket = None;
                self.input(EngineInput::Wire(WireInput::SocketClosed(code)));
            }
            Happening::Token(page, is_given) if page == self.page => {
                self.waits_for_token = false;
                let given = is_given.then(|| self.stand.issue(EPOCH_MS + self.now_ms)).flatten();
                let given = given.map(|(token, expires_in_s, guest_id)| AccessToken {
                    token: Redacted::new(token),
                    expires_in_s: Some(expires_in_s),
                    guest_id: Some(guest_id),
                    conversation_id: None,
                });
                self.input(EngineInput::AccessToken(given));
            }
            Happening::Kept(page, number) if page == self.page => {
                self.input(EngineInput::Session(Input::Kept { number, is_kept: true }));
            }
            // Meant for a page or a line that is gone.
            Happening::Answer(..)
            | Happening::Opened(_)
            | Happening::ToPage(..)
            | Happening::Closed(..)
            | Happening::Token(..)
            | Happening::Kept(..) => {}
        }
    }

    fn plan_in(&mut self, span_ms: u64, happening: Happening) {
        self.plan_at(self.now_ms + span_ms, happening);
    }

    fn plan_at(&mut self, at_ms: u64, happening: Happening) {
        self.order += 1;
        self.agenda.insert((at_ms, self.order), happening);
    }

    fn violation(&self, invariant: &'static str, detail: String) -> Violation {
        Violation { invariant, detail, step: self.steps, at_ms: self.now_ms }
    }

    /// I38: what was recorded does the same when it is played back.
    fn check_the_recording(&self) -> Result<(), Violation> {
        let unreadable = |error: String| self.violation("I38", error);
        let diagnostics = Diagnostics::read(&self.tape.diagnostics()).map_err(|error| unreadable(error.to_string()))?;
        for recording in &diagnostics.recordings {
            let mut differing = None;
            let played = recording.replay(|step| {
                if !step.is_same() {
                    differing.get_or_insert(format!("step {} ({}) of the recording differs", step.number, step.kind));
                }
            });
            played.map_err(|error| unreadable(error.to_string()))?;
            if let Some(differing) = differing {
                return Err(unreadable(differing));
            }
        }
        Ok(())
    }
}
