//! What the other side says and does, history, and what the visitor has seen of it.

use super::content::{Author, Body, Notice, Sender};
use super::deployment::Deployment;
use super::error::ChatError;
use super::history::{Found, Purpose, Step, TIME_SLACK_MS};
use super::ids::{EntryId, ServerId};
use super::input::{Failure, HistoryPage, Message, TabNews};
use super::output::{Diff, Effect, Event, Request};
use super::record::ReadMark;
use super::time::WallTime;
use super::timer::Timer;
use super::transcript::Merged;
use super::{Life, Line, Receipts, Session};
use crate::built_in::CONFIGURATION;

impl Session {
    /// A live message: somebody else's, or the echo of one's own, from this tab or another.
    pub(super) fn on_message(&mut self, message: Message) {
        self.extend_expiry(message.time);
        self.schedule_idle();
        if message.author != Author::Guest {
            self.stop_their_typing();
        }
        if self.transcript.is_cut_off(&message) {
            return;
        }
        let author = message.author;
        let id = message.id.clone();
        match self.merge(message) {
            Merged::Inserted(entry) => {
                self.count_on(entry);
                let before = self.transcript.after(entry);
                self.diff(Diff::Inserted { entry, before });
                if matches!(author, Author::Agent | Author::Bot) {
                    self.diff(Diff::Announce { entry });
                }
                self.event(Event::Message { entry, id, author });
            }
            Merged::Acknowledged { entry, moved } => self.on_acknowledged(entry, moved),
            Merged::Changed(entry) => self.diff(Diff::Changed { entry }),
            Merged::Known(_) => {}
            Merged::Refused => self.ignored_frames += 1,
        }
    }

    /// A message that is newer than all that is read and known adds to what is unread.
    fn count_on(&mut self, entry: EntryId) {
        let read = self.reading.mark().map_or(WallTime(i64::MIN), |mark| mark.time);
        let last = self.transcript.entries().last().filter(|last| last.id == entry && last.time > read);
        self.unread = match (self.unread, last) {
            (Some(unread), Some(last)) => Some(unread + u32::from(last.is_theirs())),
            _ => None,
        };
    }

    /// The other side ended the conversation, just now.
    pub(super) fn on_conversation_ended(&mut self, read_only: bool, id: Option<ServerId>, time: Option<WallTime>) {
        self.stop_their_typing();
        self.on_message(Message {
            id,
            other_id: None,
            client_id: None,
            author: Author::System,
            sender: Sender::default(),
            body: Body::default(),
            notice: Some(Notice::Ended),
            time,
        });
        if read_only && self.life == Life::Active {
            self.life = Life::ReadOnly;
            self.fail_all(&ChatError::NOT_SENDABLE);
        }
        self.event(Event::Ended { reason: if read_only { "read_only" } else { "agent" } });
    }

    pub(super) fn on_their_typing(&mut self, from: Sender, duration_ms: Option<u64>) {
        let is_shown = self.deployment.as_ref().is_some_and(|deployment| deployment.shows_typing);
        if !is_shown {
            return;
        }
        if let Some(shown_ms) = self.their_typing.on_signal(from, duration_ms) {
            self.wake_in(Timer::TypingIn, shown_ms);
        } else {
            self.stop_their_typing();
        }
    }

    pub(super) fn stop_their_typing(&mut self) {
        self.timers.stop(Timer::TypingIn);
        self.their_typing.stop();
    }

    /// Keys were pressed in the composer.
    pub(super) fn on_compose(&mut self, has_text: bool) {
        self.use_widget();
        if !has_text || !self.page.is_visible {
            return self.stop_typing();
        }
        let at = self.own_typing.next_signal(self.now.monotonic, self.manners.typing_interval_ms());
        self.timers.set(Timer::TypingOut, at);
        if let Some(pause_ms) = self.manners.typing_pause_ms() {
            self.wake_in(Timer::TypingPause, pause_ms);
        }
    }

    /// Tells the other side that the visitor types, if it is time and the platform wants to know.
    pub(super) fn signal_typing(&mut self) {
        let may_tell = self.may_signal_typing() && self.line == Line::Up && self.life == Life::Active;
        let now = self.now.monotonic;
        if may_tell
            && self.own_typing.may_signal(now, self.manners.typing_interval_ms())
            && self.limits.take_signal(now).is_ok()
        {
            self.send_typing();
        }
    }

