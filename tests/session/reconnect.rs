//! Breaks of the line.

use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, Environment, Failure, Input, PlatformEvent, RejectionReason, TabNews};
use guest_messenger::session::output::{Event, Request};
use guest_messenger::session::view::{Banner, Phase};

use crate::harness::{TestSession, agent_message, configured};

#[test]
fn a_short_break_is_silent() {
    let mut test = TestSession::live();
    test.lose_line();
    assert_eq!(test.view().banner, None);
    test.forget_log();
    test.reconnect();
    test.advance(5_000);
    assert_eq!(test.view().banner, None);
    assert_eq!(test.view().phase, Phase::Live);
}

#[test]
fn a_long_break_is_told_quietly_and_the_notice_goes_with_it() {
    let mut test = TestSession::live();
    test.lose_line();
    test.advance(3_000);
    assert_eq!(test.view().banner, Some(Banner::Reconnecting));
    test.forget_log();
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(false)));
    assert_eq!(test.view().banner, None);
}

#[test]
fn what_was_said_while_away_is_read_from_history_and_shown_in_order() {
    let mut test = TestSession::live();
    test.agent_says("a", "before");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    let early = agent_message("a", "before", 1_000);
    test.history(vec![agent_message("c", "later", 9_000), agent_message("b", "while away", 8_000), early]);
    assert_eq!(test.lines(), ["agent: before (sent)", "agent: while away (sent)", "agent: later (sent)"]);
}

#[test]
fn a_message_in_flight_when_the_line_broke_is_not_sent_again_if_history_has_it() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.lose_line();
    assert_eq!(test.lines(), ["guest: hello (sending)"]);
    test.forget_log();
    test.reconnect();
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    let copy = test.own_copy(&id);
    test.history(vec![copy]);
    test.advance(20_000);
    assert_eq!(test.sent_messages(), []);
    assert_eq!(test.lines(), ["guest: hello (sent)"]);
}

#[test]
fn a_message_in_flight_when_the_line_broke_is_sent_once_more_if_history_lacks_it() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.take_requests();
    test.advance(1_000);
    assert_eq!(test.sent_messages(), [], "history comes first");
    test.history(vec![]);
    assert_eq!(test.sent(), id);
}

#[test]
fn messages_written_during_a_break_are_sent_after_the_gap_is_filled() {
    let mut test = TestSession::live();
    test.lose_line();
    test.command(Command::SendText("still there?".to_owned()));
    test.forget_log();
    test.reconnect();
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    test.history(vec![agent_message("b", "while away", 500)]);
    assert_eq!(test.sent_messages().len(), 1);
    assert_eq!(test.lines(), ["agent: while away (sent)", "guest: still there? (sending)"]);
}

#[test]
fn a_new_message_does_not_overtake_one_that_may_have_arrived() {
    let mut test = TestSession::live();
    let first = test.send("doubtful");
    test.lose_line();
    test.command(Command::SendText("new".to_owned()));
    test.forget_log();
    test.reconnect();
    test.advance(1_000);
    assert_eq!(test.sent_messages(), [], "history comes first");
    let copy = test.own_copy(&first);
    test.history(vec![copy]);
    assert_eq!(test.sent_messages().first().map(|(_, text)| text.as_str()), Some("new"));
}

#[test]
fn when_history_cannot_be_had_the_doubtful_message_is_left_to_the_visitor_and_the_others_go() {
    let mut test = TestSession::live();
    test.send("doubtful");
    test.lose_line();
    test.command(Command::SendText("certain".to_owned()));
    test.forget_log();
    test.reconnect();
    for _ in 0..4 {
        assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
        test.platform(PlatformEvent::HistoryFailed(Failure::Network));
        test.advance_until_asked(20_000);
    }
    assert_eq!(test.lines(), ["guest: doubtful (failed)", "guest: certain (sending)"]);
    assert!(test.events.contains(&Event::Error(ChatError::HISTORY_UNAVAILABLE)));
}

