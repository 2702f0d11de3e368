//! Engines side by side, a channel between them, and a platform that echoes, remembers and announces receipts. Each
//! engine is recorded, and its recording played back when the test is over.

use std::collections::VecDeque;

use guest_messenger::engine::{Api, Endpoints, Engine, EngineInput, EngineOutput, Settings, TabMessage};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use guest_messenger::recorder::replay::Diagnostics;
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::{Command, Environment, Grant, Input};
use guest_messenger::session::output::Event;
use guest_messenger::session::record::Record;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

const CONFIG: &str = r#"{"id":"d","status":"Active","messenger":{"enabled":true,"apps":{"conversations":{
    "enabled":true,"showAgentTypingIndicator":true,"showUserTypingIndicator":true,
    "conversationClear":{"enabled":true}}}},"guestMessenger":{"readReceipts":true},
    "auth":{"enabled":true,"allowSessionUpgrade":true}}"#;

const LOGOUT: &str = r#"{"type":"message","class":"LogoutEvent","code":200,"body":{}}"#;

pub(crate) struct Tab {
    pub(crate) engine: Engine,
    pub(crate) has_socket: bool,
    /// Killed: hears nothing, says nothing.
    is_gone: bool,
    /// Stands still; what it is told waits.
    is_stopped: bool,
    pub(crate) events: Vec<Event>,
    heard: Vec<TabMessage>,
    tape: Tape,
}

impl Drop for Tab {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let diagnostics = Diagnostics::read(&self.tape.diagnostics()).expect("diagnostics that can be read");
        for recording in &diagnostics.recordings {
            recording.replay(|step| assert!(step.is_same(), "played back: {step:#?}")).expect("a readable recording");
        }
    }
}

pub(crate) struct World {
    pub(crate) tabs: Vec<Tab>,
    pub(crate) now_ms: u64,
    /// How many sockets were opened so far.
    pub(crate) opened: u32,
    /// Every frame that reached the platform, with its moment.
    pub(crate) frames: Vec<(u64, Json)>,
    /// Frames are swallowed.
    pub(crate) is_deaf: bool,
    /// Nobody gets a line.
    pub(crate) is_refusing: bool,
    /// The page can sign visitors in, and has been asked to by these tabs.
    offers_sign_in: bool,
    pub(crate) asked: Vec<usize>,
    /// It knows who the visitor is.
    pub(crate) knows_visitor: bool,
    messages: Vec<String>,
    inbox: VecDeque<(usize, EngineInput)>,
    is_busy: bool,
}

impl World {
    /// So many tabs of one conversation, the first one connected, the others after it.
    pub(crate) fn with_tabs(count: usize) -> World {
        World::empty().filled(count)
    }

    /// The same on a page that can sign visitors in.
    pub(crate) fn with_sign_in(count: usize, knows_visitor: bool) -> World {
        World { offers_sign_in: true, knows_visitor, ..World::empty() }.filled(count)
    }

    fn empty() -> World {
        World {
            tabs: Vec::new(),
            now_ms: 1_000,
            opened: 0,
            frames: Vec::new(),
            is_deaf: false,
            is_refusing: false,
            offers_sign_in: false,
            asked: Vec::new(),
            knows_visitor: false,
            messages: Vec::new(),
            inbox: VecDeque::new(),
            is_busy: false,
        }
    }

    fn filled(mut self, count: usize) -> World {
        for _ in 0..count {
            self.open_tab("guest-token");
            self.advance(400);
        }
        self.frames.clear();
        self
    }

    pub(crate) fn open_tab(&mut self, token: &str) {
        let settings = Settings {
            deployment_id: "d".to_owned(),
            endpoints: Endpoints::of_domain("mypurecloud.ie"),
            has_tabs: true,
            api: Api::Guest,
            ..Settings::default()
        };
        let seed = self.tabs.len() as u64 + 1;
        self.tabs.push(Tab {
            tape: Tape::begin(&settings, seed),
            engine: Engine::new(settings, seed),
            has_socket: false,
            is_gone: false,
            is_stopped: false,
            events: Vec::new(),
            heard: Vec::new(),
        });
        if self.offers_sign_in {
            self.command(self.tabs.len() - 1, Command::OfferSignIn);
        }
        let record = Record {
            token: GuestToken(Redacted::new(token)),
            expires_at: None,
            read_mark: None,
            is_live: true,
            panel_open: true,
        };
        self.command(self.tabs.len() - 1, Command::Start(Some(record)));
        self.command(self.tabs.len() - 1, Command::Restore(Vec::new()));
    }

