//! Bugs in what the client does.
#![expect(clippy::wildcard_enum_match_arm, reason = "each bug bends one thing and leaves the rest as it is")]

use std::sync::atomic::{AtomicU64, Ordering};

use guest_messenger::engine::{EngineInput, EngineOutput};
use guest_messenger::protocol::wire::WireAction;
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::output::Event;
use guest_messenger::session::redact::Redacted;

use super::inputs::{probe_answer, receipt_like};
use super::{Bug, Mischief};
use crate::frames::{SentFrame, read_sent};

/// Nothing of the run's: it goes on from one to the next.
static CHANCE: AtomicU64 = AtomicU64::new(0);

pub(super) fn bend(mischief: &mut Mischief, bug: Bug, output: EngineOutput) -> Vec<EngineOutput> {
    match output {
        EngineOutput::Wire(WireAction::SendFrame(text)) => bend_frame(mischief, bug, text),
        EngineOutput::Wire(WireAction::OpenSocket { url }) => {
            mischief.is_opening = true;
            vec![EngineOutput::Wire(WireAction::OpenSocket { url })]
        }
        EngineOutput::Wire(WireAction::CloseSocket { .. }) if bug == Bug::NeverLetsGo => Vec::new(),
        EngineOutput::Wire(WireAction::Fetch(call)) if bug == Bug::FloodsHistory && call.url.contains("/messages?") => {
            let again = |offset| {
                let mut call = call.clone();
                call.id += offset;
                EngineOutput::Wire(WireAction::Fetch(call))
            };
            vec![again(0), again(1_000_000), again(2_000_000)]
        }
        EngineOutput::Persist(mut record) => {
            mischief.count += 1;
            match bug {
                Bug::ForgetsToPersist => return Vec::new(),
                Bug::MarkMovesBack if mischief.count.is_multiple_of(2) => record.read_mark = None,
                _ => {}
            }
            vec![EngineOutput::Persist(record)]
        }
        EngineOutput::Event(event) => bend_event(mischief, bug, event),
        EngineOutput::Keep { number, mut unsent } => {
            match bug {
                Bug::SendsBeforeKeeping => {
                    mischief.pending.push(EngineInput::Session(Input::Kept { number, is_kept: true }))
                }
                Bug::KeepsTheNewest => drop(unsent.drain(..unsent.len().saturating_sub(1))),
                _ => {}
            }
            vec![EngineOutput::Keep { number, unsent }]
        }
        EngineOutput::Wire(_)
        | EngineOutput::Forget
        | EngineOutput::MakeToken
        | EngineOutput::Share(_)
        | EngineOutput::AskSignIn
        | EngineOutput::Adopt
        | EngineOutput::Upload { .. }
        | EngineOutput::OpenFile { .. }
        | EngineOutput::AskToken
        | EngineOutput::Diff(_) => vec![output],
    }
}

fn bend_event(mischief: &mut Mischief, bug: Bug, event: Event) -> Vec<EngineOutput> {
    let open = || EngineOutput::Wire(WireAction::OpenSocket { url: String::new() });
    let mut outputs = Vec::new();
    match (bug, &event) {
        (Bug::TellsNoEnd, Event::Ended { .. } | Event::Error(_)) => return Vec::new(),
        (Bug::RemovesFailures, Event::Delivery { entry, delivery: "failed" }) => {
            mischief.pending.push(EngineInput::Session(Input::Command(Command::Discard(*entry))));
        }
        (Bug::RetriesFailures, Event::Delivery { entry, delivery: "failed" }) => {
            mischief.pending.push(EngineInput::Session(Input::Command(Command::Retry(*entry))));
        }
        (Bug::RetriesAtOnce, Event::Connection { state: "reconnecting" }) | (Bug::OpensTwice, Event::Opened) => {
            outputs.push(open())
        }
        _ => {}
    }
    outputs.insert(0, EngineOutput::Event(event));
    outputs
}

fn bend_frame(mischief: &mut Mischief, bug: Bug, text: Redacted) -> Vec<EngineOutput> {
    let send = |text: Redacted| EngineOutput::Wire(WireAction::SendFrame(text));
    let frame = read_sent(text.expose());
    let mut outputs = vec![send(text.clone())];
    match (bug, &frame) {
        (Bug::SendsTwice, Some(SentFrame::Message { .. }))
        | (Bug::ProbesTwice, Some(SentFrame::Probe))
        | (Bug::ReceiptsTwice, Some(SentFrame::Receipt { .. }))
        | (Bug::TypesTwice, Some(SentFrame::Typing)) => outputs.push(send(text.clone())),
        (Bug::HasItsOwnChance, Some(SentFrame::Typing)) if CHANCE.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) => {
            outputs.clear();
        }
        (Bug::AnswersItsOwnProbes, Some(SentFrame::Probe)) => mischief.pending.push(probe_answer()),
        (Bug::TypesAfterSending, Some(SentFrame::Message { .. })) => {
            let typing = text.expose().replacen("\"type\":\"Text\"", TYPING, 1);
            outputs.push(send(Redacted::new(typing)));
        }
        (Bug::ReceiptsAtOnce, Some(_)) if !mischief.last_frame.is_empty() => {
            let id = std::mem::take(&mut mischief.last_frame);
            outputs.extend(receipt_like(text.expose(), &id).map(send));
        }
        _ => {}
    }
    if let Some(SentFrame::Message { client_id, .. }) = frame {
        mischief.under_way = Some(client_id);
    }
    outputs
}

const TYPING: &str = "\"type\":\"Event\",\"events\":[{\"eventType\":\"Typing\",\"typing\":{\"type\":\"On\"}}]";
