//! Names of things: ours, theirs, and the secret one.

use super::redact::Redacted;

/// A row of the transcript. Ours, never changes, whatever ids arrive later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

/// What this client called one of its own messages before the platform knew it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub String);

impl ClientId {
    /// A UUID v4 from the session's seeded generator: unique, not secret.
    pub fn random(random: &mut fastrand::Rng) -> ClientId {
        ClientId(uuid_v4(random.u64(..), random.u64(..)))
    }
}

/// What the platform calls a message. The same message may be known by a second name:
/// the guest API shows another id on the socket than in history (reference, section 6.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerId(pub String);

/// The guest's whole identity: whoever holds it reads the conversation (guest API reference, section 2.3).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GuestToken(pub Redacted);

/// A file that the visitor chose, as whoever has its bytes counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileId(pub u32);

/// A tab's random name for itself, below 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TabId(pub u64);

impl GuestToken {
    /// Tells conversations apart and the token to nobody: its FNV-1a hash, 53 bits of it.
    pub(super) fn tag(&self) -> u64 {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        let hash = self.0.expose().bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
        hash >> 11
    }
}

/// Lays 128 bits out as a UUID of version 4.
pub fn uuid_v4(high: u64, low: u64) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let high = (high & !0xf000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    let bits = (u128::from(high) << 64) | u128::from(low);
    let mut text = String::with_capacity(36);
    for digit in 0..32 {
        if matches!(digit, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        let nibble = (bits >> (124 - 4 * digit)) & 0xf;
        text.push(char::from(HEX[usize::from(nibble as u8)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_the_version_and_variant_of_rfc_9562() {
        assert_eq!(uuid_v4(u64::MAX, u64::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid_v4(0, 0), "00000000-0000-4000-8000-000000000000");
    }
}
