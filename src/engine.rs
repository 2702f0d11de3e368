//! Session and protocol joined: what every host drives, whether browser, simulator, load tool or replay.
//!
//! The contract: one `handle`, then drain `poll_output` to `None`, then arm one timer for `poll_timeout`; then the next.

mod relay;

#[cfg(feature = "conversations")]
use crate::protocol::conversations::Conversations;
#[cfg(feature = "guest")]
use crate::protocol::guest::Guest;
use crate::protocol::wire::{WireAction, WireInput};
use crate::protocol::{Protocol, ProtocolOutput};
use crate::session::error::ChatError;
use crate::session::ids::FileId;
use crate::session::input::{Environment, Input};
use crate::session::metrics::Metrics;
use crate::session::output::{Diff, Effect, Event, Output};
use crate::session::record::{Record, Unsent};
use crate::session::redact::Redacted;
use crate::session::time::{Now, Timestamp, earlier};
use crate::session::view::View;
use crate::session::{Receipts, Session};

#[cfg(feature = "conversations")]
pub use crate::protocol::conversations::settings::{
    ConversationsSettings, ReceiptsDialect, SendForm, TypingDialect, Webhook,
};
pub use crate::protocol::endpoints::Endpoints;
pub use crate::protocol::token::AccessToken;
pub use relay::{Said, TabMessage};

use relay::Relay;

/// One thing that happened, to the session, on the network or in another tab.
#[derive(Clone, Debug)]
pub enum EngineInput {
    Session(Input),
    Wire(WireInput),
    /// Those of other conversations are passed over.
    Tab(TabMessage),
    /// The answer to [`EngineOutput::AskToken`]; `None` when the provider failed or gave nothing that can be used.
    #[cfg(feature = "conversations")]
    AccessToken(Option<AccessToken>),
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum EngineOutput {
    Wire(WireAction),
    Persist(Record),
    Forget,
    /// Keep these instead of those before; then bring `Input::Kept` with the number.
    Keep {
        number: u32,
        unsent: Vec<Unsent>,
    },
    /// Take over what tabs of this conversation (`Session::tag`) that are gone had not sent; then bring `Command::Adopt`.
    Adopt,
    /// Make a new identity with a secure generator and bring it as `Input::Token`.
    MakeToken,
    /// As `Effect::Upload`.
    Upload {
        file: FileId,
        url: Redacted,
        headers: Redacted,
    },
    /// The visitor wants to have the file that is there.
    OpenFile {
        url: Redacted,
    },
    /// For the other tabs.
    Share(TabMessage),
    /// Ask the page who the visitor is and bring `Input::Grant`.
    AskSignIn,
    /// Ask the page's token provider and bring [`EngineInput::AccessToken`], also when it fails. Never asked again before that.
    AskToken,
    Event(Event),
    Diff(Diff),
}

/// What the page chose.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub deployment_id: String,
    pub endpoints: Endpoints,
    pub receipts: Receipts,
    /// Tabs can speak to each other: one of them connects for all.
    pub has_tabs: bool,
    pub api: Api,
}

/// Which messaging API is spoken.
#[derive(Clone, Debug)]
pub enum Api {
    #[cfg(feature = "guest")]
    Guest,
    #[cfg(feature = "conversations")]
    Conversations(Box<ConversationsSettings>),
}

impl Default for Api {
    fn default() -> Api {
        #[cfg(feature = "guest")]
        return Api::Guest;
        #[cfg(not(feature = "guest"))]
        Api::Conversations(Box::default())
    }
}

#[derive(Debug)]
pub struct Engine {
    session: Session,
    protocol: Protocol,
    relay: Relay,
    outputs: Vec<EngineOutput>,
}

impl Engine {
    /// `seed` makes backoff and client ids; in the browser it comes from the secure generator.
    pub fn new(settings: Settings, seed: u64) -> Engine {
        let session = Session::new(settings.receipts, seed);
        let session = match &settings.api {
            #[cfg(feature = "guest")]
            Api::Guest if settings.has_tabs => session.among_tabs(),
            #[cfg(feature = "guest")]
            Api::Guest => session,
            // Each tab has a line of its own: calls cannot be passed on as frames are.
            #[cfg(feature = "conversations")]
            Api::Conversations(chosen) => session.with_manners(chosen.manners()),
        };
        Engine {
            session,
            // Another stream of ids than the session's.
            protocol: match settings.api {
                #[cfg(feature = "guest")]
                Api::Guest => Protocol::Guest(Box::new(Guest::new(settings.endpoints, settings.deployment_id, !seed))),
                #[cfg(feature = "conversations")]
                Api::Conversations(chosen) => {
                    Protocol::Conversations(Box::new(Conversations::new(settings.endpoints, *chosen, !seed)))
                }
            },
            relay: Relay::default(),
            outputs: Vec::new(),
        }
    }

