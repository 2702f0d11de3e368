//! What a recording keeps of frames and answers: the keys that the protocols read, and what each holds.

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// More keys, or a yes or no.
    Tree,
    /// An id, or a word of the protocol.
    Name,
    /// A number or a time, or text that is one.
    Number,
    /// What the platform says of a request that it refuses.
    Refusal,
    /// What people write, and everything else that is nobody's business.
    Text,
}

#[cfg(feature = "guest")]
pub(crate) use super::guest::keys::{CLEARING, is_about_clearing, kind_of};

#[cfg(not(feature = "guest"))]
mod without_guest {
    use super::Kind;

    pub(crate) const CLEARING: &str = "";

    pub(crate) fn is_about_clearing(_: &str) -> bool {
        false
    }

    pub(crate) fn kind_of(_: &str, _: &str) -> Option<Kind> {
        None
    }
}

#[cfg(not(feature = "guest"))]
pub(crate) use without_guest::{CLEARING, is_about_clearing, kind_of};
