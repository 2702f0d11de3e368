//! Section 2: the token provider.

use crate::world::{World, header};
use guest_messenger::engine::{AccessToken, ConversationsSettings, EngineInput, ReceiptsDialect, TypingDialect};
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::WireInput;
use guest_messenger::session::input::Command;
use guest_messenger::session::view::{EndReason, Phase};

const TYPING: &str = "/participants/guest-1/typing";

fn world() -> World {
    World::provided(ConversationsSettings::default())
}

fn fail(world: &mut World) {
    world.input(EngineInput::AccessToken(None));
}

#[test]
fn a_token_is_asked_for_once_and_kept() {
    let mut world = world();
    for _ in 0..5 {
        world.send("Hello");
        let call = world.answer("/messages", 200, "{}");
        assert_eq!(header(&call, "Authorization"), Some("Bearer access-1"));
        world.advance(60_000);
    }
    assert_eq!(world.asked, 0);
}

#[test]
fn thirty_seconds_before_it_expires_another_one_is_asked_for() {
    let mut world = world();
    world.idle(1_770_000 - 1);
    world.send("Hello");
    world.answer("/messages", 200, "{}");
    assert_eq!(world.asked, 0);
    world.advance(1);
    world.send("Hello");
    assert_eq!((world.asked, world.calls.len()), (1, 0));
    world.provide("access-2", Some(1_800));
    let call = world.answer("/messages", 200, "{}");
    assert_eq!(header(&call, "Authorization"), Some("Bearer access-2"));
}