    pub(crate) fn command(&mut self, tab: usize, command: Command) {
        self.input(tab, EngineInput::Session(Input::Command(command)));
        self.deliver();
    }

    pub(crate) fn environment(&mut self, tab: usize, environment: Environment) {
        self.input(tab, EngineInput::Session(Input::Environment(environment)));
        self.deliver();
    }

    pub(crate) fn say(&mut self, tab: usize, text: &str) {
        self.command(tab, Command::SendText(text.to_owned()));
    }

    /// The tab is gone without a word.
    pub(crate) fn kill(&mut self, tab: usize) {
        self.tabs[tab].is_gone = true;
        self.tabs[tab].has_socket = false;
    }

    pub(crate) fn stop(&mut self, tab: usize) {
        self.tabs[tab].is_stopped = true;
    }

    /// It goes on, and is told first that it stood still.
    pub(crate) fn resume(&mut self, tab: usize) {
        self.tabs[tab].is_stopped = false;
        self.environment(tab, Environment::Resumed);
    }

    /// It runs on as if nothing had been.
    pub(crate) fn thaw(&mut self, tab: usize) {
        self.tabs[tab].is_stopped = false;
        self.deliver();
    }

    pub(crate) fn cut(&mut self, tab: usize) {
        self.tabs[tab].has_socket = false;
        self.input(tab, EngineInput::Wire(WireInput::SocketClosed(1006)));
        self.deliver();
    }

