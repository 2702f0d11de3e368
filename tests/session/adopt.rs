//! What a tab that is gone had not sent: another one takes it over, exactly one, and it is sent once.

use guest_messenger::session::content::Body;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::ids::ClientId;
use guest_messenger::session::input::{Command, Environment, Input, PlatformEvent, TabNews};
use guest_messenger::session::output::{Effect, Request};
use guest_messenger::session::record::Unsent;
use guest_messenger::session::time::WallTime;
use guest_messenger::session::transcript::Delivery;

use crate::harness::{EPOCH_MS, TestSession, agent_message, configured, deployment};
use crate::tab::line;

/// Said in another tab of the conversation that this one is in.
fn left_behind(test: &TestSession, text: &str) -> Unsent {
    Unsent {
        client_id: ClientId(format!("client-{text}")),
        body: Body::text(text),
        accepted_at: WallTime(EPOCH_MS),
        after: WallTime(EPOCH_MS),
        has_failed: false,
        conversation: Some(test.session.tag()),
    }
}

fn adoptions(test: &mut TestSession) -> usize {
    let count = test.effects.iter().filter(|effect| **effect == Effect::Adopt).count();
    test.effects.retain(|effect| *effect != Effect::Adopt);
    count
}

/// A tab that holds the line, whose limits have recovered.
fn rested_tab() -> TestSession {
    let mut test = TestSession::holding_tab();
    test.advance(40_000);
    test.forget_log();
    test
}

/// As whoever takes over does it: nothing of this tab's is kept until it has kept it again.
fn stands_still(test: &mut TestSession) {
    test.storage_answers = false;
    test.advance(3_001);
}

fn delivery_of(test: &TestSession, text: &str) -> Delivery {
    let entry = test.entry(text);
    test.view().transcript.entry(entry).map(|entry| entry.delivery.clone()).expect("it is shown")
}

#[test]
fn the_tab_with_the_line_looks_for_what_others_left_when_the_line_is_up_and_twenty_seconds_later() {
    let mut test = TestSession::seeking_tab(1);
    test.advance(150);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(adoptions(&mut test), 0);
    test.platform(PlatformEvent::Configured(configured(false)));
    assert_eq!(adoptions(&mut test), 1);
    test.advance(19_999);
    assert_eq!(adoptions(&mut test), 0);
    test.advance(1);
    assert_eq!(adoptions(&mut test), 1);
    test.advance(60_000);
    assert_eq!(adoptions(&mut test), 0, "alone it has seen it all");
}

#[test]
fn in_company_the_tab_with_the_line_looks_every_twenty_seconds() {
    let mut test = TestSession::holding_tab();
    test.hear(TabNews::Typed);
    test.advance(39_999);
    assert_eq!(adoptions(&mut test), 1);
    test.advance(1);
    assert_eq!(adoptions(&mut test), 1);
    test.lose_line();
    test.advance(500);
    assert_eq!(adoptions(&mut test), 0);
}

#[test]
fn a_tab_that_uses_the_line_of_another_one_and_one_without_others_take_nothing_over() {
    let (mut follower, _) = TestSession::joined_tab(line(1));
    follower.advance(60_000);
    assert_eq!(adoptions(&mut follower), 0);
    let mut alone = TestSession::resumed();
    alone.advance(60_000);
    assert_eq!(adoptions(&mut alone), 0);
}

#[test]
fn what_is_taken_over_is_sent_once_when_history_does_not_show_it() {
    let mut test = rested_tab();
    let left = left_behind(&test, "left");
    test.command(Command::Adopt(vec![left.clone()]));
    assert_eq!(test.lines(), ["guest: left (sending)"]);
    assert_eq!(test.take_requests(), [Request::ReadHistory { page: 1 }]);
    test.history(vec![agent_message("a", "earlier", -10_000)]);
    assert_eq!(test.sent(), left.client_id);
    assert_eq!(test.kept.iter().map(|kept| &kept.client_id).collect::<Vec<_>>(), [&left.client_id]);
    test.echo(&left.client_id);
    test.advance(60_000);
    assert_eq!(test.sent_messages(), []);
    assert_eq!(test.kept, []);
}

#[test]
fn what_is_taken_over_and_had_arrived_is_not_sent_again() {
    let mut test = rested_tab();
    let left = left_behind(&test, "left");
    test.command(Command::Adopt(vec![left.clone()]));
    let copy = test.own_copy(&left.client_id);
    test.history(vec![copy, agent_message("a", "earlier", -10_000)]);
    test.advance(60_000);
    assert_eq!(test.sent_messages(), []);
    assert_eq!(delivery_of(&test, "left"), Delivery::Sent);
}

#[test]
fn what_is_taken_over_though_it_was_heard_is_shown_once() {
    let mut test = rested_tab();
    let left = left_behind(&test, "left");
    let mut copy = test.own_copy(&left.client_id);
    copy.body = Body::text("left");
    test.platform(PlatformEvent::Message(copy));
    test.command(Command::Adopt(vec![left]));
    assert_eq!(test.lines(), ["guest: left (sent)"]);
}

