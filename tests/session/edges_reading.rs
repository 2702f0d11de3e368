//! Reading and typing at their edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::input::{Command, PlatformEvent};
use guest_messenger::session::output::Event;

use crate::harness::{TestSession, agent_message, configured};

#[test]
fn a_message_out_of_view_is_not_read_with_the_one_before_it() {
    let mut test = TestSession::live();
    test.agent_says("a", "seen");
    test.agent_says("b", "unseen");
    test.command(Command::InView(vec![test.entry("seen")]));
    test.advance(1_000);
    assert_eq!(test.view().unread, 1);
    let read = test.events.iter().filter(|event| matches!(event, Event::Read { .. })).count();
    assert_eq!(read, 1);
}

#[test]
fn how_far_was_read_is_forgotten_with_the_conversation() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    test.command(Command::InView(vec![test.entry("hello")]));
    test.advance(1_000);
    assert!(test.record.as_ref().is_some_and(|record| record.read_mark.is_some()));
    test.platform(PlatformEvent::Cleared);
    test.forget_log();
    test.command(Command::SendText("anew".to_owned()));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    assert!(test.record.as_ref().is_some_and(|record| record.read_mark.is_none()));
    let earlier = agent_message("b", "from a clock that is behind", -10_000);
    test.platform(PlatformEvent::Message(earlier));
    assert_eq!(test.view().unread, 1);
}

#[test]
fn a_line_with_nothing_to_receipt_spends_no_frame_on_one() {
    let mut test = TestSession::live();
    for _ in 0..16 {
        test.command(Command::Clear);
    }
    test.forget_log();
    // The seventeenth: one of the eighteen was spent on `configure`.
    test.send("hello");
}
