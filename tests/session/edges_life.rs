//! Beginnings, ends and the page at their edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, Environment, PlatformEvent};
use guest_messenger::session::output::{Event, Request};

use crate::harness::{TestSession, configured, deployment, record};

#[test]
fn a_page_that_was_hidden_for_more_than_half_a_minute_asks_whether_the_line_is_alive() {
    for (absence_ms, asked) in [(30_000, vec![]), (30_001, vec![Request::Probe])] {
        let mut test = TestSession::live();
        test.environment(Environment::Hidden);
        test.advance(absence_ms);
        test.environment(Environment::Visible);
        assert_eq!(test.requests, asked);
    }
}

#[test]
fn a_page_that_was_never_hidden_has_missed_nothing_when_it_is_seen() {
    let mut test = TestSession::live();
    test.advance(31_000);
    test.environment(Environment::Visible);
    assert_eq!(test.requests, []);
}

#[test]
fn a_kept_conversation_has_joined_where_the_deployment_starts_by_itself() {
    let mut test = TestSession::started(Some(record()));
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(Deployment { auto_start: true, ..deployment() }));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(false)));
    test.forget_log();
    test.command(Command::Compose { has_text: true });
    assert_eq!(test.requests, [Request::Typing]);
}

#[test]
fn a_conversation_that_goes_on_is_told_as_started_and_not_as_new() {
    let mut test = TestSession::resumed();
    assert!(test.events.contains(&Event::Started { is_new: false }));
    test.forget_log();
    test.platform(PlatformEvent::Configured(configured(false)));
    assert!(!test.events.contains(&Event::Started { is_new: false }), "on the same line it is told once");
}

#[test]
fn clearing_is_offered_only_on_a_line_in_a_conversation_of_a_deployment_that_allows_it() {
    assert!(TestSession::live().view().can_clear);
    let forbidden = TestSession::live_with(Deployment { allows_clear: false, ..deployment() });
    assert!(!forbidden.view().can_clear);
    let mut broken = TestSession::live();
    broken.lose_line();
    assert!(!broken.view().can_clear);
    let mut ended = TestSession::live();
    ended.platform(PlatformEvent::Expired);
    assert!(!ended.view().can_clear);
}

#[test]
fn clearing_without_a_line_is_refused_and_asks_for_nothing() {
    let mut test = TestSession::live();
    test.lose_line();
    test.forget_log();
    test.command(Command::Clear);
    assert!(test.events.contains(&Event::Error(ChatError::CLEAR_REFUSED)));
    assert_eq!(test.requests, []);
}