#[test]
fn a_token_that_does_not_outlive_the_margin_is_good_for_half_its_life() {
    let mut world = world();
    world.idle(1_770_000);
    world.key();
    world.provide("access-2", Some(20));
    world.wait_for_socket();
    world.answer("pageNumber=1", 200, r#"{"entities":[]}"#);
    world.forget();
    for _ in 0..3 {
        world.send("Hello");
        world.answer("/messages", 200, "{}");
        world.advance(2_000);
    }
    assert_eq!((world.asked, world.closes), (0, 0), "not for each call, with a new line each time");
    world.advance(5_000);
    world.send("Hello");
    assert_eq!(world.asked, 1);
}

#[test]
fn a_jump_of_the_visitors_clock_makes_no_token_older() {
    let mut world = world();
    for shift_ms in [315_360_000_000, -315_360_000_000, 3_600_000] {
        world.wall_shift_ms = shift_ms;
        world.send("Hello");
        world.answer("/messages", 200, "{}");
    }
    assert_eq!(world.asked, 0);
}

#[test]
fn concurrent_callers_share_one_request() {
    let mut world = world();
    world.idle(1_790_000);
    world.key();
    world.send("Hello");
    world.advance(100);
    assert_eq!((world.asked, world.calls.len()), (1, 0));
    world.provide("access-2", Some(1_800));
    assert!(!world.made.is_empty());
    assert!(world.made.iter().all(|(_, call)| header(call, "Authorization") == Some("Bearer access-2")));
}

#[test]
fn a_new_token_closes_and_re_opens_the_events_socket() {
    let mut world = world();
    world.idle(1_790_000);
    world.forget();
    world.key();
    world.provide("access-2", Some(1_800));
    assert_eq!(world.closes, 1);
    world.advance(4_000);
    assert_eq!((world.sockets.len(), world.frames[0].text("token")), (1, Some("access-2")));
}

#[test]
fn the_same_token_again_leaves_the_socket_alone() {
    let mut world = world();
    world.idle(1_790_000);
    world.forget();
    world.key();
    world.provide("access-1", Some(1_800));
    world.answer(TYPING, 204, "");
    world.advance(4_000);
    assert_eq!((world.closes, world.sockets.len()), (0, 0));
}

/// The token has expired, and each call of the provider fails, until this time is over or the conversation.
fn fail_for(world: &mut World, span_ms: u64) -> u64 {
    let began_ms = world.now_ms;
    while world.now_ms < began_ms + span_ms && !matches!(world.engine.view().phase, Phase::Ended(_)) {
        if std::mem::take(&mut world.asked) > 0 {
            fail(world);
        }
        world.key();
        world.advance(100);
    }
    world.now_ms - began_ms
}

#[test]
fn a_provider_that_goes_on_failing_ends_the_session_and_keeps_what_was_said() {
    let mut world = world();
    world.send("Hello");
    world.answer("/messages", 200, "{}");
    world.idle(1_790_000);
    world.send("and on");
    let lasted_ms = fail_for(&mut world, 120_000);
    assert!(matches!(world.engine.view().phase, Phase::Ended(_)));
    assert!((20_000..40_000).contains(&lasted_ms), "{lasted_ms} ms");
    assert_eq!(world.texts(), ["Hello", "and on"]);
}

#[test]
fn some_seconds_of_trouble_with_the_provider_end_nothing_however_many_calls_wait_for_it() {
    let mut world = world();
    for span_ms in [2_000, 15_000, 15_000] {
        world.idle(1_790_000);
        world.send("in the middle of it");
        assert_eq!(fail_for(&mut world, span_ms), span_ms);
        refuse(&mut world, "none", 10_000);
        assert!(world.is_live(), "{span_ms} ms");
        if span_ms == 2_000 {
            assert_eq!(world.delivery(), "sent");
        }
    }
}

/// Refuses these calls, gives new tokens and takes everything else for a while. Answers how many tokens that took.
fn refuse(world: &mut World, place: &str, span_ms: u64) -> u32 {
    let began_ms = world.now_ms;
    let mut given = 0;
    while world.now_ms < began_ms + span_ms {
        if std::mem::take(&mut world.asked) > 0 {
            given += 1;
            world.provide(&format!("access-of-{began_ms}-{given}"), Some(1_800));
        }
        while let Some(url) = world.urls().first().map(|url| (*url).to_owned()) {
            let status = if url.ends_with(place) { 401 } else { 200 };
            world.answer(&url, status, r#"{"entities":[],"state":"connected","etag":"1"}"#);
        }
        world.advance(100);
    }
    given
}

#[test]
fn history_that_no_token_opens_costs_one_and_is_taken_for_none() {
    let mut world = world();
    world.close(1006);
    assert_eq!(refuse(&mut world, "pageNumber=1", 30_000), 1);
    assert_eq!((world.closes, world.sockets.len()), (1, 2), "the line is opened anew with the new token");
    assert!(world.is_live());
    assert!(world.errors().is_empty(), "{:?}", world.errors());
    world.send("Hello");
    assert_eq!(world.asked, 0, "the token is as good as before");
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(world.delivery(), "sent");
}

#[test]
fn typing_and_receipts_that_no_token_opens_cost_one_each() {
    let webchat = ConversationsSettings { typing: TypingDialect::Webchat, ..ConversationsSettings::default() };
    for (chosen, place) in [
        (ConversationsSettings::default(), TYPING),
        (webchat, "/webchat/sessions/conversation-1"),
        (ConversationsSettings::default(), "/participants/guest-1/read"),
    ] {
        let receipts = ReceiptsDialect::Participants;
        let mut world = World::provided(ConversationsSettings { receipts, ..chosen });
        let mut given = 0;
        for index in 0..5 {
            let entry = world.agent_says(&format!("a-{index}"), &format!("Message {index}"));
            world.command(Command::InView(vec![entry]));
            world.key();
            given += refuse(&mut world, place, 10_000);
        }
        assert_eq!((given, world.closes, world.sockets.len()), (1, 1, 1), "{place}");
        assert!(world.made_to(place).len() >= 5, "{place}: it is tried all the same");
    }
}

#[test]
fn a_call_that_was_taken_again_is_worth_a_new_token_again() {
    let mut world = world();
    world.close(1006);
    assert_eq!(refuse(&mut world, "pageNumber=1", 10_000), 1);
    world.close(1006);
    assert_eq!(refuse(&mut world, "nothing", 10_000), 0);
    world.close(1006);
    assert_eq!(refuse(&mut world, "pageNumber=1", 10_000), 1);
}

#[test]
fn a_provider_that_gives_the_same_token_again_is_not_asked_for_each_call_that_it_does_not_open() {
    let mut world = world();
    let mut asked = 0;
    for _ in 0..5 {
        world.key();
        for _ in 0..30 {
            world.advance(100);
            if !world.calls.is_empty() {
                world.answer(TYPING, 401, "");
            }
            if std::mem::take(&mut world.asked) > 0 {
                asked += 1;
                world.provide("access-1", Some(1_800));
            }
        }
    }
    assert!((1..=2).contains(&asked), "{asked}");
}

#[test]
fn calls_that_are_refused_together_are_all_made_again_with_the_new_token() {
    let receipts = ReceiptsDialect::Conversations;
    let mut world = World::provided(ConversationsSettings { receipts, ..ConversationsSettings::default() });
    let entries = [0, 1].map(|index| world.agent_says(&format!("a-{index}"), &format!("Message {index}")));
    world.command(Command::InView(entries.to_vec()));
    world.wait_for("a-1/read");
    world.answer("a-0/read", 401, "");
    world.answer("a-1/read", 401, "");
    world.provide("access-2", Some(1_800));
    for place in ["a-0/read", "a-1/read"] {
        let call = world.answer(place, 204, "");
        assert_eq!(header(&call, "Authorization"), Some("Bearer access-2"));
    }
    assert!(world.errors().is_empty(), "{:?}", world.errors());
}

#[test]
fn what_no_token_opened_in_the_conversation_before_has_a_new_token_in_the_next() {
    let chosen = ConversationsSettings { has_token_provider: true, ..ConversationsSettings::default() };
    let mut world = World::new(chosen);
    for number in ["1", "2"] {
        world.provide(&format!("access-{number}"), Some(1_800));
        world.answer("/conversations/messaging", 200, &crate::world::OPENED.replace("conversation-1", number));
        world.asked = 0;
        assert_eq!(refuse(&mut world, "pageNumber=1", 10_000), 1, "{number}");
        world.send("Hello");
        world.answer("/messages", 409, "");
        world.command(Command::StartNew);
        world.advance(5_000);
    }
}

#[test]
fn a_guests_history_that_is_refused_is_told_and_sends_go_on() {
    let mut world = World::usual();
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.answer("pageNumber=1", 401, "");
    assert_eq!(world.errors()[0], "rejected/authentication: Unauthorized");
    world.send("Hello");
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(world.delivery(), "sent");
}

#[test]
fn what_is_sent_has_new_tokens_though_history_has_none_any_more() {
    let mut world = world();
    world.close(1006);
    refuse(&mut world, "pageNumber=1", 10_000);
    world.send("Hello");
    world.answer("/messages", 401, "");
    assert_eq!(world.asked, 1);
    world.provide("access-2", Some(1_800));
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(world.delivery(), "sent");
}

#[test]
fn a_message_that_is_refused_for_want_of_a_token_ends_a_guests_conversation_and_is_kept() {
    let mut world = World::usual();
    world.send("Hello");
    world.send("and on");
    world.answer("/messages", 401, "");
    assert_eq!(world.engine.view().phase, Phase::Ended(EndReason::Expired));
    assert_eq!((world.texts(), world.delivery()), (vec!["Hello".to_owned(), "and on".to_owned()], "failed"));
    world.advance(600_000);
    assert!(world.sockets.is_empty() && world.calls.is_empty());
    world.command(Command::StartNew);
    let call = world.answer("/conversations/messaging", 200, &crate::world::OPENED.replace("-1", "-2"));
    assert_eq!(header(&call, "Authorization"), None);
    assert!(world.is_live());
}

#[test]
fn a_message_of_a_line_that_is_gone_ends_no_conversation() {
    let mut world = World::usual();
    world.send("Hello");
    world.close(1006);
    world.answer("/messages", 401, "");
    world.wait_for_socket();
    assert!(world.is_live());
    assert_eq!(world.delivery(), "failed");
}

#[test]
fn a_page_that_never_says_what_its_provider_gave_is_not_waited_for_for_ever() {
    let mut world = world();
    world.idle(1_790_000);
    world.key();
    world.advance(34_000);
    assert!(world.audits.is_empty());
    world.advance(1_000);
    assert!(world.audits.iter().any(|audit| format!("{audit:?}").contains("rejected/token")));
}

#[test]
fn a_provider_that_fails_while_connecting_is_asked_again_later() {
    let chosen = ConversationsSettings { has_token_provider: true, ..ConversationsSettings::default() };
    let mut world = World::new(chosen);
    fail(&mut world);
    assert!(!world.has_socket);
    world.wait_for_socket();
    assert_eq!(world.asked, 2);
    world.provide("access-1", None);
    let call = world.answer("/conversations/messaging", 200, crate::world::OPENED);
    assert_eq!(header(&call, "Authorization"), Some("Bearer access-1"));
    assert_eq!(world.frames[0].text("token"), Some("access-1"), "the page's own token goes on being used");
    assert!(world.is_live());
}

#[test]
fn a_token_without_a_life_span_is_used_until_it_is_refused() {
    let chosen = ConversationsSettings { has_token_provider: true, ..ConversationsSettings::default() };
    let mut world = World::new(chosen);
    world.provide("access-1", None);
    world.answer("/conversations/messaging", 200, crate::world::OPENED);
    world.advance(86_400_000);
    world.send("Hello");
    assert_eq!(world.asked, 1);
    world.answer("/messages", 401, "");
    assert_eq!(world.asked, 2);
}

#[test]
fn the_providers_token_is_not_kept_in_the_browsers_storage() {
    let world = world();
    let record = world.record.clone().expect("a record");
    assert!(!record.token.0.expose().contains("access-1"));
}

#[test]
fn status_401_at_the_opening_asks_once_and_repeats_it() {
    let chosen = ConversationsSettings { has_token_provider: true, ..ConversationsSettings::default() };
    let mut world = World::new(chosen);
    world.provide("access-1", Some(1_800));
    world.answer("/conversations/messaging", 401, "");
    assert_eq!(world.asked, 2);
    world.provide("access-2", Some(1_800));
    world.answer("/conversations/messaging", 200, crate::world::OPENED);
    assert!(world.is_live());
}

#[test]
fn status_401_while_history_is_read_is_repaired_in_the_same_way() {
    let mut world = world();
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.answer("pageNumber=1", 401, "");
    world.provide("access-2", Some(1_800));
    world.answer("pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
    assert!(world.errors().is_empty());
}

#[test]
fn a_line_that_ends_for_want_of_a_good_token_is_opened_again_soon_whatever_failed_before() {
    let refusals: [fn(&mut World); 2] = [
        |world| world.close(4001),
        |world| {
            world.answer("pageNumber=1", 401, "");
            world.provide("access-2", None);
            world.answer("pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
            world.advance(1);
        },
    ];
    for (index, refuse) in refusals.into_iter().enumerate() {
        let mut world = world();
        world.opens = false;
        for _ in 0..5 {
            world.close(1006);
            world.wait_for_socket();
        }
        world.has_socket = true;
        world.input(EngineInput::Wire(WireInput::SocketOpened));
        assert!(world.is_live());
        refuse(&mut world);
        assert!(!world.is_live(), "refusal {index}");
        let refused_at_ms = world.now_ms;
        world.wait_for_socket();
        assert!(world.now_ms - refused_at_ms <= 3_000, "refusal {index}: {} ms", world.now_ms - refused_at_ms);
    }
}

#[test]
fn a_new_token_waits_with_the_new_line_until_the_gap_has_been_read() {
    let page = |first: u32, total: u32| {
        let entity = |at: u32| {
            format!(
                r#"{{"id":"b-{at}","from":{{"id":"agent-1"}},"body":{{"content":"m{at}"}},"sentTime":"2026-10-14T10:{at:02}:00.000Z"}}"#
            )
        };
        let entities: Vec<String> = (first..first + 25).map(entity).collect();
        format!(r#"{{"entities":[{}],"total":{total}}}"#, entities.join(","))
    };
    let mut world = world();
    world.agent_says("a-1", "known");
    world.idle(1_765_000);
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.advance(6_000);
    world.forget();
    world.answer("pageNumber=1", 200, &page(25, 75));
    assert_eq!(world.asked, 1, "the token has expired between two pages");
    world.provide("access-2", Some(1_800));
    world.answer("pageNumber=2", 200, &page(0, 75));
    assert_eq!((world.closes, world.urls().len()), (0, 1), "the third page is asked for on the same line");
    world.answer(
        "pageNumber=3",
        200,
        r#"{"entities":[{"id":"a-1","from":{"id":"agent-1"},"body":{"content":"known"},"sentTime":"2026-10-14T09:00:00.000Z"}],"total":75}"#,
    );
    world.advance(1);
    assert_eq!((world.closes, world.texts().len()), (1, 51));
    world.wait_for_socket();
}

#[test]
fn what_the_provider_answers_is_read_and_nothing_without_a_token_in_it() {
    let read = |said: &str| AccessToken::read(&json::parse(said).unwrap());
    let whole = read(r#"{"token":"access-1","expiresIn":60,"guestId":"guest-1","conversationId":"conversation-1"}"#);
    let whole = whole.expect("a token");
    assert_eq!((whole.token.expose(), whole.expires_in_s), ("access-1", Some(60)));
    assert_eq!(
        (whole.guest_id.as_deref(), whole.conversation_id.as_deref()),
        (Some("guest-1"), Some("conversation-1"))
    );
    assert_eq!(read(r#"{"token":"access-1","expiresIn":-1}"#).expect("a token").expires_in_s, None);
    for none in ["{}", r#"{"token":""}"#, r#"{"token":7}"#, "[]", "null"] {
        assert_eq!(read(none), None, "{none}");
    }
}
