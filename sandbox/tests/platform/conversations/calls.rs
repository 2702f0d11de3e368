//! Section 1: what every call carries, and what the platform says when it does not.

use serde_json::{Value, json};

use super::{BASE, Reply, Visitor, message};
use crate::world::World;

fn every_call(visitor: &Visitor) -> Vec<(&'static str, String, Value)> {
    let Visitor { conversation, guest, .. } = visitor;
    vec![
        ("POST", format!("{BASE}/messages"), message(visitor, "Hi")),
        ("POST", format!("{BASE}/participants/{guest}/send"), json!({"type": "text", "text": "Hi"})),
        (
            "POST",
            format!("{BASE}/participants/{guest}/typing"),
            json!({"conversationId": conversation, "isTyping": true}),
        ),
        ("POST", format!("{BASE}/conversations/{conversation}/typing"), json!({"typing": true})),
        ("POST", format!("{BASE}/participants/{guest}/read"), json!({"conversationId": conversation})),
        ("GET", format!("/api/v2/webchat/sessions/{conversation}"), Value::Null),
        ("GET", format!("{BASE}/conversations/{conversation}/messages"), Value::Null),
    ]
}

#[test]
fn every_call_succeeds_with_200_and_json_or_204_and_nothing() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for (method, path, body) in every_call(&visitor) {
        let reply = world.call(method, &path, &visitor.token, &body);
        match reply.status {
            200 => assert!(reply.body.is_object(), "{path}"),
            204 => assert_eq!(reply.body, Value::Null, "{path}"),
            status => panic!("{path}: {status} {reply:?}"),
        }
    }
}

#[test]
fn a_missing_an_invalid_and_an_expired_token_get_401() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for (method, path, body) in every_call(&visitor) {
        for token in ["", "wrong", &format!("\"{}\"", visitor.token)] {
            let reply = world.call(method, &path, token, &body);
            assert_eq!(reply.status, 401, "{path} with {token}");
            assert!(!reply.message().is_empty());
        }
    }
    world.wait(3_600_000);
    for (method, path, body) in every_call(&visitor) {
        assert_eq!(world.call(method, &path, &visitor.token, &body).status, 401, "{path}");
    }
}

#[test]
fn a_call_without_a_request_id_of_version_4_is_malformed() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for id in ["", "7", "00000000-0000-1000-8000-000000000000", "00000000-0000-4000-c000-000000000000"] {
        let headers = [("x-genesys-request-id", id)];
        let reply = world.call_with("POST", BASE, &visitor.token, &json!({}), &headers);
        assert_eq!(reply.status, 400, "{id}");
        assert!(reply.message().contains("X-Genesys-Request-Id"));
    }
    world.set(json!({"request_ids": false}));
    assert_eq!(world.call_with("POST", BASE, "", &json!({}), &[("x-genesys-request-id", "")]).status, 200);
}

#[test]
fn a_request_id_that_was_used_before_is_noticed() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let path = format!("{BASE}/messages");
    let headers = [("x-genesys-request-id", "0a1b2c3d-0000-4000-8000-000000000001")];
    let body = message(&visitor, "Hi");
    assert_eq!(world.call_with("POST", &path, &visitor.token, &body, &headers).status, 200);
    assert_eq!(world.call_with("POST", &path, &visitor.token, &body, &headers).status, 400);
    assert_eq!(world.transcript(&visitor)["total"], 1);
}

#[test]
fn a_body_that_is_not_announced_as_json_is_malformed() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let path = format!("{BASE}/messages");
    for kind in ["", "text/plain", "application/x-www-form-urlencoded"] {
        let reply = world.call_with("POST", &path, &visitor.token, &message(&visitor, "Hi"), &[("content-type", kind)]);
        assert_eq!(reply.status, 400, "{kind}");
    }
    let headers = [("content-type", "application/json; charset=utf-8")];
    assert_eq!(world.call_with("POST", &path, &visitor.token, &message(&visitor, "Hi"), &headers).status, 200);
}

#[test]
fn ids_in_paths_are_percent_decoded_and_case_sensitive() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let encoded: String = visitor.conversation.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let typing = |id: &str| format!("{BASE}/conversations/{id}/typing");
    let on = json!({"typing": true});
    assert_eq!(world.call("POST", &typing(&encoded), &visitor.token, &on).status, 204);
    let upper = visitor.conversation.to_uppercase();
    assert_ne!(upper, visitor.conversation);
    assert_eq!(world.call("POST", &typing(&upper), &visitor.token, &on).status, 404);
}

#[test]
fn another_guests_conversation_is_not_found() {
    let mut world = World::quiet();
    let (mine, others) = (world.visitor(), world.visitor());
    for (method, path, body) in every_call(&others) {
        assert_eq!(world.call(method, &path, &mine.token, &body).status, 404, "{path}");
    }
}

