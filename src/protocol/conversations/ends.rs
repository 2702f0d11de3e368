//! What the end of a call means, by what it was for.

use super::calls::{Ended, Outcome, Purpose, Retry};
use super::place::Place;
use super::{Conversations, decode, encode, records, refusals};
use crate::protocol::json::Json;
use crate::protocol::{ProtocolOutput, event};
use crate::session::audit::{Audit, Transmission, WebhookFailure};
use crate::session::content::{Author, Body, Sender};
use crate::session::error::ChatError;
use crate::session::ids::ClientId;
use crate::session::input::{Failure, HistoryPage, Message, PlatformEvent, Rejection, RejectionReason};
use crate::session::output::Event;
use crate::session::redact::Redacted;
use crate::session::time::{Now, Timestamp};

/// Before a message is tried again for which there was no token.
const NO_TOKEN_WAIT_MS: u64 = 2_000;
/// What the platform may have taken in although it says that it failed: an answer of something in between.
const GATEWAY_TIMEOUTS: [u16; 2] = [408, 504];

impl Conversations {
    pub(super) fn send(&mut self, now: Now, client_id: ClientId, body: &Body, out: &mut Vec<ProtocolOutput>) {
        let Some(place) = &self.place else { return };
        if self.calls.is_sending(&client_id) {
            // It is under way, whatever the session thinks: its answer will tell.
            return;
        }
        if !self.sending.begin(&client_id, body) {
            let reason = RejectionReason::For(&ChatError::NOT_CONFIRMED);
            return out.push(reject(Some(client_id), reason));
        }
        if let Some(wait_ms) = self.sending.wait_ms(now.monotonic) {
            let reason = RejectionReason::NotYet { wait_ms };
            return out.push(reject(Some(client_id), reason));
        }
        self.line.is_heard = false;
        let said = encode::message(self.settings.send, place, &client_id, body, now.wall);
        self.call(now, Purpose::Send(client_id), said, Retry::NEVER);
    }

    pub(super) fn on_ended(&mut self, now: Now, ended: Ended, out: &mut Vec<ProtocolOutput>) {
        let is_of_ours = !matches!(ended.plan.purpose, Purpose::Webhook { .. });
        if let Outcome::Refused { retry_after_ms: Some(wait_ms), .. } = &ended.outcome {
            self.hold(now.monotonic.after(*wait_ms), &ended.plan.purpose);
        }
        let is_over = is_of_ours && matches!(ended.outcome, Outcome::Refused { status: 409, .. });
        match &ended.plan.purpose {
            Purpose::Open => self.on_opened(now, &ended, out),
            Purpose::Send(client_id) => self.on_sent(now, &ended, client_id, out),
            Purpose::Typing { is_on } => self.on_typing_ended(now, &ended, *is_on, out),
            Purpose::WebchatGet | Purpose::WebchatPatch { .. } => self.on_webchat_ended(now, ended, out),
            Purpose::Receipt => {
                if let Outcome::Refused { status, body, .. } = &ended.outcome {
                    // What is no passing trouble is the same for all of them.
                    let is_passing = matches!(status, 429 | 500..=599);
                    if is_passing || !core::mem::replace(&mut self.has_told_receipt, true) {
                        self.tell_refusal(*status, body.as_ref(), &ended, out);
                    }
                }
                self.say_next_receipt(now);
            }
            Purpose::History { page } => {
                self.line.has_read = true;
                self.on_history(&ended, *page, out);
            }
            Purpose::Webhook { name } => on_webhook(now, &ended, name, out),
        }
        if is_over {
            out.push(reject(None, RejectionReason::SessionGone));
        }
    }

    /// The platform wants nothing of this kind before, whatever else is said meanwhile.
    fn hold(&mut self, until: Timestamp, purpose: &Purpose) {
        match purpose {
            Purpose::Send(_) => self.sending.hold_until(until),
            Purpose::Typing { .. } | Purpose::WebchatGet | Purpose::WebchatPatch { .. } => {
                self.typing.not_before = until;
            }
            Purpose::Receipt => self.receipts_not_before = until,
            Purpose::Open => self.opening_not_before = until,
            Purpose::History { .. } | Purpose::Webhook { .. } => {}
        }
    }

