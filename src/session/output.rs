//! Everything a session wants done, told or repainted.

#[cfg(feature = "conversations")]
use super::audit::Audit;
use super::content::{Author, Body};
use super::error::ChatError;
#[cfg(feature = "conversations")]
use super::error::Refusal;
use super::ids::{ClientId, EntryId, FileId, GuestToken, ServerId};
use super::input::{Grant, TabNews};
#[cfg(feature = "conversations")]
use super::metrics::Metrics;
use super::record::{Record, Unsent};
use super::redact::Redacted;

/// Within this time after a keeping a tab need not ask whether its messages are still its own: nobody takes over what was
/// kept less than fifteen seconds ago (`www/src/vault.ts`).
pub const SURE_MS: u64 = 3_000;

#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Do this.
    Effect(Effect),
    /// Tell the page this.
    Event(Event),
    /// Repaint this.
    Diff(Diff),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Say this to the platform: the protocol knows how.
    Ask(Request),
    Persist(Record),
    Forget,
    /// Keep these, instead of those kept before, until the platform has confirmed them; then bring `Input::Kept`.
    Keep {
        number: u32,
        unsent: Vec<Unsent>,
    },
    /// Take over what tabs of this conversation that are gone had not sent, if there are any, and bring it as
    /// `Command::Adopt`. Nobody else may get it then. Not what was kept within [`SURE_MS`].
    Adopt,
    /// Make a new identity with the browser's secure generator and bring it as `Input::Token`.
    MakeToken,
    Share(TabNews),
    /// Ask the page who the visitor is and bring `Input::Grant`.
    AskSignIn,
    /// Bring the bytes of this file there with PUT and these headers, lines of `name: value`, and say how it goes with
    /// `Input::Upload`; for as long as the view has it as being uploaded.
    Upload {
        file: FileId,
        url: Redacted,
        headers: Redacted,
    },
    /// The visitor wants to have the file that is there.
    OpenFile {
        url: Redacted,
    },
}

/// What the session wants of the platform, in no protocol's words.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    LoadDeployment,
    OpenLine,
    CloseLine,
    /// Use the line of another tab, which is configured already.
    JoinLine {
        token: GuestToken,
    },
    /// The other tab's line is gone, or is not wanted any more.
    LeaveLine,
    Configure {
        token: GuestToken,
        start_new: bool,
    },
    Join,
    Send {
        client_id: ClientId,
        body: Body,
    },
    Typing,
    /// The visitor does not type any more.
    #[cfg(feature = "conversations")]
    TypingOff,
    /// Everything up to this message was seen.
    Seen {
        id: ServerId,
    },
    /// These messages were seen, and nothing is said of others.
    #[cfg(feature = "conversations")]
    SeenEach {
        ids: Vec<ServerId>,
    },
    ReadHistory {
        page: u32,
    },
    Probe,
    Clear,
    /// Close a read-only conversation so that a new one can begin with the same identity.
    CloseConversation,
    /// Ask for an address to bring this file to.
    OfferFile {
        id: String,
        name: String,
        mime: String,
        size_bytes: u64,
    },
    /// A file that was brought there is not wanted after all.
    DropFile {
        id: String,
    },
    /// Ask for a fresh address of a file.
    RefreshFile {
        id: String,
    },
    /// Make credentials of this; from then on `Configure` carries them.
    SignIn(Grant),
    RefreshSignIn,
    ForgetSignIn,
    /// Sign the user out everywhere.
    Revoke,
}

/// What the page is told: ids and states, never text.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Event {
    Opened,
    Closed,
    Started {
        is_new: bool,
    },
    Message {
        entry: EntryId,
        id: Option<ServerId>,
        author: Author,
    },
    Delivery {
        entry: EntryId,
        delivery: &'static str,
    },
    Typing {
        is_typing: bool,
    },
    Read {
        id: ServerId,
    },
    Unread {
        count: u32,
    },
    Connection {
        state: &'static str,
    },
    Ended {
        reason: &'static str,
    },
    Cleared,
    Error(ChatError),
    Expiring {
        in_s: u64,
    },
    Authenticated,
    /// The platform refused something and said why.
    #[cfg(feature = "conversations")]
    Refused(Refusal),
    /// How sending has gone so far.
    #[cfg(feature = "conversations")]
    Metrics(Metrics),
    /// One transmission, for the page's books.
    #[cfg(feature = "conversations")]
    Audit(Audit),
}

/// What changed on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Diff {
    /// A new entry, before the one given or at the end.
    Inserted {
        entry: EntryId,
        before: Option<EntryId>,
    },
    Changed {
        entry: EntryId,
    },
    Moved {
        entry: EntryId,
        before: Option<EntryId>,
    },
    Removed {
        entry: EntryId,
    },
    /// The whole transcript is another one.
    Reset,
    /// Connection, composer, ended state, panel, deployment: read the view again.
    Status,
    Typing,
    Unread,
    /// The visitor's files that are in no message yet.
    Uploads,
    /// Whether older messages exist or are being loaded.
    History,
    /// A live message of somebody else arrived: say it once to those who do not see.
    Announce {
        entry: EntryId,
    },
}
