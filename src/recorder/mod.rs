//! The flight recorder: what an engine was given, step by step, without anybody's words in it, and a digest of what it
//! put out each time. Natively a recording is played back to the same digests, so that a visitor's report becomes a
//! failing test.
//!
//! A recording is a list. First stands how the engine was made, then for each step what went in, and after it, as text,
//! the digest of what came out, if anything did:
//!
//! ```json
//! ["begin", {"deployment": "…", "endpoints": ["~26.0", "~25.1", "~25.1"], "receipts": "auto", "tabs": true, "seed": "00c0ffee00c0ffee"}],
//! [812, 1792000000812, "start", null],
//! [0, 0, "open_panel"], "5d1f0a86c1b2a3e4"
//! ```
//!
//! The first two numbers of a step are the milliseconds since the step before, on the monotonic and on the wall clock.
//! A text is `~bytes.number`: see `texts.rs`. Whoever keeps the list may drop its beginning, and can then only read it.

mod digest;
mod inputs;
mod texts;
mod trees;

#[cfg(not(target_arch = "wasm32"))]
mod read;
#[cfg(not(target_arch = "wasm32"))]
pub mod replay;
#[cfg(not(target_arch = "wasm32"))]
pub mod tape;

use crate::engine::{EngineInput, EngineOutput, Settings};
use crate::protocol::json::Json;
use crate::session::Receipts;
use crate::session::time::Now;
use texts::Texts;

/// Makes the items of one recording; its owner keeps them.
#[derive(Debug, Default)]
pub struct Recorder {
    texts: Texts,
    last: Now,
}

impl Recorder {
    /// The first item: how the engine is made.
    pub fn begin(&mut self, settings: &Settings, seed: u64) -> String {
        let endpoints = [&settings.endpoints.socket, &settings.endpoints.api, &settings.endpoints.config];
        let receipts = match settings.receipts {
            Receipts::Auto => "auto",
            Receipts::Local => "local",
        };
        let settings = Json::object([
            ("deployment", self.texts.id(&settings.deployment_id)),
            ("endpoints", Json::List(endpoints.map(|endpoint| self.texts.cover(endpoint)).into())),
            ("receipts", Json::from(receipts)),
            ("tabs", Json::from(settings.has_tabs)),
            ("seed", Json::Text(hex(seed))),
        ]);
        Json::List(vec![Json::from("begin"), settings]).write()
    }

    /// The item of one thing that is about to happen.
    pub fn input(&mut self, now: Now, input: &EngineInput) -> String {
        let (kind, detail) = inputs::write(input, &mut self.texts);
        let mut item = vec![
            Json::Number(now.monotonic.since(self.last.monotonic) as f64),
            Json::Number(now.wall.0.saturating_sub(self.last.wall.0) as f64),
            Json::from(kind),
        ];
        item.extend(detail);
        self.last = now;
        Json::List(item).write()
    }

    /// The item of what came out, if anything did.
    pub fn outputs(outputs: &[EngineOutput]) -> Option<String> {
        digest::of(outputs).map(|digest| Json::Text(hex(digest)).write())
    }
}

fn hex(value: u64) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    (0..16).rev().map(|place| char::from(HEX[(value >> (4 * place)) as usize & 0xf])).collect()
}
