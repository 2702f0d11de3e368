//! Calls that fail: what is told of it, what is tried again and when, and what other calls have to do with it.

use crate::world::{OPENED, World, header};
use guest_messenger::engine::{AccessToken, ConversationsSettings, EngineInput, ReceiptsDialect, Webhook};
use guest_messenger::session::audit::Audit;
use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::view::Phase;

const TYPING: &str = "/participants/guest-1/typing";
const READ: &str = "/messages/a-1/read";
const HOOK: &str = "https://hooks.example/a";

fn receipts() -> ConversationsSettings {
    ConversationsSettings { receipts: ReceiptsDialect::Conversations, ..ConversationsSettings::default() }
}

/// A receipt is under way.
fn read_in(mut world: World) -> World {
    let entry = world.agent_says("a-1", "Hi");
    world.command(Command::InView(vec![entry]));
    world.wait_for(READ);
    world
}

fn hooked() -> World {
    let webhook = Webhook { url: HOOK.to_owned(), source: "shop".to_owned() };
    World::live(ConversationsSettings {
        crm: Some(webhook.clone()),
        analytics: Some(webhook),
        ..ConversationsSettings::default()
    })
}

/// `(code, detail)` of what the page is told of a receipt that is refused for good.
fn told(status: u16, body: &str) -> String {
    let mut world = read_in(World::live(receipts()));
    for _ in 0..3 {
        world.answer(READ, status, body);
        world.advance(10_000);
        if world.calls.iter().all(|call| !call.url.ends_with(READ)) {
            break;
        }
    }
    world.errors().join(", ")
}

#[test]
fn each_status_has_a_code_and_a_text_of_its_own() {
    let table = [
        (400, "rejected/bad-request: Bad Request"),
        (401, "rejected/authentication: Unauthorized"),
        (403, "rejected/scope: messaging:write"),
        (404, "rejected/not-found: Not Found"),
        (405, "rejected/not-found: Method Not Allowed"),
        (408, "rejected/message: Request Timeout"),
        (409, "closed/conversation: Conflict"),
        (410, "rejected/not-found: Gone"),
        (412, "rejected/conflict: Precondition Failed"),
        (413, "rejected/too-long: Content Too Large"),
        (415, "rejected/message: Unsupported Media Type"),
        (418, "rejected/message: "),
        (422, "rejected/bad-request: Unprocessable Content"),
        (429, "rejected/busy: Too Many Requests"),
        (500, "network/platform: Internal Server Error"),
        (501, "network/platform: Not Implemented"),
        (502, "network/platform: Bad Gateway"),
        (503, "network/platform: Service Unavailable"),
        (504, "network/platform: Gateway Timeout"),
        (599, "network/platform: "),
    ];
    for (status, text) in table {
        assert_eq!(told(status, ""), text, "{status}");
    }
}

#[test]
fn an_opening_and_a_page_of_history_that_are_forbidden_name_their_scopes() {
    let mut world = World::new(ConversationsSettings::default());
    world.answer("/conversations/messaging", 403, "");
    assert_eq!(world.errors()[0], "rejected/scope: conversations:messaging");

    let mut world = World::usual();
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.answer("pageNumber=1", 403, "");
    assert_eq!(world.errors()[0], "rejected/scope: messaging:conversation:read");
}

