//! The conversations APIs (conversations APIs reference): REST for nearly everything, a socket for events.

pub mod settings;

pub(crate) mod keys;

mod calls;
mod decode;
mod encode;
mod ends;
mod place;
mod records;
mod refusals;
mod sending;
mod signals;
mod tokens;

pub(crate) use decode::attachments;
pub(crate) use encode::put_attachments;
#[cfg(not(target_arch = "wasm32"))]
pub use records::line as audit_line;

use super::endpoints::Endpoints;
use super::json::Json;
use super::token::AccessToken;
use super::webchat::Webchat;
use super::wire::{WireAction, WireInput};
use super::{ProtocolOutput, event, wire};
use crate::session::content::Author;
use crate::session::deployment::Deployment;
use crate::session::error::ChatError;
use crate::session::files::FileFlaw;
use crate::session::ids::{GuestToken, ServerId};
use crate::session::input::{Configured, FileRefusal, PlatformEvent, Rejection, RejectionReason};
use crate::session::output::Request;
use crate::session::redact::Redacted;
use crate::session::time::{Now, Timestamp, earlier};
use calls::{Calls, Plan, Purpose, Retry, TIMEOUT_MS};
use encode::Said;
use place::Place;
use sending::Sending;
use settings::{ConversationsSettings, ReceiptsDialect};
use signals::Typing;
use tokens::{Got, Tokens};

/// The part of an identity that names the conversation, and the secret behind it. `None` for one that names none.
pub(crate) fn split_identity(identity: &GuestToken) -> Option<(&str, GuestToken)> {
    place::split(identity).map(|(place, secret)| (place, GuestToken(Redacted::new(secret))))
}

/// The close code for "we are done" (RFC 6455).
const NORMAL_CLOSURE: u16 = 1000;
/// The events socket's code for a session that has expired (section 5).
const SESSION_EXPIRED: u16 = 4001;
/// There was no close frame (RFC 6455, section 7.1.5).
const NOT_HEARD: u16 = 1006;
/// A line that is closed for want of a good token this soon was never good.
const SHORT_LINE_MS: u64 = 10_000;
const SHORT_LINES_MAX: u32 = 3;

/// Turns requests into calls, and answers and events into what they mean. Keeps only what that takes.
#[derive(Debug)]
pub struct Conversations {
    endpoints: Endpoints,
    settings: ConversationsSettings,
    calls: Calls,
    tokens: Tokens,
    place: Option<Place>,
    /// The conversation that the page named is over.
    is_given_over: bool,
    /// What the token provider said of the guest.
    provided: Option<AccessToken>,
    line: Line,
    sending: Sending,
    typing: Typing,
    webchat: Webchat,
    /// The platform wants no receipts before.
    receipts_not_before: Timestamp,
    /// Up to this one, when the receipt under way has ended.
    next_receipt: Option<ServerId>,
    /// It opens no conversation before.
    opening_not_before: Timestamp,
    /// The platform has no such call, as far as this line knows.
    has_no_history: bool,
    /// The page knows that this conversation's receipts are refused.
    has_told_receipt: bool,
    /// The page goes away in this step.
    is_leaving: bool,
}

/// The events socket.
#[derive(Debug, Default)]
struct Line {
    is_open: bool,
    /// The session waits for its configuration. With whether the conversation is a new one.
    configuring: Option<bool>,
    /// The token that it was authenticated with, and when.
    with: Option<(Redacted, Timestamp)>,
    /// Lines in a row that were closed at once for want of a good token.
    short: u32,
    /// There is another token now.
    is_outdated: bool,
    /// A page of history has come in this step: the next one may be wanted.
    has_read: bool,
    /// It brings the visitor's own messages too.
    echoes: bool,
    /// It has brought anything since the last message went out.
    is_heard: bool,
    /// The platform has taken a message, and nothing has come over it since.
    owes_echo: bool,
}

impl Conversations {
    pub fn new(endpoints: Endpoints, settings: ConversationsSettings, seed: u64) -> Conversations {
        Conversations {
            endpoints,
            calls: Calls::new(seed),
            tokens: Tokens::new(settings.has_token_provider),
            settings,
            place: None,
            is_given_over: false,
            provided: None,
            line: Line::default(),
            sending: Sending::default(),
            typing: Typing::default(),
            webchat: Webchat::default(),
            receipts_not_before: Timestamp::default(),
            next_receipt: None,
            opening_not_before: Timestamp::default(),
            has_no_history: false,
            has_told_receipt: false,
            is_leaving: false,
        }
    }

