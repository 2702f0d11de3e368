//! Beginnings and ends: start, panel, page, clearing, expiry, new conversations; and telling what changed.

use super::error::ChatError;
use super::expiry::Expiry;
use super::input::{Configured, TabNews};
use super::output::{Diff, Effect, Event, Request};
use super::record::Record;
use super::timer::Timer;
use super::view::{Banner, EndReason, Phase};
use super::{Identity, Life, Line, Session};
use crate::built_in::{CONFIGURATION, ENDINGS};

/// A page hidden for less than this has missed nothing.
const SHORT_ABSENCE_MS: u64 = 30_000;

impl Session {
    pub(super) fn on_start(&mut self, record: Option<Record>) {
        if self.page.has_started {
            return;
        }
        self.page.has_started = true;
        // Whatever becomes of the record: what is unsent is given out before it is written over.
        self.told.awaits_unsent = true;
        let Some(record) = record else { return };
        if record.expires_at.is_some_and(|expires_at| expires_at <= self.now.wall) {
            return self.effect(Effect::Forget);
        }
        self.page.panel_open = record.panel_open;
        self.reading.restore(record.read_mark.clone());
        self.set_token(record.token.clone());
        self.identity.is_kept = true;
        self.identity.is_live = record.is_live;
        self.identity.expires_at = record.expires_at;
        self.told.record = Some(record);
        self.look_again();
    }

    pub(super) fn on_open_panel(&mut self) {
        if self.page.panel_open {
            return;
        }
        self.page.panel_open = true;
        self.use_widget();
        self.look_again();
        self.hope();
        self.event(Event::Opened);
    }

    pub(super) fn on_close_panel(&mut self) {
        if !self.page.panel_open {
            return;
        }
        self.page.panel_open = false;
        self.look_again();
        self.schedule_idle();
        self.event(Event::Closed);
    }

    /// The visitor uses the widget in this tab: what was given up is wanted again.
    pub(super) fn use_widget(&mut self) {
        self.page.is_dormant = false;
        if self.life == Life::Elsewhere {
            self.life = Life::Active;
        }
    }

    pub(super) fn on_reconnect(&mut self) {
        self.use_widget();
        if matches!(self.life, Life::Unavailable(_)) {
            self.life = Life::Active;
        }
        self.retry_now();
    }

    pub(super) fn on_visible(&mut self) {
        let absence_ms = self.now.monotonic.since(self.page.hidden_since);
        let was_hidden = !self.page.is_visible;
        self.page.is_visible = true;
        self.look_again();
        self.hope();
        self.on_heard();
        if was_hidden && absence_ms > SHORT_ABSENCE_MS {
            self.on_silence();
        }
        self.look_at_expiry();
    }

    pub(super) fn on_hidden(&mut self) {
        if self.page.is_visible {
            self.page.is_visible = false;
            self.page.hidden_since = self.now.monotonic;
        }
        self.stop_typing();
        self.look_again();
        self.on_heard();
    }

    pub(super) fn on_online(&mut self) {
        self.page.is_offline = false;
        self.hope();
        self.on_silence();
    }

    pub(super) fn on_offline(&mut self) {
        self.page.is_offline = true;
        if self.wants_line() {
            self.expect_line();
        }
    }

    /// Time may have passed unseen: frames may be lost, the line may be dead.
    pub(super) fn on_resumed(&mut self) {
        if self.lease.is_follower() {
            return self.follow_again();
        }
        self.hope();
        self.on_silence();
        self.look_at_expiry();
    }

    /// The page goes away: the last receipt goes out, and the line is closed so that the page may be kept.
    pub(super) fn on_leaving(&mut self) {
        if self.manners.typing_pause_ms().is_some() {
            self.stop_typing();
        }
        self.send_receipt();
        if self.line != Line::Down {
            self.drop_line();
            // Not at once again: a page that is leaving opens nothing.
            self.line = Line::Waiting;
            self.backoff.on_stable();
            let at = self.backoff.allowed(self.now.monotonic.after(LEAVING_MS));
            self.timers.set(Timer::Reconnect, at);
        }
    }

    /// Neither what was meant for the conversation before nor what was read in it is of this one.
    #[cfg(feature = "conversations")]
    pub(super) fn on_replaced(&mut self) {
        self.fail_all(&ChatError::SESSION_REPLACED);
        self.reading.reset();
        self.look_again();
    }

