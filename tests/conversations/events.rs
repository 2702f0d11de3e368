//! Section 5: the events socket.

use crate::world::{OPENED, World};
use guest_messenger::engine::ConversationsSettings;
use guest_messenger::session::content::Author;
use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::output::Event;
use guest_messenger::session::view::Phase;

fn typing(kind: &str, conversation: &str, participant: &str, is_typing: bool) -> String {
    format!(
        r#"{{"event_type":"{kind}","conversation_id":"{conversation}","message_id":null,"participant_id":"{participant}","payload":{{"typing":{is_typing}}}}}"#
    )
}

fn is_typing(world: &World) -> bool {
    world.engine.view().typing.is_some()
}

#[test]
fn the_first_frame_authenticates() {
    let world = World::resumed(ConversationsSettings::default(), World::usual().record.clone());
    assert_eq!(world.frames.len(), 1);
    assert_eq!(
        (world.frames[0].text("type"), world.frames[0].text("token")),
        (Some("authenticate"), Some("guest-token-1"))
    );
}

#[test]
fn both_spellings_of_the_typing_event_show_the_indicator() {
    for kind in ["typing", "conversation:typing"] {
        let mut world = World::usual();
        world.frame(&typing(kind, "conversation-1", "agent-1", true));
        assert!(is_typing(&world), "{kind}");
        world.frame(&typing(kind, "conversation-1", "agent-1", false));
        assert!(!is_typing(&world), "{kind}");
    }
}

#[test]
fn the_indicator_vanishes_with_a_message_and_after_its_expiry() {
    let mut world = World::usual();
    world.frame(&typing("typing", "conversation-1", "agent-1", true));
    world.agent_says("a-1", "Hi");
    assert!(!is_typing(&world));
    world.frame(&typing("typing", "conversation-1", "agent-1", true));
    world.advance(2_999);
    assert!(is_typing(&world));
    world.advance(2_001);
    assert!(!is_typing(&world), "three to five seconds when the event names none");
    world.frame(
        r#"{"event_type":"typing","conversation_id":"conversation-1","participant_id":"agent-1","payload":{"typing":true,"duration":1000}}"#,
    );
    world.advance(1_000);
    assert!(!is_typing(&world));
}

#[test]
fn the_guests_own_typing_is_not_shown() {
    let mut world = World::usual();
    world.frame(&typing("typing", "conversation-1", "guest-1", true));
    assert!(!is_typing(&world));
}

#[test]
fn events_of_other_conversations_are_ignored() {
    let mut world = World::usual();
    world.frame(&typing("typing", "conversation-2", "agent-1", true));
    world.frame(
        r#"{"event_type":"message","conversation_id":"conversation-2","message_id":"x","participant_id":"agent-1",
        "payload":{"body":{"content":"for somebody else"}}}"#,
    );
    assert!(!is_typing(&world) && world.texts().is_empty());
    assert_eq!(world.engine.session().ignored_frames(), 2);
}

#[test]
fn unknown_and_malformed_frames_are_counted_and_skipped() {
    let mut world = World::usual();
    let junk = [
        "{}",
        "[]",
        "7",
        "no json",
        r#"{"event_type":"weather","conversation_id":"conversation-1","payload":{}}"#,
        r#"{"event_type":"typing","conversation_id":"conversation-1","payload":{"typing":"yes"}}"#,
        r#"{"event_type":"message","conversation_id":"conversation-1","payload":"text"}"#,
        r#"{"event_type":7}"#,
        "{\"event_type\":\"typing\",\"payload\":{\"typing\":true},\"note\":\"a line\nand another\"}",
        r#"{"event_type":"typing","payload":{"typing":true},"number":007}"#,
    ];
    for frame in junk {
        world.frame(frame);
    }
    assert_eq!(world.engine.session().ignored_frames(), junk.len() as u64);
    assert!(world.is_live() && world.texts().is_empty() && !is_typing(&world));
}

/// One of the agent's, whose id stands there as it is.
fn numbered(id: &str) -> String {
    format!(
        r#"{{"event_type":"message","conversation_id":"conversation-1","message_id":{id},"participant_id":20,
        "payload":{{"body":{{"content":"Hi"}}}}}}"#
    )
}

