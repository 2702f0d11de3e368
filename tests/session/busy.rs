//! A platform that asks to wait for long.

use guest_messenger::session::input::{Command, Failure, PlatformEvent, RejectionReason};
use guest_messenger::session::view::Banner;

use crate::harness::TestSession;

fn busy(span_s: u64) -> Failure {
    Failure::Busy { retry_after_ms: Some(span_s * 1_000) }
}

#[test]
fn a_long_wait_for_the_connection_is_told_as_one() {
    for (span_s, banner) in [(20, Banner::Connecting), (900, Banner::Busy)] {
        let mut test = TestSession::fresh();
        test.command(Command::OpenPanel);
        test.platform(PlatformEvent::DeploymentFailed(busy(span_s)));
        test.advance(3_000);
        assert_eq!(test.view().banner, Some(banner));
    }
}

#[test]
fn a_long_wait_for_a_message_is_told_as_one() {
    for (span_s, banner) in [(20, Banner::Slowed), (900, Banner::Busy)] {
        let mut test = TestSession::live();
        let sent = test.send("Hello");
        test.reject(Some(&sent), RejectionReason::TooFast { retry_after_ms: Some(span_s * 1_000) });
        assert_eq!(test.view().banner, Some(banner));
    }
}

#[test]
fn messages_that_wait_long_for_the_history_have_their_notice() {
    let mut test = TestSession::resumed();
    test.platform(PlatformEvent::HistoryFailed(busy(900)));
    assert_eq!(test.view().banner, None, "nobody waits");
    test.forget_log();
    test.command(Command::SendText("Hello".to_owned()));
    assert_eq!(test.view().banner, Some(Banner::Busy));
}

#[test]
fn half_a_minute_is_not_long() {
    for (span_ms, banner) in [(30_000, Banner::Slowed), (30_001, Banner::Busy)] {
        let mut test = TestSession::live();
        let sent = test.send("Hello");
        test.reject(Some(&sent), RejectionReason::TooFast { retry_after_ms: Some(span_ms) });
        assert_eq!(test.view().banner, Some(banner));
    }
}
