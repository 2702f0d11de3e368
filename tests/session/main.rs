//! The rules of the session, one sentence each.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says so"
)]

mod adopt;
mod attachments;
mod beginnings;
mod busy;
mod connect;
mod deliver;
mod edges_deliver;
mod edges_expiry;
mod edges_history;
mod edges_keep;
mod edges_lease;
mod edges_life;
mod edges_line;
mod edges_reading;
mod edges_shared;
mod edges_sign_in;
mod edges_tabs;
mod edges_told;
mod edges_transcript;
mod expiry;
mod harness;
mod history;
mod keep;
mod lifecycle;
mod long;
mod reading;
mod reconnect;
mod sign_in;
mod tab;
mod transcript;
mod typing;
