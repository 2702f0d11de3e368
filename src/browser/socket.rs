//! The line: one WebSocket, read through gloo-net.
//!
//! Written and closed past gloo-net, whose `send` answers Ok for a socket that is closed, whose `close` consumes the
//! reader and with it the close code, and whose `open` panics when a patched constructor throws what is no Error.

use super::json::{self, FRAME_MAX_BYTES};
use super::{clock, timers};
use crate::protocol::wire::WireInput;
use futures_core::Stream;
use futures_sink::Sink;
use gloo_net::websocket::futures::WebSocket as Reader;
use gloo_net::websocket::{Message, WebSocketError};
use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::WebSocket;

/// There was no close frame (RFC 6455, section 7.1.5).
const ABNORMAL: u16 = 1006;
/// Frames that lie ready are taken so long at a stretch; then the page has its turn.
const TURN_MS: u64 = 20;

/// Dropped, it closes and says nothing more.
pub struct Socket {
    socket: Option<WebSocket>,
    is_wanted: Rc<Cell<bool>>,
    react: Rc<dyn Fn(WireInput)>,
}

impl Socket {
    /// `react` hears of the opening, of each frame, and once, last, of the end: also when there was no beginning.
    /// Never called before this returns.
    pub fn open(url: &str, react: impl Fn(WireInput) + 'static) -> Socket {
        let is_wanted = Rc::new(Cell::new(true));
        let react: Rc<dyn Fn(WireInput)> = Rc::new(react);
        let socket = WebSocket::new(url).ok();
        let reader = socket.clone().and_then(|socket| Reader::try_from(socket).ok());
        let tell = telling(&is_wanted, &react);
        match reader {
            Some(reader) => spawn_local(read(reader, tell)),
            None => spawn_local(async move { tell(WireInput::SocketClosed(ABNORMAL)) }),
        }
        Socket { socket, is_wanted, react }
    }

    /// On a socket that is no longer open the frame is lost, and that is told as the end of the socket.
    pub fn send(&self, frame: &str) {
        let is_open = self.socket.as_ref().is_some_and(|socket| socket.ready_state() == WebSocket::OPEN);
        let is_sent = is_open && self.socket.as_ref().is_some_and(|socket| socket.send_with_str(frame).is_ok());
        if !is_sent {
            let tell = telling(&self.is_wanted, &self.react);
            spawn_local(async move { tell(WireInput::SocketClosed(ABNORMAL)) });
        }
    }

    /// The end is told when the platform has agreed to it or cannot be reached.
    pub fn close(&self, code: u16) {
        if let Some(socket) = &self.socket
            && socket.close_with_code(code).is_err()
        {
            // A code that pages may not use.
            let _ = socket.close();
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.is_wanted.set(false);
        self.close(1000);
    }
}

/// Hands on what is still wanted; the end is told once.
fn telling(is_wanted: &Rc<Cell<bool>>, react: &Rc<dyn Fn(WireInput)>) -> impl Fn(WireInput) + 'static {
    let is_wanted = Rc::clone(is_wanted);
    let react = Rc::clone(react);
    move |input| {
        if !is_wanted.get() {
            return;
        }
        if matches!(input, WireInput::SocketClosed(_)) {
            is_wanted.set(false);
        }
        react(input);
    }
}

async fn read(mut reader: Reader, tell: impl Fn(WireInput)) {
    // Ready when it is open, and also when it has failed: then the end follows.
    let _ = poll_fn(|context| Pin::new(&mut reader).poll_ready(context)).await;
    if matches!(reader.state(), gloo_net::websocket::State::Open) {
        tell(WireInput::SocketOpened);
    }
    let mut since = clock::now().monotonic;
    loop {
        let mut has_waited = false;
        let next = poll_fn(|context| {
            let next = Pin::new(&mut reader).poll_next(context);
            has_waited |= next.is_pending();
            next
        });
        let next = next.await;
        let now = clock::now().monotonic;
        if has_waited {
            since = now;
        } else if now.since(since) >= TURN_MS {
            timers::turn().await;
            since = clock::now().monotonic;
        }
        match next {
            Some(Ok(Message::Text(text))) => tell(WireInput::Frame(json::parse(&text, FRAME_MAX_BYTES))),
            Some(Ok(Message::Bytes(_))) => tell(WireInput::Frame(None)),
            // The code comes with the next item.
            Some(Err(WebSocketError::ConnectionError)) => {}
            Some(Err(WebSocketError::ConnectionClose(close))) => {
                tell(WireInput::SocketClosed(close.code));
                return;
            }
            Some(Err(_)) | None => {
                tell(WireInput::SocketClosed(ABNORMAL));
                return;
            }
        }
    }
}
