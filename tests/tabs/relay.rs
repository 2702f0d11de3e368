//! Frames of one tab over the line of another.

use guest_messenger::engine::{EngineInput, Said, TabMessage};
use guest_messenger::session::redact::Redacted;

use crate::world::World;

/// The tab is asked by another one to send a frame.
fn ask_to_send(world: &mut World, tab: usize) {
    let frame = Redacted::new(r#"{"action":"wink","tracingId":"w"}"#);
    let of = world.tabs[tab].engine.session().tag();
    world.input(tab, EngineInput::Tab(TabMessage { of, said: Said::Send { frame, is_message: false } }));
}

#[test]
fn of_more_frames_than_a_slow_line_can_take_sixty_four_wait() {
    let mut world = World::with_tabs(1);
    world.advance(60_000);
    for _ in 0..200 {
        ask_to_send(&mut world, 0);
    }
    world.take("wink");
    world.advance(300_000);
    assert_eq!(world.take("wink").len(), 64);
}

#[test]
fn frames_that_wait_for_the_limits_do_not_go_over_the_next_line() {
    let mut world = World::with_tabs(1);
    world.advance(60_000);
    for _ in 0..50 {
        ask_to_send(&mut world, 0);
    }
    world.frames.clear();
    world.cut(0);
    world.advance(60_000);
    assert_eq!(world.opened, 2);
    assert_eq!(world.take("wink").len(), 0, "their tabs send again what is not echoed");
}

#[test]
fn a_tab_that_has_no_line_keeps_no_frame_for_one() {
    let mut world = World::with_tabs(2);
    world.advance(60_000);
    ask_to_send(&mut world, 1);
    world.kill(0);
    world.advance(10_000);
    assert_eq!(world.holders(), [1]);
    assert_eq!(world.take("wink").len(), 0);
}

#[test]
fn a_frame_of_another_conversation_is_not_sent() {
    let mut world = World::with_tabs(1);
    let frame = Redacted::new(r#"{"action":"wink","tracingId":"w"}"#);
    let of = world.tabs[0].engine.session().tag() + 1;
    world.input(0, EngineInput::Tab(TabMessage { of, said: Said::Send { frame, is_message: false } }));
    assert_eq!(world.take("wink").len(), 0);
}
