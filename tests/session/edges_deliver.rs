//! Sending at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::input::{PlatformEvent, RejectionReason};
use guest_messenger::session::output::Event;
use guest_messenger::session::view::Phase;

use crate::harness::TestSession;

#[test]
fn a_rate_limit_of_ten_minutes_is_kept_whole() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.reject(Some(&id), RejectionReason::TooFast { retry_after_ms: Some(600_000) });
    for _ in 0..19 {
        test.advance(30_000);
        test.platform(PlatformEvent::SignOfLife);
    }
    test.advance(29_999);
    assert_eq!(test.sent_messages(), []);
    test.advance(1);
    assert_eq!(test.sent(), id);
}

#[test]
fn nothing_waits_for_the_echo_of_a_message_that_has_arrived_or_failed() {
    let mut arrived = TestSession::live();
    let id = arrived.send("hello");
    arrived.echo(&id);
    let mut failed = TestSession::live();
    let id = failed.send("hello");
    failed.reject(Some(&id), RejectionReason::Other);
    for mut test in [arrived, failed] {
        test.advance(40_000);
        assert_eq!(test.requests, [], "not even a probe");
    }
}

#[test]
fn a_refusal_of_nothing_that_is_known_is_counted_as_ignored() {
    let mut test = TestSession::live();
    test.reject(None, RejectionReason::Other);
    assert_eq!(test.session.ignored_frames(), 1);
}

#[test]
fn a_refusal_because_the_conversation_is_over_makes_it_read_only() {
    let mut test = TestSession::live();
    let id = test.send("too late");
    test.reject(Some(&id), RejectionReason::ReadOnly);
    assert_eq!(test.view().phase, Phase::ReadOnly);
    assert_eq!(test.lines(), ["guest: too late (failed)"]);
    assert!(test.events.contains(&Event::Ended { reason: "read_only" }));
}
