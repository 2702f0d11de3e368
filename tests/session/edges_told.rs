//! What the page, the screen and the storage are told: what no test noticed when it was broken on purpose
//! (tests/MUTANTS.md).

use guest_messenger::session::content::{Author, Sender};
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, HistoryPage, Input, PlatformEvent};
use guest_messenger::session::output::{Diff, Effect, Event};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::transcript::Delivery;

use crate::harness::{TestSession, agent_message, configured, deployment};

/// The states of the connection that were told since the last look.
fn connection_states(test: &mut TestSession) -> Vec<&'static str> {
    let told = std::mem::take(&mut test.events);
    told.into_iter()
        .filter_map(|event| if let Event::Connection { state } = event { Some(state) } else { None })
        .collect()
}

fn repaints(test: &TestSession, diff: Diff) -> usize {
    test.diffs.iter().filter(|told| **told == diff).count()
}

#[test]
fn the_page_is_told_each_state_of_the_connection_once() {
    let mut test = TestSession::fresh();
    test.input(Input::Tick);
    assert_eq!(connection_states(&mut test), [""; 0], "closed is how it begins");
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment()));
    test.platform(PlatformEvent::LineOpened);
    assert_eq!(connection_states(&mut test), ["connecting"]);
    test.platform(PlatformEvent::Configured(configured(true)));
    test.platform(PlatformEvent::Ignored);
    assert_eq!(connection_states(&mut test), ["connected"]);
    test.lose_line();
    test.advance(500);
    assert_eq!(connection_states(&mut test), ["reconnecting"]);
    test.platform(PlatformEvent::LoggedOut);
    assert_eq!(connection_states(&mut test), ["closed"]);
}

#[test]
fn the_screen_is_told_of_another_status_and_of_nothing_else() {
    let mut test = TestSession::live();
    test.platform(PlatformEvent::Ignored);
    assert_eq!(test.diffs, []);
    test.lose_line();
    assert_eq!(repaints(&test, Diff::Status), 1);
}

#[test]
fn the_screen_is_told_whether_there_is_older_history_when_that_changes() {
    let mut test = TestSession::resumed();
    test.forget_log();
    test.platform(PlatformEvent::History(HistoryPage {
        number: 1,
        messages: vec![agent_message("a", "a", 1_000)],
        has_older: true,
    }));
    assert_eq!(repaints(&test, Diff::History), 1);
    test.platform(PlatformEvent::Ignored);
    assert_eq!(repaints(&test, Diff::History), 1);
    test.command(Command::LoadOlder);
    assert_eq!(repaints(&test, Diff::History), 2);
}

#[test]
fn typing_and_unread_are_told_to_screen_and_page_when_they_change() {
    let mut test = TestSession::live();
    test.platform(PlatformEvent::Typing { from: Sender::default(), duration_ms: None });
    test.platform(PlatformEvent::Typing { from: Sender::default(), duration_ms: None });
    assert_eq!(repaints(&test, Diff::Typing), 1);
    assert_eq!(test.events, [Event::Typing { is_typing: true }]);
    test.forget_log();
    test.agent_says("a", "hello");
    assert_eq!((repaints(&test, Diff::Typing), repaints(&test, Diff::Unread)), (1, 1));
    assert!(test.events.contains(&Event::Typing { is_typing: false }));
    assert!(test.events.contains(&Event::Unread { count: 1 }));
    test.forget_log();
    test.platform(PlatformEvent::Ignored);
    assert_eq!((test.diffs.len(), test.events.len()), (0, 0));
}

#[test]
fn the_storage_is_told_of_the_session_only_when_it_is_another() {
    let mut test = TestSession::live();
    test.platform(PlatformEvent::Ignored);
    assert_eq!(test.effects, []);
    test.command(Command::ClosePanel);
    assert!(matches!(test.effects.as_slice(), [Effect::Persist(record)] if !record.panel_open));
}

#[test]
fn a_live_message_is_announced_if_somebody_else_wrote_it() {
    for (author, count) in [(Author::Agent, 1), (Author::Bot, 1), (Author::Guest, 0), (Author::System, 0)] {
        let mut test = TestSession::live();
        let mut message = agent_message("a", "hello", 1_000);
        message.author = author;
        test.platform(PlatformEvent::Message(message));
        let announced = test.diffs.iter().filter(|diff| matches!(diff, Diff::Announce { .. })).count();
        assert_eq!(announced, count, "{author:?}");
    }
}

#[test]
fn a_secret_shows_only_its_length() {
    assert_eq!(format!("{:?}", Redacted::new("sesame")), "Redacted(6 bytes)");
}

#[test]
fn every_frame_of_no_concern_is_counted() {
    let mut test = TestSession::live();
    assert_eq!(test.session.ignored_frames(), 0);
    test.platform(PlatformEvent::Ignored);
    test.platform(PlatformEvent::Ignored);
    assert_eq!(test.session.ignored_frames(), 2);
}

#[test]
fn events_and_attributes_have_a_word_for_every_author_and_delivery() {
    let authors = [Author::Guest, Author::Agent, Author::Bot, Author::System].map(Author::name);
    assert_eq!(authors, ["guest", "agent", "bot", "system"]);
    let failed = Delivery::Failed(ChatError::NOT_CONFIRMED);
    let deliveries = [Delivery::Queued, Delivery::Sending, Delivery::Unknown, Delivery::Sent, failed];
    assert_eq!(deliveries.map(|delivery| delivery.name()), ["queued", "sending", "sending", "sent", "failed"]);
}

#[test]
fn an_error_says_its_code_and_its_sentence() {
    let text = ChatError::EMPTY_MESSAGE.to_string();
    assert_eq!(text, "misuse/empty-message: the message has no text; pass at least one visible character");
}

#[test]
fn a_copy_without_content_takes_nothing_away() {
    let mut test = TestSession::live();
    test.agent_says("a", "hello");
    test.agent_says("a", "");
    assert_eq!(test.lines(), ["agent: hello (sent)"]);
}
