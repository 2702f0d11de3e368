//! What outlives the page: the identity, how long it is good for, and how far the visitor has read.

use super::ids::{GuestToken, ServerId};
use super::time::WallTime;

/// The session as the browser's storage keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub token: GuestToken,
    pub expires_at: Option<WallTime>,
    pub read_mark: Option<ReadMark>,
    /// Whether the platform knows this token already.
    pub is_live: bool,
    pub panel_open: bool,
}

/// The last message that counts as read. Moves forward only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadMark {
    pub time: WallTime,
    pub id: ServerId,
}
