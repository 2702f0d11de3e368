//! A customer chat widget: the core, its protocols and, on wasm32, the browser shell.
