//! What of the product only the guest API has. Where it is not built in, these are false, and the compiler leaves out what
//! they guard.

/// All that the constants below are about.
pub(crate) const GUEST: bool = cfg!(feature = "guest");
/// One tab connects for all tabs.
pub(crate) const SHARED_LINE: bool = GUEST;
/// Visitors send files.
pub(crate) const UPLOADS: bool = GUEST;
/// Visitors sign in.
pub(crate) const SIGN_IN: bool = GUEST;
/// The platform says when a session ends, and whether it is alive.
pub(crate) const EXPIRY: bool = GUEST;
/// A conversation can be cleared, and ended so that it can still be read.
pub(crate) const ENDINGS: bool = GUEST;
/// Messages hold quick replies, cards, pickers and forms.
pub(crate) const OFFERS: bool = GUEST;
/// The deployment has a configuration: marks in texts, colours, names.
pub(crate) const CONFIGURATION: bool = GUEST;
