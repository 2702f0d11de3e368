//! The conversations APIs, row by row of their reference: the real engine, virtual time, and a platform that answers
//! what each test says. README.md says which test shows which row.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says so"
)]

mod attaching;
mod edges_calls;
mod edges_messages;
mod edges_places;
mod edges_signals;
mod edges_webchat;
mod events;
mod opening;
mod receipts;
mod records;
mod sending;
mod statuses;
mod tokens;
mod typing;
mod validation;
mod webchat;
mod world;
