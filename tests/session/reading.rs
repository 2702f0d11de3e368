//! What counts as read, and who is told.

use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::ids::ServerId;
use guest_messenger::session::input::{Command, Environment, PlatformEvent, TabNews};
use guest_messenger::session::output::{Effect, Event, Request};
use guest_messenger::session::record::{ReadMark, Record};
use guest_messenger::session::time::WallTime;

use crate::harness::{EPOCH_MS, TestSession, agent_message, configured, deployment, record};

fn look_at(test: &mut TestSession, texts: &[&str]) {
    let entries = texts.iter().map(|text| test.entry(text)).collect();
    test.command(Command::InView(entries));
}

fn receipts(test: &mut TestSession) -> Vec<String> {
    let as_receipt = |request| match request {
        Request::Seen { id: ServerId(id) } => Some(id),
        _ => None,
    };
    test.take_requests().into_iter().filter_map(as_receipt).collect()
}

#[test]
fn a_message_in_view_for_a_second_counts_as_read() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    assert_eq!(test.view().unread, 1);
    look_at(&mut test, &["hello"]);
    test.advance(999);
    assert_eq!(test.view().unread, 1);
    test.advance(1);
    assert_eq!(test.view().unread, 0);
    assert!(test.events.contains(&Event::Read { id: ServerId("a".to_owned()) }));
    assert_eq!(receipts(&mut test), ["a"]);
}

#[test]
fn a_glance_does_not_count() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    for _ in 0..10 {
        look_at(&mut test, &["hello"]);
        test.advance(900);
        look_at(&mut test, &[]);
        test.advance(900);
    }
    assert_eq!(test.view().unread, 1);
    assert_eq!(receipts(&mut test), [""; 0]);
}

#[test]
fn a_burst_is_counted_on_message_by_message_as_it_would_be_counted_anew() {
    let mut test = TestSession::live();
    let own = test.send("mine");
    test.echo(&own);
    let first_ms = 60_000;
    let mut all = Vec::new();
    // Some are late, some come twice; one is seen in between.
    for (number, time_ms) in [(0, 0), (1, 10), (2, 5), (1, 10), (3, 20), (4, 1), (5, 30), (6, 30), (5, 30), (7, 29)] {
        let message = agent_message(&number.to_string(), &number.to_string(), first_ms + time_ms);
        test.platform(PlatformEvent::Message(message));
        if !all.contains(&number) {
            all.push(number);
        }
        assert_eq!(test.view().unread as usize, all.len(), "after {number}");
    }
    look_at(&mut test, &["3"]);
    test.advance(1_000);
    assert_eq!(test.view().unread, 3, "5, 6 and 7");
    // Of one millisecond ids say which is the later.
    for (number, time_ms, unread) in [(8, 19, 3), (9, 40, 4), (10, 20, 4), (30, 20, 5), (11, 41, 6)] {
        test.platform(PlatformEvent::Message(agent_message(&number.to_string(), "late or new", first_ms + time_ms)));
        assert_eq!(test.view().unread, unread, "after {number}");
    }
}

#[test]
fn nothing_counts_while_the_page_is_hidden() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    look_at(&mut test, &["hello"]);
    test.advance(500);
    test.environment(Environment::Hidden);
    test.advance(60_000);
    assert_eq!(test.view().unread, 1);
    test.environment(Environment::Visible);
    test.advance(999);
    assert_eq!(test.view().unread, 1, "looking begins anew");
    test.advance(1);
    assert_eq!(test.view().unread, 0);
}

#[test]
fn nothing_counts_while_the_panel_is_closed() {
    let mut test = TestSession::live();
    test.command(Command::ClosePanel);
    test.agent_says("a", "hello");
    look_at(&mut test, &["hello"]);
    test.advance(60_000);
    assert_eq!(test.view().unread, 1);
}

#[test]
fn ones_own_messages_are_never_unread_and_never_receipted() {
    let mut test = TestSession::live();
    let id = test.send("mine");
    test.echo(&id);
    look_at(&mut test, &["mine"]);
    test.advance(5_000);
    assert_eq!(test.view().unread, 0);
    assert_eq!(receipts(&mut test), [""; 0]);
}

