//! The other tabs of the conversation: news of them, and one connection for all.

use super::ids::{GuestToken, TabId};
use super::input::{Configured, Lifetime, SharedLine, TabNews};
use super::lease::{ASK_MS, SEEK_MS, SPREAD_MS};
use super::output::{Effect, Event, Request};
use super::record::ReadMark;
use super::timer::Timer;
use super::{Life, Line, Session};
use crate::built_in::SHARED_LINE;

/// After so long a tab asks again whether it may read history.
const TURN_MS: u64 = 15_000;
/// All that the limit on history reads allows at once has just been used.
const HISTORY_DEBT_MAX_MS: u64 = 40_000;

impl Session {
    /// Tells conversations apart: tabs of another one are strangers.
    pub fn tag(&self) -> u64 {
        self.tag
    }

    /// What comes over the line is to be passed on to other tabs.
    pub fn shares_frames(&self) -> bool {
        self.lease.has_company && self.holds_line()
    }

    /// This tab's line is up, and may carry other tabs' frames.
    pub fn holds_line(&self) -> bool {
        self.lease.is_holder() && self.line == Line::Up
    }

    /// Another tab's line is used: frames come from there and go there.
    pub fn follows_line(&self) -> bool {
        self.lease.is_follower() && matches!(self.line, Line::Up | Line::Configuring)
    }

    /// What this tab calls itself.
    pub fn tab(&self) -> TabId {
        self.lease.me()
    }

    /// This tab connects for all, or tries to.
    pub fn is_holder(&self) -> bool {
        self.lease.is_holder()
    }

    /// This tab relies on another one for its line.
    pub fn is_follower(&self) -> bool {
        self.lease.is_follower()
    }

    /// Takes the right to send a frame for another tab. It wakes up when it may, if it may not now.
    pub fn may_relay(&mut self, is_message: bool) -> bool {
        let now = self.now.monotonic;
        let taken = if is_message { self.limits.take_message(now) } else { self.limits.take_frame(now) };
        match taken {
            Ok(()) => {
                self.schedule_idle();
                true
            }
            Err(when) => {
                self.timers.set_earliest(Timer::Relay, when);
                false
            }
        }
    }

    pub(super) fn on_tab(&mut self, news: TabNews) {
        self.lease.has_company = true;
        match news {
            TabNews::Read(mark) => self.on_read_elsewhere(mark),
            TabNews::Known(mark) => {
                self.reading.advance(mark);
            }
            TabNews::Cleared if self.identity.token.is_some() => self.wipe(false),
            TabNews::Cleared => {}
            // The rest is about the one connection.
            _ if !SHARED_LINE => {}
            TabNews::Receipted(mark) => self.reading.on_receipted(mark),
            TabNews::Type => self.on_typing_elsewhere(),
            TabNews::Typed => self.own_typing.on_signal(self.now.monotonic),
            TabNews::Joined(mark) => self.on_joined(mark),
            TabNews::WantHistory(tab) => self.on_reader(tab),
            TabNews::MayReadHistory { tab, by } => self.on_turn(tab, by),
            TabNews::Seek => self.on_sought(),
            TabNews::Hold { tab, term, line, is_refused } => {
                self.on_held(tab, term, line);
                self.on_refusal_elsewhere(tab, is_refused);
            }
            TabNews::Release(tab) => self.on_released(tab),
            TabNews::Idle => self.on_others_idle(),
            TabNews::Check => self.on_check(),
            TabNews::Doubt if self.lease.is_holder() => self.probe_after_send(),
            TabNews::Retry if self.lease.is_holder() => self.retry_now(),
            TabNews::SignIn if self.lease.is_holder() => self.on_sign_in(),
            TabNews::LogOut if self.lease.is_holder() => self.on_log_out(),
            TabNews::SignedIn => self.event(Event::Authenticated),
            TabNews::Doubt | TabNews::Retry | TabNews::LogOut | TabNews::SignIn => {}
        }
    }

    /// About the one connection: where there is one for each tab, that is nobody's business.
    pub(super) fn share(&mut self, news: TabNews) {
        if !self.lease.is_alone() {
            self.effect(Effect::Share(news));
        }
    }

    pub(super) fn set_token(&mut self, token: GuestToken) {
        self.tag = token.tag();
        self.identity.token = Some(token);
    }

    /// Asks who holds the connection, unless that is known.
    pub(super) fn seek_lease(&mut self) {
        if self.lease.may_connect() || self.lease.is_follower() || self.lease.is_seeking() {
            return;
        }
        self.lease.seek();
        self.wake_in(Timer::Lease, SEEK_MS);
        self.share(TabNews::Seek);
    }

