//! Faults on request: each status of section 1, losses, and the events socket.

use serde_json::{Value, json};

use super::{BASE, Reply, Visitor, message};
use crate::world::World;

fn send(world: &mut World, visitor: &Visitor) -> Reply {
    world.write(visitor, "Hi")
}

fn route_calls(visitor: &Visitor) -> Vec<(&'static str, &'static str, String, Value)> {
    let Visitor { conversation, guest, .. } = visitor;
    vec![
        ("open", "POST", BASE.to_owned(), json!({})),
        ("send", "POST", format!("{BASE}/messages"), message(visitor, "Hi")),
        ("typing", "POST", format!("{BASE}/conversations/{conversation}/typing"), json!({"typing": true})),
        ("read", "POST", format!("{BASE}/participants/{guest}/read"), json!({"conversationId": conversation})),
        ("webchat", "GET", format!("/api/v2/webchat/sessions/{conversation}"), Value::Null),
        ("history", "GET", format!("{BASE}/conversations/{conversation}/messages"), Value::Null),
        ("token", "POST", "/sandbox/token".into(), json!({})),
    ]
}

#[test]
fn every_route_answers_any_status_once_and_then_as_ever() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for (route, method, path, body) in route_calls(&visitor) {
        for status in [400, 401, 403, 404, 409, 412, 413, 429, 500, 502, 503] {
            world.fault(json!({"kind": "http", "route": route, "status": status}));
            let reply = world.call(method, &path, &visitor.token, &body);
            assert_eq!((reply.status, reply.header("retry-after")), (status, None), "{route}");
            assert!(!reply.message().is_empty());
        }
        assert!(matches!(world.call(method, &path, &visitor.token, &body).status, 200 | 204), "{route}");
    }
}

#[test]
fn retry_after_comes_in_seconds_as_a_date_or_not_at_all() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.fault(json!([
        {"kind": "http", "route": "send", "status": 429, "retry_after": 7},
        {"kind": "http", "route": "send", "status": 429, "retry_after_date_s": 7},
        {"kind": "http", "route": "send", "status": 429},
    ]));
    let mut retry_after = || send(&mut world, &visitor).header("retry-after").map(str::to_owned);
    assert_eq!(retry_after().as_deref(), Some("7"));
    assert_eq!(retry_after().as_deref(), Some("Wed, 14 Oct 2026 17:46:47 GMT"));
    assert_eq!(retry_after(), None);
}

#[test]
fn a_date_to_retry_after_is_on_the_platforms_clock() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.set(json!({"date_skew_s": 3600}));
    world.fault(json!({"kind": "http", "route": "send", "status": 503, "retry_after_date_s": 7}));
    let reply = send(&mut world, &visitor);
    assert_eq!(reply.header("retry-after"), Some("Wed, 14 Oct 2026 18:46:47 GMT"));
    assert_eq!(reply.header("date"), Some("Wed, 14 Oct 2026 18:46:40 GMT"));
}

#[test]
fn an_answer_can_be_a_page_of_html() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.fault(json!({"kind": "http", "route": "send", "html": true}));
    let reply = send(&mut world, &visitor);
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!((reply.body, &world.transcript(&visitor)["total"]), (Value::Null, &json!(0)));
}

#[test]
fn a_slow_answer_is_about_what_happened_at_once() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.fault(json!({"kind": "http", "route": "send", "ms": 3000}));
    let path = format!("{BASE}/messages");
    let request = world.start_call("POST", &path, &visitor.token, &message(&visitor, "Hi"), &[]);
    assert_eq!(world.transcript(&visitor)["total"], 1);
    world.wait(2999);
    assert!(world.answer_of(request).is_none());
    world.wait(1);
    assert_eq!(world.answer_of(request).expect("an answer").status, 200);
}

#[test]
fn an_answer_is_lost_after_the_message_was_taken() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.fault(json!({"kind": "http", "route": "send", "lost": "answer"}));
    let path = format!("{BASE}/messages");
    let request = world.start_call("POST", &path, &visitor.token, &message(&visitor, "Hi"), &[]);
    assert!(world.answer_of(request).is_none() && world.cut.contains(&request));
    assert_eq!(world.transcript(&visitor)["total"], 1);
}

#[test]
fn a_request_is_lost_before_the_message_was_taken_and_after_a_while() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.fault(json!({"kind": "http", "route": "send", "lost": "request", "ms": 500}));
    let path = format!("{BASE}/messages");
    let request = world.start_call("POST", &path, &visitor.token, &message(&visitor, "Hi"), &[]);
    assert!(!world.cut.contains(&request));
    world.wait(500);
    assert!(world.cut.contains(&request));
    assert_eq!(world.transcript(&visitor)["total"], 0);
}

