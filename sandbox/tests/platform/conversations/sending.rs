//! Section 6: sending.

use serde_json::{Value, json};

use super::{BASE, message};
use crate::world::World;

#[test]
fn a_sent_message_is_answered_with_id_parties_body_time_and_status() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let mut body = message(&visitor, "Grüße 👋");
    body["metadata"] =
        json!({"id": "mine-1", "readReceipt": true, "transmissionTimestamp": "2026-10-14T17:46:39.750Z"});
    let reply = world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body);
    assert_eq!(reply.status, 200);
    for name in ["from", "to", "body", "metadata"] {
        assert_eq!(reply.body[name], body[name], "{name}");
    }
    assert_eq!(reply.body["sentTime"], "2026-10-14T17:46:40.000Z");
    assert_eq!(reply.body["deliveryStatus"], "delivered");
    assert_eq!(reply.body["direction"], "inbound");
    assert!(reply.body["id"].is_string());
}

#[test]
fn a_message_with_a_part_missing_or_wrong_is_malformed() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for (pointer, value) in [
        ("/from", Value::Null),
        ("/from/id", json!(7)),
        ("/from/type", json!("agent")),
        ("/to", Value::Null),
        ("/to/id", Value::Null),
        ("/to/type", json!("user")),
        ("/body", Value::Null),
        ("/body/contentType", json!("text/html")),
        ("/body/contentType", Value::Null),
        ("/body/content", json!({"text": "x"})),
        ("/body/content", json!("")),
    ] {
        let mut body = message(&visitor, "Hi");
        *body.pointer_mut(pointer).expect("a member") = value.clone();
        let reply = world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body);
        assert_eq!(reply.status, 400, "{pointer} {value}");
        assert!(!reply.message().is_empty());
    }
    for metadata in [json!("x"), json!({"readReceipt": "yes"}), json!({"transmissionTimestamp": "yesterday"})] {
        let mut body = message(&visitor, "Hi");
        body["metadata"] = metadata;
        assert_eq!(world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body).status, 400);
    }
    assert_eq!(world.transcript(&visitor)["total"], 0);
}

#[test]
fn a_body_that_is_no_json_object_is_malformed() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let auth = format!("Bearer {}", visitor.token);
    for (index, body) in [&b"{"[..], b"[]", b"", b"\xff\xfe{}"].iter().enumerate() {
        let id = format!("00000000-0000-4000-8000-00000000000{index}");
        let headers = [("authorization", &*auth), ("content-type", "application/json"), ("x-genesys-request-id", &*id)];
        assert_eq!(world.http("POST", &format!("{BASE}/messages"), &headers, body).status, 400, "{body:?}");
    }
}

#[test]
fn a_message_from_somebody_else_or_to_nowhere_is_not_found() {
    let mut world = World::quiet();
    let (visitor, other) = (world.visitor(), world.visitor());
    let mut body = message(&visitor, "Hi");
    body["from"]["id"] = json!(other.guest);
    assert_eq!(world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body).status, 404);
    body = message(&visitor, "Hi");
    body["to"]["id"] = json!("nowhere");
    assert_eq!(world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body).status, 404);
}

#[test]
fn a_text_may_have_4096_bytes_and_not_one_more() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    // Two bytes each.
    assert_eq!(world.write(&visitor, &"é".repeat(2048)).status, 200);
    let reply = world.write(&visitor, &format!("{}x", "é".repeat(2048)));
    assert_eq!(reply.status, 413);
    assert!(reply.message().contains("4097"));
    world.set(json!({"limits": false}));
    assert_eq!(world.write(&visitor, &"x".repeat(5000)).status, 200);
}

