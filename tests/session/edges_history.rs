//! History at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::input::{Command, Failure, HistoryPage, Message, PlatformEvent};
use guest_messenger::session::output::Request;

use crate::harness::{TestSession, agent_message};

fn page(number: u32, has_older: bool, messages: Vec<Message>) -> PlatformEvent {
    PlatformEvent::History(HistoryPage { number, messages, has_older })
}

/// Live, something said, the line broken and up again; the newest page is asked for.
fn back_after_a_break() -> TestSession {
    let mut test = TestSession::live();
    test.agent_says("known", "known");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    test
}

/// Answers a page with one message that is new, and lets time pass until the next is asked for.
fn answer_with_news(test: &mut TestSession, number: u32) {
    let id = format!("news-{number}");
    test.platform(page(number, true, vec![agent_message(&id, &id, 900_000 - i64::from(number))]));
    test.platform(PlatformEvent::SignOfLife);
    test.advance_until_asked(10_000);
}

#[test]
fn scrolling_goes_on_with_the_page_on_which_the_gap_ended() {
    let mut test = back_after_a_break();
    for number in 1..=2 {
        answer_with_news(&mut test, number);
        assert_eq!(test.take_requests(), [Request::ReadHistory { page: number + 1 }]);
    }
    let known = agent_message("known", "known", 1_000);
    test.platform(page(3, true, vec![known, agent_message("first", "first", -1_800_000_000_000)]));
    assert_eq!(test.take_requests(), []);
    test.command(Command::LoadOlder);
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 3 }]);
}

#[test]
fn a_gap_that_ten_pages_do_not_fill_is_read_no_further() {
    let mut test = back_after_a_break();
    for number in 1..=9 {
        answer_with_news(&mut test, number);
        assert_eq!(test.take_requests(), [Request::ReadHistory { page: number + 1 }]);
    }
    answer_with_news(&mut test, 10);
    assert_eq!(test.take_requests(), []);
}

#[test]
fn the_last_page_says_that_nothing_is_older_even_if_it_begins_with_what_is_known() {
    let mut test = TestSession::resumed();
    test.platform(page(1, true, vec![agent_message("b", "b", 2_000)]));
    test.command(Command::LoadOlder);
    test.platform(page(2, false, vec![agent_message("b", "b", 2_000), agent_message("a", "a", 1_000)]));
    assert!(!test.view().history.has_older);
}

#[test]
fn a_conversation_that_is_here_whole_has_nothing_older_after_a_break_either() {
    let mut test = TestSession::resumed();
    test.platform(page(1, false, vec![agent_message("a", "a", 1_000)]));
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.platform(page(1, true, vec![agent_message("a", "a", -5_000)]));
    assert!(!test.view().history.has_older);
}

#[test]
fn a_page_that_nobody_asked_for_answers_nothing() {
    let mut test = back_after_a_break();
    test.platform(page(7, false, vec![]));
    test.command(Command::SendText("hello".to_owned()));
    assert_eq!(test.sent_messages(), [], "the newest page is still awaited");
    test.platform(page(1, false, vec![]));
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn a_page_asked_for_on_a_line_that_broke_is_loading_no_more() {
    let mut test = TestSession::resumed();
    test.platform(page(1, true, vec![agent_message("b", "b", 2_000)]));
    test.command(Command::LoadOlder);
    assert!(test.view().history.is_loading);
    test.lose_line();
    assert!(!test.view().history.is_loading);
}

#[test]
fn a_page_that_fails_is_asked_for_again_after_two_four_and_eight_seconds() {
    let mut test = back_after_a_break();
    for wait_ms in [2_000, 4_000, 8_000] {
        test.platform(PlatformEvent::HistoryFailed(Failure::Network));
        test.advance(wait_ms - 1);
        assert_eq!(test.take_requests(), []);
        test.advance(1);
        assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    }
}

#[test]
fn where_nothing_was_known_before_the_break_the_newest_page_is_enough_to_go_on() {
    let mut test = TestSession::live();
    test.lose_line();
    test.command(Command::SendText("hello".to_owned()));
    test.forget_log();
    test.reconnect();
    test.take_requests();
    test.platform(page(1, true, vec![agent_message("a", "while away", 500)]));
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn a_page_that_reaches_far_enough_back_settles_a_doubt() {
    let mut test = TestSession::live();
    test.agent_says("known", "known");
    let id = test.send("doubtful");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.take_requests();
    let known = agent_message("known", "known", 1_000);
    test.platform(page(1, true, vec![known, agent_message("early", "early", -1_800_000_000_000)]));
    assert_eq!(test.sent(), id);
}
