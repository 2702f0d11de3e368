//! The platform against the reference, without sockets and in virtual time.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail like tests")]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod attachments;
mod auth;
mod bad_input;
mod bot;
mod conversations;
mod deployment;
mod desk;
mod ending;
mod events;
mod expiry;
mod faults;
mod history;
mod journal;
mod limits;
mod messages;
mod sessions;
mod world;
