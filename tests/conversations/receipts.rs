//! Section 4: read receipts in both dialects.

use crate::world::{World, body};
use guest_messenger::engine::{ConversationsSettings, EngineInput, ReceiptsDialect};
use guest_messenger::session::input::{Command, Environment};

const PARTICIPANTS: &str = "/participants/guest-1/read";

fn world(receipts: ReceiptsDialect) -> World {
    World::live(ConversationsSettings { receipts, ..ConversationsSettings::default() })
}

/// So many messages of the agent's, of which these come into view.
fn seen(world: &mut World, count: usize, in_view: &[usize]) {
    let entries: Vec<_> = (0..count)
        .map(|index| {
            world.advance(10);
            world.agent_says(&format!("a-{index}"), &format!("Message {index}"))
        })
        .collect();
    world.command(Command::InView(in_view.iter().map(|index| entries[*index]).collect()));
}

#[test]
fn participants_says_up_to_which_message_was_read() {
    let mut world = world(ReceiptsDialect::Participants);
    seen(&mut world, 3, &[0, 1, 2]);
    world.advance(5_000);
    let call = world.answer(PARTICIPANTS, 200, "{}");
    assert_eq!(call.method, "POST");
    assert_eq!(
        (body(&call).text("conversationId"), body(&call).text("messageId")),
        (Some("conversation-1"), Some("a-2"))
    );
    assert_eq!(world.made.len(), 1, "one call for all of them");
}

