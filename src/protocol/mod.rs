//! How each messaging API says what the session means. The words of the wire stop here.

#[cfg(feature = "conversations")]
pub mod conversations;
pub mod endpoints;
#[cfg(feature = "guest")]
pub mod guest;
pub mod json;
pub(crate) mod keys;
pub mod time;
pub mod token;
#[cfg(feature = "conversations")]
pub mod webchat;
pub mod wire;

mod retry_after;

use crate::session::input::PlatformEvent;
#[cfg(feature = "conversations")]
use crate::session::output::Event;
use crate::session::output::Request;
use crate::session::time::{Now, Timestamp};
#[cfg(feature = "conversations")]
use token::AccessToken;
use wire::{WireAction, WireInput};

/// One of the messaging APIs that are built in.
#[derive(Debug)]
pub enum Protocol {
    #[cfg(feature = "guest")]
    Guest(Box<guest::Guest>),
    #[cfg(feature = "conversations")]
    Conversations(Box<conversations::Conversations>),
}

impl Protocol {
    /// Says what the session wants.
    pub fn request(&mut self, now: Now, request: Request, out: &mut Vec<ProtocolOutput>) {
        match self {
            #[cfg(feature = "guest")]
            Protocol::Guest(guest) => guest.request(now, request, out),
            #[cfg(feature = "conversations")]
            Protocol::Conversations(conversations) => conversations.request(now, request, out),
        }
    }

    /// Says what the network did.
    pub fn wire(&mut self, now: Now, input: WireInput, out: &mut Vec<ProtocolOutput>) {
        match self {
            #[cfg(feature = "guest")]
            Protocol::Guest(guest) => guest.wire(now, input, out),
            #[cfg(feature = "conversations")]
            Protocol::Conversations(conversations) => conversations.wire(now, input, out),
        }
    }

    /// The page's answer to [`ProtocolOutput::AskToken`]; `None`: it has none.
    #[cfg(feature = "conversations")]
    pub fn access_token(&mut self, now: Now, token: Option<AccessToken>, out: &mut Vec<ProtocolOutput>) {
        match self {
            #[cfg(feature = "guest")]
            Protocol::Guest(_) => {}
            Protocol::Conversations(conversations) => conversations.access_token(now, token, out),
        }
    }

    /// The page goes away in this step, or has not after all: what is sent now outlives it.
    pub fn set_leaving(&mut self, is_leaving: bool) {
        match self {
            #[cfg(feature = "guest")]
            Protocol::Guest(_) => {
                let _ = is_leaving;
            }
            #[cfg(feature = "conversations")]
            Protocol::Conversations(conversations) => conversations.set_leaving(is_leaving),
        }
    }

    /// Does what is due.
    pub fn tick(&mut self, now: Now, out: &mut Vec<ProtocolOutput>) {
        match self {
            #[cfg(feature = "guest")]
            Protocol::Guest(_) => {
                let _ = (now, out);
            }
            #[cfg(feature = "conversations")]
            Protocol::Conversations(conversations) => conversations.tick(now, out),
        }
    }

    /// When something is due.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        match self {
            #[cfg(feature = "guest")]
            Protocol::Guest(_) => None,
            #[cfg(feature = "conversations")]
            Protocol::Conversations(conversations) => conversations.poll_timeout(),
        }
    }
}

/// What a protocol makes of a request or of something that the network did.
#[derive(Clone, Debug)]
pub enum ProtocolOutput {
    Wire(WireAction),
    Event(PlatformEvent),
    /// Ask the page's token provider.
    #[cfg(feature = "conversations")]
    AskToken,
    /// For the page alone.
    #[cfg(feature = "conversations")]
    Tell(Event),
}

fn wire(action: WireAction) -> ProtocolOutput {
    ProtocolOutput::Wire(action)
}

fn event(event: PlatformEvent) -> ProtocolOutput {
    ProtocolOutput::Event(event)
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
