//! From nothing to a configured session.

use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, Environment, Failure, Lifetime, PlatformEvent, RejectionReason};
use guest_messenger::session::output::{Effect, Event, Request};
use guest_messenger::session::view::{Banner, Phase};

use crate::harness::{TestSession, configured, deployment, record, token};

#[test]
fn nothing_is_asked_and_nothing_is_stored_before_the_visitor_does_something() {
    let mut test = TestSession::fresh();
    test.advance(3_600_000);
    assert_eq!(test.requests, []);
    assert_eq!(test.effects, []);
    assert_eq!(test.session.poll_timeout(), None);
}

#[test]
fn opening_the_panel_loads_the_deployment_then_opens_the_line_then_configures() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    assert_eq!(test.take_requests(), [Request::OpenLine]);
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(test.take_requests(), [Request::Configure { token: token("made"), start_new: false }]);
    test.platform(PlatformEvent::Configured(configured(true)));
    assert_eq!(test.take_requests(), []);
    assert_eq!(test.view().phase, Phase::Live);
    assert!(test.events.contains(&Event::Started { is_new: true }));
}

#[test]
fn a_kept_conversation_connects_by_itself_with_the_kept_token() {
    let mut test = TestSession::started(Some(record()));
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    assert!(test.requests.contains(&Request::Configure { token: token("kept"), start_new: false }));
}

#[test]
fn a_kept_conversation_that_has_expired_is_forgotten() {
    let expires_at = Some(guest_messenger::session::time::WallTime(crate::harness::EPOCH_MS));
    let mut test = TestSession::started(Some(guest_messenger::session::record::Record { expires_at, ..record() }));
    assert_eq!(test.effects, [Effect::Forget]);
    test.forget_log();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    assert!(test.requests.contains(&Request::Configure { token: token("made"), start_new: false }));
}

#[test]
fn the_record_is_kept_as_soon_as_the_platform_knows_the_token() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(test.effects, []);
    test.platform(PlatformEvent::Configured(configured(true)));
    let [Effect::Persist(kept)] = test.effects.as_slice() else { panic!("{:?}", test.effects) };
    assert_eq!(kept.token, token("made"));
    assert!(kept.is_live && kept.panel_open && kept.expires_at.is_some());
}

#[test]
fn a_refused_deployment_is_told_once_and_not_retried_by_itself() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentFailed(Failure::Refused));
    assert_eq!(test.view().phase, Phase::Unavailable(&ChatError::DEPLOYMENT_REFUSED));
    assert!(test.events.contains(&Event::Error(ChatError::DEPLOYMENT_REFUSED)));
    test.forget_log();
    test.advance(600_000);
    assert_eq!(test.requests, []);
    test.command(Command::Reconnect);
    assert_eq!(test.requests, [Request::LoadDeployment]);
}

#[test]
fn an_inactive_deployment_opens_no_line() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.forget_log();
    test.platform(PlatformEvent::DeploymentLoaded(Deployment { is_active: false, ..deployment() }));
    assert_eq!(test.requests, []);
    assert_eq!(test.view().phase, Phase::Unavailable(&ChatError::DEPLOYMENT_INACTIVE));
}

#[test]
fn a_deployment_that_cannot_be_reached_is_tried_again() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.forget_log();
    test.platform(PlatformEvent::DeploymentFailed(Failure::Network));
    test.advance_until_asked(2_000);
    assert_eq!(test.requests, [Request::LoadDeployment]);
}

#[test]
fn a_busy_platform_is_not_asked_again_before_the_time_it_named() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.forget_log();
    test.platform(PlatformEvent::DeploymentFailed(Failure::Busy { retry_after_ms: Some(20_000) }));
    test.advance(19_999);
    assert_eq!(test.requests, []);
    test.advance(20_001);
    assert_eq!(test.requests, [Request::LoadDeployment]);
}

