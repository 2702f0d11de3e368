//! The guest's browser: inputs to the engine, and its outputs carried out.

use std::collections::VecDeque;

use guest_messenger::engine::{EngineInput, EngineOutput};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpAnswer, WireAction, WireInput};
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::output::{Diff, Event};
use guest_messenger::session::record::Record;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::WallTime;
use guest_messenger::session::timer::Timer;
use guest_messenger::session::view::Phase;
use guest_messenger::stored::record;

use super::World;
use crate::checks::broken;
use crate::happening::Happening;
use crate::planted::Bug;
use crate::tally::{State, Transition};

/// What one step did that is judged when it is over.
#[derive(Debug, Default)]
struct Step {
    before: State,
    is_restructured: bool,
    has_told: bool,
    is_leaving: bool,
}

impl World {
    pub(super) fn command(&mut self, command: Command) {
        self.feed(EngineInput::Session(Input::Command(command)));
    }

    /// The browser tells the page something. A page that does not run is told nothing.
    pub(super) fn environment(&mut self, environment: Environment) {
        if self.tab.asleep_until_ms.is_some() {
            return;
        }
        match environment {
            Environment::Visible => self.tab.is_visible = true,
            Environment::Hidden => self.tab.is_visible = false,
            Environment::Online => self.tab.is_offline = false,
            Environment::Offline => self.tab.is_offline = true,
            Environment::Resumed | Environment::Leaving => {}
        }
        self.feed(EngineInput::Session(Input::Environment(environment)));
        self.look();
    }

    pub(super) fn open_panel(&mut self, is_open: bool) {
        if self.tab.asleep_until_ms.is_some() {
            return;
        }
        if self.tab.is_panel_open != is_open {
            self.connection.on_panel(self.now_ms);
        }
        self.has_used_panel |= is_open;
        self.tab.is_panel_open = is_open;
        self.command(if is_open { Command::OpenPanel } else { Command::ClosePanel });
        self.look();
        self.plan_observation();
    }

    /// Hands an input and what it causes to the engine, and judges each step.
    pub(super) fn feed(&mut self, input: EngineInput) {
        let mut inbox = VecDeque::from([input]);
        while let Some(input) = inbox.pop_front() {
            if self.violation.is_some() {
                return;
            }
            self.reading.before_step(self.now_ms);
            let kind = kind_of(&input);
            self.trace("in", || brief(&input));
            let mut step = Step { before: self.state, is_leaving: kind == "Leaving", ..Step::default() };
            for output in self.tab.handle(self.guest_now(), input) {
                self.do_output(output, &mut inbox, &mut step);
            }
            self.after_step(kind, &step);
        }
    }

    fn do_output(&mut self, output: EngineOutput, inbox: &mut VecDeque<EngineInput>, step: &mut Step) {
        match output {
            EngineOutput::Wire(WireAction::OpenSocket { .. }) => self.open_socket(),
            EngineOutput::Wire(WireAction::SendFrame(text)) => self.send_frame(text.expose(), step.is_leaving),
            EngineOutput::Wire(WireAction::CloseSocket { .. }) => self.close_socket(),
            EngineOutput::Wire(WireAction::Fetch(call)) => self.fetch(call),
            EngineOutput::Persist(record) => {
                let verdict = self.reading.on_persist(record.token.0.expose(), record.read_mark.as_ref());
                self.judge(verdict);
                if self.tab.storage.is_broken {
                    self.tab.storage.is_doubtful = true;
                } else {
                    self.tab.storage.text = Some(record::write(&record));
                    self.tab.storage.record = Some(record);
                }
            }
            EngineOutput::Forget => {
                let kept = self.tab.storage.record.take().map(|record| record.token.0.expose().to_owned());
                self.tab.storage.text = None;
                self.retired_tokens.extend(kept.into_iter().chain(self.token.take()));
                self.knows_session = false;
                self.session_token = None;
                self.reading.on_identity();
                self.connection.on_identity();
                self.tab.storage.is_doubtful = false;
            }
            EngineOutput::MakeToken => {
                let token = GuestToken(Redacted::new(self.tab.make_token()));
                inbox.push_back(EngineInput::Session(Input::Token(token)));
            }
            EngineOutput::Keep { number, unsent } => self.keep(number, unsent),
            // There is no other tab yet.
            EngineOutput::Share(_) | EngineOutput::Adopt | EngineOutput::AskSignIn | EngineOutput::AskToken => {}
            // Nobody chooses a file.
            EngineOutput::Upload { .. } | EngineOutput::OpenFile { .. } => {}
            EngineOutput::Event(event) => self.hear_event(&event, step),
            EngineOutput::Diff(diff) => {
                if matches!(diff, Diff::Inserted { .. } | Diff::Moved { .. } | Diff::Removed { .. } | Diff::Reset) {
                    step.is_restructured = true;
                    self.plan_observation();
                }
            }
        }
    }

