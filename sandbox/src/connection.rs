//! One guest socket.

use std::collections::VecDeque;

use crate::{limits::Window, session::ConversationKey};

#[derive(Debug)]
pub(crate) struct Connection {
    /// Where the guest reached the server, such as `http://127.0.0.1:8080`: addresses that it is given begin with it.
    pub(crate) base: String,
    /// The conversation that `configureSession` tied it to.
    pub(crate) conversation: Option<ConversationKey>,
    pub(crate) requests: Window,
    pub(crate) echoes: Window,
    /// Frames that a reorder fault holds back.
    pub(crate) held_to_guest: VecDeque<String>,
    pub(crate) held_to_platform: VecDeque<String>,
}

impl Connection {
    pub(crate) fn new(base: String) -> Self {
        Self {
            base,
            conversation: None,
            requests: Window::default(),
            echoes: Window::default(),
            held_to_guest: VecDeque::new(),
            held_to_platform: VecDeque::new(),
        }
    }
}
