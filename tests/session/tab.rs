//! A session among tabs. The others are what it is told of them.

use guest_messenger::session::ids::{ServerId, TabId};
use guest_messenger::session::input::{Command, Input, PlatformEvent, SharedLine, TabNews};
use guest_messenger::session::output::{Effect, Request};
use guest_messenger::session::record::{ReadMark, Record};
use guest_messenger::session::time::WallTime;
use guest_messenger::session::{Receipts, Session};

use crate::harness::{EPOCH_MS, TestSession, configured, deployment, record};

/// Another tab, whose name is below that of any tab under test.
pub(crate) const OTHER: TabId = TabId(5);

/// After every term that a tab under test can have reached.
pub(crate) const LATER: u64 = 1_792_100_000_000;

pub(crate) fn line(number: u32) -> SharedLine {
    SharedLine { number, is_new: false, is_read_only: false, duration_s: None, expires_at: None, history_debt_ms: 0 }
}

/// The other tab holds the connection, and this is its line.
pub(crate) fn hold(line: Option<SharedLine>) -> TabNews {
    TabNews::Hold { tab: OTHER, term: LATER, line, is_refused: false }
}

pub(crate) fn mark(id: &str, time_ms: i64) -> ReadMark {
    ReadMark { time: WallTime(EPOCH_MS + time_ms), id: ServerId(id.to_owned()) }
}

impl TestSession {
    /// A tab that nobody needs a connection in.
    pub(crate) fn idle_tab() -> TestSession {
        let mut test = TestSession::fresh();
        test.session = Session::new(Receipts::Auto, 1).among_tabs();
        test.command(Command::Start(None));
        test.command(Command::Restore(Vec::new()));
        test.forget_log();
        test
    }

    /// A tab that asks who holds the connection of its conversation, while its configuration is loaded.
    pub(crate) fn seeking_tab(seed: u64) -> TestSession {
        TestSession::seeking_tab_of(seed, Record { panel_open: true, ..record() })
    }

    pub(crate) fn seeking_tab_of(seed: u64, record: Record) -> TestSession {
        let mut test = TestSession::fresh();
        test.session = Session::new(Receipts::Auto, seed).among_tabs();
        test.forget_log();
        test.command(Command::Start(Some(record)));
        test.command(Command::Restore(Vec::new()));
        test
    }

    /// A tab that nobody answered: its line is up, and its history read.
    pub(crate) fn holding_tab() -> TestSession {
        let mut test = TestSession::seeking_tab(1);
        test.advance(150);
        test.platform(PlatformEvent::DeploymentLoaded(deployment()));
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(configured(false)));
        test.history(vec![]);
        test.forget_log();
        test
    }

    /// A tab that another one's line is known to, and that has not read its history yet; and its name.
    pub(crate) fn joined_tab(line: SharedLine) -> (TestSession, TabId) {
        let mut test = TestSession::seeking_tab(1);
        test.platform(PlatformEvent::DeploymentLoaded(deployment()));
        test.forget_log();
        test.hear(hold(Some(line)));
        let wanted = test.shared().into_iter().find_map(|news| match news {
            TabNews::WantHistory(name) => Some(name),
            _ => None,
        });
        let name = wanted.expect("it asks for its turn");
        test.forget_log();
        (test, name)
    }

    /// A tab that uses another one's line, and has read its history.
    pub(crate) fn following_tab() -> TestSession {
        let (mut test, name) = TestSession::joined_tab(line(1));
        test.hear(TabNews::MayReadHistory { tab: name, by: OTHER });
        test.history(vec![]);
        test.forget_log();
        test
    }

    pub(crate) fn hear(&mut self, news: TabNews) {
        self.input(Input::Tab(news));
    }

    /// What the other tabs were told since the last look.
    pub(crate) fn shared(&mut self) -> Vec<TabNews> {
        let mut shared = Vec::new();
        self.effects.retain(|effect| match effect {
            Effect::Share(news) => {
                shared.push(news.clone());
                false
            }
            _ => true,
        });
        shared
    }

    /// As whom, and since when, this one holds the connection.
    pub(crate) fn claim(&mut self) -> (TabId, u64) {
        self.hear(TabNews::Seek);
        let claims = self.shared().into_iter().find_map(|news| match news {
            TabNews::Hold { tab, term, .. } => Some((tab, term)),
            _ => None,
        });
        claims.expect("it holds the connection")
    }

    /// The line that the others were told of last, since the last look.
    pub(crate) fn told_line(&mut self) -> Option<SharedLine> {
        let lines = self.shared().into_iter().filter_map(|news| match news {
            TabNews::Hold { line, .. } => Some(line),
            _ => None,
        });
        lines.fold(None, |_, line| line)
    }

    /// Whether the line of the other tab is used or not any more, since the last look.
    pub(crate) fn joined_or_left(&mut self) -> Vec<&'static str> {
        let words = self.take_requests().into_iter().filter_map(|request| match request {
            Request::JoinLine { .. } => Some("join"),
            Request::LeaveLine => Some("leave"),
            _ => None,
        });
        words.collect()
    }
}
