//! The fuzz target: any bytes as a conversation with the engine.

#![no_main]

mod script;

libfuzzer_sys::fuzz_target!(|script: &[u8]| script::play(script));
