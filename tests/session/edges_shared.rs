//! What tabs share over one line, at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::ids::{ServerId, TabId};
use guest_messenger::session::input::{Command, PlatformEvent, SharedLine, TabNews};
use guest_messenger::session::output::{Event, Request};
use guest_messenger::session::record::Record;

use crate::harness::{TestSession, configured, deployment, record};
use crate::tab::{OTHER, hold, line, mark};

fn seen(id: &str) -> Request {
    Request::Seen { id: ServerId(id.to_owned()) }
}

/// The agent says something, and it is looked at for long enough.
fn read(test: &mut TestSession, id: &str) {
    test.agent_says(id, id);
    test.command(Command::InView(vec![test.entry(id)]));
    test.advance(1_000);
}

/// The holder answers each question.
fn advance_with_holder(test: &mut TestSession, span_ms: u64) {
    for _ in 0..span_ms / 500 {
        test.advance(500);
        test.hear(hold(Some(line(1))));
    }
}

#[test]
fn conversations_are_told_apart_by_a_hash_that_does_not_give_the_token_away() {
    // A vector of the makers of FNV-1a.
    let token = crate::harness::token("foobar");
    let test = TestSession::started(Some(Record { token, ..record() }));
    assert_eq!(test.session.tag(), 0x8594_4171_f739_67e8 >> 11);
}

#[test]
fn a_tab_with_company_passes_frames_on_while_its_own_line_is_up() {
    let mut test = TestSession::holding_tab();
    assert!(test.session.holds_line() && !test.session.follows_line());
    assert!(test.session.is_holder() && !test.session.is_follower());
    assert!(!test.session.shares_frames(), "nobody has been heard");
    test.hear(TabNews::Seek);
    assert!(test.session.shares_frames());
    test.lose_line();
    assert!(!test.session.holds_line() && !test.session.shares_frames());
}

#[test]
fn a_follower_uses_the_line_while_there_is_one_and_passes_nothing_on() {
    let mut test = TestSession::following_tab();
    assert!(test.session.follows_line());
    assert!(test.session.is_follower() && !test.session.is_holder());
    assert!(!test.session.holds_line() && !test.session.shares_frames());
    test.hear(hold(None));
    assert!(!test.session.follows_line());
    let seeking = TestSession::seeking_tab(1);
    assert!(!seeking.session.follows_line() && !seeking.session.holds_line());
}

#[test]
fn other_tabs_messages_keep_to_the_same_limits_as_ones_own() {
    let mut test = TestSession::holding_tab();
    assert!(test.session.may_relay(true));
    assert!(!test.session.may_relay(true), "two messages at once");
    assert!(test.session.may_relay(false), "other frames need not wait for that");
    test.advance(509);
    assert!(!test.session.may_relay(true));
    test.advance(1);
    assert!(test.session.may_relay(true));
}

#[test]
fn a_tab_wakes_up_when_another_ones_message_may_go() {
    let mut test = TestSession::holding_tab();
    let began_ms = test.now_ms;
    assert!(test.session.may_relay(true) && !test.session.may_relay(true));
    assert_eq!(test.session.poll_timeout().map(|(at, _)| at.0), Some(began_ms + 510));
}

#[test]
fn other_tabs_frames_are_counted() {
    let mut test = TestSession::holding_tab();
    let count = (0..60).take_while(|_| test.session.may_relay(false)).count();
    assert_eq!(count, 16, "with the configuration and the page of history, eighteen");
}

#[test]
fn what_is_read_in_another_tab_is_receipted_by_the_holder_once() {
    let mut test = TestSession::holding_tab();
    test.agent_says("a", "a");
    let read_mark = mark("a", i64::try_from(test.now_ms).unwrap());
    for expected in [vec![seen("a")], vec![]] {
        test.hear(TabNews::Read(read_mark.clone()));
        test.advance(3_000);
        assert_eq!(test.take_requests(), expected);
    }
    assert_eq!(test.view().unread, 0);
}

#[test]
fn what_another_tab_has_receipted_the_holder_does_not_receipt() {
    let mut test = TestSession::holding_tab();
    test.agent_says("a", "a");
    let read_mark = mark("a", i64::try_from(test.now_ms).unwrap());
    test.hear(TabNews::Receipted(read_mark.clone()));
    test.hear(TabNews::Read(read_mark));
    test.advance(3_000);
    assert_eq!(test.take_requests(), []);
}

#[test]
fn a_follower_takes_note_of_what_is_read_and_leaves_the_rest_to_the_holder() {
    for news in [TabNews::Read, TabNews::Known] {
        let mut test = TestSession::following_tab();
        test.agent_says("a", "a");
        assert_eq!(test.view().unread, 1);
        test.hear(news(mark("a", i64::try_from(test.now_ms).unwrap())));
        assert_eq!(test.view().unread, 0);
        advance_with_holder(&mut test, 3_000);
        assert_eq!(test.take_requests(), []);
    }
}

