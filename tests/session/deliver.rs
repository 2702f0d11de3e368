//! The guest's own messages.

use guest_messenger::session::content::{Answer, AnswerKind, Choice, Item};
use guest_messenger::session::error::ChatError;
use guest_messenger::session::ids::EntryId;
use guest_messenger::session::input::{Command, HistoryPage, Lifetime, Message, PlatformEvent, RejectionReason};
use guest_messenger::session::output::{Diff, Event, Request};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::WallTime;
use guest_messenger::session::transcript::Delivery;
use guest_messenger::session::view::Banner;

use crate::harness::{EPOCH_MS, TestSession, agent_message, configured, deployment};

#[test]
fn a_message_shows_at_once_and_is_sent_when_its_echo_arrives() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    assert_eq!(test.lines(), ["guest: hello (sending)"]);
    test.forget_log();
    test.echo(&id);
    assert_eq!(test.lines(), ["guest: hello (sent)"]);
    assert_eq!(test.events, [Event::Delivery { entry: test.entry("hello"), delivery: "sent" }]);
}

#[test]
fn text_is_trimmed_and_blank_text_is_refused() {
    let mut test = TestSession::live();
    test.command(Command::SendText(" \n\t ".to_owned()));
    assert_eq!(test.events, [Event::Error(ChatError::EMPTY_MESSAGE)]);
    assert!(test.view().transcript.is_empty());
    test.command(Command::SendText("  line one\nline two \n".to_owned()));
    assert_eq!(test.sent_messages().first().map(|(_, text)| text.as_str()), Some("line one\nline two"));
}

#[test]
fn the_limit_counts_bytes_and_not_characters() {
    let test = TestSession::live();
    assert_eq!(test.session.check_text(&"é".repeat(2_048)), Ok(()));
    assert_eq!(test.session.check_text(&"é".repeat(2_049)), Err(ChatError::MESSAGE_TOO_LONG));
    assert_eq!(test.session.check_text(&"a".repeat(4_097)), Err(ChatError::MESSAGE_TOO_LONG));
}

#[test]
fn the_next_message_waits_for_the_echo_of_the_one_before() {
    let mut test = TestSession::live();
    let first = test.send("one");
    test.command(Command::SendText("two".to_owned()));
    test.advance(5_000);
    assert_eq!(test.sent_messages(), []);
    test.echo(&first);
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn no_second_holds_more_than_two_messages() {
    let mut test = TestSession::live();
    for number in 0..6 {
        test.command(Command::SendText(format!("message {number}")));
    }
    let mut times = Vec::new();
    for _ in 0..600 {
        for (id, _) in test.sent_messages() {
            times.push(test.now_ms);
            test.echo(&id);
        }
        test.advance(10);
    }
    assert_eq!(times.len(), 6);
    assert!(times.windows(3).all(|three| three[2] - three[0] >= 1_000), "{times:?}");
}

#[test]
fn messages_written_before_the_line_is_up_are_sent_in_order_once_it_is() {
    let mut test = TestSession::fresh();
    test.command(Command::SendText("one".to_owned()));
    test.command(Command::SendText("two".to_owned()));
    assert_eq!(test.lines(), ["guest: one (queued)", "guest: two (queued)"]);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    let first = test.sent_messages();
    assert_eq!(first.first().map(|(_, text)| text.as_str()), Some("one"));
    test.echo(&first[0].0);
    test.advance(1_000);
    assert_eq!(test.sent_messages().first().map(|(_, text)| text.as_str()), Some("two"));
}

#[test]
fn an_echo_heard_twice_is_one_bubble() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.echo(&id);
    test.forget_log();
    test.echo(&id);
    assert_eq!(test.lines(), ["guest: hello (sent)"]);
    assert_eq!(test.events, []);
}

#[test]
fn a_message_written_in_another_tab_appears_as_ones_own() {
    let mut test = TestSession::live();
    let elsewhere = guest_messenger::session::ids::ClientId("of-another-tab".to_owned());
    test.echo(&elsewhere);
    assert_eq!(test.lines(), ["guest: from elsewhere (sent)"]);
    assert_eq!(test.view().unread, 0);
}

#[test]
fn a_refusal_fails_its_own_message_only_and_the_next_one_goes() {
    let mut test = TestSession::live();
    let first = test.send("one");
    test.command(Command::SendText("two".to_owned()));
    test.advance(600);
    test.reject(Some(&first), RejectionReason::TooLong);
    assert_eq!(test.lines(), ["guest: one (failed)", "guest: two (sending)"]);
}

