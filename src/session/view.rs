//! The session as the UI sees it: a read-only snapshot.

use super::attachments::Upload;
use super::content::Sender;
use super::deployment::Deployment;
use super::error::ChatError;
use super::transcript::Transcript;

#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub phase: Phase,
    pub banner: Option<Banner>,
    pub transcript: &'a Transcript,
    pub typing: Option<&'a Sender>,
    pub unread: u32,
    pub history: HistoryState,
    pub deployment: Option<&'a Deployment>,
    pub panel_open: bool,
    /// Whether the page is in front, as far as the browser says.
    pub is_visible: bool,
    pub can_clear: bool,
    pub takes_files: bool,
    /// How large a file may be, in kilobytes; zero when that is not known.
    pub file_max_kb: u64,
    /// Files of the visitor's that are in no message yet.
    pub uploads: &'a [Upload],
}

impl View<'_> {
    /// Whether the deployment wants marks in texts to mean something.
    pub fn has_markup(&self) -> bool {
        self.deployment.is_some_and(|deployment| deployment.markdown)
    }
}

/// Where the conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No conversation yet, or one that is being connected: the visitor may write.
    Starting,
    Live,
    /// The agent ended it: read, clear or start anew.
    ReadOnly,
    Ended(EndReason),
    /// In use elsewhere; using it here takes it over.
    Elsewhere,
    /// Cannot be had at all.
    Unavailable(&'static ChatError),
}

impl Phase {
    /// Whether the composer takes text.
    pub fn can_write(self) -> bool {
        matches!(self, Phase::Starting | Phase::Live | Phase::Elsewhere)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    Expired,
    /// The platform says that the conversation is not there any more.
    #[cfg(feature = "conversations")]
    Over,
    LoggedOut,
    SignedInElsewhere,
}

/// The quiet line above the composer; only after a while, never for a short break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banner {
    Connecting,
    Reconnecting,
    Offline,
    CannotConnect,
    /// The platform asked to slow down; unsent messages wait.
    Slowed,
    /// The session ends soon; the visitor may stay.
    Expiring,
    /// The visitor wants to stay; the platform has not confirmed it.
    Extending,
    /// The session ends soon, and only a message keeps it.
    ExpiringUnlessWritten,
    /// The platform asked to wait, for minutes.
    Busy,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryState {
    pub has_older: bool,
    pub is_loading: bool,
}