#[test]
fn what_was_left_behind_in_the_session_before_or_in_another_conversation_is_left_to_the_visitor() {
    let mut before = TestSession::seeking_tab(1);
    before.advance(150);
    before.platform(PlatformEvent::DeploymentLoaded(deployment()));
    before.platform(PlatformEvent::LineOpened);
    before.platform(PlatformEvent::Configured(configured(true)));
    let of_before = left_behind(&before, "left");
    before.command(Command::Adopt(vec![of_before]));
    let mut another = rested_tab();
    let of_another = Unsent { conversation: Some(7), ..left_behind(&another, "left") };
    another.command(Command::Adopt(vec![of_another]));
    for mut test in [before, another] {
        test.advance(30_000);
        assert_eq!(test.sent_messages(), []);
        assert_eq!(delivery_of(&test, "left"), Delivery::Failed(ChatError::SESSION_REPLACED));
    }
}

#[test]
fn what_was_left_behind_since_the_session_began_is_sent() {
    let mut test = TestSession::seeking_tab(1);
    test.advance(150);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(configured(true)));
    let accepted_at = WallTime(EPOCH_MS + i64::try_from(test.now_ms).unwrap());
    let left = Unsent { accepted_at, ..left_behind(&test, "left") };
    test.command(Command::Adopt(vec![left]));
    test.history(vec![]);
    assert_eq!(test.sent_messages().len(), 1);
}

#[test]
fn a_message_that_has_waited_for_more_than_three_seconds_is_kept_once_more_before_it_is_sent() {
    for (waited_ms, is_asked) in [(3_000, false), (3_001, true)] {
        let mut test = rested_tab();
        test.lose_line();
        test.command(Command::SendText("waits".to_owned()));
        test.storage_answers = false;
        test.advance(waited_ms - 700);
        test.forget_log();
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(configured(false)));
        test.advance(700);
        test.history(vec![]);
        assert_eq!(test.sent_messages().len(), usize::from(!is_asked), "after {waited_ms} ms");
        let keeping = test.keeping.take();
        assert_eq!(keeping.is_some(), is_asked);
        if let Some(number) = keeping {
            test.input(Input::Kept { number, is_kept: true });
            assert_eq!(test.sent_messages().len(), 1);
        }
    }
}

#[test]
fn a_storage_that_fails_or_does_not_answer_holds_a_message_that_waited_for_two_seconds_at_most() {
    for answers in [true, false] {
        let mut test = rested_tab();
        test.environment(Environment::Offline);
        test.lose_line();
        test.command(Command::SendText("waits".to_owned()));
        test.storage_answers = false;
        test.reconnect();
        test.advance(3_100);
        test.history(vec![]);
        assert_eq!(test.sent_messages(), []);
        match test.keeping.take().filter(|_| answers) {
            Some(number) => test.input(Input::Kept { number, is_kept: false }),
            None => test.advance(2_000),
        }
        assert_eq!(test.sent_messages().len(), 1);
    }
}

#[test]
fn what_another_tab_has_taken_over_is_not_sent_here_and_the_rest_is() {
    let mut test = rested_tab();
    test.lose_line();
    test.command(Command::SendText("taken".to_owned()));
    let taken = test.kept[0].client_id.clone();
    stands_still(&mut test);
    test.command(Command::SendText("new".to_owned()));
    test.keeping = None;
    test.input(Input::Taken(vec![taken]));
    assert_eq!(test.lines(), ["guest: new (queued)"]);
    assert_eq!(test.kept.iter().map(|kept| kept.body.text.expose()).collect::<Vec<_>>(), ["new"]);
    test.storage_answers = true;
    let number = test.keeping.take().expect("what is left is kept anew");
    test.input(Input::Kept { number, is_kept: true });
    test.reconnect();
    test.history(vec![]);
    assert_eq!(test.sent_messages().iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["new"]);
}

#[test]
fn what_another_tab_has_taken_over_while_it_was_under_way_is_heard_when_it_arrives() {
    let mut test = rested_tab();
    let id = test.send("taken");
    test.input(Input::Taken(vec![id.clone()]));
    assert_eq!(test.lines(), [""; 0]);
    assert_eq!(test.kept, []);
    let mut copy = test.own_copy(&id);
    copy.body = Body::text("taken");
    test.platform(PlatformEvent::Message(copy));
    assert_eq!(test.lines(), ["guest: taken (sent)"]);
    test.advance(10_000);
    assert_eq!(test.take_requests(), [], "nothing is waited for any more");
    test.send("next");
}

#[test]
fn what_was_not_taken_over_is_kept_anew_as_it_was_not_kept_then() {
    let mut test = rested_tab();
    test.lose_line();
    test.command(Command::SendText("mine".to_owned()));
    test.kept.clear();
    test.input(Input::Taken(vec![ClientId("settled meanwhile".to_owned())]));
    assert_eq!(test.kept.iter().map(|kept| kept.body.text.expose()).collect::<Vec<_>>(), ["mine"]);
}

#[test]
fn a_tab_that_stood_still_before_it_heard_of_its_keeping_keeps_once_more() {
    for hears_first in [true, false] {
        let mut test = rested_tab();
        test.storage_answers = false;
        test.command(Command::SendText("said".to_owned()));
        let number = test.keeping.take().expect("it is kept");
        test.now_ms += 30_000;
        test.input(if hears_first { Input::Kept { number, is_kept: true } } else { Input::Tick });
        assert_eq!(test.sent_messages(), []);
        assert!(test.keeping.is_some_and(|again| again > number));
    }
}
