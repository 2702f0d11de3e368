//! One guest: the widget's own core, with a socket and HTTP of its own, and somebody who types into it.

use std::collections::BTreeMap;

use guest_messenger::engine::{AccessToken, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::json::Json;
use guest_messenger::protocol::wire::{WireAction, WireInput};
use guest_messenger::session::ids::{EntryId, GuestToken, uuid_v4};
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::output::Event;
use guest_messenger::session::redact::Redacted;
use tokio::sync::{mpsc, watch};
use tokio::time::{Duration, Instant, sleep_until};

use crate::audit::AuditFile;
use crate::clock::Clock;
use crate::http::Http;
use crate::oauth::Credentials;
use crate::socket::{FromSocket, Socket};
use crate::tally::Shared;

/// From the first key press to the message.
const TYPES_FOR_MS: u64 = 400;

/// What every guest does.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    pub(crate) settings: Settings,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) audit: Option<AuditFile>,
    pub(crate) messages: u32,
    pub(crate) interval_ms: u64,
    pub(crate) typing_share: f64,
    /// How long the last messages have to be confirmed.
    pub(crate) settle_s: u64,
    /// Nobody begins a message after it.
    pub(crate) until: Option<Instant>,
}

#[derive(Debug)]
pub(crate) struct Guest {
    number: u32,
    script: Script,
    clock: Clock,
    engine: Engine,
    random: fastrand::Rng,
    tally: Shared,
    http: Http,
    from_socket: mpsc::UnboundedReceiver<FromSocket>,
    to_inbox: mpsc::UnboundedSender<FromSocket>,
    answers: mpsc::UnboundedReceiver<EngineInput>,
    to_answers: mpsc::UnboundedSender<EngineInput>,
    socket: Option<Socket>,
    sockets: u32,
    is_connected: bool,
    written: u32,
    next: Option<Step>,
    accepted_at: BTreeMap<EntryId, Instant>,
    calls_under_way: u32,
    /// The conversation that was opened for it, where that takes client credentials.
    opened: Option<AccessToken>,
    /// The platform's id of each message.
    echoes: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Type(Instant),
    Send(Instant),
    /// The last messages are not confirmed yet.
    Settle(Instant),
}

impl Step {
    fn at(self) -> Instant {
        match self {
            Step::Type(at) | Step::Send(at) | Step::Settle(at) => at,
        }
    }
}

impl Guest {
    pub(crate) fn new(number: u32, seed: u64, script: Script, http: Http, tally: Shared) -> Guest {
        let mut random = fastrand::Rng::with_seed(seed ^ (u64::from(number) << 32));
        let engine = Engine::new(script.settings.clone(), random.u64(..));
        let (to_inbox, from_socket) = mpsc::unbounded_channel();
        let (to_answers, answers) = mpsc::unbounded_channel();
        Guest {
            number,
            script,
            clock: Clock::start(),
            engine,
            random,
            tally,
            http,
            from_socket,
            to_inbox,
            answers,
            to_answers,
            socket: None,
            sockets: 0,
            is_connected: false,
            written: 0,
            next: None,
            accepted_at: BTreeMap::new(),
            calls_under_way: 0,
            opened: None,
            echoes: BTreeMap::new(),
        }
    }

    /// From the opening of the panel until all have said what they wanted.
    pub(crate) async fn live(mut self, mut all_done: watch::Receiver<bool>) {
        self.command(Command::Start(None));
        self.command(Command::Restore(Vec::new()));
        self.command(Command::OpenPanel);
        loop {
            let wakes_at = self.engine.poll_timeout().map(|at| self.clock.instant(at));
            let acts_at = self.next.map(Step::at);
            tokio::select! {
                Some(FromSocket { number, input }) = self.from_socket.recv() => {
                    // What an earlier socket still says is of no concern.
                    if number == self.sockets && self.socket.is_some() {
                        self.on_socket(input);
                    }
                }
                Some(input) = self.answers.recv() => self.on_answer(input),
                () = until(wakes_at) => self.feed(EngineInput::Session(Input::Tick)),
                () = until(acts_at) => self.act(),
                _ = all_done.changed() => break,
            }
        }
        self.feed(EngineInput::Session(Input::Environment(Environment::Leaving)));
        if self.is_connected {
            self.tally.lock().disconnect();
        }
    }

