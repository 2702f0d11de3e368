//! Ends and new beginnings.

use guest_messenger::session::error::ChatError;
use guest_messenger::session::ids::ServerId;
use guest_messenger::session::input::{Command, Configured, Input, PlatformEvent, RejectionReason, TabNews};
use guest_messenger::session::output::{Diff, Effect, Event, Request};
use guest_messenger::session::view::{EndReason, Phase};

use crate::harness::{TestSession, configured, token};

fn agent_ends(test: &mut TestSession, read_only: bool) {
    let id = Some(ServerId("end".to_owned()));
    test.platform(PlatformEvent::Ended { read_only, id, time: None });
}

#[test]
fn an_agent_who_ends_the_conversation_for_good_leaves_it_to_be_read_only() {
    let mut test = TestSession::live();
    agent_ends(&mut test, true);
    assert_eq!(test.view().phase, Phase::ReadOnly);
    assert!(!test.view().phase.can_write());
    assert!(test.events.contains(&Event::Ended { reason: "read_only" }));
    assert_eq!(test.session.check_text("hello"), Err(ChatError::NOT_SENDABLE));
}

#[test]
fn an_agent_who_only_leaves_lets_the_guest_write_on() {
    let mut test = TestSession::live();
    agent_ends(&mut test, false);
    assert_eq!(test.view().phase, Phase::Live);
    test.send("one more thing");
}

#[test]
fn what_waits_when_the_conversation_becomes_read_only_is_shown_as_not_sent() {
    let mut test = TestSession::live();
    test.lose_line();
    test.command(Command::SendText("wait".to_owned()));
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(Configured { is_read_only: true, ..configured(false) }));
    assert_eq!(test.lines(), ["guest: wait (failed)"]);
    assert_eq!(test.view().phase, Phase::ReadOnly);
}

#[test]
fn a_new_chat_after_a_read_only_one_closes_the_old_and_starts_with_the_same_token() {
    let mut test = TestSession::live();
    agent_ends(&mut test, true);
    test.forget_log();
    test.command(Command::StartNew);
    assert_eq!(test.take_requests(), [Request::CloseConversation]);
    test.platform(PlatformEvent::Configured(Configured {
        is_connected: false,
        is_read_only: true,
        ..configured(true)
    }));
    assert_eq!(test.take_requests(), [Request::Configure { token: token("made"), start_new: true }]);
    test.platform(PlatformEvent::Configured(configured(true)));
    assert_eq!(test.view().phase, Phase::Live);
    test.send("a new question");
}

#[test]
fn a_new_chat_asked_for_while_the_line_is_down_begins_when_it_is_up() {
    let mut test = TestSession::live();
    agent_ends(&mut test, true);
    test.lose_line();
    test.command(Command::StartNew);
    test.forget_log();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.forget_log();
    test.platform(PlatformEvent::Configured(Configured { is_read_only: true, ..configured(false) }));
    assert_eq!(test.take_requests(), [Request::CloseConversation]);
}

#[test]
fn a_close_that_is_never_answered_is_tried_again_on_a_new_line() {
    let mut test = TestSession::live();
    agent_ends(&mut test, true);
    test.command(Command::StartNew);
    test.forget_log();
    test.advance(10_000);
    assert_eq!(test.take_requests(), [Request::CloseLine]);
}

#[test]
fn clearing_wipes_transcript_and_identity_and_tells_the_other_tabs() {
    let mut test = TestSession::live();
    test.agent_says("a", "secret");
    test.command(Command::Clear);
    assert!(test.requests.contains(&Request::Clear));
    assert!(!test.view().transcript.is_empty(), "not before the platform has cleared it");
    test.forget_log();
    test.platform(PlatformEvent::Cleared);
    assert!(test.view().transcript.is_empty());
    assert_eq!(test.effects, [Effect::Share(TabNews::Cleared), Effect::Forget]);
    assert!(test.diffs.contains(&Diff::Reset));
    assert!(test.events.contains(&Event::Cleared));
}

#[test]
fn after_clearing_nothing_connects_until_the_visitor_writes_and_then_as_a_stranger() {
    let mut test = TestSession::live();
    test.command(Command::Clear);
    test.platform(PlatformEvent::Cleared);
    test.platform(PlatformEvent::ClosedElsewhere { signed_in: false });
    test.forget_log();
    test.advance(600_000);
    assert_eq!(test.requests, []);
    test.command(Command::SendText("hello again".to_owned()));
    assert_eq!(test.requests, [Request::OpenLine]);
    assert!(test.view().phase == Phase::Starting);
}

#[test]
fn messages_under_way_when_the_conversation_is_cleared_are_never_sent() {
    let mut test = TestSession::live();
    for text in ["one", "two", "three"] {
        test.command(Command::SendText(text.to_owned()));
    }
    test.forget_log();
    test.platform(PlatformEvent::Cleared);
    test.advance(600_000);
    assert_eq!(test.sent_messages(), []);
    assert_eq!(
        test.events.iter().filter(|event| matches!(event, Event::Delivery { delivery: "failed", .. })).count(),
        3
    );
}