#[test]
fn a_gap_longer_than_a_page_is_read_until_something_known_appears() {
    let mut test = TestSession::live();
    test.agent_says("known", "known");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    for page in 1..4 {
        assert_eq!(test.take_requests(), [Request::ReadHistory { page }]);
        let id = format!("new-{page}");
        let mut messages = vec![agent_message(&id, &id, 100_000 - i64::from(page))];
        if page == 3 {
            messages.push(agent_message("known", "known", 1_000));
        }
        test.platform(PlatformEvent::History(guest_messenger::session::input::HistoryPage {
            number: page,
            messages,
            has_older: page < 3,
        }));
    }
    assert_eq!(test.take_requests(), []);
    assert_eq!(test.view().transcript.entries().len(), 4);
}

#[test]
fn attempts_grow_apart_while_connections_flap() {
    let mut test = TestSession::live();
    let mut attempts = 0;
    let mut last_hour_ms = 0;
    while last_hour_ms < 600_000 {
        test.lose_line();
        test.forget_log();
        let before_ms = test.now_ms;
        test.advance_until_asked(300_000);
        attempts += 1;
        for request in test.take_requests() {
            if request == Request::LoadDeployment {
                test.platform(PlatformEvent::DeploymentFailed(Failure::Network));
            }
        }
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(configured(false)));
        test.advance(1_000);
        last_hour_ms += test.now_ms - before_ms;
    }
    assert!(attempts < 40, "{attempts} attempts in ten minutes of flapping");
}

