//! The warning before a session expires, and staying in it.

use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::input::{
    Command, Configured, Environment, Input, Lifetime, PlatformEvent, RejectionReason,
};
use guest_messenger::session::output::{Event, Request};
use guest_messenger::session::time::{Timestamp, WallTime};
use guest_messenger::session::view::{Banner, EndReason, Phase};

use crate::harness::{EPOCH_MS, TestSession, agent_message, configured, deployment};

/// The shortest that a deployment can be set to.
const LIFE_S: u64 = 900;

/// The platform's clock is the tests' own, plus this.
struct Platform {
    skew_ms: i64,
    /// When the session ends, on the clock of the tests.
    end_ms: u64,
}

impl Platform {
    fn lifetime(&self) -> Lifetime {
        let end = WallTime(EPOCH_MS + self.skew_ms + i64::try_from(self.end_ms).unwrap());
        Lifetime { duration_s: Some(LIFE_S), expires_at: Some(end) }
    }

    /// Lets time pass and answers health checks. Gives the moments of those checks.
    fn pass(&self, test: &mut TestSession, span_ms: u64) -> Vec<u64> {
        let end_ms = test.now_ms + span_ms;
        let mut checks = Vec::new();
        while let Some((Timestamp(at_ms), _)) = test.session.poll_timeout().filter(|(at, _)| at.0 <= end_ms) {
            test.now_ms = test.now_ms.max(at_ms);
            test.input(Input::Tick);
            if test.requests.contains(&Request::Probe) {
                test.requests.retain(|request| *request != Request::Probe);
                checks.push(test.now_ms);
                test.platform(PlatformEvent::Alive(self.lifetime()));
            }
        }
        test.now_ms = end_ms;
        checks
    }
}

/// A session that began just now and lives as long as the platform says.
fn begin(skew_ms: i64, deployment: Deployment) -> (TestSession, Platform) {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment));
    test.platform(PlatformEvent::LineOpened);
    let platform = Platform { skew_ms, end_ms: test.now_ms + LIFE_S * 1_000 };
    test.platform(PlatformEvent::Configured(Configured { lifetime: platform.lifetime(), ..configured(true) }));
    test.forget_log();
    (test, platform)
}

/// The same, five minutes before its end.
fn warned() -> (TestSession, Platform) {
    let (mut test, platform) = begin(0, deployment());
    platform.pass(&mut test, 600_000);
    assert_eq!(test.view().banner, Some(Banner::Expiring));
    test.forget_log();
    (test, platform)
}

fn warnings(test: &TestSession) -> Vec<u64> {
    let as_warning = |event: &Event| if let Event::Expiring { in_s } = event { Some(*in_s) } else { None };
    test.events.iter().filter_map(as_warning).collect()
}

#[test]
fn five_minutes_before_the_session_expires_the_visitor_is_warned_and_once_only() {
    let (mut test, platform) = begin(0, deployment());
    platform.pass(&mut test, 599_999);
    assert_eq!((test.view().banner, warnings(&test)), (None, vec![]));
    platform.pass(&mut test, 1);
    assert_eq!((test.view().banner, warnings(&test)), (Some(Banner::Expiring), vec![300]));
    platform.pass(&mut test, 290_000);
    assert_eq!((test.view().banner, warnings(&test)), (Some(Banner::Expiring), vec![300]));
}

#[test]
fn ten_seconds_before_the_warning_the_platform_is_asked_for_the_true_end() {
    let (mut test, mut platform) = begin(0, deployment());
    platform.pass(&mut test, 570_000);
    // So that no check for silence is due.
    test.platform(PlatformEvent::Ignored);
    assert!(platform.pass(&mut test, 19_999).is_empty());
    assert_eq!(platform.pass(&mut test, 10_001), [test.now_ms - 10_000]);
    assert_eq!(warnings(&test), [300]);
    // Another device of the visitor's had moved the end on, and this is how one hears.
    let (mut test, _) = begin(0, deployment());
    platform.end_ms += 400_000;
    platform.pass(&mut test, 900_000);
    assert_eq!((test.view().banner, warnings(&test)), (None, vec![]));
}

#[test]
fn a_message_either_way_takes_the_warning_back() {
    let (mut test, _) = warned();
    test.agent_says("a", "Still there?");
    assert_eq!(test.view().banner, None);
    let (mut test, _) = warned();
    let sent = test.send("Yes");
    assert_eq!(test.view().banner, Some(Banner::Expiring), "not before the platform has it");
    test.echo(&sent);
    assert_eq!(test.view().banner, None);
}

