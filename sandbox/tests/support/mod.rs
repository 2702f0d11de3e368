//! What the tests of the platform and of the shell share.

pub(crate) mod strict;

pub(crate) const DEPLOYMENT: &str = guest_messenger_sandbox::DEFAULT_DEPLOYMENT;
