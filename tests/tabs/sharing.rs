//! What the tabs of one conversation share over one line.

use guest_messenger::session::ids::{EntryId, ServerId};
use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::output::Event;

use crate::world::World;

fn look_at_newest(world: &mut World, tab: usize) {
    let newest: Option<EntryId> = world.tabs[tab].engine.view().transcript.entries().last().map(|entry| entry.id);
    world.command(tab, Command::InView(newest.into_iter().collect()));
}

#[test]
fn what_comes_over_the_line_is_shown_in_every_tab() {
    let mut world = World::with_tabs(3);
    world.agent_says("to all");
    for tab in 0..3 {
        assert_eq!(world.texts(tab), ["to all sent"], "tab {tab}");
    }
}

#[test]
fn a_message_of_a_follower_goes_over_the_line_of_the_holder_and_is_shown_in_every_tab() {
    let mut world = World::with_tabs(3);
    world.say(1, "from the second");
    world.advance(1_000);
    world.say(2, "from the third");
    world.advance(1_000);
    for tab in 0..3 {
        assert_eq!(world.texts(tab), ["from the second sent", "from the third sent"], "tab {tab}");
    }
    assert_eq!(world.opened, 1);
}

#[test]
fn a_tab_that_opens_later_reads_what_was_said_before() {
    let mut world = World::with_tabs(1);
    world.say(0, "early");
    world.open_tab("guest-token");
    world.advance(1_000);
    assert_eq!(world.texts(1), ["early sent"]);
}

#[test]
fn all_tabs_together_keep_to_two_messages_a_second() {
    let mut world = World::with_tabs(4);
    world.advance(60_000);
    for tab in 0..4 {
        world.say(tab, "at once");
    }
    world.advance(5_000);
    let times: Vec<u64> = world.take("onMessage").into_iter().map(|(at_ms, _)| at_ms).collect();
    assert_eq!(times.len(), 4);
    for start in &times {
        assert!(times.iter().filter(|at_ms| (*start..*start + 1_000).contains(*at_ms)).count() <= 2, "{times:?}");
    }
}

#[test]
fn a_message_that_the_holder_took_to_its_grave_is_sent_by_the_next_one_once() {
    let mut world = World::with_tabs(3);
    // The limit on history reads is the session's: opening three tabs has used most of it.
    world.advance(40_000);
    world.frames.clear();
    world.is_deaf = true;
    world.say(1, "precious");
    world.kill(0);
    world.is_deaf = false;
    world.advance(5_000);
    assert_eq!(world.texts(1), ["precious sent"]);
    assert_eq!(world.texts(2), ["precious sent"]);
    assert_eq!(world.take("onMessage").len(), 2, "the one that was lost, and the one that was not");
}

#[test]
fn a_message_that_arrived_before_the_holder_died_is_not_sent_again() {
    let mut world = World::with_tabs(2);
    world.say(1, "arrived");
    world.kill(0);
    world.advance(5_000);
    assert_eq!(world.texts(1), ["arrived sent"]);
    assert_eq!(world.take("onMessage").len(), 1);
}

#[test]
fn a_half_open_line_is_found_by_the_tab_that_sends() {
    let mut world = World::with_tabs(2);
    world.advance(31_000);
    world.is_deaf = true;
    world.say(1, "into the void");
    world.advance(14_000);
    world.is_deaf = false;
    world.advance(6_000);
    assert_eq!(world.opened, 2);
    assert_eq!(world.texts(1), ["into the void sent"]);
}

#[test]
fn a_message_seen_in_two_tabs_is_receipted_once() {
    let mut world = World::with_tabs(2);
    world.agent_says("read me");
    look_at_newest(&mut world, 1);
    look_at_newest(&mut world, 0);
    world.advance(5_000);
    let receipts = world.take("onMessage");
    assert_eq!(receipts.len(), 1, "{receipts:?}");
}

#[test]
fn what_is_read_in_a_follower_is_receipted_by_the_holder_and_read_in_all() {
    let mut world = World::with_tabs(3);
    world.agent_says("read me");
    look_at_newest(&mut world, 2);
    world.advance(3_000);
    assert_eq!(world.take("onMessage").len(), 1);
    for tab in 0..3 {
        assert_eq!(world.tabs[tab].engine.view().unread, 0, "tab {tab}");
    }
    assert!(world.tabs[2].events.contains(&Event::Read { id: ServerId("read me-s".to_owned()) }));
}

#[test]
fn typing_in_one_tab_and_then_in_another_is_told_once_in_five_seconds() {
    let mut world = World::with_tabs(2);
    world.command(0, Command::Compose { has_text: true });
    world.advance(1_000);
    world.command(1, Command::Compose { has_text: true });
    world.advance(3_900);
    assert_eq!(world.take("onMessage").len(), 1);
}

#[test]
fn a_conversation_cleared_in_a_follower_is_gone_in_every_tab() {
    let mut world = World::with_tabs(3);
    world.say(0, "secret");
    world.command(1, Command::Clear);
    assert_eq!(world.take("onMessage").len(), 2, "the message and the wish");
    world.receive(r#"{"type":"message","class":"SessionClearedEvent","code":200,"body":{}}"#);
    world.advance(3_000);
    for tab in 0..3 {
        assert_eq!(world.texts(tab), Vec::<String>::new(), "tab {tab}");
        assert_eq!(world.tabs[tab].events.iter().filter(|event| **event == Event::Cleared).count(), 1, "tab {tab}");
    }
    assert_eq!(world.holders(), Vec::<usize>::new());
}

#[test]
fn a_connection_closed_for_another_device_makes_every_tab_passive_until_it_is_used() {
    let mut world = World::with_tabs(3);
    world.receive(r#"{"type":"message","class":"ConnectionClosedEvent","code":200,"body":{}}"#);
    world.advance(60_000);
    assert_eq!(world.holders(), Vec::<usize>::new());
    assert_eq!(world.opened, 1);
    world.say(2, "here I am");
    world.advance(2_000);
    assert_eq!(world.holders(), [2]);
    assert_eq!(world.texts(2), ["here I am sent"]);
}

#[test]
fn the_other_tabs_are_told_of_a_break_as_the_holder_is() {
    let mut world = World::with_tabs(2);
    world.environment(1, Environment::Visible);
    world.tabs[1].events.clear();
    world.cut(0);
    assert_eq!(world.tabs[1].events, [Event::Connection { state: "reconnecting" }]);
    world.advance(2_000);
    assert_eq!(world.tabs[1].events.last(), Some(&Event::Connection { state: "connected" }));
}
