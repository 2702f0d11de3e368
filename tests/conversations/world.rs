//! One engine, its calls and its socket, in virtual time. What it wants of the platform waits until the test answers.

use std::collections::VecDeque;

use guest_messenger::engine::{
    AccessToken, Api, ConversationsSettings, Endpoints, Engine, EngineInput, EngineOutput, Settings,
};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use guest_messenger::recorder::replay::Diagnostics;
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::audit::Audit;
use guest_messenger::session::ids::{EntryId, GuestToken};
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::output::Event;
use guest_messenger::session::record::{Record, Unsent};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

pub(crate) const START_WALL_MS: i64 = 1_791_968_400_000;
pub(crate) const OPENED: &str = r#"{"id":"conversation-1","guestId":"guest-1","token":"guest-token-1","expiresIn":3600,"sessionId":"conversation-1"}"#;

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) now_ms: u64,
    /// The visitor's clock may jump.
    pub(crate) wall_shift_ms: i64,
    /// Calls that wait for their answer, and every call that was made, with its moment.
    pub(crate) calls: Vec<HttpCall>,
    pub(crate) made: Vec<(u64, HttpCall)>,
    pub(crate) sockets: Vec<(u64, String)>,
    pub(crate) has_socket: bool,
    /// Sockets open by themselves.
    pub(crate) opens: bool,
    pub(crate) frames: Vec<Json>,
    pub(crate) closes: u32,
    pub(crate) events: Vec<Event>,
    pub(crate) audits: Vec<Audit>,
    /// How often the token provider was asked.
    pub(crate) asked: u32,
    pub(crate) record: Option<Record>,
    /// What the browser was last told to keep of what is unsent.
    pub(crate) kept: Vec<Unsent>,
    inbox: VecDeque<EngineInput>,
    is_busy: bool,
    tape: Tape,
    /// Not where ids have a form that no platform uses, or texts were not checked before.
    pub(crate) plays_back: bool,
}

/// What was recorded is played back.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() || !self.plays_back {
            return;
        }
        let diagnostics = Diagnostics::read(&self.tape.diagnostics()).expect("diagnostics that can be read");
        for recording in &diagnostics.recordings {
            recording.replay(|step| assert!(step.is_same(), "played back: {step:#?}")).expect("a readable recording");
        }
    }
}

impl World {
    pub(crate) fn new(chosen: ConversationsSettings) -> World {
        World::resumed(chosen, None)
    }

    /// A page that finds this in its storage.
    pub(crate) fn resumed(chosen: ConversationsSettings, record: Option<Record>) -> World {
        World::restored(chosen, record, Vec::new())
    }

    /// And this, which an earlier page had not sent.
    pub(crate) fn restored(chosen: ConversationsSettings, record: Option<Record>, unsent: Vec<Unsent>) -> World {
        let settings = Settings {
            deployment_id: "d".to_owned(),
            endpoints: Endpoints::of_domain("mypurecloud.com"),
            api: Api::Conversations(Box::new(chosen)),
            ..Settings::default()
        };
        let mut world = World {
            tape: Tape::begin(&settings, 1),
            plays_back: true,
            engine: Engine::new(settings, 1),
            now_ms: 1_000,
            wall_shift_ms: 0,
            calls: Vec::new(),
            made: Vec::new(),
            sockets: Vec::new(),
            has_socket: false,
            opens: true,
            frames: Vec::new(),
            closes: 0,
            events: Vec::new(),
            audits: Vec::new(),
            asked: 0,
            record: None,
            kept: Vec::new(),
            inbox: VecDeque::new(),
            is_busy: false,
        };
        world.command(Command::Start(record));
        world.command(Command::Restore(unsent));
        world.command(Command::OpenPanel);
        world
    }

