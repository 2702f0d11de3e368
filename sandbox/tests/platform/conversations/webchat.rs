//! Section 3: webchat sessions.

use serde_json::{Value, json};

use super::{Reply, Visitor};
use crate::world::World;

fn path(visitor: &Visitor) -> String {
    format!("/api/v2/webchat/sessions/{}", visitor.conversation)
}

fn look(world: &mut World, visitor: &Visitor) -> Reply {
    world.call("GET", &path(visitor), &visitor.token, &Value::Null)
}

fn patch(world: &mut World, visitor: &Visitor, etag: &str, body: &Value) -> Reply {
    world.call_with("PATCH", &path(visitor), &visitor.token, body, &[("if-match", etag)])
}

fn typing(life_ms: u64) -> Value {
    let indicator = json!({"status": "typing", "originatedAt": 1000, "expiresAt": 1000 + life_ms, "version": 1});
    json!({"customAttributes": {"typingIndicator": indicator}})
}

fn etag_of(reply: &Reply) -> String {
    reply.body["etag"].as_str().expect("a tag").to_owned()
}

#[test]
fn a_session_tells_its_state_its_tag_and_its_attributes() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let reply = look(&mut world, &visitor);
    assert_eq!((reply.status, &reply.body["state"]), (200, &json!("connected")));
    assert_eq!(reply.body["customAttributes"], json!({}));
    assert_eq!(reply.header("etag"), Some(&*etag_of(&reply)));
    assert_eq!(etag_of(&look(&mut world, &visitor)), etag_of(&reply));
}

#[test]
fn the_typing_indicator_shows_until_it_expires_and_stays_as_an_attribute_until_it_is_taken_away() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let first = look(&mut world, &visitor);
    let on = patch(&mut world, &visitor, &etag_of(&first), &typing(3000));
    assert_eq!(on.status, 200);
    assert_ne!(etag_of(&on), etag_of(&first));
    assert_eq!(on.body["customAttributes"], typing(3000)["customAttributes"]);
    assert_eq!(
        (&world.listed(&visitor)["typing"], &world.listed(&visitor)["api"]["typing"]),
        (&json!(true), &json!("webchat"))
    );
    world.wait(3000);
    let listed = world.listed(&visitor);
    assert_eq!(listed["typing"], false);
    assert!(listed["api"]["webchat"]["custom_attributes"]["typingIndicator"].is_object());
    let off = patch(&mut world, &visitor, &etag_of(&on), &json!({"customAttributes": {"typingIndicator": null}}));
    assert_eq!((off.status, &off.body["customAttributes"]), (200, &json!({})));
}

#[test]
fn taking_the_indicator_away_ends_the_typing() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let first = look(&mut world, &visitor);
    let on = patch(&mut world, &visitor, &etag_of(&first), &typing(5000));
    patch(&mut world, &visitor, &etag_of(&on), &json!({"customAttributes": {"typingIndicator": null}}));
    assert_eq!(world.listed(&visitor)["typing"], false);
}

#[test]
fn who_lost_against_another_writer_gets_412_and_the_newer_tag() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let stale = etag_of(&look(&mut world, &visitor));
    world.control_of(&visitor, "webchat", json!({"custom_attributes": {"cart": "3 pairs"}}));
    let lost = patch(&mut world, &visitor, &stale, &typing(5000));
    assert_eq!(lost.status, 412);
    assert!(!lost.message().is_empty());
    let fresh = look(&mut world, &visitor);
    assert_eq!(lost.header("etag"), Some(&*etag_of(&fresh)));
    let won = patch(&mut world, &visitor, &etag_of(&fresh), &typing(5000));
    assert_eq!((won.status, &won.body["customAttributes"]["cart"]), (200, &json!("3 pairs")));
}

#[test]
fn of_two_writers_with_one_tag_the_first_wins() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let etag = etag_of(&look(&mut world, &visitor));
    let statuses = [(); 2].map(|()| patch(&mut world, &visitor, &etag, &typing(5000)).status);
    assert_eq!(statuses, [200, 412]);
}

#[test]
fn a_patch_without_if_match_gets_428_and_a_star_matches_any() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    assert_eq!(patch(&mut world, &visitor, "", &typing(5000)).status, 428);
    assert_eq!(patch(&mut world, &visitor, "*", &typing(5000)).status, 200);
}

#[test]
fn typing_needs_the_session_connected() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for (state, status) in [("queued", 400), ("closed", 409), ("connected", 200)] {
        assert_eq!(world.control_of(&visitor, "webchat", json!({"state": state})).0, 200);
        let seen = look(&mut world, &visitor);
        assert_eq!(seen.body["state"], state);
        assert_eq!(patch(&mut world, &visitor, &etag_of(&seen), &typing(5000)).status, status, "{state}");
    }
    assert_eq!(world.control_of(&visitor, "webchat", json!({"state": "asleep"})).0, 400);
}

#[test]
fn a_queued_session_is_connected_by_the_first_answer_and_closed_by_the_end() {
    let mut world = World::quiet();
    world.set(json!({"webchat_queues": true}));
    let visitor = world.visitor();
    assert_eq!(look(&mut world, &visitor).body["state"], "queued");
    world.agent_says("c1", "Hello");
    assert_eq!(look(&mut world, &visitor).body["state"], "connected");
    world.control_of(&visitor, "disconnect", json!({}));
    assert_eq!(look(&mut world, &visitor).body["state"], "closed");
}

#[test]
fn an_indicator_that_lacks_something_is_malformed() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for (name, value) in [
        ("status", json!("dancing")),
        ("originatedAt", Value::Null),
        ("expiresAt", json!("soon")),
        ("expiresAt", json!(999)),
        ("version", json!(2)),
    ] {
        let mut body = typing(5000);
        body["customAttributes"]["typingIndicator"][name] = value.clone();
        assert_eq!(patch(&mut world, &visitor, "*", &body).status, 400, "{name} {value}");
    }
    for body in [json!({}), json!({"customAttributes": 7}), Value::Null] {
        assert_eq!(patch(&mut world, &visitor, "*", &body).status, 400, "{body}");
    }
}

#[test]
fn a_session_that_is_not_there_is_not_found() {
    let mut world = World::quiet();
    let (visitor, other) = (world.visitor(), world.visitor());
    for token in [&visitor.token, &world.client_token("")] {
        let reply = world.call("GET", "/api/v2/webchat/sessions/nothing", token, &Value::Null);
        assert_eq!(reply.status, 404);
    }
    assert_eq!(world.call("GET", &path(&other), &visitor.token, &Value::Null).status, 404);
}
