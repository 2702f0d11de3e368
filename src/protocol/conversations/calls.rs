//! Calls, each with its attempts (reference, section 1): what is tried again, how often and after how long.

use super::tokens::{Got, Tokens};
use crate::protocol::json::Json;
use crate::protocol::retry_after;
use crate::protocol::wire::{HttpAnswer, HttpCall, WireAction};
use crate::protocol::{ProtocolOutput, wire};
use crate::session::breaker::Breaker;
use crate::session::ids::ClientId;
use crate::session::redact::Redacted;
use crate::session::time::{Now, Timestamp};
use crate::text::digits;
use core::mem::{Discriminant, discriminant};

/// A call that hangs longer than this has no answer.
pub(super) const TIMEOUT_MS: u32 = 12_000;
/// No wait between two attempts is longer, unless the platform names it.
const WAIT_MAX_MS: u64 = 30_000;

/// No two signals that somebody types go out closer together, whatever they are repeated for (section 3).
const ON_INTERVAL_MS: u64 = 1_000;

/// How long it counts what an answer says of the limit, which is by the second (section 1).
const WINDOW_MS: u64 = 1_000;
/// So many calls of the limit are left to what visitors say.
const RESERVE: i64 = 10;

/// What a call is for: decides what its end means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Open,
    Send(ClientId),
    Typing { is_on: bool },
    WebchatGet,
    WebchatPatch { is_on: bool },
    Receipt,
    History { page: u32 },
    Webhook { name: &'static str },
}

/// How often something is tried, and how long is waited in between.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    pub(super) attempts_max: u8,
    /// After the first failure; twice as long after each further one.
    pub(super) first_ms: u64,
    /// When the platform asks to slow down and names no time.
    pub(super) busy_ms: Option<u64>,
}

impl Retry {
    /// 1 s, 2 s, 4 s with jitter.
    pub(super) const USUAL: Retry = Retry { attempts_max: 3, first_ms: 1_000, busy_ms: None };
    pub(super) const NEVER: Retry = Retry { attempts_max: 1, ..Retry::USUAL };
    /// As the web chat has it (section 3).
    pub(super) const WEBCHAT: Retry = Retry { busy_ms: Some(2_000), ..Retry::USUAL };
}

/// A call as it is made again for each attempt.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) purpose: Purpose,
    pub(super) method: &'static str,
    pub(super) url: String,
    /// Beside those that every call carries.
    pub(super) header: Option<(&'static str, Redacted)>,
    pub(super) body: Option<Redacted>,
    pub(super) retry: Retry,
    pub(super) timeout_ms: u32,
    /// With the page gone nobody waits for an answer.
    pub(super) is_last: bool,
}

/// How a call ended for good.
#[derive(Debug)]
pub(super) enum Outcome {
    Done(Option<Json>),
    /// With the wait that the platform asks for.
    Refused {
        status: u16,
        body: Option<Json>,
        retry_after_ms: Option<u64>,
    },
    /// Whether the time ran out: then the platform may still be at it.
    NoAnswer {
        is_late: bool,
    },
    /// There is no token to make it with: nothing was sent.
    NoToken,
    /// The platform has failed too often of late: nothing was sent.
    Broken {
        wait_ms: u64,
    },
}

/// A call that has ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) plan: Plan,
    pub(super) outcome: Outcome,
    /// Of the last attempt.
    pub(super) latency_ms: u64,
}

#[derive(Debug)]
struct Flight {
    plan: Plan,
    state: State,
    attempts: u8,
    sent_at: Timestamp,
    /// The one new token that a refusal brings was asked for.
    has_renewed: bool,
    with: Option<Redacted>,
}

/// A kind of calls that was not taken since, and with which token; `None` when a new one did not help: it is not the
/// token's fault.
type RefusedKind = (Discriminant<Purpose>, Option<Redacted>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Until the moment that it may go.
    Waiting(Timestamp),
    /// Until there is a token.
    WithoutToken,
    UnderWay(u32),
}

/// All calls that are wanted or under way.
#[derive(Debug)]
pub(super) struct Calls {
    random: fastrand::Rng,
    last_id: u32,
    breaker: Breaker,
    flights: Vec<Flight>,
    ended: Vec<Ended>,
    /// When it was last said that somebody types, again included.
    last_on: Option<Timestamp>,
    /// So many calls the platform takes until then, by its last answer.
    room: i64,
    room_until: Timestamp,
    refused: Vec<RefusedKind>,
}

