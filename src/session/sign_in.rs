//! Signed-in visitors (guest API reference, section 13). The page knows who they are and is asked for a grant; the
//! protocol turns that into credentials and keeps them; here is decided when.

use super::connect::CONFIGURE_TIMEOUT_MS;
use super::error::ChatError;
use super::input::{Failure, Grant, TabNews};
use super::output::{Effect, Event, Request};
use super::timer::Timer;
use super::view::EndReason;
use super::{Line, Session};
use crate::built_in::SIGN_IN;

/// How long a connection waits for the page and for the exchange.
const SIGN_IN_TIMEOUT_MS: u64 = 15_000;
/// As the official client does (section 13.3).
const REFRESHES_MAX: u32 = 3;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// The page has no way to sign anybody in.
    #[default]
    Missing,
    /// The page is asked before the next connection.
    Offered,
    /// The page has been asked.
    Asking,
    /// The platform has been asked for credentials, new or renewed.
    Exchanging,
    SignedIn,
    /// Nobody is signed in, or it failed.
    Declined,
}

#[derive(Debug, Default)]
pub(super) struct SignIn {
    state: State,
    /// The platform takes this session for a user's: without credentials it cannot be had.
    is_users: bool,
    /// The credentials are to be renewed for a configuration that was refused.
    is_renewing: bool,
    refreshes: u32,
    /// For want of good credentials the page has been asked once more.
    has_asked_again: bool,
    /// The credentials came while the session was being configured without them.
    steps_up_next: bool,
}

impl SignIn {
    fn state(&self) -> State {
        if SIGN_IN { self.state } else { State::Missing }
    }
}

impl Session {
    /// The page can sign visitors in.
    pub(super) fn on_offer_sign_in(&mut self) {
        if self.sign_in.state() == State::Missing {
            self.sign_in.state = State::Offered;
        }
    }

    /// The page says that the visitor has signed in.
    pub(super) fn on_sign_in(&mut self) {
        match self.sign_in.state() {
            State::Missing => return self.event(Event::Error(ChatError::NO_SIGN_IN)),
            State::Asking | State::Exchanging | State::SignedIn => return,
            State::Offered | State::Declined => {}
        }
        if self.follows_line() {
            // The tab that has the line needs the credentials, also after a break.
            self.share(TabNews::SignIn);
        } else if self.line != Line::Up {
            self.sign_in.state = State::Offered;
        } else if self.may_step_up() {
            self.ask_page();
        } else {
            self.event(Event::Error(ChatError::SIGN_IN_REFUSED));
        }
    }

    /// Leaves nothing of the visitor's behind, here and, when signed in, at the platform.
    pub(super) fn on_log_out(&mut self) {
        if self.sign_in.state() == State::SignedIn {
            self.ask(Request::Revoke);
        } else if self.lease.is_follower() {
            // The tab that has the line may be signed in.
            self.share(TabNews::LogOut);
        } else if self.identity.token.is_some() {
            self.effect(Effect::Share(TabNews::Cleared));
            self.end(EndReason::LoggedOut);
        }
    }

    /// Whether the connection has to wait until it is known who the visitor is.
    pub(super) fn waits_for_sign_in(&mut self) -> bool {
        if !self.deployment.as_ref().is_some_and(|deployment| deployment.signs_in) {
            return false;
        }
        match self.sign_in.state() {
            State::Offered => self.ask_page(),
            State::Exchanging => {}
            State::Asking if self.sign_in.is_users => {}
            State::Missing | State::Asking | State::SignedIn | State::Declined => return false,
        }
        self.line = Line::LoadingDeployment;
        self.wake_in(Timer::Connect, SIGN_IN_TIMEOUT_MS);
        true
    }

    /// The connection has waited long enough. Answers whether that was what it waited for.
    pub(super) fn on_sign_in_timeout(&mut self) -> bool {
        let is_pending = matches!(self.sign_in.state(), State::Asking | State::Exchanging);
        if is_pending && self.sign_in.is_users {
            self.give_up_sign_in();
        } else if is_pending {
            // As a stranger first; who signs in later steps up.
            self.open_line_now();
        }
        is_pending
    }

    /// The page's answer; `None`: nobody is signed in.
    pub(super) fn on_grant(&mut self, grant: Option<Grant>) {
        if self.sign_in.state() != State::Asking {
            return;
        }
        match grant {
            Some(grant) => {
                self.sign_in.state = State::Exchanging;
                self.ask(Request::SignIn(grant));
            }
            None if self.sign_in.is_users => self.give_up_sign_in(),
            None => {
                self.sign_in.state = State::Declined;
                self.go_on();
            }
        }
    }

