//! A session under a virtual clock, with a record of everything it said.

use guest_messenger::session::content::{Author, Body, Sender};
use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::ids::{ClientId, EntryId, GuestToken, ServerId};
use guest_messenger::session::input::{
    Command, Configured, Environment, HistoryPage, Input, Lifetime, Message, PlatformEvent, Rejection, RejectionReason,
};
use guest_messenger::session::output::{Diff, Effect, Event, Output, Request};
use guest_messenger::session::record::{Record, Unsent};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};
use guest_messenger::session::view::View;
use guest_messenger::session::{Receipts, Session};

/// The wall clock when the virtual clock stands at zero.
pub(crate) const EPOCH_MS: i64 = 1_792_000_000_000;

pub(crate) struct TestSession {
    pub session: Session,
    pub now_ms: u64,
    /// How long the clock for timers has stood still while the computer slept.
    pub slept_ms: u64,
    pub requests: Vec<Request>,
    pub effects: Vec<Effect>,
    pub events: Vec<Event>,
    pub diffs: Vec<Diff>,
    /// What the browser was last asked to keep.
    pub kept: Vec<Unsent>,
    /// A keeping that is not answered yet.
    pub keeping: Option<u32>,
    /// What the browser was last asked to remember of the session.
    pub record: Option<Record>,
    pub storage_answers: bool,
}

impl TestSession {
    /// Started in a fresh browser, panel closed.
    pub(crate) fn fresh() -> TestSession {
        TestSession::started(None)
    }

    pub(crate) fn started(record: Option<Record>) -> TestSession {
        TestSession::start(1, record)
    }

    fn start(seed: u64, record: Option<Record>) -> TestSession {
        let mut test = TestSession {
            session: Session::new(Receipts::Auto, seed),
            now_ms: 1_000,
            slept_ms: 0,
            requests: Vec::new(),
            effects: Vec::new(),
            events: Vec::new(),
            diffs: Vec::new(),
            kept: Vec::new(),
            keeping: None,
            record: None,
            storage_answers: true,
        };
        let is_fresh = record.is_none();
        test.command(Command::Start(record));
        if is_fresh {
            test.command(Command::Restore(Vec::new()));
        }
        test
    }

    /// Panel open, a new conversation, everything so far forgotten.
    pub(crate) fn live() -> TestSession {
        TestSession::live_with(deployment())
    }

    pub(crate) fn live_with(deployment: Deployment) -> TestSession {
        TestSession::fresh().go_live(deployment)
    }

    pub(crate) fn live_with_seed(seed: u64) -> TestSession {
        TestSession::start(seed, None).go_live(deployment())
    }

