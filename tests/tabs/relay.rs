//! Frames of one tab over the line of another.

use std::hash::{DefaultHasher, Hash, Hasher};

use guest_messenger::engine::{EngineInput, Said, TabMessage};
use guest_messenger::protocol::json;
use guest_messenger::session::input::TabNews;
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

#[test]
fn what_a_tab_without_a_line_to_follow_hears_of_one_is_not_shown() {
    let mut world = World::with_tabs(1);
    let frame = json::parse(
        r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"a","type":"Text","text":"stale",
        "direction":"Outbound","originatingEntity":"Human","channel":{"time":"2026-10-14T18:00:00.000Z"}}}"#,
    );
    let of = world.tabs[0].engine.session().tag();
    let frame = frame.unwrap();
    world.input(0, EngineInput::Tab(TabMessage { of, said: Said::Frame(frame.clone()) }));
    assert_eq!(world.texts(0), [""; 0], "it comes from a tab that believes itself the holder");
    world.receive(&frame.write());
    assert_eq!(world.texts(0), ["stale sent"]);
}

#[test]
fn a_recording_tells_what_is_said_by_its_kind_and_its_length() {
    let digest = |said: Said| {
        let mut hasher = DefaultHasher::new();
        TabMessage { of: 1, said }.hash(&mut hasher);
        hasher.finish()
    };
    let send = |text: &str, is_message| digest(Said::Send { frame: Redacted::new(text), is_message });
    let news = |news| digest(Said::News(news));
    assert_ne!(news(TabNews::Seek), news(TabNews::Idle));
    assert_eq!(send("ada", true), send("bob", true));
    assert_ne!(send("ada", true), send("hello", true));
    assert_ne!(send("ada", true), send("ada", false));
    assert_ne!(digest(Said::Frame(json::Json::from("a"))), news(TabNews::Seek));
}
