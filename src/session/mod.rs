//! The core: decides what happens and when. It knows no clock, no network, no random source and no browser.
//!
//! # The run loop
//! 1. Something happens: call [`Session::handle`] with the moment and the [`Input`].
//! 2. Drain [`Session::poll_output`] to `None` and do what it says.
//! 3. Arm one timer for [`Session::poll_timeout`]; when it fires, bring [`Input::Tick`].
//! 4. Only then the next input. Outputs may cause inputs: queue them.
//!
//! # The line
//! After `Request::OpenLine` and after `Request::CloseLine` nothing more is heard of the line before: a driver that hears
//! of it late drops what it hears.
//!
//! # Time
//! `Now::monotonic` drives timers and rates, `Now::wall` only stamps messages until the platform has. Deadlines are
//! absolute, so that a throttled or sleeping page does the right thing at the next wake-up.
//!
//! # Panics
//! None on input. Whatever the platform says, the session ends up in a state with a defined way out.

pub mod attachments;
pub mod audit;
pub mod content;
pub mod deployment;
pub mod error;
pub mod files;
pub mod ids;
pub mod input;
pub mod manners;
pub mod metrics;
pub mod output;
pub mod record;
pub mod redact;
pub mod time;
pub mod timer;
pub mod transcript;
pub mod view;

mod backoff;
pub(crate) mod breaker;
mod busy;
mod connect;
mod converse;
mod deliver;
mod expiry;
mod history;
mod keep;
mod lease;
mod lifecycle;
mod limits;
mod outbox;
mod reading;
mod sign_in;
mod tabs;
mod typing;

use crate::built_in::GUEST;
use attachments::Attachments;
use backoff::Backoff;
use breaker::Breaker;
use deployment::Deployment;
use error::ChatError;
use expiry::Expiry;
use history::History;
use ids::{ClientId, GuestToken, TabId};
use input::{Command, Environment, Input, PlatformEvent};
use lease::Lease;
use limits::Limits;
use manners::Manners;
use metrics::Metrics;
use outbox::Outbox;
use output::{Diff, Effect, Event, Output, Request};
use reading::Reading;
use record::Record;
use sign_in::SignIn;
use time::{Now, Timestamp, WallTime};
use timer::{Timer, TimerTable};
use transcript::Transcript;
use typing::{OwnTyping, TheirTyping};
use view::{Banner, EndReason, Phase, View};

/// Guests may write this much in one message, in bytes of UTF-8 (guest API reference, section 4.3).
pub const TEXT_MAX_BYTES: usize = 4096;

/// So many messages are kept at most; older ones are read from history again when somebody scrolls there.
pub const TRANSCRIPT_MAX: usize = 1_000;

/// Whether read receipts go over the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Receipts {
    /// Where the platform announces that it takes them.
    #[default]
    Auto,
    /// The read mark stays in the browser.
    Local,
}

/// One guest conversation.
#[derive(Debug)]
pub struct Session {
    now: Now,
    random: fastrand::Rng,
    receipts: Receipts,
    manners: Manners,
    /// A handful at a time: a vector, which is in the page anyway, serves as the queue.
    outputs: Vec<Output>,
    timers: TimerTable,

    life: Life,
    line: Line,
    identity: Identity,
    /// Of the conversation that this tab is or was last in.
    tag: u64,
    lease: Lease,
    expiry: Expiry,
    sign_in: SignIn,
    deployment: Option<Deployment>,
    page: Page,

    backoff: Backoff,
    limits: Limits,
    /// The configuration and history are on different hosts.
    config_breaker: Breaker,
    history_breaker: Breaker,
    trouble: Trouble,
    /// Frames that made no sense or were of no concern.
    ignored_frames: u64,

    transcript: Transcript,
    transcript_max: usize,
    /// How many messages are unread, where nothing but messages has come since they were counted: a burst counts on.
    unread: Option<u32>,
    outbox: Outbox,
    history: History,
    own_typing: OwnTyping,
    their_typing: TheirTyping,
    reading: Reading,
    attachments: Attachments,

    metrics: Metrics,
    told: Told,
}

/// What may still happen in this conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Active,
    ReadOnly,
    Ended(EndReason),
    Elsewhere,
    Unavailable(&'static ChatError),
}

/// How far the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Down,
    /// `Timer::Reconnect` runs, or the page is hidden and nothing waits to be sent.
    Waiting,
    LoadingDeployment,
    /// Another tab connects for this one, or is asked whether it does.
    Following,
    Opening,
    Configuring,
    Up,
}

