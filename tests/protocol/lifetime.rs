//! When the session ends, as frames tell it (guest API reference, sections 4.5, 5.1 and 11.3).

use guest_messenger::protocol::json::Json;
use guest_messenger::session::input::Command;
use guest_messenger::session::view::Banner;

use crate::harness::{EPOCH_MS, TestEngine};

const LIFE_S: i64 = 900;

fn now_s(test: &TestEngine) -> i64 {
    (EPOCH_MS + i64::try_from(test.now_ms).unwrap()) / 1_000
}

/// A session that is this far from its end.
fn with_left(left_s: i64) -> TestEngine {
    let mut test = TestEngine::live();
    let end_s = now_s(&test) + left_s;
    test.receive(&format!(
        r#"{{"type":"response","class":"SessionResponse","code":200,"body":{{"connected":true,
            "durationSeconds":{LIFE_S},"expirationDate":{end_s}}}}}"#
    ));
    test.actions.clear();
    test
}

/// The answer to a health check, with this metadata.
fn alive(test: &mut TestEngine, metadata: &str) {
    test.receive(&format!(
        r#"{{"type":"response","class":"StructuredMessage","code":200,"tracingId":"SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=",
            "body":{{"id":"1","type":"Text","direction":"Inbound","text":"ping","metadata":{metadata}}}}}"#
    ));
}

#[test]
fn a_session_with_less_than_five_minutes_left_is_warned_of() {
    assert_eq!(with_left(301).engine.view().banner, None);
    assert_eq!(with_left(299).engine.view().banner, Some(Banner::Expiring));
}

#[test]
fn a_health_check_names_the_end_in_seconds_written_as_text() {
    let mut test = with_left(200);
    let end_s = now_s(&test) + LIFE_S;
    alive(&mut test, &format!(r#"{{"durationSeconds":"{LIFE_S}","expirationDate":"{end_s}"}}"#));
    assert_eq!(test.engine.view().banner, None);
}

#[test]
fn a_health_check_that_names_no_end_moves_none() {
    for metadata in ["{}", "null", r#"{"durationSeconds":"900"}"#, r#"{"expirationDate":"soon"}"#] {
        let mut test = with_left(200);
        alive(&mut test, metadata);
        assert_eq!(test.engine.view().banner, Some(Banner::Expiring), "{metadata}");
    }
}

#[test]
fn staying_sends_a_typing_event_and_then_a_health_check() {
    let mut test = with_left(200);
    test.command(Command::Extend);
    let frames = test.take_frames();
    assert_eq!(frames.iter().filter_map(|frame| frame.text("action")).collect::<Vec<_>>(), ["onMessage", "echo"]);
    let events = frames.first().and_then(|frame| frame.get("message")).map(|message| message.list("events"));
    let kinds: Vec<_> = events.unwrap_or_default().iter().filter_map(|event: &Json| event.text("eventType")).collect();
    assert_eq!(kinds, ["Typing"]);
}
