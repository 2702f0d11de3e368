//! Holders and followers, at their edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::input::{Command, Configured, Environment, Input, PlatformEvent, SharedLine, TabNews};
use guest_messenger::session::output::{Event, Request};
use guest_messenger::session::view::{Banner, Phase};

use crate::harness::{TestSession, configured, deployment};
use crate::tab::{LATER, OTHER, hold, line};

#[test]
fn a_line_says_how_long_its_session_lives_and_whether_it_can_be_written_in() {
    for is_read_only in [false, true] {
        let mut test = TestSession::holding_tab();
        test.lose_line();
        test.reconnect();
        test.forget_log();
        test.platform(PlatformEvent::Configured(Configured { is_read_only, ..configured(false) }));
        test.hear(TabNews::Seek);
        let told = test.told_line().unwrap();
        assert_eq!((told.is_read_only, told.duration_s), (is_read_only, Some(259_200)));
        assert_eq!(told.expires_at, test.record.as_ref().and_then(|record| record.expires_at));
        let (follower, _) = TestSession::joined_tab(told);
        assert_eq!(follower.view().phase, if is_read_only { Phase::ReadOnly } else { Phase::Live });
        let expires_at = follower.record.as_ref().and_then(|record| record.expires_at);
        assert_eq!(expires_at, told.expires_at);
    }
}

#[test]
fn a_session_that_began_before_this_page_was_there_is_not_new_to_it() {
    let mut test = TestSession::seeking_tab(1);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    for (number, is_new) in [(1, false), (2, true)] {
        test.forget_log();
        test.hear(hold(Some(SharedLine { is_new: true, ..line(number) })));
        assert!(test.events.contains(&Event::Started { is_new }));
    }
}

#[test]
fn a_line_is_joined_once_and_another_one_anew() {
    let mut test = TestSession::following_tab();
    for (number, expected) in [(1, vec![]), (2, vec!["leave", "join"]), (2, vec![]), (3, vec!["leave", "join"])] {
        test.hear(hold(Some(line(number))));
        assert_eq!(test.joined_or_left(), expected);
    }
    test.hear(hold(None));
    assert_eq!(test.joined_or_left(), ["leave"]);
    test.hear(hold(None));
    assert_eq!(test.joined_or_left(), [""; 0]);
}

#[test]
fn a_follower_through_whom_time_may_have_passed_joins_anew() {
    let mut test = TestSession::following_tab();
    test.environment(Environment::Resumed);
    assert_eq!((test.joined_or_left(), test.shared()), (vec!["leave"], vec![TabNews::Seek]));
    test.hear(hold(Some(line(1))));
    assert_eq!(test.joined_or_left(), ["join"]);
}

#[test]
fn a_follower_that_finds_its_configuration_at_last_asks_for_the_line_at_once() {
    let mut test = TestSession::seeking_tab(1);
    test.hear(hold(Some(line(1))));
    test.forget_log();
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    assert_eq!(test.shared(), [TabNews::Seek]);
    test.hear(hold(Some(line(1))));
    assert_eq!(test.joined_or_left(), ["join"]);
}

#[test]
fn a_page_that_left_and_is_still_there_joins_a_line_that_it_hears_of() {
    let mut test = TestSession::following_tab();
    test.environment(Environment::Leaving);
    test.forget_log();
    test.hear(hold(Some(line(1))));
    assert_eq!(test.joined_or_left(), ["join"]);
}

#[test]
fn a_tab_that_follows_for_nothing_stops_asking() {
    let mut test = TestSession::idle_tab();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.hear(hold(None));
    test.command(Command::ClosePanel);
    test.forget_log();
    test.advance(60_000);
    assert_eq!((test.shared(), test.take_requests()), (vec![], vec![]));
    assert!(!test.session.is_follower());
}

#[test]
fn a_quiet_follower_with_its_panel_closed_gives_the_line_up_with_the_holder() {
    let mut test = TestSession::following_tab();
    test.command(Command::ClosePanel);
    test.hear(TabNews::Idle);
    assert_eq!(test.joined_or_left(), ["leave"]);
    test.advance(60_000);
    assert_eq!(test.shared(), []);
}

#[test]
fn a_follower_that_is_looked_at_or_has_something_to_send_does_not_give_the_line_up() {
    let mut test = TestSession::following_tab();
    test.hear(TabNews::Idle);
    assert_eq!(test.joined_or_left(), [""; 0]);
    test.command(Command::SendText("wait".to_owned()));
    test.command(Command::ClosePanel);
    test.hear(TabNews::Idle);
    assert_eq!(test.joined_or_left(), [""; 0]);
}

#[test]
fn a_holder_decides_for_itself_when_it_is_quiet() {
    let mut test = TestSession::holding_tab();
    test.command(Command::ClosePanel);
    test.hear(TabNews::Idle);
    assert_eq!(test.take_requests(), []);
    test.shared();
    for _ in 0..30 {
        assert!(!test.shared().contains(&TabNews::Idle));
        test.advance(10_000);
        test.platform(PlatformEvent::SignOfLife);
    }
    assert!(test.shared().contains(&TabNews::Idle), "and says so then");
}

