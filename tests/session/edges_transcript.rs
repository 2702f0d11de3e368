//! Identity and order at their edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::ids::{ClientId, ServerId};
use guest_messenger::session::input::{Command, Message, PlatformEvent, RejectionReason};
use guest_messenger::session::output::Diff;
use guest_messenger::session::transcript::{Merged, Transcript};

use crate::harness::{TestSession, agent_message, configured, deployment};

#[test]
fn unread_messages_before_one_that_waits_to_be_sent_are_counted() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    test.send("pending");
    assert_eq!(test.view().unread, 1);
}

#[test]
fn taking_a_message_out_leaves_the_others_known() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    let failed = test.send("failed");
    test.reject(Some(&failed), RejectionReason::Other);
    test.advance(1_000);
    let pending = test.send("pending");
    test.command(Command::Discard(test.entry("failed")));
    test.agent_says("a", "hello");
    test.echo(&pending);
    assert_eq!(test.lines(), ["agent: hello (sent)", "guest: pending (sent)"]);
}

#[test]
fn an_unsent_message_taken_along_into_a_new_chat_is_known_by_its_echo() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.platform(PlatformEvent::Expired);
    test.command(Command::StartNew);
    test.command(Command::Retry(test.entry("hello")));
    test.advance(1_000);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.advance(1_000);
    test.echo(&id);
    assert_eq!(test.lines(), ["guest: hello (sent)"]);
}

#[test]
fn an_entry_is_known_by_the_platforms_id() {
    let mut transcript = Transcript::default();
    assert!(transcript.is_empty());
    transcript.merge(agent_message("a", "hello", 1));
    assert!(!transcript.is_empty());
    assert!(matches!(transcript.merge(agent_message("a", "hello", 1)), Merged::Known(_)));
    assert!(matches!(transcript.merge(agent_message("b", "hello", 1)), Merged::Inserted(_)));
    assert_eq!(transcript.entries().len(), 2);
}

#[test]
fn the_screen_is_told_where_an_acknowledged_message_has_moved() {
    let mut test = TestSession::live();
    let id = test.send("early");
    let copy = test.own_copy(&id);
    test.now_ms += 1_000;
    test.agent_says("a", "late");
    test.forget_log();
    test.platform(PlatformEvent::Message(copy));
    assert_eq!(test.lines(), ["guest: early (sent)", "agent: late (sent)"]);
    let before = Some(test.entry("late"));
    assert!(test.diffs.contains(&Diff::Moved { entry: test.entry("early"), before }), "{:?}", test.diffs);
    let id = test.send_after_typing("last");
    test.forget_log();
    test.echo(&id);
    assert!(!test.diffs.iter().any(|diff| matches!(diff, Diff::Moved { .. })), "it stands where it stood");
}

#[test]
fn a_message_taken_out_that_has_arrived_after_all_is_shown_again() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    let copy = test.own_copy(&id);
    test.reject(Some(&id), RejectionReason::Other);
    test.command(Command::Discard(test.entry("hello")));
    assert!(test.view().transcript.is_empty());
    test.platform(PlatformEvent::Message(copy));
    assert_eq!(test.lines(), ["guest: hello (sent)"]);
}

#[test]
fn a_message_that_contradicts_what_is_known_is_counted_as_ignored_live_and_in_history() {
    let mut test = TestSession::resumed();
    let own =
        |test: &TestSession| Message { id: Some(ServerId("a".to_owned())), ..test.own_copy(&ClientId("c".to_owned())) };
    test.agent_says("a", "hello");
    test.platform(PlatformEvent::Message(own(&test)));
    assert_eq!(test.session.ignored_frames(), 1);
    test.history(vec![own(&test)]);
    assert_eq!(test.session.ignored_frames(), 2);
    assert_eq!(test.lines(), ["agent: hello (sent)"]);
}
