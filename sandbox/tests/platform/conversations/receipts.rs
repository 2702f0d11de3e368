//! Section 4: read receipts.

use serde_json::{Value, json};

use super::{BASE, Visitor};
use crate::world::World;

fn read_up_to(world: &mut World, visitor: &Visitor, message: Option<&str>) -> (u16, Value) {
    let path = format!("{BASE}/participants/{}/read", visitor.guest);
    let mut body = json!({"conversationId": visitor.conversation});
    if let Some(message) = message {
        body["messageId"] = json!(message);
    }
    let reply = world.call("POST", &path, &visitor.token, &body);
    (reply.status, reply.body)
}

fn read_one(world: &mut World, visitor: &Visitor, message: &str) -> u16 {
    let path = format!("{BASE}/messages/{message}/read");
    world.call("PUT", &path, &visitor.token, &json!({"read": true})).status
}

/// Which messages the desk shows as seen.
fn seen(world: &mut World, visitor: &Visitor) -> Vec<bool> {
    let listed = world.listed(visitor);
    let messages = listed["messages"].as_array().expect("messages");
    messages.iter().filter_map(|message| message["seen"].as_bool()).collect()
}

fn told(world: &World) -> Vec<Value> {
    world.desk.iter().filter(|event| event["kind"] == "seen").map(|event| event["messages"].clone()).collect()
}

#[test]
fn without_a_message_everything_up_to_now_is_read() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let (first, second) = (world.agent_says("c1", "one"), world.agent_says("c1", "two"));
    world.wait(5000);
    let (status, body) = read_up_to(&mut world, &visitor, None);
    assert_eq!((status, &body["lastReadTimestamp"]), (200, &json!("2026-10-14T17:46:45.000Z")));
    world.agent_says("c1", "three");
    assert_eq!(seen(&mut world, &visitor), [true, true, false]);
    assert_eq!(told(&world), [json!([first, second])]);
}

#[test]
fn with_a_message_everything_up_to_it_is_read() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.agent_says("c1", "one");
    let second = world.agent_says("c1", "two");
    world.agent_says("c1", "three");
    assert_eq!(read_up_to(&mut world, &visitor, Some(&second)).0, 200);
    assert_eq!(seen(&mut world, &visitor), [true, true, false]);
}

#[test]
fn the_participants_last_read_timestamp_shows_on_the_desk() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.agent_says("c1", "one");
    assert_eq!(world.listed(&visitor)["api"]["last_read_timestamp"], Value::Null);
    read_up_to(&mut world, &visitor, None);
    let api = world.listed(&visitor)["api"].clone();
    assert_eq!(
        (&api["last_read_timestamp"], &api["receipts"]),
        (&json!("2026-10-14T17:46:40.000Z"), &json!("participants"))
    );
}

#[test]
fn one_message_that_is_read_leaves_the_others_unread() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let ids = ["one", "two", "three"].map(|text| world.agent_says("c1", text));
    assert_eq!(read_one(&mut world, &visitor, &ids[1]), 204);
    assert_eq!(seen(&mut world, &visitor), [false, true, false]);
    assert_eq!(read_one(&mut world, &visitor, &ids[0]), 204);
    assert_eq!(read_one(&mut world, &visitor, &ids[2]), 204);
    assert_eq!(seen(&mut world, &visitor), [true, true, true]);
    assert_eq!(told(&world), [json!([ids[1]]), json!([ids[0]]), json!([ids[2]])]);
    let api = world.listed(&visitor)["api"].clone();
    assert_eq!((&api["receipts"], &api["last_read_timestamp"]), (&json!("conversations"), &Value::Null));
}

#[test]
fn a_receipt_that_comes_twice_changes_nothing() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let ids = ["one", "two"].map(|text| world.agent_says("c1", text));
    for id in [&ids[1], &ids[1], &ids[0], &ids[0], &ids[1]] {
        assert_eq!(read_one(&mut world, &visitor, id), 204);
    }
    assert_eq!(told(&world).len(), 2);
    assert_eq!(read_up_to(&mut world, &visitor, None).0, 200);
    assert_eq!(told(&world).len(), 2);
}

#[test]
fn a_receipt_of_a_message_that_is_not_there_or_is_the_guests_own_is_refused() {
    let mut world = World::quiet();
    let (visitor, other) = (world.visitor(), world.visitor());
    let others = world.agent_says("c2", "for somebody else");
    let mine = world.write(&visitor, "Hi").body["id"].as_str().expect("an id").to_owned();
    for (message, status) in [("nothing", 404), (&*others, 404), (&*mine, 400)] {
        assert_eq!(read_one(&mut world, &visitor, message), status, "{message}");
        assert_eq!(read_up_to(&mut world, &visitor, Some(message)).0, status, "{message}");
    }
    assert_eq!(read_one(&mut world, &other, &others), 204);
}

#[test]
fn a_receipt_needs_its_members() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let id = world.agent_says("c1", "one");
    let path = format!("{BASE}/participants/{}/read", visitor.guest);
    for body in
        [json!({}), json!({"conversationId": 7}), json!({"conversationId": visitor.conversation, "messageId": 7})]
    {
        assert_eq!(world.call("POST", &path, &visitor.token, &body).status, 400, "{body}");
    }
    let path = format!("{BASE}/messages/{id}/read");
    for body in [json!({}), json!({"read": false}), json!({"read": "yes"})] {
        assert_eq!(world.call("PUT", &path, &visitor.token, &body).status, 400, "{body}");
    }
    assert_eq!(seen(&mut world, &visitor), [false]);
}

#[test]
fn a_message_of_an_earlier_conversation_can_still_be_read_by_its_guest_and_by_a_server() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let ids = ["one", "two"].map(|text| world.agent_says("c1", text));
    assert_eq!(world.call("POST", BASE, &visitor.token, &json!({})).status, 200);
    assert_eq!(read_one(&mut world, &visitor, &ids[0]), 204);
    let server = Visitor { token: world.client_token(""), ..visitor.clone() };
    assert_eq!(read_one(&mut world, &server, &ids[1]), 204);
    assert_eq!(seen(&mut world, &visitor), [true, true]);
}
