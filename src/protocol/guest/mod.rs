//! The Web Messaging Guest API (guest API reference, sections 2 to 7, 14 and 17): a socket for nearly everything, REST
//! for the deployment's configuration and for history.

pub(crate) mod keys;

mod attachments;
mod auth;
mod content;
mod decode;
mod deployment;
mod encode;
mod error_frames;
mod history;
mod message;
mod offers;
mod single_flight;

use super::endpoints::Endpoints;
use super::json::Json;
use super::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use super::{ProtocolOutput, event, percent_encode, wire};
use crate::session::ids::{ClientId, GuestToken};
use crate::session::input::{Failure, PlatformEvent};
use crate::session::output::Request;
use crate::session::time::Now;
use auth::{Credentials, Outcome};
use decode::Decoded;
use history::HistoryReader;

/// How many unanswered requests are remembered, so that a refusal can be told apart.
const OPEN_REQUESTS_MAX: usize = 64;
const CONFIG_TIMEOUT_MS: u32 = 12_000;
/// The close code for "we are done" (RFC 6455).
const NORMAL_CLOSURE: u16 = 1000;

/// Turns requests into frames and calls, and frames and answers into events. Keeps only what that takes.
#[derive(Debug)]
pub struct Guest {
    endpoints: Endpoints,
    deployment_id: String,
    token: Option<GuestToken>,
    random: fastrand::Rng,
    open_requests: Vec<(ClientId, Purpose)>,
    is_configuring: bool,
    history: HistoryReader,
    credentials: Credentials,
    calls: Calls,
}

/// Why a frame was sent: decides what a refusal of it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Configure,
    Message,
    /// Sent with the file's own id.
    File,
    /// Typing, receipts, joining: nobody misses them.
    Signal,
    HistoryToken,
    Clear,
    Close,
}

/// The HTTP calls under way.
#[derive(Debug, Default)]
struct Calls {
    last_id: u32,
    config: Option<u32>,
    history: Option<u32>,
    /// Calls for history whose pages nobody waits for any more.
    late: Vec<u32>,
}

impl Calls {
    fn next_id(&mut self) -> u32 {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }

    fn give_up_history(&mut self) {
        if let Some(call) = self.history.take() {
            self.late.push(call);
        }
    }
}

impl Guest {
    pub fn new(endpoints: Endpoints, deployment_id: String, seed: u64) -> Guest {
        Guest {
            endpoints,
            deployment_id,
            token: None,
            random: fastrand::Rng::with_seed(seed),
            open_requests: Vec::new(),
            is_configuring: false,
            history: HistoryReader::default(),
            credentials: Credentials::default(),
            calls: Calls::default(),
        }
    }