    /// The visitor types no more, which the other side is told where the API has a word for it.
    pub(super) fn stop_typing(&mut self) {
        self.timers.stop(Timer::TypingOut);
        #[cfg(feature = "conversations")]
        if self.manners.typing_pause_ms().is_some() {
            self.timers.stop(Timer::TypingPause);
            // It is a call, which needs no line; and the other side may have been told over one that is gone.
            if self.own_typing.stop() {
                self.limits.count_frame(self.now.monotonic);
                self.ask(Request::TypingOff);
            }
        }
    }

    /// Of several tabs only the one that holds the line knows when the last signal went out.
    pub(super) fn send_typing(&mut self) {
        self.own_typing.on_signal(self.now.monotonic);
        if self.lease.is_follower() {
            return self.share(TabNews::Type);
        }
        self.ask(Request::Typing);
        self.share(TabNews::Typed);
    }

    /// Whether the deployment wants to know, and a conversation has begun.
    pub(super) fn may_signal_typing(&self) -> bool {
        let wants = |deployment: &Deployment| {
            let is_awaited = CONFIGURATION && deployment.auto_start && !self.identity.has_joined;
            deployment.sends_typing && !is_awaited
        };
        self.deployment.as_ref().is_some_and(wants)
    }

    pub(super) fn on_in_view(&mut self, entries: Vec<EntryId>) {
        self.reading.set_in_view(self.now.monotonic, entries);
        self.schedule_reading();
    }

    /// The panel opened or closed, the page was shown or hidden.
    pub(super) fn look_again(&mut self) {
        let can_see = self.page.panel_open && self.page.is_visible;
        self.reading.set_can_see(self.now.monotonic, can_see);
        self.schedule_reading();
    }

    /// Some entries have been in view long enough.
    pub(super) fn on_read(&mut self) {
        let due = self.reading.take_due(self.now.monotonic);
        self.schedule_reading();
        #[cfg(feature = "conversations")]
        if self.manners.has_receipt_each() && self.sends_receipts() {
            self.want_receipts(&due);
        }
        let read = self.transcript.newest_unread_of(&due, self.reading.mark());
        let Some((time, id)) = read.and_then(|entry| Some((entry.time, entry.server_id.clone()?))) else { return };
        let mark = ReadMark { time, id: id.clone() };
        if !self.reading.advance(mark.clone()) {
            return;
        }
        self.effect(Effect::Share(if self.follows_line() { TabNews::Read(mark) } else { TabNews::Known(mark) }));
        self.event(Event::Read { id: id.clone() });
        self.want_receipt(id);
    }

    /// One for each that was seen and has none yet, wherever the read mark stands.
    #[cfg(feature = "conversations")]
    fn want_receipts(&mut self, due: &[EntryId]) {
        for entry in due {
            let Some(entry) = self.transcript.entry(*entry).filter(|entry| entry.is_theirs()) else { continue };
            if let Some(id) = entry.server_id.clone() {
                self.reading.want_receipt_of(ReadMark { time: entry.time, id });
            }
        }
        if self.reading.has_receipt() {
            self.timers.set(Timer::Receipt, self.reading.receipt_due(self.now.monotonic));
        }
    }

    /// Of several tabs only the one that holds the line sends receipts.
    pub(super) fn want_receipt(&mut self, id: ServerId) {
        if self.sends_receipts() && !self.follows_line() && !self.manners.has_receipt_each() {
            let at = self.reading.want_receipt(self.now.monotonic, id);
            self.timers.set(Timer::Receipt, at);
        }
    }

    pub(super) fn send_receipt(&mut self) {
        // Where it is a call it needs no line.
        let can_tell = self.line == Line::Up || (self.manners.is_rest() && self.identity.is_live);
        if !can_tell || !self.reading.has_receipt() {
            return;
        }
        match self.limits.take_signal(self.now.monotonic) {
            #[cfg(feature = "conversations")]
            Ok(()) if self.manners.has_receipt_each() => {
                let ids = self.reading.take_receipts(self.now.monotonic);
                self.ask(Request::SeenEach { ids });
            }
            Ok(()) => {
                if let Some(id) = self.reading.take_receipt(self.now.monotonic) {
                    self.ask(Request::Seen { id });
                    if let Some(mark) = self.reading.mark().cloned() {
                        self.reading.on_receipted(mark.clone());
                        self.share(TabNews::Receipted(mark));
                    }
                }
            }
            Err(when) => self.timers.set(Timer::Receipt, when),
        }
    }