    /// The session for which the visitor writes: this one, or the next when none is known.
    pub(super) fn meant_session(&self) -> Option<u64> {
        self.knows_session.then_some(self.session)
    }

    fn hear_event(&mut self, event: &Event, step: &mut Step) {
        self.trace("event", || format!("{event:?}"));
        match event {
            Event::Delivery { entry, delivery: "queued" } => {
                let verdict = self.messages.on_accepted(self.now_ms, &self.tab.view(), *entry, self.meant_session());
                self.judge(verdict);
            }
            Event::Cleared | Event::Ended { reason: "logged_out" } => {
                step.has_told = true;
                self.is_resting = true;
                self.messages.on_emptied();
            }
            Event::Ended { .. } | Event::Error(_) => step.has_told = true,
            Event::Read { id } => {
                self.marked_on_page = self.tab.page();
                let verdict = self.reading.on_read(&self.tab.view(), &id.0);
                self.judge(verdict);
            }
            Event::Connection { state } => {
                self.is_resting &= *state == "closed";
                self.note(state.as_bytes());
                self.state.connection = state;
            }
            Event::Delivery { .. }
            | Event::Opened
            | Event::Closed
            | Event::Started { .. }
            | Event::Message { .. }
            | Event::Typing { .. }
            | Event::Unread { .. }
            | Event::Expiring { .. }
            | Event::Authenticated
            | Event::Refused(_)
            | Event::Metrics(_)
            | Event::Audit(_) => {}
        }
    }

    fn after_step(&mut self, kind: &'static str, step: &Step) {
        let verdict = self.messages.after_step(&self.tab.view());
        self.judge(verdict);
        if step.is_restructured {
            let verdict = self.messages.check_transcript(&self.tab.view());
            self.judge(verdict);
        }
        let is_typing = self.tab.view().typing.is_some();
        let verdict = self.typing.after_step(self.now_ms, is_typing, self.woke_ms);
        self.judge(verdict);
        let is_needed = self.tab.is_panel_open || self.messages.waiting_count() > 0;
        let verdict = self.connection.after_step(self.now_ms, self.tab.socket, is_needed);
        self.judge(verdict);
        let is_idle = self.tab.socket.is_none() && self.tab.engine().poll_timeout().is_none();
        if !self.has_used_panel && self.tab.page() == 0 && !is_idle {
            self.judge(broken("I14", "a socket or a timer before anybody used the widget"));
        }
        if matches!(self.tab.view().phase, Phase::Ended(_)) {
            self.check_end();
        }
        self.check_state(kind, step);
    }

    /// What is over needs nothing but to be kept; what the visitor still does with it has a timer for a moment.
    fn check_end(&mut self) {
        let timer = self.tab.engine().session().poll_timeout().map(|(_, timer)| timer);
        if self.tab.socket.is_some()
            || !matches!(timer, None | Some(Timer::Keep | Timer::Reading | Timer::Receipt | Timer::TypingOut))
        {
            self.judge(broken("I14", format!("a socket or a timer ({timer:?}) after the end")));
        }
    }

