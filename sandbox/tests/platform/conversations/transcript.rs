//! Inference: the transcript by REST.

use serde_json::{Value, json};

use super::{BASE, message};
use crate::world::World;

#[test]
fn the_transcript_lists_what_was_said_in_the_shape_of_a_sent_message() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let mut body = message(&visitor, "Hi");
    body["metadata"] = json!({"id": "mine-1"});
    let sent = world.call("POST", &format!("{BASE}/messages"), &visitor.token, &body).body;
    let id = world.agent_says("c1", "Hello");
    world.control_of(&visitor, "disconnect", json!({}));
    let page = world.transcript(&visitor);
    assert_eq!((&page["total"], &page["pageNumber"], &page["pageSize"]), (&json!(2), &json!(1), &json!(25)));
    assert_eq!(page["entities"][1], sent);
    let agents = &page["entities"][0];
    assert_eq!((&agents["id"], &agents["direction"]), (&json!(id), &json!("outbound")));
    assert_eq!((&agents["from"]["type"], &agents["from"]["name"]), (&json!("agent"), &json!("Sam")));
    assert_eq!(agents["to"], json!({"id": visitor.guest, "type": "user"}));
    assert_eq!(agents["body"], json!({"contentType": "text/plain", "content": "Hello"}));
}

#[test]
fn pages_are_numbered_from_one_and_newest_first_unless_set_otherwise() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for number in 1..=5 {
        world.write(&visitor, &number.to_string());
    }
    let path = format!("{BASE}/conversations/{}/messages", visitor.conversation);
    let mut page = |query: &str| {
        let reply = world.call("GET", &format!("{path}?{query}"), &visitor.token, &Value::Null);
        let entities = reply.body["entities"].as_array().expect("entities").clone();
        entities.iter().map(|entity| entity["body"]["content"].as_str().expect("text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(page("pageSize=2"), ["5", "4"]);
    assert_eq!(page("pageSize=2&pageNumber=3"), ["1"]);
    assert!(page("pageSize=2&pageNumber=4").is_empty());
    world.set(json!({"history_order": "oldest_first"}));
    let reply = world.call("GET", &format!("{path}?pageSize=2"), &visitor.token, &Value::Null);
    assert_eq!(reply.body["entities"][0]["body"]["content"], "1");
}

#[test]
fn a_page_number_or_size_that_is_none_is_malformed() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    for query in ["pageSize=0", "pageNumber=0", "pageSize=x", "pageNumber=-1"] {
        let path = format!("{BASE}/conversations/{}/messages?{query}", visitor.conversation);
        assert_eq!(world.call("GET", &path, &visitor.token, &Value::Null).status, 400, "{query}");
    }
}

#[test]
fn transcripts_can_be_switched_off_and_their_metadata_too() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    world.write(&visitor, "Hi");
    world.set(json!({"history_metadata": false}));
    assert!(world.transcript(&visitor)["entities"][0].get("metadata").is_none());
    world.set(json!({"conversations_history": false}));
    let path = format!("{BASE}/conversations/{}/messages", visitor.conversation);
    assert_eq!(world.call("GET", &path, &visitor.token, &Value::Null).status, 404);
}