    /// Says what the session wants.
    pub fn request(&mut self, now: Now, request: Request, out: &mut Vec<ProtocolOutput>) {
        match request {
            Request::LoadDeployment => out.push(self.load_deployment()),
            Request::OpenLine => {
                self.on_line_lost();
                out.push(wire(WireAction::OpenSocket { url: self.socket_url() }));
            }
            Request::CloseLine => {
                self.on_line_lost();
                out.push(wire(WireAction::CloseSocket { code: NORMAL_CLOSURE }));
            }
            Request::JoinLine { token } => {
                self.on_line_lost();
                self.token = Some(token);
            }
            Request::LeaveLine => self.on_line_lost(),
            Request::Configure { token, start_new } => {
                self.token = Some(token);
                self.is_configuring = true;
                // The token and a late page belong to the conversation before.
                self.history.on_line_lost();
                self.calls.give_up_history();
                let frame = encode::configure(&self.deployment_id, start_new, self.credentials.jwt());
                self.send(Purpose::Configure, frame, out);
            }
            Request::Join => self.send(Purpose::Signal, encode::presence("Join"), out),
            Request::Clear => self.send(Purpose::Clear, encode::presence("Clear"), out),
            Request::Send { client_id, body } => {
                let frame = encode::message(&client_id, &body);
                self.send_as(client_id, Purpose::Message, frame, out);
            }
            // Nothing of these can be said here, and the session is told so by its manners.
            #[cfg(feature = "conversations")]
            Request::TypingOff | Request::SeenEach { .. } => {}
            Request::OfferFile { id, name, mime, size_bytes } => {
                let frame = attachments::offer(&id, &name, &mime, size_bytes);
                self.send_as(ClientId(id), Purpose::File, frame, out);
            }
            Request::DropFile { id } => self.send(Purpose::Signal, attachments::about("deleteAttachment", &id), out),
            Request::RefreshFile { id } => {
                let frame = attachments::about("getAttachment", &id);
                self.send_as(ClientId(id), Purpose::File, frame, out);
            }
            Request::Typing => self.send(Purpose::Signal, encode::typing(), out),
            Request::Seen { id } => self.send(Purpose::Signal, encode::seen(&id), out),
            Request::Probe => {
                self.send_as(ClientId(encode::PROBE_ID.to_owned()), Purpose::Signal, encode::probe(), out)
            }
            Request::CloseConversation => self.send(Purpose::Close, encode::close_conversation(), out),
            Request::ReadHistory { page } => self.read_history(now, page, out),
            Request::SignIn(grant) => {
                let id = self.calls.next_id();
                let call = self.credentials.exchange(id, &self.endpoints.api, &self.deployment_id, &grant);
                out.push(wire(WireAction::Fetch(call)));
            }
            Request::RefreshSignIn => {
                let id = self.calls.next_id();
                out.push(match self.credentials.refresh(id, &self.endpoints.api, &self.deployment_id) {
                    Some(call) => wire(WireAction::Fetch(call)),
                    None => event(PlatformEvent::SignInFailed(Failure::Refused)),
                });
            }
            Request::ForgetSignIn => self.credentials = Credentials::default(),
            Request::Revoke => {
                let id = self.calls.next_id();
                out.push(match self.credentials.revoke(id, &self.endpoints.api) {
                    Some(call) => wire(WireAction::Fetch(call)),
                    None => event(PlatformEvent::LoggedOut),
                });
            }
        }
    }

    /// Says what the network did.
    pub fn wire(&mut self, now: Now, input: WireInput, out: &mut Vec<ProtocolOutput>) {
        match input {
            WireInput::SocketOpened => out.push(event(PlatformEvent::LineOpened)),
            WireInput::SocketClosed(code) => {
                self.on_line_lost();
                out.push(event(PlatformEvent::LineClosed(code)));
            }
            WireInput::Frame(frame) => self.on_frame(now, frame.as_ref(), out),
            WireInput::Answer { call, answer } => self.on_answer(now, call, answer, out),
        }
    }

    fn on_frame(&mut self, now: Now, frame: Option<&Json>, out: &mut Vec<ProtocolOutput>) {
        let Some(decoded) = frame.and_then(|frame| decode::frame(frame, self)) else {
            return out.push(event(PlatformEvent::Ignored));
        };
        match decoded {
            Decoded::Events(events) => out.extend(events.into_iter().map(event)),
            Decoded::Configured(configured) => {
                self.is_configuring = false;
                out.push(event(PlatformEvent::Configured(configured)));
            }
            Decoded::HistoryToken { token, expires_at_s } => {
                out.push(event(PlatformEvent::SignOfLife));
                match self.history.on_token(now, token, expires_at_s) {
                    history::Step::Fetch(page) => self.fetch_history(page, out),
                    history::Step::AskToken => self.send(Purpose::HistoryToken, encode::history_token(), out),
                    history::Step::Fail(failure) => out.push(event(PlatformEvent::HistoryFailed(failure))),
                    history::Step::Nothing => {}
                }
            }
            Decoded::HistoryTokenRefused => {
                self.history.on_token_refused();
                out.push(event(PlatformEvent::HistoryFailed(Failure::Network)));
            }
        }
    }

    fn on_answer(&mut self, now: Now, call: u32, answer: Option<HttpAnswer>, out: &mut Vec<ProtocolOutput>) {
        if self.calls.config == Some(call) {
            self.calls.config = None;
            return out.push(event(deployment::decode_answer(now, answer.as_ref())));
        }
        if let Some(at) = self.calls.late.iter().position(|late| *late == call) {
            self.calls.late.remove(at);
            return self.history.on_late_answer(now, answer.as_ref());
        }
        if self.calls.history != Some(call) {
            return self.on_credentials(call, answer.as_ref(), out);
        }
        self.calls.history = None;
        match self.history.on_answer(now, answer.as_ref()) {
            history::Answer::Page(page) => {
                let is_scant = page.number == 1 && page.has_older && self.history.counts_from_oldest();
                out.push(event(PlatformEvent::History(page)));
                if is_scant {
                    out.push(event(PlatformEvent::HistoryScant));
                }
            }
            history::Answer::AskToken => self.send(Purpose::HistoryToken, encode::history_token(), out),
            history::Answer::Failed(failure) => out.push(event(PlatformEvent::HistoryFailed(failure))),
            history::Answer::Nothing => {}
        }
    }

