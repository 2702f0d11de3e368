//! Everything that waits for its moment.

use guest_messenger::protocol::wire::{HttpAnswer, HttpCall};
use guest_messenger::stored::vault::Kept;

pub(crate) type SocketId = u64;

#[derive(Debug)]
pub(crate) enum Happening {
    /// The visitor does something.
    Visitor,
    /// The agent does something.
    Agent,
    /// Something goes wrong.
    Fault,
    /// The browser reports which entries are in view.
    Observe,
    /// The page runs again after sleep, frost or the back/forward cache.
    Wake,
    HandshakeArrives {
        socket: SocketId,
    },
    FrameArrives {
        socket: SocketId,
        text: String,
    },
    /// The platform hears that the guest's end is closed.
    ClosureArrives {
        socket: SocketId,
    },
    OpeningHeard {
        socket: SocketId,
    },
    /// `None` is a frame that is no text.
    FrameHeard {
        socket: SocketId,
        text: Option<String>,
    },
    ClosureHeard {
        socket: SocketId,
        code: u16,
    },
    /// The connection is cut: both ends hear of it.
    Cut {
        socket: SocketId,
    },
    CallArrives {
        page: u32,
        call: HttpCall,
    },
    /// `None` when no answer came in time.
    AnswerHeard {
        page: u32,
        call: u32,
        answer: Option<HttpAnswer>,
        /// When the platform made it.
        made_at_ms: u64,
    },
    /// The vault has done what was asked of it first.
    VaultWritten {
        page: u32,
        number: Option<u32>,
        draft: u32,
    },
    /// A draft was saved for itself.
    DraftHeard {
        page: u32,
        draft: u32,
    },
    KeptHeard {
        page: u32,
        number: u32,
        is_kept: bool,
    },
    /// What the vault held when the page asked reaches the page.
    Restored {
        page: u32,
        kept: Kept,
    },
}

impl Happening {
    /// Whether it happens in the guest's browser, and so not while that sleeps.
    pub(crate) fn is_in_browser(&self) -> bool {
        matches!(
            self,
            Happening::Visitor
                | Happening::Observe
                | Happening::OpeningHeard { .. }
                | Happening::FrameHeard { .. }
                | Happening::ClosureHeard { .. }
                | Happening::AnswerHeard { .. }
                | Happening::KeptHeard { .. }
                | Happening::DraftHeard { .. }
                | Happening::Restored { .. }
        )
    }
}
