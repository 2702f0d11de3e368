//! One line for several tabs: the tab that holds it passes on what comes, and sends what the others want sent.

use super::{Engine, EngineOutput};
use crate::built_in::SHARED_LINE;
use crate::protocol::ProtocolOutput;
use crate::protocol::json::Json;
use crate::protocol::wire::{WireAction, WireInput};
use crate::session::input::{Input, TabNews};
use crate::session::output::Request;
use crate::session::redact::Redacted;
use crate::session::time::Now;
use core::hash::{Hash, Hasher};
use core::mem::discriminant;

/// More than this is not kept for a line that is slow: the tabs send again what is not echoed.
const WAITING_MAX: usize = 64;

/// What the tabs of a browser say to each other.
#[derive(Clone, Debug, PartialEq)]
pub struct TabMessage {
    /// The conversation: see [`crate::session::Session::tag`].
    pub of: u64,
    pub said: Said,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    News(TabNews),
    /// This came over the line.
    Frame(Json),
    /// This is to go over the line.
    Send {
        frame: Redacted,
        is_message: bool,
    },
}

/// What kind of thing is said, and how much. What conversation it is about comes of the token, frames are passed on as
/// they came, and news are of what the session does besides.
impl Hash for TabMessage {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.said {
            Said::News(news) => discriminant(news).hash(state),
            Said::Frame(_) => state.write_u8(0),
            Said::Send { frame, is_message } => (frame, is_message).hash(state),
        }
    }
}

/// Other tabs' frames that wait for the limits.
#[derive(Debug, Default)]
pub(super) struct Relay {
    /// What is said goes to the tab that has the line.
    follows: bool,
    /// With whether it is a message.
    waiting: Vec<(Redacted, bool)>,
}

impl Engine {
    pub(super) fn said(&self, said: Said) -> EngineOutput {
        EngineOutput::Share(TabMessage { of: self.session.tag(), said })
    }

    pub(super) fn on_wire(&mut self, now: Now, input: WireInput, made: &mut Vec<ProtocolOutput>) {
        if let WireInput::Frame(Some(frame)) = &input
            && self.session.shares_frames()
        {
            let output = self.said(Said::Frame(frame.clone()));
            self.outputs.push(output);
        }
        self.protocol.wire(now, input, made);
    }

    pub(super) fn on_tab(&mut self, now: Now, message: TabMessage, made: &mut Vec<ProtocolOutput>) {
        if message.of != self.session.tag() {
            return;
        }
        match message.said {
            Said::News(news) => self.session.handle(now, Input::Tab(news)),
            Said::Frame(frame) if self.session.follows_line() => {
                self.protocol.wire(now, WireInput::Frame(Some(frame)), made);
            }
            // Without a line of this tab's it is dropped again in this very step.
            Said::Send { frame, is_message } if SHARED_LINE && self.relay.waiting.len() < WAITING_MAX => {
                self.relay.waiting.push((frame, is_message));
            }
            Said::Frame(_) | Said::Send { .. } => {}
        }
    }

    /// Says what the session wants: in order, because it may join or leave another tab's line in the same step.
    pub(super) fn request(&mut self, now: Now, request: Request, made: &mut Vec<ProtocolOutput>) {
        if matches!(request, Request::JoinLine { .. }) {
            self.relay.follows = true;
        } else if matches!(request, Request::LeaveLine | Request::OpenLine) {
            self.relay.follows = false;
        }
        let is_message = matches!(request, Request::Send { .. });
        let mut said = Vec::new();
        self.protocol.request(now, request, &mut said);
        for output in said {
            match output {
                ProtocolOutput::Wire(action) => self.act(action, is_message),
                ProtocolOutput::Event(_) => made.push(output),
                #[cfg(feature = "conversations")]
                ProtocolOutput::AskToken | ProtocolOutput::Tell(_) => made.push(output),
            }
        }
    }

    /// To the network, or to the tab that has the line. A message keeps to another limit than other frames do.
    pub(super) fn act(&mut self, action: WireAction, is_message: bool) {
        let output = match action {
            WireAction::SendFrame(frame) if SHARED_LINE && self.relay.follows => {
                self.said(Said::Send { frame, is_message })
            }
            WireAction::SendFrame(_)
            | WireAction::OpenSocket { .. }
            | WireAction::CloseSocket { .. }
            | WireAction::Fetch(_) => EngineOutput::Wire(action),
        };
        self.outputs.push(output);
    }

    pub(super) fn relay_frames(&mut self) {
        if !SHARED_LINE {
            return;
        }
        if !self.session.holds_line() {
            self.relay.waiting.clear();
        }
        while let Some((_, is_message)) = self.relay.waiting.first()
            && self.session.may_relay(*is_message)
        {
            let (frame, _) = self.relay.waiting.remove(0);
            self.outputs.push(EngineOutput::Wire(WireAction::SendFrame(frame)));
        }
    }
}