#[test]
fn a_line_that_does_not_open_in_ten_seconds_is_given_up_and_tried_again() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.forget_log();
    test.advance(9_999);
    assert_eq!(test.requests, []);
    test.advance(1);
    assert_eq!(test.take_requests(), [Request::CloseLine]);
    test.advance_until_asked(2_000);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn a_configure_that_is_not_answered_in_ten_seconds_gives_the_line_up() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    test.forget_log();
    test.advance(10_000);
    assert_eq!(test.take_requests(), [Request::CloseLine]);
    test.advance_until_asked(2_000);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn three_lines_refused_while_the_configuration_can_be_had_mean_that_this_page_is_not_allowed() {
    let mut test = refused_three_times();
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    assert_eq!(test.view().banner, Some(Banner::CannotConnect));
    assert!(test.events.contains(&Event::Error(ChatError::CANNOT_CONNECT)));
    // Only at the longest interval, or when the visitor asks for it.
    test.advance(59_999);
    assert_eq!(test.requests, []);
    test.command(Command::SendText("hello?".to_owned()));
    test.advance(6_000);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn three_refusals_without_a_configuration_are_only_an_outage() {
    let mut test = refused_three_times();
    test.platform(PlatformEvent::DeploymentFailed(Failure::Network));
    assert_ne!(test.view().banner, Some(Banner::CannotConnect));
    assert!(!test.events.contains(&Event::Error(ChatError::CANNOT_CONNECT)));
}

#[test]
fn a_refused_configure_is_told_and_fails_what_waits() {
    let mut test = TestSession::fresh();
    test.command(Command::SendText("hello".to_owned()));
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    test.reject(None, RejectionReason::Other);
    assert_eq!(test.view().phase, Phase::Unavailable(&ChatError::CONFIGURE_REFUSED));
    assert_eq!(test.lines(), ["guest: hello (failed)"]);
}

#[test]
fn autostart_joins_a_new_session_and_not_a_kept_one() {
    let auto_start = Deployment { auto_start: true, ..deployment() };
    for (is_new, joins) in [(true, true), (false, false)] {
        let mut test = TestSession::fresh();
        test.command(Command::OpenPanel);
        test.platform(PlatformEvent::DeploymentLoaded(auto_start.clone()));
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(configured(is_new)));
        assert_eq!(test.requests.contains(&Request::Join), joins);
    }
}

#[test]
fn a_closed_panel_gives_the_line_up_after_five_quiet_minutes() {
    let mut test = TestSession::live();
    test.command(Command::ClosePanel);
    for _ in 0..9 {
        test.advance(30_000);
        test.platform(PlatformEvent::Alive(Lifetime::default()));
    }
    test.advance(29_999);
    assert!(!test.requests.contains(&Request::CloseLine));
    test.advance(1);
    assert!(test.requests.contains(&Request::CloseLine));
    test.forget_log();
    test.advance(3_600_000);
    assert_eq!(test.requests, []);
    test.command(Command::OpenPanel);
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn an_open_panel_keeps_the_line() {
    let mut test = TestSession::live();
    for _ in 0..20 {
        test.advance(30_000);
        test.platform(PlatformEvent::Alive(Lifetime::default()));
    }
    assert!(!test.requests.contains(&Request::CloseLine));
}

/// A session whose line broke three times before it was configured, and that acts on the third.
fn refused_three_times() -> TestSession {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    for _ in 0..3 {
        test.forget_log();
        test.lose_line();
        test.advance_until_asked(120_000);
    }
    test
}

#[test]
fn a_configuration_that_fails_five_times_in_half_a_minute_is_left_alone_for_half_a_minute() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    let mut failed_at = Vec::new();
    for _ in 0..5 {
        test.advance_until_asked(60_000);
        assert_eq!(test.take_requests(), [Request::LoadDeployment]);
        failed_at.push(test.now_ms);
        test.platform(PlatformEvent::DeploymentFailed(Failure::Network));
    }
    assert!(failed_at[4] - failed_at[0] < 30_000, "{failed_at:?}");
    for _ in 0..4 {
        // However hopeful.
        test.environment(Environment::Online);
        test.advance(7_000);
    }
    assert_eq!(test.take_requests(), []);
    test.advance_until_asked(120_000);
    assert!(test.now_ms >= failed_at[4] + 30_000);
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
}
