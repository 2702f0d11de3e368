//! Credentials over REST and on the socket (guest API reference, section 13).

use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpCall, WireAction, WireInput};
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, Grant, Input};
use guest_messenger::session::output::Event;
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::view::{EndReason, Phase};

use crate::harness::{CONFIG, CONFIGURED, TestEngine};

const TOKEN: &str = "https://api.mypurecloud.ie/api/v2/webdeployments/token/";
const UNAUTHORIZED: &str = r#"{"type":"response","class":"string","code":401,"body":"User is unauthorized"}"#;

fn code() -> Grant {
    let text = r#"{"code":"the-code","redirectUri":"https://shop.example.test/cb","codeVerifier":"the-verifier"}"#;
    Grant(Redacted::new(text))
}

fn config() -> String {
    CONFIG.replacen('{', r#"{"auth":{"enabled":true,"allowSessionUpgrade":true},"#, 1)
}

/// The page has given this; the exchange is asked for.
fn exchanging(grant: Grant) -> (TestEngine, HttpCall) {
    let mut test = TestEngine::fresh();
    test.command(Command::OfferSignIn);
    test.command(Command::OpenPanel);
    let call = test.take_call();
    test.answer(&call, 200, &config());
    test.session(Input::Grant(Some(grant)));
    let call = test.take_call();
    (test, call)
}

fn signed_in() -> TestEngine {
    let (mut test, call) = exchanging(code());
    test.answer(&call, 200, r#"{"jwt":"jwt-1","refreshToken":"refresh-1"}"#);
    test.wire(WireInput::SocketOpened);
    test.receive(CONFIGURED);
    test.actions.clear();
    test
}

fn body(call: &HttpCall) -> Json {
    json::parse(call.body.as_ref().unwrap().expose()).unwrap()
}

fn code_of(frame: &Json) -> Option<String> {
    frame.get("data").and_then(|data| data.text("code")).map(str::to_owned)
}

#[test]
fn a_code_is_exchanged_and_the_session_configured_with_what_comes() {
    let (mut test, call) = exchanging(code());
    assert_eq!((call.method, call.url.as_str()), ("POST", &*format!("{TOKEN}oauthcodegrantjwtexchange")));
    assert_eq!(call.headers, [("Content-Type", Redacted::new("application/json"))]);
    let sent = body(&call);
    assert_eq!(sent.text("deploymentId"), Some("7d1c2f0e-5b1a"));
    let oauth = sent.get("oauth").unwrap();
    assert_eq!(oauth.text("code"), Some("the-code"));
    assert_eq!(oauth.text("redirectUri"), Some("https://shop.example.test/cb"));
    assert_eq!(oauth.text("codeVerifier"), Some("the-verifier"));
    test.answer(&call, 200, r#"{"jwt":"jwt-1","refreshToken":"refresh-1"}"#);
    test.wire(WireInput::SocketOpened);
    let frame = test.take_frame();
    assert_eq!(frame.text("action"), Some("configureAuthenticatedSession"));
    assert_eq!(frame.text("token"), Some("guest-token"));
    assert_eq!(code_of(&frame).as_deref(), Some("jwt-1"));
}

#[test]
fn the_implicit_flow_sends_id_token_and_nonce() {
    let (_, call) = exchanging(Grant(Redacted::new(r#"{"idToken":"the-id","nonce":"the-nonce"}"#)));
    let sent = body(&call);
    let oauth = sent.get("oauth").unwrap();
    assert_eq!(
        (oauth.text("idToken"), oauth.text("nonce"), oauth.text("code")),
        (Some("the-id"), Some("the-nonce"), None)
    );
}

#[test]
fn an_exchange_without_a_jwt_has_failed() {
    for (status, answer) in [(200, "{}"), (200, r#"{"jwt":""}"#), (401, "{}"), (500, "")] {
        let (mut test, call) = exchanging(code());
        test.answer(&call, status, answer);
        assert!(test.events.contains(&Event::Error(ChatError::SIGN_IN_REFUSED)), "{status} {answer}");
        test.wire(WireInput::SocketOpened);
        assert_eq!(test.take_frame().text("action"), Some("configureSession"));
    }
}

#[test]
fn a_refused_configuration_renews_with_both_fields_and_is_repeated() {
    let mut test = signed_in();
    test.wire(WireInput::SocketClosed(1006));
    test.advance(2_000);
    test.wire(WireInput::SocketOpened);
    test.actions.clear();
    test.receive(UNAUTHORIZED);
    let call = test.take_call();
    assert_eq!((call.method, call.url.as_str()), ("POST", &*format!("{TOKEN}refresh")));
    let sent = body(&call);
    assert_eq!((sent.text("refreshToken"), sent.text("deploymentId")), (Some("refresh-1"), Some("7d1c2f0e-5b1a")));
    test.answer(&call, 200, r#"{"jwt":"jwt-2"}"#);
    assert_eq!(code_of(&test.take_frame()).as_deref(), Some("jwt-2"));
    test.receive(UNAUTHORIZED);
    let call = test.take_call();
    assert_eq!(body(&call).text("refreshToken"), Some("refresh-1"), "kept when no new one comes");
    test.answer(&call, 200, r#"{"jwt":"jwt-3","refreshToken":"refresh-3"}"#);
    test.receive(UNAUTHORIZED);
    assert_eq!(body(&test.take_call()).text("refreshToken"), Some("refresh-3"));
}

#[test]
fn a_session_of_a_users_that_is_asked_for_anonymously_is_given_up() {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    test.answer(&call, 200, &config());
    test.wire(WireInput::SocketOpened);
    test.receive(r#"{"type":"response","class":"string","code":4017,"body":"Cannot downgrade"}"#);
    assert_eq!(test.engine.view().phase, Phase::Ended(EndReason::LoggedOut));
}

#[test]
fn logging_out_revokes_with_the_jwt_as_bearer() {
    let mut test = signed_in();
    test.command(Command::LogOut);
    let call = test.take_call();
    assert_eq!((call.method, call.url.as_str()), ("DELETE", &*format!("{TOKEN}revoke")));
    assert_eq!(call.headers, [("Authorization", Redacted::new("bearer jwt-1"))]);
    test.answer(&call, 204, "");
    assert_eq!(test.engine.view().phase, Phase::Ended(EndReason::LoggedOut));
}

#[test]
fn a_sign_out_refused_for_a_stale_jwt_is_renewed_three_times_at_most() {
    let mut test = signed_in();
    test.command(Command::LogOut);
    for _ in 0..3 {
        let revoke = test.take_call();
        assert_eq!(revoke.method, "DELETE");
        test.answer(&revoke, 401, "");
        let refresh = test.take_call();
        assert_eq!(refresh.url, format!("{TOKEN}refresh"));
        test.answer(&refresh, 200, r#"{"jwt":"jwt-2"}"#);
    }
    let revoke = test.take_call();
    assert_eq!(revoke.headers, [("Authorization", Redacted::new("bearer jwt-2"))]);
    test.answer(&revoke, 401, "");
    assert_eq!(test.engine.view().phase, Phase::Ended(EndReason::LoggedOut));
}

#[test]
fn whatever_the_platform_says_to_a_sign_out_the_visitor_is_out() {
    for status in [401, 403, 500] {
        let mut test = signed_in();
        test.command(Command::LogOut);
        let revoke = test.take_call();
        test.answer(&revoke, status, "");
        if status == 401 {
            let refresh = test.take_call();
            test.answer(&refresh, 401, "");
        }
        assert_eq!(test.engine.view().phase, Phase::Ended(EndReason::LoggedOut), "{status}");
    }
}

#[test]
fn the_answer_to_a_sign_out_does_not_end_the_conversation_after_it() {
    let mut test = signed_in();
    test.command(Command::LogOut);
    let revoke = test.take_call();
    test.receive(r#"{"type":"message","class":"LogoutEvent","code":200,"body":{}}"#);
    test.command(Command::StartNew);
    test.session(Input::Grant(None));
    test.wire(WireInput::SocketOpened);
    test.receive(CONFIGURED);
    test.answer(&revoke, 204, "");
    assert_eq!(test.engine.view().phase, Phase::Live);
}

#[test]
fn after_logging_out_the_next_session_is_configured_without_credentials() {
    let mut test = signed_in();
    test.receive(r#"{"type":"message","class":"LogoutEvent","code":200,"body":{}}"#);
    test.command(Command::StartNew);
    test.session(Input::Grant(None));
    test.actions.clear();
    test.wire(WireInput::SocketOpened);
    assert_eq!(test.take_frame().text("action"), Some("configureSession"));
}

#[test]
fn no_secret_of_a_sign_in_can_be_printed() {
    let (mut test, call) = exchanging(code());
    let mut printed = format!("{call:?}{:?}", code());
    test.answer(&call, 200, r#"{"jwt":"jwt-1","refreshToken":"refresh-1"}"#);
    test.wire(WireInput::SocketOpened);
    let frames = test.actions.iter().filter(|action| matches!(action, WireAction::SendFrame(_)));
    for frame in frames {
        printed.push_str(&format!("{frame:?}"));
    }
    printed.push_str(&format!("{:?}{:?}", test.engine, test.events));
    for secret in ["the-code", "the-verifier", "jwt-1", "refresh-1"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}

#[test]
fn a_renewal_that_the_platform_is_too_busy_for_is_tried_again_and_a_refused_one_is_not() {
    for (status, is_tried_again) in [(408, true), (429, true), (500, true), (0, true), (400, false), (403, false)] {
        let mut test = signed_in();
        test.wire(WireInput::SocketClosed(1006));
        test.advance(2_000);
        test.wire(WireInput::SocketOpened);
        test.actions.clear();
        test.receive(UNAUTHORIZED);
        let call = test.take_call();
        test.answer(&call, status, "");
        let calls = test.take_calls().iter().filter(|call| call.url.ends_with("/refresh")).count();
        assert_eq!(calls == 1, is_tried_again, "{status}");
    }
}

#[test]
fn credentials_that_come_with_a_refusal_are_none() {
    let (mut test, call) = exchanging(code());
    test.answer(&call, 403, r#"{"jwt":"jwt-1"}"#);
    assert!(test.events.contains(&Event::Error(ChatError::SIGN_IN_REFUSED)));
    test.wire(WireInput::SocketOpened);
    assert_eq!(test.take_frame().text("action"), Some("configureSession"));
}

#[test]
fn the_answer_to_a_sign_out_brings_no_credentials() {
    let mut test = signed_in();
    test.command(Command::LogOut);
    let revoke = test.take_call();
    test.answer(&revoke, 200, r#"{"jwt":"jwt-2"}"#);
    assert_eq!(test.engine.view().phase, Phase::Ended(EndReason::LoggedOut));
}
