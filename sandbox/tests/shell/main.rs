//! The program over real sockets on loopback.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail like tests")]

#[path = "../support/mod.rs"]
mod support;

mod commandline;
mod conversations;
mod guests;
mod hosting;
mod kill;
mod server;
mod tester;
mod tls;
