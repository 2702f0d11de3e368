//! Beginnings, ends and the page at their edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::deployment::Deployment;
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
