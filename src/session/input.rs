//! Everything that may happen to a session.

use super::content::{Answer, Author, Body, Notice, Sender};
use super::deployment::Deployment;
#[cfg(feature = "conversations")]
use super::error::ChatError;
use super::files::{File, FileFlaw, FileRules};
use super::ids::{ClientId, EntryId, FileId, GuestToken, ServerId, TabId};
use super::record::{ReadMark, Record, Unsent};
use super::redact::Redacted;
use super::time::WallTime;

/// One thing that happened. Closed on purpose: here one sees everything that may.
#[derive(Clone, Debug)]
pub enum Input {
    /// The visitor or the page wants something.
    Command(Command),
    /// The platform, or the line to it, did something.
    Platform(PlatformEvent),
    /// The browser told something about the page.
    Environment(Environment),
    /// Another tab of the same conversation told something.
    Tab(TabNews),
    /// A new identity, asked for by `Effect::MakeToken`; or that of another tab which begins in the same moment, to be
    /// taken instead while no line was opened with its own.
    Token(GuestToken),
    /// The answer to `Effect::Keep` with this number, whether it could be kept or not.
    Kept { number: u32, is_kept: bool },
    /// Instead of `Input::Kept`, and nothing was kept: another tab took this one for dead, and has taken over these.
    Taken(Vec<ClientId>),
    /// A timer may be due.
    Tick,
    /// What became of `Effect::Upload`.
    Upload { file: FileId, news: UploadNews },
    /// The answer to `Effect::AskSignIn`: what the page's sign-in gave, `None` when nobody is signed in.
    Grant(Option<Grant>),
}

#[derive(Clone, Debug)]
pub enum Command {
    /// Once, first: what the browser's storage holds.
    Start(Option<Record>),
    /// What an earlier life of this tab had not sent, even if it is nothing. After `Start`, which says whose it is; what is
    /// unsent is kept anew only then.
    Restore(Vec<Unsent>),
    /// The answer to `Effect::Adopt`: what tabs of this conversation that are gone had not sent. It is this tab's now.
    Adopt(Vec<Unsent>),
    OpenPanel,
    ClosePanel,
    /// Send text. Checked with `Session::check_text` before.
    SendText(String),
    /// Answer an offer of the entry given.
    Answer(EntryId, Answer),
    /// A key was pressed in the composer that changed its text; `false` when the field became empty.
    Compose {
        has_text: bool,
    },
    /// The composer lost the focus.
    #[cfg(feature = "conversations")]
    Blur,
    /// The entries whose boxes are at least half visible in the transcript just now.
    InView(Vec<EntryId>),
    LoadOlder,
    /// The visitor chose a file. `flaw`: what `Session::check_file`, or a look at its bytes, has found.
    Attach {
        file: File,
        flaw: Option<FileFlaw>,
    },
    RemoveFile(FileId),
    RetryFile(FileId),
    /// Send text, or none, with all files that are there. Checked with `Session::check_with_files` before.
    SendWithFiles(String),
    /// Send a text, which may be empty, with files that the page names by their addresses.
    #[cfg(feature = "conversations")]
    SendAttached(Body),
    /// The file of this id cannot be shown, or the visitor wants to have it: then it is opened.
    FetchFile {
        id: String,
        opens: bool,
    },
    Retry(EntryId),
    /// Take a failed message out.
    Discard(EntryId),
    Clear,
    /// After the conversation ended or expired.
    StartNew,
    /// Try to connect now, or take the conversation over from elsewhere.
    Reconnect,
    /// Stay in a conversation that is about to expire.
    Extend,
    /// The page can sign visitors in: it is asked with `Effect::AskSignIn`.
    OfferSignIn,
    /// The visitor has signed in to the page.
    SignIn,
    LogOut,
}

/// How it goes with the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadNews {
    Progress {
        sent_bytes: u64,
    },
    /// They were taken. That they are good is for the platform to say.
    Done,
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    Visible,
    Hidden,
    Online,
    Offline,
    /// The page was frozen, slept, or came back from the back/forward cache: time may have passed unseen.
    Resumed,
    /// The page goes away, perhaps to come back.
    Leaving,
}

