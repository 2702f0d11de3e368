//! I11 to I14 and W3: sockets, attempts, rates, idleness, and how fast a dead line is noticed.

use std::collections::BTreeMap;

use super::{Verdict, Window, broken};
use crate::happening::SocketId;

const MINUTE_MS: u64 = 60_000;
/// The widget's own limits (reliability, sections 2.2 and 7).
const ATTEMPTS_PER_MINUTE: usize = 12;
const FRAMES_PER_MINUTE: usize = 60;
const MESSAGES_PER_SECOND: usize = 2;
const PROBES_PER_MINUTE: usize = 2;
const HISTORY_READS_PER_MINUTE: usize = 10;
/// A named time longer than this is cut off.
const RETRY_AFTER_MAX_MS: u64 = 15 * 60_000;
/// Silence after which a dead line must have been given up, with a second for the throttled timer.
const SILENCE_MAX_MS: u64 = 61_500;
/// The same after a message.
const SILENCE_AFTER_SEND_MAX_MS: u64 = 16_500;
/// Five minutes, the throttled timer, and an answer under way.
const IDLE_MAX_MS: u64 = 320_000;

#[derive(Debug)]
pub(crate) struct Connection {
    attempts: Window,
    messages: Window,
    history: Window,
    by_socket: BTreeMap<SocketId, PerSocket>,
    /// No attempt before, by the platform's wish.
    attempt_floor_ms: u64,
    message_floor_ms: u64,
    history_floor_ms: u64,
    patience_ms: u64,
    /// The last message either way, or the last use of the panel.
    used_ms: u64,
}

#[derive(Debug)]
struct PerSocket {
    frames: Window,
    probes: Window,
    is_up: bool,
    heard_ms: u64,
    /// The first message since anything was heard.
    unanswered_ms: Option<u64>,
}

impl Connection {
    pub(crate) fn new() -> Connection {
        Connection {
            attempts: Window::new(ATTEMPTS_PER_MINUTE, MINUTE_MS),
            messages: Window::new(MESSAGES_PER_SECOND, 1_000),
            history: Window::new(HISTORY_READS_PER_MINUTE, MINUTE_MS),
            by_socket: BTreeMap::new(),
            attempt_floor_ms: 0,
            message_floor_ms: 0,
            history_floor_ms: 0,
            patience_ms: 0,
            used_ms: 0,
        }
    }

    /// A new page remembers nothing of what the one before did or was told.
    pub(crate) fn on_reload(&mut self) {
        *self = Connection::new();
    }

    pub(crate) fn on_open(&mut self, now_ms: u64, socket: SocketId, is_another_open: bool) -> Verdict {
        if is_another_open {
            return broken("I11", "a second socket is opened beside the first");
        }
        if !self.attempts.count(now_ms) {
            return broken("I12", "more than 12 attempts in a minute");
        }
        self.by_socket.insert(
            socket,
            PerSocket {
                frames: Window::new(FRAMES_PER_MINUTE, MINUTE_MS),
                probes: Window::new(PROBES_PER_MINUTE, MINUTE_MS),
                is_up: false,
                heard_ms: now_ms,
                unanswered_ms: None,
            },
        );
        self.check_floor(now_ms, self.attempt_floor_ms, "a connection is attempted")
    }

    pub(crate) fn on_gone(&mut self, socket: SocketId) {
        self.by_socket.remove(&socket);
    }

    pub(crate) fn on_config_call(&self, now_ms: u64) -> Verdict {
        self.check_floor(now_ms, self.attempt_floor_ms, "the configuration is asked for")
    }

    pub(crate) fn on_history_call(&mut self, now_ms: u64) -> Verdict {
        if !self.history.count(now_ms) {
            return broken("I13", "more than 10 history reads in a minute");
        }
        self.check_floor(now_ms, self.history_floor_ms, "history is asked for")
    }

    /// The read was refused for its token: it counts for no session.
    pub(crate) fn on_history_unauthorized(&mut self) {
        self.history.take_back();
    }

    /// Another session: what was named for the messages of the one before is over.
    pub(crate) fn on_identity(&mut self) {
        self.message_floor_ms = 0;
    }

