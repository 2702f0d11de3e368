//! Section 3: typing by calls. The webchat dialect has a file of its own.

use serde_json::{Value, json};

use super::{BASE, Visitor};
use crate::world::World;

fn types_as(world: &mut World, visitor: &Visitor, is_typing: bool) -> u16 {
    let path = format!("{BASE}/participants/{}/typing", visitor.guest);
    let body = json!({"conversationId": visitor.conversation, "isTyping": is_typing});
    world.call("POST", &path, &visitor.token, &body).status
}

fn types_in(world: &mut World, visitor: &Visitor, is_typing: bool) -> u16 {
    let path = format!("{BASE}/conversations/{}/typing", visitor.conversation);
    world.call("POST", &path, &visitor.token, &json!({"typing": is_typing})).status
}

/// What the desks were told of typing.
fn told(world: &World) -> Vec<bool> {
    let typing = world.desk.iter().filter(|event| event["kind"] == "typing");
    typing.filter_map(|event| event["typing"].as_bool()).collect()
}

#[test]
fn a_participants_typing_begins_and_ends_on_the_desk() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    assert_eq!(types_as(&mut world, &visitor, true), 204);
    assert_eq!(types_as(&mut world, &visitor, true), 204);
    assert_eq!(world.listed(&visitor)["typing"], true);
    assert_eq!(types_as(&mut world, &visitor, false), 204);
    assert_eq!(types_as(&mut world, &visitor, false), 204);
    assert_eq!((told(&world), &world.listed(&visitor)["typing"]), (vec![true, false], &json!(false)));
    assert_eq!(world.listed(&visitor)["api"]["typing"], "participants");
}

#[test]
fn typing_in_a_conversation_begins_and_ends_on_the_desk() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    assert_eq!(types_in(&mut world, &visitor, true), 204);
    assert_eq!(world.listed(&visitor)["typing"], true);
    assert_eq!(types_in(&mut world, &visitor, false), 204);
    assert_eq!((told(&world), &world.listed(&visitor)["typing"]), (vec![true, false], &json!(false)));
    assert_eq!(world.listed(&visitor)["api"]["typing"], "conversations");
}

#[test]
fn typing_ends_by_itself_five_seconds_after_the_last_call_and_is_told_once() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    types_in(&mut world, &visitor, true);
    world.wait(4000);
    types_in(&mut world, &visitor, true);
    world.wait(4999);
    assert_eq!(world.listed(&visitor)["typing"], true);
    world.wait(60_000);
    assert_eq!((told(&world), &world.listed(&visitor)["typing"]), (vec![true, false], &json!(false)));
}

#[test]
fn typing_that_was_ended_is_not_ended_again_when_its_time_is_over() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    types_in(&mut world, &visitor, true);
    types_in(&mut world, &visitor, false);
    world.wait(60_000);
    assert_eq!(told(&world), [true, false]);
}

#[test]
fn a_message_ends_its_writers_typing() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    types_as(&mut world, &visitor, true);
    world.write(&visitor, "Hi");
    assert_eq!(world.listed(&visitor)["typing"], false);
}

#[test]
fn a_participants_typing_needs_the_conversation_and_a_yes_or_no() {
    let mut world = World::quiet();
    let (visitor, other) = (world.visitor(), world.visitor());
    let path = format!("{BASE}/participants/{}/typing", visitor.guest);
    for (body, status) in [
        (json!({"isTyping": true}), 400),
        (json!({"conversationId": 7, "isTyping": true}), 400),
        (json!({"conversationId": visitor.conversation}), 400),
        (json!({"conversationId": visitor.conversation, "isTyping": "yes"}), 400),
        (json!({"conversationId": visitor.conversation, "typing": true}), 400),
        (json!({"conversationId": other.conversation, "isTyping": true}), 404),
        (json!({"conversationId": visitor.conversation.to_uppercase(), "isTyping": true}), 404),
        (Value::Null, 400),
    ] {
        assert_eq!(world.call("POST", &path, &visitor.token, &body).status, status, "{body}");
    }
    let stranger = format!("{BASE}/participants/{}/typing", other.guest);
    let body = json!({"conversationId": visitor.conversation, "isTyping": true});
    assert_eq!(world.call("POST", &stranger, &visitor.token, &body).status, 404);
    assert!(told(&world).is_empty());
}

#[test]
fn typing_in_a_conversation_needs_a_yes_or_no() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let path = format!("{BASE}/conversations/{}/typing", visitor.conversation);
    for body in [json!({}), json!({"typing": 1}), json!({"isTyping": true}), json!([true])] {
        assert_eq!(world.call("POST", &path, &visitor.token, &body).status, 400, "{body}");
    }
}

#[test]
fn a_guests_own_typing_is_an_event_unless_the_setting_is_off() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    types_in(&mut world, &visitor, true);
    let frames = world.take(socket);
    assert_eq!((frames.len(), &frames[0]["participant_id"]), (1, &json!(visitor.guest)));
    world.set(json!({"echo_typing": false}));
    types_in(&mut world, &visitor, false);
    assert!(world.take(socket).is_empty());
}