    /// The platform says something to whoever is connected.
    pub(crate) fn receive(&mut self, frame: &str) {
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].has_socket && !self.tabs[tab].is_stopped {
                self.input(tab, EngineInput::Wire(WireInput::Frame(json::parse(frame))));
            }
        }
        self.deliver();
    }

    pub(crate) fn agent_says(&mut self, id: &str) {
        let message = message(id, "Outbound", id, self.now_ms, None);
        self.messages.push(message.clone());
        self.receive(&envelope(&message));
    }

    pub(crate) fn advance(&mut self, span_ms: u64) {
        let end_ms = self.now_ms + span_ms;
        loop {
            let awake = self.tabs.iter().enumerate().filter(|(_, tab)| !tab.is_gone && !tab.is_stopped);
            let next = awake.filter_map(|(at, tab)| tab.engine.poll_timeout().map(|due| (due.0, at))).min();
            let Some((due_ms, tab)) = next.filter(|(due_ms, _)| *due_ms <= end_ms) else { break };
            self.now_ms = self.now_ms.max(due_ms);
            self.input(tab, EngineInput::Session(Input::Tick));
            self.deliver();
        }
        self.now_ms = end_ms;
    }

    pub(crate) fn holders(&self) -> Vec<usize> {
        (0..self.tabs.len()).filter(|tab| self.tabs[*tab].has_socket).collect()
    }

    pub(crate) fn texts(&self, tab: usize) -> Vec<String> {
        let entries = self.tabs[tab].engine.view().transcript.entries().iter();
        entries.map(|entry| format!("{} {}", entry.body.text.expose(), entry.delivery.name())).collect()
    }

    /// Frames of this action since the last look.
    pub(crate) fn take(&mut self, action: &str) -> Vec<(u64, Json)> {
        let is_meant = |(_, frame): &(u64, Json)| frame.text("action") == Some(action);
        self.frames.extract_if(.., |frame| is_meant(frame)).collect()
    }

    /// One thing after the other: what a step causes comes after all of what the step did.
    pub(crate) fn input(&mut self, tab: usize, input: EngineInput) {
        self.inbox.push_back((tab, input));
        if self.is_busy {
            return;
        }
        self.is_busy = true;
        while let Some((tab, input)) = self.inbox.pop_front() {
            self.step(tab, input);
        }
        self.is_busy = false;
    }

    fn step(&mut self, tab: usize, input: EngineInput) {
        if self.tabs[tab].is_gone {
            return;
        }
        let wall = WallTime(1_792_000_000_000 + i64::try_from(self.now_ms).unwrap());
        let now = Now { monotonic: Timestamp(self.now_ms), wall };
        let Tab { engine, tape, .. } = &mut self.tabs[tab];
        for output in tape.handle(engine, now, input) {
            match output {
                EngineOutput::Wire(action) => self.act(tab, action),
                EngineOutput::Event(event) => self.tabs[tab].events.push(event),
                EngineOutput::Share(message) => {
                    for (at, other) in self.tabs.iter_mut().enumerate() {
                        if at != tab && !other.is_gone {
                            other.heard.push(message.clone());
                        }
                    }
                }
                EngineOutput::AskSignIn => {
                    self.asked.push(tab);
                    let grant = Grant(Redacted::new(r#"{"code":"ada","redirectUri":"r"}"#));
                    let grant = self.knows_visitor.then_some(grant);
                    self.input(tab, EngineInput::Session(Input::Grant(grant)));
                }
                EngineOutput::Keep { number, .. } => {
                    self.input(tab, EngineInput::Session(Input::Kept { number, is_kept: true }));
                }
                _ => {}
            }
        }
    }

    fn deliver(&mut self) {
        while let Some(tab) = self.tabs.iter().position(|tab| !tab.heard.is_empty() && !tab.is_stopped) {
            let message = self.tabs[tab].heard.remove(0);
            self.input(tab, EngineInput::Tab(message));
        }
    }

    fn act(&mut self, tab: usize, action: WireAction) {
        match action {
            WireAction::OpenSocket { .. } => {
                self.opened += 1;
                if self.is_refusing {
                    return self.input(tab, EngineInput::Wire(WireInput::SocketClosed(1006)));
                }
                self.tabs[tab].has_socket = true;
                self.input(tab, EngineInput::Wire(WireInput::SocketOpened));
            }
            WireAction::CloseSocket { .. } => self.tabs[tab].has_socket = false,
            WireAction::SendFrame(frame) => {
                assert!(self.tabs[tab].has_socket, "a frame without a socket");
                let frame = json::parse(frame.expose()).unwrap();
                self.frames.push((self.now_ms, frame.clone()));
                if !self.is_deaf {
                    self.on_frame(tab, &frame);
                }
            }
            WireAction::Fetch(call) => self.on_call(tab, &call),
        }
    }

    fn on_frame(&mut self, tab: usize, frame: &Json) {
        let id = frame.text("tracingId").unwrap();
        let answer = match frame.text("action").unwrap() {
            "configureSession" | "configureAuthenticatedSession" => {
                r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":false}}"#
                    .to_owned()
            }
            "getJwt" => format!(
                r#"{{"type":"response","class":"JwtResponse","code":200,"tracingId":"{id}","body":{{"jwt":"j","exp":1800000000}}}}"#
            ),
            "echo" => {
                format!(r#"{{"type":"response","class":"StructuredMessage","code":200,"tracingId":"{id}","body":{{"text":"ping"}}}}"#)
            }
            "onMessage" if frame.get("message").unwrap().text("type") == Some("Text") => {
                let text = frame.get("message").unwrap().text("text").unwrap();
                let message = message(id, "Inbound", text, self.now_ms, Some(id));
                self.messages.push(message.clone());
                envelope(&message)
            }
            _ => return,
        };
        self.input(tab, EngineInput::Wire(WireInput::Frame(json::parse(&answer))));
    }

    fn on_call(&mut self, tab: usize, call: &HttpCall) {
        let body = if call.url.contains("/messages?") {
            let newest_first: Vec<_> = self.messages.iter().rev().cloned().collect();
            format!(r#"{{"entities":[{}],"pageCount":1}}"#, newest_first.join(","))
        } else if call.url.ends_with("/revoke") {
            self.input(tab, EngineInput::Wire(WireInput::Frame(json::parse(LOGOUT))));
            String::new()
        } else if call.url.contains("/token/") {
            r#"{"jwt":"j","refreshToken":"r"}"#.to_owned()
        } else {
            CONFIG.to_owned()
        };
        let answer = Some(HttpAnswer { status: 200, body: json::parse(&body), ..HttpAnswer::default() });
        self.input(tab, EngineInput::Wire(WireInput::Answer { call: call.id, answer }));
    }
}

fn envelope(message: &str) -> String {
    format!(r#"{{"type":"message","class":"StructuredMessage","code":200,"body":{message}}}"#)
}

fn message(id: &str, direction: &str, text: &str, now_ms: u64, client_id: Option<&str>) -> String {
    let time = format!("2026-10-14T18:{:02}:{:02}.{:03}Z", now_ms / 60_000 % 60, now_ms / 1_000 % 60, now_ms % 1_000);
    let metadata = client_id.map_or(String::new(), |id| format!(r#","metadata":{{"id":"{id}"}}"#));
    let tracing = client_id.map_or(String::new(), |id| format!(r#","tracingId":"{id}""#));
    format!(
        r#"{{"id":"{id}-s","channel":{{"time":"{time}","messageId":"{id}-s","type":"Private"}},"type":"Text","text":"{text}",
        "direction":"{direction}","originatingEntity":"Human"{metadata}{tracing}}}"#
    )
}
