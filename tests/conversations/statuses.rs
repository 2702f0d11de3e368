//! Section 1: what every call carries, and the table of statuses.

use crate::world::{START_WALL_MS, World, header};
use guest_messenger::engine::{ConversationsSettings, ReceiptsDialect};
use guest_messenger::protocol::wire::HttpCall;
use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::output::Event;
use guest_messenger::session::view::{Banner, EndReason, Phase};

const TYPING: &str = "/participants/guest-1/typing";
const READ: &str = "/messages/a-1/read";

#[test]
fn every_call_carries_the_token_the_type_and_a_new_request_id_for_each_attempt() {
    let mut world = World::usual();
    world.send("Hello");
    for _ in 0..2 {
        world.answer("/messages", 500, "");
        world.wait_for("/messages");
    }
    let mut ids: Vec<&str> = Vec::new();
    for (_, call) in &world.made {
        assert_eq!(header(call, "Authorization"), Some("Bearer guest-token-1"));
        assert_eq!(header(call, "Content-Type"), Some("application/json"));
        assert_eq!(header(call, "Accept"), Some("application/json"));
        ids.push(header(call, "X-Genesys-Request-Id").unwrap());
    }
    assert_eq!(ids.len(), 3);
    for id in &ids {
        assert_eq!((id.len(), &id[14..15]), (36, "4"), "{id} is no UUID v4");
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3, "an id was used twice");
}

#[test]
fn no_token_stands_in_an_address() {
    let mut world = World::usual();
    world.key();
    world.send("Hello");
    for (_, call) in &world.made {
        assert!(!call.url.contains("guest-token"), "{}", call.url);
    }
    assert!(!world.sockets.iter().any(|(_, url)| url.contains("guest-token")));
}

#[test]
fn success_is_200_with_json_or_204_with_none() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer(
        "/messages",
        200,
        r#"{"id":"m-1","sentTime":"2026-10-14T09:00:01.000Z","deliveryStatus":"delivered"}"#,
    );
    assert_eq!(world.delivery(), "sent");
    world.send("Again");
    world.answer("/messages", 204, "");
    assert_eq!(world.delivery(), "sent");
}

#[test]
fn status_400_is_never_retried_and_told_with_the_servers_message() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 400, r#"{"message":"conversationId is missing"}"#);
    world.advance(60_000);
    assert_eq!(world.times("/messages").len(), 1);
    assert_eq!(world.delivery(), "failed");
    assert_eq!(world.errors(), ["rejected/bad-request: conversationId is missing"]);
}

#[test]
fn an_error_without_a_message_is_told_by_the_status_text() {
    for body in ["<html>", "{}", r#"{"message":""}"#, r#"{"message":7}"#] {
        let mut world = World::usual();
        world.send("Hello");
        world.answer("/messages", 400, body);
        assert_eq!(world.errors(), ["rejected/bad-request: Bad Request"], "{body}");
    }
    let texts = [(404, "Not Found"), (410, "Gone"), (422, "Unprocessable Content"), (418, "")];
    for (status, text) in texts {
        let mut world = World::usual();
        world.send("Hello");
        world.answer("/messages", status, "");
        assert!(world.errors()[0].ends_with(&format!(": {text}")), "{:?}", world.errors());
    }
}

