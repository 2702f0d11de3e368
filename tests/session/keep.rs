//! Unsent messages outlive the page.

use guest_messenger::session::content::Body;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::ids::ClientId;
use guest_messenger::session::input::{Command, HistoryPage, Input, PlatformEvent, RejectionReason};
use guest_messenger::session::output::{Event, Request};
use guest_messenger::session::record::{Record, Unsent};
use guest_messenger::session::time::WallTime;
use guest_messenger::session::transcript::Delivery;
use guest_messenger::session::{Receipts, Session};

use crate::harness::{EPOCH_MS, TestSession, agent_message, configured, deployment, record};

fn unsent(text: &str) -> Unsent {
    Unsent {
        client_id: ClientId(format!("client-{text}")),
        body: Body::text(text),
        accepted_at: WallTime(EPOCH_MS),
        after: WallTime(EPOCH_MS),
        has_failed: false,
        conversation: None,
    }
}

/// A kept conversation, reloaded with these unsent, up and with its history asked for.
fn reloaded_with(messages: Vec<Unsent>) -> TestSession {
    let mut test = TestSession::started(Some(record()));
    test.command(Command::Restore(messages));
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(false)));
    test
}

fn kept_texts(test: &TestSession) -> Vec<&str> {
    test.kept.iter().map(|unsent| unsent.body.text.expose()).collect()
}

#[test]
fn a_message_is_kept_before_it_is_sent() {
    let mut test = TestSession::live();
    test.storage_answers = false;
    test.command(Command::SendText("hello".to_owned()));
    assert_eq!(kept_texts(&test), ["hello"]);
    assert_eq!(test.requests, []);
    let number = test.keeping.take().unwrap();
    test.input(Input::Kept { number, is_kept: true });
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn a_storage_that_does_not_answer_holds_a_message_for_two_seconds_and_is_told_once() {
    let mut test = TestSession::live();
    test.storage_answers = false;
    for text in ["one", "two"] {
        test.command(Command::SendText(text.to_owned()));
        test.advance(1_999);
        assert_eq!(test.sent_messages(), []);
        test.advance(1);
        let id = test.sent();
        test.echo(&id);
    }
    let told = test.events.iter().filter(|event| **event == Event::Error(ChatError::STORAGE_UNAVAILABLE));
    assert_eq!(told.count(), 1);
}

#[test]
fn a_confirmed_message_is_kept_no_longer() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    assert_eq!(kept_texts(&test), ["hello"]);
    test.echo(&id);
    assert_eq!(kept_texts(&test), [""; 0]);
}

#[test]
fn a_failed_message_is_kept_as_failed_until_the_visitor_takes_it_out() {
    let mut test = TestSession::live();
    let id = test.send("hello");
    test.reject(Some(&id), RejectionReason::Other);
    assert!(test.kept.iter().all(|unsent| unsent.has_failed));
    test.command(Command::Discard(test.entry("hello")));
    assert_eq!(test.kept, []);
}

#[test]
fn what_was_unsent_at_a_reload_is_shown_and_sent_once_history_has_been_read() {
    let mut test = reloaded_with(vec![unsent("one"), unsent("two")]);
    assert_eq!(test.lines(), ["guest: one (sending)", "guest: two (sending)"]);
    assert!(test.take_requests().contains(&Request::ReadHistory { page: 1 }));
    test.history(vec![agent_message("a", "earlier", -1)]);
    let sent = test.sent();
    assert_eq!(sent, unsent("one").client_id);
    test.echo(&sent);
    test.advance(1_000);
    assert_eq!(test.sent(), unsent("two").client_id);
}

#[test]
fn what_had_arrived_before_the_reload_is_not_sent_again() {
    let mut test = reloaded_with(vec![unsent("one")]);
    let copy = test.own_copy(&unsent("one").client_id);
    test.history(vec![copy, agent_message("a", "earlier", -1)]);
    test.advance(20_000);
    assert_eq!(test.sent_messages(), []);
    assert_eq!(test.lines(), ["agent: earlier (sent)", "guest: one (sent)"]);
    assert_eq!(test.kept, []);
}

