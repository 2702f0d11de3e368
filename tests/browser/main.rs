//! The browser side in a real browser: drivers, views and the whole.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::new_without_default,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails says so"
)]

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

pub mod drivers;
pub mod options;
#[expect(missing_debug_implementations, reason = "nobody prints a fixture")]
pub mod support;
pub mod token;
pub mod views;
pub mod whole;
