//! Long conversations: the newest messages are kept, the others are read again when they are wanted.

use guest_messenger::session::input::{Command, HistoryPage, PlatformEvent};
use guest_messenger::session::output::{Event, Request};

use crate::harness::{TestSession, agent_message};

const MOST: usize = 50;

/// So many messages of an agent, a second apart.
fn said(count: i64) -> TestSession {
    let mut test = TestSession::live_with_transcript_of(MOST);
    test.command(Command::ClosePanel);
    for number in 0..count {
        say(&mut test, number);
    }
    test
}

fn say(test: &mut TestSession, number: i64) {
    test.advance(1_000);
    let message = agent_message(&number.to_string(), &number.to_string(), number * 1_000);
    test.platform(PlatformEvent::Message(message));
}

fn numbers(test: &TestSession) -> Vec<i64> {
    let entries = test.session.view().transcript.entries().iter();
    entries.map(|entry| entry.body.text.expose().parse().unwrap()).collect()
}

/// History from its newest page on, with what was said up to this one.
fn page(number: u32, newest: i64) -> PlatformEvent {
    let end = newest - i64::from(number - 1) * 25;
    let messages =
        (0.max(end - 24)..=end).map(|number| agent_message(&number.to_string(), &number.to_string(), number * 1_000));
    PlatformEvent::History(HistoryPage { number, messages: messages.collect(), has_older: end > 24 })
}

#[test]
fn a_long_conversation_keeps_its_newest_messages_and_knows_that_there_are_older() {
    let test = said(51);
    assert_eq!(numbers(&test), (11..51).collect::<Vec<_>>());
    assert!(test.view().history.has_older);
    assert!(!said(50).view().history.has_older);
}

#[test]
fn what_was_cut_off_is_not_counted_as_unread() {
    assert_eq!(said(50).view().unread, 50);
    assert_eq!(said(51).view().unread, 40);
    assert_eq!(said(53).view().unread, 42);
}

#[test]
fn what_was_cut_off_is_read_again_when_somebody_scrolls_there() {
    let mut test = said(51);
    test.command(Command::OpenPanel);
    test.forget_log();
    test.command(Command::LoadOlder);
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    test.platform(page(1, 50));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
    test.platform(page(2, 50));
    assert_eq!(numbers(&test), (1..51).collect::<Vec<_>>());
    test.command(Command::LoadOlder);
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 3 }]);
    test.platform(page(3, 50));
    assert_eq!(numbers(&test), (0..51).collect::<Vec<_>>());
    assert!(!test.view().history.has_older);
}

#[test]
fn nothing_is_cut_off_under_the_eyes_of_the_visitor() {
    let mut test = said(50);
    test.command(Command::OpenPanel);
    let oldest = test.entry("0");
    test.command(Command::InView(vec![oldest]));
    for number in 50..80 {
        say(&mut test, number);
    }
    assert_eq!(numbers(&test).len(), 80);
    let newest = test.entry("79");
    test.command(Command::InView(vec![newest]));
    assert_eq!(numbers(&test), (40..80).collect::<Vec<_>>());
}

#[test]
fn a_late_copy_of_a_message_that_was_cut_off_is_no_news() {
    let mut test = said(51);
    test.events.clear();
    test.platform(PlatformEvent::Message(agent_message("3", "3", 3_000)));
    assert_eq!(numbers(&test), (11..51).collect::<Vec<_>>());
    assert!(!test.events.iter().any(|event| matches!(event, Event::Message { .. })));
}

#[test]
fn what_fills_a_gap_brings_nothing_back_that_was_cut_off() {
    let mut test = said(51);
    test.command(Command::OpenPanel);
    test.lose_line();
    test.forget_log();
    test.reconnect();
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    test.platform(page(1, 50));
    test.platform(page(2, 50));
    test.platform(page(3, 50));
    assert_eq!(numbers(&test), (11..51).collect::<Vec<_>>());
}

#[test]
fn a_message_that_waits_to_be_sent_is_never_cut_off() {
    let mut test = TestSession::live_with_transcript_of(MOST);
    test.send("mine");
    test.command(Command::ClosePanel);
    for number in 0..60 {
        say(&mut test, number);
    }
    assert!(test.lines().contains(&"guest: mine (sending)".to_owned()), "{:?}", test.lines());
    assert!(test.lines().len() <= MOST);
}

#[test]
fn a_message_whose_older_and_newer_neighbours_were_cut_off_is_still_known_by_its_echo() {
    let mut test = TestSession::live_with_transcript_of(MOST);
    test.command(Command::ClosePanel);
    say(&mut test, 0);
    let mine = test.send("mine");
    for number in 1..60 {
        say(&mut test, number);
    }
    test.echo(&mine);
    let is_mine = |line: &&String| line.contains("mine");
    assert_eq!(test.lines().iter().filter(is_mine).collect::<Vec<_>>(), ["guest: mine (sent)"]);
}

#[test]
fn a_conversation_that_is_cleared_has_nothing_older_left() {
    let mut test = said(51);
    test.platform(PlatformEvent::Cleared);
    assert!(!test.view().history.has_older);
    test.command(Command::OpenPanel);
    let message = agent_message("3", "3", 3_000);
    test.platform(PlatformEvent::Message(message));
    assert_eq!(numbers(&test), [3]);
}