impl Calls {
    pub(super) fn new(seed: u64) -> Calls {
        Calls {
            random: fastrand::Rng::with_seed(seed),
            last_id: 0,
            breaker: Breaker::default(),
            flights: Vec::new(),
            ended: Vec::new(),
            last_on: None,
            room: 0,
            room_until: Timestamp::default(),
            refused: Vec::new(),
        }
    }

    /// Goes out with the next [`Calls::pump`], and not before this moment.
    pub(super) fn start(&mut self, at: Timestamp, plan: Plan) {
        self.flights.push(Flight {
            plan,
            state: State::Waiting(at),
            attempts: 0,
            sent_at: at,
            has_renewed: false,
            with: None,
        });
    }

    /// Whether such a call is wanted or under way.
    pub(super) fn has(&self, is_such: fn(&Purpose) -> bool) -> bool {
        self.flights.iter().any(|flight| is_such(&flight.plan.purpose))
    }

    /// Whether this message is wanted or under way.
    pub(super) fn is_sending(&self, client_id: &ClientId) -> bool {
        let is_this = |flight: &Flight| matches!(&flight.plan.purpose, Purpose::Send(other) if other == client_id);
        self.flights.iter().any(is_this)
    }

    /// Takes back those that are not under way, and answers until when the platform wants none. Those under way are not
    /// tried again.
    pub(super) fn supersede(&mut self, is_such: fn(&Purpose) -> bool) -> Option<Timestamp> {
        let mut until = None;
        self.flights.retain_mut(|flight| match flight.state {
            _ if !is_such(&flight.plan.purpose) => true,
            State::UnderWay(_) => {
                flight.plan.retry = Retry::NEVER;
                true
            }
            State::Waiting(due) => {
                until = until.max(Some(due).filter(|_| flight.attempts > 0));
                false
            }
            State::WithoutToken => false,
        });
        until
    }

    /// Another conversation: nobody waits for the answers any more. Webhooks are none of its business.
    pub(super) fn forget(&mut self) {
        self.flights.retain(|flight| matches!(flight.plan.purpose, Purpose::Webhook { .. }));
        self.ended.clear();
        self.refused.clear();
    }

    /// A page that was asked for before says nothing of what may have arrived since: it is taken for none, which is 0.
    pub(super) fn supersede_history(&mut self) {
        self.flights.retain_mut(|flight| {
            let Purpose::History { page } = &mut flight.plan.purpose else { return true };
            *page = 0;
            matches!(flight.state, State::UnderWay(_))
        });
    }

    /// The page goes away: what it has read is told now or never.
    pub(super) fn hurry(&mut self) {
        for flight in &mut self.flights {
            if flight.plan.purpose == Purpose::Receipt && !matches!(flight.state, State::UnderWay(_)) {
                flight.plan.is_last = true;
                flight.state = State::WithoutToken;
            }
        }
    }

    /// Makes the calls that can be made now.
    pub(super) fn pump(&mut self, now: Now, tokens: &mut Tokens, out: &mut Vec<ProtocolOutput>) {
        let mut at = 0;
        while let Some(flight) = self.flights.get_mut(at) {
            at += 1;
            let is_due = match flight.state {
                State::Waiting(due) => due <= now.monotonic,
                State::WithoutToken => true,
                State::UnderWay(_) => false,
            };
            if !is_due {
                continue;
            }
            let on_from = self.last_on.map(|last| last.after(ON_INTERVAL_MS)).filter(|from| now.monotonic < *from);
            if let Some(from) = on_from
                && flight.plan.purpose == (Purpose::Typing { is_on: true })
            {
                flight.state = State::Waiting(from);
                continue;
            }
            let is_webhook = matches!(flight.plan.purpose, Purpose::Webhook { .. });
            let is_content = matches!(flight.plan.purpose, Purpose::Send(_) | Purpose::Open);
            let reserve = if is_content { 0 } else { RESERVE };
            let is_used_up = self.room <= reserve && now.monotonic < self.room_until;
            if is_used_up && !is_webhook && !flight.plan.is_last {
                // Not all who share the limit at the same moment.
                flight.state = State::Waiting(self.room_until.after(self.random.u64(..) % WINDOW_MS));
                continue;
            }
            if let Err(until) = self.breaker.check(now.monotonic)
                && !is_webhook
                && !flight.plan.is_last
            {
                if !put_off(flight, until) {
                    at -= 1;
                    self.end(at, Outcome::Broken { wait_ms: until.since(now.monotonic) });
                }
                continue;
            }
            let token = if is_webhook { Got::Ready(None) } else { tokens.get(now.monotonic, flight.plan.is_last, out) };
            match token {
                Got::Ready(token) => {
                    if !is_webhook {
                        self.breaker.on_call(now.monotonic);
                        self.room -= 1;
                    }
                    self.send(at - 1, now, token, out);
                }
                Got::Later => flight.state = State::WithoutToken,
            }
        }
    }

