//! What desks and the control API see and do.

use serde_json::{Value, json};

use super::{BASE, message};
use crate::world::World;

#[test]
fn conversations_of_each_api_are_in_one_list_with_the_api_named() {
    let mut world = World::quiet();
    world.guest("t");
    let visitor = world.visitor();
    let list = world.conversations();
    assert_eq!((&list[0]["api"], &list[1]["api"]["name"]), (&json!({"name": "guest"}), &json!("conversations")));
    assert_eq!(list[1]["api"]["guest_id"], json!(visitor.guest));
    assert_eq!(
        (&list[1]["id"], &list[1]["guest_name"], &list[1]["state"]),
        (&json!("c2"), &json!("Guest 2"), &json!("live"))
    );
}

#[test]
fn a_desk_is_told_of_a_new_conversation_at_once() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let event = world.desk.last().expect("an event");
    assert_eq!((&event["kind"], &event["conversation"]), (&json!("conversation"), &json!("c1")));
    assert_eq!(event["api"]["conversation_id"], json!(visitor.conversation));
}

#[test]
fn tokens_are_neither_listed_nor_told() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    world.write(&visitor, "Hi");
    let (listed, heard) = (world.conversations(), world.take(socket));
    let said = format!("{listed:?} {heard:?} {:?}", world.desk);
    assert!(!said.contains(&visitor.token));
}

#[test]
fn the_desk_tells_messages_a_minute_and_the_last_latency() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.write(&visitor, "one");
    world.agent_says("c1", "not counted");
    world.wait(30_000);
    let mut body = message(&visitor, "two");
    body["metadata"] = json!({"transmissionTimestamp": "2026-10-14T17:47:09.750Z"});
    world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body);
    assert_eq!(world.listed(&visitor)["metrics"], json!({"messages_per_minute": 2, "last_latency_ms": 250}));
    let told = world.desk.iter().rev().find(|event| event["kind"] == "message").expect("an event");
    assert_eq!(told["metrics"]["messages_per_minute"], 2);
    world.wait(30_001);
    assert_eq!(world.listed(&visitor)["metrics"]["messages_per_minute"], 1);
}

#[test]
fn guest_api_conversations_have_metrics_too() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.say(guest, "t", "Hi");
    assert_eq!(world.conversations()[0]["metrics"], json!({"messages_per_minute": 1, "last_latency_ms": null}));
}

#[test]
fn the_control_api_takes_either_id_of_a_conversation() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for id in ["c1", &visitor.conversation] {
        assert_eq!(world.control("POST", &format!("/conversations/{id}/messages"), &json!({"text": "Hi"})).0, 201);
    }
    assert_eq!(world.transcript(&visitor)["total"], 2);
}

#[test]
fn a_guests_client_id_shows_as_in_the_guest_api() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let mut body = message(&visitor, "Hi");
    body["metadata"] = json!({"id": "mine-1"});
    world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body);
    let listed = world.listed(&visitor);
    let shown = &listed["messages"][0];
    assert_eq!(
        (&shown["author"], &shown["text"], &shown["client_metadata"]["id"]),
        (&json!("guest"), &json!("Hi"), &json!("mine-1"))
    );
    assert_eq!(listed["unread"], 1);
}

#[test]
fn connections_are_the_sockets_that_have_authenticated() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.open_events();
    let socket = world.listen(&visitor.token);
    assert_eq!(world.listed(&visitor)["connections"], 1);
    world.leave(socket);
    assert_eq!(world.listed(&visitor)["connections"], 0);
}

#[test]
fn a_card_of_the_desk_goes_out_as_its_title_and_a_file_as_an_attachment() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    world.control_of(&visitor, "messages", json!({"card": {"title": "Trail shoe"}}));
    world.control_of(
        &visitor,
        "messages",
        json!({"file": {"name": "a.txt", "mime": "text/plain", "base64": "aGVsbG8="}}),
    );
    let frames = world.take(socket);
    assert_eq!(frames[0]["payload"]["body"]["content"], "Trail shoe");
    let file = &frames[1]["payload"]["attachments"][0];
    assert_eq!(
        (&file["fileName"], &file["contentType"], &file["size"]),
        (&json!("a.txt"), &json!("text/plain"), &json!(5))
    );
    let url = file["url"].as_str().expect("an address").strip_prefix("http://127.0.0.1:8080").expect("this server");
    assert_eq!(world.get(url, &[]).body, b"hello");
}

#[test]
fn the_bot_types_and_answers_over_events() {
    let mut world = World::with_bot();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    world.write(&visitor, "Hi");
    world.take(socket);
    world.wait(1000);
    let frames = world.take(socket);
    let kinds: Vec<&Value> = frames.iter().map(|frame| &frame["event_type"]).collect();
    assert_eq!(kinds, ["typing", "message"]);
    assert_eq!(frames[1]["payload"]["from"]["type"], "bot");
}
