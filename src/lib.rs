//! A customer chat widget: the core, its protocols and, on wasm32, the browser shell.

pub mod engine;
pub mod protocol;
pub mod session;