#[test]
fn a_follower_that_wonders_has_the_holder_ask_whether_the_line_is_alive() {
    for news in [TabNews::Check, TabNews::Doubt] {
        let mut test = TestSession::holding_tab();
        test.hear(news.clone());
        assert_eq!(test.take_requests(), [Request::Probe]);
        let mut test = TestSession::following_tab();
        test.hear(news);
        assert_eq!((test.take_requests(), test.shared()), (vec![], vec![]));
    }
}

/// A holder whose next attempt is far away.
fn waiting_holder() -> TestSession {
    let mut test = TestSession::holding_tab();
    test.lose_line();
    for _ in 0..2 {
        test.forget_log();
        test.advance_until_asked(120_000);
        assert_eq!(test.requests, [Request::OpenLine]);
        test.platform(PlatformEvent::LineClosed(1013));
    }
    test.forget_log();
    test
}

#[test]
fn a_follower_that_hopes_has_the_holder_try_soon() {
    for news in [TabNews::Check, TabNews::Retry] {
        let mut test = waiting_holder();
        test.hear(news);
        test.advance(500);
        assert_eq!(test.take_requests(), [Request::OpenLine]);
    }
    let mut test = waiting_holder();
    test.hear(TabNews::Doubt);
    test.advance(500);
    assert_eq!(test.take_requests(), [], "doubt is no hope");
}

#[test]
fn a_follower_that_waits_does_not_hand_on_what_is_meant_for_the_holder() {
    for news in [TabNews::Retry, TabNews::Check, TabNews::SignIn, TabNews::LogOut] {
        let mut test = TestSession::following_tab();
        test.hear(hold(None));
        test.forget_log();
        test.hear(news);
        assert_eq!((test.shared(), test.take_requests(), test.events), (vec![], vec![], vec![]));
    }
}

#[test]
fn a_follower_that_hopes_tells_the_holder() {
    let mut test = TestSession::following_tab();
    test.hear(hold(None));
    test.forget_log();
    test.environment(Environment::Online);
    assert_eq!(test.shared(), [TabNews::Check]);
    test.command(Command::Reconnect);
    assert_eq!(test.shared(), [TabNews::Retry]);
}

#[test]
fn a_logout_in_another_tab_ends_the_conversation_of_the_holder() {
    let mut test = TestSession::holding_tab();
    test.hear(TabNews::LogOut);
    assert!(test.events.contains(&Event::Ended { reason: "logged_out" }));
}

fn refused_hold(term: u64) -> TabNews {
    TabNews::Hold { tab: OTHER, term, line: None, is_refused: true }
}

#[test]
fn a_follower_is_told_that_the_page_is_refused_and_that_it_no_longer_is() {
    let mut test = TestSession::following_tab();
    test.hear(refused_hold(LATER));
    assert_eq!(test.view().banner, Some(Banner::CannotConnect));
    test.hear(hold(None));
    assert_eq!(test.view().banner, None);
    test.hear(refused_hold(LATER));
    test.hear(hold(Some(line(2))));
    assert_eq!(test.view().banner, None);
}

#[test]
fn what_a_tab_that_is_not_followed_says_of_its_line_is_no_concern() {
    let mut test = TestSession::holding_tab();
    test.lose_line();
    test.hear(refused_hold(1));
    assert_eq!(test.view().banner, None);
}

#[test]
fn the_holder_tells_of_changes_of_its_line_and_of_nothing_else() {
    let mut test = TestSession::holding_tab();
    test.agent_says("a", "a");
    test.advance(5_000);
    test.input(Input::Tick);
    assert_eq!(test.shared(), []);
    test.lose_line();
    assert!(matches!(test.shared().as_slice(), [TabNews::Hold { line: None, is_refused: false, .. }]));
    test.input(Input::Tick);
    assert_eq!(test.shared(), []);
}

#[test]
fn a_follower_leaves_it_to_the_holder_to_ask_whether_a_silent_line_is_alive() {
    let mut test = TestSession::following_tab();
    test.platform(PlatformEvent::SignOfLife);
    for _ in 0..120 {
        test.advance(500);
        assert_eq!(test.shared(), [TabNews::Seek]);
        test.hear(hold(Some(line(1))));
    }
    assert_eq!(test.take_requests(), []);
}

#[test]
fn what_is_read_in_a_follower_is_told_to_the_holder_and_receipted_by_nobody_here() {
    let mut test = TestSession::following_tab();
    test.agent_says("a", "a");
    test.command(Command::InView(vec![test.entry("a")]));
    test.advance(1_000);
    assert_eq!(test.shared().iter().filter(|news| matches!(news, TabNews::Read(_))).count(), 1);
    assert_eq!(test.take_requests(), []);
}
