//! Visitors whom the page signs in.

use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, Configured, Failure, Grant, Input, PlatformEvent, RejectionReason};
use guest_messenger::session::output::{Effect, Event, Request};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::view::{EndReason, Phase};

use crate::harness::{TestSession, configured, deployment, record, token};

fn grant() -> Grant {
    Grant(Redacted::new("ada"))
}

fn signing() -> Deployment {
    Deployment { signs_in: true, allows_step_up: true, ..deployment() }
}

fn configure() -> Request {
    Request::Configure { token: token("made"), start_new: false }
}

/// The page can sign in, the deployment is loaded, nothing else has happened.
fn opened(deployment: Deployment) -> TestSession {
    let mut test = TestSession::fresh();
    test.command(Command::OfferSignIn);
    test.command(Command::OpenPanel);
    test.forget_log();
    test.platform(PlatformEvent::DeploymentLoaded(deployment));
    test
}

/// Nobody was signed in, and the conversation is a stranger's.
fn anonymous(deployment: Deployment) -> TestSession {
    let mut test = opened(deployment);
    test.input(Input::Grant(None));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.forget_log();
    test
}

fn signed_in() -> TestSession {
    let mut test = opened(signing());
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.forget_log();
    test
}

#[test]
fn before_the_first_connection_the_page_says_who_the_visitor_is() {
    let mut test = opened(signing());
    assert_eq!((test.effects.clone(), test.take_requests()), (vec![Effect::AskSignIn], vec![]));
    test.input(Input::Grant(Some(grant())));
    assert_eq!(test.take_requests(), [Request::SignIn(grant())]);
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [Request::OpenLine]);
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(test.take_requests(), [configure()]);
    test.platform(PlatformEvent::Configured(configured(true)));
    assert_eq!(test.events.iter().filter(|event| **event == Event::Authenticated).count(), 1);
    assert_eq!(test.effects.iter().filter(|effect| **effect == Effect::AskSignIn).count(), 1);
}

#[test]
fn where_nobody_is_signed_in_the_conversation_is_a_strangers() {
    let mut test = opened(signing());
    test.input(Input::Grant(None));
    assert_eq!(test.take_requests(), [Request::OpenLine]);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    assert_eq!(test.view().phase, Phase::Live);
    assert!(!test.events.contains(&Event::Authenticated));
    assert!(!test.events.iter().any(|event| matches!(event, Event::Error(_))));
}

#[test]
fn a_deployment_without_sign_in_asks_nobody() {
    let test = opened(deployment());
    assert_eq!((test.effects.clone(), test.requests.clone()), (vec![], vec![Request::OpenLine]));
}

#[test]
fn a_page_that_takes_its_time_does_not_hold_the_conversation_up_for_good() {
    let mut test = opened(signing());
    test.advance(14_999);
    assert_eq!(test.take_requests(), []);
    test.advance(1);
    assert_eq!(test.take_requests(), [Request::OpenLine]);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.forget_log();
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [Request::SignIn(grant()), configure()], "later it steps up");
}

#[test]
fn a_grant_that_the_platform_refuses_is_told_and_the_conversation_is_a_strangers() {
    let mut test = opened(signing());
    test.input(Input::Grant(Some(grant())));
    test.forget_log();
    test.platform(PlatformEvent::SignInFailed(Failure::Refused));
    assert_eq!(test.take_requests(), [Request::ForgetSignIn, Request::OpenLine]);
    assert!(test.events.contains(&Event::Error(ChatError::SIGN_IN_REFUSED)));
}

#[test]
fn who_signs_in_later_steps_up_on_the_same_line_with_the_same_token() {
    let mut test = anonymous(signing());
    test.command(Command::SignIn);
    assert_eq!(test.effects, [Effect::AskSignIn]);
    test.command(Command::SignIn);
    assert_eq!(test.effects, [Effect::AskSignIn], "asked once");
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [Request::SignIn(grant()), configure()]);
    test.command(Command::SendText("meanwhile".to_owned()));
    assert_eq!(test.take_requests(), [], "nothing is said in between");
    test.platform(PlatformEvent::Configured(configured(false)));
    assert!(test.events.contains(&Event::Authenticated));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    test.history(Vec::new());
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn where_stepping_up_is_not_allowed_signing_in_is_refused_and_nothing_changes() {
    let mut test = anonymous(Deployment { allows_step_up: false, ..signing() });
    test.command(Command::SignIn);
    assert_eq!(test.effects, []);
    assert!(test.events.contains(&Event::Error(ChatError::SIGN_IN_REFUSED)));
    assert_eq!(test.view().phase, Phase::Live);
}

