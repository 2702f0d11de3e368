//! Bugs in what the client hears.
#![expect(clippy::wildcard_enum_match_arm, reason = "each bug bends one thing and leaves the rest as it is")]
#![expect(clippy::panic, reason = "one of the bugs is a panic")]

use std::panic;

use guest_messenger::engine::EngineInput;
use guest_messenger::protocol::json::Json;
use guest_messenger::protocol::wire::WireInput;
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp};

use super::{Bug, Mischief};

const QUICK_MS: u64 = 300;
const GLANCE_MS: u64 = 1_000;

pub(super) fn bend(mischief: &mut Mischief, bug: Bug, now: Now, input: EngineInput) -> Vec<(Now, EngineInput)> {
    let mut inputs: Vec<_> = mischief.pending.drain(..).map(|input| (now, input)).collect();
    if let EngineInput::Wire(WireInput::SocketOpened) = input {
        mischief.is_opening = false;
    }
    inputs.extend(match input {
        EngineInput::Wire(WireInput::Frame(frame)) => {
            if bug == Bug::PanicsOnJunk && frame.is_none() {
                panic::panic_any("no JSON");
            }
            let frames = frame.map_or_else(|| vec![None], |frame| bend_frame(mischief, bug, frame));
            frames.into_iter().map(|frame| (now, EngineInput::Wire(WireInput::Frame(frame)))).collect()
        }
        EngineInput::Wire(WireInput::Answer { call, mut answer }) => {
            if let Some(answer) = &mut answer {
                match bug {
                    Bug::ForgetsRetryAfter => answer.retry_after = None,
                    Bug::ResendsWithoutHistory => keep_entities(answer.body.as_mut(), 0),
                    Bug::TakesPageOneForTheNewest => turn_round(answer.body.as_mut()),
                    Bug::TruncatesHistory => keep_entities(answer.body.as_mut(), 5),
                    Bug::DedupesByTime => drop_same_times(answer.body.as_mut()),
                    _ => {}
                }
            }
            vec![(now, EngineInput::Wire(WireInput::Answer { call, answer }))]
        }
        EngineInput::Wire(WireInput::SocketClosed(_)) if bug == Bug::DeafToClosure => Vec::new(),
        EngineInput::Session(input) => bend_session(mischief, bug, now, input)
            .into_iter()
            .map(|(now, input)| (now, EngineInput::Session(input)))
            .collect(),
        EngineInput::Wire(_) | EngineInput::Tab(_) | EngineInput::AccessToken(_) => vec![(now, input)],
    });
    inputs
}

fn bend_session(mischief: &mut Mischief, bug: Bug, now: Now, input: Input) -> Vec<(Now, Input)> {
    match (bug, input) {
        (Bug::ReadsWhileHidden, Input::Environment(Environment::Hidden))
        | (Bug::ReadsWhileClosed, Input::Command(Command::ClosePanel)) => Vec::new(),
        (Bug::DropsQuickMessages, Input::Command(Command::SendText(text))) => {
            let last_ms = mischief.last_send_ms.replace(now.monotonic.0);
            let is_quick = last_ms.is_some_and(|last_ms| now.monotonic.0 < last_ms + QUICK_MS);
            if is_quick { Vec::new() } else { vec![(now, Input::Command(Command::SendText(text)))] }
        }
        (Bug::ReadsAtAGlance, Input::Command(Command::InView(entries))) => {
            let before = Now { monotonic: Timestamp(now.monotonic.0.saturating_sub(GLANCE_MS)), ..now };
            vec![(before, Input::Command(Command::InView(entries))), (now, Input::Tick)]
        }
        (Bug::ReadsWhatWasInView, Input::Command(Command::InView(entries))) => {
            mischief.seen.extend(entries);
            mischief.seen.sort_unstable();
            mischief.seen.dedup();
            vec![(now, Input::Command(Command::InView(mischief.seen.clone())))]
        }
        (Bug::ForgetsToRestore, Input::Command(Command::Restore(_))) => {
            vec![(now, Input::Command(Command::Restore(Vec::new())))]
        }
        (Bug::RestoresAsNew, Input::Command(Command::Restore(mut unsent))) => {
            unsent.iter_mut().for_each(|unsent| unsent.client_id.0.push('2'));
            vec![(now, Input::Command(Command::Restore(unsent)))]
        }
        (Bug::RestoresFailures, Input::Command(Command::Restore(mut unsent))) => {
            unsent.iter_mut().for_each(|unsent| unsent.has_failed = false);
            vec![(now, Input::Command(Command::Restore(unsent)))]
        }
        (Bug::MixesConversations, Input::Command(Command::Restore(mut unsent))) => {
            unsent.iter_mut().for_each(|unsent| unsent.conversation = None);
            vec![(now, Input::Command(Command::Restore(unsent)))]
        }
        (Bug::KeepsTheToken, Input::Token(token)) => {
            let token = mischief.token.get_or_insert(token).clone();
            vec![(now, Input::Token(token))]
        }
        (Bug::TypingNeverEnds, Input::Tick) => {
            let again = mischief.typing.clone().map(|frame| EngineInput::Wire(WireInput::Frame(Some(frame))));
            mischief.pending.extend(again);
            vec![(now, Input::Tick)]
        }
        (_, input) => vec![(now, input)],
    }
}