    /// I36 by its coverage, and that no end comes untold.
    fn check_state(&mut self, kind: &'static str, step: &Step) {
        let before = step.before;
        let phase = name_of(self.tab.view().phase);
        let has_ended = matches!(phase, "Expired" | "LoggedOut" | "SignedIn" | "Elsewhere" | "Unavailable");
        if has_ended && before.phase != phase && !step.has_told {
            self.judge(broken("I17", format!("the conversation is {phase} and nobody is told")));
        }
        self.state.phase = phase;
        let after = self.state;
        if before != after {
            self.note(phase.as_bytes());
            self.tally.count_transition(Transition { from: before, by: kind, to: after });
        }
    }

    /// The visitor's eyes: what counts as looked at has changed.
    pub(super) fn look(&mut self) {
        let can_see = self.tab.is_visible && self.tab.is_panel_open;
        self.reading.on_look(self.now_ms, &self.tab.in_view, can_see);
    }

    pub(super) fn plan_observation(&mut self) {
        if !std::mem::replace(&mut self.tab.is_observing, true) {
            let span_ms = self.random.u64(16..130);
            self.plan_in(span_ms, Happening::Observe);
        }
    }

    /// The browser reports what is in view. It does so only for pages that it paints.
    pub(super) fn observe(&mut self) {
        if !self.tab.is_visible {
            let span_ms = self.about(2_000) + 100;
            return self.plan_in(span_ms, Happening::Observe);
        }
        self.tab.is_observing = false;
        let entries = self.tab.view().transcript.entries();
        let end = if self.tab.scrolled_up { entries.len() / 2 } else { entries.len() };
        let in_view: Vec<_> = if self.tab.is_panel_open {
            entries.iter().take(end).rev().take(6).map(|entry| entry.id).collect()
        } else {
            Vec::new()
        };
        self.tab.in_view.clone_from(&in_view);
        self.command(Command::InView(in_view));
        self.look();
    }

    /// Nothing runs in the tab for a while.
    pub(super) fn fall_asleep(&mut self, span_ms: u64) {
        let until_ms = self.now_ms + span_ms;
        if self.tab.asleep_until_ms.is_none() {
            self.tab.asleep_until_ms = Some(until_ms);
            self.agenda.plan(until_ms, Happening::Wake);
        }
    }

    pub(super) fn wake(&mut self) {
        if self.tab.asleep_until_ms.take().is_none() {
            return;
        }
        self.plan_delayed();
        self.woke_ms = self.now_ms;
        self.connection.on_wake(self.now_ms);
        if let Some(socket) = self.tab.socket.filter(|_| self.tab.missed_frames) {
            self.plan_in(0, Happening::Cut { socket });
        }
        self.tab.missed_frames = false;
        if self.trouble.wakes_silently {
            self.trouble.wakes_silently = false;
            return;
        }
        self.environment(Environment::Resumed);
        if !self.tab.is_visible {
            self.environment(Environment::Visible);
        }
    }

    fn plan_delayed(&mut self) {
        for happening in std::mem::take(&mut self.tab.delayed) {
            self.plan_in(0, happening);
        }
    }

    /// The page goes and comes back as another. A crash says nothing before.
    pub(super) fn reload(&mut self, is_crash: bool) {
        self.tab.asleep_until_ms = None;
        self.plan_delayed();
        if !is_crash {
            self.environment(Environment::Leaving);
        }
        if let Some(socket) = self.tab.socket {
            self.leave_socket(socket);
        }
        self.leave_vault();
        self.tab.reload();
        self.connection.on_reload();
        self.reading.on_reload();
        self.typing.on_reload();
        self.last_reload_ms = Some(self.now_ms);
        self.token = None;
        self.knows_session = false;
        self.state = State { phase: "Starting", connection: "closed" };
        if self.tab.storage.is_doubtful {
            self.reading.on_storage_lost();
        }
        let wall = self.guest_now().wall;
        let expected = self.tab.storage.record.clone().filter(|record| record.expires_at.is_none_or(|at| at > wall));
        let record = self.read_record(wall);
        if record != expected {
            self.judge(broken("I37", format!("the record reads as {record:?} and not as {expected:?}")));
        }
        let is_good = record.as_ref().is_some_and(|record| record.expires_at.is_none_or(|at| at > wall));
        self.tab.is_panel_open = is_good && record.as_ref().is_some_and(|record| record.panel_open);
        self.has_used_panel |= is_good;
        self.connection.on_panel(self.now_ms);
        self.command(Command::Start(record));
        self.load_vault();
        let is_visible = self.tab.is_visible;
        self.environment(if is_visible { Environment::Visible } else { Environment::Hidden });
        self.plan_observation();
    }
}

