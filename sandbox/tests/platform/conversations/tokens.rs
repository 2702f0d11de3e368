//! Section 2: opening a conversation, and tokens.

use serde_json::{Value, json};

use super::BASE;
use crate::{support::DEPLOYMENT, world::World};

#[test]
fn opening_answers_with_conversation_guest_and_token_that_lives_an_hour() {
    let mut world = World::quiet();
    let reply = world.call("POST", BASE, "", &json!({"deploymentId": DEPLOYMENT}));
    assert_eq!((reply.status, &reply.body["expiresIn"]), (200, &json!(3600)));
    for name in ["id", "guestId", "token"] {
        assert!(reply.body[name].as_str().is_some_and(|text| text.len() >= 32), "{name}");
    }
    assert_ne!(reply.body["id"], reply.body["guestId"]);
}

#[test]
fn opening_needs_a_json_object_and_no_other_deployment() {
    let mut world = World::quiet();
    for body in [json!([]), json!("x"), Value::Null, json!({"deploymentId": "other"}), json!({"deploymentId": 7})] {
        assert_eq!(world.call("POST", BASE, "", &body).status, 400, "{body}");
    }
    assert_eq!(world.call("POST", BASE, "wrong", &json!({})).status, 401);
    assert!(world.conversations().is_empty());
}

#[test]
fn the_guest_id_is_the_participant_id() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let path = format!("{BASE}/participants/{}/typing", visitor.guest);
    let body = json!({"conversationId": visitor.conversation, "isTyping": true});
    assert_eq!(world.call("POST", &path, &visitor.token, &body).status, 204);
}

#[test]
fn the_life_of_guest_tokens_can_be_set() {
    let mut world = World::quiet();
    world.set(json!({"guest_token_life_s": 5}));
    let visitor = world.visitor();
    world.wait(4999);
    assert_eq!(world.write(&visitor, "in time").status, 200);
    world.wait(1);
    assert_eq!(world.write(&visitor, "too late").status, 401);
}

#[test]
fn a_servers_token_lives_half_an_hour_and_opens_conversations() {
    let mut world = World::quiet();
    let form = "grant_type=client_credentials&client_id=stand-in-client&client_secret=stand-in-secret";
    let reply = world.ask_client_token(form);
    assert_eq!((reply.status, &reply.body["expires_in"]), (200, &json!(1800)));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let token = reply.body["access_token"].as_str().expect("a token").to_owned();
    let opened = world.call("POST", BASE, &token, &json!({}));
    assert_eq!(opened.status, 200);
    assert_ne!(opened.body["token"], json!(token));
    world.wait(1_800_000);
    assert_eq!(world.call("POST", BASE, &token, &json!({})).status, 401);
}

#[test]
fn the_token_form_is_also_below_no_path() {
    let mut world = World::quiet();
    let form = b"grant_type=client_credentials&client_id=stand-in-client&client_secret=stand-in-secret";
    assert_eq!(world.http("POST", "/oauth/token", &[], form).status, 200);
}

#[test]
fn a_wrong_client_secret_grant_or_scope_gets_no_token() {
    let mut world = World::quiet();
    for (form, status, code) in [
        ("grant_type=client_credentials&client_id=stand-in-client&client_secret=wrong", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=other&client_secret=stand-in-secret", 401, "invalid_client"),
        ("grant_type=password&client_id=stand-in-client&client_secret=stand-in-secret", 400, "unsupported_grant_type"),
        ("", 400, "unsupported_grant_type"),
        (
            "grant_type=client_credentials&client_id=stand-in-client&client_secret=stand-in-secret&scope=admin",
            400,
            "invalid_scope",
        ),
    ] {
        let reply = world.ask_client_token(form);
        assert_eq!((reply.status, &reply.body["error"]), (status, &json!(code)), "{form}");
        assert!(!reply.message().contains("secret=") && reply.body.get("access_token").is_none());
    }
}

#[test]
fn the_client_can_be_named_by_settings() {
    let mut world = World::quiet();
    world.set(json!({"client_id": "mine", "client_secret": "hush", "oauth_life_s": 60}));
    let reply = world.ask_client_token("grant_type=client_credentials&client_id=mine&client_secret=hush");
    assert_eq!((reply.status, &reply.body["expires_in"]), (200, &json!(60)));
}

#[test]
fn a_token_without_the_scope_gets_403_and_the_answer_names_the_scope() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let session = format!("/api/v2/webchat/sessions/{}", visitor.conversation);
    let transcript = format!("{BASE}/conversations/{}/messages", visitor.conversation);
    let typing = format!("{BASE}/conversations/{}/typing", visitor.conversation);
    let on = json!({"typing": true});
    let patch = json!({"customAttributes": {}});
    for (scope, method, path, body, named) in [
        ("webchat:read", "PATCH", &session, &patch, "webchat:write"),
        ("conversations:read", "POST", &typing, &on, "messaging:write"),
        ("webchat:write", "GET", &session, &Value::Null, "webchat:read"),
        ("messaging:conversation:write", "GET", &transcript, &Value::Null, "messaging:conversation:read"),
    ] {
        let token = world.client_token(scope);
        let reply = world.call(method, path, &token, body);
        assert_eq!(reply.status, 403, "{scope}");
        assert!(reply.message().contains(named), "{}", reply.message());
    }
}

#[test]
fn each_set_of_scopes_that_is_in_use_is_enough() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let typing = format!("{BASE}/conversations/{}/typing", visitor.conversation);
    let transcript = format!("{BASE}/conversations/{}/messages", visitor.conversation);
    for scope in [
        "webmessaging:conversation:write",
        "conversations:messaging+conversations:read+messaging:write",
        "messaging:conversation:write+messaging:conversation:read",
    ] {
        let token = world.client_token(scope);
        assert_eq!(world.call("POST", &typing, &token, &json!({"typing": true})).status, 204, "{scope}");
        assert_eq!(world.call("GET", &transcript, &token, &Value::Null).status, 200, "{scope}");
    }
    let token = world.client_token("webchat:read+webchat:write+webchat:write:session");
    let session = format!("/api/v2/webchat/sessions/{}", visitor.conversation);
    let seen = world.call("GET", &session, &token, &Value::Null);
    let etag = seen.header("etag").expect("a tag").to_owned();
    let patch = json!({"customAttributes": {"typingIndicator": null}});
    assert_eq!(world.call_with("PATCH", &session, &token, &patch, &[("if-match", &etag)]).status, 200);
}

#[test]
fn an_embedders_server_has_a_new_token_for_the_same_guest() {
    let mut world = World::quiet();
    let first = world.http("POST", "/sandbox/token", &[], b"{}");
    let first: Value = serde_json::from_slice(&first.body).expect("JSON");
    let token = first["token"].as_str().expect("a token");
    let opened = world.call("POST", BASE, token, &json!({}));
    assert_eq!(opened.body["guestId"], first["guestId"]);
    world.fault(json!({"kind": "expire"}));
    let transcript = format!("{BASE}/conversations/{}/messages", opened.body["id"].as_str().expect("an id"));
    assert_eq!(world.call("GET", &transcript, token, &Value::Null).status, 401);
    let again = world.http("POST", "/sandbox/token", &[], json!({"guestId": first["guestId"]}).to_string().as_bytes());
    let again: Value = serde_json::from_slice(&again.body).expect("JSON");
    assert_eq!((&again["guestId"], &again["expiresIn"]), (&first["guestId"], &json!(3600)));
    let token = again["token"].as_str().expect("a token");
    assert_eq!(world.call("GET", &transcript, token, &Value::Null).status, 200);
}
