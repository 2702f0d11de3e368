//! Identity and order of what is shown.

use guest_messenger::session::content::{Author, Body, Sender};
use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::ids::{ClientId, ServerId};
use guest_messenger::session::input::{Message, PlatformEvent};
use guest_messenger::session::time::WallTime;
use guest_messenger::session::transcript::{Merged, Transcript};

use crate::harness::{EPOCH_MS, TestSession, agent_message, deployment};

fn texts(transcript: &Transcript) -> Vec<&str> {
    transcript.entries().iter().map(|entry| entry.body.text.expose()).collect()
}

#[test]
fn messages_stand_in_the_order_of_the_servers_time_whatever_their_arrival() {
    let mut transcript = Transcript::default();
    for (id, time_ms) in [("c", 3), ("a", 1), ("d", 4), ("b", 2)] {
        transcript.merge(agent_message(id, id, time_ms));
    }
    assert_eq!(texts(&transcript), ["a", "b", "c", "d"]);
}

#[test]
fn two_messages_of_the_same_millisecond_both_stay() {
    let mut transcript = Transcript::default();
    transcript.merge(agent_message("b", "second", 1));
    transcript.merge(agent_message("a", "first", 1));
    assert_eq!(texts(&transcript), ["first", "second"]);
}

#[test]
fn a_message_heard_three_times_is_one_entry() {
    let mut transcript = Transcript::default();
    let Merged::Inserted(entry) = transcript.merge(agent_message("a", "hello", 1)) else { panic!() };
    assert_eq!(transcript.merge(agent_message("a", "hello", 1)), Merged::Known(entry));
    assert_eq!(transcript.merge(agent_message("a", "hello", 1)), Merged::Known(entry));
    assert_eq!(texts(&transcript), ["hello"]);
}

#[test]
fn a_message_known_by_either_of_its_two_ids_is_one_entry() {
    let mut transcript = Transcript::default();
    transcript.merge(agent_message("hex", "hello", 1));
    let other_id = Some(ServerId("hex".to_owned()));
    let again = Message { other_id, ..agent_message("uuid", "hello", 1) };
    assert!(matches!(transcript.merge(again), Merged::Known(_)));
    assert!(matches!(transcript.merge(agent_message("uuid", "hello", 1)), Merged::Known(_)));
    assert_eq!(texts(&transcript), ["hello"]);
}

#[test]
fn the_same_id_with_another_text_is_an_update_in_place() {
    let mut transcript = Transcript::default();
    transcript.merge(agent_message("a", "helo", 1));
    assert!(matches!(transcript.merge(agent_message("a", "hello", 1)), Merged::Changed(_)));
    assert_eq!(texts(&transcript), ["hello"]);
}

#[test]
fn the_same_id_from_the_other_side_is_refused() {
    let mut transcript = Transcript::default();
    transcript.merge(agent_message("a", "hello", 1));
    let forged = Message { author: Author::Guest, ..agent_message("a", "mine", 1) };
    assert_eq!(transcript.merge(forged), Merged::Refused);
    assert_eq!(texts(&transcript), ["hello"]);
}

#[test]
fn a_message_without_a_time_stands_where_it_arrived() {
    let mut transcript = Transcript::default();
    transcript.merge(agent_message("a", "first", 1));
    transcript.merge(Message { time: None, ..agent_message("z", "timeless", 0) });
    transcript.merge(agent_message("b", "last", 2));
    assert_eq!(texts(&transcript), ["first", "timeless", "last"]);
}

#[test]
fn unacknowledged_messages_stand_last_in_the_order_of_acceptance() {
    let mut transcript = Transcript::default();
    transcript.accept(ClientId("1".to_owned()), Body::text("mine 1"), WallTime(0));
    transcript.accept(ClientId("2".to_owned()), Body::text("mine 2"), WallTime(0));
    transcript.merge(agent_message("a", "theirs", 1));
    assert_eq!(texts(&transcript), ["theirs", "mine 1", "mine 2"]);
}

#[test]
fn an_entry_keeps_its_id_when_the_platform_acknowledges_it() {
    let mut transcript = Transcript::default();
    let client_id = ClientId("1".to_owned());
    let entry = transcript.accept(client_id.clone(), Body::text("mine"), WallTime(0));
    let echo = Message { author: Author::Guest, client_id: Some(client_id), ..agent_message("a", "mine", 1) };
    assert_eq!(transcript.merge(echo), Merged::Acknowledged { entry, moved: false });
    assert_eq!(transcript.entry(entry).map(|entry| entry.time), Some(WallTime(EPOCH_MS + 1)));
}

#[test]
fn an_acknowledged_message_moves_to_its_place_by_the_servers_time() {
    let mut transcript = Transcript::default();
    let client_id = ClientId("1".to_owned());
    let entry = transcript.accept(client_id.clone(), Body::text("mine"), WallTime(0));
    transcript.merge(agent_message("b", "later", 9));
    let echo = Message { author: Author::Guest, client_id: Some(client_id), ..agent_message("a", "mine", 5) };
    transcript.merge(echo);
    assert_eq!(texts(&transcript), ["mine", "later"]);
    let _ = entry;
}

#[test]
fn a_live_message_older_than_those_shown_takes_its_place_among_them() {
    let mut test = TestSession::live();
    test.platform(PlatformEvent::Message(agent_message("b", "10:01", 60_000)));
    test.platform(PlatformEvent::Message(agent_message("a", "10:00", 0)));
    assert_eq!(test.lines(), ["agent: 10:00 (sent)", "agent: 10:01 (sent)"]);
}

#[test]
fn a_bot_without_a_name_has_the_one_that_the_deployment_gives_it() {
    let bot_name = Some("Robi".to_owned());
    let mut test = TestSession::live_with(Deployment { bot_name: bot_name.clone(), ..deployment() });
    let named = Sender { name: Some("Ada".to_owned()), avatar: None };
    let bot = |id: &str| Message { author: Author::Bot, ..agent_message(id, "hi", 1) };
    test.platform(PlatformEvent::Message(bot("a")));
    test.platform(PlatformEvent::Message(Message { sender: named, ..bot("b") }));
    test.platform(PlatformEvent::Message(agent_message("c", "hi", 1)));
    let names: Vec<_> = test.view().transcript.entries().iter().map(|entry| entry.sender.name.clone()).collect();
    assert_eq!(names, [bot_name, Some("Ada".to_owned()), None]);
}