impl World {
    /// As the page does it.
    pub(super) fn read_record(&self, now: WallTime) -> Option<Record> {
        let text = self.tab.storage.text.as_ref()?;
        if self.tab.bug() == Some(Bug::ReadsItsOwnBuildOnly) && text.contains("another build") {
            return None;
        }
        record::read(&json::parse(text)?, now)
    }
}

/// What a trace says of an input. Frames are told where they are heard.
fn brief(input: &EngineInput) -> String {
    match input {
        EngineInput::Wire(WireInput::Frame(_)) => "frame".to_owned(),
        EngineInput::Wire(WireInput::Answer { call, answer }) => {
            format!("answer to {call}: {}", answer.as_ref().map_or_else(|| "none".to_owned(), brief_answer))
        }
        EngineInput::Wire(other) => format!("{other:?}"),
        EngineInput::Session(input) => format!("{input:?}"),
        EngineInput::Tab(message) => format!("{message:?}"),
        EngineInput::AccessToken(token) => format!("{token:?}"),
    }
}

/// Of a page of history also how long it is, from when to when, and how many pages there are.
fn brief_answer(answer: &HttpAnswer) -> String {
    let Some(body) = answer.body.as_ref().filter(|body| body.get("entities").is_some()) else {
        return answer.status.to_string();
    };
    let entities = body.list("entities");
    let time = |entity: Option<&Json>| entity.and_then(|entity| entity.get("channel")?.text("time").map(str::to_owned));
    let (first, last) = (time(entities.first()), time(entities.last()));
    format!("{}, {} from {first:?} to {last:?}, {:?} pages", answer.status, entities.len(), body.integer("pageCount"))
}

fn kind_of(input: &EngineInput) -> &'static str {
    match input {
        EngineInput::Wire(WireInput::SocketOpened) => "opened",
        EngineInput::Wire(WireInput::Frame(_)) => "frame",
        EngineInput::Wire(WireInput::SocketClosed(_)) => "closed",
        EngineInput::Wire(WireInput::Answer { .. }) => "answer",
        EngineInput::Session(Input::Command(_)) => "command",
        EngineInput::Session(Input::Platform(_)) => "platform",
        EngineInput::Session(Input::Environment(Environment::Leaving)) => "Leaving",
        EngineInput::Session(Input::Environment(_)) => "environment",
        EngineInput::Session(Input::Tab(_)) | EngineInput::Tab(_) => "tab",
        EngineInput::Session(Input::Token(_)) => "token",
        EngineInput::Session(Input::Kept { .. } | Input::Taken(_)) => "kept",
        EngineInput::Session(Input::Tick) => "tick",
        EngineInput::Session(Input::Grant(_)) => "grant",
        EngineInput::Session(Input::Upload { .. }) => "upload",
        EngineInput::AccessToken(_) => "access_token",
    }
}

pub(super) fn name_of(phase: Phase) -> &'static str {
    use guest_messenger::session::view::EndReason;
    match phase {
        Phase::Starting => "Starting",
        Phase::Live => "Live",
        Phase::ReadOnly => "ReadOnly",
        Phase::Ended(EndReason::Expired) => "Expired",
        Phase::Ended(EndReason::Over) => "Over",
        Phase::Ended(EndReason::LoggedOut) => "LoggedOut",
        Phase::Ended(EndReason::SignedInElsewhere) => "SignedIn",
        Phase::Elsewhere => "Elsewhere",
        Phase::Unavailable(_) => "Unavailable",
    }
}