#[test]
fn a_browser_that_repeats_a_lost_request_by_itself_is_cut_again_and_nothing_is_taken_twice() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.fault(json!({"kind": "http", "route": "send", "lost": "answer"}));
    let path = format!("{BASE}/messages");
    let headers = [("x-genesys-request-id", "0a1b2c3d-0000-4000-8000-000000000001")];
    for _ in 0..2 {
        let request = world.start_call("POST", &path, &visitor.token, &message(&visitor, "Hi"), &headers);
        assert!(world.cut.contains(&request));
    }
    assert_eq!(world.transcript(&visitor)["total"], 1);
    assert_eq!(send(&mut world, &visitor).status, 200);
}

#[test]
fn a_fault_can_be_for_one_conversation_only() {
    let mut world = World::quiet();
    let (visitor, other) = (world.visitor(), world.visitor());
    for id in ["c1", &visitor.conversation] {
        for (route, method, path, body) in route_calls(&visitor).into_iter().filter(|(route, ..)| *route != "token") {
            world.fault(json!({"kind": "http", "route": route, "status": 503, "conversation": id}));
            let (_, _, others, others_body) =
                route_calls(&other).into_iter().find(|(name, ..)| *name == route).expect("a call");
            assert_ne!(world.call(method, &others, &other.token, &others_body).status, 503, "{route}");
            if route != "open" {
                assert_eq!(world.call(method, &path, &visitor.token, &body).status, 503, "{route}");
            }
            world.control("DELETE", "/faults", &Value::Null);
        }
    }
}

#[test]
fn tokens_expire_on_request_and_a_new_one_goes_on_with_the_conversation() {
    let mut world = World::quiet();
    let (visitor, other) = (world.visitor(), world.visitor());
    let socket = world.listen(&visitor.token);
    world.fault(json!({"kind": "expire", "conversation": visitor.conversation}));
    assert_eq!((send(&mut world, &visitor).status, world.closed.get(&socket)), (401, Some(&4001)));
    assert_eq!(send(&mut world, &other).status, 200);
    let fresh = world.http("POST", "/sandbox/token", &[], json!({"guestId": visitor.guest}).to_string().as_bytes());
    let fresh: Value = serde_json::from_slice(&fresh.body).expect("JSON");
    let token = fresh["token"].as_str().expect("a token").to_owned();
    assert_eq!(send(&mut world, &Visitor { token, ..visitor }).status, 200);
}

#[test]
fn the_events_socket_is_closed_with_a_code_or_with_none() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for code in [4001, 1012] {
        let socket = world.listen(&visitor.token);
        world.fault(json!({"kind": "close", "code": code, "conversation": "c1"}));
        assert_eq!(world.closed.get(&socket), Some(&code));
    }
    let socket = world.listen(&visitor.token);
    world.fault(json!({"kind": "close", "code": 1006}));
    assert!(world.killed.contains(&socket) && !world.closed.contains_key(&socket));
}

#[test]
fn the_events_handshake_is_refused() {
    let mut world = World::quiet();
    world.fault(json!([{"kind": "http", "route": "events", "status": 503}, {"kind": "refuse", "status": 429}]));
    let sockets = [(); 3].map(|()| world.open_events());
    let mut refused: Vec<Option<&u16>> = sockets.iter().map(|socket| world.refused.get(socket)).collect();
    refused.sort();
    assert_eq!(refused, [None, Some(&429), Some(&503)]);
}

#[test]
fn a_refused_handshake_of_events_alone_lets_the_other_socket_in() {
    let mut world = World::quiet();
    world.fault(json!({"kind": "http", "route": "events", "status": 503}));
    let guest = world.open();
    assert!(world.accepted.contains(&guest));
    let socket = world.open_events();
    assert_eq!(world.refused.get(&socket), Some(&503));
}

#[test]
fn events_are_dropped_delayed_and_duplicated() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    for (fault, at_once, later) in [
        (json!({"kind": "drop", "direction": "to_guest"}), 0, 0),
        (json!({"kind": "duplicate", "direction": "to_guest", "copies": 2}), 3, 0),
        (json!({"kind": "delay", "direction": "to_guest", "ms": 500}), 0, 1),
    ] {
        world.fault(fault.clone());
        world.agent_says("c1", "Hello");
        assert_eq!(world.take(socket).len(), at_once, "{fault}");
        world.wait(500);
        assert_eq!(world.take(socket).len(), later, "{fault}");
    }
}

#[test]
fn a_socket_can_be_killed_once_a_message_is_stored_and_before_its_event() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    world.fault(json!({"kind": "kill", "on": "message"}));
    assert_eq!(send(&mut world, &visitor).status, 200);
    assert!(world.killed.contains(&socket) && world.take(socket).is_empty());
}

#[test]
fn a_route_that_is_not_known_is_refused_in_one_sentence() {
    let mut world = World::quiet();
    for fault in [
        json!({"kind": "http", "status": 500}),
        json!({"kind": "http", "route": "dance"}),
        json!({"kind": "http", "route": "send", "lost": "both"}),
    ] {
        let (status, body) = world.control("POST", "/faults", &fault);
        assert_eq!(status, 400, "{fault}");
        assert!(body["message"].as_str().is_some_and(|sentence| sentence.ends_with('.')));
    }
}