    fn on_opened(&mut self, now: Now, ended: &Ended, out: &mut Vec<ProtocolOutput>) {
        let reason = match &ended.outcome {
            Outcome::Done(answer) => match answer.as_ref().and_then(decode::opened) {
                Some(opened) => {
                    self.tokens.set_guest(opened.token);
                    let instead_of = self.settings.conversation_id.clone().unwrap_or_default();
                    self.place = Some(Place { instead_of, ..opened.place });
                    self.has_no_history = false;
                    if let Some(is_new) = &mut self.line.configuring {
                        *is_new = true;
                    }
                    return self.pursue_configuration(now, out);
                }
                None => RejectionReason::Other,
            },
            Outcome::Refused { status: 429, retry_after_ms, .. } => {
                RejectionReason::TooFast { retry_after_ms: *retry_after_ms }
            }
            Outcome::Refused { status: 500..=599, retry_after_ms: Some(wait_ms), .. } => {
                RejectionReason::NotYet { wait_ms: *wait_ms }
            }
            Outcome::Refused { status: 500..=599, .. } | Outcome::NoAnswer { .. } | Outcome::NoToken => {
                RejectionReason::Temporary
            }
            Outcome::Broken { wait_ms } => RejectionReason::NotYet { wait_ms: *wait_ms },
            Outcome::Refused { status, body, .. } => {
                self.tell_refusal(*status, body.as_ref(), ended, out);
                RejectionReason::For(refusals::error(*status))
            }
        };
        if self.line.configuring.take().is_some() {
            out.push(reject(None, reason));
        }
    }

    fn on_sent(&mut self, now: Now, ended: &Ended, client_id: &ClientId, out: &mut Vec<ProtocolOutput>) {
        self.record_transmission(now, ended, out);
        let reason = match &ended.outcome {
            Outcome::Done(answer) => {
                self.sending.on_seen(client_id);
                self.line.owes_echo |= !self.line.is_heard;
                let echo = self.echo(answer.as_ref(), client_id);
                let held = self.sending.take_held();
                for held in held {
                    if held.id.is_none() || held.id != echo.id {
                        out.push(event(PlatformEvent::Message(held)));
                    }
                }
                return out.push(event(PlatformEvent::Message(echo)));
            }
            Outcome::Refused { status, .. } if GATEWAY_TIMEOUTS.contains(status) => None,
            Outcome::NoAnswer { .. } => None,
            Outcome::Refused { status: status @ (429 | 500..=599), body, retry_after_ms } => {
                let failures = self.sending.on_failed();
                let wait_ms = retry_after_ms.unwrap_or_else(|| self.calls.send_wait_ms(failures));
                if failures >= 3 {
                    self.tell_refusal(*status, body.as_ref(), ended, out);
                }
                Some(RejectionReason::Later { wait_ms, error: refusals::error(*status) })
            }
            Outcome::Refused { status: 413, .. } => Some(RejectionReason::TooLong),
            Outcome::Refused { status, body, .. } => {
                self.tell_refusal(*status, body.as_ref(), ended, out);
                Some(RejectionReason::For(refusals::error(*status)))
            }
            Outcome::NoToken => Some(RejectionReason::Later { wait_ms: NO_TOKEN_WAIT_MS, error: &ChatError::NO_TOKEN }),
            Outcome::Broken { wait_ms } => Some(RejectionReason::NotYet { wait_ms: *wait_ms }),
        };
        let held = self.sending.take_held();
        for held in held {
            out.push(event(PlatformEvent::Message(held)));
        }
        // Nobody can renew the token, and the line may never say so (section 5 has 4001 for it). One that has gone meanwhile
        // may be another conversation's by now.
        let is_refused = matches!(ended.outcome, Outcome::Refused { status: 401, .. });
        if is_refused && !self.tokens.has_provider() && self.line.with.is_some() {
            return self.expire(out);
        }
        out.push(match reason {
            Some(reason) => reject(Some(client_id.clone()), reason),
            None => {
                if !matches!(ended.outcome, Outcome::NoAnswer { is_late: false }) {
                    self.sending.on_late(client_id);
                }
                event(PlatformEvent::Unanswered(client_id.clone()))
            }
        });
    }

    /// The answer to a message is its echo.
    fn echo(&self, answer: Option<&Json>, client_id: &ClientId) -> Message {
        let (id, time) = answer.map(decode::sent).unwrap_or_default();
        Message {
            id,
            other_id: None,
            client_id: Some(client_id.clone()),
            author: Author::Guest,
            sender: Sender::default(),
            body: self.sending.body().clone(),
            notice: None,
            time,
        }
    }

    fn on_history(&mut self, ended: &Ended, number: u32, out: &mut Vec<ProtocolOutput>) {
        let failure = match &ended.outcome {
            Outcome::Done(Some(answer)) if answer.get("entities").is_some() => {
                return self.on_page(answer, number, out);
            }
            Outcome::Refused { status: 429 | 500..=599, retry_after_ms: Some(wait_ms), .. } => {
                Failure::Busy { retry_after_ms: Some(*wait_ms) }
            }
            // Nobody waits for it any more.
            _ if number == 0 => return,
            // HTML from a captive portal, say.
            Outcome::Done(_)
            | Outcome::NoAnswer { .. }
            | Outcome::NoToken
            | Outcome::Refused { status: 500..=599, .. } => Failure::Network,
            // With a provider a new token was refused too.
            Outcome::Refused { status, .. } if *status == 404 || (*status == 401 && self.tokens.has_provider()) => {
                self.has_no_history = true;
                return out.push(event(PlatformEvent::HistoryAbsent));
            }
            Outcome::Refused { status: 429, .. } => Failure::Busy { retry_after_ms: None },
            Outcome::Refused { status, body, .. } => {
                self.tell_refusal(*status, body.as_ref(), ended, out);
                Failure::Refused
            }
            Outcome::Broken { wait_ms } => Failure::Busy { retry_after_ms: Some(*wait_ms) },
        };
        out.push(event(PlatformEvent::HistoryFailed(failure)));
    }