/// News between the tabs of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TabNews {
    /// Read so far in this tab, which leaves it to the holder to tell the platform.
    Read(ReadMark),
    /// Read so far; whoever has to tell the platform knows.
    Known(ReadMark),
    /// The platform was told that so far is read.
    Receipted(ReadMark),
    Cleared,
    /// A typing signal went out.
    Typed,
    /// The visitor types in this tab: the holder tells the platform.
    Type,
    /// A tab has joined the holder's line, having read so far.
    Joined(Option<ReadMark>),
    /// A tab wants to read a page of history: the limit is the session's, and the holder keeps it.
    WantHistory(TabId),
    /// It may, or the holder does, says the holder.
    MayReadHistory {
        tab: TabId,
        by: TabId,
    },
    /// Who holds the connection, and is it still there?
    Seek,
    /// This tab holds the connection. `line`: what it is like when it is up.
    Hold {
        tab: TabId,
        /// Who came later goes before.
        term: u64,
        line: Option<SharedLine>,
        /// The platform refuses it.
        is_refused: bool,
    },
    /// For this tab nobody needs the connection any more.
    Idle,
    /// This tab held the connection and gives it up.
    Release(TabId),
    /// A follower has reason to hope that there is a line, or wonders whether it is alive.
    Check,
    /// A follower's message was not echoed in time.
    Doubt,
    /// The visitor wants to connect now.
    Retry,
    /// Sign the visitor out.
    LogOut,
    /// The visitor has signed in, says the page of a follower: the holder asks its own.
    SignIn,
    /// The session is a signed-in visitor's now.
    SignedIn,
}

/// A configured connection, for the tabs that share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedLine {
    /// Counts the holder's lines.
    pub number: u32,
    /// A new session began with it.
    pub is_new: bool,
    pub is_read_only: bool,
    pub duration_s: Option<u64>,
    pub expires_at: Option<WallTime>,
    /// What history reads have used up of the limit.
    pub history_debt_ms: u64,
}

#[derive(Clone, Debug)]
pub enum PlatformEvent {
    DeploymentLoaded(Deployment),
    DeploymentFailed(Failure),
    LineOpened,
    /// With the WebSocket close code; 1006 when there was none.
    LineClosed(u16),
    Configured(Configured),
    /// A live message, one's own echo included.
    Message(Message),
    Typing {
        from: Sender,
        duration_ms: Option<u64>,
    },
    Ended {
        read_only: bool,
        id: Option<ServerId>,
        time: Option<WallTime>,
    },
    Joined,
    History(HistoryPage),
    HistoryFailed(Failure),
    /// The answer to a health check.
    Alive(Lifetime),
    Rejected(Rejection),
    Cleared,
    ClosedElsewhere {
        signed_in: bool,
    },
    LoggedOut,
    /// Credentials are there, new or renewed.
    SignedIn,
    SignInFailed(Failure),
    Expired,
    /// A file may be brought there.
    UploadAddress {
        id: String,
        url: Redacted,
        headers: Redacted,
    },
    /// The bytes of this file were found good.
    Uploaded {
        id: String,
    },
    FileRefused {
        id: String,
        refusal: FileRefusal,
    },
    /// A fresh address of a file; `None` where the one that is known is good.
    FileAddress {
        id: String,
        url: Option<Redacted>,
    },
    /// A frame that only the protocol needed; or, where answers come past the line, any frame before what it says.
    SignOfLife,
    /// A frame made no sense or is of no concern: counted, and a sign of life all the same.
    Ignored,
    /// The newest page, which has just come, holds no more than what is left over from those before it.
    HistoryScant,
    /// The platform has named the conversation: from now on this is its whole identity.
    #[cfg(feature = "conversations")]
    Renamed(GuestToken),
    /// It is another conversation than the one that was kept: what was meant for that one is not said in it.
    #[cfg(feature = "conversations")]
    Replaced,
    /// Whether this message has arrived cannot be told.
    #[cfg(feature = "conversations")]
    Unanswered(ClientId),
    /// The page of history that comes next does not say which of the guest's messages is which.
    #[cfg(feature = "conversations")]
    HistoryBlind,
    /// The platform keeps no history.
    #[cfg(feature = "conversations")]
    HistoryAbsent,
    /// The answer to `Request::Probe` where nobody can tell: what the line has not brought stands in history.
    #[cfg(feature = "conversations")]
    Doubtful,
}