    pub(crate) fn on_frame(&mut self, now_ms: u64, socket: SocketId, is_probe: bool) -> Verdict {
        let Some(socket) = self.by_socket.get_mut(&socket) else {
            return broken("I11", "a frame is sent with no socket open");
        };
        if !socket.frames.count(now_ms) {
            return broken("I13", "more than 60 frames in a minute");
        }
        if is_probe && !socket.probes.count(now_ms) {
            return broken("I13", "more than 2 probes in a minute");
        }
        Ok(())
    }

    pub(crate) fn on_message(&mut self, now_ms: u64, socket: SocketId) -> Verdict {
        self.used_ms = now_ms;
        if let Some(socket) = self.by_socket.get_mut(&socket) {
            socket.unanswered_ms.get_or_insert(now_ms);
        }
        if !self.messages.count(now_ms) {
            return broken("I13", "more than 2 messages in a second");
        }
        self.check_floor(now_ms, self.message_floor_ms, "a message is sent")
    }

    pub(crate) fn on_heard(&mut self, now_ms: u64, socket: SocketId, is_message: bool) {
        if is_message {
            self.used_ms = now_ms;
        }
        if let Some(socket) = self.by_socket.get_mut(&socket) {
            socket.heard_ms = now_ms;
            socket.unanswered_ms = None;
        }
    }

    pub(crate) fn on_up(&mut self, now_ms: u64, socket: SocketId) {
        self.used_ms = now_ms;
        if let Some(socket) = self.by_socket.get_mut(&socket) {
            socket.is_up = true;
        }
    }

    pub(crate) fn on_panel(&mut self, now_ms: u64) {
        self.used_ms = now_ms;
    }

    /// After sleep the count of silence begins anew: no timer could have fired.
    pub(crate) fn on_wake(&mut self, now_ms: u64) {
        self.used_ms = now_ms;
        for socket in self.by_socket.values_mut() {
            socket.heard_ms = now_ms;
            socket.unanswered_ms = socket.unanswered_ms.map(|_| now_ms);
        }
    }

    /// The platform named a time for the next attempt, the next message or the next history read.
    pub(crate) fn on_retry_after(&mut self, now_ms: u64, span_s: u64, what: Floor) {
        let floor_ms = now_ms + (span_s * 1_000).min(RETRY_AFTER_MAX_MS);
        let floor = match what {
            Floor::Attempt => &mut self.attempt_floor_ms,
            Floor::Message => &mut self.message_floor_ms,
            Floor::History => &mut self.history_floor_ms,
        };
        *floor = floor_ms.max(*floor);
        self.patience_ms = self.patience_ms.max(floor_ms + (floor_ms - now_ms));
    }

    /// The platform named a date, which may be as far off as clients believe one.
    pub(crate) fn on_dated_retry_after(&mut self, now_ms: u64) {
        self.patience_ms = self.patience_ms.max(now_ms + 2 * RETRY_AFTER_MAX_MS);
    }

    /// Until when clients may wait because of the times that the platform has named: each spreads over as much again.
    pub(crate) fn patience_ms(&self) -> u64 {
        self.patience_ms
    }

    /// I14 and W3, of the socket that is open.
    pub(crate) fn after_step(&self, now_ms: u64, socket: Option<SocketId>, is_needed: bool) -> Verdict {
        let Some(socket) = socket.and_then(|socket| self.by_socket.get(&socket)) else { return Ok(()) };
        if socket.is_up && !is_needed && now_ms > self.used_ms + IDLE_MAX_MS {
            return broken("I14", "the socket is open though nobody needs it");
        }
        if socket.is_up && now_ms > socket.heard_ms + SILENCE_MAX_MS {
            return broken("W3", "a silent line is taken for a good one for more than a minute");
        }
        if socket.unanswered_ms.is_some_and(|sent_ms| now_ms > sent_ms + SILENCE_AFTER_SEND_MAX_MS) {
            return broken("W3", "a line that answers no message is taken for a good one for more than 15 seconds");
        }
        Ok(())
    }

    fn check_floor(&self, now_ms: u64, floor_ms: u64, what: &str) -> Verdict {
        if now_ms >= floor_ms {
            return Ok(());
        }
        broken("I12", format!("{what} {} ms before the time that the platform named", floor_ms - now_ms))
    }
}

/// What a named time is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Floor {
    Attempt,
    Message,
    History,
}
