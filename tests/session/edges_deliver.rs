//! Sending at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, PlatformEvent, RejectionReason};
use guest_messenger::session::output::Event;
use guest_messenger::session::time::WallTime;
use guest_messenger::session::view::Phase;

use crate::harness::{EPOCH_MS, TestSession, configured};

#[test]
fn a_rate_limit_of_ten_minutes_is_kept_whole() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.reject(Some(&id), RejectionReason::TooFast { retry_after_ms: Some(600_000) });
    for _ in 0..19 {
        test.advance(30_000);
        test.platform(PlatformEvent::SignOfLife);
    }
    test.advance(29_999);
    assert_eq!(test.sent_messages(), []);
    test.advance(1);
    assert_eq!(test.sent(), id);
}

#[test]
fn nothing_waits_for_the_echo_of_a_message_that_has_arrived_or_failed() {
    let mut arrived = TestSession::live();
    let id = arrived.send("hello");
    arrived.echo(&id);
    let mut failed = TestSession::live();
    let id = failed.send("hello");
    failed.reject(Some(&id), RejectionReason::Other);
    for mut test in [arrived, failed] {
        test.advance(40_000);
        assert_eq!(test.requests, [], "not even a probe");
    }
}

#[test]
fn a_refusal_of_nothing_that_is_known_is_counted_as_ignored() {
    let mut test = TestSession::live();
    test.reject(None, RejectionReason::Other);
    assert_eq!(test.session.ignored_frames(), 1);
}

#[test]
fn a_refusal_because_the_conversation_is_over_makes_it_read_only() {
    let mut test = TestSession::live();
    let id = test.send("too late");
    test.reject(Some(&id), RejectionReason::ReadOnly);
    assert_eq!(test.view().phase, Phase::ReadOnly);
    assert_eq!(test.lines(), ["guest: too late (failed)"]);
    assert!(test.events.contains(&Event::Ended { reason: "read_only" }));
}

#[test]
fn two_hundred_messages_may_wait_and_no_more() {
    let mut test = TestSession::live();
    test.lose_line();
    for number in 0..200 {
        assert_eq!(test.session.check_text("hello"), Ok(()), "after {number}");
        test.command(Command::SendText("hello".to_owned()));
    }
    assert_eq!(test.session.check_text("hello"), Err(ChatError::RATE_LIMITED));
    test.command(Command::SendText("one too many".to_owned()));
    assert_eq!(test.view().transcript.entries().len(), 200);
    assert!(test.events.contains(&Event::Error(ChatError::RATE_LIMITED)));
}

#[test]
fn a_kept_message_knows_after_which_message_it_was_written() {
    let mut test = TestSession::live();
    test.agent_says("a", "question");
    test.send("answer");
    assert_eq!(test.kept.first().map(|unsent| unsent.after), Some(WallTime(EPOCH_MS + 1_000)));
}

#[test]
fn a_new_session_is_not_held_by_what_was_asked_of_the_one_before() {
    let mut test = TestSession::live();
    let id = test.send("too fast");
    test.reject(Some(&id), RejectionReason::TooFast { retry_after_ms: Some(600_000) });
    test.lose_line();
    test.forget_log();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.forget_log();
    test.command(Command::SendText("anew".to_owned()));
    assert_eq!(test.sent_messages().len(), 1);
}