    /// In a conversation that the widget has opened.
    pub(crate) fn live(chosen: ConversationsSettings) -> World {
        let mut world = World::new(chosen);
        world.answer("/conversations/messaging", 200, OPENED);
        assert!(world.is_live(), "{:?}", world.engine.view().phase);
        world.answer("pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
        world.forget();
        world
    }

    pub(crate) fn usual() -> World {
        World::live(ConversationsSettings::default())
    }

    /// With a token provider that gives this one, for half an hour.
    pub(crate) fn provided(mut chosen: ConversationsSettings) -> World {
        chosen.has_token_provider = true;
        chosen.conversation_id = Some("conversation-1".to_owned());
        let mut world = World::new(chosen);
        world.provide("access-1", Some(1_800));
        world.answer("pageNumber=1", 200, r#"{"entities":[]}"#);
        assert!(world.is_live(), "{:?}", world.engine.view().phase);
        world.forget();
        world
    }

    /// From here on only what comes counts.
    pub(crate) fn forget(&mut self) {
        self.made.clear();
        self.frames.clear();
        self.sockets.clear();
        self.events.clear();
        self.audits.clear();
        self.asked = 0;
        self.closes = 0;
    }

    pub(crate) fn is_live(&self) -> bool {
        self.engine.view().phase == guest_messenger::session::view::Phase::Live
    }

    pub(crate) fn provide(&mut self, token: &str, expires_in_s: Option<u64>) {
        self.input(EngineInput::AccessToken(Some(AccessToken {
            token: Redacted::new(token),
            expires_in_s,
            guest_id: Some("guest-1".to_owned()),
            conversation_id: None,
        })));
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.input(EngineInput::Session(Input::Command(command)));
    }

    pub(crate) fn environment(&mut self, environment: Environment) {
        self.input(EngineInput::Session(Input::Environment(environment)));
    }

    pub(crate) fn send(&mut self, text: &str) {
        self.command(Command::SendText(text.to_owned()));
    }

    pub(crate) fn key(&mut self) {
        self.command(Command::Compose { has_text: true });
    }

    pub(crate) fn frame(&mut self, frame: &str) {
        self.input(EngineInput::Wire(WireInput::Frame(json::parse(frame))));
    }

    pub(crate) fn close(&mut self, code: u16) {
        self.has_socket = false;
        self.input(EngineInput::Wire(WireInput::SocketClosed(code)));
    }

    pub(crate) fn agent_says(&mut self, id: &str, text: &str) -> EntryId {
        let at = guest_messenger::protocol::time::format_time(self.wall_ms());
        self.frame(&format!(
            r#"{{"event_type":"message","conversation_id":"conversation-1","message_id":"{id}","participant_id":"agent-1",
            "payload":{{"id":"{id}","from":{{"id":"agent-1","type":"agent"}},"body":{{"contentType":"text/plain","content":"{text}"}},"sentTime":"{at}"}}}}"#
        ));
        self.entry_of(text)
    }

    pub(crate) fn entry_of(&self, text: &str) -> EntryId {
        let entries = self.engine.view().transcript.entries();
        entries.iter().find(|entry| entry.body.text.expose() == text).expect("such a message").id
    }