    fn on_credentials(&mut self, call: u32, answer: Option<&HttpAnswer>, out: &mut Vec<ProtocolOutput>) {
        let next_id = self.calls.next_id();
        let outcome = self.credentials.on_answer(call, answer, next_id, &self.endpoints.api, &self.deployment_id);
        out.extend(outcome.map(|outcome| match outcome {
            Outcome::SignedIn => event(PlatformEvent::SignedIn),
            Outcome::Failed(failure) => event(PlatformEvent::SignInFailed(failure)),
            Outcome::LoggedOut => event(PlatformEvent::LoggedOut),
            Outcome::Call(call) => wire(WireAction::Fetch(call)),
        }));
    }

    /// Why a request was sent, once: an answered request is forgotten.
    pub(super) fn take_purpose(&mut self, id: &ClientId) -> Option<Purpose> {
        let at = self.open_requests.iter().position(|(open, _)| open == id)?;
        Some(self.open_requests.remove(at).1)
    }

    pub(super) fn is_configuring(&self) -> bool {
        self.is_configuring
    }

    fn read_history(&mut self, now: Now, page: u32, out: &mut Vec<ProtocolOutput>) {
        match self.history.want(now, page) {
            history::Step::Fetch(page) => self.fetch_history(page, out),
            history::Step::AskToken => self.send(Purpose::HistoryToken, encode::history_token(), out),
            history::Step::Fail(failure) => out.push(event(PlatformEvent::HistoryFailed(failure))),
            history::Step::Nothing => {}
        }
    }

    fn fetch_history(&mut self, page: u32, out: &mut Vec<ProtocolOutput>) {
        self.calls.give_up_history();
        let id = self.calls.next_id();
        self.calls.history = Some(id);
        out.push(wire(WireAction::Fetch(self.history.call(id, &self.endpoints.api, page))));
    }

    fn load_deployment(&mut self) -> ProtocolOutput {
        let id = self.calls.next_id();
        self.calls.config = Some(id);
        let mut url = self.endpoints.config.clone();
        url.push_str("/webdeployments/v1/deployments/");
        percent_encode(&self.deployment_id, &mut url);
        url.push_str("/config.json");
        wire(WireAction::Fetch(HttpCall {
            id,
            method: "GET",
            url,
            headers: Vec::new(),
            body: None,
            timeout_ms: CONFIG_TIMEOUT_MS,
            keepalive: false,
        }))
    }

    fn socket_url(&self) -> String {
        let mut url = self.endpoints.socket.clone();
        url.push_str("/v1?deploymentId=");
        percent_encode(&self.deployment_id, &mut url);
        url.push_str(concat!("&application=GuestMessenger-", env!("CARGO_PKG_VERSION")));
        url
    }

    fn send(&mut self, purpose: Purpose, frame: Json, out: &mut Vec<ProtocolOutput>) {
        let id = ClientId::random(&mut self.random);
        self.send_as(id, purpose, frame, out);
    }

    fn send_as(&mut self, id: ClientId, purpose: Purpose, frame: Json, out: &mut Vec<ProtocolOutput>) {
        let Some(token) = &self.token else { return };
        let text = frame.with("token", token.0.expose()).with("tracingId", id.0.as_str()).write();
        if self.open_requests.len() >= OPEN_REQUESTS_MAX {
            self.open_requests.remove(0);
        }
        self.open_requests.push((id, purpose));
        out.push(wire(WireAction::SendFrame(crate::session::redact::Redacted::new(text))));
    }

    fn on_line_lost(&mut self) {
        self.open_requests.clear();
        self.is_configuring = false;
        self.history.on_line_lost();
        self.calls.give_up_history();
    }
}