#[test]
fn a_whole_number_is_an_id_as_any_other() {
    let mut world = World::usual();
    for id in ["77", "77", r#""77""#, "7.7e1"] {
        world.frame(&numbered(id));
    }
    assert_eq!(world.texts(), ["Hi"]);
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.answer(
        "pageNumber=1",
        200,
        r#"{"entities":[
        {"id":78,"from":{"id":20},"body":{"content":"missed"},"sentTime":"2026-10-14T09:00:05.000Z"},
        {"id":77,"from":{"id":20},"body":{"content":"Hi"},"sentTime":"2026-10-14T09:00:01.000Z"}],"total":2}"#,
    );
    assert_eq!(world.texts().len(), 2, "{:?}", world.texts());
    world.send("Hello");
    world.answer("/messages", 200, r#"{"id":79}"#);
    world.frame(&own("79").replace(r#""79""#, "79"));
    assert_eq!(world.texts().len(), 3, "{:?}", world.texts());
}

#[test]
fn a_number_that_may_be_two_ids_is_none() {
    for id in ["0", "-1", "7.5", "9007199254740992", "1e300"] {
        let mut world = World::usual();
        world.frame(&numbered(id));
        world.frame(&numbered(id));
        assert_eq!(world.texts(), ["Hi", "Hi"], "{id}");
    }
}

#[test]
fn a_conversation_whose_ids_are_numbers_is_opened_and_its_events_are_told_from_others() {
    let mut world = World::new(ConversationsSettings::default());
    world.answer("/conversations/messaging", 200, r#"{"id":10,"guestId":20,"token":"guest-token-1"}"#);
    assert!(world.is_live());
    world.answer("/conversations/10/messages?pageSize=25&pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
    for (conversation, participant, text) in [(11, 30, "another's"), (10, 30, "Hi"), (10, 20, "my own")] {
        world.advance(10);
        world.frame(&format!(
            r#"{{"event_type":"message","conversation_id":{conversation},"message_id":{conversation}{},
            "participant_id":{participant},"payload":{{"body":{{"content":"{text}"}}}}}}"#,
            60 - participant
        ));
    }
    let entries = world.engine.view().transcript.entries();
    let authors: Vec<_> = entries.iter().map(|entry| (entry.body.text.expose(), entry.author)).collect();
    assert_eq!(authors, [("Hi", Author::Agent), ("my own", Author::Guest)]);
}

#[test]
fn duplicates_by_message_id_are_dropped() {
    let mut world = World::usual();
    for _ in 0..3 {
        world.agent_says("a-1", "Hi");
    }
    assert_eq!(world.texts(), ["Hi"]);
    let heard = world.events.iter().filter(|event| matches!(event, Event::Message { .. })).count();
    assert_eq!(heard, 1);
}

#[test]
fn close_code_4001_asks_for_a_new_token_and_then_reconnects() {
    let mut world = World::provided(ConversationsSettings::default());
    world.advance(60_000);
    world.forget();
    world.close(4001);
    world.advance(3_000);
    assert_eq!((world.asked, world.sockets.len(), world.frames.len()), (1, 1, 0));
    world.provide("access-2", Some(1_800));
    assert_eq!(world.frames[0].text("token"), Some("access-2"));
    assert!(world.is_live());
}

#[test]
fn close_code_4001_ends_a_guests_conversation_that_has_no_provider() {
    let mut world = World::usual();
    world.close(4001);
    assert!(matches!(world.engine.view().phase, Phase::Ended(_)));
    world.advance(600_000);
    assert!(world.sockets.is_empty());
}

#[test]
fn a_provider_whose_tokens_are_refused_at_once_is_not_asked_for_ever() {
    let mut world = World::provided(ConversationsSettings::default());
    for round in 0..3 {
        world.close(4001);
        if round < 2 {
            world.wait_for_socket();
            world.provide(&format!("access-{round}"), Some(1_800));
        }
    }
    assert!(matches!(world.engine.view().phase, Phase::Ended(_)));
}

#[test]
fn any_other_close_reconnects_within_three_seconds_at_first_and_with_growing_pauses() {
    for code in [1000, 1001, 1006, 1011, 4000] {
        let mut world = World::usual();
        world.close(code);
        world.opens = false;
        world.wait_for_socket();
        // 1001: the platform closes on everybody.
        let most = if code == 1001 { 6_000 } else { 4_000 };
        assert!(world.sockets[0].0 <= most, "{code}: {}", world.sockets[0].0);
        for _ in 0..3 {
            world.close(1006);
            world.wait_for_socket();
        }
        let last = world.sockets[3].0 - world.sockets[2].0;
        assert!(last >= 10_000, "{code}: {last}");
    }
}

#[test]
fn what_was_said_while_the_line_was_down_is_read_from_history() {
    let mut world = World::usual();
    world.agent_says("a-1", "before");
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.answer("pageNumber=1", 200, r#"{"entities":[
        {"id":"a-1","from":{"id":"agent-1","type":"agent"},"body":{"content":"before"},"sentTime":"2026-10-14T09:00:01.000Z"},
        {"id":"a-2","from":{"id":"agent-1","type":"agent","name":"Ada"},"body":{"content":"missed"},"sentTime":"2026-10-14T09:00:05.000Z"}],"total":2}"#);
    assert_eq!(world.texts(), ["before", "missed"]);
    let entry = world.entry_of("missed");
    assert_eq!(world.engine.view().transcript.entry(entry).unwrap().sender.name.as_deref(), Some("Ada"));
}

const MISSED: &str = r#"{"entities":[
    {"id":"a-1","from":{"id":"agent-1","type":"agent"},"body":{"content":"missed"},"sentTime":"2026-10-14T09:00:05.000Z"}],"total":1}"#;

