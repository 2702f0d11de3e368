//! Frames at their edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::content::{AnswerKind, Author, FileKind, Item, Notice};
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::Command;
use guest_messenger::session::output::Event;
use guest_messenger::session::transcript::{Delivery, Entry};
use guest_messenger::session::view::{Banner, EndReason, Phase};

use crate::harness::{CONFIG, TestEngine};
use crate::http::{wanting_history, wanting_page};

/// A message under way, with its tracing id.
fn sending() -> (TestEngine, String) {
    let mut test = TestEngine::live();
    test.command(Command::SendText("hello".to_owned()));
    let id = test.take_frame().text("tracingId").unwrap().to_owned();
    (test, id)
}

fn delivery(test: &TestEngine) -> &'static str {
    test.engine.view().transcript.entries()[0].delivery.name()
}

fn items_of(content: &str) -> Vec<Item> {
    let mut test = TestEngine::live();
    test.receive(&format!(
        r#"{{"class":"StructuredMessage","body":{{"id":"1","text":"x","direction":"Outbound","content":{content}}}}}"#
    ));
    test.engine.view().transcript.entries()[0].body.items.clone()
}

/// Of a message of the guest's, from another page of theirs.
fn guest_items_of(content: &str) -> Vec<Item> {
    let mut test = TestEngine::live();
    test.receive(&format!(
        r#"{{"class":"StructuredMessage","body":{{"id":"1","direction":"Inbound","content":{content}}}}}"#
    ));
    test.engine.view().transcript.entries()[0].body.items.clone()
}