    /// Everything is there but the right to connect.
    pub(super) fn await_lease(&mut self) {
        self.line = Line::Following;
        self.expect_line();
        if self.lease.is_follower() {
            return self.share(TabNews::Seek);
        }
        self.seek_lease();
    }

    /// This tab wants no connection now.
    pub(super) fn release_lease(&mut self) {
        if self.lease.is_holder() {
            self.share(TabNews::Release(self.lease.me()));
        }
        self.lease.leave();
        self.timers.stop(Timer::Lease);
        self.timers.stop(Timer::Relay);
    }

    pub(super) fn on_lease_timer(&mut self) {
        if self.lease.is_seeking() {
            self.lease.hold(self.now.wall);
            // A new page that takes over from a tab without a line has been told of nothing.
            if std::mem::take(&mut self.lease.misses_history) {
                self.limits.owe_history(self.now.monotonic, HISTORY_DEBT_MAX_MS);
            }
            if self.line == Line::Following {
                self.begin_attempt();
            }
        } else if self.lease.is_follower() {
            self.ask_holder();
        }
    }

    /// Something was wrong with the line of the other tab, or frames may have been missed: joined anew.
    pub(super) fn follow_again(&mut self) {
        self.leave_line();
        self.share(TabNews::Seek);
    }

    /// Tells the others when the line of this tab is up or down.
    pub(super) fn tell_line(&mut self) {
        if !self.lease.is_holder() {
            return;
        }
        let (number, _) = self.lease.line();
        let line = (self.line == Line::Up).then_some(number);
        if self.lease.told != Some((line, self.trouble.is_refused)) {
            self.tell_hold();
        }
    }

    fn tell_hold(&mut self) {
        let (number, is_new) = self.lease.line();
        let line = (self.line == Line::Up).then_some(SharedLine {
            number,
            is_new,
            is_read_only: self.life == Life::ReadOnly,
            duration_s: self.identity.duration_s,
            expires_at: self.identity.expires_at,
            history_debt_ms: self.limits.history_debt_ms(self.now.monotonic),
        });
        let is_refused = self.trouble.is_refused;
        self.lease.told = Some((line.map(|line| line.number), is_refused));
        self.share(TabNews::Hold { tab: self.lease.me(), term: self.lease.term(), line, is_refused });
    }

    fn on_sought(&mut self) {
        if self.lease.is_holder() {
            self.tell_hold();
        }
    }

    fn on_held(&mut self, tab: TabId, term: u64, line: Option<SharedLine>) {
        if self.lease.is_holder() {
            if !self.lease.yields_to(tab, term) {
                return self.tell_hold();
            }
            self.yield_line();
        } else if !self.lease.is_seeking() && !self.lease.is_follower() {
            self.lease.hear_of_term(term);
            // Unless it wants a line, and here is one.
            if self.line != Line::Waiting {
                return;
            }
        } else if term < self.lease.term() {
            // It will hear of the later one.
            return;
        }
        if !self.lease.follows(tab) {
            self.leave_line();
        }
        self.lease.misses_history |= !self.identity.was_configured;
        self.lease.follow(tab, term);
        self.wake_in(Timer::Lease, ASK_MS);
        self.on_line_of_holder(line);
    }

    /// Another tab is the holder after all.
    fn yield_line(&mut self) {
        if matches!(self.line, Line::Opening | Line::Configuring | Line::Up) {
            self.ask(Request::CloseLine);
        }
        self.timers.stop(Timer::Reconnect);
        self.timers.stop(Timer::Relay);
        self.on_line_lost();
        self.line = Line::Following;
    }

    fn on_line_of_holder(&mut self, line: Option<SharedLine>) {
        let number = line.map(|line| line.number);
        if self.follows_line() && self.lease.followed_line != number {
            self.leave_line();
        }
        // What it waits for by itself, such as the end of a refusal, it need not wait for now.
        let may_join = self.line == Line::Following || (self.line == Line::Waiting && self.deployment.is_some());
        if let Some(line) = line.filter(|_| may_join) {
            self.timers.stop(Timer::Reconnect);
            self.join_line(line);
        }
    }

    fn join_line(&mut self, line: SharedLine) {
        let Some(token) = self.identity.token.clone() else { return };
        self.line = Line::Up;
        self.lease.followed_line = Some(line.number);
        self.trouble.is_refused = false;
        self.trouble.unopened = 0;
        self.ask(Request::JoinLine { token });
        let configured = Configured {
            is_connected: true,
            // What began before this page was there is nothing new to it.
            is_new: line.is_new && self.identity.was_configured,
            is_read_only: line.is_read_only,
            files: None,
            lifetime: Lifetime { duration_s: line.duration_s, expires_at: line.expires_at },
        };
        self.lease.misses_history = false;
        self.limits.owe_history(self.now.monotonic, line.history_debt_ms);
        self.tell_reading();
        self.on_session(&configured, false);
        self.schedule_idle();
    }

