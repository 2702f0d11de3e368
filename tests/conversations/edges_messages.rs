//! Messages: how they are read, which is which, and what history says of them.

use crate::world::{World, body};
use guest_messenger::engine::{ConversationsSettings, SendForm};
use guest_messenger::session::audit::Audit;
use guest_messenger::session::content::{Author, FileKind, Item};
use guest_messenger::session::input::Command;
use guest_messenger::session::transcript::Entry;

const HISTORY: &str = "pageNumber=1";

/// An event of a message with this payload.
fn event(id: &str, participant: &str, payload: &str) -> String {
    format!(
        r#"{{"event_type":"message","conversation_id":"conversation-1","message_id":"{id}","participant_id":"{participant}","payload":{payload}}}"#
    )
}

fn entries(world: &World) -> &[Entry] {
    world.engine.view().transcript.entries()
}

/// A page with so many messages of the agent's, and what else the answer says.
fn page(first: usize, count: usize, rest: &str) -> String {
    let entity = |at: usize| {
        format!(
            r#"{{"id":"a-{at:02}","from":{{"id":"agent-1"}},"body":{{"content":"m{at:02}"}},"sentTime":"2026-10-14T08:00:{at:02}.000Z"}}"#
        )
    };
    let entities: Vec<String> = (first..first + count).map(entity).collect();
    format!(r#"{{"entities":[{}]{rest}}}"#, entities.join(","))
}

#[test]
fn a_message_that_says_nothing_and_brings_nothing_is_none() {
    let mut world = World::usual();
    for payload in ["{}", r#"{"body":{}}"#, r#"{"body":{"content":""},"attachments":[]}"#, r#"{"attachments":[{}]}"#] {
        world.frame(&event("a-1", "agent-1", payload));
    }
    assert!(entries(&world).is_empty());
    assert_eq!(world.engine.session().ignored_frames(), 4);
}

#[test]
fn the_guests_own_message_is_confirmed_by_an_event_that_does_not_repeat_its_text() {
    let mut world = World::usual();
    world.send("Hello");
    let call = world.take("/messages");
    let id = body(&call).get("metadata").unwrap().text("id").unwrap().to_owned();
    world.frame(&event("m-1", "guest-1", &format!(r#"{{"metadata":{{"id":"{id}"}}}}"#)));
    assert_eq!((world.delivery(), world.texts()), ("sent", vec!["Hello".to_owned()]));
}

#[test]
fn a_client_id_in_a_message_of_another_author_confirms_nothing() {
    let mut world = World::usual();
    world.send("Hello");
    let call = world.take("/messages");
    let id = body(&call).get("metadata").unwrap().text("id").unwrap().to_owned();
    world.frame(&event("a-1", "agent-1", &format!(r#"{{"body":{{"content":"Hello"}},"metadata":{{"id":"{id}"}}}}"#)));
    assert_eq!((world.delivery(), world.texts().len()), ("sending", 2));
}

#[test]
fn who_has_written_a_message_is_read_from_its_sender() {
    let table = [
        (r#""from":{"id":"guest-1","type":"bot"}"#, Author::Guest),
        (r#""from":{"id":"agent-1","type":"agent"}"#, Author::Agent),
        (r#""from":{"id":"b","type":"BOT"}"#, Author::Bot),
        (r#""from":{"id":"b","type":"Workflow"}"#, Author::Bot),
        (r#""originatingEntity":"Bot""#, Author::Bot),
        (r#""originatingEntity":"Human""#, Author::Agent),
    ];
    for (sender, author) in table {
        let mut world = World::usual();
        world.frame(&event("a-1", "agent-1", &format!(r#"{{{sender},"body":{{"text":"Hi"}}}}"#)));
        assert_eq!((entries(&world)[0].author, world.texts()), (author, vec!["Hi".to_owned()]), "{sender}");
    }
}

#[test]
fn the_senders_name_is_the_nickname_where_there_is_no_other() {
    let table = [
        (r#""from":{"id":"a","name":"Ada","nickname":"A","image":"https://x.example/a.png"}"#, Some("Ada")),
        (r#""from":{"id":"a","name":"","nickname":"A"}"#, Some("A")),
        (r#""nickname":"A""#, Some("A")),
        (r#""from":{"id":"a","name":"","nickname":""}"#, None),
    ];
    for (sender, name) in table {
        let mut world = World::usual();
        world.frame(&event("a-1", "a", &format!(r#"{{{sender},"body":{{"content":"Hi"}}}}"#)));
        assert_eq!(entries(&world)[0].sender.name.as_deref(), name, "{sender}");
        world.frame(&format!(
            r#"{{"event_type":"typing","conversation_id":"conversation-1","participant_id":"a","payload":{{"typing":true,{sender}}}}}"#
        ));
        assert_eq!(world.engine.view().typing.unwrap().name.as_deref(), name, "{sender}");
    }
}

#[test]
fn pictures_are_shown_and_a_drawing_that_can_hold_script_stays_a_file() {
    for (mime, kind) in [
        ("image/png", FileKind::Image),
        ("image/jpeg", FileKind::Image),
        ("image/gif", FileKind::Image),
        ("image/webp", FileKind::Image),
        ("image/svg+xml", FileKind::File),
        ("application/pdf", FileKind::File),
    ] {
        let mut world = World::usual();
        let file = format!(r#"{{"attachments":[{{"contentType":"{mime}","url":"https://x.example/f","size":7}}]}}"#);
        world.frame(&event("a-1", "agent-1", &file));
        let [Item::Attachment(file)] = entries(&world)[0].body.items.as_slice() else { panic!("no file") };
        assert_eq!((file.kind, file.size_bytes), (kind, Some(7)), "{mime}");
    }
}

#[test]
fn the_id_and_the_time_of_an_answer_are_read_in_each_of_their_spellings() {
    for said in [
        r#"{"id":"m-1","sentTime":"2026-10-14T09:00:02.000Z"}"#,
        r#"{"messageId":"m-1","timestamp":"2026-10-14T09:00:02.000Z"}"#,
        r#"{"id":"m-1","messageId":"other","time":"2026-10-14T09:00:02.000Z"}"#,
    ] {
        let mut world = World::usual();
        world.send("Hello");
        world.answer("/messages", 200, said);
        let entry = &entries(&world)[0];
        assert_eq!(entry.server_id.as_ref().map(|id| id.0.as_str()), Some("m-1"), "{said}");
        assert_eq!(entry.time.0, 1_791_968_402_000, "{said}");
    }
}

#[test]
fn a_message_whose_call_is_still_under_way_is_not_sent_again_though_history_does_not_have_it() {
    let mut world = World::usual();
    world.send("Hello");
    for _ in 0..3 {
        world.wait_for(HISTORY);
        world.answer(HISTORY, 200, r#"{"entities":[],"total":0}"#);
    }
    world.advance(2_000);
    assert!(world.now_ms > 76_000, "the session has given up waiting for an echo");
    assert_eq!((world.delivery(), world.times("/messages").len()), ("sending", 1));
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    assert_eq!(world.delivery(), "sent");
}

#[test]
fn what_another_device_says_while_a_message_is_under_way_is_another_message() {
    for answer in [r#"{"id":"m-1"}"#, "{}"] {
        let mut world = World::usual();
        world.send("Hello");
        world.frame(&event("m-9", "guest-1", r#"{"body":{"content":"from my phone"}}"#));
        assert_eq!(world.texts(), ["Hello"], "until the answer says which is which");
        world.answer("/messages", 200, answer);
        let mut texts = world.texts();
        texts.sort();
        assert_eq!(texts, ["Hello", "from my phone"], "{answer}");
    }
}

#[test]
fn what_another_device_says_is_shown_at_once_when_no_message_is_under_way_and_after_one_was_refused() {
    let mut world = World::usual();
    world.key();
    assert_eq!(world.calls.len(), 1, "typing is no message");
    world.frame(&event("m-8", "guest-1", r#"{"body":{"content":"from my phone"}}"#));
    assert_eq!(world.texts(), ["from my phone"]);
    world.send("Hello");
    world.frame(&event("m-9", "guest-1", r#"{"body":{"content":"and again"}}"#));
    world.answer("/messages", 400, "");
    assert!(world.texts().contains(&"and again".to_owned()), "{:?}", world.texts());
}

#[test]
fn what_the_agent_says_does_not_wait_for_the_message_under_way() {
    let mut world = World::usual();
    world.send("Hello");
    world.frame(&event("a-1", "agent-1", r#"{"body":{"content":"Hi"}}"#));
    assert!(world.texts().contains(&"Hi".to_owned()));
}

#[test]
fn an_own_message_without_any_id_is_shown_when_the_answer_has_come() {
    let mut world = World::usual();
    world.send("Hello");
    world.frame(
        r#"{"event_type":"message","conversation_id":"conversation-1","participant_id":"guest-1","payload":{"body":{"content":"from my phone"}}}"#,
    );
    world.answer("/messages", 200, "{}");
    assert_eq!((world.delivery(), world.texts().len()), ("sent", 2), "nothing says that it is the same");
}

#[test]
fn the_audit_of_what_a_gateway_gave_up_says_that_nobody_knows() {
    for (status, error) in [(408, "rejected/message"), (504, "network/platform")] {
        let mut world = World::usual();
        world.send("Hello");
        world.answer("/messages", status, "");
        let Audit::Transmission(record) = &world.audits[0] else { panic!("no transmission") };
        assert_eq!((record.status, record.http_status, record.error), ("unknown", Some(status), Some(error)));
    }
}

#[test]
fn a_message_that_fails_is_told_to_the_page_with_its_third_attempt_and_counts_anew_after_that() {
    let mut world = World::usual();
    world.send("Hello");
    for round in 0..2 {
        for attempt in 1..=3 {
            world.wait_for("/messages");
            world.forget();
            world.answer_with("/messages", 503, Some("1"), "");
            assert_eq!(world.errors().len(), usize::from(attempt == 3), "{round} {attempt}");
            world.idle(1_000);
        }
        assert_eq!(world.delivery(), "failed");
        world.idle(60_000);
        world.command(Command::Retry(world.entry_of("Hello")));
    }
}

#[test]
fn each_message_has_three_attempts_of_its_own() {
    let mut world = World::usual();
    for text in ["One", "Two"] {
        world.send(text);
        for _ in 0..2 {
            world.wait_for("/messages");
            world.answer_with("/messages", 503, Some("1"), "");
        }
        world.wait_for("/messages");
        world.answer("/messages", 200, "{}");
    }
    assert!(world.errors().is_empty(), "{:?}", world.errors());
}

#[test]
fn a_wait_that_was_named_with_a_message_holds_the_next_one_until_its_very_end() {
    for (advance_ms, count) in [(6_999, 1), (7_000, 2)] {
        let mut world = World::usual();
        world.send("Hello");
        world.answer_with("/messages", 504, Some("7"), "");
        world.answer(HISTORY, 404, "");
        assert_eq!(world.delivery(), "failed");
        world.advance(advance_ms);
        world.send("Again");
        assert_eq!(world.times("/messages").len(), count, "{advance_ms}");
    }
}

#[test]
fn whether_there_are_older_messages_is_read_from_the_total_or_else_from_a_full_page() {
    let table = [
        (24, "", false),
        (25, "", true),
        (25, r#","total":25"#, false),
        (25, r#","total":26"#, true),
        (3, r#","total":26"#, true),
        (25, r#","total":-1"#, true),
    ];
    for (count, rest, has_older) in table {
        let mut world = World::resumed(ConversationsSettings::default(), World::usual().record.clone());
        world.answer(HISTORY, 200, &page(0, count, rest));
        assert_eq!(world.engine.view().history.has_older, has_older, "{count}{rest}");
    }
}

#[test]
fn a_page_of_history_that_is_refused_for_good_is_told_and_not_asked_for_again() {
    let mut world = World::resumed(ConversationsSettings::default(), World::usual().record.clone());
    world.answer(HISTORY, 400, r#"{"message":"no such page"}"#);
    assert_eq!(world.errors()[0], "rejected/bad-request: no such page");
    world.idle(30_000);
    assert_eq!(world.times(HISTORY).len(), 1);
}

#[test]
fn a_page_of_history_that_nobody_waits_for_any_more_is_not_taken_for_an_answer() {
    let refusals: [fn(&mut World); 3] = [
        |world| drop(world.no_answer(HISTORY)),
        |world| drop(world.answer(HISTORY, 404, "")),
        |world| drop(world.answer(HISTORY, 400, r#"{"message":"no"}"#)),
    ];
    for (index, refuse) in refusals.into_iter().enumerate() {
        let mut world = World::usual();
        world.close(1006);
        world.wait_for(HISTORY);
        world.close(1006);
        world.wait_for_socket();
        assert_eq!(world.calls.len(), 2, "asked for on either line");
        refuse(&mut world);
        assert!(world.errors().is_empty(), "{index}: {:?}", world.errors());
        world.answer(HISTORY, 200, &page(0, 1, ""));
        assert_eq!(world.texts(), ["m00"], "{index}");
    }
}

#[test]
fn history_waits_while_the_platform_is_given_a_rest() {
    let mut world = World::usual();
    for index in 0..5 {
        world.send(&format!("Message {index}"));
        world.wait_for("/messages");
        world.answer("/messages", 500, "");
    }
    let failed_at_ms = world.now_ms;
    world.close(1006);
    world.wait_for_socket();
    assert!(world.made_to(HISTORY).is_empty(), "{:?}", world.urls());
    world.calls.clear();
    for _ in 0..100 {
        if !world.calls.is_empty() {
            break;
        }
        world.advance(1_000);
    }
    assert!(world.now_ms - failed_at_ms >= 29_000, "{}", world.now_ms - failed_at_ms);
}

#[test]
fn the_send_form_names_the_conversation_and_the_clients_id() {
    let mut world =
        World::live(ConversationsSettings { send: SendForm::ParticipantSend, ..ConversationsSettings::default() });
    world.send("Hello");
    let said = body(&world.take("/participants/guest-1/send"));
    assert_eq!(said.text("conversationId"), Some("conversation-1"));
    assert!(said.get("metadata").unwrap().text("id").is_some());
    assert!(world.made_to("/messages").is_empty());
}

#[test]
fn an_answer_that_is_no_page_of_history_says_nothing_of_a_message() {
    for answer in ["{}", r#"{"message":"ok"}"#, "[]"] {
        let mut world = World::usual();
        world.send("Hello");
        world.no_answer("/messages");
        world.answer(HISTORY, 200, answer);
        assert_eq!((world.delivery(), world.times("/messages").len()), ("sending", 1), "{answer}");
        world.wait_for(HISTORY);
    }
}

#[test]
fn a_platform_that_is_too_busy_for_history_is_asked_again_and_nobody_told() {
    let mut world = World::resumed(ConversationsSettings::default(), World::usual().record.clone());
    world.answer(HISTORY, 429, "");
    world.wait_for(HISTORY);
    world.answer(HISTORY, 200, &page(0, 1, ""));
    assert_eq!((world.texts(), world.errors()), (vec!["m00".to_owned()], Vec::new()));
}