    /// The platform accepted the session on this line.
    pub(super) fn on_session(&mut self, configured: &Configured, was_up: bool) {
        let is_read_only = ENDINGS && configured.is_read_only;
        if is_read_only && self.identity.starts_new {
            self.life = Life::ReadOnly;
            return self.close_conversation();
        }
        let begins = configured.is_new || self.identity.starts_new;
        let replaced = configured.is_new && self.identity.was_configured && !self.identity.starts_new;
        if replaced {
            // What was meant for the conversation before is not said in this one.
            self.fail_all(&ChatError::SESSION_REPLACED);
        }
        if let Some(rules) = &configured.files {
            self.attachments.rules = Some(rules.clone());
        }
        if configured.is_new {
            self.forget_uploaded();
            // What may have been sent before this session began was not sent in it.
            self.give_up_unknown(&ChatError::SESSION_REPLACED);
            self.identity.fresh_since = Some(self.now.wall);
        }
        self.life = if is_read_only { Life::ReadOnly } else { Life::Active };
        if self.life == Life::ReadOnly {
            self.fail_all(&ChatError::NOT_SENDABLE);
        }
        self.identity.is_live = true;
        self.identity.was_configured = true;
        self.learn_expiry(&configured.lifetime, configured.is_new);
        self.pursue_extension();
        self.on_configured_as();
        if begins {
            self.outbox.on_session();
            self.identity.starts_new = false;
            self.identity.has_joined = false;
            self.history.reset();
        }
        // A follower may have heard of a new session late.
        if !was_up && (!begins || self.lease.is_follower()) {
            self.history.want_gap();
        } else if !was_up && self.manners.is_rest() {
            self.history.want_beginning();
        }
        let auto_start = CONFIGURATION && self.deployment.as_ref().is_some_and(|deployment| deployment.auto_start);
        if configured.is_new && auto_start && !self.lease.is_follower() {
            self.limits.count_frame(self.now.monotonic);
            self.ask(Request::Join);
        } else if !configured.is_new {
            self.identity.has_joined = true;
        }
        if !was_up {
            self.begin_to_adopt();
        }
        if !was_up || begins {
            self.event(Event::Started { is_new: configured.is_new });
        }
    }

    pub(super) fn can_clear(&self) -> bool {
        let is_allowed = ENDINGS && self.deployment.as_ref().is_some_and(|deployment| deployment.allows_clear);
        is_allowed && self.line == Line::Up && matches!(self.life, Life::Active | Life::ReadOnly)
    }

    pub(super) fn on_clear(&mut self) {
        if !self.can_clear() {
            return self.event(Event::Error(ChatError::CLEAR_REFUSED));
        }
        self.limits.count_frame(self.now.monotonic);
        self.ask(Request::Clear);
    }

    /// Forgets the conversation, its identity and what waits to be sent.
    pub(super) fn wipe(&mut self, is_first: bool) {
        if is_first {
            self.effect(Effect::Share(TabNews::Cleared));
        }
        self.forget();
        self.life = Life::Active;
        self.page.is_dormant = true;
        self.drop_line();
        self.event(Event::Cleared);
    }

    /// The session is over for good; the transcript stays to be read, except after a logout.
    pub(super) fn end(&mut self, reason: EndReason) {
        self.life = Life::Ended(reason);
        self.drop_line();
        let error = match reason {
            EndReason::Expired => ChatError::SESSION_EXPIRED,
            #[cfg(feature = "conversations")]
            EndReason::Over => ChatError::CONVERSATION_OVER,
            EndReason::LoggedOut => ChatError::LOGGED_OUT,
            EndReason::SignedInElsewhere => ChatError::SIGNED_IN_ELSEWHERE,
        };
        self.fail_all(&error);
        if reason == EndReason::LoggedOut {
            self.forget_transcript();
        }
        self.forget_identity();
        self.event(Event::Ended {
            reason: match reason {
                EndReason::Expired => "expired",
                #[cfg(feature = "conversations")]
                EndReason::Over => "ended",
                EndReason::LoggedOut => "logged_out",
                EndReason::SignedInElsewhere => "signed_in_elsewhere",
            },
        });
    }

    /// From the line and from the answer to the sign-out, in either order.
    pub(super) fn on_logged_out(&mut self) {
        if self.life != Life::Ended(EndReason::LoggedOut) {
            self.end(EndReason::LoggedOut);
        }
    }

    pub(super) fn on_closed_elsewhere(&mut self, signed_in: bool) {
        if signed_in {
            return self.end(EndReason::SignedInElsewhere);
        }
        if self.identity.token.is_none() {
            // The goodbye after a clear.
            return;
        }
        self.life = Life::Elsewhere;
        self.drop_line();
        self.event(Event::Error(ChatError::CLOSED_ELSEWHERE));
    }

    /// A new conversation after one that has ended.
    pub(super) fn on_start_new(&mut self) {
        match self.life {
            Life::ReadOnly if ENDINGS => {
                self.identity.starts_new = true;
                self.use_widget();
                if self.line == Line::Up {
                    self.close_conversation();
                }
            }
            Life::Ended(_) => {
                self.transcript.keep_unsent();
                self.begin_transcript();
                self.life = Life::Active;
                self.page.is_dormant = false;
            }
            Life::Active | Life::ReadOnly | Life::Elsewhere | Life::Unavailable(_) => {}
        }
    }

