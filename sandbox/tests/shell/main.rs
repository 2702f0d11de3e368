//! The program over real sockets on loopback.

#[path = "../support/mod.rs"]
mod support;

mod commandline;
mod guests;
mod hosting;
mod kill;
mod server;
mod tester;
mod tls;
