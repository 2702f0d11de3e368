//! What outlives the page: the identity, how long it is good for, and how far the visitor has read.

use super::content::Body;
use super::ids::{ClientId, GuestToken, ServerId};
use super::time::WallTime;
use core::hash::{Hash, Hasher};

/// The session as the browser's storage keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub token: GuestToken,
    pub expires_at: Option<WallTime>,
    pub read_mark: Option<ReadMark>,
    /// Whether the platform knows this token already.
    pub is_live: bool,
    pub panel_open: bool,
}

impl Record {
    /// Of a conversation that the platform has not heard of.
    pub fn beginning_with(token: GuestToken) -> Record {
        Record { token, expires_at: None, read_mark: None, is_live: false, panel_open: false }
    }
}

/// The last message that counts as read. Moves forward only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadMark {
    pub time: WallTime,
    pub id: ServerId,
}

/// A message of the guest's that the platform has not confirmed, as the browser keeps it over a reload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    pub client_id: ClientId,
    pub body: Body,
    pub accepted_at: WallTime,
    /// The newest message of all when this one was accepted: if it has arrived, it stands after that.
    pub after: WallTime,
    /// It was shown as not sent: only the visitor sends it again.
    pub has_failed: bool,
    /// The conversation that it is meant for, by its tag. `None` when that is not known: whichever there is.
    pub conversation: Option<u64>,
}

/// The entry is known elsewhere: which one it is and whether it failed says enough.
impl Hash for Unsent {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.client_id.hash(state);
        self.has_failed.hash(state);
    }
}