#[test]
fn typing_and_receipts_wait_for_the_next_second_when_the_limit_is_nearly_used_up_and_messages_do_not() {
    let mut world = World::live(ConversationsSettings {
        receipts: ReceiptsDialect::Conversations,
        ..ConversationsSettings::default()
    });
    let entry = world.agent_says("a-1", "Hi");
    world.send("One");
    world.answer_headed("/messages", 200, [None, Some(" 10 ")], r#"{"id":"m-1"}"#);
    world.forget();
    world.key();
    assert!(world.calls.is_empty(), "{:?}", world.urls());
    world.send("Two");
    world.answer_headed("/messages", 200, [None, Some("3")], r#"{"id":"m-2"}"#);
    world.command(Command::InView(vec![entry]));
    world.advance(999);
    assert!(world.times(TYPING).is_empty() && world.times(READ).is_empty(), "{:?}", world.urls());
    let began_ms = world.now_ms;
    world.wait_for(READ);
    assert!(world.now_ms - began_ms <= 2_002, "{}", world.now_ms - began_ms);
}

#[test]
fn a_message_waits_for_the_next_second_when_nothing_is_left_of_the_limit() {
    let mut world = World::usual();
    world.send("One");
    world.answer_headed("/messages", 200, [None, Some("1")], r#"{"id":"m-1"}"#);
    world.send("Two");
    assert_eq!(world.times("/messages").len(), 2, "one is left");
    world.answer("/messages", 200, r#"{"id":"m-2"}"#);
    world.send("Three");
    assert!(world.calls.is_empty(), "{:?}", world.urls());
    assert!((1_000..2_000).contains(&world.wait_for("/messages")));
    world.answer("/messages", 200, r#"{"id":"m-3"}"#);
    assert_eq!((world.delivery(), world.errors()), ("sent", Vec::new()));
}

#[test]
fn visitors_who_share_a_limit_do_not_all_come_back_at_the_same_moment() {
    let mut world = World::usual();
    world.send("One");
    let waits_ms = [0, 1, 2, 3].map(|_| {
        world.answer_headed("/messages", 200, [None, Some("0")], "{}");
        world.send("More");
        world.wait_for("/messages")
    });
    let [least_ms, most_ms] = [waits_ms.iter().min(), waits_ms.iter().max()].map(|wait_ms| *wait_ms.unwrap());
    assert!(least_ms >= 1_000 && most_ms - least_ms > 200, "{waits_ms:?}");
}

#[test]
fn a_page_that_goes_away_does_not_wait_for_the_limit() {
    let mut world = World::usual();
    world.key();
    world.answer_headed(TYPING, 204, [None, Some("0")], "");
    world.forget();
    world.environment(Environment::Leaving);
    assert_eq!(world.made_to(TYPING).len(), 1, "the end of typing is said");
}

#[test]
fn what_is_no_count_of_what_is_left_is_passed_over() {
    for left in [None, Some(""), Some("-1"), Some("none"), Some("0x0"), Some("9999999999999999999999"), Some("100")] {
        let mut world = World::usual();
        world.send("One");
        world.answer_headed("/messages", 200, [None, left], r#"{"id":"m-1"}"#);
        world.key();
        world.send("Two");
        assert_eq!((world.times(TYPING).len(), world.times("/messages").len()), (1, 2), "{left:?}");
    }
}

#[test]
fn what_the_visitor_wrote_is_not_told_even_if_the_server_quotes_it() {
    let mut world = World::usual();
    world.send("my secret is swordfish");
    world.answer("/messages", 400, r#"{"message":"cannot take 'my secret is swor…'"}"#);
    assert_eq!(world.errors(), ["rejected/bad-request: Bad Request"]);
}

#[test]
fn status_401_asks_for_a_new_token_once_and_repeats_the_call_once() {
    let mut world = World::provided(ConversationsSettings::default());
    world.send("Hello");
    world.answer("/messages", 401, "");
    assert_eq!((world.asked, world.calls.len()), (1, 0), "it waits for the token");
    world.provide("access-2", Some(1_800));
    let call = world.answer("/messages", 401, "");
    assert_eq!(header(&call, "Authorization"), Some("Bearer access-2"));
    world.advance(1_000);
    assert_eq!((world.asked, world.times("/messages").len()), (1, 2));
    assert_eq!(world.delivery(), "failed");
    assert_eq!(world.errors(), ["rejected/authentication: Unauthorized"]);
}

#[test]
fn status_401_re_opens_the_events_socket_with_the_new_token() {
    let mut world = World::provided(ConversationsSettings::default());
    world.send("Hello");
    world.answer("/messages", 401, "");
    world.provide("access-2", Some(1_800));
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!((world.delivery(), world.closes), ("sent", 1));
    world.advance(3_000);
    assert_eq!(world.sockets.len(), 1);
    assert_eq!(world.frames.last().unwrap().text("token"), Some("access-2"));
    assert!(world.is_live());
}

#[test]
fn status_403_is_never_retried_and_its_error_names_the_scope() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 403, r#"{"message":"The token lacks the scope messaging:conversation:write."}"#);
    world.send("Again");
    world.answer("/messages", 403, "");
    world.advance(60_000);
    assert_eq!(world.times("/messages").len(), 2);
    assert_eq!(world.errors(), ["rejected/scope: messaging:conversation:write", "rejected/scope: messaging:write"]);
}

#[test]
fn status_404_is_never_retried() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 404, r#"{"message":"There is no such conversation."}"#);
    world.advance(60_000);
    assert_eq!((world.times("/messages").len(), world.delivery()), (1, "failed"));
    assert_eq!(world.errors(), ["rejected/not-found: There is no such conversation."]);
}

#[test]
fn status_409_is_never_retried_and_ends_the_conversation() {
    let mut world = World::usual();
    world.key();
    world.answer(TYPING, 409, "");
    assert_eq!(world.engine.view().phase, Phase::Ended(EndReason::Over), "which is not that it has expired");
    assert!(world.events.iter().any(|event| matches!(event, Event::Ended { reason: "ended" })));
    world.advance(60_000);
    assert_eq!(world.times(TYPING).len(), 1);
    assert!(!world.has_socket);
}

/// A receipt is under way.
fn with_receipt() -> World {
    let mut world = World::live(ConversationsSettings {
        receipts: ReceiptsDialect::Conversations,
        ..ConversationsSettings::default()
    });
    let entry = world.agent_says("a-1", "Hi");
    world.command(Command::InView(vec![entry]));
    world.wait_for(READ);
    world
}

#[test]
fn status_429_waits_as_long_as_retry_after_says_in_seconds() {
    let mut world = with_receipt();
    world.answer_with(READ, 429, Some("7"), "");
    assert_eq!(world.wait_for(READ), 7_000);
}

#[test]
fn status_429_waits_until_the_date_that_retry_after_names_by_the_answers_own_clock() {
    let mut world = with_receipt();
    // Ten years off.
    world.wall_shift_ms = -315_360_000_000;
    assert!(world.wall_ms() < START_WALL_MS);
    world.answer_dated(READ, 429, "Wed, 14 Oct 2026 09:00:09 GMT", "Wed, 14 Oct 2026 09:00:00 GMT");
    assert_eq!(world.wait_for(READ), 9_000);
}

#[test]
fn status_429_without_a_time_waits_one_and_two_seconds_and_a_bit_and_is_tried_three_times() {
    let mut world = with_receipt();
    world.answer(READ, 429, "");
    assert!((1_000..=1_500).contains(&world.wait_for(READ)));
    world.answer(READ, 429, "");
    assert!((2_000..=3_000).contains(&world.wait_for(READ)));
    world.answer(READ, 429, "");
    world.advance(60_000);
    assert_eq!(world.times(READ).len(), 3);
    assert_eq!(world.errors(), ["rejected/busy: Too Many Requests"]);
}

#[test]
fn garbage_in_retry_after_names_no_time_and_a_huge_one_is_fifteen_minutes() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer_with("/messages", 429, Some("soon"), "");
    assert!((2_000..=2_500).contains(&world.wait_for("/messages")));
    world.answer_with("/messages", 429, Some("999999999999"), "");
    assert_eq!(world.engine.view().banner, Some(Banner::Busy), "a long wait is told");
    assert_eq!(world.wait_for("/messages"), 900_000);
}

fn fail_five(world: &mut World) -> Vec<HttpCall> {
    (0..5)
        .map(|round| {
            world.send(&format!("Message {round}"));
            world.wait_for("/messages");
            world.answer("/messages", 500, "")
        })
        .collect()
}

#[test]
fn status_5xx_is_tried_three_times_with_growing_waits_and_never_silent() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 503, "");
    assert!((2_000..=2_500).contains(&world.wait_for("/messages")));
    world.answer("/messages", 500, "");
    assert!((4_000..=5_000).contains(&world.wait_for("/messages")));
    world.answer("/messages", 502, "");
    world.advance(60_000);
    assert_eq!((world.times("/messages").len(), world.delivery()), (3, "failed"));
    assert_eq!(world.errors(), ["network/platform: Bad Gateway"]);
}

#[test]
fn five_faults_in_thirty_seconds_open_the_circuit_and_a_single_call_decides() {
    let mut world = World::usual();
    fail_five(&mut world);
    let failed_at = world.now_ms;
    world.forget();
    world.key();
    assert_eq!(world.urls(), [""; 0], "nothing goes out while it is open");
    let waited = world.wait_for("/messages");
    assert!(waited >= 29_000, "{waited}");
    assert_eq!(world.now_ms - failed_at, waited);
    assert_eq!(world.calls.len(), 1, "one call decides");
    world.key();
    assert_eq!(world.calls.len(), 1, "and no other goes out meanwhile");
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    world.advance(1_000);
    assert!(!world.calls.is_empty(), "then all go on");
}

#[test]
fn a_html_answer_is_no_page_of_history() {
    let mut world = World::usual();
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.answer("pageNumber=1", 200, "<html>");
    world.advance(10_000);
    assert!(world.calls.iter().any(|call| call.url.ends_with("pageNumber=1")), "it is asked for again");
}

#[test]
fn status_413_is_prevented_before_the_call_and_never_retried() {
    let mut world = World::usual();
    world.send(&"é".repeat(2_049));
    assert!(world.made_to("/messages").is_empty());
    world.send("Hello");
    world.answer("/messages", 413, "");
    world.advance(60_000);
    assert_eq!((world.delivery(), world.times("/messages").len()), ("failed", 1));
}

#[test]
fn status_412_of_a_call_that_has_no_etag_is_never_retried() {
    let mut world = with_receipt();
    world.answer(READ, 412, "");
    world.advance(60_000);
    assert_eq!(
        (world.times(READ).len(), world.errors()),
        (1, vec!["rejected/conflict: Precondition Failed".to_owned()])
    );
}

#[test]
fn a_504_that_names_a_wait_is_waited_for_though_the_visitor_sends_again_at_once() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer_with("/messages", 504, Some("33"), "{}");
    world.answer("pageNumber=1", 200, r#"{"entities":[]}"#);
    assert_eq!(world.delivery(), "failed");
    world.command(Command::Retry(world.entry_of("Hello")));
    let waited_ms = world.wait_for("/messages");
    assert!(waited_ms >= 33_000, "{waited_ms}");
}

#[test]
fn a_token_that_was_refused_twice_in_a_row_is_not_used_by_the_next_call() {
    let mut world = World::provided(ConversationsSettings::default());
    world.send("Hello");
    world.answer("/messages", 401, "{}");
    world.provide("access-2", Some(1_800));
    world.answer("/messages", 401, "{}");
    world.asked = 0;
    world.send("Again");
    world.advance(1_000);
    assert_eq!(world.asked, 1, "a third token is asked for");
}

#[test]
fn a_retry_after_with_spaces_round_it_is_heard_and_played_back() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer_with("/messages", 429, Some(" 7 "), "");
    world.advance(5_000);
    world.key();
    assert_eq!(world.wait_for("/messages"), 2_000);
}
