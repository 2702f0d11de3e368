//! Typing signals, both ways.

use guest_messenger::session::content::Sender;
use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::input::{Command, Environment, PlatformEvent};
use guest_messenger::session::output::{Diff, Event, Request};

use crate::harness::{TestSession, deployment};

fn press_key(test: &mut TestSession) {
    test.command(Command::Compose { has_text: true });
}

fn agent_types(test: &mut TestSession, duration_ms: Option<u64>) {
    test.platform(PlatformEvent::Typing { from: Sender::default(), duration_ms });
}

fn is_shown(test: &TestSession) -> bool {
    test.view().typing.is_some()
}

#[test]
fn the_first_key_press_is_told_at_once() {
    let mut test = TestSession::live();
    press_key(&mut test);
    assert_eq!(test.requests, [Request::Typing]);
}

#[test]
fn typing_on_is_told_once_in_five_seconds() {
    let mut test = TestSession::live();
    let mut times = Vec::new();
    for _ in 0..390 {
        press_key(&mut test);
        times.extend(test.take_requests().iter().map(|_| test.now_ms));
        test.advance_until_asked(50);
        times.extend(test.take_requests().iter().map(|_| test.now_ms));
        test.advance(50);
    }
    assert_eq!(times.len(), 4, "{times:?}");
    assert!(times.windows(2).all(|two| two[1] - two[0] >= 5_000), "{times:?}");
}

#[test]
fn a_pause_is_told_of_no_more() {
    let mut test = TestSession::live();
    press_key(&mut test);
    test.forget_log();
    test.advance(30_000);
    assert_eq!(test.requests, []);
}

#[test]
fn a_key_within_the_five_seconds_is_told_when_they_are_over() {
    let mut test = TestSession::live();
    press_key(&mut test);
    test.forget_log();
    test.advance(1_000);
    press_key(&mut test);
    test.advance(3_999);
    assert_eq!(test.requests, []);
    test.advance(1);
    assert_eq!(test.requests, [Request::Typing]);
}

#[test]
fn sending_or_emptying_the_field_leaves_nothing_to_tell() {
    for stop in [Command::SendText("sent".to_owned()), Command::Compose { has_text: false }] {
        let mut test = TestSession::live();
        press_key(&mut test);
        press_key(&mut test);
        test.command(stop);
        test.forget_log();
        test.advance(8_000);
        assert!(!test.requests.contains(&Request::Typing));
    }
}

#[test]
fn the_next_key_after_a_send_still_keeps_the_five_seconds() {
    let mut test = TestSession::live();
    press_key(&mut test);
    let id = test.send_after_typing("hello");
    test.echo(&id);
    test.advance(1_000);
    press_key(&mut test);
    assert_eq!(test.requests, []);
    test.advance(4_000);
    assert_eq!(test.requests, [Request::Typing]);
}

#[test]
fn nothing_is_told_where_the_deployment_does_not_want_it() {
    let mut test = TestSession::live_with(Deployment { sends_typing: false, ..deployment() });
    press_key(&mut test);
    test.advance(10_000);
    assert_eq!(test.requests, []);
}

#[test]
fn with_autostart_nothing_is_told_before_the_guest_has_joined() {
    let mut test = TestSession::live_with(Deployment { auto_start: true, ..deployment() });
    press_key(&mut test);
    assert_eq!(test.requests, []);
    test.platform(PlatformEvent::Joined);
    press_key(&mut test);
    assert_eq!(test.requests, [Request::Typing]);
}

#[test]
fn a_hidden_page_tells_nothing() {
    let mut test = TestSession::live();
    press_key(&mut test);
    press_key(&mut test);
    test.environment(Environment::Hidden);
    test.forget_log();
    press_key(&mut test);
    test.advance(10_000);
    assert_eq!(test.requests, []);
}

#[test]
fn the_indicator_shows_for_the_time_named() {
    let mut test = TestSession::live();
    agent_types(&mut test, Some(2_000));
    assert!(is_shown(&test));
    assert_eq!(test.events, [Event::Typing { is_typing: true }]);
    test.advance(1_999);
    assert!(is_shown(&test));
    test.advance(1);
    assert!(!is_shown(&test));
    assert!(test.events.contains(&Event::Typing { is_typing: false }));
}

#[test]
fn the_indicator_shows_for_five_seconds_when_no_time_is_named() {
    let mut test = TestSession::live();
    agent_types(&mut test, None);
    test.advance(4_999);
    assert!(is_shown(&test));
    test.advance(1);
    assert!(!is_shown(&test));
}

#[test]
fn the_indicator_never_outlives_fifteen_seconds() {
    let mut test = TestSession::live();
    agent_types(&mut test, Some(1_000_000_000_000));
    test.advance(15_000);
    assert!(!is_shown(&test));
}

#[test]
fn a_duration_of_zero_takes_the_indicator_away() {
    let mut test = TestSession::live();
    agent_types(&mut test, None);
    agent_types(&mut test, Some(0));
    assert!(!is_shown(&test));
}

#[test]
fn a_storm_of_signals_is_one_indicator() {
    let mut test = TestSession::live();
    for _ in 0..1_000 {
        agent_types(&mut test, Some(3_000));
        test.advance(1);
    }
    assert_eq!(test.diffs.iter().filter(|diff| **diff == Diff::Typing).count(), 1);
}

#[test]
fn a_message_or_a_break_takes_the_indicator_away() {
    let mut test = TestSession::live();
    agent_types(&mut test, None);
    test.agent_says("a", "here");
    assert!(!is_shown(&test));
    agent_types(&mut test, None);
    test.lose_line();
    assert!(!is_shown(&test));
}

#[test]
fn the_indicator_is_not_shown_where_the_deployment_does_not_want_it() {
    let mut test = TestSession::live_with(Deployment { shows_typing: false, ..deployment() });
    agent_types(&mut test, None);
    assert!(!is_shown(&test));
}
