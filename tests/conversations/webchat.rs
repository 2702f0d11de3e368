//! Section 3: typing in a web chat's session.

use crate::world::{World, body, header};
use guest_messenger::engine::{ConversationsSettings, TypingDialect};
use guest_messenger::protocol::json::Json;
use guest_messenger::protocol::wire::HttpCall;
use guest_messenger::session::audit::Audit;
use guest_messenger::session::input::{Command, Environment};

const SESSION: &str = "/api/v2/webchat/sessions/session-1";

fn world() -> World {
    World::live(ConversationsSettings {
        typing: TypingDialect::Webchat,
        session_id: Some("session-1".to_owned()),
        ..ConversationsSettings::default()
    })
}

fn session(etag: &str, attributes: &str) -> String {
    format!(r#"{{"state":"connected","etag":"{etag}","customAttributes":{attributes}}}"#)
}

fn indicator(call: &HttpCall) -> Json {
    let attributes = body(call).get("customAttributes").expect("attributes").clone();
    let Json::Map(pairs) = attributes else { panic!("no map") };
    pairs.into_iter().find(|(key, _)| key == "typingIndicator").expect("the indicator").1
}

/// `(result, error)` of each record.
fn records(world: &World) -> Vec<(&'static str, Option<&'static str>)> {
    let typing = |audit: &Audit| match audit {
        Audit::Typing(record) => Some((record.result, record.error)),
        _ => None,
    };
    world.audits.iter().filter_map(typing).collect()
}

/// A key was pressed, and the session has taken it.
fn typing() -> World {
    let mut world = world();
    world.key();
    world.answer(SESSION, 200, &session("e1", "{}"));
    world.answer(SESSION, 200, &session("e2", "{}"));
    world
}

#[test]
fn the_session_is_fetched_and_then_written_with_its_etag() {
    let mut world = world();
    world.key();
    let get = world.answer(SESSION, 200, &session("e1", "{}"));
    assert_eq!((get.method, get.body.is_none()), ("GET", true));
    let patch = world.answer(SESSION, 200, &session("e2", "{}"));
    assert_eq!((patch.method, header(&patch, "If-Match")), ("PATCH", Some("e1")));
    let said = indicator(&patch);
    assert_eq!((said.text("status"), said.integer("version")), (Some("typing"), Some(1)));
    assert_eq!(said.integer("originatedAt"), Some(world.wall_ms()));
    assert_eq!(said.integer("expiresAt"), Some(world.wall_ms() + 5_000));
    assert_eq!(records(&world), [("sent", None)]);
}

#[test]
fn the_next_write_carries_the_last_etag_without_fetching_again() {
    let mut world = typing();
    world.command(Command::Blur);
    let patch = world.take(SESSION);
    assert_eq!((patch.method, header(&patch, "If-Match")), ("PATCH", Some("e2")));
    assert_eq!(indicator(&patch), Json::Null);
}

#[test]
fn an_answer_without_an_etag_has_the_session_fetched_again() {
    let mut world = world();
    world.key();
    world.answer(SESSION, 200, &session("e1", "{}"));
    world.answer(SESSION, 204, "");
    world.command(Command::Blur);
    assert_eq!(world.take(SESSION).method, "GET");
}

#[test]
fn an_etag_that_stands_in_the_header_alone_is_understood() {
    let mut world = world();
    world.key();
    world.answer_headed(SESSION, 200, [Some("W/\"h1\""), None], r#"{"state":"connected"}"#);
    let patch = world.answer_headed(SESSION, 204, [Some("W/\"h2\""), None], "");
    assert_eq!((patch.method, header(&patch, "If-Match")), ("PATCH", Some("W/\"h1\"")));
    world.command(Command::Blur);
    let patch = world.answer_headed(SESSION, 412, [Some("W/\"h9\""), None], "{}");
    assert_eq!((patch.method, header(&patch, "If-Match")), ("PATCH", Some("W/\"h2\"")));
    assert_eq!(world.take(SESSION).method, "GET", "what somebody else has written is fetched all the same");
}

#[test]
fn the_etag_in_the_body_goes_before_the_one_in_the_header() {
    let mut world = world();
    world.key();
    world.answer_headed(SESSION, 200, [Some("of-the-page"), None], &session("e1", "{}"));
    assert_eq!(header(&world.take(SESSION), "If-Match"), Some("e1"));
}

#[test]
fn a_page_of_a_portal_with_an_etag_is_no_session() {
    let mut world = typing();
    world.command(Command::Blur);
    world.answer_headed(SESSION, 200, [Some("of-the-page"), None], "<html>");
    world.wait_for(SESSION);
    assert_eq!(header(&world.take(SESSION), "If-Match"), Some("e2"), "it is tried again");
}

#[test]
fn typing_needs_connected_else_an_error_names_the_state() {
    let states =
        [("queued", "rejected/webchat-queued"), ("closed", "closed/webchat"), ("asleep", "peer/webchat-state")];
    for (state, code) in states {
        let mut world = world();
        world.key();
        world.answer(SESSION, 200, &format!(r#"{{"state":"{state}","etag":"e1"}}"#));
        assert_eq!(records(&world), [("failed", Some(code))]);
        assert!(world.calls.is_empty() && world.events.is_empty(), "nothing is written and nobody disturbed");
        let error = guest_messenger::session::error::ChatError::ALL.iter().find(|error| error.code == code).unwrap();
        assert!(state == "asleep" || error.message.contains(state));
    }
}

#[test]
fn the_same_status_within_a_second_and_a_half_is_suppressed() {
    let mut world = World::live(ConversationsSettings {
        typing: TypingDialect::Webchat,
        session_id: Some("session-1".to_owned()),
        ..ConversationsSettings::default()
    });
    world.key();
    world.answer(SESSION, 200, &session("e1", "{}"));
    world.answer(SESSION, 200, &session("e2", "{}"));
    world.command(Command::Blur);
    world.answer(SESSION, 200, &session("e3", "{}"));
    world.key();
    world.command(Command::Blur);
    world.advance(200);
    assert!(world.calls.is_empty(), "off, and off again");
    for _ in 0..50 {
        world.key();
        world.advance(100);
        while !world.calls.is_empty() {
            world.answer(SESSION, 200, &session("e4", "{}"));
        }
    }
    let ons: Vec<u64> = world.made.iter().filter(|(_, call)| call.method == "PATCH").map(|(at, _)| *at).collect();
    assert!(ons[1..].windows(2).all(|pair| pair[1] - pair[0] >= 1_500), "{ons:?}");
}

#[test]
fn at_its_expiry_the_indicator_is_taken_out() {
    let mut world = typing();
    let waited = world.wait_for(SESSION);
    assert_eq!(waited, 5_000);
    let patch = world.answer(SESSION, 200, &session("e3", "{}"));
    assert_eq!((indicator(&patch), header(&patch, "If-Match")), (Json::Null, Some("e2")));
    world.idle(60_000);
    assert!(world.calls.is_empty(), "once");
}

#[test]
fn who_goes_on_typing_is_renewed_and_does_not_expire() {
    let mut world = typing();
    for _ in 0..100 {
        world.key();
        world.advance(100);
        while !world.calls.is_empty() {
            let patch = world.answer(SESSION, 200, &session("e3", "{}"));
            assert_ne!(indicator(&patch), Json::Null);
        }
    }
}

#[test]
fn a_412_fetches_merges_and_writes_again() {
    let mut world = world();
    world.key();
    world.answer(SESSION, 200, &session("e1", "{}"));
    world.answer(SESSION, 412, "");
    world.answer(SESSION, 200, &session("e7", r#"{"cart":"full","typingIndicator":null}"#));
    let patch = world.answer(SESSION, 200, &session("e8", "{}"));
    assert_eq!(header(&patch, "If-Match"), Some("e7"));
    assert_eq!(body(&patch).get("customAttributes").unwrap().text("cart"), Some("full"));
    assert_eq!(indicator(&patch).text("status"), Some("typing"));
    assert_eq!(records(&world), [("sent", None)]);
}

#[test]
fn after_three_times_412_it_is_given_up() {
    let mut world = world();
    world.key();
    world.answer(SESSION, 200, &session("e1", "{}"));
    for round in 0..3 {
        world.answer(SESSION, 412, "");
        world.answer(SESSION, 200, &session(&format!("e{round}"), "{}"));
    }
    world.answer(SESSION, 412, "");
    assert!(world.calls.is_empty());
    assert_eq!(records(&world), [("failed", Some("rejected/conflict"))]);
}

#[test]
fn what_another_tab_says_meanwhile_is_not_taken_out() {
    let mut world = typing();
    world.command(Command::Blur);
    world.answer(SESSION, 412, "");
    let theirs = format!(
        r#"{{"typingIndicator":{{"status":"typing","originatedAt":1,"expiresAt":{}}}}}"#,
        world.wall_ms() + 4_000
    );
    world.answer(SESSION, 200, &session("e7", &theirs));
    assert!(world.calls.is_empty(), "it is theirs to take out");
}

#[test]
fn a_429_waits_as_told_or_two_seconds_and_is_tried_three_times() {
    let mut world = world();
    world.key();
    world.answer(SESSION, 429, "");
    assert_eq!(world.wait_for(SESSION), 2_000);
    world.answer_with(SESSION, 429, Some("5"), "");
    assert_eq!(world.wait_for(SESSION), 5_000);
    world.answer(SESSION, 429, "");
    assert_eq!(records(&world)[0], ("failed", Some("rejected/busy")));
    assert!(world.events.is_empty());
}

#[test]
fn a_page_that_leaves_takes_its_indicator_out_with_keepalive() {
    let mut world = typing();
    world.environment(Environment::Leaving);
    let patch = world.take(SESSION);
    assert_eq!((indicator(&patch), patch.keepalive), (Json::Null, true));
}

#[test]
fn without_a_session_of_its_own_the_web_chats_is_the_one_that_came_with_the_conversation() {
    let mut world =
        World::live(ConversationsSettings { typing: TypingDialect::Webchat, ..ConversationsSettings::default() });
    world.key();
    assert!(world.urls()[0].ends_with("/webchat/sessions/conversation-1"));
}

#[test]
fn a_page_in_the_place_of_the_session_is_none_and_it_is_asked_for_again() {
    let mut world = world();
    world.key();
    // As the portal of a network gives it, before and in the place of what is wanted.
    world.answer(SESSION, 200, "<html>");
    world.wait_for(SESSION);
    world.answer(SESSION, 200, &session("e1", "{}"));
    world.answer(SESSION, 200, "<html>");
    world.wait_for(SESSION);
    let patch = world.answer(SESSION, 200, &session("e2", "{}"));
    assert_eq!((patch.method, header(&patch, "If-Match")), ("PATCH", Some("e1")));
    assert!(records(&world).iter().all(|(result, _)| *result != "failed"), "{:?}", records(&world));
}

#[test]
fn a_status_whose_answer_was_lost_is_taken_out_when_it_expires() {
    let mut world = world();
    world.key();
    world.answer(SESSION, 200, &session("e1", "{}"));
    for _ in 0..3 {
        world.wait_for(SESSION);
        world.no_answer(SESSION);
    }
    assert!(world.wait_for(SESSION) <= 5_000);
    world.answer(SESSION, 200, &session("e2", "{}"));
    let patch = world.take(SESSION);
    assert_eq!((patch.method, indicator(&patch)), ("PATCH", Json::Null));
}
