//! Older messages.

use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, Failure, HistoryPage, Lifetime, Message, PlatformEvent};
use guest_messenger::session::output::{Diff, Event, Request};

use crate::harness::{EPOCH_MS, TestSession, agent_message};

fn page(number: u32, has_older: bool, messages: Vec<Message>) -> PlatformEvent {
    PlatformEvent::History(HistoryPage { number, messages, has_older })
}

/// Resumed, the newest page read, older ones there.
fn with_older() -> TestSession {
    let mut test = TestSession::resumed();
    test.platform(page(1, true, vec![agent_message("d", "newest", 4_000), agent_message("c", "newer", 3_000)]));
    test.forget_log();
    test
}

#[test]
fn a_kept_conversation_reads_its_newest_page_and_no_more() {
    let mut test = TestSession::resumed();
    assert!(test.take_requests().contains(&Request::ReadHistory { page: 1 }));
    test.platform(page(1, true, vec![agent_message("d", "newest", 4_000)]));
    assert_eq!(test.take_requests(), []);
    assert!(test.view().history.has_older);
}

#[test]
fn a_new_conversation_reads_none() {
    let test = TestSession::live();
    assert!(!test.view().history.has_older);
    assert_eq!(test.requests, []);
}

#[test]
fn scrolling_up_puts_the_next_page_before_what_is_there() {
    let mut test = with_older();
    test.command(Command::LoadOlder);
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
    assert!(test.view().history.is_loading);
    test.platform(page(2, false, vec![agent_message("b", "older", 2_000), agent_message("a", "oldest", 1_000)]));
    assert_eq!(test.lines().first().map(String::as_str), Some("agent: oldest (sent)"));
    assert_eq!(test.view().transcript.entries().len(), 4);
    assert!(!test.view().history.has_older && !test.view().history.is_loading);
    let before = Some(test.entry("newer"));
    assert!(test.diffs.contains(&Diff::Inserted { entry: test.entry("older"), before }));
}

#[test]
fn scrolling_up_twice_asks_once() {
    let mut test = with_older();
    test.command(Command::LoadOlder);
    test.command(Command::LoadOlder);
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
}

#[test]
fn scrolling_up_does_not_wait_for_a_check_that_is_under_way() {
    let mut test = with_older();
    test.lose_line();
    test.reconnect();
    test.take_requests();
    // More lies between this page and what is known: a check of the next one goes on behind the scenes.
    test.platform(page(1, true, vec![agent_message("z", "news", 900_000), agent_message("d", "newest", 4_000)]));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
    test.command(Command::LoadOlder);
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
    assert!(test.view().history.is_loading);
}

#[test]
fn nothing_is_asked_when_there_is_nothing_older() {
    let mut test = TestSession::live();
    test.command(Command::LoadOlder);
    assert_eq!(test.requests, []);
}

#[test]
fn a_page_of_messages_already_known_leads_on_to_the_next() {
    let mut test = with_older();
    test.command(Command::LoadOlder);
    test.take_requests();
    test.platform(page(2, true, vec![agent_message("c", "newer", 3_000)]));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 3 }]);
    test.platform(page(3, true, vec![agent_message("b", "older", 2_000)]));
    assert_eq!(test.take_requests(), []);
    assert!(test.view().history.has_older);
}

#[test]
fn a_platform_that_repeats_one_page_for_ever_is_asked_for_five_at_each_scroll_and_for_forty_in_all() {
    let mut test = with_older();
    let mut scroll = || {
        test.command(Command::LoadOlder);
        let mut asked = 0;
        // The platform's limit lets some of them wait.
        for _ in 0..20 {
            for request in test.take_requests() {
                let Request::ReadHistory { page: number } = request else { continue };
                asked += 1;
                test.platform(page(number, true, vec![agent_message("c", "newer", 3_000)]));
            }
            test.advance(5_000);
            test.platform(PlatformEvent::SignOfLife);
        }
        (asked, test.view().history.has_older)
    };
    assert_eq!(scroll(), (5, true), "the next scroll goes on");
    let more: u32 = (0..100).map(|_| scroll().0).sum();
    assert_eq!(more, 35);
    assert_eq!(scroll(), (0, false), "there is nothing older");
}

#[test]
fn pages_without_anything_new_are_counted_anew_after_one_that_has_something() {
    let mut test = with_older();
    for round in 0..30 {
        test.command(Command::LoadOlder);
        for request in test.take_requests() {
            let Request::ReadHistory { page: number } = request else { continue };
            let message = match round % 10 {
                9 => agent_message(&format!("older {round}"), "older", 2_000 - round),
                _ => agent_message("c", "newer", 3_000),
            };
            test.platform(page(number, true, vec![message]));
        }
        test.take_requests();
        test.advance(10_000);
    }
    assert!(test.view().history.has_older);
}