/// Who the guest is to the platform.
#[derive(Debug, Default)]
struct Identity {
    token: Option<GuestToken>,
    asked: bool,
    /// An earlier page had it already.
    is_kept: bool,
    /// The platform knows the token.
    is_live: bool,
    /// Its session began in this life of the page, then.
    fresh_since: Option<WallTime>,
    expires_at: Option<WallTime>,
    duration_s: Option<u64>,
    /// This page has been configured with it before.
    was_configured: bool,
    /// The guest asked for a new conversation after a read-only one.
    starts_new: bool,
    has_joined: bool,
}

/// What the browser says of the page.
#[derive(Debug)]
struct Page {
    is_visible: bool,
    hidden_since: Timestamp,
    is_offline: bool,
    panel_open: bool,
    /// Nobody needs the connection until somebody uses the widget again.
    is_dormant: bool,
    has_started: bool,
}

/// How the connection has failed of late.
#[derive(Debug, Default)]
struct Trouble {
    /// Attempts in a row that ended before the line was open.
    unopened: u32,
    /// The configuration can be had and the line cannot.
    is_refused: bool,
    /// Closes in a row that speak of a misunderstanding.
    protocol_errors: u32,
    /// The break has lasted long enough to be told.
    is_told: bool,
}

/// What was last told, so that only changes are.
#[derive(Debug, Default)]
struct Told {
    record: Option<Record>,
    /// What the storage was given last: whether each has failed, and the conversation of all.
    unsent: Vec<(ClientId, bool)>,
    unsent_of: Option<u64>,
    /// The number of the last `Effect::Keep`, and when that was.
    keeping: u32,
    keeping_since: Timestamp,
    /// Until then no other tab can have taken that over.
    sure_until: Timestamp,
    /// The storage may hold what is not taken up yet, and so must not be written.
    awaits_unsent: bool,
    /// That the storage fails is said once.
    storage_failure: bool,
    unread: u32,
    status: Option<(Phase, Option<Banner>, bool, bool, bool)>,
    connection: Option<&'static str>,
    typing: bool,
    history: view::HistoryState,
}

impl Session {
    /// `seed` makes backoff and client ids: the same seed and inputs give the same outputs.
    pub fn new(receipts: Receipts, seed: u64) -> Session {
        Session {
            now: Now::default(),
            random: fastrand::Rng::with_seed(seed),
            receipts,
            manners: Manners::default(),
            outputs: Vec::new(),
            timers: TimerTable::default(),
            life: Life::Active,
            line: Line::Down,
            identity: Identity::default(),
            tag: 0,
            lease: Lease::alone(),
            expiry: Expiry::default(),
            sign_in: SignIn::default(),
            deployment: None,
            page: Page {
                is_visible: true,
                hidden_since: Timestamp(0),
                is_offline: false,
                panel_open: false,
                is_dormant: false,
                has_started: false,
            },
            backoff: Backoff::default(),
            limits: Limits::new(),
            config_breaker: Breaker::default(),
            history_breaker: Breaker::default(),
            trouble: Trouble::default(),
            ignored_frames: 0,
            transcript: Transcript::default(),
            transcript_max: TRANSCRIPT_MAX,
            unread: None,
            outbox: Outbox::default(),
            history: History::default(),
            own_typing: OwnTyping::default(),
            their_typing: TheirTyping::default(),
            reading: Reading::default(),
            attachments: Attachments::default(),
            metrics: Metrics::default(),
            told: Told::default(),
        }
    }

    /// The same with another limit than [`TRANSCRIPT_MAX`].
    #[must_use]
    pub fn with_transcript_of(mut self, transcript_max: usize) -> Session {
        self.transcript_max = transcript_max;
        self
    }

    /// The same where tabs hear each other: one of them connects for all.
    #[must_use]
    pub fn among_tabs(mut self) -> Session {
        self.lease = Lease::among_tabs(TabId(self.random.u64(..) >> 11));
        self
    }

    /// The same with the manners of another API than the guest API.
    #[cfg(feature = "conversations")]
    #[must_use]
    pub fn with_manners(mut self, manners: Manners) -> Session {
        if manners.is_rest {
            self.limits = Limits::of_rest();
        }
        self.backoff = Backoff::beginning_with(manners.reconnect_ms);
        self.manners = manners;
        self
    }