    /// The read-only conversation is closed first; its answer begins the new one.
    fn close_conversation(&mut self) {
        self.limits.count_frame(self.now.monotonic);
        self.wake_in(Timer::Connect, super::connect::CONFIGURE_TIMEOUT_MS);
        self.ask(Request::CloseConversation);
    }

    pub(super) fn phase(&self) -> Phase {
        match self.life {
            Life::Active if self.line == Line::Up => Phase::Live,
            Life::Active => Phase::Starting,
            Life::ReadOnly => Phase::ReadOnly,
            Life::Ended(reason) => Phase::Ended(reason),
            Life::Elsewhere => Phase::Elsewhere,
            Life::Unavailable(error) => Phase::Unavailable(error),
        }
    }

    pub(super) fn banner(&self) -> Option<Banner> {
        let is_broken =
            self.line != Line::Up && matches!(self.life, Life::Active | Life::ReadOnly) && self.wants_line();
        if self.trouble.is_told && self.page.is_offline {
            return Some(Banner::Offline);
        }
        if self.trouble.is_refused && is_broken {
            return Some(Banner::CannotConnect);
        }
        let is_told = self.trouble.is_told && is_broken;
        if (is_told || self.line == Line::Up) && self.is_held_long() {
            return Some(Banner::Busy);
        }
        if is_told {
            return Some(if self.identity.was_configured { Banner::Reconnecting } else { Banner::Connecting });
        }
        if let Some(warning) = self.expiry.warning().filter(|_| self.life == Life::Active) {
            return Some(warning);
        }
        (self.outbox.paused_until().is_some() && self.line == Line::Up).then_some(Banner::Slowed)
    }

    /// Tells the page, the storage and the screen what is different from what they were told last.
    pub(super) fn tell_changes(&mut self) {
        if self.line == Line::Up && !self.page.is_offline {
            self.trouble.is_told = false;
            self.timers.stop(Timer::Banner);
        }
        let status = (self.phase(), self.banner(), self.page.panel_open, self.can_clear(), self.takes_files());
        if self.told.status != Some(status) {
            self.told.status = Some(status);
            self.diff(Diff::Status);
        }
        self.tell_connection();
        let is_typing = self.their_typing.who().is_some();
        if self.told.typing != is_typing {
            self.told.typing = is_typing;
            self.diff(Diff::Typing);
            self.event(Event::Typing { is_typing });
        }
        let unread = *self.unread.get_or_insert_with(|| self.transcript.unread(self.reading.mark()));
        if self.told.unread != unread {
            self.told.unread = unread;
            self.diff(Diff::Unread);
            self.event(Event::Unread { count: unread });
        }
        let history = self.history.state();
        if self.told.history != history {
            self.told.history = history;
            self.diff(Diff::History);
        }
        self.tell_line();
        self.persist();
    }

    fn tell_connection(&mut self) {
        let state = match self.line {
            Line::Up => "connected",
            Line::Down => "closed",
            Line::Waiting | Line::LoadingDeployment | Line::Following | Line::Opening | Line::Configuring => {
                if self.identity.was_configured { "reconnecting" } else { "connecting" }
            }
        };
        if self.told.connection != Some(state) {
            let is_first = self.told.connection.replace(state).is_none() && state == "closed";
            if !is_first {
                self.event(Event::Connection { state });
            }
        }
    }

    /// Nothing is kept of a conversation that the platform does not know.
    fn persist(&mut self) {
        let Some(token) = self.identity.token.clone().filter(|_| self.identity.is_live) else { return };
        let record = Record {
            token,
            expires_at: self.identity.expires_at,
            read_mark: self.reading.mark().cloned(),
            is_live: true,
            panel_open: self.page.panel_open,
        };
        if self.told.record.as_ref() != Some(&record) {
            self.told.record = Some(record.clone());
            self.effect(Effect::Persist(record));
        }
    }

    fn forget(&mut self) {
        let waiting = self.outbox.drain();
        for entry in waiting {
            self.event(Event::Delivery { entry, delivery: "failed" });
        }
        self.forget_transcript();
        self.forget_identity();
    }

    fn forget_transcript(&mut self) {
        self.transcript.clear();
        self.begin_transcript();
    }

    fn begin_transcript(&mut self) {
        self.history.reset();
        self.reading.reset();
        self.look_again();
        self.diff(Diff::Reset);
    }

    fn forget_identity(&mut self) {
        self.identity = Identity::default();
        self.expiry = Expiry::default();
        self.forget_sign_in();
        self.drop_uploads();
        self.outbox.on_session();
        for timer in [Timer::Expiry, Timer::Flush, Timer::TypingOut] {
            self.timers.stop(timer);
        }
        self.told.record = None;
        if self.manners.is_rest() {
            self.ask(Request::ForgetSignIn);
        }
        self.effect(Effect::Forget);
    }
}

/// A page that is leaving and did not leave after all tries again after this long.
const LEAVING_MS: u64 = 10_000;