#[test]
fn history_in_either_order_shows_the_same_transcript() {
    let messages = || vec![agent_message("a", "1", 1), agent_message("b", "2", 2), agent_message("c", "3", 3)];
    let mut oldest_first = TestSession::resumed();
    oldest_first.platform(page(1, false, messages()));
    let mut newest_first = TestSession::resumed();
    newest_first.platform(page(1, false, messages().into_iter().rev().collect()));
    assert_eq!(oldest_first.lines(), newest_first.lines());
}

#[test]
fn no_minute_holds_more_than_ten_reads() {
    let mut test = with_older();
    let mut times = vec![0];
    for number in 2..30 {
        test.command(Command::LoadOlder);
        test.platform(PlatformEvent::Ignored);
        test.advance_until_asked(60_000);
        assert_eq!(test.take_requests(), [Request::ReadHistory { page: number }]);
        times.push(test.now_ms);
        let id = format!("old-{number}");
        test.platform(page(number, true, vec![agent_message(&id, &id, 3_000 - i64::from(number))]));
    }
    assert!(times.windows(11).all(|eleven| eleven[10] - eleven[0] >= 60_000), "{times:?}");
}

#[test]
fn older_messages_that_cannot_be_had_are_told_and_may_be_asked_for_again() {
    let mut test = with_older();
    test.command(Command::LoadOlder);
    for _ in 0..4 {
        test.advance_until_asked(60_000);
        assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
        test.platform(PlatformEvent::HistoryFailed(Failure::Network));
    }
    assert!(test.events.contains(&Event::Error(ChatError::HISTORY_UNAVAILABLE)));
    assert!(!test.view().history.is_loading);
    test.command(Command::LoadOlder);
    test.advance_until_asked(60_000);
    assert_eq!(test.requests, [Request::ReadHistory { page: 2 }]);
}

#[test]
fn a_read_that_is_never_answered_is_asked_again() {
    let mut test = with_older();
    test.command(Command::LoadOlder);
    test.take_requests();
    test.advance(14_000);
    assert_eq!(test.take_requests(), []);
    test.advance(10_000);
    assert!(test.requests.contains(&Request::ReadHistory { page: 2 }));
}

#[test]
fn a_busy_history_is_asked_again_no_sooner_than_it_said() {
    let mut test = with_older();
    test.command(Command::LoadOlder);
    test.take_requests();
    test.platform(PlatformEvent::HistoryFailed(Failure::Busy { retry_after_ms: Some(30_000) }));
    test.advance(29_999);
    assert_eq!(test.requests, []);
    test.advance(2);
    assert_eq!(test.requests, [Request::ReadHistory { page: 2 }]);
}

#[test]
fn old_messages_are_neither_announced_nor_told_as_new() {
    let mut test = TestSession::resumed();
    test.platform(page(1, false, vec![agent_message("a", "old", 1)]));
    assert!(!test.diffs.iter().any(|diff| matches!(diff, Diff::Announce { .. })));
    assert!(!test.events.iter().any(|event| matches!(event, Event::Message { .. })));
}

#[test]
fn a_busy_history_is_left_alone_on_the_next_line_too() {
    let mut test = TestSession::resumed();
    test.take_requests();
    test.platform(PlatformEvent::HistoryFailed(Failure::Busy { retry_after_ms: Some(60_000) }));
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.advance(40_000);
    assert!(!test.take_requests().contains(&Request::ReadHistory { page: 1 }));
    test.platform(PlatformEvent::Alive(Lifetime::default()));
    test.advance(20_000);
    assert!(test.take_requests().contains(&Request::ReadHistory { page: 1 }));
}

#[test]
fn a_frame_lost_long_ago_is_found_at_the_next_connection_and_nothing_waits_for_that() {
    let mut test = TestSession::live();
    test.agent_says("b", "second");
    test.lose_line();
    test.command(Command::SendText("hello".to_owned()));
    test.forget_log();
    test.reconnect();
    test.take_requests();
    test.platform(page(1, true, vec![agent_message("b", "second", 1_000)]));
    assert!(matches!(test.take_requests()[..], [Request::ReadHistory { page: 2 }, Request::Send { .. }]));
    test.platform(page(2, false, vec![agent_message("a", "lost", 500)]));
    assert_eq!(test.lines(), ["agent: lost (sent)", "agent: second (sent)", "guest: hello (sending)"]);
}

#[test]
fn what_one_connection_has_read_whole_the_next_does_not_read_again() {
    let mut test = TestSession::live();
    test.agent_says("b", "second");
    for _ in 0..2 {
        test.lose_line();
        test.forget_log();
        test.reconnect();
        assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
        test.platform(page(1, false, vec![agent_message("a", "first", -9_000), agent_message("b", "second", 1_000)]));
        test.advance(30_000);
    }
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.take_requests();
    test.platform(page(1, true, vec![agent_message("a", "first", -9_000), agent_message("b", "second", 1_000)]));
    assert_eq!(test.take_requests(), []);
}

