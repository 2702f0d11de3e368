//! A number that stands for everything that a step put out, without holding any of it.

use super::texts::is_name;
use crate::engine::EngineOutput;
use core::hash::{Hash, Hasher};

/// `None` when there is nothing.
pub(super) fn of(outputs: &[EngineOutput]) -> Option<u64> {
    if outputs.is_empty() {
        return None;
    }
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    outputs.hash(&mut digest);
    Some(digest.finish())
}

/// FNV over numbers, the same on every machine: 32 or 64 bits make no difference, and no order of bytes does.
struct Digest(u64);

impl Digest {
    #[inline(never)]
    fn mix(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x0000_0100_0000_01b3);
        // What is high comes down, or it would never count.
        self.0 ^= self.0 >> 29;
    }
}

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        self.0
    }

    /// Strings. Ids and words count as they are, everything else by its length: a recording has a filler in its place.
    #[inline(never)]
    fn write(&mut self, bytes: &[u8]) {
        if is_name(bytes) {
            bytes.iter().for_each(|byte| self.mix(u64::from(*byte)));
        } else {
            self.mix(bytes.len() as u64);
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.mix(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_i64(&mut self, value: i64) {
        self.mix(value as u64);
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.mix(value as u64);
    }
}