    /// Takes one thing that happened. Drain [`Session::poll_output`] before the next.
    pub fn handle(&mut self, now: Now, input: Input) {
        self.now = now;
        if !matches!(input, Input::Platform(PlatformEvent::Message(_))) {
            self.unread = None;
        }
        match input {
            Input::Command(command) => self.on_command(command),
            Input::Platform(event) => self.on_platform(event),
            Input::Environment(environment) => self.on_environment(environment),
            Input::Tab(news) => self.on_tab(news),
            Input::Token(token) => self.on_token(token),
            Input::Kept { number, is_kept } => self.on_kept(number, is_kept),
            Input::Taken(taken) => self.on_taken(taken),
            Input::Tick => {}
            Input::Grant(grant) => self.on_grant(grant),
            Input::Upload { file, news } => self.on_upload(file, news),
        }
        while let Some(timer) = self.timers.take_due(self.now.monotonic) {
            self.on_timer(timer);
        }
        self.keep_unsent();
        self.pursue_line();
        self.ask_history();
        self.give_turns();
        self.flush_outbox();
        self.pursue_uploads();
        self.cut_transcript();
        self.tell_changes();
    }

    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        (!self.outputs.is_empty()).then(|| self.outputs.remove(0))
    }

    /// When to bring [`Input::Tick`], and what for. May change after any [`Session::handle`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Timestamp, Timer)> {
        self.timers.next()
    }

    pub fn view(&self) -> View<'_> {
        View {
            phase: self.phase(),
            banner: self.banner(),
            transcript: &self.transcript,
            typing: self.their_typing.who(),
            unread: self.told.unread,
            history: self.history.state(),
            deployment: self.deployment.as_ref(),
            panel_open: self.page.panel_open,
            is_visible: self.page.is_visible,
            can_clear: self.can_clear(),
            takes_files: self.takes_files(),
            file_max_kb: self.file_rules().map_or(0, |rules| rules.size_max_kb),
            uploads: self.attachments.uploads(),
        }
    }

    /// Frames that made no sense or were of no concern, since the beginning.
    pub fn ignored_frames(&self) -> u64 {
        self.ignored_frames
    }

    /// How sending has gone so far.
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Start(record) => self.on_start(record),
            Command::Restore(unsent) => self.on_restore(unsent),
            Command::Adopt(unsent) => self.on_adopt(unsent),
            Command::OpenPanel => self.on_open_panel(),
            Command::ClosePanel => self.on_close_panel(),
            Command::SendText(text) => self.on_send_text(&text),
            Command::Answer(offer, answer) => self.on_answer(offer, answer),
            Command::Compose { has_text } => self.on_compose(has_text),
            #[cfg(feature = "conversations")]
            Command::Blur => self.stop_typing(),
            Command::InView(entries) => self.on_in_view(entries),
            Command::LoadOlder => {
                if self.history.want_older() {
                    // It may have been the deadline of a read that this one replaces.
                    self.timers.stop(Timer::History);
                }
            }
            Command::Attach { file, flaw } => self.on_attach(file, flaw),
            Command::RemoveFile(file) => self.on_remove_file(file),
            Command::RetryFile(file) => self.on_retry_file(file),
            Command::SendWithFiles(text) => self.on_send_with_files(&text),
            #[cfg(feature = "conversations")]
            Command::SendAttached(body) => self.on_send_attached(body),
            Command::FetchFile { id, opens } => self.on_fetch_file(id, opens),
            Command::Retry(entry) => self.on_retry(entry),
            Command::Discard(entry) => self.on_discard(entry),
            Command::Clear => self.on_clear(),
            Command::StartNew => self.on_start_new(),
            Command::Reconnect => self.on_reconnect(),
            Command::Extend => self.on_extend(),
            Command::OfferSignIn => self.on_offer_sign_in(),
            Command::SignIn => self.on_sign_in(),
            Command::LogOut => self.on_log_out(),
        }
    }

    fn on_platform(&mut self, event: PlatformEvent) {
        if event.is_frame() {
            self.on_sign_of_life();
        }
        match event {
            PlatformEvent::DeploymentLoaded(deployment) => self.on_deployment(deployment),
            PlatformEvent::LineOpened => self.on_line_opened(),
            PlatformEvent::LineClosed(code) => self.on_line_closed(code),
            PlatformEvent::Configured(configured) => self.on_configured(configured),
            PlatformEvent::Message(message) => self.on_message(message),
            PlatformEvent::Typing { from, duration_ms } => self.on_their_typing(from, duration_ms),
            PlatformEvent::History(page) => self.on_history(page),
            PlatformEvent::HistoryFailed(failure) => self.on_history_failed(failure),
            PlatformEvent::Alive(lifetime) => self.on_alive(&lifetime),
            PlatformEvent::Rejected(rejection) => self.on_rejected(rejection),
            PlatformEvent::Expired => self.end(EndReason::Expired),
            PlatformEvent::SignOfLife => self.on_heard(),
            PlatformEvent::Ignored => self.ignored_frames += 1,
            #[cfg(feature = "conversations")]
            PlatformEvent::Renamed(token) => self.set_token(token),
            #[cfg(feature = "conversations")]
            PlatformEvent::Unanswered(client_id) => self.on_unanswered(&client_id),
            #[cfg(feature = "conversations")]
            PlatformEvent::Replaced => self.on_replaced(),
            #[cfg(feature = "conversations")]
            PlatformEvent::HistoryBlind => self.give_up_unknown(&ChatError::NOT_CONFIRMED),
            #[cfg(feature = "conversations")]
            PlatformEvent::Doubtful => self.history.want_check(),
            #[cfg(feature = "conversations")]
            PlatformEvent::HistoryAbsent => self.on_history_absent(),
            // The other APIs say none of these.
            _ if !GUEST => {}
            PlatformEvent::DeploymentFailed(failure) => self.on_deployment_failed(failure),
            PlatformEvent::Ended { read_only, id, time } => self.on_conversation_ended(read_only, id, time),
            PlatformEvent::Joined => self.identity.has_joined = true,
            PlatformEvent::HistoryScant => self.on_history_scant(),
            PlatformEvent::Cleared => self.wipe(true),
            PlatformEvent::ClosedElsewhere { signed_in } => self.on_closed_elsewhere(signed_in),
            PlatformEvent::LoggedOut => self.on_logged_out(),
            PlatformEvent::SignedIn => self.on_signed_in(),
            PlatformEvent::SignInFailed(failure) => self.on_sign_in_failed(failure),
            PlatformEvent::UploadAddress { id, url, headers } => self.on_upload_address(&id, url, headers),
            PlatformEvent::Uploaded { id } => self.on_uploaded(&id),
            PlatformEvent::FileRefused { id, refusal } => self.on_file_refused(&id, refusal),
            PlatformEvent::FileAddress { id, url } => self.on_file_address(&id, url),
        }
    }

    fn on_environment(&mut self, environment: Environment) {
        match environment {
            Environment::Visible => self.on_visible(),
            Environment::Hidden => self.on_hidden(),
            Environment::Online => self.on_online(),
            Environment::Offline => self.on_offline(),
            Environment::Resumed => self.on_resumed(),
            Environment::Leaving => self.on_leaving(),
        }
    }

    fn on_timer(&mut self, timer: Timer) {
        self.unread = None;
        match timer {
            Timer::Connect => self.on_connect_timeout(),
            Timer::Reconnect => self.begin_attempt(),
            Timer::Stable => self.on_stable(),
            Timer::Probe => self.on_silence(),
            Timer::ProbeReply => self.on_dead_line(),
            Timer::Echo => self.on_echo_timeout(),
            // The drain after the input sends and asks.
            Timer::Flush => {}
            Timer::Keep => self.on_keep_timeout(),
            Timer::History => self.on_history_timeout(),
            Timer::TypingOut => self.signal_typing(),
            Timer::TypingIn => self.stop_their_typing(),
            Timer::Reading => self.on_read(),
            Timer::Receipt => self.send_receipt(),
            Timer::Banner => self.trouble.is_told = true,
            Timer::Idle => self.on_idle(),
            Timer::Lease => self.on_lease_timer(),
            // The engine sends it in the same step.
            Timer::Relay => {}
            // So does the drain after the input.
            Timer::Upload => {}
            Timer::Expiry => self.look_at_expiry(),
            Timer::Adopt => self.adopt_again(),
            Timer::TypingPause => self.stop_typing(),
        }
    }

    fn ask(&mut self, request: Request) {
        self.effect(Effect::Ask(request));
    }

    fn effect(&mut self, effect: Effect) {
        self.outputs.push(Output::Effect(effect));
    }

    fn event(&mut self, event: Event) {
        self.outputs.push(Output::Event(event));
    }

    fn diff(&mut self, diff: Diff) {
        self.outputs.push(Output::Diff(diff));
    }

    /// Sets a timer this far from now.
    fn wake_in(&mut self, timer: Timer, span_ms: u64) {
        self.timers.set(timer, self.now.monotonic.after(span_ms));
    }
}