    /// Asks for the history page that is wanted, as soon as the limit allows.
    pub(super) fn ask_history(&mut self) {
        if self.line != Line::Up || self.timers.is_set(Timer::History) {
            return;
        }
        let Some(page) = self.history.page_to_ask() else { return };
        if let Err(when) = self.history_breaker.check(self.now.monotonic) {
            return self.timers.set(Timer::History, when);
        }
        if self.lease.is_follower() {
            return self.ask_for_turn();
        }
        match self.limits.take_history(self.now.monotonic) {
            Ok(()) => {
                self.read_page(page);
                self.tell_turn(self.lease.me());
            }
            Err(when) => self.timers.set(Timer::History, when),
        }
    }

    pub(super) fn read_page(&mut self, page: u32) {
        self.history_breaker.on_call(self.now.monotonic);
        let overdue = self.history.on_asked(self.now.monotonic);
        self.timers.set(Timer::History, overdue);
        self.ask(Request::ReadHistory { page });
    }

    pub(super) fn on_history(&mut self, page: HistoryPage) {
        self.history_breaker.on_answer();
        let (mut oldest, mut newest) = (None, None);
        for message in &page.messages {
            if let Some(time) = message.time {
                oldest = Some(oldest.map_or(time, |oldest: WallTime| oldest.min(time)));
                newest = newest.max(Some(time));
            }
        }
        let was_empty = !self.transcript.has_settled();
        let mut had_new = false;
        let mut had_known = false;
        #[cfg(feature = "conversations")]
        let mut has_missed = false;
        let is_reached = |oldest: WallTime, after: WallTime| oldest.0 <= after.0.saturating_sub(TIME_SLACK_MS);
        // A page without any message says nothing of those behind it.
        let is_last = !page.has_older || !page.messages.is_empty();
        let is_before = |after| oldest.map_or(is_last, |oldest| is_reached(oldest, after));
        let is_far_enough = self.outbox.doubtful_after().is_none_or(is_before);
        let is_older = self.history.is_reading_older();
        let mut has_cut_off = false;
        for message in page.messages {
            if !is_older && self.transcript.is_cut_off(&message) {
                had_known = true;
                has_cut_off = true;
                continue;
            }
            #[cfg(feature = "conversations")]
            let is_theirs = message.author != Author::Guest;
            match self.merge(message) {
                Merged::Inserted(entry) => {
                    had_new = true;
                    #[cfg(feature = "conversations")]
                    {
                        has_missed |= is_theirs;
                    }
                    let before = self.transcript.after(entry);
                    self.diff(Diff::Inserted { entry, before });
                }
                Merged::Acknowledged { entry, moved } => {
                    had_new = true;
                    self.on_acknowledged(entry, moved);
                }
                Merged::Changed(entry) => {
                    had_known = true;
                    self.diff(Diff::Changed { entry });
                }
                Merged::Known(_) => had_known = true,
                Merged::Refused => self.ignored_frames += 1,
            }
        }
        let is_searching = !is_far_enough && self.outbox.doubtful_after().is_some();
        let first = self.transcript.entries().first().filter(|_| self.transcript.has_settled());
        let has_beyond = first.is_some_and(|first| oldest.is_some_and(|oldest| first.time < oldest));
        let found = Found { was_empty, had_new, had_known, has_beyond, is_searching, oldest, newest };
        #[cfg(feature = "conversations")]
        let is_check = self.history.is_checking();
        let step = self.history.on_page(page.number, page.has_older, found);
        if has_cut_off {
            self.history.on_cut(self.transcript.entries().len());
        }
        self.on_history_step(step);
        #[cfg(feature = "conversations")]
        if is_check && has_missed && step != Step::Ignore {
            self.on_dead_line();
        }
    }

