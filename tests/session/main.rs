//! The rules of the session, one sentence each.

mod connect;
mod deliver;
mod harness;
mod history;
mod lifecycle;
mod reading;
mod reconnect;
mod transcript;
mod typing;
