//! One browser tab: the engine, the page around it, its storage, its socket.

use std::collections::{BTreeMap, VecDeque};

use guest_messenger::engine::{Engine, EngineInput, EngineOutput};
use guest_messenger::session::ids::EntryId;
use guest_messenger::session::record::Record;
use guest_messenger::session::time::{Now, WallTime};
use guest_messenger::session::view::View;
use guest_messenger::stored::keeper::Keeper;
use guest_messenger::stored::vault::Kept;

use crate::checks::connection::Floor;
use crate::client::Client;
use crate::happening::{Happening, SocketId};
use crate::planted::Bug;

#[derive(Debug)]
pub(crate) struct Tab {
    pub(crate) client: Client,
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
    /// Of this page: what the vault is to hold.
    pub(crate) keeper: Keeper,
    /// What stands in the composer.
    pub(crate) composer: String,
    last_token: u64,
}

/// What the browser keeps of it.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    /// What reading its text must give.
    pub(crate) record: Option<Record>,
    pub(crate) text: Option<String>,
    /// Writing fails: private mode, or a full disk.
    pub(crate) is_broken: bool,
    /// It once failed or was emptied from outside: what it holds proves nothing.
    pub(crate) is_doubtful: bool,
}

/// Where unsent messages outlive the page: slow, one thing after the other, and now and then not at all.
#[derive(Debug, Default)]
pub(crate) struct Vault {
    /// What reading its text must give.
    pub(crate) kept: Kept,
    pub(crate) text: String,
    /// By the guest's clock.
    pub(crate) saved_at: WallTime,
    /// What waits to be written, the next one first.
    pub(crate) pending: VecDeque<(Kept, u64)>,
    /// What has stood in the composer since the vault took what it holds, and that before it: one of them comes back.
    /// With their numbers.
    pub(crate) drafts: Vec<(u64, String)>,
    pub(crate) newest_draft: u64,
    pub(crate) busy_until_ms: u64,
    /// It does not answer in time before.
    pub(crate) hangs_until_ms: u64,
    /// A writing failed on this page.
    pub(crate) has_failed: bool,
    /// It did not take what it was last given.
    pub(crate) is_stale: bool,
    /// It was emptied from outside, or is too old: no draft need come back.
    pub(crate) has_lost: bool,
}

impl Vault {
    /// This stands in the composer now.
    pub(crate) fn on_draft(&mut self, draft: &str) {
        self.newest_draft += 1;
        self.drafts.push((self.newest_draft, draft.to_owned()));
    }

    pub(crate) fn client_ids(&self) -> Vec<String> {
        self.kept.unsent.iter().map(|unsent| unsent.client_id.0.clone()).collect()
    }
}

impl Tab {
    pub(crate) fn new(seed: u64, bug: Option<Bug>, is_recorded: bool) -> Tab {
        Tab {
            client: Client::new(seed, bug, is_recorded),
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
            vault: Vault { drafts: vec![(0, String::new())], ..Vault::default() },
            keeper: Keeper::default(),
            composer: String::new(),
            last_token: 0,
        }
    }

    /// A new page in the same tab: everything but the storage is gone.
    pub(crate) fn reload(&mut self) {
        self.client.reload();
        self.socket = None;
        self.calls.clear();
        self.newest_config_call = 0;
        self.is_offline = false;
        self.is_panel_open = false;
        self.in_view.clear();
        self.scrolled_up = false;
        self.keeper = Keeper::default();
        self.composer.clear();
    }

    /// Which page this is: answers to an earlier one are nobody's.
    pub(crate) fn page(&self) -> u32 {
        self.client.page
    }

    pub(crate) fn bug(&self) -> Option<Bug> {
        self.client.bug()
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn handle(&mut self, now: Now, input: EngineInput) -> Vec<EngineOutput> {
        self.client.handle(now, input)
    }

    pub(crate) fn view(&self) -> View<'_> {
        self.client.engine().view()
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.client.engine()
    }

    /// A new secret of the visitor's.
    pub(crate) fn make_token(&mut self) -> String {
        self.last_token += 1;
        format!("token-{}", self.last_token)
    }

    /// When the page's one timer fires.
    pub(crate) fn wakes_at_ms(&self, throttles: bool) -> Option<u64> {
        let wanted_ms = self.client.engine().poll_timeout()?.0;
        let throttled_ms = if throttles && !self.is_visible { wanted_ms.next_multiple_of(1_000) } else { wanted_ms };
        Some(throttled_ms.max(self.asleep_until_ms.unwrap_or_default()))
    }
}