#[test]
fn staying_sends_a_typing_signal_and_asks_whether_it_counted() {
    let (mut test, mut platform) = warned();
    test.command(Command::Extend);
    assert_eq!(test.take_requests(), [Request::Typing], "two health checks were in this minute");
    assert_eq!(test.view().banner, Some(Banner::Extending));
    platform.end_ms = test.now_ms + LIFE_S * 1_000;
    let checks = platform.pass(&mut test, 25_000);
    assert_eq!(checks.len(), 1);
    assert_eq!((test.view().banner, warnings(&test)), (None, vec![]));
    platform.pass(&mut test, 575_001);
    assert_eq!(warnings(&test), [300], "and before the new end again");
}

#[test]
fn the_check_after_staying_is_not_put_off_by_what_is_heard_meanwhile() {
    let (mut test, platform) = warned();
    test.command(Command::Extend);
    test.take_requests();
    test.platform(PlatformEvent::Ignored);
    assert_eq!(platform.pass(&mut test, 25_000).len(), 1);
}

#[test]
fn when_staying_did_not_count_the_warning_stays_and_asks_for_a_message() {
    let (mut test, platform) = warned();
    test.command(Command::Extend);
    platform.pass(&mut test, 25_000);
    assert_eq!(test.view().banner, Some(Banner::ExpiringUnlessWritten));
    assert!(warnings(&test).is_empty());
    test.take_requests();
    let sent = test.send("I am here");
    test.echo(&sent);
    assert_eq!(test.view().banner, None);
}

#[test]
fn an_older_platform_that_names_no_end_has_not_shown_that_staying_counted() {
    let (mut test, _) = warned();
    test.command(Command::Extend);
    test.take_requests();
    test.advance_until_asked(25_000);
    assert_eq!(test.take_requests(), [Request::Probe]);
    test.platform(PlatformEvent::Alive(Lifetime::default()));
    assert_eq!(test.view().banner, Some(Banner::ExpiringUnlessWritten));
}

#[test]
fn an_answer_from_before_the_press_says_nothing_about_it() {
    let (mut test, mut platform) = begin(0, deployment());
    platform.pass(&mut test, 570_000);
    test.platform(PlatformEvent::Ignored);
    test.advance(20_000);
    assert_eq!(test.take_requests(), [Request::Probe]);
    test.advance(10_000);
    test.command(Command::Extend);
    assert_eq!(test.take_requests(), [Request::Typing]);
    test.platform(PlatformEvent::Alive(platform.lifetime()));
    assert_eq!(test.view().banner, Some(Banner::Extending));
    platform.end_ms = test.now_ms + LIFE_S * 1_000;
    platform.pass(&mut test, 25_000);
    assert_eq!(test.view().banner, None);
}

#[test]
fn where_typing_is_not_wanted_the_warning_asks_for_a_message_at_once() {
    let (mut test, platform) = begin(0, Deployment { sends_typing: false, ..deployment() });
    platform.pass(&mut test, 600_000);
    assert_eq!(test.view().banner, Some(Banner::ExpiringUnlessWritten));
    test.forget_log();
    test.command(Command::Extend);
    assert_eq!(test.requests, []);
    assert_eq!(test.view().banner, Some(Banner::ExpiringUnlessWritten));
}

#[test]
fn a_typing_signal_of_a_moment_ago_is_not_sent_twice() {
    let (mut test, _) = warned();
    test.command(Command::Compose { has_text: true });
    test.command(Command::Extend);
    assert_eq!(test.take_requests(), [Request::Typing]);
}

#[test]
fn staying_on_a_line_that_breaks_is_asked_again_on_the_next() {
    let (mut test, platform) = warned();
    test.command(Command::Extend);
    test.lose_line();
    test.forget_log();
    test.advance_until_asked(10_000);
    test.advance(5_000);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(Configured { lifetime: platform.lifetime(), ..configured(false) }));
    assert!(test.requests.contains(&Request::Typing), "{:?}", test.requests);
    assert_eq!(test.view().banner, Some(Banner::Extending));
}

#[test]
fn a_session_found_with_less_than_five_minutes_left_warns_at_once() {
    let mut test = TestSession::resumed();
    test.forget_log();
    let platform = Platform { skew_ms: 0, end_ms: test.now_ms + 100_000 };
    test.platform(PlatformEvent::Configured(Configured { lifetime: platform.lifetime(), ..configured(false) }));
    assert_eq!((test.view().banner, warnings(&test)), (Some(Banner::Expiring), vec![100]));
}

