use serde_json::json;

use crate::{
    support::DEPLOYMENT,
    world::{START_MS, World, classes},
};

#[test]
fn a_new_token_starts_a_session_with_its_clock_in_seconds() {
    let mut world = World::quiet();
    let guest = world.open();
    let answer = world.ask(
        guest,
        json!({"action": "configureSession", "deploymentId": DEPLOYMENT, "token": "t", "tracingId": "trace-9"}),
    );
    assert_eq!(answer["type"], "response");
    assert_eq!(answer["class"], "SessionResponse");
    assert_eq!(answer["tracingId"], "trace-9");
    assert_eq!(answer["body"]["connected"], true);
    assert_eq!(answer["body"]["newSession"], true);
    assert_eq!(answer["body"]["readOnly"], false);
    assert_eq!(answer["body"]["durationSeconds"], 259_200);
    assert_eq!(answer["body"]["expirationDate"], START_MS / 1000 + 259_200);
    assert_eq!(answer["body"]["maxCustomDataBytes"], 2048);
    assert_eq!(answer["body"]["allowedMedia"]["inbound"]["maxFileSizeKB"], 10_240);
}

#[test]
fn a_known_token_resumes_its_session_on_another_socket() {
    let mut world = World::quiet();
    let first = world.guest("t");
    world.say(first, "t", "Hi");
    world.leave(first);
    let second = world.open();
    let answer = world.configure(second, "t");
    assert_eq!(answer["body"]["newSession"], false);
    assert_eq!(world.take(second).len(), 0, "history is never replayed on the socket");
}

#[test]
fn an_echo_without_a_tracing_id_has_none() {
    let mut world = World::quiet();
    let guest = world.open();
    assert!(world.configure(guest, "t").get("tracingId").is_none());
}

#[test]
fn null_members_count_as_absent() {
    let mut world = World::quiet();
    let guest = world.open();
    let answer = world.ask(
        guest,
        json!({"action": "configureSession", "deploymentId": DEPLOYMENT, "token": "t", "startNew": null, "journeyContext": null, "tracingId": null}),
    );
    assert_eq!(answer["code"], 200);
}

#[test]
fn another_deployment_is_refused_at_configure_with_400() {
    let mut world = World::quiet();
    let guest = world.open();
    let answer = world.ask(guest, json!({"action": "configureSession", "deploymentId": "other", "token": "t"}));
    assert_eq!((&answer["class"], &answer["code"]), (&json!("string"), &json!(400)));
}

#[test]
fn a_fourth_connection_closes_the_oldest_after_telling_it() {
    let mut world = World::quiet();
    let oldest = world.guest("t");
    let others = [world.guest("t"), world.guest("t")];
    assert!(world.closed.is_empty());
    world.take(oldest);
    let fourth = world.guest("t");
    let frames = world.take(oldest);
    assert_eq!(classes(&frames), ["ConnectionClosedEvent"]);
    assert_eq!(frames[0]["body"]["reason"], frames[0]["body"]["reasonCode"]);
    assert_eq!(world.closed.get(&oldest), Some(&1000));
    world.say(fourth, "t", "Hi");
    for other in others {
        assert_eq!(classes(&world.take(other)), ["StructuredMessage"]);
    }
}

#[test]
fn every_connection_of_a_session_gets_every_message() {
    let mut world = World::quiet();
    let [first, second] = [world.guest("t"), world.guest("t")];
    world.take(second);
    let echo = world.say(first, "t", "Hi");
    let other = world.take(second);
    assert_eq!(other, [echo], "the echo with its tracing id");
}

#[test]
fn a_session_expires_when_nobody_has_spoken_for_its_duration() {
    let mut world = World::quiet();
    world.set(json!({"session_duration_s": 60}));
    let guest = world.guest("t");
    world.wait(50_000);
    world.say(guest, "t", "still here");
    world.wait(59_999);
    assert!(world.take(guest).is_empty(), "a message moves the end on");
    world.wait(1);
    assert_eq!(classes(&world.take(guest)), ["SessionExpiredEvent"]);
    assert_eq!(world.say(guest, "t", "too late")["code"], 4006);
}

#[test]
fn an_agents_message_extends_the_session_too() {
    let mut world = World::quiet();
    world.set(json!({"session_duration_s": 60}));
    let guest = world.guest("t");
    world.wait(50_000);
    world.agent_says("c1", "One moment");
    world.wait(50_000);
    assert_eq!(classes(&world.take(guest)), ["StructuredMessage"]);
}

#[test]
fn the_token_of_an_expired_session_starts_anew_with_an_empty_history() {
    let mut world = World::quiet();
    world.set(json!({"session_duration_s": 60}));
    let guest = world.guest("t");
    world.say(guest, "t", "Hi");
    world.wait(60_000);
    world.take(guest);
    let answer = world.configure(guest, "t");
    assert_eq!(answer["body"]["newSession"], true);
    let jwt = world.jwt(guest, "t");
    assert_eq!(world.history(&jwt, "")["total"], 0);
}

#[test]
fn the_health_check_answers_with_the_clock_as_strings_and_no_channel() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let answer = world.ask(
        guest,
        json!({"action": "echo", "token": "t", "tracingId": "ping", "message": {"type": "Text", "text": "ping", "metadata": {"customMessageId": "m1"}}}),
    );
    assert_eq!(answer["type"], "response");
    assert_eq!(answer["class"], "StructuredMessage");
    assert_eq!(answer["tracingId"], "ping");
    assert_eq!(answer["body"]["text"], "ping");
    assert_eq!(answer["body"]["metadata"]["customMessageId"], "m1");
    assert_eq!(answer["body"]["metadata"]["durationSeconds"], "259200");
    assert_eq!(answer["body"]["metadata"]["expirationDate"], (START_MS / 1000 + 259_200).to_string());
    assert!(answer["body"].get("channel").is_none());
}

#[test]
fn the_configuration_can_be_asked_for_over_the_socket() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let answer = world.ask(guest, json!({"action": "getConfiguration", "token": "t", "deploymentId": DEPLOYMENT}));
    assert_eq!(answer["class"], "GetConfigurationResponse");
    assert_eq!(answer["body"]["sessionDurationSeconds"], 259_200);
}

#[test]
fn two_runs_with_one_seed_send_the_same_frames() {
    let run = || {
        let mut world = World::with_bot();
        let guest = world.guest("t");
        world.say(guest, "t", "carousel");
        world.wait(5000);
        world.take(guest)
    };
    assert_eq!(run(), run());
}

#[test]
fn a_shorter_duration_counts_for_open_sessions_from_their_last_message() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.wait(10_000);
    world.say(guest, "t", "Hi");
    world.wait(20_000);
    world.set(json!({"session_duration_s": 30}));
    world.wait(9999);
    assert!(world.take(guest).is_empty());
    world.wait(1);
    assert_eq!(classes(&world.take(guest)), ["SessionExpiredEvent"]);
}
