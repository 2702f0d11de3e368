//! The browser's secure generator. Without it no identity is made: a guessable token is worse than no chat.

use crate::session::error::ChatError;
use crate::session::ids::{GuestToken, uuid_v4};
use crate::session::redact::Redacted;
use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// Holds on to the generator that was there at the start, so that what a page patches later has no part in it.
#[derive(Debug)]
pub struct Random {
    crypto: JsValue,
    fill: Function,
}

impl Random {
    /// Takes two draws and refuses a generator that is missing, throws or repeats itself.
    pub fn capture() -> Result<Random, ChatError> {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).map_err(|_| ChatError::NO_SECURE_RANDOM)?;
        Random::of(crypto)
    }

    /// The same with any object that has `getRandomValues`.
    pub fn of(crypto: JsValue) -> Result<Random, ChatError> {
        let fill = Reflect::get(&crypto, &"getRandomValues".into()).map_err(|_| ChatError::NO_SECURE_RANDOM)?;
        let fill = fill.dyn_into::<Function>().map_err(|_| ChatError::NO_SECURE_RANDOM)?;
        let random = Random { crypto, fill };
        match (random.draw(), random.draw()) {
            (Some(first), Some(second)) if first != second => Ok(random),
            _ => Err(ChatError::NO_SECURE_RANDOM),
        }
    }

    pub fn seed(&self) -> Option<u64> {
        self.draw().map(|(high, _)| high)
    }

    /// A new identity: a UUID of version 4.
    pub fn token(&self) -> Option<GuestToken> {
        let (high, low) = self.draw()?;
        Some(GuestToken(Redacted::new(uuid_v4(high, low))))
    }

    fn draw(&self) -> Option<(u64, u64)> {
        let drawn = Uint8Array::new_with_length(16);
        self.fill.call1(&self.crypto, &drawn).ok()?;
        let mut bytes = [0; 16];
        drawn.copy_to(&mut bytes);
        let bits = u128::from_le_bytes(bytes);
        Some(((bits >> 64) as u64, bits as u64))
    }
}