/// The entries of a page of history with these entities.
fn page_of(entities: &str) -> Vec<Entry> {
    let (mut test, call) = wanting_page();
    test.answer(&call, 200, &format!(r#"{{"entities":[{entities}],"pageCount":1}}"#));
    test.engine.view().transcript.entries().to_vec()
}

#[test]
fn each_code_says_what_becomes_of_the_message() {
    for (code, expected) in [
        (200, "sending"),
        (299, "sending"),
        (300, "failed"),
        (401, "failed"),
        (408, "queued"),
        (409, "failed"),
        (429, "queued"),
        (4029, "queued"),
        (499, "failed"),
        (500, "queued"),
        (599, "queued"),
        (600, "failed"),
        (4017, "failed"),
    ] {
        let (mut test, id) = sending();
        test.receive(&format!(r#"{{"class":"string","code":{code},"body":"why","tracingId":"{id}"}}"#));
        assert_eq!(delivery(&test), expected, "{code}");
    }
    let (mut test, id) = sending();
    test.receive(&format!(r#"{{"class":"string","code":401,"body":"who?","tracingId":"{id}"}}"#));
    let refused = Delivery::Failed(ChatError::AUTHENTICATION);
    assert_eq!(test.engine.view().transcript.entries()[0].delivery, refused);
    let (mut test, id) = sending();
    test.receive(&format!(r#"{{"class":"string","code":409,"body":"over","tracingId":"{id}"}}"#));
    assert_eq!(test.engine.view().phase, Phase::ReadOnly);
}

#[test]
fn without_an_id_only_what_can_be_about_nothing_else_is_about_the_message_under_way() {
    for (code, expected) in [
        (400, "sending"),
        (401, "sending"),
        (408, "sending"),
        (500, "sending"),
        (409, "failed"),
        (429, "queued"),
        (4011, "failed"),
        (4013, "failed"),
    ] {
        let (mut test, _) = sending();
        test.receive(&format!(r#"{{"class":"string","code":{code},"body":"why"}}"#));
        assert_eq!(delivery(&test), expected, "{code}");
    }
}

#[test]
fn errors_are_read_from_the_body_in_both_of_their_classes() {
    for class in ["Error", "ErrorMessage"] {
        let (mut test, id) = sending();
        test.receive(&format!(
            r#"{{"class":"{class}","code":400,"tracingId":"{id}","body":{{"errorCode":4029,"errorMessage":"slow"}}}}"#
        ));
        assert_eq!(test.engine.view().banner, Some(Banner::Slowed), "{class}");
        let mut test = TestEngine::live();
        test.receive(&format!(
            r#"{{"class":"{class}","code":403,"body":{{"errorMessage":"CONVERSATION CLEAR is off"}}}}"#
        ));
        assert_eq!(test.events, [Event::Error(ChatError::CLEAR_REFUSED)], "{class}");
    }
}

#[test]
fn any_refusal_of_clearing_is_told_as_one() {
    let mut test = TestEngine::live();
    test.command(Command::Clear);
    let id = test.take_frame().text("tracingId").unwrap().to_owned();
    test.receive(&format!(r#"{{"class":"string","code":400,"body":"no","tracingId":"{id}"}}"#));
    assert_eq!(test.events, [Event::Error(ChatError::CLEAR_REFUSED)]);
}

#[test]
fn a_refused_token_for_history_is_asked_for_again_later() {
    let mut test = wanting_history();
    let id = test.take_frame().text("tracingId").unwrap().to_owned();
    test.receive(&format!(r#"{{"class":"string","code":400,"body":"no","tracingId":"{id}"}}"#));
    test.advance(1_999);
    assert_eq!(test.take_frames(), []);
    test.advance(1);
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
}

#[test]
fn a_refusal_while_configuring_is_about_that_with_an_id_and_without_one() {
    for with_id in [true, false] {
        let mut test = TestEngine::fresh();
        test.command(Command::OpenPanel);
        let call = test.take_call();
        test.answer(&call, 200, CONFIG);
        test.actions.clear();
        test.wire(guest_messenger::protocol::wire::WireInput::SocketOpened);
        let id = test.take_frame().text("tracingId").unwrap().to_owned();
        let id = if with_id { format!(r#","tracingId":"{id}""#) } else { String::new() };
        test.receive(&format!(r#"{{"class":"string","code":400,"body":"no"{id}}}"#));
        assert_eq!(test.engine.view().phase, Phase::Unavailable(&ChatError::CONFIGURE_REFUSED));
    }
}

#[test]
fn a_request_that_was_answered_cannot_be_refused_any_more() {
    let (mut test, id) = sending();
    test.receive(&format!(
        r#"{{"class":"StructuredMessage","tracingId":"{id}","body":{{"id":"1","text":"hello","direction":"Inbound"}}}}"#
    ));
    assert_eq!(delivery(&test), "sent");
    test.receive(&format!(r#"{{"class":"string","code":400,"body":"no","tracingId":"{id}"}}"#));
    assert_eq!(delivery(&test), "sent");
}

#[test]
fn a_history_page_shows_who_wrote_what_and_where_the_conversation_ended() {
    let event = |direction: &str, kind: &str| {
        format!(
            r#"{{"id":"e","type":"Event","direction":"{direction}","events":[{{"eventType":"Presence","presence":{{"type":"{kind}"}}}}]}}"#
        )
    };
    let ended = page_of(&event("Outbound", "Disconnect"));
    assert!(
        matches!(ended.as_slice(), [entry] if entry.author == Author::System && entry.notice == Some(Notice::Ended))
    );
    assert!(ended.iter().all(|entry| entry.server_id.is_some()));
    for silent in [event("Inbound", "Disconnect"), event("Outbound", "Join"), event("Sideways", "Disconnect")] {
        assert!(page_of(&silent).is_empty(), "{silent}");
    }
    assert!(page_of(r#"{"id":"r","type":"Receipt","direction":"Outbound","status":"Read"}"#).is_empty());
    assert!(page_of("7").is_empty());
    let said = page_of(r#"{"id":"m","type":"Text","text":"x","direction":"Outbound","originatingEntity":"Bot"}"#);
    assert!(matches!(said.as_slice(), [entry] if entry.author == Author::Bot && entry.notice.is_none()));
}

#[test]
fn a_live_end_is_a_line_that_nobody_wrote_with_the_platforms_id_and_time() {
    let mut test = TestEngine::live();
    test.receive(r#"{"class":"StructuredMessage","body":{"id":"e","type":"Event","direction":"Outbound","channel":{"time":"2026-10-14T09:00:01Z"},
        "metadata":{"readOnly":"false"},"events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}]}}"#);
    let entry = &test.engine.view().transcript.entries()[0];
    assert_eq!((entry.author, entry.notice, entry.time.0), (Author::System, Some(Notice::Ended), 1_791_968_401_000));
    assert_eq!(entry.server_id.as_ref().map(|id| id.0.as_str()), Some("e"));
    assert_eq!(test.engine.view().phase, Phase::Live);
}

#[test]
fn only_the_guests_own_join_lets_typing_be_told_where_the_deployment_starts_by_itself() {
    for (direction, frames) in [("Inbound", 1), ("Outbound", 0)] {
        let mut test = TestEngine::fresh();
        test.command(Command::OpenPanel);
        let call = test.take_call();
        let config = CONFIG.replace(r#""markdown""#, r#""autoStart":{"enabled":true},"markdown""#);
        test.answer(&call, 200, &config);
        test.wire(guest_messenger::protocol::wire::WireInput::SocketOpened);
        test.receive(crate::harness::CONFIGURED);
        test.actions.clear();
        test.receive(&format!(r#"{{"class":"StructuredMessage","body":{{"id":"j","type":"Event","direction":"{direction}","events":[{{"eventType":"Presence","presence":{{"type":"Join"}}}}]}}}}"#));
        test.command(Command::Compose { has_text: true });
        assert_eq!(test.take_frames().len(), frames, "{direction}");
    }
}

#[test]
fn an_agents_message_is_never_taken_for_ones_own_whatever_ids_it_carries() {
    let (mut test, id) = sending();
    test.receive(&format!(r#"{{"class":"StructuredMessage","tracingId":"{id}","body":{{"id":"1","text":"hi","direction":"Outbound","metadata":{{"id":"{id}"}}}}}}"#));
    assert_eq!(test.texts(), ["hi", "hello"]);
    assert_eq!(test.engine.view().transcript.entries()[1].delivery.name(), "sending");
}

#[test]
fn ones_own_copy_is_known_by_each_of_the_three_places_for_its_id() {
    for place in [r#""metadata":{"id":"ID"}"#, r#""tracingId":"ID""#] {
        let (mut test, id) = sending();
        let place = place.replace("ID", &id);
        test.receive(&format!(r#"{{"class":"StructuredMessage","body":{{"id":"1","direction":"Inbound",{place}}}}}"#));
        assert_eq!(delivery(&test), "sent", "{place}");
        assert_eq!(test.texts(), ["hello"]);
    }
}

#[test]
fn a_message_that_says_nothing_shows_nothing() {
    let mut test = TestEngine::live();
    for body in [
        r#"{"id":"1","direction":"Outbound"}"#,
        r#"{"id":"2","type":"Text","direction":"Outbound"}"#,
        r#"{"id":"3","type":"Structured","direction":"Outbound","content":[]}"#,
        r#"{"id":"4","type":"Message","direction":"Outbound"}"#,
    ] {
        test.receive(&format!(r#"{{"class":"StructuredMessage","body":{body}}}"#));
        assert_eq!(test.texts(), [""; 0], "{body}");
    }
    test.receive(r#"{"class":"StructuredMessage","body":{"id":"5","type":"Structured","direction":"Outbound","content":[{"contentType":"Card","card":{"title":"T"}}]}}"#);
    assert_eq!(test.texts(), [""], "a card needs no text");
}

#[test]
fn a_name_that_is_empty_is_none() {
    let mut test = TestEngine::live();
    test.receive(r#"{"class":"StructuredMessage","body":{"id":"1","text":"x","direction":"Outbound","channel":{"from":{"nickname":"","firstName":"Ada","image":""}}}}"#);
    let sender = &test.engine.view().transcript.entries()[0].sender;
    assert_eq!((sender.name.as_deref(), sender.avatar.as_deref()), (Some("Ada"), None));
}

#[test]
fn offers_and_files_are_read_field_by_field() {
    let items = items_of(
        r#"[{"contentType":"QuickReply","quickReply":{"text":"A"}},{"contentType":"QuickReply","quickReply":{"text":"","payload":"b"}},
            {"contentType":"Text","text":"again"},{"noType":1},
            {"contentType":"Attachment","attachment":{"id":"i","fileName":"n.pdf","url":"https://h/n","fileSize":7,"mediaType":"File"}},
            {"contentType":"Attachment","attachment":{"filename":"p.png","fileSize":-1,"mediaType":"Image"}}]"#,
    );
    let [Item::QuickReply(reply), Item::QuickReply(_), Item::Attachment(file), Item::Attachment(picture)] =
        items.as_slice()
    else {
        panic!("{items:?}");
    };
    assert_eq!(reply.expose(), r#"{"text":"A"}"#);
    assert_eq!(
        (file.id.as_str(), file.name.as_str(), file.size_bytes, file.kind),
        ("i", "n.pdf", Some(7), FileKind::File)
    );
    assert_eq!(file.url.as_ref().map(|url| url.expose()), Some("https://h/n"));
    assert_eq!((picture.name.as_str(), picture.size_bytes, picture.kind), ("p.png", None, FileKind::Image));
}

#[test]
fn an_answer_says_what_kind_of_offer_it_answers() {
    for (kind, expected) in [
        ("QuickReply", AnswerKind::QuickReply),
        ("Button", AnswerKind::CardButton),
        ("DatePicker", AnswerKind::Time),
        ("ListPicker", AnswerKind::List),
        ("Mystery", AnswerKind::Other),
    ] {
        let items = guest_items_of(&format!(
            r#"[{{"contentType":"ButtonResponse","buttonResponse":{{"type":"{kind}","text":"t","payload":"p","originatingMessageId":"o"}}}}]"#
        ));
        let [Item::Answer(answer)] = items.as_slice() else { panic!("{items:?}") };
        let [choice] = answer.choices.as_slice() else { panic!("{answer:?}") };
        assert_eq!((answer.kind, choice.text.as_str(), choice.payload.as_str()), (expected, "t", "p"));
        assert_eq!(answer.to.as_ref().map(|to| to.0.as_str()), Some("o"));
    }
}

#[test]
fn of_more_replies_than_anybody_means_twenty_are_read() {
    let actions = vec![r#"{"type":"Postback","text":"a"}"#; 60].join(",");
    let replies = items_of(&format!(r#"[{{"contentType":"QuickReplyV2","quickReplyV2":{{"actions":[{actions}]}}}}]"#));
    assert_eq!(replies.len(), 20);
}

#[test]
fn a_logout_ends_the_session() {
    let mut test = TestEngine::live();
    test.receive(r#"{"type":"message","class":"LogoutEvent","code":200,"body":{}}"#);
    assert_eq!(test.engine.view().phase, Phase::Ended(EndReason::LoggedOut));
}
