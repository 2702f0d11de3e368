//! How each messaging API says what the session means. The words of the wire stop here.

pub mod endpoints;
pub mod guest;
pub mod json;
pub mod time;
pub mod wire;

mod retry_after;

use crate::session::input::PlatformEvent;
use wire::WireAction;

/// What a protocol makes of a request or of something that the network did.
#[derive(Clone, Debug)]
pub enum ProtocolOutput {
    Wire(WireAction),
    Event(PlatformEvent),
}

/// Adds text to an address so that it stays one part of it.
fn percent_encode(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 0xf)]));
        }
    }
}
