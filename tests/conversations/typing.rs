//! Section 3: typing, in the dialects that have a call for it.

use crate::world::{World, body};
use guest_messenger::engine::{ConversationsSettings, TypingDialect};
use guest_messenger::protocol::wire::HttpCall;
use guest_messenger::session::audit::Audit;
use guest_messenger::session::input::{Command, Environment};

const PARTICIPANTS: &str = "/participants/guest-1/typing";
const CONVERSATIONS: &str = "/conversations/conversation-1/typing";

fn in_conversations() -> World {
    World::live(ConversationsSettings { typing: TypingDialect::Conversations, ..ConversationsSettings::default() })
}

fn is_on(call: &HttpCall) -> bool {
    let said = body(call);
    said.bool("isTyping").or_else(|| said.bool("typing")).expect("on or off")
}

/// What was said at such an address, with its moment.
fn said(world: &World, place: &str) -> Vec<(u64, bool)> {
    let such = world.made.iter().filter(|(_, call)| call.url.ends_with(place));
    such.map(|(at, call)| (*at - 1_000, is_on(call))).collect()
}

/// Presses a key every so often for so long, and answers everything at once.
fn type_for(world: &mut World, place: &str, span_ms: u64, every_ms: u64) {
    let until_ms = world.now_ms + span_ms;
    while world.now_ms < until_ms {
        world.key();
        answer_all(world, place);
        for _ in 0..every_ms / 50 {
            world.advance(50);
            answer_all(world, place);
        }
    }
}

fn answer_all(world: &mut World, place: &str) {
    while world.calls.iter().any(|call| call.url.ends_with(place)) {
        world.answer(place, 204, "");
    }
}

#[test]
fn participants_is_a_post_that_names_the_conversation() {
    let mut world = World::usual();
    world.key();
    let call = world.take(PARTICIPANTS);
    assert_eq!(call.method, "POST");
    assert!(call.url.ends_with("/api/v2/conversations/messaging/participants/guest-1/typing"));
    assert_eq!(
        (body(&call).text("conversationId"), body(&call).bool("isTyping")),
        (Some("conversation-1"), Some(true))
    );
}

