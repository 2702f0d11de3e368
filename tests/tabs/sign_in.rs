//! A visitor whom the page signs in, in several tabs.

use guest_messenger::session::input::Command;
use guest_messenger::session::output::Event;
use guest_messenger::session::view::{EndReason, Phase};

use crate::world::World;

const SIGNED_IN: &str = "configureAuthenticatedSession";

#[test]
fn only_the_tab_that_connects_asks_the_page_who_the_visitor_is() {
    let world = World::with_sign_in(3, true);
    assert_eq!((world.asked.clone(), world.opened), (vec![0], 1));
}

#[test]
fn the_tab_that_takes_the_line_over_asks_for_itself() {
    let mut world = World::with_sign_in(2, true);
    world.kill(0);
    world.advance(5_000);
    assert_eq!(world.asked, [0, 1]);
    assert_eq!(world.take(SIGNED_IN).len(), 1);
}

#[test]
fn a_visitor_who_logs_out_in_one_tab_is_logged_out_in_all() {
    for tab in 0..3 {
        let mut world = World::with_sign_in(3, true);
        world.agent_says("private");
        world.command(tab, Command::LogOut);
        world.advance(100);
        for other in 0..3 {
            let view = world.tabs[other].engine.view();
            assert_eq!(view.phase, Phase::Ended(EndReason::LoggedOut), "tab {other} after a logout in {tab}");
            assert!(view.transcript.is_empty());
        }
    }
}

#[test]
fn a_stranger_who_logs_out_in_one_tab_leaves_nothing_in_any() {
    for tab in 0..3 {
        let mut world = World::with_sign_in(3, false);
        world.agent_says("private");
        world.command(tab, Command::LogOut);
        world.advance(100);
        for other in 0..3 {
            assert_eq!(world.texts(other), [""; 0], "tab {other} after a logout in {tab}");
        }
    }
}

#[test]
fn a_stranger_signs_in_in_any_tab_over_the_one_line() {
    for tab in 0..2 {
        let mut world = World::with_sign_in(2, false);
        world.knows_visitor = true;
        world.command(tab, Command::SignIn);
        world.advance(100);
        assert_eq!(world.take(SIGNED_IN).len(), 1);
        assert!(world.tabs[tab].events.contains(&Event::Authenticated));
        assert_eq!(world.asked.last(), Some(&0), "whoever has the line has the credentials");
        world.cut(0);
        world.advance(5_000);
        assert_eq!(world.take(SIGNED_IN).len(), 1, "the next line is the user's at once");
        // Three lines in a row have used up the limit on history, which is read before anything is said.
        world.advance(60_000);
        world.say(tab, "signed in");
        world.advance(1_000);
        for other in 0..2 {
            assert_eq!(world.texts(other), ["signed in sent"], "tab {other}");
        }
        assert_eq!(world.opened, 2);
    }
}