    fn go_live(self, deployment: Deployment) -> TestSession {
        let mut test = self;
        test.command(Command::OpenPanel);
        test.platform(PlatformEvent::DeploymentLoaded(deployment));
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(configured(true)));
        test.forget_log();
        test
    }

    /// As `live`, with so many messages kept at most.
    pub(crate) fn live_with_transcript_of(most: usize) -> TestSession {
        let mut test = TestSession::fresh();
        test.session = Session::new(Receipts::Auto, 1).with_transcript_of(most);
        test.command(Command::Start(None));
        test.command(Command::Restore(Vec::new()));
        test.go_live(deployment())
    }

    /// A conversation found in the storage, connected, its history not read yet.
    pub(crate) fn resumed() -> TestSession {
        let mut test = TestSession::started(Some(record()));
        test.command(Command::OpenPanel);
        test.platform(PlatformEvent::DeploymentLoaded(deployment()));
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(configured(false)));
        test
    }

    pub(crate) fn input(&mut self, input: Input) {
        let wall_ms = EPOCH_MS + i64::try_from(self.now_ms + self.slept_ms).unwrap();
        let now = Now { monotonic: Timestamp(self.now_ms), wall: WallTime(wall_ms) };
        self.session.handle(now, input);
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Effect(Effect::Ask(request)) => self.requests.push(request),
                Output::Effect(Effect::Keep { number, unsent }) => {
                    self.kept = unsent;
                    self.keeping = Some(number);
                }
                Output::Effect(effect) => {
                    if let Effect::Persist(record) = &effect {
                        self.record = Some(record.clone());
                    }
                    self.effects.push(effect);
                }
                Output::Event(event) => self.events.push(event),
                Output::Diff(diff) => self.diffs.push(diff),
            }
        }
        if let Some(number) = self.keeping.take_if(|_| self.storage_answers) {
            self.input(Input::Kept { number, is_kept: true });
        }
        if self.effects.contains(&Effect::MakeToken) {
            self.effects.retain(|effect| *effect != Effect::MakeToken);
            self.input(Input::Token(token("made")));
        }
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    pub(crate) fn platform(&mut self, event: PlatformEvent) {
        self.input(Input::Platform(event));
    }

    pub(crate) fn environment(&mut self, environment: Environment) {
        self.input(Input::Environment(environment));
    }

    /// Lets time pass, waking the session whenever it wants to be woken.
    pub(crate) fn advance(&mut self, span_ms: u64) {
        let end_ms = self.now_ms + span_ms;
        while let Some((at, _)) = self.session.poll_timeout() {
            if at.0 > end_ms {
                break;
            }
            self.now_ms = self.now_ms.max(at.0);
            self.input(Input::Tick);
        }
        self.now_ms = end_ms;
    }

    /// Lets time pass until something is asked of the platform, at most this long.
    pub(crate) fn advance_until_asked(&mut self, most_ms: u64) {
        let end_ms = self.now_ms + most_ms;
        while self.requests.is_empty() {
            match self.session.poll_timeout() {
                Some((at, _)) if at.0 <= end_ms => {
                    self.now_ms = self.now_ms.max(at.0);
                    self.input(Input::Tick);
                }
                _ => return,
            }
        }
    }

    pub(crate) fn view(&self) -> View<'_> {
        self.session.view()
    }

    pub(crate) fn forget_log(&mut self) {
        self.requests.clear();
        self.effects.clear();
        self.events.clear();
        self.diffs.clear();
    }

    /// What was asked since the last call.
    pub(crate) fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// Sends text and answers its client id. The session must have sent it at once.
    pub(crate) fn send(&mut self, text: &str) -> ClientId {
        self.command(Command::SendText(text.to_owned()));
        self.sent()
    }

    /// As `send`, when other requests were made before.
    pub(crate) fn send_after_typing(&mut self, text: &str) -> ClientId {
        self.requests.clear();
        self.send(text)
    }

    /// The client id of the one message sent since the last look.
    pub(crate) fn sent(&mut self) -> ClientId {
        let sent: Vec<ClientId> = self.sent_messages().into_iter().map(|(id, _)| id).collect();
        let [id] = sent.as_slice() else { panic!("{} messages were sent", sent.len()) };
        id.clone()
    }

    /// Client ids and texts sent since the last look.
    pub(crate) fn sent_messages(&mut self) -> Vec<(ClientId, String)> {
        let as_sent = |request| match request {
            Request::Send { client_id, body } => Some((client_id, body.text.expose().to_owned())),
            _ => None,
        };
        self.take_requests().into_iter().filter_map(as_sent).collect()
    }

    /// The platform echoes a message of the guest.
    pub(crate) fn echo(&mut self, client_id: &ClientId) {
        let message = self.own_copy(client_id);
        self.platform(PlatformEvent::Message(message));
    }

    /// The platform's copy of a message of the guest.
    pub(crate) fn own_copy(&self, client_id: &ClientId) -> Message {
        let time = WallTime(EPOCH_MS + i64::try_from(self.now_ms).unwrap());
        let entry = self.session.view().transcript.by_client_id(client_id);
        let body = entry.map_or_else(|| Body::text("from elsewhere"), |entry| entry.body.clone());
        Message {
            body,
            id: Some(ServerId(format!("server-{}", client_id.0))),
            client_id: Some(client_id.clone()),
            author: Author::Guest,
            time: Some(time),
            ..agent_message("?", "ignored", 0)
        }
    }

    pub(crate) fn agent_says(&mut self, id: &str, text: &str) {
        let time_ms = i64::try_from(self.now_ms).unwrap();
        self.platform(PlatformEvent::Message(agent_message(id, text, time_ms)));
    }

    pub(crate) fn lose_line(&mut self) {
        self.platform(PlatformEvent::LineClosed(1006));
    }

    /// From a broken line to a configured one. History is asked for, not answered.
    pub(crate) fn reconnect(&mut self) {
        self.advance_until_asked(10_000);
        assert_eq!(self.take_requests(), [Request::OpenLine]);
        self.platform(PlatformEvent::LineOpened);
        assert!(matches!(self.take_requests().as_slice(), [Request::Configure { start_new: false, .. }]));
        self.platform(PlatformEvent::Configured(configured(false)));
    }

    pub(crate) fn history(&mut self, messages: Vec<Message>) {
        self.platform(PlatformEvent::History(HistoryPage { number: 1, messages, has_older: false }));
    }

    pub(crate) fn reject(&mut self, client_id: Option<&ClientId>, reason: RejectionReason) {
        self.platform(PlatformEvent::Rejected(Rejection { client_id: client_id.cloned(), reason }));
    }

    /// The transcript as "author: text (delivery)" lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let entries = self.session.view().transcript.entries().iter();
        entries
            .map(|entry| {
                let author = format!("{:?}", entry.author).to_lowercase();
                format!("{author}: {} ({})", entry.body.text.expose(), entry.delivery.name())
            })
            .collect()
    }

    pub(crate) fn entry(&self, text: &str) -> EntryId {
        let mut entries = self.session.view().transcript.entries().iter();
        entries.find(|entry| entry.body.text.expose() == text).map(|entry| entry.id).expect("an entry with this text")
    }
}

pub(crate) fn token(name: &str) -> GuestToken {
    GuestToken(Redacted::new(name))
}

pub(crate) fn record() -> Record {
    Record { token: token("kept"), expires_at: None, read_mark: None, is_live: true, panel_open: false }
}

pub(crate) fn deployment() -> Deployment {
    Deployment {
        is_active: true,
        sends_typing: true,
        shows_typing: true,
        allows_clear: true,
        takes_receipts: true,
        ..Deployment::default()
    }
}

pub(crate) fn configured(is_new: bool) -> Configured {
    let lifetime = Lifetime { duration_s: Some(259_200), expires_at: None };
    Configured { is_connected: true, is_new, lifetime, ..Configured::default() }
}

/// A message of an agent, this long after the epoch of the tests.
pub(crate) fn agent_message(id: &str, text: &str, time_ms: i64) -> Message {
    Message {
        id: Some(ServerId(id.to_owned())),
        other_id: None,
        client_id: None,
        author: Author::Agent,
        sender: Sender::default(),
        body: Body::text(text),
        notice: None,
        time: Some(WallTime(EPOCH_MS + time_ms)),
    }
}
