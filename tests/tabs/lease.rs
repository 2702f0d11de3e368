//! Who holds the connection, and who takes it over.

use guest_messenger::session::input::{Command, Environment};

use crate::world::World;

#[test]
fn one_tab_connects_for_all() {
    let world = World::with_tabs(4);
    assert_eq!(world.holders(), [0]);
    assert_eq!(world.opened, 1);
}

#[test]
fn a_tab_that_is_alone_connects_within_a_fifth_of_a_second() {
    let mut world = World::with_tabs(0);
    world.open_tab("guest-token");
    world.advance(200);
    assert_eq!(world.holders(), [0]);
}

#[test]
fn tabs_of_different_conversations_have_a_connection_each() {
    let mut world = World::with_tabs(1);
    world.open_tab("another-token");
    world.advance(400);
    assert_eq!(world.holders(), [0, 1]);
    world.say(0, "for the first");
    assert_eq!(world.texts(1), Vec::<String>::new());
}

#[test]
fn tabs_that_start_at_the_same_moment_end_up_with_one_connection() {
    let mut world = World::with_tabs(0);
    for _ in 0..4 {
        world.open_tab("guest-token");
    }
    world.advance(2_000);
    assert_eq!(world.holders().len(), 1);
    world.say(3, "hello");
    world.advance(1_000);
    for tab in 0..4 {
        assert_eq!(world.texts(tab), ["hello sent"], "tab {tab}");
    }
}

#[test]
fn when_the_holder_leaves_another_takes_over_at_once() {
    let mut world = World::with_tabs(3);
    world.environment(0, Environment::Leaving);
    world.advance(200);
    assert_eq!(world.holders().len(), 1);
    assert_ne!(world.holders(), [0]);
}

#[test]
fn when_the_holder_is_killed_another_takes_over_within_two_seconds() {
    for killed_after_ms in (0..1_000).step_by(90) {
        let mut world = World::with_tabs(3);
        world.advance(killed_after_ms);
        world.kill(0);
        world.advance(2_000);
        assert_eq!(world.holders().len(), 1, "killed after {killed_after_ms} ms");
    }
}

#[test]
fn a_holder_that_was_stopped_unawares_gives_way_to_the_one_that_took_over() {
    let mut world = World::with_tabs(2);
    world.stop(0);
    world.advance(5_000);
    world.thaw(0);
    world.advance(2_000);
    assert_eq!(world.holders(), [1]);
    world.say(0, "back again");
    world.advance(1_000);
    for tab in [0, 1] {
        assert_eq!(world.texts(tab), ["back again sent"], "tab {tab}");
    }
}

#[test]
fn a_tab_that_comes_back_from_the_freezer_follows_and_misses_nothing() {
    let mut world = World::with_tabs(2);
    world.environment(0, Environment::Leaving);
    world.stop(0);
    world.advance(1_000);
    world.agent_says("meanwhile");
    world.resume(0);
    world.advance(2_000);
    assert_eq!(world.holders(), [1]);
    assert_eq!(world.texts(0), ["meanwhile sent"]);
}

#[test]
fn a_follower_reads_history_anew_after_it_was_frozen() {
    let mut world = World::with_tabs(2);
    world.stop(1);
    world.agent_says("meanwhile");
    world.advance(60_000);
    world.resume(1);
    world.advance(1_000);
    assert_eq!(world.texts(1), ["meanwhile sent"]);
    assert_eq!(world.opened, 1);
}

#[test]
fn a_broken_line_is_mended_by_its_holder_and_by_nobody_else() {
    let mut world = World::with_tabs(4);
    world.cut(0);
    world.advance(3_000);
    assert_eq!(world.holders(), [0]);
    assert_eq!(world.opened, 2);
}

#[test]
fn a_tab_that_is_quiet_too_long_leaves_the_line_to_one_with_its_panel_open() {
    let mut world = World::with_tabs(2);
    world.command(0, Command::ClosePanel);
    world.advance(302_000);
    assert_eq!(world.holders(), [1]);
}

#[test]
fn tabs_that_are_all_quiet_give_the_line_up_together() {
    let mut world = World::with_tabs(3);
    for tab in 0..3 {
        world.command(tab, Command::ClosePanel);
    }
    world.advance(310_000);
    assert_eq!(world.holders(), Vec::<usize>::new());
    assert_eq!(world.opened, 1);
    for tab in &world.tabs {
        assert_eq!(tab.engine.poll_timeout(), None);
    }
}

#[test]
fn the_visitor_who_sends_in_a_follower_does_not_wait_for_the_backoff_of_the_holder() {
    let mut world = World::with_tabs(2);
    world.is_refusing = true;
    world.cut(0);
    world.advance(300_000);
    world.is_refusing = false;
    assert_eq!(world.holders(), Vec::<usize>::new());
    world.say(1, "hurry");
    world.advance(1_500);
    assert_eq!(world.texts(1), ["hurry sent"]);
}