#[test]
fn two_hundred_bytes_of_the_platforms_words_are_told_and_no_sign_is_cut_in_half() {
    let said = "é".repeat(99) + "a" + &"é".repeat(200);
    let told = told(400, &format!(r#"{{"message":"{said}"}}"#));
    assert_eq!(told, format!("rejected/bad-request: {}a", "é".repeat(99)));
}

#[test]
fn the_platforms_words_are_not_told_when_they_quote_the_token() {
    let mut world = World::provided(receipts());
    world.send("Hello");
    world.answer("/messages", 400, r#"{"message":"Bearer access-1 may not"}"#);
    assert_eq!(world.errors(), ["rejected/bad-request: Bad Request"]);
}

#[test]
fn the_audit_of_a_message_that_is_too_long_says_so() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 413, "");
    let Audit::Transmission(record) = &world.audits[0] else { panic!("no transmission") };
    assert_eq!((record.status, record.error), ("failed", Some("rejected/too-long")));
}

#[test]
fn a_token_that_is_empty_is_none() {
    let mut world = World::provided(ConversationsSettings::default());
    world.idle(1_790_000);
    world.send("Hello");
    world.input(EngineInput::AccessToken(Some(AccessToken {
        token: Redacted::new(""),
        expires_in_s: None,
        guest_id: None,
        conversation_id: None,
    })));
    assert!(world.calls.is_empty(), "{:?}", world.urls());
}

#[test]
fn a_token_that_nobody_has_asked_for_does_not_take_the_place_of_the_guests_own() {
    let mut world = World::usual();
    world.provide("access-1", None);
    world.send("Hello");
    assert_eq!(header(&world.take("/messages"), "Authorization"), Some("Bearer guest-token-1"));
}

#[test]
fn an_answer_without_a_token_leaves_a_guest_without_one() {
    let mut world = World::new(ConversationsSettings::default());
    world.answer("/conversations/messaging", 200, &OPENED.replace("guest-token-1", ""));
    assert!(!world.is_live());
    assert_eq!(world.errors(), ["rejected/token"]);
    assert!(matches!(world.engine.view().phase, Phase::Unavailable(_)));
}

#[test]
fn a_token_that_lives_just_as_long_as_the_margin_is_good_for_half_its_life() {
    let mut world = World::provided(ConversationsSettings::default());
    world.idle(1_790_000);
    world.send("One");
    world.provide("access-1", Some(30));
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    world.asked = 0;
    world.advance(14_999);
    world.send("Two");
    world.answer("/messages", 200, r#"{"id":"m-2"}"#);
    assert_eq!(world.asked, 0);
    world.advance(1);
    world.send("Three");
    assert_eq!(world.asked, 1);
}

#[test]
fn five_calls_without_an_answer_open_the_circuit() {
    let mut world = World::usual();
    for index in 0..6 {
        world.send(&format!("Message {index}"));
        world.no_answer("/messages");
        if index == 0 {
            // An answer begins the count anew; and there is no more history to ask.
            world.answer("pageNumber=1", 404, "");
        }
    }
    world.forget();
    world.key();
    assert!(world.made.is_empty(), "{:?}", world.urls());
}

#[test]
fn webhooks_that_fail_have_nothing_to_do_with_the_circuit_nor_it_with_them() {
    let mut world = hooked();
    for index in 0..5 {
        world.send(&format!("Message {index}"));
        world.answer("/messages", 200, &format!(r#"{{"id":"m-{index}"}}"#));
        world.advance(100);
    }
    for _ in 0..5 {
        world.no_answer(HOOK);
    }
    world.forget();
    for _ in 0..5 {
        world.send("and on");
        world.wait_for("/messages");
        world.answer("/messages", 500, "");
    }
    assert_eq!(world.times(HOOK).len(), 5, "the fifth failure is told although it has opened the circuit");
    world.key();
    assert!(world.made_to(TYPING).is_empty());
}

#[test]
fn what_a_webhook_answers_is_about_the_webhook_alone() {
    for status in [401, 409, 429] {
        let mut world = hooked();
        world.send("Hello");
        world.answer("/messages", 200, r#"{"id":"m-1"}"#);
        world.answer_with(HOOK, status, Some("60"), "");
        assert!(world.is_live(), "{status}");
        assert_eq!(world.asked, 0, "{status}");
        let failures = world.audits.iter().filter(|audit| matches!(audit, Audit::Webhook(_))).count();
        assert_eq!(failures, 1, "{status}");
        world.send("Again");
        world.answer("/messages", 200, r#"{"id":"m-2"}"#);
        assert_eq!(world.delivery(), "sent", "{status}");
    }
}

#[test]
fn a_webhook_that_takes_no_token_asks_the_provider_for_none() {
    let webhook = Webhook { url: HOOK.to_owned(), source: "shop".to_owned() };
    let mut world =
        World::provided(ConversationsSettings { analytics: Some(webhook), ..ConversationsSettings::default() });
    world.send("Hello");
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    world.answer(HOOK, 401, "");
    world.advance(1_000);
    assert_eq!((world.asked, world.times(HOOK).len()), (0, 1));
    world.send("Again");
    assert_eq!((world.asked, world.times("/messages").len()), (0, 2), "and the token is as good as before");
}

#[test]
fn webhooks_do_not_wait_for_the_limit_and_do_not_count_against_it() {
    let mut world = hooked();
    world.send("One");
    world.answer_headed("/messages", 200, [None, Some("1")], r#"{"id":"m-1"}"#);
    assert_eq!(world.times(HOOK).len(), 1);
    world.answer_headed(HOOK, 200, [None, Some("0")], "");
    world.send("Two");
    assert_eq!(world.times("/messages").len(), 2, "what a webhook says of its own limit is no word about this one");
}

#[test]
fn those_whose_messages_fail_at_the_same_moment_do_not_all_try_again_at_the_same_moment() {
    let mut world = World::usual();
    let waits_ms = [0, 1, 2, 3].map(|_| {
        world.send("Hello");
        world.answer("/messages", 503, "");
        let waited_ms = world.wait_for("/messages");
        world.answer("/messages", 200, "{}");
        waited_ms
    });
    assert!(waits_ms.iter().all(|wait_ms| (2_000..=2_500).contains(wait_ms)), "{waits_ms:?}");
    assert!(waits_ms.iter().max().unwrap() - waits_ms.iter().min().unwrap() > 50, "{waits_ms:?}");
}

#[test]
fn those_whose_receipts_fail_at_the_same_moment_do_not_all_try_again_at_the_same_moment() {
    let waits_ms = [0, 1, 2, 3].map(|extra| {
        let mut world = World::live(receipts());
        for _ in 0..extra {
            world.send("Hello");
            world.answer("/messages", 200, "{}");
        }
        let mut world = read_in(world);
        world.answer(READ, 503, "");
        world.wait_for(READ)
    });
    assert!(waits_ms.iter().all(|wait_ms| (1_000..=1_500).contains(wait_ms)), "{waits_ms:?}");
    assert!(waits_ms.iter().max().unwrap() - waits_ms.iter().min().unwrap() > 50, "{waits_ms:?}");
}

#[test]
fn what_goes_out_while_the_page_leaves_is_not_tried_again() {
    let mut world = World::usual();
    world.key();
    world.answer(TYPING, 204, "");
    world.environment(Environment::Leaving);
    world.answer(TYPING, 500, "");
    world.idle(60_000);
    assert_eq!(world.times(TYPING).len(), 2, "on, and off");
}

#[test]
fn an_opening_that_is_refused_for_good_is_not_tried_again_and_one_that_was_not_answered_is() {
    let mut world = World::new(ConversationsSettings::default());
    world.no_answer("/conversations/messaging");
    assert!((1_000..=1_500).contains(&world.wait_for("/conversations/messaging")));
    world.answer("/conversations/messaging", 400, r#"{"message":"no"}"#);
    world.advance(60_000);
    assert_eq!(world.times("/conversations/messaging").len(), 2);
    assert_eq!(world.errors()[0], "rejected/bad-request: no");
    assert!(matches!(world.engine.view().phase, Phase::Unavailable(_)));
}

#[test]
fn when_the_next_second_begins_the_limit_is_as_good_as_new() {
    let mut world = World::usual();
    world.send("One");
    world.answer_headed("/messages", 200, [None, Some("0")], r#"{"id":"m-1"}"#);
    world.advance(1_000);
    world.send("Two");
    assert_eq!(world.times("/messages").len(), 2);
}