    pub(super) fn on_signed_in(&mut self) {
        if self.sign_in.state() != State::Exchanging {
            return;
        }
        self.sign_in.state = State::SignedIn;
        let was_renewing = core::mem::take(&mut self.sign_in.is_renewing);
        match self.line {
            Line::Up if self.may_step_up() => self.configure(),
            Line::Up => self.give_up_sign_in(),
            Line::Configuring if !was_renewing => self.sign_in.steps_up_next = true,
            Line::Down
            | Line::Waiting
            | Line::LoadingDeployment
            | Line::Following
            | Line::Opening
            | Line::Configuring => self.go_on(),
        }
    }

    pub(super) fn on_sign_in_failed(&mut self, failure: Failure) {
        if self.sign_in.state() != State::Exchanging {
            return;
        }
        if self.sign_in.is_renewing {
            if failure == Failure::Refused {
                self.sign_in.refreshes = REFRESHES_MAX;
            }
            return self.renew_sign_in();
        }
        self.give_up_sign_in();
    }

    /// The platform does not take the credentials, or no longer. Answers whether there are any.
    pub(super) fn on_sign_in_rejected(&mut self) -> bool {
        if self.sign_in.state() != State::SignedIn {
            return false;
        }
        self.line = Line::Configuring;
        self.renew_sign_in();
        true
    }

    /// The session is a user's and was asked for without credentials (section 17, error 4017).
    pub(super) fn on_sign_in_needed(&mut self) {
        let may_ask = matches!(self.sign_in.state(), State::Offered | State::Declined);
        if !may_ask || self.sign_in.is_users {
            return self.end(EndReason::LoggedOut);
        }
        self.sign_in.is_users = true;
        self.sign_in.state = State::Offered;
        self.ask(Request::CloseLine);
        self.on_line_lost();
        if !self.waits_for_sign_in() {
            self.end(EndReason::LoggedOut);
        }
    }

    /// The platform has configured the session.
    pub(super) fn on_configured_as(&mut self) {
        if core::mem::take(&mut self.sign_in.steps_up_next) && self.sign_in.state() == State::SignedIn {
            if self.may_step_up() { self.configure() } else { self.give_up_sign_in() }
        } else if self.sign_in.state() == State::SignedIn {
            self.sign_in.refreshes = 0;
            self.sign_in.has_asked_again = false;
            if !core::mem::replace(&mut self.sign_in.is_users, true) {
                self.event(Event::Authenticated);
                self.share(TabNews::SignedIn);
            }
        }
    }

    /// The identity is given up, and with it what the platform gave for it.
    pub(super) fn forget_sign_in(&mut self) {
        let had_some = matches!(self.sign_in.state(), State::Exchanging | State::SignedIn);
        let is_missing = self.sign_in.state() == State::Missing;
        let state = if is_missing { State::Missing } else { State::Offered };
        self.sign_in = SignIn { state, ..SignIn::default() };
        if had_some {
            self.ask(Request::ForgetSignIn);
        }
    }

    fn ask_page(&mut self) {
        self.sign_in.state = State::Asking;
        self.effect(Effect::AskSignIn);
    }

    fn may_step_up(&self) -> bool {
        self.sign_in.is_users || self.deployment.as_ref().is_some_and(|found| found.signs_in && found.allows_step_up)
    }

    fn renew_sign_in(&mut self) {
        self.wake_in(Timer::Connect, SIGN_IN_TIMEOUT_MS);
        self.sign_in.is_renewing = true;
        if self.sign_in.refreshes < REFRESHES_MAX {
            self.sign_in.refreshes += 1;
            self.sign_in.state = State::Exchanging;
            self.ask(Request::RefreshSignIn);
        } else if self.sign_in.is_users && !core::mem::replace(&mut self.sign_in.has_asked_again, true) {
            self.ask_page();
        } else {
            self.give_up_sign_in();
        }
    }

    /// A stranger's session goes on as one; a user's is over, with what was said still there to be read.
    fn give_up_sign_in(&mut self) {
        self.sign_in.state = State::Declined;
        self.sign_in.is_renewing = false;
        self.ask(Request::ForgetSignIn);
        self.event(Event::Error(ChatError::SIGN_IN_REFUSED));
        if self.sign_in.is_users {
            self.end(EndReason::Expired);
        } else {
            self.go_on();
        }
    }

    /// Whatever the connection waited for is decided.
    fn go_on(&mut self) {
        match self.line {
            Line::LoadingDeployment => {
                self.timers.stop(Timer::Connect);
                self.open_line();
            }
            Line::Configuring => self.configure(),
            Line::Down | Line::Waiting | Line::Following | Line::Opening | Line::Up => {}
        }
    }

    /// On the line that is there.
    fn configure(&mut self) {
        let Some(token) = self.identity.token.clone() else { return };
        self.line = Line::Configuring;
        self.limits.count_frame(self.now.monotonic);
        self.wake_in(Timer::Connect, CONFIGURE_TIMEOUT_MS);
        self.ask(Request::Configure { token, start_new: false });
    }
}