#[test]
fn older_messages_are_within_reach_even_if_a_live_one_came_before_the_first_page() {
    let mut test = TestSession::resumed();
    test.agent_says("live", "live");
    test.platform(page(1, true, vec![agent_message("live", "live", 1_000)]));
    assert!(test.view().history.has_older);
}

#[test]
fn a_page_that_holds_no_message_is_read_past() {
    let mut test = with_older();
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.platform(page(1, true, Vec::new()));
    assert!(test.requests.contains(&Request::ReadHistory { page: 2 }));
    test.platform(page(2, true, vec![agent_message("f", "missed", 9_000)]));
    assert!(test.requests.contains(&Request::ReadHistory { page: 3 }));
}

#[test]
fn a_first_page_that_holds_no_message_is_read_past() {
    let mut test = TestSession::resumed();
    test.platform(page(1, true, Vec::new()));
    assert!(test.requests.contains(&Request::ReadHistory { page: 2 }));
    test.platform(page(2, true, vec![agent_message("d", "newest", 4_000)]));
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.platform(page(1, true, vec![agent_message("e", "missed", 9_000)]));
    assert!(test.requests.contains(&Request::ReadHistory { page: 2 }), "there may be more between the two");
}

#[test]
fn what_ten_pages_do_not_reach_is_left_to_scrolling() {
    let mut test = TestSession::live();
    test.agent_says("b", "second");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    for number in 1..=10 {
        assert!(test.take_requests().contains(&Request::ReadHistory { page: number }), "page {number}");
        test.platform(page(number, true, vec![agent_message("b", "second", 1_000)]));
        test.platform(PlatformEvent::SignOfLife);
        test.advance(10_000);
    }
    assert!(test.view().history.has_older);
    test.command(Command::LoadOlder);
    test.advance(10_000);
    assert!(test.take_requests().contains(&Request::ReadHistory { page: 11 }));
}

#[test]
fn five_failed_reads_in_half_a_minute_stop_reading_for_half_a_minute() {
    let mut test = TestSession::resumed();
    let mut failed_at = Vec::new();
    for _ in 0..5 {
        if !test.requests.contains(&Request::ReadHistory { page: 1 }) {
            // Four attempts are made on one line.
            let may_retry = failed_at.len() < 4;
            if !may_retry {
                test.lose_line();
                test.forget_log();
                test.reconnect();
            }
            while !test.requests.contains(&Request::ReadHistory { page: 1 }) {
                test.advance(100);
            }
        }
        test.forget_log();
        failed_at.push(test.now_ms);
        test.platform(PlatformEvent::HistoryFailed(Failure::Network));
    }
    assert!(failed_at[4] - failed_at[0] < 30_000, "{failed_at:?}");
    test.forget_log();
    test.lose_line();
    test.reconnect();
    test.advance(failed_at[4] + 29_999 - test.now_ms);
    assert!(!test.requests.contains(&Request::ReadHistory { page: 1 }));
    test.advance(1);
    assert!(test.requests.contains(&Request::ReadHistory { page: 1 }));
}

#[test]
fn what_came_between_the_first_that_was_heard_and_the_first_page_is_read_as_well() {
    let mut test = TestSession::resumed();
    test.agent_says("early", "early");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    let page = |number, ids: &[(&str, i64)]| HistoryPage {
        number,
        messages: ids.iter().map(|(id, time_ms)| agent_message(id, id, *time_ms)).collect(),
        has_older: true,
    };
    test.platform(PlatformEvent::History(page(1, &[("late", 90_000)])));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
    test.platform(PlatformEvent::History(page(2, &[("early", 1_000), ("between", 60_000)])));
    assert_eq!(test.lines(), ["agent: early (sent)", "agent: between (sent)", "agent: late (sent)"]);
}

#[test]
fn messages_that_come_without_a_time_into_an_empty_conversation_are_of_today() {
    for is_live in [true, false] {
        let mut test = TestSession::resumed();
        let first = Message { time: None, ..agent_message("a", "Hello", 0) };
        let second = Message { time: None, ..agent_message("b", "Are you there?", 0) };
        if is_live {
            test.platform(page(1, false, vec![]));
            test.platform(PlatformEvent::Message(first));
            test.platform(PlatformEvent::Message(second));
        } else {
            test.platform(page(1, false, vec![first, second]));
        }
        let times: Vec<i64> = test.view().transcript.entries().iter().map(|entry| entry.time.0).collect();
        assert_eq!(times.len(), 2);
        assert!(times.iter().all(|time_ms| *time_ms >= EPOCH_MS), "{times:?}");
    }
}
