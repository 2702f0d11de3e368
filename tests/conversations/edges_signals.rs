//! Sections 3 and 4: typing and receipts, and what one of them has to do with the other.

use crate::world::{World, body};
use guest_messenger::engine::{ConversationsSettings, ReceiptsDialect, TypingDialect};
use guest_messenger::session::audit::Audit;
use guest_messenger::session::input::{Command, Environment};

const TYPING: &str = "/participants/guest-1/typing";
const READ: &str = "/participants/guest-1/read";

fn world(receipts: ReceiptsDialect) -> World {
    World::live(ConversationsSettings { receipts, ..ConversationsSettings::default() })
}

/// What was said of typing, with its moment.
fn said(world: &World) -> Vec<(u64, bool)> {
    let such = world.made.iter().filter(|(_, call)| call.url.ends_with(TYPING));
    such.map(|(at, call)| (*at - 1_000, body(call).bool("isTyping").unwrap())).collect()
}

/// Another message of the agent's is read.
fn read(world: &mut World, id: &str) {
    let entry = world.agent_says(id, &format!("Message {id}"));
    world.command(Command::InView(vec![entry]));
}

#[test]
fn a_receipt_that_waits_is_not_taken_back_by_what_is_said_of_typing_nor_the_reverse() {
    let mut world = world(ReceiptsDialect::Participants);
    read(&mut world, "a-1");
    world.wait_for(READ);
    world.answer_with(READ, 429, Some("5"), "");
    let at_ms = world.now_ms + 5_000;
    world.key();
    world.answer_with(TYPING, 503, Some("10"), "");
    let typing_at_ms = world.now_ms + 10_000;
    world.wait_for(READ);
    assert_eq!(world.now_ms, at_ms);
    world.answer_with(READ, 429, Some("20"), "");
    read(&mut world, "a-2");
    world.wait_for(TYPING);
    assert_eq!(world.now_ms, typing_at_ms);
}

#[test]
fn a_receipt_that_is_under_way_is_tried_again_whatever_is_said_of_typing() {
    let mut world = world(ReceiptsDialect::Conversations);
    read(&mut world, "a-1");
    world.wait_for("a-1/read");
    world.key();
    world.command(Command::Blur);
    world.answer("a-1/read", 500, "");
    world.wait_for("a-1/read");
}

#[test]
fn what_was_wished_again_while_it_was_said_is_not_said_twice() {
    let mut world = World::usual();
    world.key();
    world.advance(1_100);
    world.key();
    world.advance(100);
    world.answer(TYPING, 204, "");
    world.advance(500);
    assert_eq!(said(&world), [(0, true)]);
}

#[test]
fn what_was_wished_again_while_it_failed_is_said_again() {
    let mut world = World::usual();
    world.key();
    world.advance(900);
    world.key();
    world.advance(100);
    world.answer(TYPING, 400, "");
    assert_eq!(said(&world), [(0, true), (1_000, true)]);
}

#[test]
fn off_does_not_wait_for_the_turn_of_an_on_that_it_takes_the_place_of() {
    let mut world = World::provided(ConversationsSettings::default());
    world.idle(1_790_000);
    world.forget();
    let began_ms = world.now_ms - 1_000;
    world.key();
    world.advance(600);
    world.provide("access-1", Some(1_800));
    world.answer(TYPING, 204, "");
    world.key();
    world.advance(400);
    assert!(world.calls.is_empty(), "a second after the one before at the earliest");
    world.advance(100);
    world.command(Command::Blur);
    assert_eq!(said(&world), [(began_ms + 600, true), (began_ms + 1_100, false)]);
}

#[test]
fn a_page_that_leaves_and_comes_back_says_what_it_said_last_and_no_more() {
    let mut world = World::usual();
    world.key();
    world.advance(1_100);
    world.key();
    world.environment(Environment::Leaving);
    world.answer(TYPING, 204, "");
    world.answer(TYPING, 204, "");
    world.advance(500);
    assert_eq!(said(&world), [(0, true), (1_100, false)]);
}

#[test]
fn an_audit_of_typing_names_the_participant_or_the_web_chats_session() {
    for (typing, place, session) in [
        (TypingDialect::Participants, TYPING, "guest-1"),
        (TypingDialect::Conversations, "/conversations/conversation-1/typing", "guest-1"),
        (TypingDialect::Webchat, "/webchat/sessions/conversation-1", "conversation-1"),
    ] {
        let mut world = World::live(ConversationsSettings { typing, ..ConversationsSettings::default() });
        world.key();
        world.answer(place, 404, "");
        let Audit::Typing(record) = &world.audits[0] else { panic!("no typing") };
        assert_eq!((record.session_id.as_str(), record.error), (session, Some("rejected/not-found")));
    }
}

#[test]
fn a_receipt_that_is_refused_leaves_the_next_one_to_go_out() {
    let mut world = world(ReceiptsDialect::Participants);
    read(&mut world, "a-1");
    world.wait_for(READ);
    read(&mut world, "a-2");
    world.advance(3_000);
    world.answer(READ, 400, "");
    let call = world.take(READ);
    assert_eq!(body(&call).text("messageId"), Some("a-2"));
}
