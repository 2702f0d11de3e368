//! Two tabs that begin a conversation in the same moment: one takes the token of the other, as long as there is time.

use guest_messenger::session::input::{Command, Input, PlatformEvent};
use guest_messenger::session::output::Request;

use crate::harness::{TestSession, configured, deployment, token};

/// A tab that has made itself a token and is about to connect.
fn beginning_tab() -> TestSession {
    let mut test = TestSession::idle_tab();
    test.command(Command::OpenPanel);
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
    test
}

fn configure(name: &str) -> Request {
    Request::Configure { token: token(name), start_new: false }
}

#[test]
fn a_tab_that_has_not_connected_yet_takes_the_conversation_that_another_begins_in_the_same_moment() {
    let mut test = beginning_tab();
    test.input(Input::Token(token("other")));
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.advance(150);
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(test.take_requests(), [Request::OpenLine, configure("other")]);
}

#[test]
fn so_does_one_that_has_its_configuration_and_asks_who_connects() {
    let mut test = beginning_tab();
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.input(Input::Token(token("other")));
    test.advance(150);
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(test.take_requests(), [Request::OpenLine, configure("other")]);
}

#[test]
fn a_tab_that_opens_its_line_keeps_its_conversation_whatever_another_begins() {
    let mut test = beginning_tab();
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.advance(150);
    test.input(Input::Token(token("other")));
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(test.take_requests(), [Request::OpenLine, configure("made")]);
}

#[test]
fn a_conversation_that_the_platform_knows_is_kept_over_a_break() {
    let mut test = TestSession::holding_tab();
    test.lose_line();
    test.input(Input::Token(token("other")));
    test.forget_log();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(test.take_requests(), [Request::OpenLine, configure("kept")]);
}

#[test]
fn what_was_written_meanwhile_is_kept_and_sent_in_the_conversation_that_is_joined() {
    let mut test = beginning_tab();
    test.command(Command::SendText("hello".to_owned()));
    let before = test.kept[0].conversation;
    test.input(Input::Token(token("other")));
    assert_ne!(test.kept[0].conversation, before);
    assert_eq!(test.kept[0].conversation, Some(test.session.tag()));
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.advance(150);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(false)));
    test.history(Vec::new());
    assert_eq!(test.sent_messages().len(), 1);
}
