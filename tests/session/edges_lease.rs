//! Who holds the connection, at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::ids::TabId;
use guest_messenger::session::input::{Command, Environment, Failure, PlatformEvent, TabNews};
use guest_messenger::session::output::{Event, Request};
use guest_messenger::session::view::Banner;

use crate::harness::{EPOCH_MS, TestSession, configured, deployment};
use crate::tab::{LATER, OTHER, hold, line};

fn claim_of(tab: TabId, term: u64) -> TabNews {
    TabNews::Hold { tab, term, line: None, is_refused: false }
}

/// Whether a tab that holds its line gives way to this claim: it takes its own name and term.
fn yields_to(claim: impl Fn(TabId, u64) -> TabNews) -> bool {
    let mut test = TestSession::holding_tab();
    let (name, term) = test.claim();
    test.hear(claim(name, term));
    let closes = test.take_requests().contains(&Request::CloseLine);
    let insists = test.shared().iter().any(|news| matches!(news, TabNews::Hold { tab, .. } if *tab == name));
    assert_ne!(closes, insists, "it gives way or says again that it holds the line");
    closes
}

#[test]
fn of_two_that_hold_the_connection_the_earlier_one_gives_way() {
    for other in [OTHER, TabId(u64::MAX)] {
        assert!(yields_to(|_, term| claim_of(other, term + 1)));
        assert!(!yields_to(|_, term| claim_of(other, term - 1)));
    }
}

#[test]
fn of_two_that_hold_the_connection_since_the_same_moment_the_one_with_the_higher_name_gives_way() {
    assert!(yields_to(|name, term| claim_of(TabId(name.0 - 1), term)));
    assert!(!yields_to(|name, term| claim_of(TabId(name.0 + 1), term)));
}

#[test]
fn nobody_gives_way_to_its_own_name() {
    assert!(!yields_to(claim_of));
}

#[test]
fn tabs_have_names_of_their_own() {
    let name = |seed| {
        let mut test = TestSession::seeking_tab(seed);
        test.advance(150);
        test.claim().0
    };
    assert_ne!(name(1), name(2));
    assert_ne!(name(1), TabId(0));
}

#[test]
fn a_tab_that_is_told_of_no_others_tells_them_nothing_of_its_line() {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(false)));
    test.history(vec![]);
    test.command(Command::Compose { has_text: true });
    test.advance(1_000);
    test.environment(Environment::Leaving);
    assert_eq!(test.shared(), []);
    assert!(!test.session.shares_frames());
}

#[test]
fn a_tab_asks_once_and_takes_the_connection_after_150_ms_of_silence() {
    let mut test = TestSession::seeking_tab(1);
    assert_eq!(test.shared(), [TabNews::Seek]);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.command(Command::SendText("hurry".to_owned()));
    assert!(!test.shared().contains(&TabNews::Seek));
    test.forget_log();
    test.advance(149);
    assert_eq!(test.requests, []);
    test.advance(1);
    assert_eq!(test.requests, [Request::OpenLine]);
    assert!(matches!(test.shared().as_slice(), [TabNews::Hold { line: None, .. }]));
}

#[test]
fn a_tab_that_may_connect_before_its_configuration_is_there_waits_for_it() {
    let mut test = TestSession::seeking_tab(1);
    test.forget_log();
    test.advance(1_000);
    assert_eq!(test.take_requests(), []);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    assert_eq!(test.take_requests(), [Request::OpenLine]);
}

#[test]
fn a_term_is_the_moment_at_which_the_tab_stepped_forward() {
    let mut test = TestSession::seeking_tab(1);
    test.advance(150);
    assert_eq!(test.claim().1, u64::try_from(EPOCH_MS).unwrap() + 1_150);
}

#[test]
fn a_tab_that_wants_no_connection_remembers_the_term_of_the_one_that_has_it_and_stays_out() {
    let mut test = TestSession::idle_tab();
    test.hear(hold(Some(line(1))));
    test.hear(claim_of(OTHER, 7));
    test.advance(60_000);
    assert_eq!((test.shared(), test.take_requests()), (vec![], vec![]));
    // The holder is killed; this tab's clock is behind.
    test.command(Command::OpenPanel);
    test.advance(150);
    assert_eq!(test.claim().1, LATER + 1, "its term is later all the same");
}

