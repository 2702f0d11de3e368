use serde_json::{Value, json};

use crate::{
    events::presence,
    support::DEPLOYMENT,
    world::{World, classes},
};

#[test]
fn an_end_of_type_send_is_told_and_the_guest_may_go_on() {
    let mut world = World::quiet();
    world.set(json!({"disconnect": "Send"}));
    let guest = world.guest("t");
    world.take(guest);
    world.control("POST", "/conversations/c1/disconnect", &Value::Null);
    let frames = world.take(guest);
    assert_eq!(frames[0]["body"]["events"][0]["presence"]["type"], "Disconnect");
    assert_eq!(frames[0]["body"]["direction"], "Outbound");
    assert!(frames[0]["body"]["metadata"].get("readOnly").is_none());
    assert_eq!(world.conversations()[0]["state"], "ended");
    assert_eq!(world.say(guest, "t", "one more thing")["code"], 200);
    assert_eq!(world.conversations()[0]["state"], "live");
}

#[test]
fn an_end_is_silent_where_the_deployment_has_disconnect_off() {
    let mut world = World::quiet();
    world.set(json!({"disconnect": "Off"}));
    let guest = world.guest("t");
    world.take(guest);
    world.control("POST", "/conversations/c1/disconnect", &Value::Null);
    assert!(world.take(guest).is_empty());
    assert_eq!(world.conversations()[0]["state"], "ended");
}

#[test]
fn a_read_only_end_blocks_messages_with_409_but_not_history_or_clear() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.take(guest);
    world.control("POST", "/conversations/c1/disconnect", &json!({"read_only": true}));
    assert_eq!(world.take(guest)[0]["body"]["metadata"]["readOnly"], "true");
    let refusal = world.say(guest, "t", "hello?");
    assert_eq!((&refusal["class"], &refusal["code"]), (&json!("string"), &json!(409)));
    let jwt = world.jwt(guest, "t");
    assert_eq!(world.history(&jwt, "")["total"], 1);
    let later = world.open();
    let answer = world.configure(later, "t");
    assert_eq!((&answer["body"]["readOnly"], &answer["body"]["newSession"]), (&json!(true), &json!(false)));
    world.send(guest, &json!({"action": "onMessage", "token": "t", "message": presence("Clear")}));
    assert_eq!(world.closed.get(&guest), Some(&1000));
}

#[test]
fn after_read_only_a_closed_session_starts_anew_with_the_same_token() {
    let mut world = World::quiet();
    let [guest, other] = [world.guest("t"), world.guest("t")];
    world.say(guest, "t", "Hi");
    world.control("POST", "/conversations/c1/disconnect", &json!({"read_only": true}));
    world.take(other);
    let closed = world
        .ask(guest, json!({"action": "closeSession", "token": "t", "closeAllConnections": true, "tracingId": "c"}));
    assert_eq!(closed["class"], "SessionResponse");
    assert_eq!(closed["tracingId"], "c");
    assert_eq!((&closed["body"]["connected"], &closed["body"]["readOnly"]), (&json!(false), &json!(true)));
    assert_eq!(classes(&world.take(other)), ["ConnectionClosedEvent"]);
    assert_eq!(world.closed.get(&other), Some(&1000));
    assert!(!world.closed.contains_key(&guest));

    let fresh = world
        .ask(guest, json!({"action": "configureSession", "deploymentId": DEPLOYMENT, "token": "t", "startNew": true}));
    assert_eq!(fresh["body"]["connected"], true);
    assert_eq!((&fresh["body"]["newSession"], &fresh["body"]["readOnly"]), (&json!(true), &json!(false)));
    assert_eq!(world.say(guest, "t", "Hello again")["code"], 200);
    let jwt = world.jwt(guest, "t");
    assert_eq!(world.history(&jwt, "")["total"], 1);
}

#[test]
fn start_new_on_a_live_session_resumes_it() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let answer = world
        .ask(guest, json!({"action": "configureSession", "deploymentId": DEPLOYMENT, "token": "t", "startNew": true}));
    assert_eq!(answer["body"]["newSession"], false);
}

#[test]
fn closing_a_session_for_this_connection_alone_leaves_the_others() {
    let mut world = World::quiet();
    let [guest, other] = [world.guest("t"), world.guest("t")];
    world.take(other);
    let closed = world.ask(guest, json!({"action": "closeSession", "token": "t", "closeAllConnections": false}));
    assert_eq!(closed["body"]["connected"], false);
    assert_eq!(world.closed.get(&guest), Some(&1000));
    assert!(world.take(other).is_empty());
    assert_eq!(world.say(other, "t", "still here")["code"], 200);
}