#[test]
fn what_comes_back_after_history_was_read_is_looked_for_in_it_first() {
    let mut test = reloaded_with(vec![]);
    test.history(vec![agent_message("a", "earlier", -1)]);
    test.take_requests();
    test.command(Command::Restore(vec![unsent("late")]));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    let copy = test.own_copy(&unsent("late").client_id);
    test.history(vec![copy, agent_message("a", "earlier", -1)]);
    assert_eq!(test.sent_messages(), []);
    assert_eq!(test.lines(), ["agent: earlier (sent)", "guest: late (sent)"]);
}

#[test]
fn what_comes_back_late_stands_before_what_was_said_since_as_it_goes_out_before_it() {
    let mut test = TestSession::started(Some(record()));
    test.command(Command::SendText("since".to_owned()));
    test.command(Command::Restore(vec![unsent("one"), unsent("two")]));
    assert_eq!(test.lines(), ["guest: one (sending)", "guest: two (sending)", "guest: since (queued)"]);
}

#[test]
fn all_that_comes_back_is_looked_for_as_far_back_as_any_of_it_may_stand() {
    let retried = Unsent { after: WallTime(i64::MIN), ..unsent("retried") };
    let mut test = reloaded_with(vec![unsent("one"), retried]);
    test.take_requests();
    let messages = vec![agent_message("a", "earlier", -60_000)];
    test.platform(PlatformEvent::History(HistoryPage { number: 1, messages, has_older: true }));
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 2 }]);
}

#[test]
fn what_comes_back_though_history_has_shown_it_is_not_doubled() {
    let mut test = reloaded_with(vec![]);
    let mut copy = test.own_copy(&unsent("one").client_id);
    copy.body = Body::text("one");
    test.history(vec![copy]);
    test.command(Command::Restore(vec![unsent("one")]));
    assert_eq!(test.lines(), ["guest: one (sent)"]);
}

#[test]
fn what_was_meant_for_a_session_that_is_gone_is_shown_as_not_sent() {
    let mut before = TestSession::started(Some(record()));
    before.command(Command::Restore(vec![unsent("one")]));
    before.platform(PlatformEvent::DeploymentLoaded(deployment()));
    before.platform(PlatformEvent::LineOpened);
    before.platform(PlatformEvent::Configured(configured(true)));
    let mut after = TestSession::started(Some(record()));
    after.platform(PlatformEvent::DeploymentLoaded(deployment()));
    after.platform(PlatformEvent::LineOpened);
    after.platform(PlatformEvent::Configured(configured(true)));
    after.command(Command::Restore(vec![unsent("one")]));
    let mut without = TestSession::fresh();
    without.command(Command::Restore(vec![unsent("one")]));
    for mut test in [before, after, without] {
        test.advance(10_000);
        assert_eq!(test.sent_messages(), []);
        let delivery = test.view().transcript.entries()[0].delivery.clone();
        assert_eq!(delivery, Delivery::Failed(ChatError::SESSION_REPLACED));
    }
}

#[test]
fn what_comes_back_when_a_new_identity_was_made_already_is_not_said_under_it() {
    let mut test = TestSession::started(Some(Record { expires_at: Some(WallTime(0)), ..record() }));
    test.command(Command::SendText("since".to_owned()));
    test.command(Command::Restore(vec![unsent("before")]));
    assert_eq!(test.lines(), ["guest: before (failed)", "guest: since (queued)"]);
}

#[test]
fn nothing_is_written_over_what_the_storage_has_not_given_out_yet() {
    let mut test = TestSession::started(Some(record()));
    test.command(Command::SendText("since".to_owned()));
    assert_eq!(kept_texts(&test), [""; 0]);
    test.command(Command::Restore(vec![unsent("before")]));
    assert_eq!(kept_texts(&test), ["before", "since"]);
}