#[test]
fn a_holder_that_answers_is_followed_for_good() {
    let mut test = TestSession::following_tab();
    for _ in 0..20 {
        test.advance(500);
        assert_eq!(test.shared(), [TabNews::Seek]);
        test.hear(hold(Some(line(1))));
    }
    assert_eq!(test.joined_or_left(), [""; 0]);
}

#[test]
fn a_holder_that_leaves_two_questions_unanswered_is_followed_no_longer() {
    let mut test = TestSession::following_tab();
    test.hear(hold(Some(line(1))));
    test.advance(1_499);
    assert_eq!(test.shared(), [TabNews::Seek, TabNews::Seek]);
    assert_eq!(test.joined_or_left(), [""; 0]);
    test.advance(1);
    assert_eq!(test.joined_or_left(), ["leave"]);
    test.advance(100);
    assert_eq!(test.take_requests(), [Request::OpenLine]);
}

#[test]
fn who_was_followed_in_an_earlier_term_is_not_listened_to() {
    let mut test = TestSession::following_tab();
    let line = Some(line(2));
    test.hear(TabNews::Hold { tab: TabId(9), term: LATER - 1, line, is_refused: true });
    assert_eq!(test.joined_or_left(), [""; 0]);
    test.hear(TabNews::Hold { tab: TabId(9), term: LATER + 1, line, is_refused: false });
    assert_eq!(test.joined_or_left(), ["leave", "join"]);
    test.hear(TabNews::Release(OTHER));
    assert_eq!(test.joined_or_left(), [""; 0], "it follows another one by now");
    test.hear(TabNews::Release(TabId(9)));
    assert_eq!(test.joined_or_left(), ["leave"]);
}

#[test]
fn those_that_lost_their_holder_step_forward_one_after_the_other() {
    let waits: Vec<u64> = (0..20)
        .map(|seed| {
            let mut test = TestSession::seeking_tab(seed);
            test.platform(PlatformEvent::DeploymentLoaded(deployment()));
            test.hear(hold(Some(line(1))));
            test.forget_log();
            test.hear(TabNews::Release(OTHER));
            let released_ms = test.now_ms;
            test.take_requests();
            test.advance_until_asked(1_000);
            assert_eq!(test.requests, [Request::OpenLine]);
            test.now_ms - released_ms
        })
        .collect();
    let (first, last) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
    assert!(*first < 30 && *last > 70 && *last < 100, "{waits:?}");
}

#[test]
fn a_tab_that_lost_its_holder_does_not_ask_for_it_again() {
    let mut test = TestSession::following_tab();
    test.hear(TabNews::Release(OTHER));
    assert_eq!(test.shared(), []);
}

#[test]
fn each_line_has_a_number_of_its_own_and_says_whether_the_session_began_with_it() {
    let mut test = TestSession::seeking_tab(1);
    test.advance(150);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    for (number, is_new) in [(1, false), (2, true), (3, false)] {
        test.platform(PlatformEvent::LineOpened);
        test.forget_log();
        test.platform(PlatformEvent::Configured(configured(is_new)));
        let told = test.told_line().map(|line| (line.number, line.is_new));
        assert_eq!(told, Some((number, is_new)));
        test.lose_line();
        assert_eq!(test.told_line(), None);
        test.advance(3_000);
    }
}

#[test]
fn a_line_that_is_configured_again_is_the_same_line() {
    let mut test = TestSession::holding_tab();
    test.platform(PlatformEvent::Configured(configured(false)));
    assert_eq!(test.shared(), []);
}

#[test]
fn who_gives_way_closes_a_line_that_it_has_or_opens_and_no_other() {
    let mut test = TestSession::holding_tab();
    test.hear(hold(Some(line(1))));
    let expected = [Request::CloseLine, Request::JoinLine { token: crate::harness::token("kept") }];
    assert_eq!(test.take_requests(), expected);

    let mut test = TestSession::seeking_tab(1);
    test.advance(150);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.forget_log();
    test.hear(hold(None));
    assert_eq!(test.take_requests(), [Request::CloseLine]);

    let mut test = TestSession::holding_tab();
    test.lose_line();
    test.forget_log();
    test.hear(hold(None));
    assert_eq!(test.take_requests(), []);
    test.advance(1_400);
    assert_eq!(test.take_requests(), [], "it does not connect for itself");
}

