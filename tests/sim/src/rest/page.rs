//! The page: its engine, what the browser keeps of it, its token provider.

use std::collections::BTreeMap;

use guest_messenger::engine::{AccessToken, Api, Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::session::ids::{EntryId, GuestToken};
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::record::{Record, Unsent};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::view::{EndReason, Phase};
use guest_messenger_sandbox::DEFAULT_DEPLOYMENT;

use super::setting::Setting;
use super::{Happening, RestWorld};
use crate::happening::SocketId;
use crate::server::HOST;

/// What the browser's storage takes to answer, at most.
const STORAGE_MS: u64 = 60;
const PROVIDER_MS: u64 = 300;
const SLOW_PROVIDER_MS: u64 = 45_000;
/// Nobody waits for one any longer.
const PROVIDER_TIMEOUT_MS: u64 = 35_000;
/// Failures that are closer together count as one.
const FAILURE_INTERVAL_MS: u64 = 10_000;

#[derive(Debug)]
pub(super) struct Page {
    pub(super) number: u32,
    pub(super) engine: Engine,
    /// Between two pages there is none.
    pub(super) is_there: bool,
    pub(super) socket: Option<SocketId>,
    /// Calls that wait for their answer, and for which message.
    pub(super) calls: BTreeMap<u32, super::frames::Sent>,
    pub(super) is_visible: bool,
    pub(super) is_panel_open: bool,
    pub(super) in_view: Vec<EntryId>,
    pub(super) is_leaving: bool,
    /// The provider is being asked since then.
    pub(super) asked_ms: Option<u64>,
    keeps_until_ms: u64,
    /// What outlives the page.
    pub(super) record: Option<Record>,
    pub(super) kept: Vec<Unsent>,
}

impl Page {
    pub(super) fn new(setting: &Setting, seed: u64, number: u32, before: Option<&Page>) -> Page {
        let settings = Settings {
            deployment_id: DEFAULT_DEPLOYMENT.to_owned(),
            endpoints: Endpoints::of_host(&format!("http://{HOST}")).unwrap_or_default(),
            api: Api::Conversations(Box::new(setting.chosen.clone())),
            ..Settings::default()
        };
        let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(u64::from(number));
        Page {
            number,
            engine: Engine::new(settings, seed),
            is_there: false,
            socket: None,
            calls: BTreeMap::new(),
            is_visible: true,
            is_panel_open: false,
            in_view: Vec::new(),
            is_leaving: false,
            asked_ms: None,
            keeps_until_ms: 0,
            record: before.and_then(|page| page.record.clone()),
            kept: before.map(|page| page.kept.clone()).unwrap_or_default(),
        }
    }

    /// Their answers are of a conversation that is over.
    pub(super) fn forget_calls(&mut self) {
        self.calls.values_mut().for_each(|sent| sent.is_forgotten = true);
    }
}

impl RestWorld {
    pub(super) fn open_page(&mut self) {
        let number = self.page.number + 1;
        let seed = self.random.u64(..);
        self.page = Page::new(&self.setting, seed, number, Some(&self.page));
        self.page.is_there = true;
        self.provider.failures = 0;
        self.checks.new_page(&self.page.kept);
        self.trace(|| format!("PAGE {number}"));
        let (record, kept) = (self.page.record.clone(), self.page.kept.clone());
        self.command(Command::Start(record));
        self.command(Command::Restore(kept));
        self.command(Command::OpenPanel);
        self.page.is_panel_open = true;
    }

    /// The visitor leaves the page, and comes back. `is_told`: the page is told before.
    pub(super) fn reload(&mut self, is_told: bool) {
        if !self.page.is_there {
            return;
        }
        if is_told {
            self.page.is_leaving = true;
            self.environment(Environment::Leaving);
        } else {
            self.checks.crash();
        }
        self.page.is_there = false;
        self.leave_socket();
        // Longer than what is on its way takes to arrive.
        let span_ms = self.random.u64(4_000..20_000);
        self.plan_in(span_ms, Happening::Opens);
    }

    pub(super) fn command(&mut self, command: Command) {
        self.feed(EngineInput::Session(Input::Command(command)));
    }

    pub(super) fn environment(&mut self, environment: Environment) {
        self.feed(EngineInput::Session(Input::Environment(environment)));
    }

    pub(super) fn feed(&mut self, input: EngineInput) {
        if !self.page.is_there {
            return;
        }
        let Some(input) = self.bent_input(input) else { return };
        let now = self.now();
        self.page.engine.handle(now, input);
        let outputs: Vec<EngineOutput> = std::iter::from_fn(|| self.page.engine.poll_output()).collect();
        for output in outputs {
            self.perform(output);
        }
        self.note_seen();
    }

    fn perform(&mut self, output: EngineOutput) {
        match output {
            EngineOutput::Wire(action) => self.act(action),
            EngineOutput::Persist(record) => {
                self.check_record(&record);
                self.page.record = Some(record);
            }
            EngineOutput::Forget => {
                self.page.record = None;
                self.page.forget_calls();
                self.checks.forget();
                self.provider.failures = 0;
            }
            EngineOutput::Keep { number, unsent } => {
                let at_ms = self.now_ms + self.random.u64(0..STORAGE_MS);
                self.page.keeps_until_ms = at_ms.max(self.page.keeps_until_ms);
                let (at_ms, page) = (self.page.keeps_until_ms, self.page.number);
                self.plan(at_ms, Happening::Kept { page, number, unsent });
            }
            EngineOutput::MakeToken => {
                let token = format!("identity-{}", self.random.u64(..));
                self.feed(EngineInput::Session(Input::Token(GuestToken(Redacted::new(token)))));
            }
            EngineOutput::AskToken => self.ask_provider(),
            EngineOutput::Event(event) => {
                self.trace(|| format!("tells {event:?}"));
                self.check_told(&format!("{event:?}"));
            }
            EngineOutput::Adopt
            | EngineOutput::Share(_)
            | EngineOutput::AskSignIn
            | EngineOutput::Upload { .. }
            | EngineOutput::OpenFile { .. }
            | EngineOutput::Diff(_) => {}
        }
    }

    pub(super) fn keep(&mut self, page: u32, number: u32, unsent: Vec<Unsent>) {
        if page != self.page.number || !self.page.is_there {
            return;
        }
        self.checks.kept.extend(unsent.iter().map(|message| message.client_id.0.clone()));
        self.page.kept = unsent;
        self.feed(EngineInput::Session(Input::Kept { number, is_kept: true }));
    }

    fn ask_provider(&mut self) {
        let page = self.page.number;
        self.trace(|| "asks for a token".to_owned());
        self.count("tokens asked for");
        if !self.setting.chosen.has_token_provider {
            self.breaks("F34", "a provider is asked that is not there");
        }
        if self.page.asked_ms.replace(self.now_ms).is_some_and(|since| self.now_ms < since + PROVIDER_TIMEOUT_MS) {
            self.breaks("F36", "two tokens are asked for at once");
        }
        let is_slow = self.now_ms < self.provider.slow_until_ms;
        let most_ms = if is_slow { SLOW_PROVIDER_MS } else { PROVIDER_MS };
        let span_ms = self.random.u64(1..most_ms);
        if span_ms >= PROVIDER_TIMEOUT_MS {
            self.checks.no_token_ms = self.now_ms + PROVIDER_TIMEOUT_MS;
        }
        if self.now_ms < self.provider.fails_until_ms {
            return self.plan_in(span_ms, Happening::TokenGiven { page, token: None });
        }
        self.plan_in(span_ms, Happening::TokenWanted { page });
    }

    pub(super) fn token_given(&mut self, page: u32, token: Option<AccessToken>) {
        if page != self.page.number {
            return;
        }
        self.page.asked_ms = None;
        self.checks.token_ms = Some(self.now_ms);
        if token.is_none() {
            self.checks.no_token_ms = self.now_ms;
        }
        self.checks.token_given(token.as_ref());
        self.trace(|| format!("is given a token: {}", token.is_some()));
        if token.is_some() {
            self.provider.failures = 0;
        } else if self.provider.failures == 0 || self.now_ms >= self.provider.failed_ms + FAILURE_INTERVAL_MS {
            self.provider.failures += 1;
            self.provider.failed_ms = self.now_ms;
        }
        let failures = self.provider.failures;
        let shown = self.page.engine.view().transcript.entries().len();
        self.feed(EngineInput::AccessToken(token));
        let view = self.page.engine.view();
        let (phase, left) = (view.phase, view.transcript.entries().len());
        if failures >= 3 && self.page.is_there {
            self.count("F35 ended by three failures");
            if !matches!(phase, Phase::Ended(EndReason::Expired)) || left < shown {
                self.breaks("F35", format!("the provider has failed three times, and the conversation is {phase:?}"));
            }
        }
    }
}