#[test]
fn a_sleep_past_the_end_asks_the_platform_and_warns_of_nothing() {
    let (mut test, _) = begin(0, deployment());
    // Without a timer in between.
    test.now_ms += 2 * LIFE_S * 1_000;
    test.environment(Environment::Resumed);
    assert_eq!((test.view().banner, warnings(&test)), (None, vec![]));
    assert_eq!(test.take_requests(), [Request::Probe]);
    test.reject(None, RejectionReason::SessionGone);
    assert_eq!(test.view().phase, Phase::Ended(EndReason::Expired));
    assert!(warnings(&test).is_empty());
}

#[test]
fn a_sleep_in_which_the_clock_for_timers_stood_still_is_seen_by_the_date() {
    let (mut test, _) = begin(0, deployment());
    test.slept_ms = 700_000;
    test.environment(Environment::Resumed);
    assert_eq!((test.view().banner, warnings(&test)), (Some(Banner::Expiring), vec![200]));
    test.slept_ms = 1_000_000;
    test.environment(Environment::Visible);
    assert_eq!(test.view().banner, None);
}

#[test]
fn the_platform_is_asked_two_seconds_after_the_end_and_only_it_ends_the_session() {
    let (mut test, platform) = warned();
    platform.pass(&mut test, 280_000);
    // So that no check for silence is due.
    test.platform(PlatformEvent::Ignored);
    platform.pass(&mut test, 19_999);
    assert_eq!(test.view().banner, Some(Banner::Expiring));
    test.advance(1);
    assert_eq!(test.view().banner, None);
    test.forget_log();
    test.advance(2_000);
    assert_eq!(test.take_requests(), [Request::Probe]);
    assert_eq!(test.view().phase, Phase::Live);
}

#[test]
fn the_warning_is_due_by_the_platforms_clock_however_wrong_the_visitors_is() {
    const TEN_YEARS_MS: i64 = 315_360_000_000;
    for skew_ms in [TEN_YEARS_MS, -TEN_YEARS_MS] {
        let (mut test, mut platform) = begin(skew_ms, deployment());
        platform.pass(&mut test, 200_000);
        let said_ms = i64::try_from(test.now_ms).unwrap() + skew_ms;
        test.platform(PlatformEvent::Message(agent_message("a", "Hello", said_ms)));
        platform.end_ms = test.now_ms + LIFE_S * 1_000;
        platform.pass(&mut test, 599_999);
        assert!(warnings(&test).is_empty());
        platform.pass(&mut test, 1);
        assert_eq!(warnings(&test), [300]);
    }
}

#[test]
fn a_date_that_cannot_be_is_not_believed() {
    for end_ms in [0, 10_000_000] {
        let mut test = TestSession::resumed();
        test.forget_log();
        let platform = Platform { skew_ms: -5_000, end_ms };
        test.platform(PlatformEvent::Configured(Configured { lifetime: platform.lifetime(), ..configured(false) }));
        test.platform(PlatformEvent::Alive(platform.lifetime()));
        assert_eq!((test.view().banner, warnings(&test)), (None, vec![]));
    }
}

#[test]
fn a_conversation_that_can_only_be_read_is_not_kept_awake() {
    let (mut test, platform) = begin(0, deployment());
    test.platform(PlatformEvent::Ended { read_only: true, id: None, time: None });
    platform.pass(&mut test, 650_000);
    assert_eq!((test.view().banner, warnings(&test)), (None, vec![]));
}

#[test]
fn a_duration_of_zero_or_of_ages_warns_of_nothing_and_makes_no_timer_loop() {
    for duration_s in [0, 47_000_000, u64::MAX] {
        let mut test = TestSession::fresh();
        test.command(Command::OpenPanel);
        test.platform(PlatformEvent::DeploymentLoaded(deployment()));
        test.platform(PlatformEvent::LineOpened);
        let lifetime = Lifetime { duration_s: Some(duration_s), expires_at: None };
        test.platform(PlatformEvent::Configured(Configured { lifetime, ..configured(true) }));
        test.command(Command::ClosePanel);
        test.forget_log();
        // Longer than a browser's timer can wait.
        test.advance(30 * 86_400_000);
        assert!(warnings(&test).is_empty());
    }
}