fn bend_frame(mischief: &mut Mischief, bug: Bug, mut frame: Json) -> Vec<Option<Json>> {
    let class = frame.text("class").unwrap_or_default().to_owned();
    let is_message = class == "StructuredMessage";
    let is_outbound = frame.get("body").and_then(|body| body.text("direction")) == Some("Outbound");
    match bug {
        Bug::DedupesByTime if is_message => {
            let time = text_at(&frame, &["body", "channel", "time"]).to_owned();
            let id = text_at(&frame, &["body", "id"]).to_owned();
            if mischief.heard_times.iter().any(|(known, other)| *known == time && *other != id) {
                return Vec::new();
            }
            mischief.heard_times.push((time, id));
        }
        Bug::OrdersByArrival if is_message => {
            if let Some(channel) = member(&mut frame, "body").and_then(|body| member(body, "channel")) {
                remove(channel, "time");
            }
        }
        Bug::BlamesTheFirst if class == "string" => {
            if let Some(id) = &mischief.under_way {
                set(&mut frame, "tracingId", Json::from(id.as_str()));
            }
        }
        Bug::AcksTheFirst if is_message && is_outbound => {
            if let (Some(id), Some(body)) = (mischief.under_way.take(), member(&mut frame, "body")) {
                set(body, "direction", Json::from("Inbound"));
                set(body, "metadata", Json::object([("id", Json::from(id.as_str()))]));
            }
        }
        Bug::ForgetsSlowDown if class == "TooManyRequestsErrorMessage" => {
            if let Some(body) = member(&mut frame, "body") {
                remove(body, "retryAfter");
            }
        }
        Bug::MixesSessions if class == "SessionResponse" => {
            if let Some(body) = member(&mut frame, "body") {
                set(body, "newSession", Json::from(false));
            }
        }
        Bug::DeafToResumption if class == "SessionResponse" && !is_new(&frame) => return Vec::new(),
        Bug::ReceiptsAtOnce if is_message && is_outbound => {
            mischief.last_frame = text_at(&frame, &["body", "id"]).to_owned();
        }
        Bug::TypingNeverEnds if is_message && is_outbound => {
            let events = frame.get("body").map_or(&[][..], |body| body.list("events"));
            let is_typing = events.first().is_some_and(|event| event.text("eventType") == Some("Typing"));
            if is_typing {
                mischief.typing = Some(frame.clone());
            }
        }
        _ => {}
    }
    vec![Some(frame)]
}

fn is_new(session: &Json) -> bool {
    session.get("body").and_then(|body| body.bool("newSession")) != Some(false)
}

fn turn_round(body: Option<&mut Json>) {
    if let Some(Json::List(entities)) = body.and_then(|body| member(body, "entities")) {
        entities.sort_by(|one, other| text_at(other, &["channel", "time"]).cmp(text_at(one, &["channel", "time"])));
    }
}

fn keep_entities(body: Option<&mut Json>, count: usize) {
    if let Some(Json::List(entities)) = body.and_then(|body| member(body, "entities")) {
        entities.truncate(count);
    }
}

fn drop_same_times(body: Option<&mut Json>) {
    if let Some(Json::List(entities)) = body.and_then(|body| member(body, "entities")) {
        entities.dedup_by(|one, other| text_at(one, &["channel", "time"]) == text_at(other, &["channel", "time"]));
    }
}

fn text_at<'a>(json: &'a Json, path: &[&str]) -> &'a str {
    let found = path.iter().try_fold(json, |json, key| json.get(key));
    found.and_then(Json::as_text).unwrap_or_default()
}

fn member<'a>(json: &'a mut Json, key: &str) -> Option<&'a mut Json> {
    let Json::Map(pairs) = json else { return None };
    pairs.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
}

fn set(json: &mut Json, key: &str, value: Json) {
    remove(json, key);
    if let Json::Map(pairs) = json {
        pairs.push((key.to_owned(), value));
    }
}

fn remove(json: &mut Json, key: &str) {
    if let Json::Map(pairs) = json {
        pairs.retain(|(name, _)| name != key);
    }
}

/// A frame that says that the line is alive.
pub(super) fn probe_answer() -> EngineInput {
    let body = Json::object([("type", Json::from("Text")), ("direction", Json::from("Inbound"))]);
    let frame = Json::object([
        ("type", Json::from("response")),
        ("class", Json::from("StructuredMessage")),
        ("code", Json::Number(200.0)),
        ("tracingId", Json::from("SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=")),
        ("body", body),
    ]);
    EngineInput::Wire(WireInput::Frame(Some(frame)))
}

/// The same frame about another message.
pub(super) fn receipt_like(frame: &str, id: &str) -> Option<Redacted> {
    let mut value: serde_json::Value = serde_json::from_str(frame).ok()?;
    let token = value.get("token")?.clone();
    value = serde_json::json!({
        "action": "onMessage", "token": token, "tracingId": format!("receipt-{id}"),
        "message": {"type": "Receipt", "id": id, "status": "Read"},
    });
    Some(Redacted::new(value.to_string()))
}
