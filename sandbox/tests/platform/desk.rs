use serde_json::{Value, json};

use crate::world::World;

#[test]
fn a_conversation_is_listed_without_its_token() {
    let mut world = World::quiet();
    let guest = world.guest("very-secret-token");
    world.say(guest, "very-secret-token", "Hi");
    let list = world.conversations();
    let conversation = &list[0];
    assert_eq!(
        (&conversation["id"], &conversation["state"], &conversation["connections"], &conversation["unread"]),
        (&json!("c1"), &json!("live"), &json!(1), &json!(1))
    );
    let message = &conversation["messages"][0];
    assert_eq!(
        (&message["author"], &message["text"], &message["seen"]),
        (&json!("guest"), &json!("Hi"), &json!(false))
    );
    assert!(!json!(list).to_string().contains("very-secret-token"));
    assert!(!json!(world.desk).to_string().contains("very-secret-token"));
}

#[test]
fn the_clients_own_metadata_shows() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.message(guest, "t", json!({"type": "Text", "text": "Hi", "metadata": {"id": "mine"}}));
    assert_eq!(world.conversations()[0]["messages"][0]["client_metadata"]["id"], "mine");
}

#[test]
fn unread_ends_with_a_look_or_a_reply() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.say(guest, "t", "one");
    world.say(guest, "t", "two");
    assert_eq!(world.conversations()[0]["unread"], 2);
    assert_eq!(world.control("POST", "/conversations/c1/read", &Value::Null).0, 204);
    assert_eq!(world.conversations()[0]["unread"], 0);
    world.say(guest, "t", "three");
    world.agent_says("c1", "Hello");
    assert_eq!(world.conversations()[0]["unread"], 0);
}

#[test]
fn every_change_is_told_to_the_desks() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.say(guest, "t", "Hi");
    world.leave(guest);
    let kinds: Vec<&Value> = world.desk.iter().map(|event| &event["kind"]).collect();
    assert_eq!(kinds, ["connection", "conversation", "message", "connection"]);
    assert_eq!(world.desk[3]["connections"], 0);
    assert!(world.desk.iter().all(|event| event["conversation"] == "c1"));
}

#[test]
fn an_agent_can_send_each_kind_of_message() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    for (body, kind) in [
        (json!({"text": "Which?", "quick_replies": ["This", "That"]}), "QuickReply"),
        (json!({"card": {"title": "Shoe"}}), "Card"),
        (json!({"carousel": [{"title": "Shoe"}, {"title": "Boot", "description": "High"}]}), "Carousel"),
        (json!({"file": {"name": "a.txt", "mime": "text/plain", "base64": "aGVsbG8="}}), "Attachment"),
    ] {
        world.take(guest);
        assert_eq!(world.control("POST", "/conversations/c1/messages", &body).0, 201);
        assert_eq!(world.take(guest)[0]["body"]["content"][0]["contentType"], kind);
    }
}

#[test]
fn a_raw_body_is_laid_over_the_message() {
    let mut world = World::quiet();
    world.strict = false;
    let guest = world.guest("t");
    world.take(guest);
    let raw = json!({"type": "Hologram", "channel": {"time": "2020-01-01T00:00:00.000Z"}, "extra": null});
    world.control("POST", "/conversations/c1/messages", &json!({"text": "Hi", "raw_body": raw}));
    let body = world.take(guest)[0]["body"].clone();
    assert_eq!(
        (&body["type"], &body["text"], &body["channel"], &body["extra"]),
        (&json!("Hologram"), &json!("Hi"), &raw["channel"], &Value::Null)
    );
}

#[test]
fn any_frame_can_be_sent_as_it_is() {
    let mut world = World::quiet();
    world.strict = false;
    let guest = world.guest("t");
    world.take(guest);
    assert_eq!(world.control("POST", "/conversations/c1/frame", &json!({"odd": [null]})).0, 204);
    assert_eq!(world.take(guest), [json!({"odd": [null]})]);
}

#[test]
fn settings_are_merged_and_a_wrong_one_changes_nothing() {
    let mut world = World::quiet();
    let (status, settings) = world.control("POST", "/settings", &json!({"session_duration_s": 90}));
    assert_eq!((status, &settings["session_duration_s"], &settings["clear"]), (200, &json!(90), &json!(true)));
    for wrong in [json!({"sesion_duration_s": 5}), json!({"bot": "yes"}), json!({"disconnect": "Maybe"}), json!([])] {
        let (status, answer) = world.control("POST", "/settings", &wrong);
        assert_eq!(status, 400, "{wrong}");
        assert!(answer["message"].is_string());
    }
    assert_eq!(world.control("GET", "/settings", &Value::Null).1, settings);
}

#[test]
fn unknown_conversations_paths_and_bodies_are_refused() {
    let mut world = World::quiet();
    world.guest("t");
    assert_eq!(world.control("POST", "/conversations/c9/typing", &Value::Null).0, 404);
    assert_eq!(world.control("POST", "/conversations/c1/dance", &Value::Null).0, 404);
    assert_eq!(world.control("GET", "/nothing", &Value::Null).0, 404);
    assert_eq!(world.control("POST", "/conversations/c1/messages", &json!({})).0, 400);
    assert_eq!(world.control("POST", "/conversations/c1/messages", &json!({"author": "guest", "text": "x"})).0, 400);
    assert_eq!(
        world
            .control("POST", "/conversations/c1/messages", &json!({"file": {"name": "a", "mime": "b", "base64": "*"}}))
            .0,
        400
    );
}
