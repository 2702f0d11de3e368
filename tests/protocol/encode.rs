//! Frames and calls of the guest, against sections 2 and 4 of the reference.

use guest_messenger::protocol::json::Json;
use guest_messenger::protocol::wire::{WireAction, WireInput};
use guest_messenger::session::content::{Answer, AnswerKind, Choice};
use guest_messenger::session::ids::ServerId;
use guest_messenger::session::input::Command;

use crate::harness::{CONFIG, TestEngine};

fn text<'a>(json: &'a Json, path: &[&str]) -> Option<&'a str> {
    let (last, keys) = path.split_last()?;
    keys.iter().try_fold(json, |json, key| json.get(key)).and_then(|json| json.text(last))
}

#[test]
fn the_configuration_is_read_from_the_regions_delivery_host() {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    assert_eq!(call.method, "GET");
    assert_eq!(call.url, "https://api-cdn.mypurecloud.ie/webdeployments/v1/deployments/7d1c2f0e-5b1a/config.json");
    assert!(call.headers.is_empty());
}

#[test]
fn the_socket_is_opened_with_the_deployment_and_the_name_of_this_client() {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    test.answer(&call, 200, CONFIG);
    let [WireAction::OpenSocket { url }] = test.actions.as_slice() else { panic!("{:?}", test.actions) };
    assert!(
        url.starts_with("wss://webmessaging.mypurecloud.ie/v1?deploymentId=7d1c2f0e-5b1a&application=GuestMessenger-")
    );
}

#[test]
fn the_first_frame_is_configure_session_and_every_frame_carries_token_and_tracing_id() {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    test.answer(&call, 200, CONFIG);
    test.actions.clear();
    test.wire(WireInput::SocketOpened);
    let frame = test.take_frame();
    assert_eq!(frame.text("action"), Some("configureSession"));
    assert_eq!(frame.text("deploymentId"), Some("7d1c2f0e-5b1a"));
    assert_eq!(frame.text("token"), Some("guest-token"));
    assert_eq!(frame.bool("startNew"), Some(false));
    assert_eq!(frame.text("tracingId").map(str::len), Some(36));
}

#[test]
fn a_text_message_has_its_client_id_as_tracing_id_and_in_its_metadata() {
    let mut test = TestEngine::live();
    test.command(Command::SendText("Grüß \"Gott\" \u{1f44b}".to_owned()));
    let frame = test.take_frame();
    assert_eq!(frame.text("action"), Some("onMessage"));
    assert_eq!(text(&frame, &["message", "type"]), Some("Text"));
    assert_eq!(text(&frame, &["message", "text"]), Some("Grüß \"Gott\" \u{1f44b}"));
    assert!(text(&frame, &["message", "metadata", "id"]).is_some());
    assert_eq!(text(&frame, &["message", "metadata", "id"]), frame.text("tracingId"));
}

#[test]
fn a_quick_reply_is_a_structured_message_with_one_button_response() {
    let mut test = TestEngine::live();
    test.receive(r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"offer","type":"Structured","direction":"Outbound","text":"?","content":[{"contentType":"QuickReply","quickReply":{"text":"Blue","payload":"B"}}]}}"#);
    let entry = test.engine.view().transcript.entries()[0].id;
    let choice = Choice { text: "Blue".to_owned(), payload: "B".to_owned(), ..Choice::default() };
    let to = Some(ServerId("offer".to_owned()));
    test.command(Command::Answer(entry, Answer::press(AnswerKind::QuickReply, choice, to)));
    let frame = test.take_frame();
    assert_eq!(text(&frame, &["message", "type"]), Some("Structured"));
    assert_eq!(text(&frame, &["message", "text"]), Some("Blue"));
    assert_eq!(text(&frame, &["message", "metadata", "parentMessageId"]), Some("offer"));
    let content = frame.get("message").unwrap().list("content");
    assert_eq!(content.len(), 1);
    assert_eq!(content[0].text("contentType"), Some("ButtonResponse"));
    assert_eq!(text(&content[0], &["buttonResponse", "type"]), Some("QuickReply"));
    assert_eq!(text(&content[0], &["buttonResponse", "payload"]), Some("B"));
    assert_eq!(text(&content[0], &["buttonResponse", "originatingMessageId"]), Some("offer"));
}

#[test]
fn typing_is_an_event_that_is_on() {
    let mut test = TestEngine::live();
    test.command(Command::Compose { has_text: true });
    let frame = test.take_frame();
    assert_eq!(text(&frame, &["message", "type"]), Some("Event"));
    let events = frame.get("message").unwrap().list("events");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].text("eventType"), Some("Typing"));
    assert_eq!(text(&events[0], &["typing", "type"]), Some("On"));
}

#[test]
fn clearing_is_a_presence_event() {
    let mut test = TestEngine::live();
    test.command(Command::Clear);
    let frame = test.take_frame();
    let events = frame.get("message").unwrap().list("events");
    assert_eq!(text(&events[0], &["presence", "type"]), Some("Clear"));
}

#[test]
fn a_probe_is_an_echo_with_the_tracing_id_that_the_official_client_uses() {
    let mut test = TestEngine::live();
    test.advance(45_000);
    let frame = test.take_frame();
    assert_eq!(frame.text("action"), Some("echo"));
    assert_eq!(frame.text("tracingId"), Some("SGVhbHRoQ2hlY2tNZXNzYWdlSWQ="));
    assert_eq!(text(&frame, &["message", "text"]), Some("ping"));
}

#[test]
fn a_receipt_names_the_message_that_was_read() {
    let mut test = TestEngine::live();
    test.receive(r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"m1","type":"Text","direction":"Outbound","text":"hi","channel":{"time":"2026-10-14T09:00:01.037Z"}}}"#);
    let entry = test.engine.view().transcript.entries()[0].id;
    test.command(Command::InView(vec![entry]));
    test.advance(1_000);
    let frame = test.take_frame();
    assert_eq!(text(&frame, &["message", "type"]), Some("Receipt"));
    assert_eq!(text(&frame, &["message", "id"]), Some("m1"));
    assert_eq!(text(&frame, &["message", "status"]), Some("Read"));
}

#[test]
fn a_read_only_conversation_is_closed_on_all_connections_before_a_new_one_begins() {
    let mut test = TestEngine::live();
    test.receive(r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"e","type":"Event","direction":"Outbound","events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}],"metadata":{"readOnly":"true"}}}"#);
    test.command(Command::StartNew);
    let frame = test.take_frame();
    assert_eq!(frame.text("action"), Some("closeSession"));
    assert_eq!(frame.bool("closeAllConnections"), Some(true));
    test.receive(r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":false,"newSession":true,"readOnly":true}}"#);
    assert_eq!(test.take_frame().bool("startNew"), Some(true));
}

#[test]
fn closing_the_socket_uses_the_normal_code() {
    let mut test = TestEngine::live();
    test.command(Command::Clear);
    test.actions.clear();
    test.receive(r#"{"type":"message","class":"SessionClearedEvent","code":200,"body":{}}"#);
    assert_eq!(test.actions, [WireAction::CloseSocket { code: 1000 }]);
}