#[test]
fn a_refusal_with_an_unknown_id_fails_nothing() {
    let mut test = TestSession::live();
    test.send("one");
    let stranger = guest_messenger::session::ids::ClientId("stranger".to_owned());
    test.reject(Some(&stranger), RejectionReason::TooLong);
    assert_eq!(test.lines(), ["guest: one (sending)"]);
}

#[test]
fn a_refusal_without_an_id_is_about_the_message_under_way() {
    let mut test = TestSession::live();
    test.send("one");
    test.command(Command::SendText("two".to_owned()));
    test.reject(None, RejectionReason::TooLong);
    assert_eq!(test.lines()[0], "guest: one (failed)");
}

#[test]
fn a_failed_message_is_sent_again_under_the_same_client_id_when_the_visitor_asks() {
    let mut test = TestSession::live();
    let first = test.send("one");
    test.reject(Some(&first), RejectionReason::Other);
    let entry = test.entry("one");
    test.advance(1_000);
    test.command(Command::Retry(entry));
    assert_eq!(test.sent(), first);
    test.echo(&first);
    assert_eq!(test.lines(), ["guest: one (sent)"]);
}

#[test]
fn a_failed_message_can_be_taken_out_and_others_cannot() {
    let mut test = TestSession::live();
    let first = test.send("one");
    test.command(Command::Discard(test.entry("one")));
    assert_eq!(test.lines(), ["guest: one (sending)"]);
    test.reject(Some(&first), RejectionReason::Other);
    let entry = test.entry("one");
    test.command(Command::Discard(entry));
    assert!(test.view().transcript.is_empty());
    assert!(test.diffs.contains(&Diff::Removed { entry }));
}

#[test]
fn a_rate_limit_holds_the_message_for_the_time_named_and_then_sends_it_again() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.reject(Some(&id), RejectionReason::TooFast { retry_after_ms: Some(3_000) });
    assert_eq!(test.lines(), ["guest: hello (queued)"]);
    assert_eq!(test.view().banner, Some(Banner::Slowed));
    test.advance(2_999);
    assert_eq!(test.sent_messages(), []);
    test.advance(1);
    assert_eq!(test.sent(), id);
    assert_eq!(test.view().banner, None);
}

#[test]
fn a_rate_limit_without_end_is_kept_for_fifteen_minutes_at_most() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.reject(Some(&id), RejectionReason::TooFast { retry_after_ms: Some(u64::MAX) });
    test.advance(15 * 60_000 - 1);
    assert_eq!(test.sent_messages(), []);
    test.advance(1);
    // The line went through probes meanwhile and was found dead; the message is sent on the next one.
    assert_eq!(test.view().transcript.entries()[0].delivery.name(), "queued");
}

#[test]
fn a_temporary_refusal_is_tried_three_times_and_then_shown() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    for _ in 0..2 {
        test.reject(Some(&id), RejectionReason::Temporary);
        test.advance(2_000);
        assert_eq!(test.sent(), id);
    }
    test.reject(Some(&id), RejectionReason::Temporary);
    assert_eq!(test.lines(), ["guest: hello (failed)"]);
}

#[test]
fn a_lost_frame_on_a_living_line_is_found_by_history_and_sent_again() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.advance(10_000);
    assert_eq!(test.take_requests(), [Request::Probe]);
    test.platform(PlatformEvent::Alive(Lifetime::default()));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    test.history(vec![]);
    assert_eq!(test.sent(), id);
    assert_eq!(test.lines(), ["guest: hello (sending)"]);
}

#[test]
fn a_lost_echo_on_a_living_line_is_found_by_history_and_not_sent_again() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.advance(10_000);
    test.platform(PlatformEvent::Alive(Lifetime::default()));
    test.take_requests();
    let copy = test.own_copy(&id);
    test.history(vec![copy]);
    assert_eq!(test.sent_messages(), []);
    assert_eq!(test.lines(), ["guest: hello (sent)"]);
}

#[test]
fn a_line_that_swallows_a_message_in_silence_is_given_up_within_fifteen_seconds() {
    let mut test = TestSession::live();
    test.send("hello");
    test.advance(15_000);
    assert_eq!(test.take_requests(), [Request::Probe, Request::CloseLine]);
}

#[test]
fn a_message_that_three_sends_do_not_bring_through_is_shown_as_not_sent() {
    let mut test = TestSession::live();
    test.command(Command::SendText("hello".to_owned()));
    for _ in 0..120 {
        for request in test.take_requests() {
            match request {
                Request::Probe => test.platform(PlatformEvent::Alive(Lifetime::default())),
                Request::ReadHistory { .. } => test.history(vec![]),
                Request::OpenLine => test.platform(PlatformEvent::LineOpened),
                Request::Configure { .. } => test.platform(PlatformEvent::Configured(configured(false))),
                _ => {}
            }
        }
        test.advance(1_000);
    }
    assert_eq!(test.view().transcript.entries()[0].delivery, Delivery::Failed(ChatError::NOT_CONFIRMED));
}

