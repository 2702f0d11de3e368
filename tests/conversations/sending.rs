//! Section 6: sending, once and only once.

use crate::world::{OPENED, World, body};
use guest_messenger::engine::{ConversationsSettings, SendForm};
use guest_messenger::session::input::Command;
use guest_messenger::session::output::Event;

const HISTORY: &str = "pageNumber=1";

fn client_id(call: &guest_messenger::protocol::wire::HttpCall) -> String {
    body(call).get("metadata").unwrap().text("id").unwrap().to_owned()
}

#[test]
fn a_message_is_posted_with_from_to_body_and_metadata() {
    let mut world = World::usual();
    world.send("Grüße");
    let call = world.take("/messages");
    assert_eq!(
        (call.method, call.url.as_str()),
        ("POST", "https://api.mypurecloud.com/api/v2/conversations/messaging/messages")
    );
    let said = body(&call);
    let named = |key: &str| {
        let place = said.get(key).unwrap();
        (place.text("id").unwrap().to_owned(), place.text("type").unwrap().to_owned())
    };
    assert_eq!(named("from"), ("guest-1".to_owned(), "user".to_owned()));
    assert_eq!(named("to"), ("conversation-1".to_owned(), "conversation".to_owned()));
    let content = said.get("body").unwrap();
    assert_eq!((content.text("contentType"), content.text("content")), (Some("text/plain"), Some("Grüße")));
    let metadata = said.get("metadata").unwrap();
    assert_eq!(metadata.bool("readReceipt"), Some(true));
    assert_eq!(metadata.text("transmissionTimestamp"), Some("2026-10-14T09:00:01.000Z"));
    assert_eq!(said.get("attachments"), None);
}

#[test]
fn the_send_form_carries_content_only() {
    let mut world =
        World::live(ConversationsSettings { send: SendForm::ParticipantSend, ..ConversationsSettings::default() });
    world.send("Hello");
    let call = world.take("/participants/guest-1/send");
    assert_eq!((body(&call).text("type"), body(&call).text("text")), (Some("text"), Some("Hello")));
}

#[test]
fn typing_is_never_said_to_the_send_form() {
    let mut world =
        World::live(ConversationsSettings { send: SendForm::ParticipantSend, ..ConversationsSettings::default() });
    world.key();
    world.advance(3_000);
    world.send("typing");
    world.advance(3_000);
    for call in world.made_to("/send") {
        assert_eq!(body(call).text("type"), Some("text"));
    }
    assert!(world.made.iter().any(|(_, call)| call.url.ends_with("/typing")));
}

#[test]
fn the_answer_is_the_messages_echo() {
    let mut world = World::usual();
    world.send("Hello");
    assert_eq!(world.delivery(), "sending");
    world.answer(
        "/messages",
        200,
        r#"{"id":"m-1","sentTime":"2026-10-14T09:00:02.000Z","deliveryStatus":"delivered"}"#,
    );
    assert_eq!(world.delivery(), "sent");
    let entry = &world.engine.view().transcript.entries()[0];
    assert_eq!(entry.server_id.as_ref().map(|id| id.0.as_str()), Some("m-1"));
    assert_eq!(entry.time.0, 1_791_968_402_000);
}

