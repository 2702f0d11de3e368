use guest_messenger_sandbox::Setup;
use serde_json::{Value, json};

use crate::{
    support::DEPLOYMENT,
    world::{World, classes},
};

/// Sends until something else than 200 comes back; gives how many went through, and the refusal.
fn until_refused(world: &mut World, frame: &Value, most: usize) -> (usize, Option<Value>) {
    let guest = world.guest("t");
    for count in 0..most {
        let answer = world.ask(guest, frame.clone());
        if answer["code"] != 200 {
            return (count, Some(answer));
        }
    }
    (most, None)
}

fn text(text: &str) -> Value {
    json!({"action": "onMessage", "token": "t", "tracingId": "m", "message": {"type": "Text", "text": text}})
}

#[test]
fn a_sixth_message_within_a_second_is_too_fast() {
    let mut world = World::quiet();
    let (sent, refusal) = until_refused(&mut world, &text("Hi"), 10);
    let refusal = refusal.expect("a refusal");
    assert_eq!(sent, 5);
    assert_eq!(
        (&refusal["class"], &refusal["code"], &refusal["tracingId"]),
        (&json!("TooManyRequestsErrorMessage"), &json!(429), &json!("m"))
    );
    assert_eq!((&refusal["body"]["errorCode"], &refusal["body"]["retryAfter"]), (&json!(4029), &json!(1)));
    assert_eq!(world.conversations()[0]["messages"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_refused_message_may_be_sent_again_after_the_time_it_names() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    for _ in 0..5 {
        world.say(guest, "t", "Hi");
    }
    assert_eq!(world.say(guest, "t", "Hi")["code"], 429);
    world.wait(1000);
    assert_eq!(world.say(guest, "t", "Hi")["code"], 200);
}

#[test]
fn a_connection_has_sixty_requests_a_minute() {
    let mut world = World::quiet();
    let jwt = json!({"action": "getJwt", "token": "t"});
    let (sent, refusal) = until_refused(&mut world, &jwt, 70);
    assert_eq!((sent, refusal.expect("a refusal")["code"].clone()), (59, json!(429)), "the configure counts too");
}

#[test]
fn a_connection_has_two_health_checks_a_minute() {
    let mut world = World::quiet();
    let echo = json!({"action": "echo", "token": "t", "message": {"type": "Text", "text": "ping"}});
    assert_eq!(until_refused(&mut world, &echo, 5).0, 2);
}

#[test]
fn a_history_has_ten_reads_a_minute() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let auth = format!("bearer {}", world.jwt(guest, "t"));
    let statuses: Vec<u16> =
        (0..11).map(|_| world.get("/api/v2/webmessaging/messages", &[("authorization", &auth)]).status).collect();
    assert_eq!(statuses.iter().position(|status| *status == 429), Some(10));
}

#[test]
fn a_deployment_has_a_thousand_connections_a_minute() {
    let mut world = World::quiet();
    let connections: Vec<_> = (0..1001).map(|_| world.open()).collect();
    assert_eq!(world.accepted.len(), 1000);
    assert_eq!(world.refused.get(&connections[1000]), Some(&429));
}

#[test]
fn texts_are_counted_in_bytes() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    assert_eq!(world.say(guest, "t", &"é".repeat(2048))["code"], 200);
    let refusal = world.say(guest, "t", &format!("{}x", "é".repeat(2048)));
    assert_eq!((&refusal["class"], &refusal["code"]), (&json!("string"), &json!(4011)));
    assert_eq!(refusal["body"], "Message length 4097 is larger than 4096");
}

#[test]
fn attributes_are_counted_as_names_and_values() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let with = |bytes: usize| json!({"type": "Text", "text": "Hi", "channel": {"metadata": {"customAttributes": {"name": "x".repeat(bytes - 4)}}}});
    assert_eq!(world.message(guest, "t", with(2048))["code"], 200);
    assert_eq!(world.message(guest, "t", with(2049))["code"], 4013);
}

#[test]
fn a_token_has_at_most_2048_characters() {
    let mut world = World::quiet();
    let guest = world.open();
    assert_eq!(world.configure(guest, &"x".repeat(2049))["code"], 400);
    assert_eq!(world.configure(guest, &"x".repeat(2048))["code"], 200);
}

#[test]
fn limits_can_be_switched_off() {
    let mut setup = Setup::new(DEPLOYMENT, 1);
    setup.settings.bot = false;
    setup.settings.limits = false;
    let mut world = World::of(setup);
    assert_eq!(until_refused(&mut world, &text(&"x".repeat(5000)), 100), (100, None));
    let guest = world.guest("t");
    assert_eq!(classes(&world.take(guest)), [""; 0]);
}
