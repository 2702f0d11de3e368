//! The line: one WebSocket, past gloo-net: its `send` answers Ok for a socket that is closed, its `close` consumes the
//! reader and with it the close code, its `open` panics when a patched constructor throws what is no Error, and its
//! stream of messages would be 2 KB compressed.

use super::json::{self, FRAME_MAX_BYTES};
use super::tasks;
use crate::listener::Listener;
use crate::protocol::wire::WireInput;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

/// There was no close frame (RFC 6455, section 7.1.5).
const ABNORMAL: u16 = 1006;

/// Dropped, it closes and says nothing more.
pub struct Socket {
    socket: Option<WebSocket>,
    teller: Rc<Teller>,
    _listeners: Vec<Listener>,
}

/// Hands on what is still wanted; the end is told once.
struct Teller {
    is_wanted: Cell<bool>,
    react: Box<dyn Fn(WireInput)>,
}

impl Socket {
    /// `react` hears of the opening, of each frame, and once, last, of the end: also when there was no beginning.
    /// Never called before this returns.
    pub fn open(url: &str, react: impl Fn(WireInput) + 'static) -> Socket {
        let teller = Rc::new(Teller { is_wanted: Cell::new(true), react: Box::new(react) });
        let socket = WebSocket::new(url).ok();
        let mut listeners = Vec::new();
        match &socket {
            // An event `error` says nothing that the end, which follows it, does not.
            Some(socket) => {
                let told = Rc::clone(&teller);
                listeners.push(Listener::new(socket, "open", move |_: Event| told.tell(WireInput::SocketOpened)));
                let told = Rc::clone(&teller);
                listeners.push(Listener::new(socket, "message", move |event: MessageEvent| {
                    let text = event.data().as_string();
                    told.tell(WireInput::Frame(text.and_then(|text| json::parse(&text, FRAME_MAX_BYTES))));
                }));
                let told = Rc::clone(&teller);
                listeners.push(Listener::new(socket, "close", move |event: CloseEvent| {
                    told.tell(WireInput::SocketClosed(event.code()));
                }));
            }
            None => teller.tell_lost(),
        }
        Socket { socket, teller, _listeners: listeners }
    }

    /// On a socket that is no longer open the frame is lost, and that is told as the end of the socket.
    pub fn send(&self, frame: &str) {
        let is_open = self.socket.as_ref().is_some_and(|socket| socket.ready_state() == WebSocket::OPEN);
        let is_sent = is_open && self.socket.as_ref().is_some_and(|socket| socket.send_with_str(frame).is_ok());
        if !is_sent {
            self.teller.tell_lost();
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
        self.teller.is_wanted.set(false);
        self.close(1000);
    }
}

impl Teller {
    fn tell(&self, input: WireInput) {
        if !self.is_wanted.get() {
            return;
        }
        if matches!(input, WireInput::SocketClosed(_)) {
            self.is_wanted.set(false);
        }
        (self.react)(input);
    }

    /// From a fresh task.
    fn tell_lost(self: &Rc<Self>) {
        let teller = Rc::clone(self);
        tasks::run_soon(move || teller.tell(WireInput::SocketClosed(ABNORMAL)));
    }
}
