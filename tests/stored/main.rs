//! What the browser's storages hold: written and read back, from an older version, and damaged.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says so"
)]

mod damaged;
mod keeper;
mod record;
mod vault;
