//! What is known of the messages on their way: none is sent twice by itself when the first copy may have arrived.

use crate::protocol::time::format_time;
use crate::session::content::{Author, Body};
use crate::session::ids::ClientId;
use crate::session::input::Message;
use crate::session::time::{Timestamp, WallTime};

/// More than these are not remembered.
const REMEMBERED_MAX: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Sending {
    /// The last one, and how often it has failed.
    last: Option<(ClientId, u32)>,
    /// What it says, for the echo that its answer makes.
    body: Body,
    /// The time ran out for these and the platform may still be at it, so that their absence from history says nothing:
    /// the visitor decides.
    doubtful: Vec<ClientId>,
    /// Own messages that the socket brought without a client id while one was under way.
    held: Vec<Message>,
    /// The platform wants no message before.
    not_before: Option<Timestamp>,
}

impl Sending {
    pub(super) fn hold_until(&mut self, until: Timestamp) {
        self.not_before = Some(until);
    }

    /// How long the platform wants no message yet.
    pub(super) fn wait_ms(&self, now: Timestamp) -> Option<u64> {
        self.not_before.filter(|until| *until > now).map(|until| until.since(now))
    }

    /// Whether this one may go.
    pub(super) fn begin(&mut self, client_id: &ClientId, body: &Body) -> bool {
        // Sent again after that, it is the visitor's own wish.
        if self.on_seen(client_id) {
            return false;
        }
        if self.last.as_ref().is_none_or(|(last, _)| last != client_id) {
            self.last = Some((client_id.clone(), 0));
        }
        self.body = body.clone();
        true
    }

    /// Answers how often it has failed, this time included.
    pub(super) fn on_failed(&mut self) -> u32 {
        let Some((_, failures)) = &mut self.last else { return 1 };
        // After three the visitor has begun anew.
        *failures = *failures % 3 + 1;
        *failures
    }

    /// The time ran out.
    pub(super) fn on_late(&mut self, client_id: &ClientId) {
        if self.doubtful.len() >= REMEMBERED_MAX {
            self.doubtful.remove(0);
        }
        self.doubtful.push(client_id.clone());
    }

    /// The platform has it. Answers whether that was in doubt.
    pub(super) fn on_seen(&mut self, client_id: &ClientId) -> bool {
        let at = self.doubtful.iter().position(|doubtful| doubtful == client_id);
        if let Some(at) = at {
            self.doubtful.remove(at);
        }
        at.is_some()
    }

    pub(super) fn body(&self) -> &Body {
        &self.body
    }

    /// The socket may be faster than the answer: kept until the answer says whether it is the same message. Answers what
    /// need not wait.
    pub(super) fn hold(&mut self, message: Message, is_under_way: bool) -> Option<Message> {
        if message.author == Author::Guest && message.client_id.is_none() && is_under_way {
            self.held.push(message);
            return None;
        }
        Some(message)
    }

    pub(super) fn take_held(&mut self) -> Vec<Message> {
        core::mem::take(&mut self.held)
    }
}

/// A time as records have it.
pub(super) fn stamp(time: WallTime) -> String {
    format_time(time.0)
}
