//! `--state`: conversations of the conversations APIs outlive the process as well.

use guest_messenger_sandbox::Setup;
use serde_json::{Value, json};

use super::{BASE, Visitor};
use crate::{support::DEPLOYMENT, world::World};

fn journaling(seed: u64) -> World {
    let mut setup = Setup::new(DEPLOYMENT, seed);
    setup.settings.bot = false;
    setup.journal = true;
    World::of(setup)
}

fn lively(world: &mut World) -> Visitor {
    let visitor = world.visitor();
    world.write(&visitor, "Hi");
    world.agent_says("c1", "one");
    let second = world.agent_says("c1", "two");
    let path = format!("{BASE}/messages/{second}/read");
    assert_eq!(world.call("PUT", &path, &visitor.token, &json!({"read": true})).status, 204);
    world.control_of(&visitor, "webchat", json!({"custom_attributes": {"cart": "3 pairs"}}));
    visitor
}

fn restored(lines: &[String]) -> World {
    let mut world = journaling(8);
    world.platform.restore(lines.iter().map(String::as_str));
    world
}

fn stable(mut listed: Value) -> Value {
    listed["token_hash"] = Value::Null;
    listed
}

#[test]
fn journal_and_snapshot_build_the_same_conversation_with_its_receipts_and_session() {
    let mut world = journaling(7);
    let visitor = lively(&mut world);
    let before = stable(world.listed(&visitor));
    assert_eq!(before["messages"][2]["seen"], true);
    for lines in [world.journal.clone(), world.platform.snapshot()] {
        assert_eq!(stable(restored(&lines).listed(&visitor)), before);
    }
}

#[test]
fn messages_read_without_a_gap_are_kept_as_one_mark() {
    let mut world = journaling(7);
    let visitor = world.visitor();
    for text in ["one", "two", "three"] {
        let id = world.agent_says("c1", text);
        let path = format!("{BASE}/messages/{id}/read");
        assert_eq!(world.call("PUT", &path, &visitor.token, &json!({"read": true})).status, 204);
    }
    let kept: Value = serde_json::from_str(&world.platform.snapshot()[0]).expect("JSON");
    assert_eq!(kept["conversation"]["messaging"]["read_ids"], json!([]));
}

#[test]
fn a_guest_goes_on_with_its_token_until_it_ends() {
    let mut world = journaling(7);
    let visitor = lively(&mut world);
    let mut again = restored(&world.platform.snapshot());
    let socket = again.listen(&visitor.token);
    assert_eq!(
        again.call("POST", &format!("{BASE}/messages"), &visitor.token, &super::message(&visitor, "Back")).status,
        200
    );
    assert_eq!(again.take(socket).len(), 1);
    assert_eq!(again.transcript(&visitor)["total"], 4);
    again.wait(3_600_000);
    assert_eq!(again.closed.get(&socket), Some(&4001));
}

#[test]
fn a_token_that_was_ended_stays_ended() {
    let mut world = journaling(7);
    let visitor = lively(&mut world);
    world.fault(json!({"kind": "expire"}));
    let mut again = restored(&world.journal);
    assert_eq!(again.write(&visitor, "Back").status, 401);
}

#[test]
fn a_new_guest_after_the_restart_gets_a_conversation_of_its_own() {
    let mut world = journaling(7);
    let visitor = lively(&mut world);
    let mut again = restored(&world.journal);
    again.platform.handle_timeout(again.now_ms + 1);
    let other = again.visitor();
    assert_eq!(again.conversations().len(), 2);
    assert_eq!(again.listed(&other)["id"], "c2");
    assert_eq!(again.listed(&visitor)["id"], "c1");
}