#[test]
fn conversations_puts_one_receipt_a_message_in_one_batch() {
    let mut world = world(ReceiptsDialect::Conversations);
    seen(&mut world, 3, &[0, 2]);
    world.advance(5_000);
    let made: Vec<(u64, String, String)> = world
        .made
        .iter()
        .map(|(at, call)| (*at, call.method.to_owned(), call.body.as_ref().unwrap().expose().to_owned()))
        .collect();
    let at = made[0].0;
    assert_eq!(made, vec![(at, "PUT".to_owned(), r#"{"read":true}"#.to_owned()); 2]);
    let places: Vec<&str> = world.made.iter().map(|(_, call)| call.url.rsplit("/messages/").next().unwrap()).collect();
    assert_eq!(places, ["a-0/read", "a-2/read"], "what lay between was not seen");
}

#[test]
fn one_that_is_seen_later_has_its_receipt_later_and_none_has_two() {
    let mut world = world(ReceiptsDialect::Conversations);
    seen(&mut world, 3, &[2]);
    world.advance(5_000);
    world.answer("a-2/read", 204, "");
    let entries: Vec<_> = (0..3).map(|index| world.entry_of(&format!("Message {index}"))).collect();
    world.command(Command::InView(entries.clone()));
    world.advance(5_000);
    world.answer("a-0/read", 204, "");
    world.answer("a-1/read", 204, "");
    world.command(Command::InView(Vec::new()));
    world.command(Command::InView(entries));
    world.advance(5_000);
    assert_eq!(world.made.len(), 3);
}

#[test]
fn the_guests_own_messages_have_none() {
    for receipts in [ReceiptsDialect::Participants, ReceiptsDialect::Conversations] {
        let mut world = world(receipts);
        world.send("Hello");
        world.answer("/messages", 200, r#"{"id":"m-1"}"#);
        let entry = world.entry_of("Hello");
        world.forget();
        world.command(Command::InView(vec![entry]));
        world.advance(5_000);
        assert!(world.made.is_empty());
    }
}

#[test]
fn nothing_is_read_in_a_closed_panel_or_a_hidden_document() {
    let hides: [fn(&mut World); 2] =
        [|world| world.command(Command::ClosePanel), |world| world.environment(Environment::Hidden)];
    for hide in hides {
        let mut world = world(ReceiptsDialect::Conversations);
        hide(&mut world);
        seen(&mut world, 1, &[0]);
        world.advance(5_000);
        assert!(world.made.is_empty());
    }
}

#[test]
fn local_sends_none() {
    let mut world = world(ReceiptsDialect::Local);
    seen(&mut world, 1, &[0]);
    world.advance(5_000);
    assert!(world.made.is_empty());
    assert_eq!(world.engine.view().unread, 0, "it is read all the same");
}

#[test]
fn the_read_position_survives_a_reload() {
    for receipts in [ReceiptsDialect::Participants, ReceiptsDialect::Conversations] {
        let mut world = world(receipts);
        seen(&mut world, 2, &[1]);
        world.advance(5_000);
        let record = world.record.clone();
        let chosen = ConversationsSettings { receipts, ..ConversationsSettings::default() };
        let mut world = World::resumed(chosen, record);
        world.answer("pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
        world.forget();
        // The page came back a moment earlier than these messages were written, by its clock.
        seen(&mut world, 2, &[0, 1]);
        assert_eq!(world.engine.view().unread, 0);
        world.advance(5_000);
        assert!(world.made.is_empty(), "{receipts:?}: {:?}", world.urls());
    }
}

#[test]
fn the_last_one_goes_out_with_keepalive_when_the_page_leaves() {
    for (receipts, place) in
        [(ReceiptsDialect::Participants, PARTICIPANTS), (ReceiptsDialect::Conversations, "a-1/read")]
    {
        let mut world = world(receipts);
        seen(&mut world, 1, &[0]);
        world.advance(1_000);
        let entry = world.agent_says("a-1", "One more");
        world.command(Command::InView(vec![entry]));
        world.advance(1_000);
        assert_eq!(world.made.len(), 1, "the next one waits for its turn");
        world.calls.clear();
        world.environment(Environment::Leaving);
        let call = world.take(place);
        assert!(call.keepalive && call.body.is_some());
    }
}

#[test]
fn a_receipt_that_fails_for_now_is_sent_again() {
    let mut world = world(ReceiptsDialect::Conversations);
    seen(&mut world, 1, &[0]);
    world.wait_for("a-0/read");
    world.answer("a-0/read", 500, "");
    world.wait_for("a-0/read");
    world.no_answer("a-0/read");
    world.wait_for("a-0/read");
    world.answer("a-0/read", 204, "");
    assert!(world.errors().is_empty());
}

#[test]
fn receipts_that_are_refused_for_good_are_told_once_in_a_conversation() {
    for (status, told) in [(405, "rejected/not-found: Method Not Allowed"), (400, "rejected/bad-request: Bad Request")]
    {
        for receipts in [ReceiptsDialect::Participants, ReceiptsDialect::Conversations] {
            let mut world = world(receipts);
            for _ in 0..3 {
                seen(&mut world, 3, &[0, 1, 2]);
                world.advance(5_000);
                while let Some(url) = world.urls().first().map(|url| (*url).to_owned()) {
                    world.answer(&url, status, "");
                    world.advance(5_000);
                }
            }
            assert_eq!(world.errors(), [told], "{receipts:?}");
        }
    }
}

#[test]
fn a_new_conversation_has_its_refused_receipts_told_again() {
    let mut world = world(ReceiptsDialect::Conversations);
    for number in 1..=2 {
        seen(&mut world, 1, &[0]);
        world.wait_for("a-0/read");
        world.answer("a-0/read", 405, "");
        assert_eq!(world.errors(), ["rejected/not-found: Method Not Allowed"], "{number}");
        world.close(4001);
        world.command(Command::StartNew);
        world.answer("/conversations/messaging", 200, crate::world::OPENED);
        world.forget();
    }
}

#[test]
fn a_receipt_needs_no_line() {
    for receipts in [ReceiptsDialect::Participants, ReceiptsDialect::Conversations] {
        let mut world = world(receipts);
        world.opens = false;
        seen(&mut world, 1, &[0]);
        world.close(1006);
        world.advance(1_000);
        assert_eq!(world.made.len(), 1, "{receipts:?}");
    }
}

/// With two messages, of which the receipt of the first is under way when the second has been read too.
fn two_in_a_row() -> World {
    let mut world = world(ReceiptsDialect::Participants);
    seen(&mut world, 1, &[0]);
    world.wait_for(PARTICIPANTS);
    let entry = world.agent_says("a-1", "One more");
    world.command(Command::InView(vec![entry]));
    world.advance(5_000);
    assert_eq!(world.calls.len(), 1, "one after the other");
    world
}

#[test]
fn a_receipt_that_fails_takes_back_nothing_that_a_later_one_has_said() {
    for status in [500, 429, 400] {
        let mut world = two_in_a_row();
        world.answer(PARTICIPANTS, status, "");
        world.wait_for(PARTICIPANTS);
        let call = world.answer(PARTICIPANTS, 204, "");
        assert_eq!(body(&call).text("messageId"), Some("a-1"), "{status}");
        world.idle(60_000);
        assert!(world.calls.is_empty(), "{status}: {:?}", world.urls());
    }
}

#[test]
fn a_later_receipt_waits_as_long_as_the_platform_asked_the_one_before() {
    let mut world = two_in_a_row();
    world.answer_with(PARTICIPANTS, 503, Some("20"), "");
    assert_eq!(world.wait_for(PARTICIPANTS), 20_000);
    world.answer_with(PARTICIPANTS, 429, Some("30"), "");
    let entry = world.agent_says("a-2", "And one more");
    world.command(Command::InView(vec![entry]));
    assert_eq!(world.wait_for(PARTICIPANTS), 30_000);
    assert_eq!(body(&world.take(PARTICIPANTS)).text("messageId"), Some("a-2"));
}

#[test]
fn a_receipt_for_which_there_was_no_token_goes_out_when_there_is_one() {
    for (receipts, place) in
        [(ReceiptsDialect::Participants, PARTICIPANTS), (ReceiptsDialect::Conversations, "a-0/read")]
    {
        let mut world = World::provided(ConversationsSettings { receipts, ..ConversationsSettings::default() });
        world.idle(1_790_000);
        seen(&mut world, 1, &[0]);
        world.advance(1_000);
        world.input(EngineInput::AccessToken(None));
        world.idle(60_000);
        assert_eq!((world.asked, world.made.len()), (2, 0), "{receipts:?}");
        world.provide("access-2", Some(1_800));
        world.answer(place, 204, "");
    }
}

#[test]
fn what_waits_to_be_told_goes_out_with_keepalive_when_the_page_leaves() {
    // Behind one under way, until one may be tried again, while the platform is given a rest, and without a token.
    let waits: [fn() -> World; 4] = [
        two_in_a_row,
        || {
            let mut world = two_in_a_row();
            world.answer(PARTICIPANTS, 400, "");
            world.answer_with(PARTICIPANTS, 503, Some("60"), "");
            world
        },
        || {
            let mut world = world(ReceiptsDialect::Participants);
            for _ in 0..5 {
                world.send("Hello");
                world.wait_for("/messages");
                world.answer("/messages", 500, "");
            }
            seen(&mut world, 1, &[0]);
            world.advance(3_000);
            world
        },
        || {
            let chosen =
                ConversationsSettings { receipts: ReceiptsDialect::Participants, ..ConversationsSettings::default() };
            let mut world = World::provided(chosen);
            world.advance(1_790_000);
            seen(&mut world, 1, &[0]);
            world.advance(3_000);
            world
        },
    ];
    for (index, wait) in waits.into_iter().enumerate() {
        let mut world = wait();
        world.forget();
        world.environment(Environment::Leaving);
        let calls = world.made_to(PARTICIPANTS);
        assert!(calls.len() == 1 && calls[0].keepalive, "wait {index}: {:?}", world.made);
    }
}
