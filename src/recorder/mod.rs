//! The flight recorder: what an engine was given, step by step, without anybody's words in it, and a digest of what it
//! put out each time. Natively a recording is played back to the same digests, so that a visitor's report becomes a
//! failing test.
//!
//! A recording is a list. First stands how the engine was made, then for each step what went in, and after it, as text,
//! the digest of what came out, if anything did:
//!
//! ```json
//! ["begin", "00c0ffee00c0ffee", "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3", "~26.1", "~25.2", "~25.2", "auto", true],
//! [812, 1792000000812, "start"],
//! [0, 0, "open_panel"], "5d1f0a86c1b2a3e4"
//! ```
//!
//! With the conversations APIs what the page chose of them stands behind that, without the patterns of its policy.
//!
//! The first two numbers of a step are the milliseconds since the step before, on the monotonic and on the wall clock.
//! A text is `~bytes.number`: see `texts.rs`. Whoever keeps the list may drop its beginning, and can then only read it.

#[cfg(feature = "conversations")]
mod choice;
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

use crate::engine::{Api, EngineInput, EngineOutput, Settings};
#[cfg(feature = "conversations")]
use crate::protocol::keys::Keys;
use crate::session::Receipts;
use crate::session::time::Now;
use texts::Pen;

/// Makes the items of one recording; its owner keeps them.
#[derive(Debug, Default)]
pub struct Recorder {
    pen: Pen,
    last: Now,
}

impl Recorder {
    /// The first item: how the engine is made.
    pub fn begin(&mut self, settings: &Settings, seed: u64) -> &str {
        let pen = &mut self.pen;
        pen.clear();
        pen.open('[');
        pen.word("begin");
        pen.word(&hex(seed));
        pen.name(&settings.deployment_id);
        for endpoint in [&settings.endpoints.socket, &settings.endpoints.api, &settings.endpoints.config] {
            pen.text(endpoint);
        }
        pen.word(match settings.receipts {
            Receipts::Auto => "auto",
            Receipts::Local => "local",
        });
        pen.flag(settings.has_tabs);
        match &settings.api {
            #[cfg(feature = "guest")]
            Api::Guest => {}
            #[cfg(feature = "conversations")]
            Api::Conversations(chosen) => {
                pen.keys = Keys::Conversations;
                choice::write(chosen, pen);
            }
        }
        pen.close(']');
        pen.written()
    }

    /// The item of one thing that is about to happen to an engine whose conversation has this tag.
    pub fn input(&mut self, now: Now, input: &EngineInput, conversation: u64) -> &str {
        let pen = &mut self.pen;
        pen.clear();
        pen.open('[');
        pen.number(now.monotonic.since(self.last.monotonic).cast_signed());
        pen.number(now.wall.0.saturating_sub(self.last.wall.0));
        inputs::write(input, conversation, pen);
        pen.close(']');
        self.last = now;
        pen.written()
    }

    /// The item of what came out, if anything did.
    pub fn outputs(&mut self, outputs: &[EngineOutput]) -> Option<&str> {
        let digest = digest::of(outputs)?;
        self.pen.clear();
        self.pen.word(&hex(digest));
        Some(self.pen.written())
    }
}

fn hex(value: u64) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    (0..16).rev().map(|place| char::from(HEX[(value >> (4 * place)) as usize & 0xf])).collect()
}
