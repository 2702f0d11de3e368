//! Configuration and history over REST.

use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use guest_messenger::session::error::ChatError;
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::Command;
use guest_messenger::session::record::Record;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::view::Phase;

use crate::harness::{CONFIG, CONFIGURED, TestEngine};

const JWT: &str = r#"{"type":"response","class":"JwtResponse","code":200,"body":{"jwt":"eyJ.j.w","exp":1792000061}}"#;

/// Up, with a kept session whose newest page is wanted: the frame that asks for the token has just gone out.
pub(crate) fn wanting_history() -> TestEngine {
    let mut test = TestEngine::live();
    test.wire(WireInput::SocketClosed(1006));
    test.advance(2_000);
    test.wire(WireInput::SocketOpened);
    test.actions.clear();
    test.receive(
        r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":false}}"#,
    );
    test
}

pub(crate) fn wanting_page() -> (TestEngine, HttpCall) {
    let mut test = wanting_history();
    test.actions.clear();
    test.receive(JWT);
    let call = test.take_call();
    (test, call)
}

fn phase_after_config(status: u16, body: &str) -> Phase {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    test.answer(&call, status, body);
    test.engine.view().phase
}

#[test]
fn history_is_asked_for_with_a_token_from_the_socket() {
    let mut test = wanting_history();
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
    test.receive(JWT);
    let call = test.take_call();
    assert_eq!(call.url, "https://api.mypurecloud.ie/api/v2/webmessaging/messages?pageNumber=1&pageSize=25");
    let [(name, value)] = call.headers.as_slice() else { panic!() };
    assert_eq!((*name, value.expose()), ("Authorization", "bearer eyJ.j.w"));
}

#[test]
fn a_page_is_shown_oldest_first_whatever_its_order() {
    let (mut test, call) = wanting_page();
    test.answer(&call, 200, r#"{"entities":[
        {"id":"2","type":"Text","text":"second","direction":"Outbound","channel":{"time":"2026-10-14T09:00:02.000Z"}},
        {"id":"1","type":"Text","text":"first","direction":"Inbound","channel":{"time":"2026-10-14T09:00:01.000Z","messageId":"u1"}},
        {"id":"0","type":"Event","direction":"Inbound","channel":{"time":null},"events":[{"eventType":"Presence","presence":{"type":"Join"}}]}],
        "pageSize":25,"pageNumber":1,"total":3,"pageCount":1}"#);
    assert_eq!(test.texts(), ["first", "second"]);
    assert!(!test.engine.view().history.has_older);
}

