//! What goes over the wire of the guest API, and what is made of what comes back.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says so"
)]

mod answers;
mod attachments;
mod auth;
mod corpus;
mod decode;
mod edges;
mod edges_decode;
mod edges_http;
mod edges_json;
mod edges_time;
mod encode;
mod fuzzed;
mod harness;
mod http;
mod http_dates;
mod lifetime;
mod properties;
mod recorder;