    /// Says what the session wants.
    pub fn request(&mut self, now: Now, request: Request, out: &mut Vec<ProtocolOutput>) {
        match request {
            Request::LoadDeployment => out.push(event(PlatformEvent::DeploymentLoaded(Deployment {
                is_active: true,
                sends_typing: true,
                shows_typing: true,
                takes_receipts: self.settings.receipts != ReceiptsDialect::Local,
                ..Deployment::default()
            }))),
            Request::OpenLine => {
                self.line = Line { short: self.line.short, ..Line::default() };
                // It is asked for again: what was not there may have been a fault.
                self.has_no_history = false;
                out.push(wire(WireAction::OpenSocket { url: self.socket_url() }));
            }
            Request::CloseLine => {
                self.line = Line { short: self.line.short, ..Line::default() };
                out.push(wire(WireAction::CloseSocket { code: NORMAL_CLOSURE }));
            }
            Request::Configure { token, .. } => self.configure(now, &token, out),
            Request::Send { client_id, body } => self.send(now, client_id, &body, out),
            Request::Typing => self.want_typing(now, true, out),
            Request::TypingOff => self.want_typing(now, false, out),
            Request::Seen { id } => self.see(now, &[id]),
            Request::SeenEach { ids } => self.see(now, &ids),
            Request::ReadHistory { .. } if self.has_no_history => out.push(event(PlatformEvent::HistoryAbsent)),
            Request::ReadHistory { page } => {
                self.calls.supersede_history();
                if let Some(place) = &self.place {
                    let said = encode::history(place, page);
                    self.call(now, Purpose::History { page }, said, Retry::NEVER);
                }
            }
            Request::ForgetSignIn => self.forget(),
            // Nothing in these APIs takes the bytes of a file.
            Request::OfferFile { id, .. } => {
                let refusal = FileRefusal::Flawed(FileFlaw::Unavailable);
                out.push(event(PlatformEvent::FileRefused { id, refusal }));
            }
            Request::RefreshFile { id } => out.push(event(PlatformEvent::FileAddress { id, url: None })),
            // One that has brought own messages and brings them no more is dead.
            Request::Probe if self.line.echoes && self.line.owes_echo => {
                self.line = Line::default();
                out.push(wire(WireAction::CloseSocket { code: NORMAL_CLOSURE }));
                out.push(event(PlatformEvent::LineClosed(NOT_HEARD)));
            }
            Request::Probe => out.push(event(PlatformEvent::Doubtful)),
            // Each tab has a line of its own, and these APIs have no word for the rest.
            Request::JoinLine { .. }
            | Request::LeaveLine
            | Request::Join
            | Request::Clear
            | Request::DropFile { .. }
            | Request::CloseConversation
            | Request::SignIn(_)
            | Request::RefreshSignIn
            | Request::Revoke => {}
        }
        self.settle(now, out);
    }

    /// Says what the network did.
    pub fn wire(&mut self, now: Now, input: WireInput, out: &mut Vec<ProtocolOutput>) {
        match input {
            WireInput::SocketOpened => {
                self.line.is_open = true;
                out.push(event(PlatformEvent::LineOpened));
            }
            WireInput::SocketClosed(code) => self.on_closed(now, code, out),
            WireInput::Frame(frame) => self.on_frame(frame.as_ref(), out),
            WireInput::Answer { call, answer } => {
                self.calls.on_answer(now, call, answer, &mut self.tokens);
            }
        }
        self.settle(now, out);
    }

    /// The page's answer to `AskToken`.
    pub fn access_token(&mut self, now: Now, given: Option<AccessToken>, out: &mut Vec<ProtocolOutput>) {
        match self.tokens.on_provided(now.monotonic, given.as_ref()) {
            Some(is_another) => {
                self.provided = given;
                let is_used = self.line.with.as_ref().is_some_and(|(with, _)| Some(with) != self.tokens.current());
                self.line.is_outdated |= is_another && is_used;
                self.pursue_configuration(now, out);
            }
            None => self.on_no_token(now, out),
        }
        self.settle(now, out);
    }

    /// The page goes away in this step, or has not after all.
    pub fn set_leaving(&mut self, is_leaving: bool) {
        self.is_leaving = is_leaving;
    }

    /// Does what is due.
    pub fn tick(&mut self, now: Now, out: &mut Vec<ProtocolOutput>) {
        if self.tokens.is_overdue(now.monotonic) {
            self.tokens.on_provided(now.monotonic, None);
            self.on_no_token(now, out);
        }
        if self.is_leaving {
            self.calls.hurry();
            self.say_next_receipt(now);
        }
        self.settle(now, out);
        self.line.has_read = false;
    }

    pub fn poll_timeout(&self) -> Option<Timestamp> {
        if self.is_to_renew() {
            return Some(Timestamp::default());
        }
        earlier(self.calls.poll_timeout(), earlier(self.tokens.poll_timeout(), self.webchat.poll_timeout()))
    }