#[test]
fn a_disconnect_in_old_history_does_not_end_the_live_conversation() {
    let (mut test, call) = wanting_page();
    test.answer(&call, 200, r#"{"entities":[{"id":"e","type":"Event","direction":"Outbound","metadata":{"readOnly":"true"},
        "channel":{"time":"2026-10-14T09:00:02.000Z"},"events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}]}]}"#);
    assert_eq!(test.engine.view().phase, Phase::Live);
}

#[test]
fn a_refused_token_is_renewed_once_and_the_page_asked_for_again() {
    let (mut test, call) = wanting_page();
    test.answer(&call, 401, r#"{"message":"expired"}"#);
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
    test.receive(JWT);
    let call = test.take_call();
    test.answer(&call, 401, r#"{"message":"expired"}"#);
    assert_eq!(test.take_frames(), []);
    assert!(test.events.contains(&guest_messenger::session::output::Event::Error(ChatError::HISTORY_UNAVAILABLE)));
}

#[test]
fn a_token_is_used_again_while_it_lives_and_not_longer() {
    let (mut test, call) = wanting_page();
    let entity = |id: String| format!(r#"{{"id":"{id}","type":"Text","text":"{id}","direction":"Outbound"}}"#);
    let page = |name: &str| {
        let entities: Vec<String> = (0..25).map(|number| entity(format!("{name}{number}"))).collect();
        format!(r#"{{"entities":[{}],"pageNumber":1,"pageCount":9}}"#, entities.join(","))
    };
    test.answer(&call, 200, &page("a"));
    test.command(Command::LoadOlder);
    let call = test.take_call();
    test.answer(&call, 200, &page("b"));
    test.receive("{}");
    test.advance(40_000);
    test.receive("{}");
    test.advance(20_000);
    test.actions.clear();
    test.command(Command::LoadOlder);
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
}

#[test]
fn an_empty_token_is_asked_for_once_more() {
    let empty = r#"{"type":"response","class":"JwtResponse","code":200,"body":{"jwt":"","exp":0}}"#;
    let mut test = wanting_history();
    test.actions.clear();
    test.receive(empty);
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
    test.receive(empty);
    assert_eq!(test.take_frames(), []);
}

#[test]
fn a_page_that_is_html_or_no_list_is_a_failed_read_and_no_crash() {
    for body in ["<html>captive portal</html>", "[]", "{}", r#"{"entities":null}"#, ""] {
        let (mut test, call) = wanting_page();
        test.answer(&call, 200, body);
        assert_eq!(test.texts(), [""; 0]);
        test.advance(2_500);
        assert_eq!(test.take_calls().len(), 1, "asked again after {body:?}");
    }
}

#[test]
fn an_empty_page_ends_the_history_whatever_its_counts_say() {
    let (mut test, call) = wanting_page();
    test.answer(&call, 200, r#"{"entities":[],"pageNumber":1,"pageCount":40000,"total":1000000}"#);
    assert!(!test.engine.view().history.has_older);
}

#[test]
fn a_late_answer_of_a_lost_line_is_nobodys() {
    let (mut test, call) = wanting_page();
    test.wire(WireInput::SocketClosed(1006));
    test.answer(&call, 200, r#"{"entities":[{"id":"x","type":"Text","text":"late","direction":"Outbound"}]}"#);
    assert_eq!(test.texts(), [""; 0]);
}

#[test]
fn a_token_of_the_conversation_before_is_not_used_in_a_new_one() {
    let (mut test, call) = wanting_page();
    test.answer(
        &call,
        200,
        r#"{"entities":[{"id":"a","type":"Text","text":"a","direction":"Outbound"}],"pageCount":1}"#,
    );
    test.receive(r#"{"class":"StructuredMessage","body":{"id":"e","type":"Event","direction":"Outbound","metadata":{"readOnly":"true"},"events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}]}}"#);
    test.command(Command::StartNew);
    test.receive(
        r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":false,"readOnly":true}}"#,
    );
    test.receive(
        r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":true}}"#,
    );
    test.command(Command::SendText("lost on the way".to_owned()));
    test.actions.clear();
    test.advance(10_000);
    assert_eq!(test.take_frame().text("action"), Some("echo"));
    test.receive("{}");
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
}

#[test]
fn a_configuration_is_taken_with_everything_but_its_messenger_missing() {
    assert_eq!(phase_after_config(200, r#"{"messenger":{}}"#), Phase::Starting);
    assert_eq!(phase_after_config(200, CONFIG), Phase::Starting);
}

#[test]
fn what_is_no_configuration_is_told_apart_from_a_refusal_and_an_outage() {
    let malformed = Phase::Unavailable(&ChatError::DEPLOYMENT_MALFORMED);
    assert_eq!(phase_after_config(200, r#"{"version":null,"languages":null,"messenger":null}"#), malformed);
    assert_eq!(phase_after_config(200, "[]"), malformed);
    assert_eq!(phase_after_config(200, r#"{"messenger":"x"}"#), malformed);
    let refused = Phase::Unavailable(&ChatError::DEPLOYMENT_REFUSED);
    assert_eq!(phase_after_config(403, ""), refused);
    assert_eq!(phase_after_config(404, "{}"), refused);
    for (status, body) in [(500, ""), (502, "<html>"), (200, "<html>captive portal</html>"), (429, "")] {
        assert_eq!(phase_after_config(status, body), Phase::Starting, "{status} is tried again");
    }
}

#[test]
fn an_inactive_deployment_is_told() {
    let inactive = r#"{"status":"Inactive","messenger":{}}"#;
    assert_eq!(phase_after_config(200, inactive), Phase::Unavailable(&ChatError::DEPLOYMENT_INACTIVE));
}

#[test]
fn retry_after_on_the_configuration_is_obeyed() {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    let answer = Some(HttpAnswer { status: 429, retry_after: Some("20".to_owned()), ..HttpAnswer::default() });
    test.wire(WireInput::Answer { call: call.id, answer });
    test.advance(19_999);
    assert_eq!(test.take_calls(), []);
    test.advance(20_001);
    assert_eq!(test.take_calls().len(), 1);
}

#[test]
fn a_new_conversation_reads_its_history_with_a_token_of_its_own() {
    let (mut test, call) = wanting_page();
    test.answer(&call, 200, r#"{"entities":[],"pageNumber":1,"pageCount":0}"#);
    test.receive(
        r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"e","type":"Event","direction":"Outbound",
        "channel":{"time":"2026-10-14T09:00:01.000Z"},"metadata":{"readOnly":"true"},
        "events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}]}}"#,
    );
    test.command(Command::StartNew);
    test.receive(r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":false}}"#);
    test.receive(CONFIGURED);
    test.command(Command::SendText("hello".to_owned()));
    test.advance(10_000);
    test.actions.clear();
    test.receive("{}");
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
}

#[test]
fn a_time_named_to_the_conversation_before_holds_the_history_of_the_new_one() {
    let (mut test, late_call) = wanting_page();
    test.receive(
        r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"e","type":"Event","direction":"Outbound",
        "channel":{"time":"2026-10-14T09:00:01.000Z"},"metadata":{"readOnly":"true"},
        "events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}]}}"#,
    );
    test.command(Command::StartNew);
    test.receive(r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":false}}"#);
    answer_busy(&mut test, &late_call, "60");
    test.receive(CONFIGURED);
    test.command(Command::SendText("hello".to_owned()));
    test.advance(10_000);
    test.actions.clear();
    test.receive("{}");
    test.advance(6_000);
    assert!(test.take_frames().iter().all(|frame| frame.text("action") != Some("getJwt")));
}

#[test]
fn a_time_named_on_the_line_before_holds_the_page_that_is_asked_for_on_this_one() {
    let (mut test, late_call) = wanting_page();
    reconnect(&mut test);
    answer_busy(&mut test, &late_call, "20");
    test.receive(JWT);
    assert_eq!(test.take_calls(), []);
    test.advance(19_999);
    assert!(test.take_frames().iter().all(|frame| frame.text("action") != Some("getJwt")));
    test.advance(1);
    assert!(!test.take_calls().is_empty());
}

#[test]
fn a_late_refusal_does_not_touch_the_page_that_is_on_its_way() {
    let (mut test, late_call) = wanting_page();
    reconnect(&mut test);
    test.receive(JWT);
    let call = test.take_call();
    answer_busy(&mut test, &late_call, "60");
    test.answer(
        &call,
        200,
        r#"{"entities":[{"id":"1","type":"Text","text":"hello","direction":"Outbound",
        "channel":{"time":"2026-10-14T09:00:01.000Z"}}],"pageNumber":1,"pageCount":1}"#,
    );
    assert_eq!(test.texts(), ["hello"]);
}

/// A page of so many messages, one a minute from this one on, as a platform lists them that begins with the oldest.
fn page_from(first: i64, count: i64, pages: i64) -> String {
    let entity = |minute: i64| {
        format!(
            r#"{{"id":"{minute}","type":"Text","text":"{minute}","direction":"Outbound","channel":{{"time":"2026-10-14T09:{minute:02}:00.000Z"}}}}"#
        )
    };
    let entities: Vec<String> = (first..first + count).map(entity).collect();
    format!(r#"{{"entities":[{}],"pageCount":{pages}}}"#, entities.join(","))
}

/// A page loaded anew goes on with a conversation: its newest page of history is asked for.
fn reloaded() -> (TestEngine, HttpCall) {
    let token = GuestToken(Redacted::new("token"));
    let record = Record { token, expires_at: None, read_mark: None, is_live: true, panel_open: true };
    let mut test = TestEngine::started(Some(record));
    let call = test.take_call();
    test.answer(&call, 200, CONFIG);
    test.wire(WireInput::SocketOpened);
    test.receive(
        r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":false}}"#,
    );
    test.actions.clear();
    test.receive(JWT);
    let call = test.take_call();
    (test, call)
}

fn page_number(call: &HttpCall) -> &str {
    call.url.split_once("pageNumber=").and_then(|(_, rest)| rest.split_once('&')).map_or("", |(number, _)| number)
}

#[test]
fn where_pages_are_counted_from_the_oldest_history_is_read_from_the_last_one_backwards() {
    let (mut test, call) = reloaded();
    test.answer(&call, 200, &page_from(0, 25, 3));
    assert_eq!(test.texts(), [""; 0]);
    test.advance(2_000);
    let call = test.take_call();
    assert_eq!(page_number(&call), "3");
    test.answer(&call, 200, &page_from(50, 9, 3));
    let call = test.take_call();
    assert_eq!(page_number(&call), "2", "nine messages do not fill a screen");
    test.answer(&call, 200, &page_from(25, 25, 3));
    assert_eq!(test.texts().first().map(String::as_str), Some("25"));
    test.command(Command::LoadOlder);
    let call = test.take_call();
    assert_eq!(page_number(&call), "1");
    test.answer(&call, 200, &page_from(0, 25, 3));
    assert_eq!(test.texts(), (0..59).map(|minute| minute.to_string()).collect::<Vec<_>>());
    assert!(!test.engine.view().history.has_older);
}

#[test]
fn a_history_counted_from_the_oldest_that_has_grown_by_a_page_is_asked_for_its_last_one() {
    let (mut test, call) = reloaded();
    test.answer(&call, 200, &page_from(0, 25, 2));
    test.advance(2_000);
    let call = test.take_call();
    test.answer(&call, 200, &page_from(25, 25, 2));
    reconnect(&mut test);
    test.receive(JWT);
    let call = test.take_call();
    assert_eq!(page_number(&call), "2");
    test.answer(&call, 200, &page_from(25, 25, 3));
    test.advance(10_000);
    let call = test.take_call();
    assert_eq!(page_number(&call), "3");
    test.answer(&call, 200, &page_from(50, 1, 3));
    assert_eq!(test.texts().last().map(String::as_str), Some("50"));
}

/// The first page lists its oldest message first. The last one is looked at, and shows that the first is the newest.
fn look_at_the_last_page(last: &str) {
    let (mut test, call) = reloaded();
    test.answer(&call, 200, &page_from(25, 25, 2));
    test.advance(2_000);
    let call = test.take_call();
    assert_eq!(page_number(&call), "2");
    test.answer(&call, 200, last);
    test.advance(4_000);
    let call = test.take_call();
    assert_eq!(page_number(&call), "1");
    test.answer(&call, 200, &page_from(25, 25, 2));
    assert_eq!(test.texts().len(), 25);
}

#[test]
fn a_first_page_that_lists_its_oldest_message_first_may_be_the_newest_all_the_same() {
    look_at_the_last_page(&page_from(0, 25, 2));
}

#[test]
fn a_last_page_that_holds_no_message_tells_the_order_all_the_same() {
    let joined = r#"{"type":"Event","events":[{"eventType":"Presence","presence":{"type":"Join"}}],
        "direction":"Inbound","channel":{"time":"2026-10-14T09:00:00.000Z"}}"#;
    look_at_the_last_page(&format!(r#"{{"entities":[{joined}],"pageCount":2}}"#));
}

#[test]
fn pages_that_meet_in_one_millisecond_are_told_apart() {
    let (mut test, call) = reloaded();
    test.answer(&call, 200, &page_from(0, 25, 2));
    test.advance(2_000);
    let call = test.take_call();
    let last =
        page_from(24, 1, 2).replace(r#""id":"24","type":"Text","text":"24""#, r#""id":"x","type":"Text","text":"x""#);
    test.answer(&call, 200, &last);
    assert_eq!(test.texts(), ["x"]);
}

#[test]
fn which_page_is_the_newest_is_asked_anew_on_the_next_line() {
    let (mut test, call) = reloaded();
    test.answer(&call, 200, &page_from(0, 25, 2));
    reconnect(&mut test);
    test.receive(JWT);
    let call = test.take_call();
    assert_eq!(page_number(&call), "1");
}

#[test]
fn what_a_short_page_wants_besides_is_read_on_the_next_line_when_this_one_breaks() {
    let (mut test, call) = reloaded();
    test.answer(&call, 200, &page_from(0, 25, 3));
    test.advance(2_000);
    let call = test.take_call();
    test.answer(&call, 200, &page_from(50, 9, 3));
    assert_eq!(page_number(&test.take_call()), "2");
    reconnect(&mut test);
    test.receive(JWT);
    let call = test.take_call();
    assert_eq!(page_number(&call), "3");
    test.answer(&call, 200, &page_from(50, 9, 3));
    test.advance(10_000);
    assert_eq!(page_number(&test.take_call()), "2");
}

fn answer_busy(test: &mut TestEngine, call: &HttpCall, retry_after: &str) {
    let answer = Some(HttpAnswer { status: 429, retry_after: Some(retry_after.to_owned()), ..HttpAnswer::default() });
    test.wire(WireInput::Answer { call: call.id, answer });
}

/// The line breaks and comes back, and history is wanted anew.
fn reconnect(test: &mut TestEngine) {
    test.wire(WireInput::SocketClosed(1006));
    test.actions.clear();
    while !test.actions.iter().any(|action| matches!(action, WireAction::OpenSocket { .. })) {
        test.advance(100);
    }
    test.wire(WireInput::SocketOpened);
    test.receive(
        r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":false}}"#,
    );
    test.actions.clear();
}
