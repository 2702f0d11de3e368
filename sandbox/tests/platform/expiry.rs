//! What moves the end of a session on, and what does not.

use guest_messenger_sandbox::ConnectionId;
use serde_json::{Value, json};

use crate::{
    support::DEPLOYMENT,
    world::{START_MS, World, classes},
};

const LIFE_S: u64 = 60;

fn short_lived() -> (World, ConnectionId) {
    let mut world = World::quiet();
    world.set(json!({"session_duration_s": LIFE_S}));
    let guest = world.guest("t");
    (world, guest)
}

fn echo(world: &mut World, guest: ConnectionId) -> Value {
    world.ask(guest, json!({"action": "echo", "token": "t", "message": {"type": "Text", "text": "ping"}}))
}

/// Seconds after the start, as a health check tells it.
fn end_s(world: &mut World, guest: ConnectionId) -> u64 {
    let answer = echo(world, guest);
    let date =
        answer["body"]["metadata"]["expirationDate"].as_str().expect("a string").parse::<u64>().expect("seconds");
    date - START_MS / 1000
}

fn type_on(world: &mut World, guest: ConnectionId) -> Vec<Value> {
    world.take(guest);
    let events = json!([{"eventType": "Typing", "typing": {"type": "On"}}]);
    world.send(guest, &json!({"action": "onMessage", "token": "t", "message": {"type": "Event", "events": events}}));
    world.take(guest)
}

#[test]
fn a_typing_signal_of_the_guests_moves_the_end_on() {
    let (mut world, guest) = short_lived();
    world.wait(20_000);
    type_on(&mut world, guest);
    assert_eq!(end_s(&mut world, guest), 20 + LIFE_S);
    world.wait(59_999);
    assert!(world.take(guest).is_empty());
    world.wait(1);
    assert_eq!(classes(&world.take(guest)), ["SessionExpiredEvent"]);
}

#[test]
fn a_typing_signal_of_an_agents_moves_the_end_on_when_it_goes_out() {
    let (mut world, guest) = short_lived();
    world.wait(20_000);
    assert_eq!(world.control("POST", "/conversations/c1/typing", &json!({})).0, 204);
    world.take(guest);
    assert_eq!(end_s(&mut world, guest), 20 + LIFE_S);
    world.set(json!({"agent_typing": false}));
    world.wait(20_000);
    assert_eq!(world.control("POST", "/conversations/c1/typing", &json!({})).0, 204);
    assert_eq!(end_s(&mut world, guest), 20 + LIFE_S);
}

#[test]
fn typing_leaves_the_end_where_it_is_when_the_setting_says_so() {
    let (mut world, guest) = short_lived();
    world.set(json!({"typing_extends": false}));
    world.wait(20_000);
    type_on(&mut world, guest);
    assert_eq!(end_s(&mut world, guest), LIFE_S);
}

#[test]
fn a_refused_typing_signal_moves_nothing() {
    let (mut world, guest) = short_lived();
    world.set(json!({"user_typing": false}));
    world.wait(20_000);
    assert_eq!(type_on(&mut world, guest)[0]["code"], 403);
    assert_eq!(end_s(&mut world, guest), LIFE_S);
}

#[test]
fn joining_is_a_message_and_moves_the_end_on() {
    let (mut world, guest) = short_lived();
    world.wait(20_000);
    let events = json!([{"eventType": "Presence", "presence": {"type": "Join"}}]);
    world.message(guest, "t", json!({"type": "Event", "events": events}));
    assert_eq!(end_s(&mut world, guest), 20 + LIFE_S);
}

#[test]
fn health_checks_tokens_and_configuring_leave_the_end_where_it_is() {
    let (mut world, guest) = short_lived();
    world.wait(10_000);
    assert_eq!(end_s(&mut world, guest), LIFE_S);
    world.jwt(guest, "t");
    let answer = world.configure(guest, "t");
    assert_eq!(answer["body"]["expirationDate"], START_MS / 1000 + LIFE_S);
    let another = world.open();
    world.ask(another, json!({"action": "configureSession", "deploymentId": DEPLOYMENT, "token": "t"}));
    assert_eq!(end_s(&mut world, guest), LIFE_S);
}

#[test]
fn a_third_health_check_in_a_minute_is_refused() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    assert_eq!(
        (echo(&mut world, guest)["code"].clone(), echo(&mut world, guest)["code"].clone()),
        (json!(200), json!(200))
    );
    assert_eq!(echo(&mut world, guest)["code"], 429);
    world.wait(60_000);
    assert_eq!(echo(&mut world, guest)["code"], 200);
}
