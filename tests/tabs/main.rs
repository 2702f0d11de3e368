//! Several tabs of one conversation: one of them connects for all.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says so"
)]

mod lease;
mod relay;
mod sharing;
mod sign_in;
mod world;