#[test]
fn attachments_of_the_allowed_types_up_to_25_megabytes_are_taken() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let mut send = |attachment: Value| {
        let mut body = message(&visitor, "See here");
        body["attachments"] = json!([attachment]);
        world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body)
    };
    let attachment = |kind: &str, size: u64| json!({"contentType": kind, "url": "https://files.example/a", "fileName": "a", "size": size});
    for kind in ["image/png", "image/jpeg", "application/pdf", "text/plain"] {
        let whole = attachment(kind, 25 * 1024 * 1024);
        let reply = send(whole.clone());
        assert_eq!((reply.status, &reply.body["attachments"][0]), (200, &whole), "{kind}");
    }
    assert_eq!(send(attachment("image/png", 25 * 1024 * 1024 + 1)).status, 413);
    assert_eq!(send(attachment("image/svg+xml", 10)).status, 400);
    for name in ["contentType", "url", "fileName", "size"] {
        let mut part = attachment("image/png", 10);
        part[name] = Value::Null;
        assert_eq!(send(part).status, 400, "{name}");
    }
    let mut script = attachment("image/png", 10);
    script["url"] = json!("javascript:alert(1)");
    assert_eq!(send(script).status, 400);
}

#[test]
fn an_attachment_needs_no_text() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let mut body = message(&visitor, "");
    body["attachments"] =
        json!([{"contentType": "image/png", "url": "https://files.example/a", "fileName": "a.png", "size": 10}]);
    assert_eq!(world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body).status, 200);
    let shown = &world.listed(&visitor)["messages"][0]["content"][0]["attachment"];
    assert_eq!((&shown["filename"], &shown["mime"]), (&json!("a.png"), &json!("image/png")));
}

#[test]
fn the_send_form_takes_a_text_in_either_shape() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let path = format!("{BASE}/participants/{}/send", visitor.guest);
    for body in [
        json!({"type": "text", "text": "Hi", "metadata": {"id": "mine"}}),
        json!({"content": "Hi", "metadata": {"id": "mine"}}),
        json!({"content": "Hi", "metadata": {"id": "mine"}, "conversationId": visitor.conversation}),
    ] {
        let reply = world.call("POST", &path, &visitor.token, &body);
        assert_eq!(reply.status, 200, "{body}");
        assert_eq!((&reply.body["body"]["content"], &reply.body["metadata"]["id"]), (&json!("Hi"), &json!("mine")));
        assert_eq!(reply.body["to"]["id"], json!(visitor.conversation));
    }
    assert_eq!(world.listed(&visitor)["api"]["sending"], "send");
}

#[test]
fn the_send_form_refuses_what_is_no_text() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let path = format!("{BASE}/participants/{}/send", visitor.guest);
    for (body, status) in [
        (json!({}), 400),
        (json!({"type": "text"}), 400),
        (json!({"type": "dance", "text": "Hi"}), 400),
        (json!({"content": 7}), 400),
        (json!({"content": "Hi", "conversationId": 7}), 400),
        (json!({"content": "Hi", "conversationId": "other"}), 404),
        (json!({"content": "x".repeat(4097)}), 413),
    ] {
        assert_eq!(world.call("POST", &path, &visitor.token, &body).status, status, "{body}");
    }
    let nobody = format!("{BASE}/participants/nobody/send");
    assert_eq!(world.call("POST", &nobody, &visitor.token, &json!({"content": "Hi"})).status, 404);
}

#[test]
fn typing_sent_as_content_gets_200_and_has_no_effect() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    let before = world.desk.len();
    let path = format!("{BASE}/participants/{}/send", visitor.guest);
    let reply = world.call("POST", &path, &visitor.token, &json!({"type": "typing"}));
    assert_eq!(reply.status, 200);
    assert_eq!((world.desk.len(), world.take(socket).len()), (before, 0));
    let listed = world.listed(&visitor);
    assert_eq!((&listed["typing"], &listed["messages"]), (&json!(false), &json!([])));
}

#[test]
fn a_copy_by_client_id_is_stored_again_or_dropped_as_the_setting_says() {
    for (dedupe, stored) in [(false, 2), (true, 1)] {
        let mut world = World::quiet();
        world.set(json!({"dedupe_by_client_id": dedupe}));
        let visitor = world.visitor();
        let mut body = message(&visitor, "Once");
        body["metadata"] = json!({"id": "mine-1"});
        let path = format!("{BASE}/messages");
        let first = world.call("POST", &path, &visitor.token, &body);
        let second = world.call("POST", &path, &visitor.token, &body);
        assert_eq!((first.status, second.status), (200, 200));
        assert_eq!(first.body["id"] == second.body["id"], dedupe);
        assert_eq!(world.transcript(&visitor)["total"], stored);
    }
}