#[test]
fn a_step_up_that_the_platform_refuses_leaves_the_stranger_where_he_was() {
    let mut test = anonymous(signing());
    test.command(Command::SignIn);
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    for _ in 0..3 {
        test.forget_log();
        test.reject(None, RejectionReason::Authentication);
        assert_eq!(test.take_requests(), [Request::RefreshSignIn]);
        test.platform(PlatformEvent::SignedIn);
        assert_eq!(test.take_requests(), [configure()]);
    }
    test.forget_log();
    test.reject(None, RejectionReason::Authentication);
    assert_eq!(test.take_requests(), [Request::ForgetSignIn, configure()]);
    assert_eq!(test.events, [Event::Error(ChatError::SIGN_IN_REFUSED)]);
    test.platform(PlatformEvent::Configured(configured(false)));
    assert_eq!(test.view().phase, Phase::Live);
}

#[test]
fn a_page_without_sign_in_is_told_its_mistake() {
    let mut test = TestSession::live();
    test.command(Command::SignIn);
    assert_eq!(test.events, [Event::Error(ChatError::NO_SIGN_IN)]);
}

#[test]
fn stale_credentials_are_renewed_and_the_configuration_repeated() {
    let mut test = signed_in();
    test.lose_line();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.forget_log();
    test.reject(None, RejectionReason::Authentication);
    assert_eq!(test.take_requests(), [Request::RefreshSignIn]);
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [configure()]);
    test.platform(PlatformEvent::Configured(configured(false)));
    assert_eq!(test.view().phase, Phase::Live);
}

#[test]
fn when_renewing_fails_three_times_the_page_is_asked_again_and_once() {
    let mut test = signed_in();
    test.lose_line();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.forget_log();
    test.reject(None, RejectionReason::Authentication);
    for _ in 0..3 {
        assert_eq!(test.take_requests(), [Request::RefreshSignIn]);
        test.platform(PlatformEvent::SignInFailed(Failure::Network));
    }
    assert_eq!((test.take_requests(), test.effects.clone()), (vec![], vec![Effect::AskSignIn]));
    test.input(Input::Grant(Some(grant())));
    assert_eq!(test.take_requests(), [Request::SignIn(grant())]);
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [configure()]);
}

#[test]
fn without_credentials_a_users_session_has_expired_with_everything_still_there() {
    let mut test = signed_in();
    test.agent_says("a", "earlier");
    test.command(Command::SendText("unsent".to_owned()));
    test.lose_line();
    test.forget_log();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.reject(None, RejectionReason::Authentication);
    test.platform(PlatformEvent::SignInFailed(Failure::Refused));
    test.input(Input::Grant(None));
    assert_eq!(test.view().phase, Phase::Ended(EndReason::Expired));
    assert_eq!(test.lines(), ["agent: earlier (sent)", "guest: unsent (failed)"]);
}

#[test]
fn a_message_refused_for_stale_credentials_is_sent_again_after_renewing() {
    let mut test = signed_in();
    let sent = test.send("Hello");
    test.reject(Some(&sent), RejectionReason::Authentication);
    assert_eq!(test.take_requests(), [Request::RefreshSignIn]);
    test.platform(PlatformEvent::SignedIn);
    test.platform(PlatformEvent::Configured(configured(false)));
    test.history(Vec::new());
    test.forget_log();
    test.advance(2_000);
    assert_eq!(test.sent(), sent);
    assert_eq!(test.lines(), ["guest: Hello (sending)"]);
}

