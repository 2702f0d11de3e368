use guest_messenger_sandbox::{Platform, Setup};
use serde_json::{Value, json};

use crate::{
    support::DEPLOYMENT,
    world::{START_MS, World},
};

fn journaling() -> World {
    let mut setup = Setup::new(DEPLOYMENT, 7);
    setup.settings.bot = false;
    setup.journal = true;
    World::of(setup)
}

/// A world that has only the journal of another.
fn restored(journal: &[String]) -> World {
    let mut world = journaling();
    world.platform.restore(journal.iter().map(String::as_str));
    world
}

fn lively() -> World {
    let mut world = journaling();
    let guest = world.guest("t");
    world.say(guest, "t", "Hi");
    let id = world.agent_says("c1", "Hello");
    world.send(
        guest,
        &json!({"action": "onMessage", "token": "t", "message": {"type": "Receipt", "id": id, "status": "Read"}}),
    );
    world.control(
        "POST",
        "/conversations/c1/messages",
        &json!({"file": {"name": "a.txt", "mime": "text/plain", "base64": "aGVsbG8="}}),
    );
    world.leave(guest);
    world
}

/// What does not depend on one run's keys.
fn stable(mut list: Vec<Value>) -> Vec<Value> {
    for conversation in &mut list {
        conversation["token_hash"] = Value::Null;
        for message in conversation["messages"].as_array_mut().expect("messages") {
            if let Some(url) = message.pointer_mut("/content/0/attachment/url") {
                *url = Value::Null;
            }
        }
    }
    list
}

#[test]
fn the_journal_builds_the_same_conversations() {
    let mut world = lively();
    let mut again = restored(&world.journal);
    let before = stable(world.conversations());
    assert_eq!(before[0]["messages"].as_array().map(Vec::len), Some(3));
    assert_eq!(stable(again.conversations()), before);
}

#[test]
fn a_snapshot_builds_the_same_conversations_in_fewer_lines() {
    let mut world = lively();
    let snapshot = world.platform.snapshot();
    assert!(snapshot.len() < world.journal.len());
    assert_eq!(stable(restored(&snapshot).conversations()), stable(world.conversations()));
}

#[test]
fn a_guest_resumes_after_a_restart_and_ids_go_on() {
    let mut world = restored(&lively().journal);
    let guest = world.open();
    assert_eq!(world.configure(guest, "t")["body"]["newSession"], false);
    let jwt = world.jwt(guest, "t");
    assert_eq!(world.history(&jwt, "")["total"], 3);
    let other = world.open();
    assert_eq!(world.configure(other, "u")["body"]["newSession"], true);
    assert_eq!(world.conversations().len(), 2);
}

#[test]
fn a_session_that_ran_out_meanwhile_is_expired_after_a_restart() {
    let journal = lively().journal;
    let later_ms = START_MS + 259_200_000 + 1;
    let mut platform = Platform::new(Setup::new(DEPLOYMENT, 7), later_ms);
    platform.restore(journal.iter().map(String::as_str));
    let mut world = World::quiet();
    world.platform = platform;
    world.now_ms = later_ms;
    let guest = world.open();
    assert_eq!(world.configure(guest, "t")["body"]["newSession"], true);
}

#[test]
fn a_token_of_two_conversations_leads_to_the_latest_whatever_was_written_last() {
    let mut world = journaling();
    let guest = world.guest("t");
    world.fault(json!({"kind": "expire"}));
    world.configure(guest, "t");
    world.say(guest, "t", "second life");
    let mut journal = world.journal;
    let old = journal.iter().rposition(|line| line.contains("Expired")).expect("the old conversation's line");
    journal.push(journal[old].clone());
    let mut again = restored(&journal);
    let guest = again.guest("t");
    let jwt = again.jwt(guest, "t");
    assert_eq!(again.history(&jwt, "")["entities"][0]["text"], "second life");
}

#[test]
fn torn_and_foreign_lines_are_left_out() {
    let mut journal = lively().journal;
    let torn = journal.last().expect("a line")[..20].to_owned();
    journal.extend([
        torn,
        "null".into(),
        "{\"message\":{\"conversation\":99}}".into(),
        "{\"conversation\":7}".into(),
        String::new(),
    ]);
    assert_eq!(restored(&journal).conversations().len(), 1);
}