#[test]
fn a_connection_that_held_for_ten_seconds_forgets_the_failures_before_it() {
    let mut test = TestSession::live();
    for _ in 0..6 {
        test.lose_line();
        test.forget_log();
        test.advance_until_asked(300_000);
        test.platform(PlatformEvent::LineOpened);
    }
    test.platform(PlatformEvent::Configured(configured(false)));
    test.history(vec![]);
    test.advance(10_000);
    test.lose_line();
    test.forget_log();
    test.advance_until_asked(1_000);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn a_half_open_line_is_found_within_a_minute_of_silence() {
    let mut test = TestSession::live();
    test.advance(60_000);
    assert_eq!(test.requests.get(..2), Some(&[Request::Probe, Request::CloseLine][..]));
}

#[test]
fn any_frame_answers_the_probe() {
    let mut test = TestSession::live();
    test.advance(45_000);
    assert_eq!(test.take_requests(), [Request::Probe]);
    test.platform(PlatformEvent::Ignored);
    test.advance(20_000);
    assert_eq!(test.take_requests(), []);
}

#[test]
fn coming_online_tries_within_half_a_second() {
    let mut test = TestSession::live();
    for _ in 0..5 {
        test.lose_line();
        test.forget_log();
        test.advance_until_asked(300_000);
        test.platform(PlatformEvent::LineOpened);
    }
    test.environment(Environment::Offline);
    test.lose_line();
    test.forget_log();
    test.environment(Environment::Online);
    test.advance(500);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn being_offline_is_told_after_a_while_and_never_blocks_a_send() {
    let mut test = TestSession::live();
    test.environment(Environment::Offline);
    test.advance(2_999);
    assert_eq!(test.view().banner, None);
    test.advance(1);
    assert_eq!(test.view().banner, Some(Banner::Offline));
    test.command(Command::SendText("anyway".to_owned()));
    assert_eq!(test.sent_messages().len(), 1);
    test.environment(Environment::Online);
    assert_eq!(test.view().banner, None);
}

#[test]
fn a_hidden_page_with_nothing_to_send_stops_trying_and_goes_on_when_it_is_seen() {
    let mut test = TestSession::live();
    test.environment(Environment::Hidden);
    test.advance(61_000);
    test.lose_line();
    test.forget_log();
    test.advance(3_600_000);
    assert_eq!(test.requests, []);
    test.environment(Environment::Visible);
    test.advance(500);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn a_restarting_server_gets_its_clients_back_spread_over_half_a_minute() {
    let mut delays: Vec<u64> = (0..100)
        .map(|seed| {
            let mut test = TestSession::live_with_seed(seed);
            test.platform(PlatformEvent::LineClosed(1012));
            test.forget_log();
            let closed_ms = test.now_ms;
            test.advance_until_asked(40_000);
            test.now_ms - closed_ms
        })
        .collect();
    delays.sort_unstable();
    assert!(delays[0] < 3_000 && delays[50] > 10_000 && delays[50] < 20_000 && delays[99] > 27_000, "{delays:?}");
}

#[test]
fn three_misunderstandings_in_a_row_are_told_and_not_repeated_quickly() {
    let mut test = TestSession::live();
    for _ in 0..2 {
        test.platform(PlatformEvent::LineClosed(1002));
        test.forget_log();
        test.advance_until_asked(50_000);
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(configured(false)));
    }
    test.platform(PlatformEvent::LineClosed(1002));
    assert!(test.events.contains(&Event::Error(ChatError::CANNOT_CONNECT)));
    test.forget_log();
    test.advance(59_000);
    assert_eq!(test.requests, []);
}

#[test]
fn a_message_too_big_for_the_line_is_blamed_and_the_others_kept() {
    let mut test = TestSession::live();
    test.send("big");
    test.command(Command::SendText("small".to_owned()));
    test.platform(PlatformEvent::LineClosed(1009));
    assert_eq!(test.lines(), ["guest: big (failed)", "guest: small (queued)"]);
}

#[test]
fn the_line_is_closed_when_the_page_leaves_and_reopened_when_it_comes_back() {
    let mut test = TestSession::live();
    test.environment(Environment::Leaving);
    assert_eq!(test.take_requests(), [Request::CloseLine]);
    test.advance(100);
    test.environment(Environment::Resumed);
    test.advance(500);
    assert_eq!(test.take_requests(), [Request::OpenLine]);
}

#[test]
fn a_session_that_the_platform_began_anew_does_not_get_what_was_meant_for_the_old_one() {
    let mut test = TestSession::live();
    test.lose_line();
    test.command(Command::SendText("for the old one".to_owned()));
    test.forget_log();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.advance(5_000);
    assert_eq!(test.sent_messages(), []);
    assert_eq!(test.lines(), ["guest: for the old one (failed)"]);
}

#[test]
fn a_session_that_is_refused_as_too_fast_is_asked_for_again_no_sooner_than_the_platform_said() {
    let mut test = TestSession::live();
    test.lose_line();
    test.forget_log();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.forget_log();
    test.reject(None, RejectionReason::TooFast { retry_after_ms: Some(30_000) });
    assert_eq!(test.take_requests(), [Request::CloseLine]);
    test.advance(29_999);
    assert_eq!(test.take_requests(), []);
    test.advance(31_000);
    assert_eq!(test.take_requests().first(), Some(&Request::OpenLine));
}

#[test]
fn a_page_that_is_offline_wakes_for_nothing_before_the_widget_is_used() {
    let mut test = TestSession::fresh();
    test.environment(Environment::Offline);
    assert_eq!(test.session.poll_timeout(), None);
}

#[test]
fn a_message_without_echo_hurries_a_probe_that_is_under_way() {
    let mut test = TestSession::live();
    test.advance(35_500);
    test.send("hello");
    test.advance(9_900);
    assert_eq!(test.take_requests(), [Request::Probe]);
    test.advance(5_100);
    assert_eq!(test.take_requests(), [Request::CloseLine]);
}

#[test]
fn a_page_that_leaves_and_stays_comes_back_no_sooner_than_the_platform_said() {
    let mut test = TestSession::live();
    test.lose_line();
    test.forget_log();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.reject(None, RejectionReason::TooFast { retry_after_ms: Some(60_000) });
    test.environment(Environment::Leaving);
    test.forget_log();
    test.advance(59_999);
    assert_eq!(test.take_requests(), []);
    test.advance(1);
    assert_eq!(test.take_requests(), [Request::OpenLine]);
}

#[test]
fn a_new_beginning_keeps_to_the_time_that_the_platform_named_before() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentFailed(Failure::Busy { retry_after_ms: Some(60_000) }));
    test.input(Input::Tab(TabNews::Cleared));
    test.forget_log();
    test.command(Command::SendText("hello".to_owned()));
    test.advance(59_999);
    assert_eq!(test.take_requests(), []);
    test.advance(1);
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
}

#[test]
fn a_late_refusal_of_the_configuration_still_names_the_time() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.environment(Environment::Leaving);
    test.platform(PlatformEvent::DeploymentFailed(Failure::Busy { retry_after_ms: Some(60_000) }));
    test.environment(Environment::Resumed);
    test.forget_log();
    test.advance(59_999);
    assert_eq!(test.take_requests(), []);
    test.advance(1);
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
}