    /// The conversation and what it takes to write in it, then the line's own authentication.
    fn configure(&mut self, now: Now, identity: &GuestToken, out: &mut Vec<ProtocolOutput>) {
        self.line.configuring = Some(false);
        let (kept, token) = Place::read(identity).unzip();
        let before = conversation_of(kept.as_ref()).to_owned();
        // A reload does not bring back what was over: the visitor goes on where they began anew.
        let instead_of = kept.as_ref().map(|place| &place.instead_of);
        self.is_given_over |= instead_of.is_some() && instead_of == self.settings.conversation_id.as_ref();
        let place = match self.settings.conversation_id.clone().filter(|_| !self.is_given_over) {
            Some(conversation) => {
                let mut place = kept.filter(|place| place.conversation == conversation).unwrap_or_default();
                if let Some(participant) = &self.settings.participant_id {
                    place.participant.clone_from(participant);
                }
                place.session = self.settings.session_id.as_ref().unwrap_or(&conversation).clone();
                place.instead_of.clear();
                place.conversation = conversation;
                Some(place)
            }
            None => {
                if let Some(token) = token.flatten() {
                    self.tokens.set_guest(token);
                }
                kept
            }
        };
        let conversation = conversation_of(place.as_ref());
        if conversation_of(self.place.as_ref()) != conversation {
            self.enter_another();
        }
        if !before.is_empty() && before != conversation {
            out.push(event(PlatformEvent::Replaced));
            if let Some(place) = &place {
                // What the storage gives out from now on is not of this one.
                out.push(event(PlatformEvent::Renamed(place.write(None))));
            }
        }
        self.place = place;
        self.pursue_configuration(now, out);
    }

    /// Does the next thing that the configuration lacks.
    fn pursue_configuration(&mut self, now: Now, out: &mut Vec<ProtocolOutput>) {
        let Some(is_new) = self.line.configuring.filter(|_| self.line.is_open) else { return };
        let Got::Ready(token) = self.tokens.get(now.monotonic, false, out) else { return };
        self.learn_place();
        let Some(place) = self.place.clone() else {
            if !self.calls.has(|purpose| *purpose == Purpose::Open) {
                let at = now.monotonic.max(self.opening_not_before);
                self.call_with(at, Purpose::Open, encode::open(), Retry::USUAL, None);
            }
            return;
        };
        let refuse = |error| {
            let reason = RejectionReason::For(error);
            event(PlatformEvent::Rejected(Rejection { client_id: None, reason }))
        };
        let Some(token) = token else {
            self.line.configuring = None;
            return out.push(refuse(&ChatError::NO_TOKEN));
        };
        if place.participant.is_empty() {
            self.line.configuring = None;
            return out.push(refuse(&ChatError::NO_PARTICIPANT));
        }
        self.line.configuring = None;
        let frame = encode::authenticate(token.expose()).write();
        out.push(wire(WireAction::SendFrame(Redacted::new(frame))));
        let kept = (!self.tokens.has_provider()).then_some(&token);
        out.push(event(PlatformEvent::Renamed(place.write(kept))));
        self.line.with = Some((token, now.monotonic));
        out.push(event(PlatformEvent::Configured(Configured { is_connected: true, is_new, ..Configured::default() })));
    }

    /// What the token provider says of the guest is good where nothing else is known.
    fn learn_place(&mut self) {
        let Some(provided) = self.provided.clone() else { return };
        // What this browser remembers may be another guest's, when the page makes a new one on each visit.
        let is_remembered = self.settings.conversation_id.is_none() || self.is_given_over;
        let is_anothers = |place: &Place| {
            let participant = &place.participant;
            !participant.is_empty() && provided.guest_id.as_ref().is_some_and(|guest| guest != participant)
        };
        if is_remembered && self.place.as_ref().is_some_and(is_anothers) {
            self.place = None;
            self.enter_another();
        }
        match &mut self.place {
            Some(place) if place.participant.is_empty() => {
                place.participant = provided.guest_id.unwrap_or_default();
            }
            Some(_) => {}
            None if self.is_given_over => {}
            None => {
                let named = provided.conversation_id.zip(provided.guest_id);
                self.place = named.map(|(conversation, participant)| Place {
                    session: self.settings.session_id.clone().unwrap_or_else(|| conversation.clone()),
                    instead_of: String::new(),
                    conversation,
                    participant,
                });
            }
        }
    }

    fn on_closed(&mut self, now: Now, code: u16, out: &mut Vec<ProtocolOutput>) {
        let line = core::mem::take(&mut self.line);
        if code == SESSION_EXPIRED {
            let is_short = line.with.as_ref().is_some_and(|(_, since)| now.monotonic.since(*since) < SHORT_LINE_MS);
            self.line.short = if is_short { line.short + 1 } else { 1 };
            let can_renew = self.tokens.renew(line.with.as_ref().map(|(token, _)| token));
            if !can_renew || self.line.short >= SHORT_LINES_MAX {
                return self.expire(out);
            }
        }
        out.push(event(PlatformEvent::LineClosed(code)));
    }

