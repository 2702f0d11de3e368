//! Section 3, typing in a web chat's session: what is suppressed, what expires, and what happens when the page leaves.

use crate::world::{World, body};
use guest_messenger::engine::{ConversationsSettings, ReceiptsDialect, TypingDialect};
use guest_messenger::protocol::json::Json;
use guest_messenger::protocol::wire::HttpCall;
use guest_messenger::session::audit::Audit;
use guest_messenger::session::input::{Command, Environment};

const SESSION: &str = "/api/v2/webchat/sessions/session-1";

fn chosen() -> ConversationsSettings {
    ConversationsSettings {
        typing: TypingDialect::Webchat,
        session_id: Some("session-1".to_owned()),
        ..ConversationsSettings::default()
    }
}

fn session(etag: &str) -> String {
    format!(r#"{{"state":"connected","etag":"{etag}","customAttributes":{{}}}}"#)
}

/// A key was pressed, and the session has taken it after so long.
fn typing_after(chosen: ConversationsSettings, latency_ms: u64) -> World {
    let mut world = World::live(chosen);
    world.key();
    world.answer(SESSION, 200, &session("e1"));
    world.advance(latency_ms);
    world.answer(SESSION, 200, &session("e2"));
    world
}

fn indicator(call: &HttpCall) -> Json {
    body(call)
        .get("customAttributes")
        .and_then(|attributes| attributes.get("typingIndicator"))
        .cloned()
        .unwrap_or(Json::Null)
}

/// `(status, result)` of each record.
fn records(world: &World) -> Vec<(&'static str, &'static str)> {
    let typing = |audit: &Audit| match audit {
        Audit::Typing(record) => Some((record.indicator_status, record.result)),
        _ => None,
    };
    world.audits.iter().filter_map(typing).collect()
}

#[test]
fn a_second_and_a_half_counts_from_when_the_session_took_it() {
    for (at_ms, result) in [(1_699, "suppressed"), (1_700, "sent")] {
        let mut world = typing_after(chosen(), 200);
        world.advance(at_ms - 200);
        world.key();
        if result == "sent" {
            world.answer(SESSION, 200, &session("e3"));
        }
        assert!(world.calls.is_empty(), "{at_ms}: {:?}", world.urls());
        assert_eq!(records(&world), [("on", "sent"), ("on", result)], "{at_ms}");
    }
}

#[test]
fn another_status_is_never_suppressed() {
    let mut world = typing_after(chosen(), 200);
    world.command(Command::Blur);
    world.answer(SESSION, 200, &session("e3"));
    assert_eq!(records(&world), [("on", "sent"), ("off", "sent")]);
}

#[test]
fn the_end_of_typing_that_could_not_be_said_is_not_said_either() {
    let mut world = World::live(chosen());
    world.key();
    world.answer(SESSION, 200, r#"{"state":"queued","etag":"e1"}"#);
    world.command(Command::Blur);
    assert!(world.calls.is_empty(), "{:?}", world.urls());
    assert_eq!(records(&world), [("on", "failed"), ("off", "suppressed")]);
}

#[test]
fn a_session_without_an_etag_is_not_written_and_not_fetched_for_ever() {
    let mut world = World::live(chosen());
    world.key();
    world.answer(SESSION, 200, r#"{"state":"connected"}"#);
    assert!(world.calls.is_empty(), "{:?}", world.urls());
    assert_eq!(records(&world), [("on", "failed")]);
}

#[test]
fn the_first_write_brings_the_indicator_alone() {
    let mut world = World::live(chosen());
    world.key();
    world.answer(SESSION, 200, r#"{"state":"connected","etag":"e1","customAttributes":{"cart":"full"}}"#);
    let said = body(&world.take(SESSION));
    assert_eq!(said.get("customAttributes").unwrap().text("cart"), None);
}

#[test]
fn a_status_expires_five_seconds_after_it_was_written_however_long_the_pause_is() {
    let mut world = typing_after(ConversationsSettings { typing_pause_ms: Some(60_000), ..chosen() }, 200);
    assert_eq!(world.wait_for(SESSION), 5_000);
    let patch = world.answer(SESSION, 200, &session("e3"));
    assert_eq!((patch.method, indicator(&patch)), ("PATCH", Json::Null));
    assert_eq!(records(&world), [("on", "sent"), ("off", "sent")]);
}

#[test]
fn a_renewal_that_fails_leaves_the_status_before_to_expire() {
    let mut world = typing_after(ConversationsSettings { typing_pause_ms: Some(60_000), ..chosen() }, 0);
    world.advance(1_500);
    world.key();
    world.answer(SESSION, 400, "");
    assert_eq!(world.wait_for(SESSION), 3_500);
    // The etag is as old as the failure.
    assert_eq!(world.answer(SESSION, 200, &session("e4")).method, "GET");
    assert_eq!(indicator(&world.take(SESSION)), Json::Null);
}

#[test]
fn what_could_not_be_taken_out_is_not_tried_for_ever() {
    let mut world = typing_after(chosen(), 0);
    world.command(Command::Blur);
    world.answer(SESSION, 400, "");
    world.idle(60_000);
    assert!(world.calls.is_empty(), "{:?}", world.urls());
    assert_eq!(records(&world), [("on", "sent"), ("off", "failed")]);
}

#[test]
fn what_is_wanted_while_a_write_is_under_way_is_written_after_it() {
    let mut world = World::live(chosen());
    world.key();
    world.answer(SESSION, 200, &session("e1"));
    world.command(Command::Blur);
    assert_eq!(world.calls.len(), 1, "one after the other");
    world.answer(SESSION, 200, &session("e2"));
    let patch = world.take(SESSION);
    assert_eq!((patch.method, indicator(&patch)), ("PATCH", Json::Null));
}

#[test]
fn a_write_that_waits_to_be_tried_again_is_taken_back_when_the_page_leaves() {
    let mut world = typing_after(chosen(), 0);
    world.advance(1_500);
    world.key();
    world.answer_with(SESSION, 429, Some("20"), "");
    world.forget();
    world.environment(Environment::Leaving);
    assert!(world.made.iter().all(|(_, call)| indicator(call) == Json::Null && call.keepalive), "{:?}", world.made);
    world.calls.clear();
    world.idle(60_000);
    let ons = world.made.iter().filter(|(_, call)| call.method == "PATCH" && indicator(call) != Json::Null).count();
    assert_eq!(ons, 0, "nobody types on a page that is gone");
}

#[test]
fn a_page_that_leaves_while_its_etag_is_not_known_writes_nothing() {
    let mut world = World::live(chosen());
    world.key();
    world.answer(SESSION, 200, &session("e1"));
    world.answer(SESSION, 204, "");
    world.forget();
    world.environment(Environment::Leaving);
    assert!(world.made.is_empty(), "{:?}", world.made);
}

#[test]
fn an_answer_that_comes_after_the_page_has_left_is_no_reason_to_write() {
    let mut world = World::live(chosen());
    world.key();
    world.environment(Environment::Leaving);
    world.forget();
    world.answer(SESSION, 200, &session("e1"));
    assert!(world.made.is_empty() && world.audits.is_empty(), "{:?} {:?}", world.made, world.audits);
}

#[test]
fn a_fault_that_names_no_time_is_waited_out_like_any_other() {
    let mut world = World::live(chosen());
    world.key();
    world.answer(SESSION, 503, "");
    let waited_ms = world.wait_for(SESSION);
    assert!((1_000..=1_500).contains(&waited_ms), "{waited_ms}");
}

#[test]
fn a_status_of_which_nobody_knows_whether_it_stands_is_taken_out_and_one_that_was_never_sent_is_not() {
    // Without an answer to the fetch nothing was written.
    let mut world = World::live(ConversationsSettings { typing_pause_ms: Some(60_000), ..chosen() });
    world.key();
    for _ in 0..3 {
        world.wait_for(SESSION);
        world.no_answer(SESSION);
    }
    world.idle(30_000);
    assert!(world.calls.is_empty(), "{:?}", world.urls());
}

#[test]
fn what_has_expired_is_nobodys_and_what_is_ones_own_is_taken_out_after_a_412() {
    let theirs = |world: &World, originated_ms: i64, left_ms: i64| {
        format!(
            r#"{{"state":"connected","etag":"e7","customAttributes":{{"typingIndicator":{{"status":"typing","originatedAt":{originated_ms},"expiresAt":{}}}}}}}"#,
            world.wall_ms() + left_ms
        )
    };
    for (is_own, left_ms, writes) in [(false, 1, false), (false, 0, true), (false, -1, true), (true, 4_000, true)] {
        let mut world = typing_after(chosen(), 0);
        let originated_ms = if is_own { world.wall_ms() } else { 1 };
        world.advance(100);
        world.command(Command::Blur);
        world.answer(SESSION, 412, "");
        let found = theirs(&world, originated_ms, left_ms);
        world.answer(SESSION, 200, &found);
        assert_eq!(world.calls.len() == 1, writes, "{is_own} {left_ms}");
        assert!(world.calls.iter().all(|call| indicator(call) == Json::Null));
    }
}

#[test]
fn a_page_that_leaves_takes_back_what_it_said_of_typing_and_no_receipt() {
    let mut world = typing_after(ConversationsSettings { receipts: ReceiptsDialect::Conversations, ..chosen() }, 0);
    let entry = world.agent_says("a-1", "Hi");
    world.command(Command::InView(vec![entry]));
    world.wait_for("a-1/read");
    world.environment(Environment::Leaving);
    world.answer("a-1/read", 500, "");
    world.wait_for("a-1/read");
}