#[test]
fn what_somebody_knows_to_be_read_is_not_receipted() {
    let mut test = TestSession::holding_tab();
    test.agent_says("a", "a");
    test.hear(TabNews::Known(mark("a", i64::try_from(test.now_ms).unwrap())));
    test.advance(3_000);
    assert_eq!((test.view().unread, test.take_requests()), (0, vec![]));
}

#[test]
fn a_receipt_that_waits_is_saved_by_one_that_covers_it_and_by_no_other() {
    for (told, expected) in [("a", vec![seen("b")]), ("b", vec![])] {
        let mut test = TestSession::holding_tab();
        read(&mut test, "a");
        read(&mut test, "b");
        assert_eq!(test.take_requests(), [seen("a")], "the other one waits");
        let marks = test.shared().into_iter().filter_map(|news| match news {
            TabNews::Known(mark) => Some(mark),
            _ => None,
        });
        let told = marks.into_iter().find(|mark| mark.id.0 == told).unwrap();
        test.hear(TabNews::Receipted(told));
        test.advance(3_000);
        assert_eq!(test.take_requests(), expected);
    }
}

#[test]
fn a_tab_that_joins_is_told_what_it_has_not_read() {
    let mut test = TestSession::holding_tab();
    read(&mut test, "a");
    let own = test.record.as_ref().and_then(|record| record.read_mark.clone()).unwrap();
    test.shared();
    test.hear(TabNews::Joined(Some(own.clone())));
    assert_eq!(test.shared(), [], "it knows");
    for mark in [None, Some(mark("z", -1_000))] {
        test.hear(TabNews::Joined(mark));
        assert_eq!(test.shared(), [TabNews::Known(own.clone())]);
    }
}

#[test]
fn a_tab_that_joins_having_read_more_tells_the_holder() {
    let mut test = TestSession::holding_tab();
    test.agent_says("a", "a");
    test.hear(TabNews::Joined(Some(mark("a", 60_000))));
    assert_eq!((test.view().unread, test.shared()), (0, vec![]));
}

#[test]
fn a_follower_does_not_answer_a_tab_that_joins() {
    let mut test = TestSession::following_tab();
    test.hear(TabNews::Known(mark("a", 1_000)));
    test.hear(TabNews::Joined(None));
    assert_eq!(test.shared(), []);
}

#[test]
fn what_was_read_before_joining_is_told_then() {
    let read_mark = mark("a", 500);
    let mut test =
        TestSession::seeking_tab_of(1, Record { read_mark: Some(read_mark.clone()), panel_open: true, ..record() });
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.forget_log();
    test.hear(hold(Some(line(1))));
    let about_reading: Vec<TabNews> =
        test.shared().into_iter().filter(|news| !matches!(news, TabNews::WantHistory(_))).collect();
    assert_eq!(about_reading, [TabNews::Joined(Some(read_mark))], "and no receipt is asked for");
}

#[test]
fn a_receipt_that_nobody_could_send_is_left_to_the_next_holder() {
    let mut test = TestSession::holding_tab();
    test.agent_says("a", "a");
    test.command(Command::InView(vec![test.entry("a")]));
    test.lose_line();
    test.hear(hold(None));
    test.advance(1_000);
    test.forget_log();
    test.hear(hold(Some(line(1))));
    let told = test.shared();
    assert!(told.iter().any(|news| matches!(news, TabNews::Joined(Some(_)))));
    assert_eq!(told.iter().filter(|news| matches!(news, TabNews::Read(_))).count(), 1);
}

#[test]
fn typing_in_another_tab_is_told_to_the_platform_by_the_holder_once_in_five_seconds() {
    let mut test = TestSession::holding_tab();
    for (wait_ms, expected) in [(0, vec![Request::Typing]), (4_999, vec![]), (1, vec![Request::Typing])] {
        test.advance(wait_ms);
        test.hear(TabNews::Type);
        assert_eq!(test.shared().contains(&TabNews::Typed), !expected.is_empty());
        assert_eq!(test.take_requests(), expected);
    }
}

#[test]
fn typing_in_another_tab_takes_no_frame_that_messages_may_need() {
    let mut test = TestSession::holding_tab();
    for _ in 0..12 {
        assert!(test.session.may_relay(false));
    }
    test.hear(TabNews::Type);
    assert_eq!(test.take_requests(), []);
}

#[test]
fn typing_in_another_tab_is_nothing_to_a_tab_without_a_line_of_its_own() {
    let mut test = TestSession::following_tab();
    test.hear(TabNews::Type);
    assert_eq!((test.take_requests(), test.shared()), (vec![], vec![]));
    let mut test = TestSession::holding_tab();
    test.lose_line();
    test.forget_log();
    test.hear(TabNews::Type);
    assert_eq!((test.take_requests(), test.shared()), (vec![], vec![]));
}

#[test]
fn a_typing_signal_of_another_tab_counts_for_this_one() {
    let mut test = TestSession::holding_tab();
    test.hear(TabNews::Typed);
    test.command(Command::Compose { has_text: true });
    test.advance(4_999);
    assert_eq!(test.take_requests(), []);
    test.advance(1);
    assert_eq!(test.take_requests(), [Request::Typing]);
}