    /// The token provider has failed: who waited for it goes without.
    pub(super) fn on_no_token(&mut self, now: Timestamp) {
        let mut at = 0;
        while let Some(flight) = self.flights.get_mut(at) {
            if flight.state != State::WithoutToken || put_off(flight, now.after(WAIT_MAX_MS)) {
                at += 1;
            } else {
                self.end(at, Outcome::NoToken);
            }
        }
    }

    /// Answers whether the call was one of these.
    pub(super) fn on_answer(&mut self, now: Now, id: u32, answer: Option<HttpAnswer>, tokens: &mut Tokens) -> bool {
        let Some(at) = self.flights.iter().position(|flight| flight.state == State::UnderWay(id)) else {
            return false;
        };
        let Some(flight) = self.flights.get_mut(at) else { return false };
        let is_webhook = matches!(flight.plan.purpose, Purpose::Webhook { .. });
        let Some(mut answer) = answer else {
            if !is_webhook {
                self.breaker.on_failure(now.monotonic);
            }
            let is_late = now.monotonic.since(flight.sent_at) >= u64::from(flight.plan.timeout_ms);
            if !matches!(flight.plan.purpose, Purpose::Send(_)) && may_repeat(flight) {
                let wait_ms = backoff_ms(flight, &mut self.random);
                flight.state = State::Waiting(now.monotonic.after(wait_ms));
                return true;
            }
            self.end_at(at, now, Outcome::NoAnswer { is_late });
            return true;
        };
        // A page in the place of an answer, as portals give it, comes from a gateway where a session was asked for.
        let is_webchat = matches!(flight.plan.purpose, Purpose::WebchatGet | Purpose::WebchatPatch { .. });
        let is_page = is_webchat && answer.status == 200 && answer.body.is_none();
        let status = if is_page { 502 } else { answer.status };
        if !is_webhook {
            match status {
                500..=599 => self.breaker.on_failure(now.monotonic),
                _ => self.breaker.on_answer(),
            }
            if let Some(room) = answer.remaining.as_deref().and_then(|text| digits(text.trim().as_bytes())) {
                self.room = room;
                self.room_until = now.monotonic.after(WINDOW_MS);
            }
        }
        // Where the body does not name it (section 3 has it there), the header does.
        if let Some(etag) = answer.etag.take().filter(|_| is_webchat) {
            let session = answer.body.get_or_insert(Json::map());
            if session.get("etag").is_none() {
                session.put("etag", etag);
            }
        }
        let retry_after_ms = retry_after::decode(&answer, now.wall);
        let outcome = match status {
            // And of a message it says nothing.
            200..=203 if answer.body.is_none() && matches!(flight.plan.purpose, Purpose::Send(_)) => {
                Outcome::NoAnswer { is_late: false }
            }
            200..=299 => {
                let kind = discriminant(&flight.plan.purpose);
                self.refused.retain(|(refused, _)| *refused != kind);
                Outcome::Done(answer.body)
            }
            401 if !is_webhook && renews(flight, &mut self.refused, tokens) => return true,
            status @ (429 | 500..=599) => {
                if may_repeat(flight) {
                    let busy_ms = flight.plan.retry.busy_ms.filter(|_| status == 429);
                    let wait_ms = retry_after_ms.or(busy_ms).unwrap_or_else(|| backoff_ms(flight, &mut self.random));
                    flight.state = State::Waiting(now.monotonic.after(wait_ms));
                    return true;
                }
                Outcome::Refused { status, body: answer.body, retry_after_ms }
            }
            status => Outcome::Refused { status, body: answer.body, retry_after_ms },
        };
        self.end_at(at, now, outcome);
        true
    }

    /// The next one that has ended.
    pub(super) fn take_ended(&mut self) -> Option<Ended> {
        (!self.ended.is_empty()).then(|| self.ended.remove(0))
    }

    /// When the next one may go.
    pub(super) fn poll_timeout(&self) -> Option<Timestamp> {
        let due = |flight: &Flight| if let State::Waiting(due) = flight.state { Some(due) } else { None };
        self.flights.iter().filter_map(due).min()
    }