#[test]
fn who_gave_way_asks_after_the_other_one() {
    let mut test = TestSession::holding_tab();
    test.hear(hold(None));
    test.forget_log();
    test.advance(500);
    assert_eq!(test.shared(), [TabNews::Seek]);
}

#[test]
fn a_tab_that_has_the_line_of_another_one_to_wait_for_says_so_after_three_seconds() {
    let mut test = TestSession::following_tab();
    for _ in 0..6 {
        test.hear(hold(None));
        assert_eq!(test.view().banner, None);
        test.advance(500);
    }
    assert_eq!(test.view().banner, Some(Banner::Reconnecting));
    test.hear(hold(Some(line(2))));
    assert_eq!(test.view().banner, None);
}

#[test]
fn a_tab_that_waits_for_a_configuration_it_could_not_have_joins_when_it_has_one() {
    let mut test = TestSession::seeking_tab(1);
    test.platform(PlatformEvent::DeploymentFailed(Failure::Busy { retry_after_ms: Some(60_000) }));
    test.forget_log();
    test.hear(hold(Some(line(1))));
    assert_eq!(test.joined_or_left(), [""; 0], "without a configuration there is nothing to show");
    test.hear(TabNews::Seek);
    assert_eq!(test.shared(), [], "a follower does not answer for the holder");
}

#[test]
fn a_follower_that_tries_for_its_configuration_again_still_follows() {
    let mut test = TestSession::seeking_tab(1);
    test.hear(hold(Some(line(1))));
    test.platform(PlatformEvent::DeploymentFailed(Failure::Network));
    test.shared();
    test.take_requests();
    for _ in 0..6 {
        test.advance(500);
        assert_eq!(test.shared(), [TabNews::Seek]);
        test.hear(hold(Some(line(1))));
    }
    assert_eq!(test.take_requests(), [Request::LoadDeployment]);
    assert!(test.session.is_follower());
}

#[test]
fn a_holder_that_loads_the_configuration_again_asks_nobody_who_holds_the_connection() {
    let mut test = TestSession::holding_tab();
    test.lose_line();
    for _ in 0..3 {
        test.forget_log();
        test.advance_until_asked(120_000);
        assert_eq!(test.requests, [Request::OpenLine]);
        test.lose_line();
    }
    test.forget_log();
    test.advance_until_asked(120_000);
    assert_eq!(test.requests, [Request::LoadDeployment]);
    assert!(!test.shared().contains(&TabNews::Seek));
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    assert!(test.events.iter().any(|event| matches!(event, Event::Error(_))));
    let refused = test.shared().into_iter().any(|news| matches!(news, TabNews::Hold { is_refused: true, .. }));
    assert!(refused, "the others are told that the page is refused");
}

#[test]
fn a_holder_that_goes_says_so_and_a_follower_does_not() {
    let mut test = TestSession::holding_tab();
    let name = test.claim().0;
    test.environment(Environment::Leaving);
    assert_eq!(test.shared(), [TabNews::Release(name)]);
    assert_eq!(test.take_requests(), [Request::CloseLine]);
    let mut test = TestSession::following_tab();
    test.environment(Environment::Leaving);
    assert_eq!(test.shared(), []);
    assert_eq!(test.take_requests(), [Request::LeaveLine]);
    test.advance(5_000);
    assert_eq!(test.shared(), [], "it asks nobody any more");
}

#[test]
fn a_new_page_that_takes_over_from_a_tab_without_a_line_counts_on_a_limit_that_is_used_up() {
    for (has_followed, wait_ms) in [(false, 0), (true, 10_000)] {
        let mut test = TestSession::seeking_tab(1);
        test.hear(TabNews::Typed);
        test.platform(PlatformEvent::DeploymentLoaded(deployment()));
        if has_followed {
            test.hear(hold(None));
            test.hear(TabNews::Release(OTHER));
        }
        test.advance(150);
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(configured(false)));
        let asks = |test: &mut TestSession| test.take_requests().contains(&Request::ReadHistory { page: 1 });
        assert_eq!(asks(&mut test), wait_ms == 0);
        if wait_ms > 0 {
            // It took over within the hundred milliseconds that tabs are spread over.
            test.advance(wait_ms - 200);
            assert!(!asks(&mut test));
            test.advance(200);
            assert!(asks(&mut test));
        }
    }
}
