//! Everything round the platform: command line, sockets, files.

mod access;
mod arguments;
mod control;
mod files;
mod guests;
mod hub;
mod journal;
mod server;
mod socket;
mod tls;

pub(crate) use arguments::{Arguments, one_sentence};
pub(crate) use server::run;

/// Why the program cannot go on, in one sentence.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);