    fn on_frame(&mut self, frame: Option<&Json>, out: &mut Vec<ProtocolOutput>) {
        self.line.is_heard = true;
        self.line.owes_echo = false;
        out.push(event(PlatformEvent::SignOfLife));
        let decoded = frame.zip(self.place.as_ref()).and_then(|(frame, place)| decode::event(frame, place));
        let Some(decoded) = decoded else { return out.push(event(PlatformEvent::Ignored)) };
        self.line.short = 0;
        let PlatformEvent::Message(message) = decoded else { return out.push(event(decoded)) };
        if let Some(client_id) = &message.client_id {
            self.sending.on_seen(client_id);
        }
        self.line.echoes |= message.author == Author::Guest;
        let is_under_way = self.calls.has(is_message);
        out.push(match self.sending.hold(message, is_under_way) {
            Some(message) => event(PlatformEvent::Message(message)),
            None => event(PlatformEvent::SignOfLife),
        });
    }

    /// The provider has failed: once is bad luck, three times in a row is the end.
    fn on_no_token(&mut self, now: Now, out: &mut Vec<ProtocolOutput>) {
        self.calls.on_no_token(now.monotonic);
        if self.tokens.has_failed_for_good() {
            return self.expire(out);
        }
        if self.line.configuring.take().is_some() {
            let reason = RejectionReason::Temporary;
            out.push(event(PlatformEvent::Rejected(Rejection { client_id: None, reason })));
        }
    }

    /// The session is over; what was said stays to be read.
    fn expire(&mut self, out: &mut Vec<ProtocolOutput>) {
        self.line.configuring = None;
        out.push(event(PlatformEvent::Expired));
    }

    /// Another guest, or none.
    fn forget(&mut self) {
        self.is_given_over |= self.place.is_some();
        self.enter_another();
        self.tokens.forget();
        self.place = None;
        self.provided = None;
        self.sending = Sending::default();
        self.typing = Typing::default();
        self.webchat = Webchat::default();
    }

    /// Another conversation: nothing that was learnt of the one before holds.
    fn enter_another(&mut self) {
        self.calls.forget();
        self.has_no_history = false;
        self.has_told_receipt = false;
    }

    /// Makes what calls can be made, and takes in what has ended, until nothing more comes of it.
    fn settle(&mut self, now: Now, out: &mut Vec<ProtocolOutput>) {
        self.pursue_webchat(now, out);
        self.calls.pump(now, &mut self.tokens, out);
        while let Some(ended) = self.calls.take_ended() {
            self.on_ended(now, ended, out);
            self.pursue_webchat(now, out);
            self.calls.pump(now, &mut self.tokens, out);
        }
        if self.is_to_renew() && !self.line.has_read {
            self.line = Line::default();
            out.push(wire(WireAction::CloseSocket { code: NORMAL_CLOSURE }));
            out.push(event(PlatformEvent::LineClosed(SESSION_EXPIRED)));
        }
    }

    /// A new token wants a new line (section 2), once there is nothing under way that the new one would begin anew: tokens may
    /// be so short-lived that it would never end.
    fn is_to_renew(&self) -> bool {
        let is_in_the_way = |purpose: &Purpose| matches!(purpose, Purpose::Send(_) | Purpose::History { page: 1.. });
        self.line.is_outdated && !self.calls.has(is_in_the_way)
    }

    fn call(&mut self, now: Now, purpose: Purpose, said: Said, retry: Retry) {
        self.call_with(now.monotonic, purpose, said, retry, None);
    }

    fn call_with(
        &mut self,
        at: Timestamp,
        purpose: Purpose,
        said: Said,
        retry: Retry,
        header: Option<(&'static str, Redacted)>,
    ) {
        self.calls.start(
            at,
            Plan {
                purpose,
                method: said.method,
                url: [self.endpoints.api.as_str(), &said.path].concat(),
                header,
                body: said.body.map(|body| Redacted::new(body.write())),
                retry,
                timeout_ms: TIMEOUT_MS,
                is_last: self.is_leaving,
            },
        );
    }

    fn socket_url(&self) -> String {
        let base = &self.endpoints.api;
        let rest = base.strip_prefix("http").unwrap_or(base);
        ["ws", rest, &encode::events()].concat()
    }
}

/// Empty for none.
fn conversation_of(place: Option<&Place>) -> &str {
    place.map_or("", |place| &place.conversation)
}

fn is_message(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::Send(_))
}