    /// How long to wait before this attempt to send (section 6): from 2 s to 10 s, and a little more or less by chance.
    pub(super) fn send_wait_ms(&mut self, failures: u32) -> u64 {
        let base_ms = 2_000_u64.saturating_mul(1 << failures.saturating_sub(1).min(3)).min(8_000);
        base_ms + self.random.u64(..) % (base_ms / 4 + 1)
    }

    fn send(&mut self, at: usize, now: Now, token: Option<Redacted>, out: &mut Vec<ProtocolOutput>) {
        self.last_id = self.last_id.wrapping_add(1);
        let request_id = ClientId::random(&mut self.random).0;
        let Some(flight) = self.flights.get_mut(at) else { return };
        let plan = &flight.plan;
        let mut headers = Vec::new();
        for name in ["Content-Type", "Accept"] {
            headers.push((name, Redacted::new("application/json")));
        }
        // Webhooks are no concern of the page's own sites.
        if !matches!(plan.purpose, Purpose::Webhook { .. }) {
            headers.push(("X-Genesys-Request-Id", Redacted::new(request_id)));
        }
        if let Some(token) = &token {
            headers.push(("Authorization", Redacted::new(["Bearer ", token.expose()].concat())));
        }
        if let Some((name, value)) = &plan.header {
            headers.push((*name, value.clone()));
        }
        out.push(wire(WireAction::Fetch(HttpCall {
            id: self.last_id,
            method: plan.method,
            url: plan.url.clone(),
            headers,
            body: plan.body.clone(),
            timeout_ms: plan.timeout_ms,
            keepalive: plan.is_last,
        })));
        if plan.purpose == (Purpose::Typing { is_on: true }) {
            self.last_on = Some(now.monotonic);
        }
        flight.state = State::UnderWay(self.last_id);
        flight.attempts = flight.attempts.saturating_add(1);
        flight.sent_at = now.monotonic;
        flight.with = token;
    }

    fn end_at(&mut self, at: usize, now: Now, outcome: Outcome) {
        let flight = self.flights.remove(at);
        let latency_ms = now.monotonic.since(flight.sent_at);
        self.ended.push(Ended { plan: flight.plan, outcome, latency_ms });
    }

    fn end(&mut self, at: usize, outcome: Outcome) {
        let flight = self.flights.remove(at);
        self.ended.push(Ended { plan: flight.plan, outcome, latency_ms: 0 });
    }
}

/// Nobody waits for a receipt, and it is as true later. Answers whether it is one.
fn put_off(flight: &mut Flight, until: Timestamp) -> bool {
    let is_receipt = flight.plan.purpose == Purpose::Receipt;
    if is_receipt {
        flight.state = State::Waiting(until);
    }
    is_receipt
}

/// The platform does not take the token. Answers whether the call is made again with a new one.
fn renews(flight: &mut Flight, refused: &mut Vec<RefusedKind>, tokens: &mut Tokens) -> bool {
    let purpose = &flight.plan.purpose;
    // Without these there is no conversation: refused once more, the token is not used again all the same.
    if !matches!(purpose, Purpose::Send(_) | Purpose::Open) {
        let kind = discriminant(purpose);
        match refused.iter_mut().find(|(known, _)| *known == kind) {
            // Each new token opens the line anew, and that asks for history again: it would never end.
            Some((_, with)) if flight.has_renewed || *with != flight.with => {
                *with = None;
                return false;
            }
            Some(_) => {}
            None => refused.push((kind, flight.with.clone())),
        }
    }
    let is_in_vain = flight.has_renewed || *purpose == (Purpose::History { page: 0 });
    if !tokens.renew(flight.with.as_ref()) || is_in_vain {
        return false;
    }
    flight.has_renewed = true;
    flight.state = State::WithoutToken;
    true
}

fn may_repeat(flight: &Flight) -> bool {
    flight.attempts < flight.plan.retry.attempts_max && !flight.plan.is_last
}

/// Doubles from one attempt to the next, and is up to half as long again by chance.
fn backoff_ms(flight: &Flight, random: &mut fastrand::Rng) -> u64 {
    let doublings = u32::from(flight.attempts.saturating_sub(1)).min(8);
    let base_ms = flight.plan.retry.first_ms.saturating_mul(1 << doublings).min(WAIT_MAX_MS);
    base_ms + random.u64(..) % (base_ms / 2 + 1)
}
