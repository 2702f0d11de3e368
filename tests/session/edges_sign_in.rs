//! Signing in at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, Failure, Grant, Input, PlatformEvent, RejectionReason};
use guest_messenger::session::output::{Effect, Event, Request};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::view::Phase;

use crate::harness::{TestSession, configured, deployment, token};

fn grant() -> Grant {
    Grant(Redacted::new("ada"))
}

fn signing(allows_step_up: bool) -> Deployment {
    Deployment { signs_in: true, allows_step_up, ..deployment() }
}

fn configure() -> Request {
    Request::Configure { token: token("made"), start_new: false }
}

/// The page has been asked who the visitor is.
fn asked(allows_step_up: bool) -> TestSession {
    let mut test = TestSession::fresh();
    test.command(Command::OfferSignIn);
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(signing(allows_step_up)));
    assert!(test.effects.contains(&Effect::AskSignIn));
    test.forget_log();
    test
}

/// The visitor is known, and the line is up.
fn signed_in(allows_step_up: bool) -> TestSession {
    let mut test = asked(allows_step_up);
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.forget_log();
    test
}

/// The page has not answered in time: a stranger's conversation.
fn unanswered(allows_step_up: bool) -> TestSession {
    let mut test = asked(allows_step_up);
    test.advance(15_000);
    assert_eq!(test.take_requests(), [Request::OpenLine]);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.forget_log();
    test
}

fn refusals(test: &TestSession) -> usize {
    test.events.iter().filter(|event| **event == Event::Error(ChatError::SIGN_IN_REFUSED)).count()
}

#[test]
fn while_the_page_still_thinks_a_strangers_line_that_breaks_is_opened_again() {
    let mut test = unanswered(true);
    test.lose_line();
    test.advance_until_asked(10_000);
    assert_eq!(test.requests, [Request::OpenLine]);
    assert_eq!(test.effects, []);
}

#[test]
fn a_page_that_answers_too_late_that_nobody_is_signed_in_changes_nothing() {
    let mut test = unanswered(true);
    test.input(Input::Grant(None));
    assert_eq!((test.take_requests(), test.view().phase), (vec![], Phase::Live));
}

#[test]
fn a_page_that_answers_too_late_signs_nobody_in_where_stepping_up_is_not_allowed() {
    let mut test = unanswered(false);
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [Request::SignIn(grant()), Request::ForgetSignIn]);
    assert_eq!((refusals(&test), test.view().phase), (1, Phase::Live));
}

#[test]
fn credentials_that_come_while_a_stranger_is_configured_are_not_used_where_stepping_up_is_not_allowed() {
    let mut test = asked(false);
    test.advance(15_000);
    test.platform(PlatformEvent::LineOpened);
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    test.forget_log();
    test.platform(PlatformEvent::Configured(configured(true)));
    assert!(test.requests.contains(&Request::ForgetSignIn) && !test.requests.contains(&configure()));
    assert_eq!(refusals(&test), 1);
}

#[test]
fn who_is_signed_in_from_the_beginning_needs_no_leave_to_step_up() {
    let mut test = signed_in(false);
    test.lose_line();
    test.forget_log();
    test.reconnect();
    assert_eq!((refusals(&test), test.view().phase), (0, Phase::Live));
    test.platform(PlatformEvent::Rejected(guest_messenger::session::input::Rejection {
        client_id: None,
        reason: RejectionReason::Authentication,
    }));
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(refusals(&test), 0);
}

#[test]
fn a_grant_that_nobody_asked_for_is_not_used() {
    let mut test = signed_in(true);
    test.input(Input::Grant(Some(grant())));
    assert_eq!(test.take_requests(), []);
    test.platform(PlatformEvent::SignInFailed(Failure::Refused));
    test.platform(PlatformEvent::SignedIn);
    assert_eq!((test.take_requests(), refusals(&test)), (vec![], 0));
}

#[test]
fn an_offer_to_sign_in_that_is_repeated_does_not_ask_again() {
    let mut test = signed_in(true);
    test.command(Command::OfferSignIn);
    test.command(Command::SignIn);
    test.lose_line();
    test.advance_until_asked(10_000);
    assert_eq!((test.take_requests(), test.effects), (vec![Request::OpenLine], vec![]));
}

#[test]
fn who_signs_in_while_the_line_is_broken_is_signed_in_with_the_next_one() {
    let mut test = asked(true);
    test.input(Input::Grant(None));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.lose_line();
    test.forget_log();
    test.command(Command::SignIn);
    assert_eq!((test.effects.clone(), refusals(&test)), (vec![], 0));
    test.advance(10_000);
    assert_eq!(test.effects, [Effect::AskSignIn]);
    assert_eq!(test.take_requests(), [], "it waits for the page");
}

#[test]
fn a_users_configuration_that_cannot_be_loaded_again_is_no_reason_to_sign_anybody_out() {
    let mut test = signed_in(true);
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
    test.advance(15_000);
    assert!(!test.requests.contains(&Request::ForgetSignIn));
    assert_eq!(refusals(&test), 0);
}

#[test]
fn credentials_that_come_before_the_configuration_wait_for_it() {
    let mut test = asked(true);
    test.input(Input::Grant(Some(grant())));
    test.forget_log();
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [Request::OpenLine], "once");
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), []);
}

#[test]
fn that_somebody_is_signed_in_is_told_once() {
    let mut test = asked(true);
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.lose_line();
    test.requests.clear();
    test.reconnect();
    assert_eq!(test.events.iter().filter(|event| **event == Event::Authenticated).count(), 1);
}
