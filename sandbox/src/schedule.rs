//! Work for later, in order of its time.

use std::collections::BTreeMap;

use crate::{
    bot::Step,
    fault::Fault,
    output::{ConnectionId, HttpAnswer, RequestId},
    session::ConversationKey,
};

#[derive(Debug)]
pub(crate) enum Task {
    /// A frame that a fault delayed on its way to the guest.
    ToGuest {
        connection: ConnectionId,
        text: String,
    },
    /// A frame that a fault delayed on its way to the platform.
    ToPlatform {
        connection: ConnectionId,
        text: String,
    },
    /// A frame held back to swap places with the next one, which has not come.
    ReleaseToGuest {
        connection: ConnectionId,
    },
    ReleaseToPlatform {
        connection: ConnectionId,
    },
    Answer {
        request: RequestId,
        answer: HttpAnswer,
    },
    Expiry {
        conversation: ConversationKey,
    },
    Bot {
        conversation: ConversationKey,
        step: Step,
    },
    Fault {
        fault: Fault,
    },
    /// The bytes of an upload have been looked at.
    Upload {
        attachment: String,
    },
    /// A file is in a message by now, or goes.
    Purge {
        attachment: String,
    },
    GuestTypingEnds {
        conversation: ConversationKey,
    },
    /// An HTTP request is to get no answer.
    Cut {
        request: RequestId,
    },
    /// A bearer token is good no longer.
    TokenEnds {
        token: String,
    },
    /// An events socket must have authenticated.
    AuthenticateBy {
        connection: ConnectionId,
    },
}

/// Tasks of the same millisecond come out as they went in.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    tasks: BTreeMap<(u64, u64), Task>,
    sequence: u64,
}

impl Schedule {
    pub(crate) fn add(&mut self, due_ms: u64, task: Task) {
        self.sequence += 1;
        self.tasks.insert((due_ms, self.sequence), task);
    }

    pub(crate) fn next_due(&self) -> Option<u64> {
        self.tasks.first_key_value().map(|((due_ms, _), _)| *due_ms)
    }

    pub(crate) fn take_due(&mut self, now_ms: u64) -> Option<Task> {
        let entry = self.tasks.first_entry()?;
        (entry.key().0 <= now_ms).then(|| entry.remove())
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&Task) -> bool) {
        self.tasks.retain(|_, task| keep(task));
    }
}
