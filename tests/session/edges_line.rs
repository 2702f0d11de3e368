//! The line at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::input::{
    Command, Configured, Environment, Failure, Input, Lifetime, PlatformEvent, TabNews,
};
use guest_messenger::session::output::Request;
use guest_messenger::session::time::WallTime;
use guest_messenger::session::timer::Timer;
use guest_messenger::session::view::Banner;

use crate::harness::{EPOCH_MS, TestSession, configured, deployment};

/// How long sessions of different seeds wait before they ask for something.
fn waits(seeds: u64, begin: impl Fn(u64) -> TestSession) -> Vec<u64> {
    let wait = |seed| {
        let mut test = begin(seed);
        test.forget_log();
        let began_ms = test.now_ms;
        test.advance_until_asked(600_000);
        test.now_ms - began_ms
    };
    let mut waits: Vec<u64> = (0..seeds).map(wait).collect();
    waits.sort_unstable();
    waits
}

/// Live, then three lines in a row that did not open; the configuration is asked for again.
fn unopened_three_times(seed: u64) -> TestSession {
    let mut test = TestSession::live_with_seed(seed);
    test.lose_line();
    for _ in 0..3 {
        test.forget_log();
        test.advance_until_asked(120_000);
        assert_eq!(test.requests, [Request::OpenLine]);
        test.lose_line();
    }
    test.forget_log();
    test.advance_until_asked(120_000);
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
    test
}

/// … and the configuration can be had: this page is refused.
fn refused(seed: u64) -> TestSession {
    let mut test = unopened_three_times(seed);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    assert_eq!(test.view().banner, Some(Banner::CannotConnect));
    test.forget_log();
    test
}

fn configured_for(duration_s: Option<u64>, expires_at_ms: Option<i64>) -> TestSession {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    let expires_at = expires_at_ms.map(|at_ms| WallTime(EPOCH_MS + at_ms));
    test.platform(PlatformEvent::Configured(Configured {
        lifetime: Lifetime { duration_s, expires_at },
        ..configured(true)
    }));
    test.forget_log();
    test
}

/// When the record says that the session expires, counted from the epoch of the tests.
fn expires_ms(test: &TestSession) -> Option<i64> {
    test.record.as_ref().and_then(|record| record.expires_at).map(|at| at.0 - EPOCH_MS)
}

#[test]
fn a_refused_page_tries_between_one_and_two_minutes_later_and_not_all_of_them_at_once() {
    let waits = waits(40, refused);
    assert!(waits[0] >= 60_000 && waits[39] <= 120_000, "{waits:?}");
    assert!(waits[0] < 75_000 && waits[39] > 105_000, "{waits:?}");
}

#[test]
fn a_refused_page_that_is_refused_again_waits_as_long_again() {
    let waits = waits(20, |seed| {
        let mut test = refused(seed);
        test.advance_until_asked(120_000);
        assert_eq!(test.requests, [Request::OpenLine]);
        test.lose_line();
        test
    });
    assert!(waits[0] >= 60_000, "{waits:?}");
}

