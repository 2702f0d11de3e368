use serde_json::{Value, json};

use crate::world::{World, texts};

fn with_messages(count: usize) -> (World, String) {
    let mut world = World::quiet();
    let guest = world.guest("t");
    for number in 1..=count {
        world.agent_says("c1", &number.to_string());
    }
    let jwt = world.jwt(guest, "t");
    (world, jwt)
}

fn texts_of(page: &Value) -> Vec<&str> {
    page["entities"].as_array().expect("entities").iter().filter_map(|entity| entity["text"].as_str()).collect()
}

#[test]
fn pages_and_their_entries_are_newest_first() {
    let (mut world, jwt) = with_messages(5);
    let first = world.history(&jwt, "?pageNumber=1&pageSize=2");
    assert_eq!(texts_of(&first), ["5", "4"]);
    assert_eq!(
        (&first["total"], &first["pageCount"], &first["pageSize"], &first["pageNumber"]),
        (&json!(5), &json!(3), &json!(2), &json!(1))
    );
    assert_eq!(texts_of(&world.history(&jwt, "?pageNumber=3&pageSize=2")), ["1"]);
    assert_eq!(texts_of(&world.history(&jwt, "?pageNumber=9&pageSize=2")), [""; 0]);
}

#[test]
fn an_empty_history_has_no_pages() {
    let (mut world, jwt) = with_messages(0);
    let expected = json!({"entities": [], "pageSize": 25, "pageNumber": 1, "total": 0, "pageCount": 0});
    assert_eq!(world.history(&jwt, ""), expected);
}

#[test]
fn oldest_first_is_a_setting() {
    let (mut world, jwt) = with_messages(3);
    world.set(json!({"history_order": "oldest_first"}));
    assert_eq!(texts_of(&world.history(&jwt, "?pageSize=2")), ["1", "2"]);
}

#[test]
fn metadata_can_be_left_out() {
    let (mut world, jwt) = with_messages(1);
    assert!(world.history(&jwt, "")["entities"][0].get("metadata").is_some());
    world.set(json!({"history_metadata": false}));
    assert!(world.history(&jwt, "")["entities"][0].get("metadata").is_none());
}

#[test]
fn a_history_entry_has_the_ids_and_time_of_the_live_message() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let live = world.say(guest, "t", "Hi");
    let jwt = world.jwt(guest, "t");
    let entity = &world.history(&jwt, "")["entities"][0];
    assert_eq!(entity["id"], live["body"]["id"]);
    assert_eq!(entity["channel"]["messageId"], live["body"]["channel"]["messageId"]);
    assert_eq!(entity["channel"]["time"], live["body"]["channel"]["time"]);
}

#[test]
fn a_token_is_good_for_a_minute_and_then_answers_401() {
    let (mut world, jwt) = with_messages(1);
    let auth = format!("Bearer {jwt}");
    world.wait(59_999);
    assert_eq!(world.get("/api/v2/webmessaging/messages", &[("authorization", &auth)]).status, 200);
    world.wait(1);
    assert_eq!(world.get("/api/v2/webmessaging/messages", &[("authorization", &auth)]).status, 401);
}

#[test]
fn no_token_and_a_made_up_token_answer_401() {
    let (mut world, _) = with_messages(1);
    assert_eq!(world.get("/api/v2/webmessaging/messages", &[]).status, 401);
    assert_eq!(world.get("/api/v2/webmessaging/messages", &[("authorization", "bearer eyJ.x.y")]).status, 401);
}

#[test]
fn one_guests_token_reads_only_that_guests_history() {
    let mut world = World::quiet();
    let [mine, other] = [world.guest("t"), world.guest("u")];
    world.say(mine, "t", "secret");
    let jwt = world.jwt(other, "u");
    assert_eq!(world.history(&jwt, "")["total"], 0);
}

#[test]
fn a_page_number_that_is_no_number_answers_400() {
    let (mut world, jwt) = with_messages(1);
    let auth = format!("bearer {jwt}");
    for query in ["?pageNumber=0", "?pageNumber=-1", "?pageSize=many"] {
        let path = format!("/api/v2/webmessaging/messages{query}");
        assert_eq!(world.get(&path, &[("authorization", &auth)]).status, 400, "{query}");
    }
}

#[test]
fn what_was_said_while_away_is_in_the_history() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.leave(guest);
    world.agent_says("c1", "Are you there?");
    let back = world.guest("t");
    assert_eq!(texts(&world.take(back)), [""; 0]);
    let jwt = world.jwt(back, "t");
    assert_eq!(texts_of(&world.history(&jwt, "")), ["Are you there?"]);
}
