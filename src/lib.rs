//! A customer chat widget: the core, its protocols and, on wasm32, the browser shell.

mod built_in;
mod text;

pub mod engine;
pub mod protocol;
pub mod recorder;
pub mod session;
pub mod stored;

#[cfg(target_arch = "wasm32")]
pub mod api;
#[cfg(target_arch = "wasm32")]
#[expect(missing_debug_implementations, reason = "handles of browser objects have nothing worth printing")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
mod exports;
#[cfg(target_arch = "wasm32")]
pub mod listener;
#[cfg(target_arch = "wasm32")]
#[expect(missing_debug_implementations, reason = "as with the browser's handles")]
pub mod shell;
#[cfg(target_arch = "wasm32")]
#[expect(missing_debug_implementations, reason = "as with the browser's handles")]
pub mod ui;

#[cfg(target_arch = "wasm32")]
pub use exports::Messenger;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Natively only what needs no browser.
#[cfg(not(target_arch = "wasm32"))]
pub mod ui {
    pub mod links;
    pub mod markup;
}