#[test]
fn a_kept_session_that_turns_out_to_be_a_users_is_had_again_through_the_page() {
    let mut test = TestSession::started(Some(record()));
    test.command(Command::OfferSignIn);
    test.platform(PlatformEvent::DeploymentLoaded(signing()));
    test.input(Input::Grant(None));
    test.platform(PlatformEvent::LineOpened);
    test.forget_log();
    test.reject(None, RejectionReason::SignInNeeded);
    assert_eq!((test.take_requests(), test.effects.clone()), (vec![Request::CloseLine], vec![Effect::AskSignIn]));
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [Request::SignIn(grant()), Request::OpenLine]);
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(test.take_requests(), [Request::Configure { token: token("kept"), start_new: false }]);
}

#[test]
fn a_users_session_on_a_page_that_cannot_sign_in_is_forgotten() {
    let mut test = TestSession::started(Some(record()));
    test.platform(PlatformEvent::DeploymentLoaded(signing()));
    test.platform(PlatformEvent::LineOpened);
    test.reject(None, RejectionReason::SignInNeeded);
    assert_eq!(test.view().phase, Phase::Ended(EndReason::LoggedOut));
    assert!(test.effects.contains(&Effect::Forget));
}

#[test]
fn logging_out_revokes_first_and_then_leaves_nothing() {
    let mut test = signed_in();
    test.agent_says("a", "private");
    test.forget_log();
    test.command(Command::LogOut);
    assert_eq!(test.take_requests(), [Request::Revoke]);
    assert_eq!(test.view().phase, Phase::Live);
    test.platform(PlatformEvent::LoggedOut);
    assert_eq!(test.view().phase, Phase::Ended(EndReason::LoggedOut));
    assert!(test.view().transcript.is_empty());
    assert!(test.requests.contains(&Request::ForgetSignIn));
    assert!(test.effects.contains(&Effect::Forget));
    test.platform(PlatformEvent::LoggedOut);
    assert_eq!(test.events.iter().filter(|event| matches!(event, Event::Ended { .. })).count(), 1);
}

#[test]
fn a_stranger_who_logs_out_leaves_nothing_either() {
    let mut test = anonymous(signing());
    test.command(Command::LogOut);
    assert_eq!(test.view().phase, Phase::Ended(EndReason::LoggedOut));
    assert!(test.effects.contains(&Effect::Forget));
}

#[test]
fn a_new_conversation_after_logging_out_asks_the_page_anew() {
    let mut test = signed_in();
    test.platform(PlatformEvent::LoggedOut);
    test.forget_log();
    test.command(Command::StartNew);
    assert_eq!((test.effects.clone(), test.take_requests()), (vec![Effect::AskSignIn], vec![]));
    test.input(Input::Grant(None));
    assert_eq!(test.take_requests(), [Request::OpenLine]);
}

#[test]
fn a_sign_in_elsewhere_forgets_the_credentials_too() {
    let mut test = signed_in();
    test.platform(PlatformEvent::ClosedElsewhere { signed_in: true });
    assert!(test.requests.contains(&Request::ForgetSignIn));
    assert_eq!(test.view().phase, Phase::Ended(EndReason::SignedInElsewhere));
}

#[test]
fn a_grant_that_comes_while_the_session_is_being_configured_waits_for_that() {
    let mut test = opened(signing());
    test.advance(15_000);
    test.platform(PlatformEvent::LineOpened);
    test.input(Input::Grant(Some(grant())));
    test.forget_log();
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), []);
    test.platform(PlatformEvent::Configured(Configured { ..configured(true) }));
    assert_eq!(test.take_requests(), [configure()]);
    assert!(!test.events.contains(&Event::Authenticated), "not yet");
    test.platform(PlatformEvent::Configured(configured(false)));
    assert!(test.events.contains(&Event::Authenticated));
}

#[test]
fn a_users_session_waits_for_the_page_also_when_the_line_breaks_meanwhile() {
    let mut test = signed_in();
    test.lose_line();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.reject(None, RejectionReason::Authentication);
    test.platform(PlatformEvent::SignInFailed(Failure::Refused));
    test.forget_log();
    test.lose_line();
    test.advance(10_000);
    assert_eq!(test.take_requests(), []);
    test.input(Input::Grant(Some(grant())));
    test.platform(PlatformEvent::SignedIn);
    assert_eq!(test.take_requests(), [Request::SignIn(grant()), Request::OpenLine]);
}
