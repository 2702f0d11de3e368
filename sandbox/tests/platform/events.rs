use serde_json::{Value, json};

use crate::world::{World, classes};

fn typing() -> Value {
    json!({"type": "Event", "events": [{"eventType": "Typing", "typing": {"type": "On"}}]})
}

pub(crate) fn presence(kind: &str) -> Value {
    json!({"type": "Event", "events": [{"eventType": "Presence", "presence": {"type": kind}}]})
}

#[test]
fn a_guest_that_types_shows_at_the_desk_until_five_seconds_after_the_last_event() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.message(guest, "t", typing());
    assert_eq!(world.conversations()[0]["typing"], true);
    world.wait(4000);
    world.message(guest, "t", typing());
    world.wait(4999);
    assert_eq!(world.conversations()[0]["typing"], true);
    world.wait(1);
    assert_eq!(world.conversations()[0]["typing"], false);
    let told: Vec<&Value> =
        world.desk.iter().filter(|event| event["kind"] == "typing").map(|event| &event["typing"]).collect();
    assert_eq!(told, [true, false]);
}

#[test]
fn a_message_ends_the_guests_typing_at_once() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.message(guest, "t", typing());
    world.say(guest, "t", "Hi");
    assert_eq!(world.conversations()[0]["typing"], false);
}

#[test]
fn typing_is_refused_with_403_where_the_deployment_has_it_off() {
    let mut world = World::quiet();
    world.set(json!({"user_typing": false}));
    let guest = world.guest("t");
    let answer = world.message(guest, "t", typing());
    assert_eq!((&answer["class"], &answer["code"]), (&json!("string"), &json!(403)));
}

#[test]
fn typing_comes_back_only_where_the_setting_says_so() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    assert_eq!(world.message(guest, "t", typing())["body"]["events"][0]["typing"]["type"], "On");
    world.set(json!({"echo_typing": false}));
    world.send(guest, &json!({"action": "onMessage", "token": "t", "message": typing()}));
    assert!(world.take(guest).is_empty());
}

#[test]
fn an_agents_typing_carries_the_field_that_was_asked_for() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.take(guest);
    let asked = [
        json!({}),
        json!({"duration_ms": 800}),
        json!({"duration_ms": 800, "field": "durationMs"}),
        json!({"field": "none"}),
        json!({"off": true}),
    ];
    for body in asked {
        assert_eq!(world.control("POST", "/conversations/c1/typing", &body).0, 204);
    }
    let frames = world.take(guest);
    let typing: Vec<&Value> = frames.iter().map(|frame| &frame["body"]["events"][0]["typing"]).collect();
    let expected = [
        json!({"type": "On", "duration": 5000}),
        json!({"type": "On", "duration": 800}),
        json!({"type": "On", "durationMs": 800}),
        json!({"type": "On"}),
        json!({"type": "Off", "duration": 1000}),
    ];
    assert_eq!(typing, expected.iter().collect::<Vec<_>>());
}

#[test]
fn an_agents_typing_stays_inside_where_the_deployment_has_it_off() {
    let mut world = World::quiet();
    world.set(json!({"agent_typing": false}));
    let guest = world.guest("t");
    world.take(guest);
    world.control("POST", "/conversations/c1/typing", &json!({}));
    assert!(world.take(guest).is_empty());
}

#[test]
fn a_join_comes_back_inbound_and_is_part_of_the_history() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let mut join = presence("Join");
    join["channel"] = json!({"metadata": {"customAttributes": {"department": "sales"}}});
    let echo = world.message(guest, "t", join);
    assert_eq!(echo["body"]["events"][0]["presence"]["type"], "Join");
    assert_eq!(echo["body"]["direction"], "Inbound");
    assert_eq!(world.conversations()[0]["messages"][0]["attributes"]["department"], "sales");
    let jwt = world.jwt(guest, "t");
    assert_eq!(world.history(&jwt, "")["entities"][0]["events"][0]["presence"]["type"], "Join");
}

#[test]
fn typing_is_no_part_of_the_history() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.message(guest, "t", typing());
    world.control("POST", "/conversations/c1/typing", &json!({}));
    world.take(guest);
    let jwt = world.jwt(guest, "t");
    assert_eq!(world.history(&jwt, "")["total"], 0);
}

#[test]
fn a_clear_is_followed_by_the_cleared_event_the_closed_event_and_the_close() {
    let mut world = World::quiet();
    let [guest, other] = [world.guest("t"), world.guest("t")];
    world.say(guest, "t", "Hi");
    world.take(guest);
    world.take(other);
    world.send(guest, &json!({"action": "onMessage", "token": "t", "tracingId": "c", "message": presence("Clear")}));
    let expected = ["StructuredMessage", "SessionClearedEvent", "ConnectionClosedEvent"];
    let frames = world.take(guest);
    assert_eq!(classes(&frames), expected);
    assert_eq!(frames[0]["tracingId"], "c");
    assert_eq!(classes(&world.take(other)), expected);
    assert_eq!((world.closed.get(&guest), world.closed.get(&other)), (Some(&1000), Some(&1000)));

    let again = world.open();
    assert_eq!(world.configure(again, "t")["body"]["newSession"], true);
    let jwt = world.jwt(again, "t");
    assert_eq!(world.history(&jwt, "")["total"], 0);
}

#[test]
fn a_clear_is_refused_in_words_that_clients_match_where_it_is_off() {
    let mut world = World::quiet();
    world.set(json!({"clear": false}));
    let guest = world.guest("t");
    let answer = world.message(guest, "t", presence("Clear"));
    assert_eq!(answer["code"], 403);
    assert!(answer["body"].as_str().expect("a sentence").contains("Conversation Clear"));
    assert!(world.closed.is_empty());
}