#[test]
fn conversations_is_a_post_to_the_conversation() {
    let mut world = in_conversations();
    world.key();
    let call = world.take(CONVERSATIONS);
    assert_eq!(call.method, "POST");
    assert!(call.url.ends_with("/api/v2/conversations/messaging/conversations/conversation-1/typing"));
    assert_eq!(call.body.as_ref().unwrap().expose(), r#"{"typing":true}"#);
}

#[test]
fn the_first_key_says_on_at_once_and_then_one_a_second_at_most() {
    for place in [PARTICIPANTS, CONVERSATIONS] {
        let mut world = if place == PARTICIPANTS { World::usual() } else { in_conversations() };
        type_for(&mut world, place, 5_000, 100);
        let ons: Vec<u64> = said(&world, place).into_iter().filter(|(_, is_on)| *is_on).map(|(at, _)| at).collect();
        assert_eq!(ons, [0, 1_000, 2_000, 3_000, 4_000, 5_000], "{place}");
    }
}

#[test]
fn off_is_said_after_a_pause_of_one_second_for_participants() {
    let mut world = World::usual();
    world.key();
    answer_all(&mut world, PARTICIPANTS);
    world.advance(5_000);
    assert_eq!(said(&world, PARTICIPANTS), [(0, true), (1_000, false)]);
}

#[test]
fn off_is_said_after_a_pause_of_half_a_second_for_conversations() {
    let mut world = in_conversations();
    world.key();
    answer_all(&mut world, CONVERSATIONS);
    world.advance(5_000);
    assert_eq!(said(&world, CONVERSATIONS), [(0, true), (500, false)]);
}

#[test]
fn the_pause_is_the_pages_to_choose() {
    let mut world =
        World::live(ConversationsSettings { typing_pause_ms: Some(2_500), ..ConversationsSettings::default() });
    world.key();
    answer_all(&mut world, PARTICIPANTS);
    world.advance(5_000);
    assert_eq!(said(&world, PARTICIPANTS), [(0, true), (2_500, false)]);
}

#[test]
fn off_is_said_on_blur_on_send_on_emptying_the_field_and_when_the_page_is_hidden_or_leaves() {
    let ends: [fn(&mut World); 5] = [
        |world| world.command(Command::Blur),
        |world| world.send("Hello"),
        |world| world.command(Command::Compose { has_text: false }),
        |world| world.environment(Environment::Hidden),
        |world| world.environment(Environment::Leaving),
    ];
    for (index, end) in ends.into_iter().enumerate() {
        let mut world = World::usual();
        world.key();
        answer_all(&mut world, PARTICIPANTS);
        world.advance(100);
        end(&mut world);
        assert_eq!(said(&world, PARTICIPANTS), [(0, true), (100, false)], "end {index}");
        answer_all(&mut world, PARTICIPANTS);
        world.advance(10_000);
        assert_eq!(said(&world, PARTICIPANTS).len(), 2, "end {index}: off is said once");
    }
}

#[test]
fn a_page_that_leaves_says_off_with_keepalive_even_while_on_is_under_way() {
    let mut world = World::usual();
    world.key();
    world.environment(Environment::Leaving);
    let calls = world.made_to(PARTICIPANTS);
    assert_eq!(
        calls.iter().map(|call| (is_on(call), call.keepalive)).collect::<Vec<_>>(),
        [(true, false), (false, true)]
    );
}

#[test]
fn nothing_is_said_by_who_does_not_type() {
    let mut world = World::usual();
    world.command(Command::Blur);
    world.command(Command::Compose { has_text: false });
    world.environment(Environment::Leaving);
    assert!(world.made.is_empty());
}

#[test]
fn on_and_off_arrive_in_the_order_in_which_they_were_said() {
    let mut world = World::usual();
    world.key();
    world.command(Command::Blur);
    assert_eq!(world.calls.len(), 1, "off waits for the answer to on");
    world.advance(3_000);
    world.answer(PARTICIPANTS, 204, "");
    assert_eq!(said(&world, PARTICIPANTS), [(0, true), (3_000, false)]);
}

#[test]
fn a_slow_platform_never_gets_more_than_one_on_a_second() {
    let mut world = World::usual();
    for _ in 0..50 {
        world.key();
        world.advance(100);
        if world.now_ms.is_multiple_of(700) {
            answer_all(&mut world, PARTICIPANTS);
        }
    }
    let ons: Vec<u64> = said(&world, PARTICIPANTS).into_iter().filter(|(_, is_on)| *is_on).map(|(at, _)| at).collect();
    assert!(ons.windows(2).all(|pair| pair[1] - pair[0] >= 1_000), "{ons:?}");
    assert!(ons.len() > 2);
}

#[test]
fn a_failed_typing_call_is_recorded_and_dropped_and_disturbs_nobody() {
    let mut world = World::usual();
    world.key();
    world.answer(PARTICIPANTS, 400, r#"{"message":"no"}"#);
    world.advance(1_000);
    world.no_answer(PARTICIPANTS);
    world.advance(60_000);
    assert!(world.events.is_empty(), "{:?}", world.events);
    let failed = |audit: &&Audit| matches!(audit, Audit::Typing(record) if record.result == "failed");
    let records: Vec<_> = world.audits.iter().filter(failed).collect();
    assert!(!records.is_empty());
    let Audit::Typing(first) = records[0] else { unreachable!() };
    assert_eq!((first.indicator_status, first.error), ("on", Some("rejected/bad-request")));
}

#[test]
fn off_waits_as_long_as_the_platform_asked_when_on_was_too_many() {
    let mut world = World::usual();
    world.key();
    world.answer_with(PARTICIPANTS, 429, Some("4"), "");
    world.advance(10_000);
    assert_eq!(said(&world, PARTICIPANTS), [(0, true), (4_000, false)]);
}

#[test]
fn a_wait_that_the_platform_asks_for_outlives_two_changes_of_mind() {
    let mut world = World::usual();
    world.key();
    world.answer_with("/typing", 503, Some("30"), "{}");
    // Off takes the place of on, and the next on that of off.
    world.command(Command::Blur);
    world.key();
    let waited_ms = world.wait_for("/typing");
    assert!(waited_ms >= 30_000, "{waited_ms}");
}

#[test]
fn an_on_that_had_to_wait_for_a_token_counts_when_it_goes_out() {
    let mut world = World::provided(ConversationsSettings::default());
    world.advance(1_790_000);
    world.forget();
    for tenth in 0..60 {
        world.key();
        world.advance(100);
        if tenth == 24 {
            world.provide("access-1", Some(1_800));
        }
        answer_all(&mut world, PARTICIPANTS);
    }
    let ons: Vec<u64> = said(&world, PARTICIPANTS).into_iter().filter(|(_, is_on)| *is_on).map(|(at, _)| at).collect();
    assert!(ons.len() > 2 && ons.windows(2).all(|pair| pair[1] - pair[0] >= 1_000), "{ons:?}");
}

#[test]
fn off_is_said_even_while_the_line_is_down() {
    let mut world = World::usual();
    world.key();
    world.answer(PARTICIPANTS, 204, "");
    world.opens = false;
    world.close(1006);
    world.advance(1_000);
    assert_eq!(said(&world, PARTICIPANTS), [(0, true), (1_000, false)]);
}

#[test]
fn the_last_word_is_the_visitors_last_wish_whatever_failed_before_it() {
    for status in [401, 500] {
        let mut world = World::provided(ConversationsSettings::default());
        world.key();
        world.answer(PARTICIPANTS, 204, "");
        world.command(Command::Blur);
        world.advance(1_000);
        // Meant to be said when off has been said, which fails; and taken back again.
        world.key();
        world.answer(PARTICIPANTS, status, "");
        world.command(Command::Blur);
        world.provide("access-2", Some(1_800));
        for _ in 0..20 {
            world.advance(1_000);
            answer_all(&mut world, PARTICIPANTS);
        }
        assert_eq!(said(&world, PARTICIPANTS).last().map(|(_, is_on)| *is_on), Some(false), "{status}");
    }
}

#[test]
fn what_was_wished_before_is_not_tried_again_after_another_wish() {
    let mut world = World::usual();
    world.key();
    world.command(Command::Blur);
    world.answer(PARTICIPANTS, 500, "");
    answer_all(&mut world, PARTICIPANTS);
    world.advance(20_000);
    assert_eq!(said(&world, PARTICIPANTS), [(0, true), (0, false)]);
}
