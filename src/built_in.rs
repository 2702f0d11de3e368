//! What of the product only the guest API has. Where it is not built in, these are false, and the compiler leaves out what
//! they guard.

/// One tab connects for all tabs.
pub(crate) const SHARED_LINE: bool = cfg!(feature = "guest");
/// Visitors send files.
pub(crate) const UPLOADS: bool = cfg!(feature = "guest");
/// Visitors sign in.
pub(crate) const SIGN_IN: bool = cfg!(feature = "guest");
/// The platform says when a session ends, and whether it is alive.
pub(crate) const EXPIRY: bool = cfg!(feature = "guest");
/// A conversation can be cleared, and ended so that it can still be read.
pub(crate) const ENDINGS: bool = cfg!(feature = "guest");
/// Messages hold quick replies, cards, pickers and forms.
pub(crate) const OFFERS: bool = cfg!(feature = "guest");
/// The deployment has a configuration: marks in texts, colours, names.
pub(crate) const CONFIGURATION: bool = cfg!(feature = "guest");
