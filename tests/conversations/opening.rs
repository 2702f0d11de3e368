//! Section 2: opening a conversation, and finding it again.

use crate::world::{OPENED, World, body, header};
use guest_messenger::engine::{AccessToken, ConversationsSettings, EngineInput};
use guest_messenger::session::output::Event;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::view::Phase;

#[test]
fn a_conversation_is_opened_with_a_post_that_needs_no_token() {
    let mut world = World::new(ConversationsSettings::default());
    assert_eq!(world.sockets[0].1, "wss://api.mypurecloud.com/api/v2/conversations/messaging/events");
    let call = world.answer("/conversations/messaging", 200, OPENED);
    assert_eq!(
        (call.method, call.url.as_str()),
        ("POST", "https://api.mypurecloud.com/api/v2/conversations/messaging")
    );
    assert_eq!(header(&call, "Authorization"), None);
    assert!(world.is_live());
    assert!(world.events.contains(&Event::Started { is_new: true }));
}

#[test]
fn the_guest_token_of_the_answer_is_carried_by_calls_and_by_the_authenticate_frame() {
    let mut world = World::new(ConversationsSettings::default());
    world.answer("/conversations/messaging", 200, OPENED);
    assert_eq!(
        (world.frames[0].text("type"), world.frames[0].text("token")),
        (Some("authenticate"), Some("guest-token-1"))
    );
    world.send("Hello");
    let call = world.take("/messages");
    assert_eq!(header(&call, "Authorization"), Some("Bearer guest-token-1"));
    assert_eq!(body(&call).get("from").unwrap().text("id"), Some("guest-1"), "the guest's id is the participant's");
}

#[test]
fn a_reload_resumes_the_conversation_with_its_token_and_opens_no_other() {
    let mut world = World::usual();
    world.send("Hello");
    let record = world.record.clone().expect("a record");
    assert!(!format!("{record:?}").contains("guest-token-1"));
    let mut world = World::resumed(ConversationsSettings::default(), Some(record));
    assert!(world.is_live());
    assert_eq!(world.frames[0].text("token"), Some("guest-token-1"));
    assert_eq!(
        world.urls(),
        [
            "https://api.mypurecloud.com/api/v2/conversations/messaging/conversations/conversation-1/messages?pageSize=25&pageNumber=1"
        ]
    );
    assert!(world.events.contains(&Event::Started { is_new: false }));
    world.answer("pageNumber=1", 200, &format!(
        r#"{{"entities":[{{"id":"m-1","from":{{"id":"guest-1","type":"user"}},"body":{{"contentType":"text/plain","content":"Hello"}},"sentTime":"2026-10-14T09:00:01.000Z","metadata":{{"id":"{}"}}}}],"total":1}}"#,
        "c-1"
    ));
    assert_eq!(world.texts(), ["Hello"]);
}

