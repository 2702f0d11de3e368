//! What differs between the messaging APIs in how a conversation is held: rates, pauses, and what one of them has no
//! word for. The rest of the session is the same for all.

use super::error::ChatError;
use crate::built_in::GUEST;
use crate::text::part;

/// Guest API reference, section 7.1.
const GUEST_TYPING_INTERVAL_MS: u64 = 5_000;
const GUEST_ECHO_TIMEOUT_MS: u64 = 10_000;

/// As an API has it. What only the conversations APIs know folds away where they are not built in.
#[derive(Clone, Debug)]
pub struct Manners {
    /// At most one typing signal in this time.
    pub typing_interval_ms: u64,
    /// After this long without a key press the other side is told that the visitor types no more. `None`: never told.
    pub typing_pause_ms: Option<u64>,
    /// Each message that was read has a receipt of its own. Else one is good for all before it.
    pub has_receipt_each: bool,
    /// How long the protocol may take to say what became of a message.
    pub echo_timeout_ms: u64,
    /// The first window within which a broken line is opened again.
    pub reconnect_ms: u64,
    /// Every request is a call of its own: 100 a second, and the protocol keeps what belongs to the conversation. Whether
    /// the line is alive cannot be asked, and an address of a file is good for good.
    pub is_rest: bool,
    pub policy: Policy,
}

/// What may be said and attached, beside what the platform itself would refuse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Plain text in any case of ASCII, with `*` for anything between two pieces. No message may hold one.
    pub forbidden: Vec<String>,
    /// By MIME type.
    pub attachment_types: Vec<String>,
}

/// The largest file that may be attached (conversations APIs reference, section 6).
pub const ATTACHMENT_MAX_BYTES: u64 = 25 * 1024 * 1024;

impl Default for Manners {
    /// Those of the guest API.
    fn default() -> Manners {
        Manners {
            typing_interval_ms: GUEST_TYPING_INTERVAL_MS,
            typing_pause_ms: None,
            has_receipt_each: false,
            echo_timeout_ms: GUEST_ECHO_TIMEOUT_MS,
            reconnect_ms: 1_000,
            is_rest: false,
            policy: Policy::default(),
        }
    }
}

impl Manners {
    pub(super) fn typing_interval_ms(&self) -> u64 {
        if cfg!(feature = "conversations") { self.typing_interval_ms } else { GUEST_TYPING_INTERVAL_MS }
    }

    pub(super) fn echo_timeout_ms(&self) -> u64 {
        if cfg!(feature = "conversations") { self.echo_timeout_ms } else { GUEST_ECHO_TIMEOUT_MS }
    }

    pub(super) fn typing_pause_ms(&self) -> Option<u64> {
        self.typing_pause_ms.filter(|_| cfg!(feature = "conversations"))
    }

    pub(super) fn has_receipt_each(&self) -> bool {
        cfg!(feature = "conversations") && self.has_receipt_each
    }

    pub(super) fn is_rest(&self) -> bool {
        cfg!(feature = "conversations") && (!GUEST || self.is_rest)
    }
}

impl Policy {
    /// # Errors
    /// `CONTENT_FORBIDDEN` when the text holds what is forbidden.
    pub fn check_text(&self, text: &str) -> Result<(), ChatError> {
        if self.forbidden.iter().any(|pattern| holds(text.as_bytes(), pattern)) {
            return Err(ChatError::CONTENT_FORBIDDEN);
        }
        Ok(())
    }

    /// # Errors
    /// `ATTACHMENT_TYPE` for a type that is not on the list, else `ATTACHMENT_TOO_LARGE`.
    pub fn check_attachment(&self, mime: &str, size_bytes: u64) -> Result<(), ChatError> {
        // Parameters, such as a character set, make no other type of it.
        let essence = mime.split(';').next().unwrap_or_default().trim();
        if !self.attachment_types.iter().any(|allowed| allowed.eq_ignore_ascii_case(essence)) {
            return Err(ChatError::ATTACHMENT_TYPE);
        }
        if size_bytes > ATTACHMENT_MAX_BYTES {
            return Err(ChatError::ATTACHMENT_TOO_LARGE);
        }
        Ok(())
    }
}

/// Piece by piece, each behind the one before. A pattern of nothing forbids nothing.
fn holds(text: &[u8], pattern: &str) -> bool {
    let mut rest = text;
    let mut has_pieces = false;
    let mut pieces = Some(pattern);
    while let Some(piece) = part(&mut pieces, b'*') {
        if piece.is_empty() {
            continue;
        }
        has_pieces = true;
        let is_piece = |window: &[u8]| window.eq_ignore_ascii_case(piece.as_bytes());
        let Some(at) = rest.windows(piece.len()).position(is_piece) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    has_pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_found_in_any_case_with_anything_between_its_pieces() {
        let is_held = |text: &str, pattern: &str| holds(text.as_bytes(), pattern);
        assert!(is_held("see <SCRIPT src=x>alert()</script>", "<script *>"));
        assert!(is_held("ab", "a*b") && is_held("a…b", "a*b"));
        assert!(!is_held("ba", "a*b"), "in this order only");
        assert!(!is_held("<scripted>", "<script>"));
        assert!(!is_held("anything", "") && !is_held("anything", "**"), "nothing forbids nothing");
    }
}
