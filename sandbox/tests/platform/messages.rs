use serde_json::json;

use crate::world::{World, classes};

#[test]
fn a_text_comes_back_inbound_with_its_tracing_id_and_ids_of_its_own() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let echo = world.say(guest, "t", "Hi");
    assert_eq!((&echo["type"], &echo["class"]), (&json!("message"), &json!("StructuredMessage")));
    assert_eq!(echo["tracingId"], "trace-1");
    let body = &echo["body"];
    assert_eq!((&body["type"], &body["direction"], &body["text"]), (&json!("Text"), &json!("Inbound"), &json!("Hi")));
    let id = body["id"].as_str().expect("an id");
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)));
    assert_eq!(body["channel"]["messageId"].as_str().map(str::len), Some(36));
    assert_eq!(body["channel"]["time"], "2026-10-14T17:46:40.000Z");
}

#[test]
fn times_are_distinct_and_rise_within_one_millisecond() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let times: Vec<String> = (0..4)
        .map(|number| {
            world.say(guest, "t", &number.to_string())["body"]["channel"]["time"].as_str().expect("a time").to_owned()
        })
        .collect();
    assert!(times.is_sorted_by(|earlier, later| earlier < later), "{times:?}");
}

#[test]
fn an_agents_message_is_outbound_with_a_profile_and_no_channel_message_id() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.take(guest);
    let id = world.agent_says("c1", "Hello");
    let frames = world.take(guest);
    let body = &frames[0]["body"];
    assert_eq!(body["id"], id);
    assert_eq!((&body["direction"], &body["originatingEntity"]), (&json!("Outbound"), &json!("Human")));
    assert_eq!(body["channel"]["from"]["nickname"], "Sam");
    assert!(body["channel"].get("messageId").is_none());
    assert!(frames[0].get("tracingId").is_none());
}

#[test]
fn custom_attributes_are_read_from_both_places_and_merged() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let echo = world.ask(
        guest,
        json!({"action": "onMessage", "token": "t",
            "message": {"type": "Text", "text": "Hi", "channel": {"metadata": {"customAttributes": {"a": "inside", "n": 3}}}},
            "channel": {"metadata": {"customAttributes": {"a": "beside", "b": "beside"}}}}),
    );
    let attributes = json!({"a": "inside", "b": "beside", "n": "3"});
    assert_eq!(echo["body"]["channel"]["metadata"]["customAttributes"], attributes);
}

#[test]
fn metadata_and_originating_id_come_back_as_strings() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let message = json!({"type": "Text", "text": "Hi", "originatingMessageId": "m0", "metadata": {"id": "mine", "parentMessageId": "p", "n": 1, "none": null}});
    let echo = world.message(guest, "t", message);
    assert_eq!(echo["body"]["originatingMessageId"], "m0");
    let metadata = &echo["body"]["metadata"];
    assert_eq!(
        (&metadata["id"], &metadata["parentMessageId"], &metadata["n"]),
        (&json!("mine"), &json!("p"), &json!("1"))
    );
    assert!(metadata.get("none").is_none());
}

#[test]
fn a_button_response_is_kept_in_the_echo_for_either_clients_shape() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let answer = json!({"contentType": "ButtonResponse", "buttonResponse": {"type": "QuickReply", "text": "Track", "payload": "TRACK"}});
    let mobile = world.message(guest, "t", json!({"type": "Text", "text": "", "content": [answer]}));
    assert_eq!((&mobile["body"]["type"], &mobile["body"]["text"]), (&json!("Text"), &json!("")));
    assert_eq!(mobile["body"]["content"][0], answer);
    let browser = world.message(guest, "t", json!({"type": "Structured", "text": "Track", "content": [answer]}));
    assert_eq!(browser["body"]["type"], "Structured");
    assert_eq!(browser["body"]["content"][0], answer);
}

#[test]
fn a_message_of_one_session_does_not_reach_another() {
    let mut world = World::quiet();
    let [mine, other] = [world.guest("t"), world.guest("u")];
    world.take(other);
    world.say(mine, "t", "Hi");
    assert!(world.take(other).is_empty());
}

#[test]
fn another_sessions_token_on_this_socket_is_not_found() {
    let mut world = World::quiet();
    let [mine, _other] = [world.guest("t"), world.guest("u")];
    assert_eq!(world.say(mine, "u", "Hi")["code"], 4007);
}

#[test]
fn a_repeated_client_id_is_stored_once_where_the_setting_says_so() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let message = json!({"type": "Text", "text": "Hi", "metadata": {"id": "mine"}});
    let first = world.message(guest, "t", message.clone());
    assert_ne!(world.message(guest, "t", message.clone())["body"]["id"], first["body"]["id"]);
    world.set(json!({"dedupe_by_client_id": true}));
    assert_eq!(world.message(guest, "t", message)["body"]["id"], first["body"]["id"]);
    assert_eq!(world.conversations()[0]["messages"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_receipt_marks_that_message_and_all_earlier_ones_as_seen() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let ids: Vec<String> = ["one", "two", "three"].iter().map(|text| world.agent_says("c1", text)).collect();
    world.take(guest);
    world.send(
        guest,
        &json!({"action": "onMessage", "token": "t", "message": {"type": "Receipt", "id": ids[1], "status": "Read"}}),
    );
    assert!(world.take(guest).is_empty(), "a receipt has no answer");
    let seen: Vec<bool> = world.conversations()[0]["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|message| message["seen"] == true)
        .collect();
    assert_eq!(seen, [true, true, false]);
    let event = world.desk.iter().find(|event| event["kind"] == "seen").expect("a seen event");
    assert_eq!(event["messages"], json!([ids[0], ids[1]]));
}

#[test]
fn an_older_receipt_takes_nothing_back() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let ids: Vec<String> = ["one", "two"].iter().map(|text| world.agent_says("c1", text)).collect();
    for id in [&ids[1], &ids[0]] {
        world.send(
            guest,
            &json!({"action": "onMessage", "token": "t", "message": {"type": "Receipt", "id": id, "status": "Read"}}),
        );
    }
    assert_eq!(world.conversations()[0]["messages"][1]["seen"], true);
}

#[test]
fn a_receipt_is_refused_where_the_flag_is_off_and_for_unknown_messages() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let receipt = json!({"type": "Receipt", "id": "0".repeat(32), "status": "Read"});
    assert_eq!(world.message(guest, "t", receipt.clone())["code"], 404);
    world.set(json!({"read_receipts": false}));
    let refusal = world.message(guest, "t", receipt);
    assert_eq!((&refusal["class"], &refusal["code"]), (&json!("string"), &json!(400)));
    assert_eq!(classes(&world.take(guest)), [""; 0]);
}