#[test]
fn nothing_is_written_over_what_a_conversation_that_is_gone_had_not_sent_before_it_is_given_out() {
    let expired = Record { expires_at: Some(WallTime(0)), ..record() };
    for record in [None, Some(expired)] {
        let mut test = TestSession::fresh();
        test.session = Session::new(Receipts::Auto, 1);
        test.command(Command::Start(record));
        test.command(Command::SendText("since".to_owned()));
        assert_eq!(kept_texts(&test), [""; 0]);
        test.command(Command::Restore(vec![unsent("before")]));
        assert_eq!(kept_texts(&test), ["before", "since"]);
        assert_eq!(test.lines(), ["guest: before (failed)", "guest: since (queued)"]);
    }
}

#[test]
fn nothing_is_written_over_what_was_kept_when_the_conversation_ends_before_it_is_given_out() {
    let mut test = TestSession::resumed();
    test.platform(PlatformEvent::Expired);
    test.command(Command::StartNew);
    test.command(Command::SendText("since".to_owned()));
    assert_eq!(kept_texts(&test), [""; 0]);
    test.command(Command::Restore(vec![unsent("before")]));
    assert_eq!(kept_texts(&test), ["before", "since"]);
}

#[test]
fn a_storage_that_gives_nothing_out_holds_a_message_for_two_seconds() {
    let mut test = TestSession::resumed();
    test.history(vec![]);
    test.command(Command::SendText("one".to_owned()));
    test.advance(1_999);
    assert_eq!(test.sent_messages(), []);
    test.advance(1);
    let one = test.sent();
    test.echo(&one);
    test.command(Command::SendText("two".to_owned()));
    test.advance(1_000);
    test.sent();
}

#[test]
fn what_was_meant_for_another_conversation_is_not_sent_in_this_one() {
    let mut first = TestSession::live();
    first.send("for the first");
    let mut test = reloaded_with(first.kept);
    let replaced = Delivery::Failed(ChatError::SESSION_REPLACED);
    assert_eq!(test.view().transcript.entries().first().map(|entry| &entry.delivery), Some(&replaced));
    test.platform(PlatformEvent::History(HistoryPage { number: 1, messages: Vec::new(), has_older: false }));
    test.advance(5_000);
    assert_eq!(test.sent_messages(), []);
    let entry = test.entry("for the first");
    test.command(Command::Retry(entry));
    assert_eq!(test.sent_messages().len(), 1, "the visitor may want it in this one");
}

#[test]
fn what_was_meant_for_this_conversation_is_sent_after_a_reload() {
    let mut first = reloaded_with(Vec::new());
    first.platform(PlatformEvent::History(HistoryPage { number: 1, messages: Vec::new(), has_older: false }));
    first.lose_line();
    first.command(Command::SendText("for this".to_owned()));
    assert!(first.kept.iter().all(|unsent| unsent.conversation.is_some()));
    let mut test = reloaded_with(first.kept);
    test.platform(PlatformEvent::History(HistoryPage { number: 1, messages: Vec::new(), has_older: false }));
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn what_is_older_than_a_day_is_left_to_the_visitor() {
    let mut test = TestSession::started(Some(record()));
    let accepted_at = WallTime(EPOCH_MS - 24 * 3_600_000);
    test.command(Command::Restore(vec![Unsent { accepted_at, ..unsent("yesterday") }]));
    assert_eq!(test.lines(), ["guest: yesterday (failed)"]);
}

#[test]
fn what_had_failed_before_the_reload_has_failed_after_it() {
    let test = reloaded_with(vec![Unsent { has_failed: true, ..unsent("one") }]);
    assert_eq!(test.lines(), ["guest: one (failed)"]);
}

#[test]
fn clearing_leaves_nothing_kept() {
    let mut test = TestSession::live();
    test.send("secret");
    test.platform(PlatformEvent::Cleared);
    assert_eq!(test.kept, []);
}