impl PlatformEvent {
    /// Whether it came over the line, which is alive then, whatever it says.
    pub fn is_frame(&self) -> bool {
        #[cfg(feature = "conversations")]
        if matches!(
            self,
            PlatformEvent::HistoryAbsent
                | PlatformEvent::Doubtful
                | PlatformEvent::Replaced
                | PlatformEvent::HistoryBlind
                | PlatformEvent::Renamed(_)
                | PlatformEvent::Unanswered(_)
        ) {
            return false;
        }
        !matches!(
            self,
            PlatformEvent::DeploymentLoaded(_)
                | PlatformEvent::DeploymentFailed(_)
                | PlatformEvent::LineOpened
                | PlatformEvent::LineClosed(_)
                | PlatformEvent::History(_)
                | PlatformEvent::HistoryFailed(_)
                | PlatformEvent::HistoryScant
                | PlatformEvent::SignedIn
                | PlatformEvent::SignInFailed(_)
        )
    }
}

/// What the page's sign-in gave, in the words of the platform, which makes credentials of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant(pub Redacted);

/// Why the platform does not take a file, or does not give it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRefusal {
    Flawed(FileFlaw),
    /// Come back later.
    Busy {
        retry_after_ms: Option<u64>,
    },
}

/// Why something could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer, or not one of ours.
    Network,
    /// Refused for good.
    Refused,
    /// An answer that is not what the reference describes.
    Malformed,
    /// Come back later.
    Busy { retry_after_ms: Option<u64> },
}

#[derive(Clone, Debug, Default)]
pub struct Configured {
    pub is_connected: bool,
    /// Which files the session takes, if it says so.
    pub files: Option<FileRules>,
    pub is_new: bool,
    pub is_read_only: bool,
    pub lifetime: Lifetime,
}

/// How long the session lives, as far as the platform says.
#[derive(Clone, Debug, Default)]
pub struct Lifetime {
    /// After its last message.
    pub duration_s: Option<u64>,
    /// On the platform's clock.
    pub expires_at: Option<WallTime>,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub id: Option<ServerId>,
    /// A second name of the same message.
    pub other_id: Option<ServerId>,
    pub client_id: Option<ClientId>,
    pub author: Author,
    pub sender: Sender,
    pub body: Body,
    pub notice: Option<Notice>,
    pub time: Option<WallTime>,
}

#[derive(Clone, Debug, Default)]
pub struct HistoryPage {
    /// From 1, the newest.
    pub number: u32,
    /// In any order.
    pub messages: Vec<Message>,
    pub has_older: bool,
}

/// The platform said no to something we sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub client_id: Option<ClientId>,
    pub reason: RejectionReason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectionReason {
    TooLong,
    AttributesTooLarge,
    TooFast {
        retry_after_ms: Option<u64>,
    },
    ReadOnly,
    SessionGone,
    Authentication,
    /// The session is a signed-in user's.
    SignInNeeded,
    ClearNotAllowed,
    /// Worth trying again.
    Temporary,
    Other,
    /// It did not arrive: worth trying again after this long, three times in all, and then it has failed for this reason.
    #[cfg(feature = "conversations")]
    Later {
        wait_ms: u64,
        error: &'static ChatError,
    },
    /// It was not even tried: the time has not come.
    #[cfg(feature = "conversations")]
    NotYet {
        wait_ms: u64,
    },
    #[cfg(feature = "conversations")]
    For(&'static ChatError),
}