    fn on_socket(&mut self, input: WireInput) {
        if let WireInput::Frame(Some(frame)) = &input {
            self.look_for_copy(frame);
        }
        self.feed(EngineInput::Wire(input));
    }

    fn on_answer(&mut self, input: EngineInput) {
        if let EngineInput::Wire(WireInput::Answer { answer, .. }) = &input {
            self.calls_under_way -= 1;
            if let Some(body) = answer.as_ref().and_then(|answer| answer.body.as_ref()) {
                self.look_for_copy(body);
                body.list("entities").iter().for_each(|entity| self.look_for_copy(entity));
            }
        }
        if let EngineInput::AccessToken(token) = &input {
            self.opened.clone_from(token);
        }
        self.feed(input);
        self.leave_when_settled();
    }

    fn command(&mut self, command: Command) {
        self.feed(EngineInput::Session(Input::Command(command)));
    }

    fn feed(&mut self, input: EngineInput) {
        self.engine.handle(self.clock.now(), input);
        let mut answers = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            answers.extend(self.perform(output));
        }
        for answer in answers {
            self.feed(answer);
        }
    }

    /// Does one thing. Answers what the core is to be told of it at once.
    fn perform(&mut self, output: EngineOutput) -> Option<EngineInput> {
        match output {
            EngineOutput::Wire(action) => self.reach_out(action),
            EngineOutput::Keep { number, .. } => return Some(session(Input::Kept { number, is_kept: true })),
            EngineOutput::MakeToken => {
                let token = uuid_v4(self.random.u64(..), self.random.u64(..));
                return Some(session(Input::Token(GuestToken(Redacted::new(token)))));
            }
            EngineOutput::AskSignIn => return Some(session(Input::Grant(None))),
            EngineOutput::AskToken => self.ask_token(),
            EngineOutput::Event(event) => self.on_event(&event),
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

    fn ask_token(&self) {
        let (http, answers) = (self.http.clone(), self.to_answers.clone());
        let opened = self.opened.clone();
        let (credentials, api) = (self.script.credentials.clone(), self.script.settings.endpoints.api.clone());
        tokio::spawn(async move {
            let token = match (opened, &credentials) {
                (Some(opened), _) => Some(opened),
                (None, Some(credentials)) => credentials.open(&http, &api).await,
                (None, None) => None,
            };
            // The guest may have left.
            let _ = answers.send(EngineInput::AccessToken(token));
        });
    }

    fn reach_out(&mut self, action: WireAction) {
        match action {
            WireAction::OpenSocket { url } => {
                self.sockets += 1;
                self.socket = Some(Socket::open(self.sockets, url, self.to_inbox.clone()));
                if self.sockets > 1 {
                    self.tally.lock().reconnects += 1;
                }
            }
            WireAction::SendFrame(frame) => {
                if let Some(socket) = &self.socket {
                    socket.send(frame.expose());
                }
            }
            WireAction::CloseSocket { code } => {
                if let Some(socket) = self.socket.take() {
                    socket.close(code);
                }
            }
            WireAction::Fetch(call) => {
                self.calls_under_way += 1;
                let (http, answers, tally) = (self.http.clone(), self.to_answers.clone(), self.tally.clone());
                tokio::spawn(async move {
                    let answer = http.call(&call).await;
                    match answer.as_ref().map(|answer| answer.status) {
                        None => tally.lock().error("no answer"),
                        Some(status) if status >= 400 => tally.lock().error(format!("HTTP {status}")),
                        Some(_) => {}
                    }
                    // The guest may have left.
                    let _ = answers.send(EngineInput::Wire(WireInput::Answer { call: call.id, answer }));
                });
            }
        }
    }

    fn on_event(&mut self, event: &Event) {
        if let Event::Delivery { entry, delivery } = event {
            self.on_delivery(*entry, delivery);
        } else if let Event::Connection { state } = event {
            self.on_connection(*state == "connected");
        } else if let Event::Error(error) = event {
            self.tally.lock().error(error.code);
        } else if let Event::Refused(refusal) = event {
            self.tally.lock().error(refusal.error.code);
        } else if let (Event::Audit(record), Some(audit)) = (event, &self.script.audit) {
            audit.write(record);
        }
    }

    fn on_delivery(&mut self, entry: EntryId, delivery: &str) {
        match delivery {
            "queued" => {
                self.accepted_at.entry(entry).or_insert_with(Instant::now);
            }
            "sent" => {
                if let Some(accepted_at) = self.accepted_at.remove(&entry) {
                    self.tally.lock().confirm(accepted_at.elapsed());
                }
                self.leave_when_settled();
            }
            "failed" => self.tally.lock().failed += 1,
            _ => {}
        }
    }

    /// The first connection starts the script; later ones are only counted.
    fn on_connection(&mut self, is_connected: bool) {
        if is_connected == self.is_connected {
            return;
        }
        self.is_connected = is_connected;
        if !is_connected {
            return self.tally.lock().disconnect();
        }
        self.tally.lock().connect();
        if self.next.is_none() && self.written == 0 {
            // Not all of them in step.
            let first_ms = self.random.u64(0..=self.script.interval_ms);
            self.plan(Instant::now() + Duration::from_millis(first_ms));
        }
    }

    fn plan(&mut self, sends_at: Instant) {
        let types = self.random.f64() < self.script.typing_share;
        let lead = Duration::from_millis(TYPES_FOR_MS.min(self.script.interval_ms / 2));
        self.next = Some(if types { Step::Type(sends_at - lead) } else { Step::Send(sends_at) });
    }

    fn act(&mut self) {
        let Some(step) = self.next.take() else { return };
        match step {
            Step::Type(at) => {
                self.tally.lock().typed += 1;
                let lead = Duration::from_millis(TYPES_FOR_MS.min(self.script.interval_ms / 2));
                self.next = Some(Step::Send(at + lead));
                self.command(Command::Compose { has_text: true });
            }
            Step::Send(at) => self.write(at),
            Step::Settle(_) => self.leave(),
        }
    }

    fn write(&mut self, at: Instant) {
        let is_over = self.script.until.is_some_and(|until| Instant::now() >= until);
        if is_over || !self.engine.view().phase.can_write() {
            return self.settle();
        }
        let text = marked(self.number, self.written);
        // A full outbox takes nothing more: the same message is tried again after the interval.
        if self.engine.check_text(&text).is_ok() {
            self.written += 1;
            self.tally.lock().sent += 1;
            self.command(Command::SendText(text));
        }
        if self.written < self.script.messages {
            // From when it was due, not from when it was done: a slow machine loads no less.
            self.plan(at + Duration::from_millis(self.script.interval_ms));
        } else {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.next = Some(Step::Settle(Instant::now() + Duration::from_secs(self.script.settle_s)));
        self.leave_when_settled();
    }

    fn leave_when_settled(&mut self) {
        let is_settled = self.accepted_at.is_empty() && self.calls_under_way == 0;
        if matches!(self.next, Some(Step::Settle(_))) && is_settled {
            self.leave();
        }
    }

    /// Stays connected, and says nothing more.
    fn leave(&mut self) {
        self.next = None;
        self.tally.lock().done += 1;
    }

    /// The same message under another id of the platform's is a copy.
    fn look_for_copy(&mut self, frame: &Json) {
        let prefix = marker(self.number);
        let Some(text) = find_text(frame, &prefix) else { return };
        let body = frame.get("body").unwrap_or(frame);
        let id = body.text("id").or_else(|| frame.text("message_id")).or_else(|| frame.text("id"));
        let Some(id) = id else { return };
        match self.echoes.get(text) {
            None => {
                self.echoes.insert(text.to_owned(), id.to_owned());
            }
            Some(first) if first == id => {}
            Some(_) => self.tally.lock().duplicated += 1,
        }
    }
}

fn session(input: Input) -> EngineInput {
    EngineInput::Session(input)
}

fn marker(guest: u32) -> String {
    format!("Load {guest}, message ")
}

fn marked(guest: u32, message: u32) -> String {
    format!("{}{message}", marker(guest))
}

/// The first text anywhere in the tree that begins like this.
fn find_text<'a>(tree: &'a Json, prefix: &str) -> Option<&'a str> {
    match tree {
        Json::Text(text) => text.starts_with(prefix).then_some(text),
        Json::List(items) => items.iter().find_map(|item| find_text(item, prefix)),
        Json::Map(pairs) => pairs.iter().find_map(|(_, value)| find_text(value, prefix)),
        Json::Null | Json::Bool(_) | Json::Number(_) => None,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