    /// How far this tab has read, and the receipt that nobody could send meanwhile.
    fn tell_reading(&mut self) {
        let mark = self.reading.mark().cloned();
        let has_receipt = self.reading.take_receipt(self.now.monotonic).is_some();
        self.share(TabNews::Joined(mark.clone()));
        if let Some(mark) = mark.filter(|_| has_receipt) {
            self.share(TabNews::Read(mark));
        }
    }

    /// The line of the other tab is gone, or is done without.
    fn leave_line(&mut self) {
        if !self.follows_line() {
            return;
        }
        self.ask(Request::LeaveLine);
        self.on_line_lost();
        self.lease.followed_line = None;
        self.line = Line::Following;
    }

    fn on_released(&mut self, tab: TabId) {
        if self.lease.follows(tab) {
            self.lose_holder();
        }
    }

    fn ask_holder(&mut self) {
        if self.line == Line::Following && !self.wants_line() {
            self.release_lease();
            self.line = Line::Down;
        } else if self.lease.ask_again() {
            self.wake_in(Timer::Lease, ASK_MS);
            self.share(TabNews::Seek);
        } else {
            self.lose_holder();
        }
    }

    /// The holder is gone: whoever steps forward first is the next one.
    fn lose_holder(&mut self) {
        self.leave_line();
        self.lease.seek();
        let spread_ms = self.random.u64(..) % SPREAD_MS;
        self.wake_in(Timer::Lease, spread_ms);
    }

    /// What is quiet for one is quiet for all, unless somebody looks at it here.
    fn on_others_idle(&mut self) {
        if self.lease.is_follower() && !self.page.panel_open && self.outbox.is_empty() {
            self.page.is_dormant = true;
            self.drop_line();
        }
    }

    fn on_check(&mut self) {
        if !self.lease.is_holder() {
            return;
        }
        self.hope();
        self.on_silence();
    }

    fn on_refusal_elsewhere(&mut self, tab: TabId, is_refused: bool) {
        if self.lease.follows(tab) {
            self.trouble.is_refused = is_refused;
        }
    }

    fn on_typing_elsewhere(&mut self) {
        if self.holds_line()
            && self.own_typing.may_signal(self.now.monotonic, self.manners.typing_interval_ms())
            && self.limits.take_signal(self.now.monotonic).is_ok()
        {
            self.send_typing();
        }
    }

    /// What was read before it joined is read in all, and the other way round.
    fn on_joined(&mut self, mark: Option<ReadMark>) {
        if let Some(mark) = mark.clone() {
            self.reading.advance(mark);
        }
        if let Some(own) = self.reading.mark().filter(|own| self.lease.is_holder() && Some(*own) != mark.as_ref()) {
            self.share(TabNews::Known(own.clone()));
        }
    }

    /// Asks again when nobody has answered.
    pub(super) fn ask_for_turn(&mut self) {
        self.wake_in(Timer::History, TURN_MS);
        self.share(TabNews::WantHistory(self.lease.me()));
    }

    fn on_reader(&mut self, tab: TabId) {
        if self.holds_line() && !self.lease.readers.contains(&tab) {
            self.lease.readers.push(tab);
        }
    }

    /// Lets the tabs that wait read history, as soon as the limit allows.
    pub(super) fn give_turns(&mut self) {
        if !self.holds_line() {
            return self.lease.readers.clear();
        }
        while let Some(tab) = self.lease.readers.first().copied() {
            if let Err(when) = self.limits.take_history(self.now.monotonic) {
                return self.timers.set_earliest(Timer::Relay, when);
            }
            self.lease.readers.remove(0);
            self.tell_turn(tab);
        }
    }

    /// All tabs count along, for whoever holds the connection next.
    pub(super) fn tell_turn(&mut self, tab: TabId) {
        self.share(TabNews::MayReadHistory { tab, by: self.lease.me() });
    }

    fn on_turn(&mut self, tab: TabId, by: TabId) {
        self.limits.count_history(self.now.monotonic);
        // A tab that stood still may believe that it is the holder.
        if tab != self.lease.me() || !self.lease.follows(by) {
            return;
        }
        if let Some(page) = self.history.page_to_ask() {
            self.read_page(page);
        }
    }

    fn on_read_elsewhere(&mut self, mark: ReadMark) {
        self.reading.advance(mark.clone());
        if self.lease.is_holder() && !self.reading.is_receipted(&mark) {
            self.want_receipt(mark.id);
        }
    }
}