#[test]
fn messages_go_one_after_the_other_in_the_order_in_which_they_were_written() {
    let mut world = World::usual();
    for text in ["one", "two", "three"] {
        world.send(text);
    }
    for (index, text) in ["one", "two", "three"].into_iter().enumerate() {
        world.advance(100);
        assert_eq!(world.urls().len(), 1);
        let call = world.answer("/messages", 200, &format!(r#"{{"id":"m-{index}"}}"#));
        assert_eq!(body(&call).get("body").unwrap().text("content"), Some(text));
    }
}

#[test]
fn a_retry_carries_the_same_client_id() {
    let mut world = World::usual();
    world.send("Hello");
    let first = world.answer("/messages", 500, "");
    world.wait_for("/messages");
    let second = world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(client_id(&first), client_id(&second));
    assert_eq!((world.texts().len(), world.delivery()), (1, "sent"));
}

#[test]
fn three_attempts_are_all_that_are_made_and_the_visitor_may_try_again() {
    let mut world = World::usual();
    world.send("Hello");
    for _ in 0..3 {
        world.wait_for("/messages");
        world.answer_with("/messages", 429, Some("1"), "");
    }
    world.advance(120_000);
    assert_eq!((world.times("/messages").len(), world.delivery()), (3, "failed"));
    let entry = world.entry_of("Hello");
    world.command(Command::Retry(entry));
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(world.delivery(), "sent");
}

#[test]
fn without_an_answer_history_decides_that_it_arrived() {
    let mut world = World::usual();
    world.send("Hello");
    let call = world.no_answer("/messages");
    assert_eq!(world.delivery(), "sending");
    let id = client_id(&call);
    world.answer(HISTORY, 200, &format!(
        r#"{{"entities":[{{"id":"m-1","from":{{"id":"guest-1"}},"body":{{"content":"Hello"}},"sentTime":"2026-10-14T09:00:02.000Z","metadata":{{"id":"{id}"}}}}],"total":1}}"#
    ));
    world.advance(60_000);
    assert_eq!((world.delivery(), world.times("/messages").len()), ("sent", 1));
}

#[test]
fn a_page_in_the_place_of_an_answer_is_none() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 200, "<!doctype html>");
    assert_eq!(world.delivery(), "sending");
    world.answer(HISTORY, 200, r#"{"entities":[],"total":0}"#);
    world.advance(60_000);
    assert_eq!(world.times("/messages").len(), 2);
    world.answer("/messages", 204, "");
    assert_eq!(world.delivery(), "sent");
}

#[test]
fn without_an_answer_history_decides_that_it_did_not_arrive_and_it_is_sent_again() {
    let mut world = World::usual();
    world.send("Hello");
    let first = world.no_answer("/messages");
    world.answer(HISTORY, 200, r#"{"entities":[],"total":0}"#);
    let second = world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(client_id(&first), client_id(&second));
    assert_eq!(world.delivery(), "sent");
}

#[test]
fn without_an_answer_and_without_history_it_is_left_to_the_visitor() {
    let mut world = World::usual();
    world.send("Hello");
    world.no_answer("/messages");
    world.answer(HISTORY, 404, "");
    world.advance(120_000);
    assert_eq!((world.times("/messages").len(), world.delivery()), (1, "failed"));
    let entry = world.entry_of("Hello");
    world.command(Command::Retry(entry));
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(world.delivery(), "sent");
    assert!(!world.events.contains(&Event::Error(guest_messenger::session::error::ChatError::HISTORY_UNAVAILABLE)));
}

#[test]
fn when_the_time_ran_out_the_platform_may_still_be_at_it_and_nothing_is_sent_twice() {
    let mut world = World::usual();
    world.send("Hello");
    world.advance(12_000);
    world.no_answer("/messages");
    world.answer(HISTORY, 200, r#"{"entities":[],"total":0}"#);
    world.advance(120_000);
    assert_eq!((world.times("/messages").len(), world.delivery()), (1, "failed"));
}

#[test]
fn a_gateway_that_gave_up_says_nothing_of_the_message() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 504, "");
    world.answer(HISTORY, 200, r#"{"entities":[],"total":0}"#);
    world.advance(120_000);
    assert_eq!((world.times("/messages").len(), world.delivery()), (1, "failed"));
}

#[test]
fn a_history_that_does_not_know_the_clients_ids_decides_nothing() {
    let mut world = World::usual();
    world.send("Hello");
    world.no_answer("/messages");
    world.answer(HISTORY, 200,
        r#"{"entities":[{"id":"m-0","from":{"id":"guest-1"},"body":{"content":"Hello"},"sentTime":"2026-10-14T09:00:02.000Z"}],"total":1}"#);
    world.advance(120_000);
    assert_eq!(world.times("/messages").len(), 1, "it may be the one that is there");
}

#[test]
fn a_message_of_an_earlier_page_is_not_sent_again_where_history_does_not_know_the_clients_ids() {
    let mut world = World::usual();
    world.send("Hello");
    let record = world.record.clone();
    let unsent = world.kept.clone();
    assert_eq!(unsent.len(), 1);
    let mut world = World::restored(ConversationsSettings::default(), record, unsent);
    world.answer(HISTORY, 200,
        r#"{"entities":[{"id":"m-0","from":{"id":"guest-1"},"body":{"content":"Hello"},"sentTime":"2026-10-14T09:00:02.000Z"}],"total":1}"#);
    world.advance(120_000);
    assert_eq!((world.times("/messages").len(), world.delivery()), (0, "failed"));
}

#[test]
fn the_events_socket_confirms_what_had_no_answer() {
    let mut world = World::usual();
    world.send("Hello");
    let call = world.no_answer("/messages");
    let id = client_id(&call);
    world.frame(&format!(
        r#"{{"event_type":"message","conversation_id":"conversation-1","message_id":"m-1","participant_id":"guest-1",
        "payload":{{"body":{{"content":"Hello"}},"metadata":{{"id":"{id}"}}}}}}"#
    ));
    assert_eq!(world.delivery(), "sent");
    world.answer(HISTORY, 404, "");
    world.advance(60_000);
    assert_eq!((world.delivery(), world.times("/messages").len()), ("sent", 1));
}

#[test]
fn an_echo_that_overtakes_the_answer_is_the_same_message() {
    let mut world = World::usual();
    world.send("Hello");
    world.frame(
        r#"{"event_type":"message","conversation_id":"conversation-1","message_id":"m-1","participant_id":"guest-1",
        "payload":{"body":{"content":"Hello"}}}"#,
    );
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(world.texts(), ["Hello"]);
}

#[test]
fn a_line_that_breaks_takes_no_message_along() {
    let mut world = World::usual();
    world.send("Hello");
    world.close(1006);
    world.advance(5_000);
    assert!(world.has_socket);
    world.answer(HISTORY, 404, "");
    assert_eq!(world.delivery(), "sending", "its answer will tell");
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!((world.delivery(), world.times("/messages").len()), ("sent", 1));
}

#[test]
fn a_refusal_while_the_line_is_configured_is_about_the_message() {
    let mut world = World::provided(ConversationsSettings::default());
    world.send("Hello");
    world.close(4001);
    world.wait_for_socket();
    assert_eq!(world.asked, 1, "the line waits for the token");
    world.answer("/messages", 400, r#"{"message":"no"}"#);
    assert_eq!(world.delivery(), "failed");
    assert!(world.engine.view().phase.can_write());
}

#[test]
fn what_was_meant_for_one_conversation_is_never_sent_in_another() {
    let mut world = World::usual();
    world.send("for the first");
    world.answer("/messages", 500, "");
    world.key();
    world.answer("/participants/guest-1/typing", 409, "");
    world.command(Command::StartNew);
    world.command(Command::OpenPanel);
    world.send("for the second");
    world.wait_for("/conversations/messaging");
    world.answer("/conversations/messaging", 200, &crate::world::OPENED.replace("conversation-1", "conversation-2"));
    world.advance(60_000);
    for call in world.made_to("/messages") {
        let said = body(call);
        let is_first = said.get("to").unwrap().text("id") == Some("conversation-1");
        assert_eq!(is_first, said.get("body").unwrap().text("content") == Some("for the first"));
    }
    assert_eq!(world.times("/messages").len(), 2);
}

#[test]
fn what_was_meant_for_the_conversation_before_is_not_said_in_the_one_that_the_page_names_now() {
    let mut world = World::usual();
    world.send("Hello");
    let (record, unsent) = (world.record.clone(), world.kept.clone());
    let chosen = ConversationsSettings {
        has_token_provider: true,
        conversation_id: Some("conversation-2".to_owned()),
        ..ConversationsSettings::default()
    };
    let mut world = World::restored(chosen, record, unsent);
    world.provide("access-1", Some(1_800));
    world.answer(HISTORY, 200, r#"{"entities":[],"total":0}"#);
    world.advance(60_000);
    assert_eq!((world.times("/messages").len(), world.delivery()), (0, "failed"));
}

#[test]
fn a_page_that_was_asked_for_before_says_nothing_of_what_may_have_arrived_since() {
    let mut world = World::new(ConversationsSettings::default());
    world.answer("/conversations/messaging", 200, OPENED);
    world.send("Hello");
    world.close(1006);
    let call = world.no_answer("/messages");
    world.wait_for_socket();
    assert_eq!(
        world.times(HISTORY).len(),
        2,
        "the page of the new conversation, and the one that is to show the message"
    );
    world.answer(HISTORY, 200, r#"{"entities":[],"total":0}"#);
    assert_eq!((world.times("/messages").len(), world.delivery()), (1, "sending"));
    world.answer(HISTORY, 200, &format!(
        r#"{{"entities":[{{"id":"m-1","from":{{"id":"guest-1"}},"body":{{"content":"Hello"}},"metadata":{{"id":"{}"}},"sentTime":"2026-10-14T09:00:01.000Z"}}],"total":1}}"#,
        client_id(&call)
    ));
    assert_eq!((world.times("/messages").len(), world.delivery()), (1, "sent"));
}

#[test]
fn a_page_that_nobody_waits_for_any_more_is_not_asked_for_with_another_token() {
    let mut world = World::provided(ConversationsSettings::default());
    world.close(1006);
    world.wait_for(HISTORY);
    world.close(1006);
    world.wait_for_socket();
    world.answer(HISTORY, 401, "");
    assert_eq!(world.times(HISTORY).len(), 2);
    world.answer(HISTORY, 200, r#"{"entities":[],"total":0}"#);
    assert!(world.errors().is_empty(), "{:?}", world.errors());
    world.send("Hello");
    assert_eq!((world.asked, world.times("/messages").len()), (1, 0), "but the token is not used again");
    world.provide("access-2", Some(1_800));
    assert_eq!((world.times("/messages").len(), world.times(HISTORY).len()), (1, 2));
}