    pub(super) fn on_history_failed(&mut self, failure: Failure) {
        if failure == Failure::Refused {
            self.history_breaker.on_answer();
        } else {
            self.history_breaker.on_failure(self.now.monotonic);
        }
        let step = match failure {
            Failure::Network | Failure::Malformed => self.history.on_failure(None, false),
            Failure::Busy { retry_after_ms } => {
                // Whatever becomes of this line: the limit is the session's.
                self.limits.hold_history(self.now.monotonic.after(retry_after_ms.unwrap_or_default()));
                #[cfg(feature = "conversations")]
                let is_final = self.history.is_checking();
                #[cfg(not(feature = "conversations"))]
                let is_final = false;
                self.history.on_failure(retry_after_ms, is_final)
            }
            Failure::Refused => self.history.on_failure(None, true),
        };
        self.on_history_step(step);
    }

    /// There is no history to read, so what may have arrived is left to the visitor.
    #[cfg(feature = "conversations")]
    pub(super) fn on_history_absent(&mut self) {
        self.history_breaker.on_answer();
        if let Step::GivenUp(purpose) = self.history.on_failure(None, true) {
            self.timers.stop(Timer::History);
            if purpose == Purpose::Gap {
                self.give_up_unknown(&ChatError::NOT_CONFIRMED);
            }
        }
    }

    /// A page loaded anew shows little: the next page of history belongs to it too.
    pub(super) fn on_history_scant(&mut self) {
        if self.history.has_just_begun() {
            self.history.want_older();
        }
    }

    /// The page asked for is overdue, or may be asked for again now.
    pub(super) fn on_history_timeout(&mut self) {
        if self.history.page_to_ask().is_none() {
            self.on_history_failed(Failure::Network);
        }
    }

    fn on_history_step(&mut self, step: Step) {
        if step == Step::Ignore {
            return;
        }
        self.timers.stop(Timer::History);
        match step {
            Step::Ignore | Step::Continue | Step::Done(Purpose::Older | Purpose::Verify) => {}
            Step::RetryAfter(span_ms) => self.wake_in(Timer::History, span_ms),
            Step::Done(Purpose::Gap) => self.resolve_unknown(),
            Step::GivenUp(Purpose::Gap) => {
                self.event(Event::Error(ChatError::HISTORY_UNAVAILABLE));
                self.give_up_unknown(&ChatError::NOT_CONFIRMED);
            }
            Step::GivenUp(Purpose::Verify) => {}
            Step::GivenUp(Purpose::Older) => self.event(Event::Error(ChatError::HISTORY_UNAVAILABLE)),
        }
    }

    /// Bots have the name that the deployment gives them, unless the message brings one (guest API reference, section 6).
    fn merge(&mut self, mut message: Message) -> Merged {
        if let Some(deployment) = self.deployment.as_ref().filter(|_| CONFIGURATION && message.author == Author::Bot) {
            let Sender { name, avatar } = &mut message.sender;
            if name.is_none() {
                name.clone_from(&deployment.bot_name);
                avatar.clone_from(&deployment.bot_avatar);
            }
        }
        if !self.transcript.has_settled() {
            // There is no neighbour to have a time from.
            message.time = message.time.or(Some(self.now.wall));
        }
        self.transcript.merge(message)
    }

    /// Forgets the oldest messages of a long conversation, unless somebody is looking at them.
    pub(super) fn cut_transcript(&mut self) {
        if self.transcript.entries().len() <= self.transcript_max {
            return;
        }
        let gone = self.transcript.beyond(self.transcript_max / 5 * 4);
        let count = gone.len();
        let is_watched = self.page.panel_open && !self.reading.sees_none_of(gone);
        if count == 0 || is_watched || self.history.is_reading_older() {
            return;
        }
        self.transcript.cut(count);
        self.unread = None;
        self.history.on_cut(self.transcript.entries().len());
    }

    fn schedule_reading(&mut self) {
        match self.reading.next_due() {
            Some(at) => self.timers.set(Timer::Reading, at),
            None => self.timers.stop(Timer::Reading),
        }
    }

    fn sends_receipts(&self) -> bool {
        let is_announced = self.deployment.as_ref().is_some_and(|deployment| deployment.takes_receipts);
        self.receipts == Receipts::Auto && is_announced
    }
}
