//! A customer chat widget: the core, its protocols and, on wasm32, the browser shell.

pub mod engine;
pub mod protocol;
pub mod session;

#[cfg(target_arch = "wasm32")]
#[expect(missing_debug_implementations, reason = "handles of browser objects have nothing worth printing")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod listener;
#[cfg(target_arch = "wasm32")]
#[expect(missing_debug_implementations, reason = "handles of browser objects have nothing worth printing")]
pub mod ui;

/// Natively only what needs no browser.
#[cfg(not(target_arch = "wasm32"))]
pub mod ui {
    pub mod links;
}