#[test]
fn a_refused_page_that_is_hidden_rests_and_tries_on_when_it_is_seen() {
    let mut test = refused(1);
    test.environment(Environment::Hidden);
    test.advance(600_000);
    assert_eq!(test.requests, []);
    assert!(matches!(test.session.poll_timeout(), Some((_, Timer::Expiry))), "nothing is planned");
    test.environment(Environment::Visible);
    test.advance(59_999);
    assert_eq!(test.requests, []);
    test.advance_until_asked(60_001);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn a_configuration_that_is_known_is_enough_when_it_cannot_be_had_again() {
    for failure in [Failure::Refused, Failure::Malformed] {
        let mut test = unopened_three_times(1);
        test.platform(PlatformEvent::DeploymentFailed(failure));
        assert_eq!(test.requests, [Request::OpenLine]);
    }
}

#[test]
fn three_lines_that_hang_are_as_good_as_refused() {
    let mut test = TestSession::live();
    test.lose_line();
    for _ in 0..3 {
        test.forget_log();
        test.advance_until_asked(120_000);
        assert_eq!(test.requests, [Request::OpenLine]);
        test.advance(10_000);
    }
    test.forget_log();
    test.advance_until_asked(120_000);
    assert_eq!(test.requests, [Request::LoadDeployment]);
}

#[test]
fn a_server_that_goes_away_gets_its_clients_back_spread_over_five_seconds() {
    let waits = waits(100, |seed| {
        let mut test = TestSession::live_with_seed(seed);
        test.platform(PlatformEvent::LineClosed(1001));
        test
    });
    assert!(waits[0] < 500 && waits[99] > 4_500 && waits[99] <= 5_000, "{waits:?}");
}

#[test]
fn a_second_hope_within_five_seconds_leaves_the_attempt_where_it_is() {
    let mut test = TestSession::live();
    test.lose_line();
    test.environment(Environment::Online);
    let planned = test.session.poll_timeout();
    assert!(matches!(planned, Some((_, Timer::Reconnect))), "{planned:?}");
    test.environment(Environment::Online);
    assert_eq!(test.session.poll_timeout(), planned);
}

#[test]
fn a_page_that_is_seen_right_after_it_came_online_unseen_connects() {
    let mut test = TestSession::live();
    test.environment(Environment::Hidden);
    test.advance(61_000);
    test.lose_line();
    test.forget_log();
    test.environment(Environment::Online);
    test.advance(1_000);
    assert_eq!(test.requests, []);
    test.environment(Environment::Visible);
    test.advance(5_000);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn a_page_hidden_for_no_more_than_a_minute_still_tries() {
    let mut test = TestSession::live();
    test.lose_line();
    test.environment(Environment::Hidden);
    test.forget_log();
    // A throttled page wakes late.
    test.now_ms += 60_000;
    test.input(Input::Tick);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn a_line_that_breaks_again_and_again_is_told_three_seconds_after_the_first_break() {
    let mut test = TestSession::live();
    test.lose_line();
    let broken_ms = test.now_ms;
    while test.now_ms < broken_ms + 2_900 {
        test.forget_log();
        test.advance_until_asked(2_900 - (test.now_ms - broken_ms));
        if test.requests.is_empty() {
            break;
        }
        test.lose_line();
    }
    test.advance(broken_ms + 2_999 - test.now_ms);
    assert_eq!(test.view().banner, None);
    test.advance(1);
    assert_eq!(test.view().banner, Some(Banner::Reconnecting));
}

#[test]
fn a_break_that_has_been_told_wakes_nobody_to_tell_it() {
    let mut test = TestSession::live();
    test.lose_line();
    test.advance_until_asked(10_000);
    test.advance(9_000);
    assert_eq!(test.view().banner, Some(Banner::Reconnecting));
    test.platform(PlatformEvent::LineClosed(1013));
    assert!(matches!(test.session.poll_timeout(), Some((_, Timer::Reconnect))));
}

#[test]
fn a_session_expires_by_its_duration_or_else_by_its_date() {
    assert_eq!(expires_ms(&configured_for(Some(100), Some(50_000))), Some(101_000));
    assert_eq!(expires_ms(&configured_for(Some(0), Some(50_000))), Some(50_000));
    assert_eq!(expires_ms(&configured_for(None, Some(50_000))), Some(50_000));
    for past_ms in [0, 1_000] {
        assert_eq!(expires_ms(&configured_for(None, Some(past_ms))), None);
    }
}

#[test]
fn every_message_extends_the_session_by_its_whole_duration() {
    for alive_s in [None, Some(0)] {
        let mut test = configured_for(Some(100), None);
        test.platform(PlatformEvent::Alive(Lifetime { duration_s: alive_s, expires_at: None }));
        test.advance(10_000);
        test.agent_says("a", "hello");
        assert_eq!(expires_ms(&test), Some(111_000));
    }
}

#[test]
fn a_refused_conversation_that_another_tab_clears_has_nothing_to_tell_any_more() {
    let mut test = refused(1);
    test.input(Input::Tab(TabNews::Cleared));
    assert_eq!(test.view().banner, None);
}

#[test]
fn a_new_line_may_be_asked_whether_it_is_alive_however_lately_the_old_one_was() {
    let mut test = TestSession::live();
    test.advance(45_000);
    test.platform(PlatformEvent::SignOfLife);
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.history(vec![]);
    test.send_after_typing("hello");
    test.advance(10_000);
    assert_eq!(test.requests, [Request::Probe]);
}

#[test]
fn frames_that_must_go_count_among_those_that_the_platform_allows() {
    let mut test = TestSession::live();
    for _ in 0..18 {
        test.command(Command::Clear);
    }
    test.forget_log();
    test.command(Command::SendText("hello".to_owned()));
    assert_eq!(test.sent_messages(), []);
    test.advance(5_000);
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn an_answer_over_http_does_not_show_that_the_line_is_alive() {
    let mut test = TestSession::live();
    test.advance(45_000);
    assert_eq!(test.take_requests(), [Request::Probe]);
    test.platform(PlatformEvent::HistoryFailed(Failure::Network));
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.advance(15_000);
    assert_eq!(test.take_requests(), [Request::CloseLine]);
}

#[test]
fn a_duration_of_zero_does_not_forget_the_one_before_it() {
    let mut test = configured_for(Some(100), None);
    let expires_at = Some(WallTime(EPOCH_MS + 50_000));
    test.platform(PlatformEvent::Configured(Configured {
        lifetime: Lifetime { duration_s: Some(0), expires_at },
        ..configured(false)
    }));
    test.agent_says("a", "hello");
    assert_eq!(expires_ms(&test), Some(101_000));
}
