//! The whole engine on a scripted wire. What it did is recorded, and played back when the test is over.

use guest_messenger::engine::{Api, Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use guest_messenger::recorder::replay::{Diagnostics, Step};
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::Receipts;
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::output::Event;
use guest_messenger::session::record::Record;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

pub(crate) const CONFIG: &str = r#"{"id":"d","status":"Active","messenger":{"enabled":true,"apps":{"conversations":{
    "enabled":true,"showAgentTypingIndicator":true,"showUserTypingIndicator":true,
    "conversationClear":{"enabled":true},"markdown":{"enabled":true},
    "humanize":{"enabled":true,"bot":{"name":"Robi"}}}}},"guestMessenger":{"readReceipts":true}}"#;
pub(crate) const CONFIGURED: &str =
    r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":true}}"#;

/// The wall clock when the virtual clock stands at zero.
pub(crate) const EPOCH_MS: i64 = 1_792_000_000_000;

pub(crate) struct TestEngine {
    pub(crate) engine: Engine,
    pub(crate) now_ms: u64,
    pub(crate) actions: Vec<WireAction>,
    pub(crate) events: Vec<Event>,
    /// What concerns files.
    pub(crate) files: Vec<EngineOutput>,
    tape: Tape,
}

impl Drop for TestEngine {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let diagnostics = Diagnostics::read(&self.tape.diagnostics()).expect("diagnostics that can be read");
        for recording in &diagnostics.recordings {
            let is_same = |step: &Step<'_>| step.is_same() || recording.has_covered_ids();
            recording.replay(|step| assert!(is_same(step), "played back: {step:#?}")).expect("a readable recording");
        }
    }
}

impl TestEngine {
    pub(crate) fn fresh() -> TestEngine {
        TestEngine::started(None)
    }

    pub(crate) fn started(record: Option<Record>) -> TestEngine {
        let settings = Settings {
            deployment_id: "7d1c2f0e-5b1a".to_owned(),
            endpoints: Endpoints::of_domain("mypurecloud.ie"),
            receipts: Receipts::Auto,
            has_tabs: false,
            api: Api::Guest,
        };
        let tape = Tape::begin(&settings, 1);
        let engine = Engine::new(settings, 1);
        let mut test =
            TestEngine { engine, now_ms: 1_000, actions: Vec::new(), events: Vec::new(), files: Vec::new(), tape };
        test.command(Command::Start(record));
        test.command(Command::Restore(Vec::new()));
        test
    }

    /// Panel open, configured, wire log empty.
    pub(crate) fn live() -> TestEngine {
        let mut test = TestEngine::fresh();
        test.command(Command::OpenPanel);
        let call = test.take_call();
        test.answer(&call, 200, CONFIG);
        test.wire(WireInput::SocketOpened);
        test.receive(CONFIGURED);
        test.actions.clear();
        test.events.clear();
        test
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.input(EngineInput::Session(Input::Command(command)));
    }

    pub(crate) fn session(&mut self, input: Input) {
        self.input(EngineInput::Session(input));
    }

    pub(crate) fn wire(&mut self, input: WireInput) {
        self.input(EngineInput::Wire(input));
    }

    /// A text frame arrives, as the native reader takes it.
    pub(crate) fn receive(&mut self, frame: &str) {
        self.wire(WireInput::Frame(json::parse(frame)));
    }

    pub(crate) fn answer(&mut self, call: &HttpCall, status: u16, body: &str) {
        let answer = Some(HttpAnswer { status, body: json::parse(body), ..HttpAnswer::default() });
        self.wire(WireInput::Answer { call: call.id, answer });
    }

    pub(crate) fn advance(&mut self, span_ms: u64) {
        let end_ms = self.now_ms + span_ms;
        while let Some(at) = self.engine.poll_timeout().filter(|at| at.0 <= end_ms) {
            self.now_ms = self.now_ms.max(at.0);
            self.input(EngineInput::Session(Input::Tick));
        }
        self.now_ms = end_ms;
    }

    /// The frames sent since the last look.
    pub(crate) fn take_frames(&mut self) -> Vec<Json> {
        let as_frame = |action: WireAction| match action {
            WireAction::SendFrame(text) => Some(json::parse(text.expose()).expect("frames are JSON")),
            _ => None,
        };
        std::mem::take(&mut self.actions).into_iter().filter_map(as_frame).collect()
    }

    pub(crate) fn take_frame(&mut self) -> Json {
        let mut frames = self.take_frames();
        assert_eq!(frames.len(), 1, "{frames:?}");
        frames.remove(0)
    }

    /// The HTTP calls made since the last look.
    pub(crate) fn take_calls(&mut self) -> Vec<HttpCall> {
        let as_call = |action: WireAction| match action {
            WireAction::Fetch(call) => Some(call),
            _ => None,
        };
        std::mem::take(&mut self.actions).into_iter().filter_map(as_call).collect()
    }

    pub(crate) fn take_call(&mut self) -> HttpCall {
        let mut calls = self.take_calls();
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls.remove(0)
    }

    /// What `exportDiagnostics()` would give.
    pub(crate) fn diagnostics(&self) -> String {
        self.tape.diagnostics()
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let entries = self.engine.view().transcript.entries().iter();
        entries.map(|entry| entry.body.text.expose().to_owned()).collect()
    }

    pub(crate) fn ignored(&self) -> u64 {
        self.engine.session().ignored_frames()
    }

    pub(crate) fn input(&mut self, input: EngineInput) {
        let wall = WallTime(EPOCH_MS + i64::try_from(self.now_ms).unwrap());
        let mut wants_token = false;
        let mut kept = None;
        let now = Now { monotonic: Timestamp(self.now_ms), wall };
        for output in self.tape.handle(&mut self.engine, now, input) {
            match output {
                EngineOutput::Wire(action) => self.actions.push(action),
                EngineOutput::Event(event) => self.events.push(event),
                EngineOutput::Upload { .. } | EngineOutput::OpenFile { .. } => self.files.push(output),
                EngineOutput::MakeToken => wants_token = true,
                EngineOutput::Keep { number, .. } => kept = Some(number),
                _ => {}
            }
        }
        if let Some(number) = kept {
            self.input(EngineInput::Session(Input::Kept { number, is_kept: true }));
        }
        if wants_token {
            self.input(EngineInput::Session(Input::Token(GuestToken(Redacted::new("guest-token")))));
        }
    }
}
