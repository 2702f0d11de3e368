//! One browser tab: the engine, the page around it, its storage, its socket.

use std::collections::{BTreeMap, VecDeque};

use guest_messenger::engine::{Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::Receipts;
use guest_messenger::session::ids::EntryId;
use guest_messenger::session::record::{Record, Unsent};
use guest_messenger::session::time::{Now, WallTime};
use guest_messenger::session::view::View;
use guest_messenger_sandbox::DEFAULT_DEPLOYMENT;

use crate::checks::connection::Floor;
use crate::happening::{Happening, SocketId};
use crate::planted::{Bug, Mischief};
use crate::server::HOST;

#[derive(Debug)]
pub(crate) struct Tab {
    engine: Engine,
    /// One of each page, in a world that is recorded.
    pub(crate) tapes: Vec<Tape>,
    mischief: Mischief,
    /// How many pages this tab has loaded so far: answers to an earlier page are nobody's.
    pub(crate) page: u32,
    pub(crate) socket: Option<SocketId>,
    /// HTTP calls that wait for an answer, what for, and until when.
    pub(crate) calls: BTreeMap<u32, (Floor, u64)>,
    /// The last call for the configuration.
    pub(crate) newest_config_call: u32,
    pub(crate) is_visible: bool,
    pub(crate) is_offline: bool,
    pub(crate) is_panel_open: bool,
    /// Entries in view as last reported.
    pub(crate) in_view: Vec<EntryId>,
    pub(crate) scrolled_up: bool,
    pub(crate) is_observing: bool,
    /// Nothing runs in it until then.
    pub(crate) asleep_until_ms: Option<u64>,
    /// What waits until it runs again.
    pub(crate) delayed: Vec<Happening>,
    /// The socket died while the tab could not hear of it.
    pub(crate) missed_frames: bool,
    pub(crate) storage: Storage,
    pub(crate) vault: Vault,
    last_token: u64,
}

/// What the browser keeps of it.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    pub(crate) record: Option<Record>,
    /// Writing fails: private mode, or a full disk.
    pub(crate) is_broken: bool,
    /// It once failed or was emptied from outside: what it holds proves nothing.
    pub(crate) is_doubtful: bool,
}

/// Where unsent messages outlive the page: slow, one thing after the other, and now and then not at all.
#[derive(Debug, Default)]
pub(crate) struct Vault {
    pub(crate) kept: Vec<Unsent>,
    /// By the guest's clock.
    pub(crate) saved_at: WallTime,
    /// What waits to be written, the next one first.
    pub(crate) pending: VecDeque<Vec<Unsent>>,
    pub(crate) busy_until_ms: u64,
    /// It does not answer in time before.
    pub(crate) hangs_until_ms: u64,
    /// A writing failed on this page.
    pub(crate) has_failed: bool,
    /// It did not take what it was last given.
    pub(crate) is_stale: bool,
}

impl Vault {
    pub(crate) fn client_ids(&self) -> Vec<String> {
        self.kept.iter().map(|unsent| unsent.client_id.0.clone()).collect()
    }
}

impl Tab {
    pub(crate) fn new(seed: u64, bug: Option<Bug>) -> Tab {
        Tab {
            engine: Engine::new(settings(), seed_of(seed, 0)),
            tapes: Vec::new(),
            mischief: Mischief::new(bug),
            page: 0,
            socket: None,
            calls: BTreeMap::new(),
            newest_config_call: 0,
            is_visible: true,
            is_offline: false,
            is_panel_open: false,
            in_view: Vec::new(),
            scrolled_up: false,
            is_observing: false,
            asleep_until_ms: None,
            delayed: Vec::new(),
            missed_frames: false,
            storage: Storage::default(),
            vault: Vault::default(),
            last_token: 0,
        }
    }

    /// A new page in the same tab: everything but the storage is gone.
    pub(crate) fn reload(&mut self, seed: u64) {
        self.page += 1;
        self.engine = Engine::new(settings(), seed_of(seed, self.page));
        if !self.tapes.is_empty() {
            self.record(seed);
        }
        self.mischief.reload();
        self.socket = None;
        self.calls.clear();
        self.newest_config_call = 0;
        self.is_offline = false;
        self.is_panel_open = false;
        self.in_view.clear();
        self.scrolled_up = false;
    }

    /// Records this page, from its beginning on, and those that follow.
    pub(crate) fn record(&mut self, seed: u64) {
        self.tapes.push(Tape::begin(&settings(), seed_of(seed, self.page)));
    }

    /// Hands one input to the engine, past whatever bug is planted, and answers everything that it wants done.
    pub(crate) fn handle(&mut self, now: Now, input: EngineInput) -> Vec<EngineOutput> {
        let mut outputs = Vec::new();
        for (now, input) in self.mischief.bend_input(now, input) {
            let made = match self.tapes.last_mut() {
                Some(tape) => tape.handle(&mut self.engine, now, input),
                None => {
                    self.engine.handle(now, input);
                    std::iter::from_fn(|| self.engine.poll_output()).collect()
                }
            };
            outputs.extend(self.mischief.bend_outputs(made));
        }
        outputs
    }

    pub(crate) fn view(&self) -> View<'_> {
        self.engine.view()
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// A new secret of the visitor's.
    pub(crate) fn make_token(&mut self) -> String {
        self.last_token += 1;
        format!("token-{}", self.last_token)
    }

    /// When the page's one timer fires.
    pub(crate) fn wakes_at_ms(&self, throttles: bool) -> Option<u64> {
        let wanted_ms = self.engine.poll_timeout()?.0;
        let throttled_ms = if throttles && !self.is_visible { wanted_ms.next_multiple_of(1_000) } else { wanted_ms };
        Some(throttled_ms.max(self.asleep_until_ms.unwrap_or_default()))
    }
}

fn settings() -> Settings {
    Settings {
        deployment_id: DEFAULT_DEPLOYMENT.to_owned(),
        endpoints: Endpoints::of_host(&format!("http://{HOST}")).unwrap_or_default(),
        receipts: Receipts::Auto,
        has_tabs: false,
    }
}

/// Of the engine of one page.
fn seed_of(seed: u64, page: u32) -> u64 {
    seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(u64::from(page))
}