#[test]
fn a_line_that_died_unheard_while_nobody_looked_is_found_out_by_history_and_opened_again() {
    for come_back in [Environment::Visible, Environment::Online, Environment::Resumed] {
        let mut world = World::usual();
        world.environment(Environment::Hidden);
        world.advance(31_000);
        assert!(world.calls.is_empty());
        world.environment(come_back);
        world.answer("pageNumber=1", 200, MISSED);
        assert_eq!((world.texts(), world.closes), (vec!["missed".to_owned()], 1));
        world.wait_for_socket();
        world.answer("pageNumber=1", 200, MISSED);
        world.advance(10_000);
        assert_eq!((world.closes, world.sockets.len()), (1, 1), "the new line is not blamed for it");
    }
}

#[test]
fn a_line_that_has_missed_nothing_is_left_alone() {
    let mut world = World::usual();
    world.agent_says("a-1", "missed");
    world.environment(Environment::Resumed);
    world.answer("pageNumber=1", 200, MISSED);
    world.advance(10_000);
    assert_eq!((world.closes, world.sockets.len(), world.calls.len()), (0, 0, 0));
}

/// The visitor's own message, as the events socket brings it.
fn own(id: &str) -> String {
    format!(
        r#"{{"event_type":"message","conversation_id":"conversation-1","message_id":"{id}","participant_id":"guest-1",
        "payload":{{"id":"{id}","from":{{"id":"guest-1","type":"user"}},"body":{{"content":"Hello"}}}}}}"#
    )
}