    /// The same with another limit than [`crate::session::TRANSCRIPT_MAX`].
    #[must_use]
    pub fn with_transcript_of(mut self, transcript_max: usize) -> Engine {
        self.session = self.session.with_transcript_of(transcript_max);
        self
    }

    /// Takes one thing that happened. Drain [`Engine::poll_output`] before the next.
    pub fn handle(&mut self, now: Now, input: EngineInput) {
        let mut made = Vec::new();
        let is_leaving = matches!(input, EngineInput::Session(Input::Environment(Environment::Leaving)));
        self.protocol.set_leaving(is_leaving);
        match input {
            EngineInput::Session(input) => self.session.handle(now, input),
            EngineInput::Wire(input) => self.on_wire(now, input, &mut made),
            EngineInput::Tab(message) => self.on_tab(now, message, &mut made),
            #[cfg(feature = "conversations")]
            EngineInput::AccessToken(token) => self.protocol.access_token(now, token, &mut made),
        }
        self.protocol.tick(now, &mut made);
        self.drain_session(now, &mut made);
        // What the protocol made is taken in order; what that causes is appended. Copies would weigh 2 KB on the page.
        while !made.is_empty() {
            match made.remove(0) {
                ProtocolOutput::Wire(action) => self.act(action, false),
                #[cfg(feature = "conversations")]
                ProtocolOutput::AskToken => self.outputs.push(EngineOutput::AskToken),
                #[cfg(feature = "conversations")]
                ProtocolOutput::Tell(event) => self.outputs.push(EngineOutput::Event(event)),
                ProtocolOutput::Event(event) => {
                    self.session.handle(now, Input::Platform(event));
                    self.drain_session(now, &mut made);
                }
            }
        }
        self.relay_frames();
    }

    #[must_use]
    pub fn poll_output(&mut self) -> Option<EngineOutput> {
        (!self.outputs.is_empty()).then(|| self.outputs.remove(0))
    }

    /// All outputs at once: on the page that is less than one after the other.
    #[must_use]
    pub fn take_outputs(&mut self) -> Vec<EngineOutput> {
        core::mem::take(&mut self.outputs)
    }

    /// When to bring `Input::Tick`. May change after any [`Engine::handle`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        earlier(self.session.poll_timeout().map(|(at, _)| at), self.protocol.poll_timeout())
    }

    pub fn view(&self) -> View<'_> {
        self.session.view()
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    /// How sending has gone so far.
    pub fn metrics(&self) -> Metrics {
        self.session.metrics()
    }

    /// Whether a file may be attached, by the policy of the API.
    ///
    /// # Errors
    /// Those of [`crate::session::manners::Policy::check_attachment`].
    pub fn check_attachment(&self, mime: &str, size_bytes: u64) -> Result<(), ChatError> {
        self.session.check_attachment(mime, size_bytes)
    }

    /// Whether this text could be sent just now; see [`Session::check_text`].
    ///
    /// # Errors
    /// Those of [`Session::check_text`].
    pub fn check_text(&self, text: &str) -> Result<(), ChatError> {
        self.session.check_text(text)
    }

    fn drain_session(&mut self, now: Now, made: &mut Vec<ProtocolOutput>) {
        while let Some(output) = self.session.poll_output() {
            let output = match output {
                Output::Effect(Effect::Ask(request)) => {
                    self.request(now, request, made);
                    continue;
                }
                Output::Effect(Effect::Persist(record)) => EngineOutput::Persist(record),
                Output::Effect(Effect::Forget) => EngineOutput::Forget,
                Output::Effect(Effect::Keep { number, unsent }) => EngineOutput::Keep { number, unsent },
                Output::Effect(Effect::Adopt) => EngineOutput::Adopt,
                Output::Effect(Effect::MakeToken) => EngineOutput::MakeToken,
                Output::Effect(Effect::Share(news)) => self.said(Said::News(news)),
                Output::Effect(Effect::AskSignIn) => EngineOutput::AskSignIn,
                Output::Effect(Effect::Upload { file, url, headers }) => EngineOutput::Upload { file, url, headers },
                Output::Effect(Effect::OpenFile { url }) => EngineOutput::OpenFile { url },
                Output::Event(event) => EngineOutput::Event(event),
                Output::Diff(diff) => EngineOutput::Diff(diff),
            };
            self.outputs.push(output);
        }
    }
}