#[test]
fn a_token_of_another_guest_leaves_the_conversation_that_was_remembered() {
    let chosen = ConversationsSettings { has_token_provider: true, ..ConversationsSettings::default() };
    let mut world = World::new(chosen.clone());
    world.provide("access-1", Some(1_800));
    world.answer("/conversations/messaging", 200, OPENED);
    world.send("Hello");
    let record = world.record.clone().expect("a record");

    let mut world = World::resumed(chosen, Some(record));
    world.input(EngineInput::AccessToken(Some(AccessToken {
        token: Redacted::new("access-2"),
        expires_in_s: Some(1_800),
        guest_id: Some("guest-2".to_owned()),
        conversation_id: None,
    })));
    assert_eq!(world.urls(), ["https://api.mypurecloud.com/api/v2/conversations/messaging"]);
    world.answer("/conversations/messaging", 200, r#"{"id":"conversation-2","guestId":"guest-2"}"#);
    assert!(world.is_live());
    assert!(world.events.contains(&Event::Started { is_new: true }));
    world.send("Hello again");
    assert_eq!(body(&world.take("/messages")).get("to").unwrap().text("id"), Some("conversation-2"));
}

/// The page says which conversation.
fn named(conversation: &str) -> ConversationsSettings {
    ConversationsSettings {
        has_token_provider: true,
        conversation_id: Some(conversation.to_owned()),
        ..ConversationsSettings::default()
    }
}

#[test]
fn a_conversation_that_the_page_names_is_taken_as_it_is() {
    let chosen = ConversationsSettings {
        has_token_provider: true,
        conversation_id: Some("a/b é".to_owned()),
        participant_id: Some("p 1".to_owned()),
        ..ConversationsSettings::default()
    };
    let mut world = World::new(chosen);
    world.plays_back = false;
    assert_eq!(world.asked, 1);
    world.provide("access-1", Some(1_800));
    assert!(world.is_live());
    assert!(world.urls()[0].contains("/conversations/a%2Fb%20%C3%A9/messages?"), "ids are percent-encoded");
    world.answer("pageNumber=1", 404, "{}");
    world.key();
    assert!(world.urls()[0].ends_with("/participants/p%201/typing"), "{:?}", world.urls());
}

#[test]
fn a_named_conversation_of_nobody_is_a_misuse() {
    let mut world = World::new(named("conversation-1"));
    world.input(guest_messenger::engine::EngineInput::AccessToken(Some(guest_messenger::engine::AccessToken {
        token: guest_messenger::session::redact::Redacted::new("access-1"),
        expires_in_s: None,
        guest_id: None,
        conversation_id: None,
    })));
    assert_eq!(world.errors(), ["misuse/no-participant"]);
    assert!(matches!(world.engine.view().phase, Phase::Unavailable(_)));
}

#[test]
fn an_answer_that_names_no_conversation_is_no_opening() {
    let mut world = World::new(ConversationsSettings::default());
    world.answer("/conversations/messaging", 200, r#"{"token":"guest-token-1"}"#);
    assert!(!world.is_live());
    assert_eq!(world.errors(), ["rejected/configure"]);
}

#[test]
fn after_its_end_the_visitor_opens_a_conversation_of_their_own() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 409, r#"{"message":"inactive"}"#);
    assert!(matches!(world.engine.view().phase, Phase::Ended(_)));
    assert_eq!(world.record, None);
    world.command(guest_messenger::session::input::Command::StartNew);
    world.answer("/conversations/messaging", 200, &OPENED.replace("conversation-1", "conversation-2"));
    assert!(world.is_live());
    world.send("Again");
    let call = world.take("/messages");
    assert_eq!(body(&call).get("to").unwrap().text("id"), Some("conversation-2"));
}

#[test]
fn what_was_read_in_the_conversation_before_is_no_mark_in_the_one_that_the_page_names_now() {
    let mut world = World::usual();
    world.advance(60_000);
    let entry = world.agent_says("a-9", "late");
    world.command(guest_messenger::session::input::Command::InView(vec![entry]));
    world.advance(2_000);
    let mut world = World::resumed(named("conversation-2"), world.record.clone());
    world.provide("access-1", Some(1_800));
    world.answer(
        "pageNumber=1",
        200,
        r#"{"entities":[{"id":"a-1","from":{"id":"agent-1"},"body":{"content":"unread"},"sentTime":"2026-10-14T09:00:02.000Z"}],"total":1}"#,
    );
    assert_eq!(world.engine.view().unread, 1);
}

#[test]
fn a_reload_goes_on_where_the_visitor_began_anew_and_not_in_what_was_over() {
    let mut world = World::provided(ConversationsSettings::default());
    world.send("Hello");
    world.answer("/messages", 409, "");
    world.command(guest_messenger::session::input::Command::StartNew);
    world.wait_for_socket();
    world.provide("access-2", Some(1_800));
    world.answer("/conversations/messaging", 200, &OPENED.replace("conversation-1", "conversation-2"));
    assert!(world.is_live());
    let mut world = World::resumed(named("conversation-1"), world.record.clone());
    world.provide("access-2", Some(1_800));
    assert!(world.urls()[0].contains("/conversation-2/messages"), "{:?}", world.urls());
}

#[test]
fn an_opening_on_another_line_waits_as_long_as_the_platform_asked() {
    let mut world = World::new(ConversationsSettings::default());
    for _ in 0..2 {
        world.answer("/conversations/messaging", 503, "");
        world.wait_for("/conversations/messaging");
    }
    world.close(1006);
    world.answer_with("/conversations/messaging", 503, Some("25"), "");
    assert_eq!(world.wait_for("/conversations/messaging"), 25_000);
}

#[test]
fn a_page_that_names_yet_another_conversation_than_the_one_that_was_over_is_taken_at_its_word() {
    let mut world = World::provided(ConversationsSettings::default());
    world.send("Hello");
    world.answer("/messages", 409, "");
    world.command(guest_messenger::session::input::Command::StartNew);
    world.wait_for_socket();
    world.provide("access-2", Some(1_800));
    world.answer("/conversations/messaging", 200, &OPENED.replace("conversation-1", "conversation-2"));
    let mut world = World::resumed(named("conversation-3"), world.record.clone());
    world.provide("access-2", Some(1_800));
    assert!(world.urls()[0].contains("/conversation-3/messages"), "{:?}", world.urls());
}