#[test]
fn a_tab_without_a_conversation_has_none_to_clear() {
    let mut test = TestSession::idle_tab();
    test.hear(TabNews::Cleared);
    assert_eq!(test.events, []);
    let mut test = TestSession::following_tab();
    test.hear(TabNews::Cleared);
    assert!(test.events.contains(&Event::Cleared));
    assert_eq!(test.shared(), [], "whom should it tell");
}

#[test]
fn tabs_read_history_in_turn_as_the_limit_allows() {
    let mut test = TestSession::holding_tab();
    let name = test.claim().0;
    for reader in [11, 12, 13, 14, 13, 14, 15] {
        test.hear(TabNews::WantHistory(TabId(reader)));
    }
    let turns = |test: &mut TestSession| -> Vec<u64> {
        let turns = test.shared().into_iter().filter_map(|news| match news {
            TabNews::MayReadHistory { tab, by } if by == name => Some(tab.0),
            _ => None,
        });
        turns.collect()
    };
    assert_eq!(turns(&mut test), [11, 12, 13], "the holder has read a page itself");
    test.advance(10_000);
    assert_eq!(turns(&mut test), [14]);
    test.advance(10_000);
    assert_eq!(turns(&mut test), [13]);
    test.advance(60_000);
    assert_eq!(turns(&mut test), [15], "who waits already is not put down twice");
}

#[test]
fn tabs_that_wait_for_their_turn_ask_again_on_the_next_line() {
    let mut test = TestSession::holding_tab();
    for reader in 11..16 {
        test.hear(TabNews::WantHistory(TabId(reader)));
    }
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.history(vec![]);
    test.advance(120_000);
    let others_turn = |news: &TabNews| matches!(news, TabNews::MayReadHistory { tab: TabId(11..16), .. });
    assert!(!test.shared().iter().any(others_turn));
}

#[test]
fn only_the_holder_gives_turns() {
    let mut test = TestSession::following_tab();
    test.hear(TabNews::WantHistory(TabId(11)));
    assert_eq!(test.shared(), []);
}

#[test]
fn a_page_that_the_holder_reads_is_told_as_its_turn() {
    let mut test = TestSession::holding_tab();
    let name = test.claim().0;
    test.lose_line();
    test.forget_log();
    test.reconnect();
    assert!(test.shared().contains(&TabNews::MayReadHistory { tab: name, by: name }));
}

#[test]
fn a_follower_reads_history_when_its_own_holder_says_that_it_may() {
    let (mut test, name) = TestSession::joined_tab(line(1));
    test.hear(TabNews::MayReadHistory { tab: TabId(11), by: OTHER });
    test.hear(TabNews::MayReadHistory { tab: name, by: TabId(11) });
    assert_eq!(test.take_requests(), []);
    test.hear(TabNews::MayReadHistory { tab: name, by: OTHER });
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    test.hear(TabNews::MayReadHistory { tab: name, by: OTHER });
    assert_eq!(test.take_requests(), [], "there is nothing to be read any more");
}

#[test]
fn a_tab_whose_turn_does_not_come_asks_again_after_a_quarter_of_a_minute() {
    let (mut test, name) = TestSession::joined_tab(line(1));
    advance_with_holder(&mut test, 14_500);
    assert!(!test.shared().contains(&TabNews::WantHistory(name)));
    advance_with_holder(&mut test, 500);
    assert!(test.shared().contains(&TabNews::WantHistory(name)));
}

/// The follower takes the line over. Answers after how long it reads history.
fn reads_history_after(test: &mut TestSession) -> u64 {
    test.hear(TabNews::Release(OTHER));
    test.advance(100);
    test.platform(PlatformEvent::LineOpened);
    test.forget_log();
    let began_ms = test.now_ms;
    test.platform(PlatformEvent::Configured(configured(false)));
    test.advance_until_asked(200_000);
    assert_eq!(test.requests, [Request::ReadHistory { page: 1 }]);
    test.now_ms - began_ms
}

#[test]
fn a_tab_that_takes_over_keeps_to_what_others_have_used_of_the_limit_on_history() {
    let mut test = TestSession::following_tab();
    assert_eq!(reads_history_after(&mut test), 0);
    let mut test = TestSession::following_tab();
    for _ in 0..5 {
        test.hear(TabNews::MayReadHistory { tab: TabId(11), by: OTHER });
    }
    assert_eq!(reads_history_after(&mut test), 29_900);
    let (mut test, _) = TestSession::joined_tab(SharedLine { history_debt_ms: 50_000, ..line(1) });
    assert_eq!(reads_history_after(&mut test), 19_900);
}

#[test]
fn a_holder_tells_how_much_of_the_limit_on_history_is_used() {
    let mut test = TestSession::holding_tab();
    test.hear(TabNews::WantHistory(TabId(11)));
    test.advance(3_000);
    test.shared();
    test.hear(TabNews::Seek);
    assert_eq!(test.told_line().map(|line| line.history_debt_ms), Some(17_000));
}