    /// The state of the last message of the guest's.
    pub(crate) fn delivery(&self) -> &'static str {
        let entries = self.engine.view().transcript.entries();
        entries.iter().rev().find(|entry| entry.client_id.is_some()).map_or("none", |entry| entry.delivery.name())
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.engine.view().transcript.entries().iter().map(|entry| entry.body.text.expose().to_owned()).collect()
    }

    /// Takes the oldest call to such an address that waits for its answer.
    pub(crate) fn take(&mut self, place: &str) -> HttpCall {
        let at = self.calls.iter().position(|call| call.url.ends_with(place));
        let at = at.unwrap_or_else(|| panic!("no call to …{place} among {:?}", self.urls()));
        self.calls.remove(at)
    }

    pub(crate) fn urls(&self) -> Vec<&str> {
        self.calls.iter().map(|call| call.url.as_str()).collect()
    }

    pub(crate) fn answer(&mut self, place: &str, status: u16, body: &str) -> HttpCall {
        self.answer_with(place, status, None, body)
    }

    pub(crate) fn answer_with(&mut self, place: &str, status: u16, retry_after: Option<&str>, body: &str) -> HttpCall {
        let call = self.take(place);
        let retry_after = retry_after.map(str::to_owned);
        let answer = HttpAnswer { status, retry_after, body: json::parse(body), ..HttpAnswer::default() };
        self.input(EngineInput::Wire(WireInput::Answer { call: call.id, answer: Some(answer) }));
        call
    }

    /// With these headers beside the status, where they are named.
    pub(crate) fn answer_headed(
        &mut self,
        place: &str,
        status: u16,
        headers: [Option<&str>; 2],
        body: &str,
    ) -> HttpCall {
        let call = self.take(place);
        let [etag, remaining] = headers.map(|header| header.map(str::to_owned));
        let answer = HttpAnswer { status, etag, remaining, body: json::parse(body), ..HttpAnswer::default() };
        self.input(EngineInput::Wire(WireInput::Answer { call: call.id, answer: Some(answer) }));
        call
    }

    pub(crate) fn answer_dated(&mut self, place: &str, status: u16, retry_after: &str, date: &str) {
        let call = self.take(place);
        let (retry_after, date) = (Some(retry_after.to_owned()), Some(date.to_owned()));
        let answer = HttpAnswer { status, retry_after, date, ..HttpAnswer::default() };
        self.input(EngineInput::Wire(WireInput::Answer { call: call.id, answer: Some(answer) }));
    }

    pub(crate) fn no_answer(&mut self, place: &str) -> HttpCall {
        let call = self.take(place);
        self.input(EngineInput::Wire(WireInput::Answer { call: call.id, answer: None }));
        call
    }

    /// Lets time pass; what is due happens when it is.
    pub(crate) fn advance(&mut self, span_ms: u64) {
        let until_ms = self.now_ms + span_ms;
        while let Some(Timestamp(at)) = self.engine.poll_timeout().filter(|at| at.0 <= until_ms) {
            self.now_ms = self.now_ms.max(at);
            self.input(EngineInput::Session(Input::Tick));
        }
        self.now_ms = until_ms;
    }

    /// Lets time pass while the line shows now and then that it is alive.
    pub(crate) fn idle(&mut self, span_ms: u64) {
        let until_ms = self.now_ms + span_ms;
        while self.now_ms < until_ms {
            self.hear();
            self.advance((until_ms - self.now_ms).min(50_000));
        }
        self.hear();
    }

    /// The line brings something, though of no concern.
    pub(crate) fn hear(&mut self) {
        self.frame(r#"{"event_type":"message","conversation_id":"another","payload":{}}"#);
    }

    /// Lets time pass until such a call is made. Answers how long that took.
    pub(crate) fn wait_for(&mut self, place: &str) -> u64 {
        let began_ms = self.now_ms;
        for _ in 0..200 {
            if self.calls.iter().any(|call| call.url.ends_with(place)) {
                return self.now_ms - began_ms;
            }
            let next = self.engine.poll_timeout().expect("something that is due");
            self.advance(next.0.saturating_sub(self.now_ms).max(1));
        }
        panic!("no call to …{place} for {} ms", self.now_ms - began_ms);
    }

    /// Lets time pass until the next socket is opened.
    pub(crate) fn wait_for_socket(&mut self) {
        let known = self.sockets.len();
        for _ in 0..200 {
            if self.sockets.len() > known {
                return;
            }
            let next = self.engine.poll_timeout().expect("something that is due");
            self.advance(next.0.saturating_sub(self.now_ms).max(1));
        }
        panic!("no socket was opened");
    }

    /// When calls to such an address were made.
    pub(crate) fn times(&self, place: &str) -> Vec<u64> {
        self.made.iter().filter(|(_, call)| call.url.ends_with(place)).map(|(at, _)| *at).collect()
    }

    pub(crate) fn made_to(&self, place: &str) -> Vec<&HttpCall> {
        self.made.iter().map(|(_, call)| call).filter(|call| call.url.ends_with(place)).collect()
    }

    pub(crate) fn errors(&self) -> Vec<String> {
        let text = |event: &Event| match event {
            Event::Error(error) => Some(error.code.to_owned()),
            Event::Refused(refusal) => Some(format!("{}: {}", refusal.error.code, refusal.detail)),
            _ => None,
        };
        self.events.iter().filter_map(text).collect()
    }

    pub(crate) fn wall_ms(&self) -> i64 {
        START_WALL_MS + self.wall_shift_ms + i64::try_from(self.now_ms).unwrap()
    }

    pub(crate) fn input(&mut self, input: EngineInput) {
        self.inbox.push_back(input);
        if std::mem::replace(&mut self.is_busy, true) {
            return;
        }
        while let Some(input) = self.inbox.pop_front() {
            let now = Now { monotonic: Timestamp(self.now_ms), wall: WallTime(self.wall_ms()) };
            for output in self.tape.handle(&mut self.engine, now, input) {
                self.perform(output);
            }
        }
        self.is_busy = false;
    }

    fn perform(&mut self, output: EngineOutput) {
        match output {
            EngineOutput::Wire(WireAction::Fetch(call)) => {
                self.made.push((self.now_ms, call.clone()));
                self.calls.push(call);
            }
            EngineOutput::Wire(WireAction::OpenSocket { url }) => {
                self.sockets.push((self.now_ms, url));
                if self.opens {
                    self.has_socket = true;
                    self.input(EngineInput::Wire(WireInput::SocketOpened));
                }
            }
            EngineOutput::Wire(WireAction::SendFrame(frame)) => {
                self.frames.push(json::parse(frame.expose()).expect("a frame in JSON"));
            }
            EngineOutput::Wire(WireAction::CloseSocket { .. }) => {
                self.closes += 1;
                self.has_socket = false;
            }
            EngineOutput::MakeToken => {
                let token = GuestToken(Redacted::new("0b9e6a52-0000-4000-8000-000000000000"));
                self.input(EngineInput::Session(Input::Token(token)));
            }
            EngineOutput::Keep { number, unsent } => {
                self.kept = unsent;
                self.input(EngineInput::Session(Input::Kept { number, is_kept: true }));
            }
            EngineOutput::AskToken => self.asked += 1,
            EngineOutput::Persist(record) => self.record = Some(record),
            EngineOutput::Forget => self.record = None,
            EngineOutput::Event(Event::Audit(audit)) => self.audits.push(audit),
            EngineOutput::Event(event) => self.events.push(event),
            EngineOutput::Share(_)
            | EngineOutput::AskSignIn
            | EngineOutput::Diff(_)
            | EngineOutput::Upload { .. }
            | EngineOutput::Adopt
            | EngineOutput::OpenFile { .. } => {}
        }
    }
}

pub(crate) fn header<'a>(call: &'a HttpCall, name: &str) -> Option<&'a str> {
    call.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.expose())
}

pub(crate) fn body(call: &HttpCall) -> Json {
    json::parse(call.body.as_ref().expect("a body").expose()).expect("a body in JSON")
}