#[test]
fn a_deleted_conversation_is_not_found() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    assert_eq!(world.control_of(&visitor, "delete", Value::Null).0, 204);
    for (method, path, body) in every_call(&visitor) {
        assert_eq!(world.call(method, &path, &visitor.token, &body).status, 404, "{path}");
    }
}

#[test]
fn once_an_agent_has_ended_the_conversation_calls_get_409_and_its_transcript_stays() {
    for read_only in [true, false] {
        let mut world = World::quiet();
        let visitor = world.visitor();
        world.write(&visitor, "Hi");
        world.control_of(&visitor, "disconnect", json!({"read_only": read_only}));
        for (method, path, body) in every_call(&visitor).into_iter().filter(|(method, ..)| *method != "GET") {
            let reply = world.call(method, &path, &visitor.token, &body);
            assert_eq!(reply.status, 409, "{path}");
            assert!(reply.message().contains("not active"));
        }
        assert_eq!(world.transcript(&visitor)["total"], 1);
    }
}

#[test]
fn a_conversation_whose_time_is_over_gets_409() {
    let mut world = World::quiet();
    world.set(json!({"session_duration_s": 60}));
    let visitor = world.visitor();
    world.wait(60_000);
    assert_eq!(world.write(&visitor, "Hi").status, 409);
}

#[test]
fn a_hundred_calls_a_second_are_allowed_and_the_header_counts_down() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let path = format!("{BASE}/conversations/{}/typing", visitor.conversation);
    for remaining in (0..100).rev() {
        let reply = world.call("POST", &path, &visitor.token, &json!({"typing": true}));
        assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (204, Some(&*remaining.to_string())));
    }
    let reply = world.call("POST", &path, &visitor.token, &json!({"typing": true}));
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("1")));
    assert_eq!(reply.header("x-ratelimit-remaining"), Some("0"));
    world.wait(1000);
    assert_eq!(world.call("POST", &path, &visitor.token, &json!({"typing": true})).status, 204);
}

#[test]
fn one_guests_calls_leave_the_others_their_rate_and_it_can_be_switched_off() {
    let mut world = World::quiet();
    let (visitor, other) = (world.visitor(), world.visitor());
    let path = format!("{BASE}/participants/{}/send", visitor.guest);
    let typing = json!({"type": "typing"});
    let mut last = None;
    for _ in 0..101 {
        last = Some(world.call("POST", &path, &visitor.token, &typing).status);
    }
    assert_eq!(last, Some(429));
    assert_eq!(world.write(&other, "Hi").status, 200);
    world.set(json!({"limits": false}));
    let reply = world.call("POST", &path, &visitor.token, &typing);
    assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (200, None));
}

#[test]
fn every_answer_tells_the_platforms_date() {
    let mut world = World::quiet();
    // 1,792,000,000 seconds since 1970.
    let date = Some("Wed, 14 Oct 2026 17:46:40 GMT");
    assert_eq!(world.call("POST", BASE, "", &json!({})).header("date"), date);
    assert_eq!(world.call("POST", BASE, "wrong", &json!({})).header("date"), date);
    world.set(json!({"date_skew_s": -80}));
    assert_eq!(world.call("POST", BASE, "", &json!({})).header("date"), Some("Wed, 14 Oct 2026 17:45:20 GMT"));
}

#[test]
fn a_page_of_another_origin_may_call_and_read_what_it_needs() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let origin = ("origin", "http://localhost:3000");
    for (method, path, body) in every_call(&visitor) {
        let preflight = Reply::of(&world.http("OPTIONS", &path, &[origin], b""));
        assert_eq!(preflight.status, 204, "{path}");
        let allowed = preflight.header("access-control-allow-headers").expect("headers");
        for name in ["authorization", "content-type", "if-match", "x-genesys-request-id"] {
            assert!(allowed.contains(name), "{name}");
        }
        assert!(preflight.header("access-control-allow-methods").expect("methods").contains(method));
        let reply = world.call_with(method, &path, &visitor.token, &body, &[origin]);
        assert_eq!(reply.header("access-control-allow-origin"), Some(origin.1));
        let exposed = reply.header("access-control-expose-headers").expect("exposed");
        for name in ["retry-after", "date", "etag", "x-ratelimit-remaining"] {
            assert!(exposed.contains(name), "{name}");
        }
    }
    let foreign = world.call_with("POST", BASE, "", &json!({}), &[("origin", "https://evil.example")]);
    assert_eq!((foreign.status, foreign.header("access-control-allow-origin")), (403, None));
}

#[test]
fn neither_token_nor_text_is_in_any_error_or_desk_event_of_a_refused_call() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let mut body = message(&visitor, "very-secret-words");
    body["from"] = json!({"id": "somebody", "type": "user"});
    let reply = world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body);
    assert_eq!(reply.status, 404);
    let said = format!("{:?} {:?}", reply, world.desk);
    assert!(!said.contains("very-secret-words") && !said.contains(&visitor.token));
}
