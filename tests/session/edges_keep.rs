//! Unsent messages over a reload, at the edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::content::Body;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::ids::ClientId;
use guest_messenger::session::input::{Command, Input, PlatformEvent, RejectionReason};
use guest_messenger::session::output::Event;
use guest_messenger::session::record::Unsent;
use guest_messenger::session::time::WallTime;

use crate::harness::{EPOCH_MS, TestSession, record};

const HOUR_MS: i64 = 3_600_000;

fn unsent(text: &str, age_ms: i64) -> Unsent {
    let accepted_at = WallTime(EPOCH_MS + 1_000 - age_ms);
    let client_id = ClientId(format!("client-{text}"));
    Unsent { client_id, body: Body::text(text), accepted_at, after: accepted_at, has_failed: false, conversation: None }
}

fn storage_failures(test: &TestSession) -> usize {
    test.events.iter().filter(|event| **event == Event::Error(ChatError::STORAGE_UNAVAILABLE)).count()
}

#[test]
fn what_is_a_little_younger_than_a_day_is_still_on_its_way() {
    for (age_ms, line) in [(24 * HOUR_MS - 1, "guest: one (sending)"), (24 * HOUR_MS, "guest: one (failed)")] {
        let mut test = TestSession::started(Some(record()));
        test.command(Command::Restore(vec![unsent("one", age_ms)]));
        assert_eq!(test.lines(), [line]);
    }
}

#[test]
fn of_more_than_two_hundred_that_come_back_the_rest_is_left_to_the_visitor() {
    let mut test = TestSession::started(Some(record()));
    let many = (0..201).map(|number| unsent(&number.to_string(), 0)).collect();
    test.command(Command::Restore(many));
    let lines = test.lines();
    assert_eq!(lines.iter().filter(|line| line.ends_with("(sending)")).count(), 200);
    assert_eq!(lines.last().map(String::as_str), Some("guest: 200 (failed)"));
}

#[test]
fn what_comes_back_into_a_conversation_that_is_read_only_is_shown_as_not_sent() {
    let mut test = TestSession::resumed();
    test.reject(None, RejectionReason::ReadOnly);
    test.command(Command::Restore(vec![unsent("one", 0)]));
    assert_eq!(test.lines(), ["guest: one (failed)"]);
}

#[test]
fn a_storage_that_fails_with_nothing_to_keep_is_not_told() {
    let mut test = TestSession::live();
    test.input(Input::Kept { number: 0, is_kept: false });
    assert_eq!(test.events, []);
}

#[test]
fn a_storage_that_keeps_is_not_told_as_failing() {
    let mut test = TestSession::live();
    test.send("hello");
    test.advance(5_000);
    assert_eq!(storage_failures(&test), 0);
}

#[test]
fn a_late_answer_of_the_storage_leaves_the_newer_keeping_its_deadline() {
    let mut test = TestSession::live();
    test.storage_answers = false;
    test.command(Command::SendText("one".to_owned()));
    let number = test.keeping.take().unwrap_or_default();
    test.command(Command::SendText("two".to_owned()));
    test.input(Input::Kept { number, is_kept: true });
    assert_eq!(test.sent_messages().len(), 1);
    test.advance(1_999);
    assert_eq!(storage_failures(&test), 0);
    test.advance(1);
    assert_eq!(storage_failures(&test), 1);
}

#[test]
fn a_message_in_doubt_is_kept_as_one_that_has_not_failed() {
    let mut test = TestSession::live();
    test.send("hello");
    test.lose_line();
    assert!(test.kept.iter().all(|unsent| !unsent.has_failed) && test.kept.len() == 1);
    test.platform(PlatformEvent::Expired);
    assert!(test.kept.iter().all(|unsent| unsent.has_failed) && test.kept.len() == 1);
}
