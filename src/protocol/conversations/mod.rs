//! The conversations APIs (conversations APIs reference): REST for nearly everything, a socket for events.

pub mod settings;

use super::ProtocolOutput;
use super::endpoints::Endpoints;
use super::token::AccessToken;
use super::wire::{WireAction, WireInput};
use crate::session::deployment::Deployment;
use crate::session::input::PlatformEvent;
use crate::session::output::Request;
use crate::session::time::{Now, Timestamp};
use settings::ConversationsSettings;

/// The close code for "we are done" (RFC 6455).
const NORMAL_CLOSURE: u16 = 1000;

/// Turns requests into calls, and answers and events into what they mean. Keeps only what that takes.
#[derive(Debug)]
pub struct Conversations {
    endpoints: Endpoints,
    settings: ConversationsSettings,
}

impl Conversations {
    pub fn new(endpoints: Endpoints, settings: ConversationsSettings, _seed: u64) -> Conversations {
        Conversations { endpoints, settings }
    }

    /// Says what the session wants.
    pub fn request(&mut self, _now: Now, request: Request, out: &mut Vec<ProtocolOutput>) {
        if request == Request::LoadDeployment {
            out.push(ProtocolOutput::Event(PlatformEvent::DeploymentLoaded(Deployment {
                is_active: true,
                sends_typing: true,
                shows_typing: true,
                ..Deployment::default()
            })));
        } else if request == Request::OpenLine {
            let url = [self.endpoints.api.as_str(), "/api/v2/conversations/messaging/events"].concat();
            out.push(ProtocolOutput::Wire(WireAction::OpenSocket { url }));
        } else if request == Request::CloseLine {
            out.push(ProtocolOutput::Wire(WireAction::CloseSocket { code: NORMAL_CLOSURE }));
        }
    }

    /// Says what the network did.
    pub fn wire(&mut self, _now: Now, _input: WireInput, _out: &mut Vec<ProtocolOutput>) {}

    /// The page's answer to `AskToken`.
    pub fn access_token(&mut self, _now: Now, _token: Option<AccessToken>, _out: &mut Vec<ProtocolOutput>) {}

    /// Does what is due.
    pub fn tick(&mut self, _now: Now, _out: &mut Vec<ProtocolOutput>) {}

    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.settings.typing_pause_ms.and(None)
    }
}
