//! Frames of the platform, against sections 3 and 5 to 9 of the reference.

use guest_messenger::protocol::json;
use guest_messenger::session::content::{AnswerKind, Author, FileKind, Item};
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::Command;
use guest_messenger::session::output::Event;
use guest_messenger::session::transcript::Entry;
use guest_messenger::session::view::{EndReason, Phase};

use crate::harness::TestEngine;

/// A live conversation that has received one message body.
fn with_body(body: &str) -> TestEngine {
    let mut test = TestEngine::live();
    test.receive(&format!(r#"{{"type":"message","class":"StructuredMessage","code":200,"body":{body}}}"#));
    test
}

fn entry_of(body: &str) -> Entry {
    let test = with_body(body);
    let entries = test.engine.view().transcript.entries().to_vec();
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.into_iter().next().unwrap()
}

#[test]
fn outbound_is_the_agents_or_the_bots_and_inbound_the_guests() {
    let author = |fields: &str| entry_of(&format!(r#"{{"id":"1","type":"Text","text":"x",{fields}}}"#)).author;
    assert_eq!(author(r#""direction":"Outbound","originatingEntity":"Human""#), Author::Agent);
    assert_eq!(author(r#""direction":"Outbound""#), Author::Agent);
    assert_eq!(author(r#""direction":"Outbound","originatingEntity":"Bot""#), Author::Bot);
    assert_eq!(author(r#""direction":"Inbound""#), Author::Guest);
    assert_eq!(author(r#""direction":"Sideways""#), Author::Agent);
}

#[test]
fn an_agents_name_and_picture_come_from_the_channel() {
    let entry = entry_of(
        r#"{"id":"1","type":"Text","text":"x","direction":"Outbound","channel":{"from":{"nickname":"Mara","image":"https://cdn.example.test/m.png"}}}"#,
    );
    assert_eq!(entry.sender.name.as_deref(), Some("Mara"));
    assert_eq!(entry.sender.avatar.as_deref(), Some("https://cdn.example.test/m.png"));
}

#[test]
fn quick_replies_come_in_both_forms() {
    let plain = entry_of(
        r#"{"id":"1","type":"Structured","direction":"Outbound","text":"?","content":[{"contentType":"QuickReply","quickReply":{"text":"A","payload":"a"}},{"contentType":"QuickReply","quickReply":{"text":"B"}}]}"#,
    );
    assert_eq!(plain.body.items.len(), 2);
    let second = entry_of(
        r#"{"id":"1","type":"Structured","direction":"Outbound","content":[{"contentType":"QuickReplyV2","quickReplyV2":{"title":"t","actions":[{"text":"A","payload":"a"}]}}]}"#,
    );
    assert!(
        matches!(second.body.items.as_slice(), [Item::QuickReply(reply)] if reply.expose() == r#"{"text":"A","payload":"a"}"#)
    );
}

#[test]
fn a_quick_reply_keeps_its_picture_and_nothing_that_no_view_knows() {
    let entry = entry_of(
        r#"{"id":"1","type":"Structured","direction":"Outbound","content":[{"contentType":"QuickReply","quickReply":{"id":"q","action":"Message","text":"A","image":"https://api.example.test/a.png"}}]}"#,
    );
    let [Item::QuickReply(reply)] = entry.body.items.as_slice() else { panic!("{entry:?}") };
    assert_eq!(reply.expose(), r#"{"id":"q","text":"A","image":"https://api.example.test/a.png"}"#);
}

#[test]
fn of_more_things_than_anybody_means_the_first_twenty_are_read() {
    let many = |direction: &str, item: &str| {
        let content = vec![item; 60].join(",");
        let body =
            format!(r#"{{"id":"1","type":"Structured","text":"x","direction":"{direction}","content":[{content}]}}"#);
        entry_of(&body).body.items
    };
    assert_eq!(many("Outbound", r#"{"contentType":"Card","card":{"title":"t"}}"#).len(), 20);
    // What a guest has chosen of a list comes one by one.
    let chosen = r#"{"contentType":"ButtonResponse","buttonResponse":{"type":"ListPicker","text":"t","payload":"p"}}"#;
    let items = many("Inbound", chosen);
    assert!(matches!(items.as_slice(), [Item::Answer(answer)] if answer.choices.len() == 60), "{items:?}");
}

#[test]
fn a_name_that_nobody_sees_and_one_that_is_no_name_are_none() {
    let name = |nickname: &str| {
        entry_of(&format!(
            r#"{{"id":"1","text":"x","direction":"Outbound","channel":{{"from":{{"nickname":"{nickname}"}}}}}}"#
        ))
        .sender
        .name
    };
    assert_eq!(name("\u{200b} \u{2066}").as_deref(), None);
    assert_eq!(name(&"A".repeat(257)).as_deref(), None);
    assert_eq!(name("Zo\u{200b}").as_deref(), Some("Zo\u{200b}"));
}

#[test]
fn a_card_keeps_its_links_and_buttons_and_drops_what_is_neither() {
    let entry = entry_of(
        r#"{"id":"1","type":"Structured","direction":"Outbound","content":[{"contentType":"Card","card":{"title":"T","description":"D","image":"https://i.example.test/1.png","defaultAction":{"type":"Link","url":"https://shop.example.test"},"actions":[{"type":"Link","text":"See","url":"https://shop.example.test/1"},{"type":"Postback","text":"Book","payload":"BOOK"},{"type":"Levitate","text":"?"},{"type":"Link","text":"no address"}]}}]}"#,
    );
    let [Item::Offer(offer)] = entry.body.items.as_slice() else { panic!("{:?}", entry.body.items) };
    assert_eq!((offer.kind, offer.title.as_str()), (AnswerKind::CardButton, "T"));
    let data = json::parse(offer.data.expose()).unwrap();
    assert_eq!((data.text("title"), data.text("description")), (Some("T"), Some("D")));
    let actions = data.list("actions");
    assert_eq!(actions.len(), 2);
    assert_eq!(
        (actions[0].text("url"), actions[1].text("payload")),
        (Some("https://shop.example.test/1"), Some("BOOK"))
    );
    assert_eq!(data.get("open").and_then(|open| open.text("url")), Some("https://shop.example.test"));
}

#[test]
fn a_text_that_stands_in_the_content_alone_is_what_was_said_and_one_that_stands_twice_is_said_once() {
    let said = |text: &str| {
        let content = r#"[{"contentType":"Text","text":{"type":"Text","body":"Inside"}}]"#;
        let entry =
            entry_of(&format!(r#"{{"id":"1","type":"Structured","direction":"Outbound",{text}"content":{content}}}"#));
        assert_eq!(entry.body.items, []);
        entry.body.text.expose().to_owned()
    };
    assert_eq!(said(""), "Inside");
    assert_eq!(said(r#""text":"","#), "Inside");
    assert_eq!(said(r#""text":"Outside","#), "Outside");
}

#[test]
fn what_is_not_known_is_kept_as_unsupported_beside_what_is() {
    let entry = entry_of(
        r#"{"id":"1","type":"Structured","direction":"Outbound","text":"Hi","content":[{"contentType":"Hologram"},{"contentType":"Attachment","attachment":{"filename":"a.png","mediaType":"Image","url":"https://x/1"}},7]}"#,
    );
    assert!(
        matches!(entry.body.items.as_slice(), [Item::Unsupported(kind), Item::Attachment(file)] if kind == "Hologram" && file.kind == FileKind::Image)
    );
}

#[test]
fn a_message_of_an_unknown_type_shows_its_text_or_says_that_something_was_said() {
    assert_eq!(
        entry_of(r#"{"id":"1","type":"Telepathy","direction":"Outbound","text":"hm"}"#).body.text.expose(),
        "hm"
    );
    let silent = entry_of(r#"{"id":"1","type":"Telepathy","direction":"Outbound"}"#);
    assert!(matches!(silent.body.items.as_slice(), [Item::Unsupported(kind)] if kind == "Telepathy"));
}

#[test]
fn a_message_needs_neither_code_nor_type_nor_time_nor_id() {
    let mut test = TestEngine::live();
    test.receive(r#"{"class":"StructuredMessage","body":{"type":"Text","text":"bare","direction":"Outbound"}}"#);
    test.receive(r#"{"class":"StructuredMessage","code":"200","body":{"text":"odd code","direction":"Outbound"}}"#);
    assert_eq!(test.texts(), ["bare", "odd code"]);
}

#[test]
fn typing_is_read_with_either_duration_or_none_and_off_ends_it() {
    for (typing, shown_ms) in [(r#""duration":2000"#, 2_000), (r#""durationMs":3000"#, 3_000), (r#""x":1"#, 5_000)] {
        let mut test = with_body(&format!(
            r#"{{"id":"1","type":"Event","direction":"Outbound","events":[{{"eventType":"Typing","typing":{{"type":"On",{typing}}}}}]}}"#
        ));
        test.advance(shown_ms - 1);
        assert!(test.engine.view().typing.is_some());
        test.advance(1);
        assert!(test.engine.view().typing.is_none());
    }
    let mut test = with_body(
        r#"{"id":"1","type":"Event","direction":"Outbound","events":[{"eventType":"Typing","typing":{"type":"On"}}]}"#,
    );
    test.receive(r#"{"class":"StructuredMessage","body":{"id":"2","type":"Event","direction":"Outbound","events":[{"eventType":"Typing","typing":{"type":"Off","duration":1000}}]}}"#);
    assert!(test.engine.view().typing.is_none());
}

#[test]
fn the_echo_of_ones_own_typing_shows_nothing() {
    let test = with_body(
        r#"{"id":"1","type":"Event","direction":"Inbound","events":[{"eventType":"Typing","typing":{"type":"On"}}]}"#,
    );
    assert!(test.engine.view().typing.is_none());
}

#[test]
fn an_unknown_event_beside_a_known_one_costs_only_itself() {
    let test = with_body(
        r#"{"id":"1","type":"Event","direction":"Outbound","events":[{"eventType":"Presence","presence":{"type":"Levitate"}},null,{"eventType":"Typing","typing":{"type":"On"}}]}"#,
    );
    assert!(test.engine.view().typing.is_some());
}

#[test]
fn only_the_platforms_disconnect_ends_the_conversation() {
    let disconnect = |direction: &str, metadata: &str| {
        with_body(&format!(r#"{{"id":"1","type":"Event","direction":"{direction}","events":[{{"eventType":"Presence","presence":{{"type":"Disconnect"}}}}]{metadata}}}"#)).engine.view().phase
    };
    assert_eq!(disconnect("Outbound", r#","metadata":{"readOnly":"true"}"#), Phase::ReadOnly);
    assert_eq!(disconnect("Outbound", ""), Phase::Live);
    assert_eq!(disconnect("Inbound", r#","metadata":{"readOnly":"true"}"#), Phase::Live);
}

#[test]
fn receipts_from_the_platform_are_passed_over() {
    let test = with_body(r#"{"id":"1","type":"Receipt","direction":"Outbound","status":"Read"}"#);
    assert_eq!(test.texts(), [""; 0]);
}

#[test]
fn the_same_message_is_one_entry_under_its_channel_id_and_its_own() {
    let mut test =
        with_body(r#"{"id":"hex","type":"Text","text":"x","direction":"Outbound","channel":{"messageId":"uuid"}}"#);
    test.receive(
        r#"{"class":"StructuredMessage","body":{"id":"hex","type":"Text","text":"x","direction":"Outbound"}}"#,
    );
    assert_eq!(test.texts(), ["x"]);
}

#[test]
fn a_refused_message_fails_with_the_reason_of_its_code() {
    for (code, error) in [
        (4011, ChatError::MESSAGE_TOO_LONG),
        (4013, ChatError::ATTRIBUTES_TOO_LARGE),
        (400, ChatError::MESSAGE_REFUSED),
        (403, ChatError::AUTHENTICATION),
        (5000, ChatError::MESSAGE_REFUSED),
    ] {
        let mut test = TestEngine::live();
        test.command(Command::SendText("hello".to_owned()));
        let id = test.take_frame().text("tracingId").unwrap().to_owned();
        test.receive(&format!(
            r#"{{"type":"response","class":"string","code":{code},"body":"why","tracingId":"{id}"}}"#
        ));
        let delivery = &test.engine.view().transcript.entries()[0].delivery;
        assert_eq!(*delivery, guest_messenger::session::transcript::Delivery::Failed(error), "{code}");
    }
}

#[test]
fn a_refused_typing_signal_disturbs_nobody() {
    let mut test = TestEngine::live();
    test.command(Command::SendText("hello".to_owned()));
    test.actions.clear();
    test.command(Command::Compose { has_text: true });
    let id = test.take_frame().text("tracingId").unwrap().to_owned();
    test.events.clear();
    test.receive(&format!(r#"{{"type":"response","class":"string","code":403,"body":"Turn on the Feature Toggle or fix the configuration.","tracingId":"{id}"}}"#));
    assert_eq!(test.events, []);
    assert_eq!(test.engine.view().phase, Phase::Live);
}

#[test]
fn the_wait_that_a_rate_limit_names_is_in_seconds() {
    let mut test = TestEngine::live();
    test.command(Command::SendText("hello".to_owned()));
    let id = test.take_frame().text("tracingId").unwrap().to_owned();
    test.receive(&format!(r#"{{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"tracingId":"{id}","body":{{"retryAfter":3,"errorCode":4029,"errorMessage":"slow"}}}}"#));
    test.advance(2_999);
    assert_eq!(test.take_frames(), []);
    test.advance(1);
    assert_eq!(test.take_frame().text("tracingId"), Some(id.as_str()));
}

#[test]
fn both_spellings_of_the_reason_for_a_closed_connection_are_read() {
    for field in ["reason", "reasonCode"] {
        let mut test = TestEngine::live();
        test.receive(&format!(
            r#"{{"type":"message","class":"ConnectionClosedEvent","code":200,"body":{{"{field}":"signedIn"}}}}"#
        ));
        assert_eq!(test.engine.view().phase, Phase::Ended(EndReason::SignedInElsewhere));
    }
    let mut test = TestEngine::live();
    test.receive(r#"{"type":"message","class":"ConnectionClosedEvent","code":200,"body":{}}"#);
    assert_eq!(test.engine.view().phase, Phase::Elsewhere);
}

#[test]
fn expiry_is_heard_as_an_event_and_as_two_error_codes() {
    for frame in [
        r#"{"type":"response","class":"SessionExpiredEvent","code":200,"body":{}}"#,
        r#"{"type":"message","class":"SessionExpiredEvent","code":200,"body":{}}"#,
        r#"{"type":"response","class":"string","code":4006,"body":"gone"}"#,
        r#"{"type":"response","class":"string","code":4007,"body":"gone"}"#,
    ] {
        let mut test = TestEngine::live();
        test.receive(frame);
        assert_eq!(test.engine.view().phase, Phase::Ended(EndReason::Expired), "{frame}");
    }
}

#[test]
fn what_would_end_a_session_must_be_well_formed() {
    for frame in [
        r#"{"type":"message","class":"LogoutEvent","body":{}}"#,
        r#"{"type":"message","class":"SessionClearedEvent","code":200,"body":null}"#,
        r#"{"type":"message","class":"SessionExpiredEvent","code":"200","body":{}}"#,
        r#"{"type":"response","class":"string","code":"4006","body":"x"}"#,
        r#"{"type":"response","class":"SessionResponse","code":200,"body":{"newSession":true}}"#,
        r#"{"type":"response","class":"SessionResponse","code":200}"#,
    ] {
        let mut test = TestEngine::live();
        test.receive(frame);
        assert_eq!(test.engine.view().phase, Phase::Live, "{frame}");
        assert_eq!(test.ignored(), 1, "{frame}");
    }
}

#[test]
fn an_unknown_id_in_a_refusal_touches_no_message() {
    let mut test = TestEngine::live();
    test.command(Command::SendText("hello".to_owned()));
    test.receive(r#"{"type":"response","class":"string","code":4011,"body":"x","tracingId":"never-sent"}"#);
    assert_eq!(test.engine.view().transcript.entries()[0].delivery.name(), "sending");
}

#[test]
fn the_clear_refusal_is_known_by_its_words() {
    let mut test = TestEngine::live();
    test.receive(r#"{"type":"response","class":"string","code":403,"body":"Presence events Conversation Clear are not supported"}"#);
    assert_eq!(test.events, [Event::Error(ChatError::CLEAR_REFUSED)]);
}
