//! The end of a session at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::input::{Command, Configured, Environment, Lifetime, PlatformEvent};
use guest_messenger::session::output::Request;
use guest_messenger::session::time::WallTime;
use guest_messenger::session::view::Banner;

use crate::harness::{EPOCH_MS, TestSession, configured, deployment};

const LIFE_MS: u64 = 900_000;

fn begin() -> TestSession {
    begin_for(LIFE_MS)
}

fn begin_for(life_ms: u64) -> TestSession {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    let lifetime = Lifetime { duration_s: Some(life_ms / 1_000), expires_at: None };
    test.platform(PlatformEvent::Configured(Configured { lifetime, ..configured(true) }));
    test.forget_log();
    test
}

/// Lets time pass on a line that says something every ten seconds.
fn pass(test: &mut TestSession, span_ms: u64) {
    for _ in 0..span_ms / 10_000 {
        test.advance(10_000);
        test.platform(PlatformEvent::SignOfLife);
    }
    test.advance(span_ms % 10_000);
    test.forget_log();
}

fn left_ms(test: &TestSession) -> Option<i64> {
    let end = test.record.as_ref().and_then(|record| record.expires_at);
    end.map(|end| end.0 - EPOCH_MS - i64::try_from(test.now_ms).unwrap())
}

#[test]
fn a_session_whose_age_nobody_knows_is_given_its_whole_life() {
    assert_eq!(left_ms(&TestSession::resumed()), Some(259_200_000));
}

#[test]
fn a_session_that_begins_lives_its_whole_life_whatever_was_known_of_the_one_before() {
    let mut test = begin();
    pass(&mut test, 100_000);
    test.lose_line();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    let lifetime = Lifetime { duration_s: Some(LIFE_MS / 1_000), expires_at: None };
    test.platform(PlatformEvent::Configured(Configured { lifetime: lifetime.clone(), ..configured(false) }));
    assert!(left_ms(&test).unwrap() < 800_001, "what is known stands");
    test.platform(PlatformEvent::Configured(Configured { lifetime, ..configured(true) }));
    assert_eq!(left_ms(&test), Some(900_000));
}

#[test]
fn a_date_that_passed_in_a_sleep_is_a_reason_to_ask_at_once() {
    let mut test = begin();
    test.slept_ms = LIFE_MS;
    test.environment(Environment::Visible);
    assert_eq!(test.requests, [Request::Probe]);
}

#[test]
fn a_session_that_has_just_expired_is_asked_after_two_seconds_later() {
    let mut test = begin();
    pass(&mut test, LIFE_MS);
    pass(&mut test, 1);
    test.environment(Environment::Visible);
    assert_eq!(test.requests, []);
    test.advance(1_998);
    assert_eq!(test.requests, []);
    test.advance(1);
    assert_eq!(test.requests, [Request::Probe]);
}

#[test]
fn between_the_question_and_the_warning_nobody_is_woken() {
    let mut test = begin();
    pass(&mut test, 590_000);
    test.advance(1_000);
    let next_ms = test.session.poll_timeout().map(|(at, _)| at.0).unwrap();
    assert!(next_ms > test.now_ms + 5_000, "{} ms from now", next_ms - test.now_ms);
}

#[test]
fn who_stays_while_the_line_is_broken_says_so_on_the_next() {
    let mut test = begin();
    pass(&mut test, 600_000);
    assert_eq!(test.view().banner, Some(Banner::Expiring));
    test.lose_line();
    test.forget_log();
    test.command(Command::Extend);
    assert_eq!(test.requests, []);
    test.reconnect();
    assert!(test.requests.contains(&Request::Typing));
}

#[test]
fn a_session_of_six_minutes_is_warned_of_when_a_third_of_it_is_left() {
    let mut test = begin_for(360_000);
    pass(&mut test, 239_000);
    assert_eq!(test.view().banner, None);
    pass(&mut test, 1_000);
    assert_eq!(test.view().banner, Some(Banner::Expiring));
}

#[test]
fn an_end_that_is_later_than_a_session_of_this_length_can_have_is_not_believed() {
    for (late_ms, believed_ms) in [(2_000, 902_000), (2_001, 800_000)] {
        let mut test = begin();
        pass(&mut test, 100_000);
        let end = WallTime(EPOCH_MS + i64::try_from(test.now_ms + LIFE_MS + late_ms).unwrap());
        test.platform(PlatformEvent::Alive(Lifetime { duration_s: None, expires_at: Some(end) }));
        assert_eq!(left_ms(&test), Some(believed_ms));
    }
}

#[test]
fn who_stays_while_a_question_is_under_way_is_not_asked_about_on_a_line_that_broke() {
    let mut test = begin();
    pass(&mut test, 600_000);
    test.advance(45_000);
    assert_eq!(test.take_requests(), [Request::Probe]);
    // By now the limit would allow another one.
    test.advance(10_000);
    test.command(Command::Extend);
    assert_eq!(test.take_requests(), [Request::Typing], "an answer is on its way");
    test.lose_line();
    test.environment(Environment::Visible);
    assert_eq!(test.take_requests(), []);
}
