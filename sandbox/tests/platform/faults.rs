use serde_json::{Value, json};

use crate::{
    support::DEPLOYMENT,
    world::{HOST, World, texts},
};

fn send(world: &mut World, guest: guest_messenger_sandbox::ConnectionId, text: &str) {
    world.send(guest, &json!({"action": "onMessage", "token": "t", "message": {"type": "Text", "text": text}}));
}

fn ready(fault: Value) -> (World, guest_messenger_sandbox::ConnectionId) {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.take(guest);
    world.fault(fault);
    (world, guest)
}

#[test]
fn a_dropped_frame_to_the_guest_was_still_accepted() {
    let (mut world, guest) = ready(json!({"kind": "drop", "direction": "to_guest"}));
    send(&mut world, guest, "one");
    send(&mut world, guest, "two");
    assert_eq!(texts(&world.take(guest)), ["two"]);
    assert_eq!(world.conversations()[0]["messages"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_dropped_frame_to_the_platform_never_happened() {
    let (mut world, guest) = ready(json!({"kind": "drop", "direction": "to_platform", "count": 2}));
    for text in ["one", "two", "three"] {
        send(&mut world, guest, text);
    }
    assert_eq!(texts(&world.take(guest)), ["three"]);
    assert_eq!(world.conversations()[0]["messages"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_delayed_frame_comes_after_its_time_and_later_ones_overtake_it() {
    let (mut world, guest) = ready(json!({"kind": "delay", "direction": "to_guest", "ms": 500}));
    send(&mut world, guest, "one");
    send(&mut world, guest, "two");
    assert_eq!(texts(&world.take(guest)), ["two"]);
    world.wait(499);
    assert!(world.take(guest).is_empty());
    world.wait(1);
    assert_eq!(texts(&world.take(guest)), ["one"]);
}

#[test]
fn a_frame_delayed_on_its_way_in_is_answered_late() {
    let (mut world, guest) = ready(json!({"kind": "delay", "direction": "to_platform", "ms": 500}));
    send(&mut world, guest, "one");
    assert!(world.take(guest).is_empty());
    world.wait(500);
    assert_eq!(texts(&world.take(guest)), ["one"]);
}

#[test]
fn a_duplicated_frame_comes_as_often_as_asked() {
    let (mut world, guest) = ready(json!({"kind": "duplicate", "direction": "to_guest", "copies": 3}));
    send(&mut world, guest, "one");
    let frames = world.take(guest);
    assert_eq!(texts(&frames), ["one"; 4]);
    assert!(frames.iter().all(|frame| *frame == frames[0]));
}

#[test]
fn reordered_frames_swap_places() {
    let (mut world, guest) = ready(json!({"kind": "reorder", "direction": "to_guest", "count": 2}));
    for text in ["1", "2", "3", "4", "5"] {
        send(&mut world, guest, text);
    }
    assert_eq!(texts(&world.take(guest)), ["2", "1", "4", "3", "5"]);
}

#[test]
fn a_frame_that_nothing_overtakes_comes_after_a_second() {
    let (mut world, guest) = ready(json!({"kind": "reorder", "direction": "to_platform"}));
    send(&mut world, guest, "alone");
    world.wait(999);
    assert!(world.take(guest).is_empty());
    world.wait(1);
    assert_eq!(texts(&world.take(guest)), ["alone"]);
}

#[test]
fn a_rate_limit_answers_as_many_messages_as_asked() {
    let (mut world, guest) = ready(json!({"kind": "rate_limit", "count": 2, "retry_after_s": 7}));
    for _ in 0..2 {
        let typing = json!({"type": "Event", "events": [{"eventType": "Typing", "typing": {"type": "On"}}]});
        assert_eq!(world.message(guest, "t", typing)["code"], 200, "typing does not use it up");
        let refusal = world.say(guest, "t", "Hi");
        assert_eq!((&refusal["code"], &refusal["body"]["retryAfter"]), (&json!(429), &json!(7)));
    }
    assert_eq!(world.say(guest, "t", "Hi")["code"], 200);
}

#[test]
fn an_expiry_ends_every_session_now() {
    let (mut world, guest) = ready(json!({"kind": "expire"}));
    assert_eq!(world.take(guest)[0]["class"], "SessionExpiredEvent");
    assert_eq!(world.say(guest, "t", "Hi")["code"], 4006);
}

#[test]
fn refused_and_hanging_handshakes_are_counted() {
    let (mut world, _) = ready(json!([{"kind": "refuse", "count": 2, "status": 503}, {"kind": "hang_handshake"}]));
    let connections = [world.open(), world.open(), world.open(), world.open()];
    assert!(!world.accepted.contains(&connections[0]) && !world.refused.contains_key(&connections[0]), "hangs");
    assert_eq!(world.refused.get(&connections[1]), Some(&503));
    assert_eq!(world.refused.get(&connections[2]), Some(&503));
    assert!(world.accepted.contains(&connections[3]));
}

#[test]
fn a_clean_close_and_a_kill_leave_the_session_alive() {
    let (mut world, guest) = ready(json!({"kind": "close", "code": 1012, "reason": "restart"}));
    assert_eq!(world.closed.get(&guest), Some(&1012));
    let second = world.open();
    assert_eq!(world.configure(second, "t")["body"]["newSession"], false);
    world.fault(json!({"kind": "kill"}));
    assert!(world.killed.contains(&second));
}

#[test]
fn a_kill_on_a_message_strikes_after_it_is_stored_and_before_its_echo() {
    let (mut world, guest) = ready(json!({"kind": "kill", "on": "message"}));
    assert!(world.killed.is_empty());
    send(&mut world, guest, "in flight");
    assert!(world.take(guest).is_empty());
    assert!(world.killed.contains(&guest));
    assert_eq!(world.conversations()[0]["messages"][0]["text"], "in flight");
}

#[test]
fn a_fault_can_wait_and_can_be_called_off() {
    let (mut world, guest) =
        ready(json!([{"kind": "kill", "after_ms": 300}, {"kind": "drop", "direction": "to_guest", "count": 9}]));
    assert_eq!(world.control("GET", "/faults", &Value::Null).1.as_array().map(Vec::len), Some(1));
    world.wait(299);
    assert!(world.killed.is_empty());
    assert_eq!(world.control("DELETE", "/faults", &Value::Null).0, 204);
    world.wait(100);
    assert!(world.killed.is_empty());
    assert_eq!(world.say(guest, "t", "Hi")["code"], 200);
}

#[test]
fn a_waiting_fault_strikes_when_its_time_comes() {
    let (mut world, guest) = ready(json!({"kind": "kill", "after_ms": 300}));
    world.wait(300);
    assert!(world.killed.contains(&guest));
}

#[test]
fn a_fault_for_one_conversation_leaves_the_others_alone() {
    let mut world = World::quiet();
    let [first, second] = [world.guest("t"), world.guest("u")];
    world.fault(json!({"kind": "kill", "conversation": "c2"}));
    assert_eq!(world.killed.iter().collect::<Vec<_>>(), [&second]);
    world.fault(json!({"kind": "drop", "direction": "to_guest", "conversation": "c2"}));
    assert_eq!(world.say(first, "t", "Hi")["code"], 200);
}

#[test]
fn http_answers_can_fail_come_late_or_be_a_sign_in_page() {
    let (mut world, guest) = ready(json!({"kind": "http", "route": "history", "status": 500, "retry_after": "soon"}));
    let auth = format!("bearer {}", world.jwt(guest, "t"));
    let read = |world: &mut World| {
        world.get("/api/v2/webmessaging/messages", &[("authorization", &auth), ("origin", "http://localhost:1")])
    };
    let failed = read(&mut world);
    assert_eq!(failed.status, 500);
    assert!(failed.headers.contains(&("retry-after".into(), "soon".into())));
    assert!(failed.headers.contains(&("access-control-allow-origin".into(), "http://localhost:1".into())));
    assert_eq!(read(&mut world).status, 200);

    world.fault(json!({"kind": "http", "route": "history", "html": true}));
    let page = read(&mut world);
    assert_eq!(page.status, 200);
    assert!(page.body.starts_with(b"<!doctype html>"));

    world.fault(json!({"kind": "http", "route": "config", "ms": 800}));
    let path = format!("/webdeployments/v1/deployments/{DEPLOYMENT}/config.json");
    let request = world.start_http("GET", &path, &[("host", HOST)], b"");
    world.wait(799);
    assert_eq!(world.answer_of(request), None);
    world.wait(1);
    assert_eq!(world.answer_of(request).map(|answer| answer.status), Some(200));
}

#[test]
fn a_fault_that_makes_no_sense_is_refused_with_a_sentence() {
    let mut world = World::quiet();
    for fault in [
        json!({"kind": "drop"}),
        json!({"kind": "http", "status": 500}),
        json!({"kind": "flood"}),
        json!({"kind": "kill", "when": 3}),
        json!(7),
    ] {
        let (status, answer) = world.control("POST", "/faults", &fault);
        assert_eq!(status, 400, "{fault}");
        assert!(answer["message"].as_str().expect("a sentence").ends_with('.'));
    }
}