/// A message was sent, and the platform has taken it.
fn send(world: &mut World, id: &str) {
    world.send("Hello");
    world.answer("/messages", 200, &format!(r#"{{"id":"{id}","sentTime":"2026-10-14T09:00:06.000Z"}}"#));
}

#[test]
fn a_line_that_is_silent_for_a_minute_under_the_eyes_of_a_visitor_is_held_against_history_once_a_minute() {
    let mut world = World::usual();
    for minute in 1..=3 {
        world.advance(59_999);
        assert!(world.calls.is_empty(), "{minute}: {:?}", world.urls());
        world.advance(1);
        world.answer("pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
    }
    assert_eq!((world.closes, world.sockets.len(), world.times("pageNumber=1").len()), (0, 0, 3));
    world.advance(60_000);
    world.answer("pageNumber=1", 200, MISSED);
    assert_eq!((world.texts(), world.closes), (vec!["missed".to_owned()], 1));
    world.wait_for_socket();
}

#[test]
fn any_event_puts_the_question_off_whether_the_line_is_alive() {
    let mut world = World::usual();
    world.advance(50_000);
    world.hear();
    world.advance(59_999);
    assert!(world.calls.is_empty(), "{:?}", world.urls());
    world.advance(1);
    assert_eq!(world.calls.len(), 1);
}

#[test]
fn a_hidden_page_does_not_ask_whether_its_line_is_alive() {
    let mut world = World::usual();
    world.advance(59_000);
    world.environment(Environment::Hidden);
    world.advance(3_600_000);
    assert!(world.made.is_empty(), "{:?}", world.urls());
}

#[test]
fn fifteen_seconds_of_silence_after_a_message_have_history_read_once() {
    let mut world = World::usual();
    send(&mut world, "m-1");
    world.advance(14_999);
    assert!(world.calls.is_empty(), "{:?}", world.urls());
    world.advance(1);
    world.answer("pageNumber=1", 200, MISSED);
    assert_eq!(world.closes, 1, "what the agent has answered did not come over it");
    world.wait_for_socket();
}

#[test]
fn a_platform_that_echoes_nothing_over_the_socket_keeps_its_line() {
    let mut world = World::usual();
    world.agent_says("a-9", "Hi");
    for minute in 0..5 {
        send(&mut world, &format!("m-{minute}"));
        world.wait_for("pageNumber=1");
        world.answer("pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
    }
    assert_eq!((world.closes, world.sockets.len()), (0, 0));
    assert!(world.now_ms < 80_000, "once for each message");
}

#[test]
fn a_line_that_has_echoed_and_echoes_no_more_is_opened_again_fifteen_seconds_after_a_message() {
    let mut world = World::usual();
    send(&mut world, "m-1");
    world.frame(&own("m-1"));
    world.advance(20_000);
    assert!(world.calls.is_empty());
    send(&mut world, "m-2");
    world.advance(14_999);
    assert_eq!((world.closes, world.made_to("pageNumber=1").len()), (0, 0));
    world.advance(1);
    assert_eq!(world.closes, 1, "nothing has to have been missed for that");
    world.wait_for_socket();
    world.answer("pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
    send(&mut world, "m-3");
    world.advance(20_000);
    assert_eq!(world.closes, 1, "of the new line nothing is known yet");
}

#[test]
fn an_echo_that_is_faster_than_the_answer_shows_that_the_line_is_alive() {
    let mut world = World::usual();
    send(&mut world, "m-1");
    world.frame(&own("m-1"));
    world.send("Hello");
    world.frame(&own("m-2"));
    world.answer("/messages", 200, r#"{"id":"m-2"}"#);
    world.advance(59_999);
    assert_eq!((world.closes, world.calls.len()), (0, 0));
    world.advance(1);
    assert_eq!((world.closes, world.calls.len()), (0, 1), "no echo is owed");
}

#[test]
fn a_message_that_was_refused_is_owed_no_echo() {
    let mut world = World::usual();
    send(&mut world, "m-1");
    world.frame(&own("m-1"));
    world.send("Hello");
    world.answer("/messages", 400, "");
    world.advance(15_000);
    assert_eq!((world.closes, world.times("pageNumber=1").len()), (0, 1), "history is asked, and the line stays");
}

#[test]
fn what_another_device_has_said_is_shown_and_not_held_against_the_line() {
    let mut world = World::usual();
    world.advance(60_000);
    world.answer(
        "pageNumber=1",
        200,
        r#"{"entities":[{"id":"m-9","from":{"id":"guest-1"},"body":{"content":"from my phone"},"metadata":{"id":"x"},"sentTime":"2026-10-14T09:00:05.000Z"}],"total":1}"#,
    );
    assert_eq!((world.texts(), world.closes), (vec!["from my phone".to_owned()], 0));
}

#[test]
fn a_platform_that_is_busy_is_not_asked_again_before_the_next_minute() {
    for retry_after in [None, Some("5")] {
        let mut world = World::usual();
        world.advance(60_000);
        world.answer_with("pageNumber=1", 429, retry_after, "");
        assert_eq!(world.wait_for("pageNumber=1"), 60_000, "{retry_after:?}");
    }
}

#[test]
fn older_messages_are_read_page_by_page() {
    let mut world = World::resumed(ConversationsSettings::default(), World::usual().record.clone());
    let page = |first: usize| {
        let entities: Vec<String> = (first..first + 25)
            .map(|index| format!(
                r#"{{"id":"a-{index:02}","from":{{"id":"agent-1","type":"bot"}},"body":{{"content":"m{index:02}"}},"sentTime":"2026-10-14T08:00:{index:02}.000Z"}}"#
            ))
            .collect();
        format!(r#"{{"entities":[{}],"total":50}}"#, entities.join(","))
    };
    world.answer("pageNumber=1", 200, &page(25));
    world.command(Command::LoadOlder);
    world.answer("pageNumber=2", 200, &page(0));
    assert_eq!((world.texts().len(), world.texts()[0].as_str()), (50, "m00"));
    assert!(!world.engine.view().history.has_older);
}

#[test]
fn attachments_of_a_message_come_along() {
    let mut world = World::usual();
    world.frame(
        r#"{"event_type":"message","conversation_id":"conversation-1","message_id":"a-1","participant_id":"agent-1",
        "payload":{"body":{"contentType":"text/plain","content":""},"attachments":[
        {"contentType":"image/png","url":"https://x.example/p.png","fileName":"p.png","size":1234}]}}"#,
    );
    let entries = world.engine.view().transcript.entries();
    assert!(format!("{:?}", entries[0].body.items).contains("p.png"));
}

#[test]
fn a_history_that_was_not_there_is_asked_for_again_on_the_next_line() {
    let mut world = World::usual();
    for _ in 0..2 {
        world.close(1006);
        world.wait_for("pageNumber=1");
        world.answer("pageNumber=1", 404, "");
    }
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.answer(
        "pageNumber=1",
        200,
        r#"{"entities":[{"id":"a-1","from":{"id":"agent-1"},"body":{"content":"missed"}}],"total":1}"#,
    );
    assert_eq!(world.texts(), ["missed"]);
}

#[test]
fn what_was_said_before_a_new_conversation_had_a_line_is_read_from_history() {
    let mut world = World::new(ConversationsSettings::default());
    world.answer("/conversations/messaging", 200, OPENED);
    world.send("Hello");
    world.answer("/messages", 200, r#"{"id":"m-1","sentTime":"2026-10-14T09:00:05.000Z"}"#);
    world.answer(
        "pageNumber=1",
        200,
        r#"{"entities":[{"id":"a-1","from":{"id":"agent-1"},"body":{"content":"Welcome"},"sentTime":"2026-10-14T09:00:01.000Z"}],"total":1}"#,
    );
    assert_eq!(world.texts(), ["Welcome", "Hello"], "and no message has waited for that");
}

#[test]
fn pages_of_history_are_calls_as_any_other_and_not_ten_a_minute() {
    let mut world = World::resumed(ConversationsSettings::default(), World::usual().record.clone());
    for page in 1..=20 {
        let entity = format!(
            r#"{{"id":"a-{page}","from":{{"id":"agent-1"}},"body":{{"content":"m"}},"sentTime":"2026-10-14T08:00:{:02}.000Z"}}"#,
            40 - page
        );
        world.answer(&format!("pageNumber={page}"), 200, &format!(r#"{{"entities":[{entity}],"total":1000}}"#));
        world.command(Command::LoadOlder);
    }
    assert_eq!((world.now_ms, world.texts().len()), (1_000, 20));
}

#[test]
fn a_time_that_is_named_by_a_page_that_nobody_waits_for_any_more_holds_all_the_same() {
    let mut world = World::usual();
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.close(1006);
    world.wait_for_socket();
    assert_eq!(world.calls.len(), 2, "asked for on either line");
    world.answer_with("pageNumber=1", 429, Some("40"), "");
    world.no_answer("pageNumber=1");
    assert_eq!(world.wait_for("pageNumber=1"), 40_000);
}