/// An agent's offer and an answer to it.
fn offered(test: &mut TestSession, kind: AnswerKind, text: &str) -> (EntryId, Answer) {
    test.agent_says("offer", "Which one?");
    let offer = test.entry("Which one?");
    let to = test.view().transcript.entry(offer).and_then(|entry| entry.server_id.clone());
    let choice = Choice { text: text.to_owned(), payload: ["COLOUR:", text].concat(), ..Choice::default() };
    test.forget_log();
    (offer, Answer::press(kind, choice, to))
}

#[test]
fn a_quick_reply_pressed_twice_is_one_answer() {
    let mut test = TestSession::live();
    let (offer, blue) = offered(&mut test, AnswerKind::QuickReply, "Blue");
    let choice = Choice { text: "Red".to_owned(), payload: "RED".to_owned(), ..Choice::default() };
    let red = Answer::press(AnswerKind::QuickReply, choice, blue.to.clone());
    for answer in [blue.clone(), blue, red] {
        test.command(Command::Answer(offer, answer));
    }
    assert_eq!(test.lines(), ["agent: Which one? (sent)", "guest: Blue (sending)"]);
}

#[test]
fn a_card_button_pressed_twice_is_one_answer_and_may_be_pressed_again_later() {
    let mut test = TestSession::live();
    let (offer, blue) = offered(&mut test, AnswerKind::CardButton, "Blue");
    test.command(Command::Answer(offer, blue.clone()));
    test.command(Command::Answer(offer, blue.clone()));
    assert_eq!(test.lines(), ["agent: Which one? (sent)", "guest: Blue (sending)"]);
    let id = test.sent();
    test.echo(&id);
    test.command(Command::Answer(offer, blue));
    assert_eq!(test.lines(), ["agent: Which one? (sent)", "guest: Blue (sent)", "guest: Blue (queued)"]);
}

#[test]
fn a_list_counts_as_answered_until_its_answer_could_not_be_sent() {
    let mut test = TestSession::live();
    test.agent_says("another", "Another one?");
    let (offer, blue) = offered(&mut test, AnswerKind::List, "Blue");
    assert_eq!(test.view().transcript.answer_to(offer), None);
    test.command(Command::Answer(offer, blue.clone()));
    assert_eq!(test.view().transcript.answer_to(offer), Some(&blue));
    assert_eq!(test.view().transcript.answer_to(test.entry("Another one?")), None);
    let id = test.sent();
    test.reject(Some(&id), RejectionReason::Other);
    assert_eq!(test.view().transcript.answer_to(offer), None);
}

#[test]
fn the_platforms_copy_of_an_answer_leaves_what_was_chosen() {
    for items in [Vec::new(), vec![Item::QuickReply(Redacted::default())]] {
        let mut test = TestSession::live();
        let (offer, blue) = offered(&mut test, AnswerKind::List, "Blue");
        test.command(Command::Answer(offer, blue.clone()));
        let id = test.sent();
        let mut copy = test.own_copy(&id);
        copy.body.items = items;
        test.platform(PlatformEvent::Message(copy));
        assert_eq!(test.view().transcript.answer_to(offer), Some(&blue));
    }
}

#[test]
fn a_quick_reply_is_sent_with_its_payload_and_its_origin() {
    let mut test = TestSession::live();
    let (offer, answer) = offered(&mut test, AnswerKind::QuickReply, "Blue");
    test.command(Command::Answer(offer, answer.clone()));
    let [Request::Send { body, .. }] = test.requests.as_slice() else { panic!("{:?}", test.requests) };
    assert_eq!(body.text.expose(), "Blue");
    assert_eq!(body.items, [Item::Answer(answer)]);
}

#[test]
fn a_doubtful_message_is_looked_for_past_everything_that_was_heard_after_it() {
    let mut test = TestSession::live();
    test.agent_says("before", "before");
    test.advance(10);
    let id = test.send("hello");
    let copy = test.own_copy(&id);
    test.advance(10);
    test.agent_says("after", "after");
    test.advance(10_000);
    test.platform(PlatformEvent::Alive(Lifetime::default()));
    assert!(test.take_requests().contains(&Request::ReadHistory { page: 1 }));
    let (before, heard) = (agent_message("before", "before", 1_000), agent_message("after", "after", 1_020));
    test.platform(PlatformEvent::History(HistoryPage { number: 1, messages: vec![heard], has_older: true }));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
    test.platform(PlatformEvent::History(HistoryPage { number: 2, messages: vec![copy, before], has_older: false }));
    assert_eq!(test.lines(), ["agent: before (sent)", "guest: hello (sent)", "agent: after (sent)"]);
    assert_eq!(test.take_requests(), []);
}