#[test]
fn a_conversation_cleared_in_another_tab_is_gone_here_too() {
    let mut test = TestSession::live();
    test.agent_says("a", "secret");
    test.forget_log();
    test.input(Input::Tab(TabNews::Cleared));
    assert!(test.view().transcript.is_empty());
    assert_eq!(test.effects, [Effect::Forget], "told once, by the tab that cleared");
}

#[test]
fn a_deployment_that_forbids_clearing_is_told_and_keeps_everything() {
    let mut test = TestSession::live();
    test.agent_says("a", "kept");
    test.command(Command::Clear);
    test.reject(None, RejectionReason::ClearNotAllowed);
    assert!(test.events.contains(&Event::Error(ChatError::CLEAR_REFUSED)));
    assert_eq!(test.lines(), ["agent: kept (sent)"]);
}

#[test]
fn an_expired_session_ends_with_its_transcript_still_to_be_read() {
    let mut test = TestSession::live();
    test.agent_says("a", "earlier");
    test.command(Command::SendText("unsent".to_owned()));
    test.forget_log();
    test.platform(PlatformEvent::Expired);
    assert_eq!(test.view().phase, Phase::Ended(EndReason::Expired));
    assert_eq!(test.lines(), ["agent: earlier (sent)", "guest: unsent (failed)"]);
    assert!(test.effects.contains(&Effect::Forget));
    assert_eq!(test.requests, [Request::CloseLine]);
}

#[test]
fn a_new_chat_after_expiry_is_a_strangers_and_keeps_only_what_was_never_sent() {
    let mut test = TestSession::live();
    test.agent_says("a", "earlier");
    test.command(Command::SendText("unsent".to_owned()));
    test.platform(PlatformEvent::Expired);
    test.forget_log();
    test.command(Command::StartNew);
    assert_eq!(test.lines(), ["guest: unsent (failed)"]);
    assert_eq!(test.take_requests(), [Request::OpenLine]);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.forget_log();
    let entry = test.entry("unsent");
    test.command(Command::Retry(entry));
    test.advance(1_000);
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn a_session_that_the_platform_does_not_know_has_expired() {
    let mut test = TestSession::live();
    test.reject(None, RejectionReason::SessionGone);
    assert_eq!(test.view().phase, Phase::Ended(EndReason::Expired));
}

#[test]
fn a_logout_wipes_what_was_said() {
    let mut test = TestSession::live();
    test.agent_says("a", "private");
    test.platform(PlatformEvent::LoggedOut);
    assert!(test.view().transcript.is_empty());
    assert_eq!(test.view().phase, Phase::Ended(EndReason::LoggedOut));
}

#[test]
fn a_connection_closed_for_another_stays_closed_until_it_is_used() {
    let mut test = TestSession::live();
    test.platform(PlatformEvent::ClosedElsewhere { signed_in: false });
    test.platform(PlatformEvent::LineClosed(1000));
    assert_eq!(test.view().phase, Phase::Elsewhere);
    test.forget_log();
    test.advance(600_000);
    assert_eq!(test.requests, []);
    test.command(Command::Compose { has_text: true });
    assert_eq!(test.requests, [Request::OpenLine]);
}

#[test]
fn a_sign_in_elsewhere_ends_the_session_and_its_token() {
    let mut test = TestSession::live();
    test.forget_log();
    test.platform(PlatformEvent::ClosedElsewhere { signed_in: true });
    assert_eq!(test.view().phase, Phase::Ended(EndReason::SignedInElsewhere));
    assert!(test.effects.contains(&Effect::Forget));
}

#[test]
fn whether_the_panel_is_open_is_kept_with_the_conversation() {
    let mut test = TestSession::live();
    test.command(Command::ClosePanel);
    let [Effect::Persist(record)] = test.effects.as_slice() else { panic!("{:?}", test.effects) };
    assert!(!record.panel_open);
}

#[test]
fn a_conversation_that_is_over_wakes_nobody() {
    let leave: [fn(&mut TestSession); 3] = [
        |test| test.command(Command::ClosePanel),
        |test| {
            let id = test.send("too fast");
            test.reject(Some(&id), RejectionReason::TooFast { retry_after_ms: Some(60_000) });
        },
        |test| {
            for _ in 0..2 {
                test.command(Command::Compose { has_text: true });
            }
        },
    ];
    for leave in leave {
        let mut test = TestSession::live();
        leave(&mut test);
        assert_ne!(test.session.poll_timeout(), None);
        test.platform(PlatformEvent::Expired);
        assert_eq!(test.session.poll_timeout(), None);
        test.command(Command::ClosePanel);
        assert_eq!(test.session.poll_timeout(), None);
    }
}