    fn on_page(&mut self, answer: &Json, number: u32, out: &mut Vec<ProtocolOutput>) {
        let Some(place) = &self.place else { return };
        let entities = answer.list("entities");
        let messages = answer.read_list("entities", |entity| decode::message(entity, None, place));
        let own = || messages.iter().filter(|message| message.author == Author::Guest);
        for client_id in own().filter_map(|message| message.client_id.as_ref()) {
            self.sending.on_seen(client_id);
        }
        if own().any(|message| message.client_id.is_none()) {
            out.push(event(PlatformEvent::HistoryBlind));
        }
        let total = answer.integer("total").and_then(|total| usize::try_from(total).ok());
        let read = encode::PAGE_SIZE.saturating_mul(usize::try_from(number).unwrap_or(usize::MAX));
        let has_older = match total {
            Some(total) => total > read,
            None => entities.len() >= encode::PAGE_SIZE,
        };
        out.push(event(PlatformEvent::History(HistoryPage { number, messages, has_older })));
    }

    fn record_transmission(&mut self, now: Now, ended: &Ended, out: &mut Vec<ProtocolOutput>) {
        let (status, http_status, error) = match &ended.outcome {
            Outcome::Done(_) => ("delivered", Some(200), None),
            Outcome::Refused { status, .. } if GATEWAY_TIMEOUTS.contains(status) => {
                ("unknown", Some(*status), Some(refusals::error(*status).code))
            }
            Outcome::Refused { status, .. } => ("failed", Some(*status), Some(refusals::error(*status).code)),
            Outcome::NoAnswer { .. } => ("unknown", None, Some(ChatError::NO_ANSWER.code)),
            Outcome::NoToken => ("failed", None, Some(ChatError::NO_TOKEN.code)),
            // Nothing was transmitted.
            Outcome::Broken { .. } => return,
        };
        let Some(place) = &self.place else { return };
        let response_id = match &ended.outcome {
            Outcome::Done(Some(answer)) => answer.id("id"),
            Outcome::Done(None)
            | Outcome::Refused { .. }
            | Outcome::NoAnswer { .. }
            | Outcome::NoToken
            | Outcome::Broken { .. } => None,
        };
        let record = Transmission {
            session_id: place.participant.clone(),
            conversation_id: place.conversation.clone(),
            content_type: "text/plain",
            payload_bytes: ended.plan.body.as_ref().map_or(0, |body| body.expose().len()),
            latency_ms: ended.latency_ms,
            status,
            http_status,
            response_id,
            error,
            time: now.wall,
        };
        if let Some(webhook) = &self.settings.analytics {
            let plan = records::analytics(webhook, &record);
            self.calls.start(now.monotonic, plan);
        }
        out.push(ProtocolOutput::Tell(Event::Audit(Audit::Transmission(record))));
    }

    /// Tells the page what was refused and why, without anything that the visitor wrote.
    fn tell_refusal(&self, status: u16, body: Option<&Json>, ended: &Ended, out: &mut Vec<ProtocolOutput>) {
        let token = self.tokens.current().map(Redacted::expose).unwrap_or_default();
        let secrets = [self.sending.body().text.expose(), token];
        let refusal = refusals::refusal(status, body, &ended.plan.purpose, &secrets);
        out.push(ProtocolOutput::Tell(Event::Refused(refusal)));
    }
}

fn on_webhook(now: Now, ended: &Ended, name: &'static str, out: &mut Vec<ProtocolOutput>) {
    let http_status = match &ended.outcome {
        Outcome::Done(_) => return,
        Outcome::Refused { status, .. } => Some(*status),
        Outcome::NoAnswer { .. } | Outcome::NoToken | Outcome::Broken { .. } => None,
    };
    let record = WebhookFailure { time: now.wall, name, http_status };
    out.push(ProtocolOutput::Tell(Event::Audit(Audit::Webhook(record))));
}

fn reject(client_id: Option<ClientId>, reason: RejectionReason) -> ProtocolOutput {
    event(PlatformEvent::Rejected(Rejection { client_id, reason }))
}
