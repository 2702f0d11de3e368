//! One socket: of the Guest API, or for events of the conversations API.

use std::collections::VecDeque;

use crate::{conversations::Listener, limits::Window, session::ConversationKey};

#[derive(Debug)]
pub(crate) struct Connection {
    /// Where the guest reached the server, such as `http://127.0.0.1:8080`: addresses that it is given begin with it.
    pub(crate) base: String,
    is_for_events: bool,
    /// Who has authenticated on an events socket.
    pub(crate) listener: Option<Listener>,
    /// The conversation that it is tied to by `configureSession` or by who listens.
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
            is_for_events: false,
            listener: None,
            conversation: None,
            requests: Window::default(),
            echoes: Window::default(),
            held_to_guest: VecDeque::new(),
            held_to_platform: VecDeque::new(),
        }
    }

    pub(crate) fn for_events(base: String) -> Self {
        Self { is_for_events: true, ..Self::new(base) }
    }

    pub(crate) fn is_for_events(&self) -> bool {
        self.is_for_events
    }

    /// Whether it is an events socket on which nobody has authenticated.
    pub(crate) fn is_silent_listener(&self) -> bool {
        self.is_for_events && self.listener.is_none()
    }
}