#[test]
fn each_message_gets_at_most_one_receipt() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    for _ in 0..5 {
        look_at(&mut test, &["hello"]);
        test.advance(3_000);
        look_at(&mut test, &[]);
        test.advance(3_000);
    }
    assert_eq!(receipts(&mut test), ["a"]);
}

#[test]
fn messages_read_within_two_seconds_share_one_receipt() {
    let mut test = TestSession::live();
    for (id, text) in [("a", "one"), ("b", "two"), ("c", "three")] {
        test.agent_says(id, text);
        look_at(&mut test, &[text]);
        test.advance(1_000);
    }
    test.advance(5_000);
    assert_eq!(receipts(&mut test), ["a", "c"]);
}

#[test]
fn the_mark_never_moves_back() {
    let mut test = TestSession::live();
    test.agent_says("a", "one");
    test.advance(10);
    test.agent_says("b", "two");
    look_at(&mut test, &["two"]);
    test.advance(3_000);
    look_at(&mut test, &["one"]);
    test.advance(3_000);
    assert_eq!(receipts(&mut test), ["b"]);
    assert_eq!(test.view().unread, 0);
}

#[test]
fn no_receipt_goes_out_where_the_platform_does_not_announce_that_it_takes_them() {
    let mut test = TestSession::live_with(Deployment { takes_receipts: false, ..deployment() });
    test.agent_says("a", "hello");
    look_at(&mut test, &["hello"]);
    test.advance(10_000);
    assert_eq!(receipts(&mut test), [""; 0]);
    assert!(test.events.contains(&Event::Read { id: ServerId("a".to_owned()) }), "the mark stays local and is told");
    assert_eq!(test.view().unread, 0);
}

#[test]
fn a_receipt_that_waits_goes_out_when_the_page_leaves() {
    let mut test = TestSession::live();
    test.agent_says("a", "one");
    look_at(&mut test, &["one"]);
    test.advance(1_000);
    test.agent_says("b", "two");
    look_at(&mut test, &["one", "two"]);
    test.advance(1_000);
    assert_eq!(receipts(&mut test), ["a"]);
    test.environment(Environment::Leaving);
    assert_eq!(receipts(&mut test), ["b"]);
}

#[test]
fn the_mark_is_kept_and_restored() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    look_at(&mut test, &["hello"]);
    test.advance(1_000);
    let kept = test.effects.iter().rev().find_map(|effect| match effect {
        Effect::Persist(record) => record.read_mark.clone(),
        _ => None,
    });
    assert!(kept.is_some());
    let mut again = TestSession::started(Some(Record { read_mark: kept, ..record() }));
    again.platform(PlatformEvent::DeploymentLoaded(deployment()));
    again.platform(PlatformEvent::LineOpened);
    again.platform(PlatformEvent::Configured(configured(false)));
    let later = i64::try_from(again.now_ms).unwrap() + 60_000;
    again.history(vec![agent_message("a", "hello", 1_000), agent_message("b", "news", later)]);
    assert_eq!(again.view().unread, 1);
}

#[test]
fn what_another_tab_has_read_counts_here_and_is_not_receipted_again() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    let mark = ReadMark { time: WallTime(EPOCH_MS + 1_000), id: ServerId("a".to_owned()) };
    test.input(guest_messenger::session::input::Input::Tab(TabNews::Read(mark)));
    assert_eq!(test.view().unread, 0);
    look_at(&mut test, &["hello"]);
    test.advance(5_000);
    assert_eq!(receipts(&mut test), [""; 0]);
}

#[test]
fn what_is_read_here_is_told_to_the_other_tabs() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    look_at(&mut test, &["hello"]);
    test.advance(1_000);
    assert!(test.effects.iter().any(|effect| matches!(effect, Effect::Share(TabNews::Known(_)))));
}

#[test]
fn a_receipt_that_was_due_while_the_line_was_broken_goes_out_on_the_next() {
    let mut test = TestSession::live();
    test.agent_says("a", "one");
    look_at(&mut test, &["one"]);
    test.lose_line();
    test.advance(1_000);
    assert_eq!(receipts(&mut test), Vec::<String>::new());
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(false)));
    test.advance(2_000);
    assert_eq!(receipts(&mut test), ["a"]);
}