#[test]
fn a_doubtful_message_is_looked_for_past_a_page_that_holds_no_message() {
    let mut test = TestSession::live();
    test.agent_says("before", "before");
    let id = test.send("hello");
    let copy = test.own_copy(&id);
    test.advance(10_000);
    test.platform(PlatformEvent::Alive(Lifetime::default()));
    test.take_requests();
    test.platform(PlatformEvent::History(HistoryPage { number: 1, messages: Vec::new(), has_older: true }));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
    test.platform(PlatformEvent::History(HistoryPage { number: 2, messages: vec![copy], has_older: false }));
    assert_eq!(test.lines(), ["agent: before (sent)", "guest: hello (sent)"]);
}

#[test]
fn a_message_refused_late_as_too_fast_still_waits_as_long_as_the_platform_said() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.advance(10_000);
    test.reject(Some(&id), RejectionReason::TooFast { retry_after_ms: Some(20_000) });
    test.platform(PlatformEvent::Alive(Lifetime::default()));
    test.take_requests();
    test.advance(19_999);
    assert_eq!(test.sent_messages(), []);
    test.advance(1);
    assert_eq!(test.sent(), id);
}

#[test]
fn a_doubtful_message_that_ten_pages_do_not_show_is_left_to_the_visitor() {
    let mut test = TestSession::live();
    test.send("hello");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    for number in 1..=10 {
        assert!(test.take_requests().contains(&Request::ReadHistory { page: number }), "page {number}");
        let id = format!("later-{number}");
        let messages = vec![agent_message(&id, &id, 100_000 - i64::from(number))];
        test.platform(PlatformEvent::History(HistoryPage { number, messages, has_older: true }));
        test.platform(PlatformEvent::SignOfLife);
        test.advance(10_000);
    }
    assert!(test.sent_messages().is_empty());
    assert!(test.lines().contains(&"guest: hello (failed)".to_owned()));
}

#[test]
fn a_platform_whose_times_run_a_little_back_hides_no_doubtful_message() {
    let mut test = TestSession::live();
    test.agent_says("before", "before");
    test.send("hello");
    test.advance(10);
    test.agent_says("after", "after");
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.take_requests();
    let messages = vec![agent_message("after", "after", 1_010), agent_message("late", "late", 990)];
    test.platform(PlatformEvent::History(HistoryPage { number: 1, messages, has_older: true }));
    test.advance(1_000);
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
}

#[test]
fn a_message_sent_again_by_the_visitor_still_waits_as_long_as_the_platform_said() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.reject(Some(&id), RejectionReason::TooFast { retry_after_ms: Some(60_000) });
    test.lose_line();
    test.forget_log();
    test.advance_until_asked(10_000);
    test.platform(PlatformEvent::LineOpened);
    test.reject(None, RejectionReason::Authentication);
    assert_eq!(test.lines(), ["guest: hello (failed)"]);
    test.command(Command::Reconnect);
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(false)));
    test.history(vec![]);
    test.command(Command::Retry(test.entry("hello")));
    test.take_requests();
    test.advance(40_000);
    assert_eq!(test.sent_messages(), []);
    test.platform(PlatformEvent::SignOfLife);
    test.advance(20_000);
    assert_eq!(test.sent(), id);
}

#[test]
fn a_message_sent_again_by_the_visitor_is_looked_for_where_its_first_copy_may_stand() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.platform(PlatformEvent::LineClosed(1009));
    assert_eq!(test.lines(), ["guest: hello (failed)"]);
    test.forget_log();
    test.reconnect();
    test.advance(20_000);
    test.agent_says("after", "after");
    test.history(vec![agent_message("after", "after", 20_000)]);
    test.command(Command::Retry(test.entry("hello")));
    test.advance(1_000);
    test.lose_line();
    test.forget_log();
    test.reconnect();
    test.take_requests();
    let copy = Message { time: Some(WallTime(EPOCH_MS + 1_100)), ..test.own_copy(&id) };
    let after = agent_message("after", "after", 20_000);
    test.platform(PlatformEvent::History(HistoryPage { number: 1, messages: vec![after], has_older: true }));
    assert!(!test.take_requests().iter().any(|request| matches!(request, Request::Send { .. })));
    test.platform(PlatformEvent::History(HistoryPage { number: 2, messages: vec![copy], has_older: false }));
    assert_eq!(test.lines(), ["guest: hello (sent)", "agent: after (sent)"]);
}
