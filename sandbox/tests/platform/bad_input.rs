use guest_messenger_sandbox::{ConnectionId, Frame};
use serde_json::{Value, json};

use crate::world::World;

const TOKEN: &str = "0b9e6a52-3c1d-4f4e-8a55-91c7d2e0aa10";

const OWN_VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/guest-frames.jsonl");

/// Those of the project, or of the file that `GUEST_FRAMES` names.
fn guests_frames() -> Vec<(String, Value)> {
    frames_of(&std::env::var("GUEST_FRAMES").unwrap_or_else(|_| OWN_VECTORS.into()))
}

fn frames_of(path: &str) -> Vec<(String, Value)> {
    std::fs::read_to_string(path)
        .expect("the frames file")
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"))
        .filter(|line| line["dir"] == "out")
        .map(|line| (line["name"].as_str().unwrap_or("nameless").to_owned(), line["frame"].clone()))
        .collect()
}

/// The class and code that answer a frame of the vectors, on a configured session without its attachments.
fn expected(name: &str) -> (&'static str, u16) {
    match name {
        "configureAuthenticatedSession" => ("string", 401),
        name if name.starts_with("configureAuthenticatedSession") => ("string", 401),
        name if name.starts_with("configureSession") => ("SessionResponse", 200),
        "onMessage.text.4097-bytes-rejected" => ("string", 4011),
        name if name.starts_with("onMessage.attachment") => ("string", 4009),
        name if name.starts_with("onMessage.") || name.starts_with("echo") => ("StructuredMessage", 200),
        name if name.starts_with("onAttachment") => ("PresignedUrlResponse", 200),
        name if name.starts_with("getAttachment") || name.starts_with("deleteAttachment") => ("string", 4009),
        name if name.starts_with("getJwt") => ("JwtResponse", 200),
        name if name.starts_with("getConfiguration") => ("GetConfigurationResponse", 200),
        name if name.starts_with("closeSession") => ("SessionResponse", 200),
        "odd.enum-only.resumeToken" => ("ResumeTokenResponse", 200),
        "odd.receipt-from-guest" => ("string", 404),
        name if name.starts_with("odd.") && name.ends_with("action") || name.ends_with("disconnectCustomer") => {
            ("string", 200)
        }
        _ => ("string", 400),
    }
}

#[test]
fn corpus_every_frame_of_our_own_vectors_has_its_defined_answer() {
    let frames = frames_of(OWN_VECTORS);
    assert!(frames.len() >= 30, "the file has the guest's frames");
    for (name, frame) in frames {
        let mut world = World::quiet();
        let guest = world.guest(TOKEN);
        world.take(guest);
        world.send(guest, &frame);
        let answers = world.take(guest);
        let answer = answers.first().unwrap_or_else(|| panic!("{name} has no answer"));
        let (class, code) = expected(&name);
        assert_eq!((&answer["class"], &answer["code"]), (&json!(class), &json!(code)), "{name}: {answer}");
        assert_eq!(answer.get("tracingId"), frame.get("tracingId"), "{name}");
        let clears = answers.iter().any(|frame| frame["class"] == "SessionClearedEvent");
        let closes = clears || frame["closeAllConnections"] == json!(false);
        assert_eq!(world.closed.contains_key(&guest), closes, "{name}");
    }
}

/// Also of frames that nobody has seen before.
#[test]
fn corpus_every_frame_is_answered_under_its_own_tracing_id_and_leaves_the_stand_in_working() {
    let frames = guests_frames();
    assert!(!frames.is_empty(), "the corpus holds no frame of a guest");
    for (name, frame) in frames {
        let mut world = World::quiet();
        let guest = world.guest(TOKEN);
        world.take(guest);
        world.send(guest, &frame);
        let answers = world.take(guest);
        let answer = answers.first().unwrap_or_else(|| panic!("{name} has no answer"));
        assert!(answer["class"].is_string() && answer["code"].is_u64(), "{name}: {answer}");
        let id = frame.get("tracingId").filter(|id| id.is_string());
        assert_eq!(answer.get("tracingId"), id, "{name}");
        survives(&name, &frame.to_string());
    }
}

#[test]
fn corpus_before_configure_every_frame_is_answered_and_none_closes_the_socket() {
    for (name, frame) in guests_frames() {
        let mut world = World::quiet();
        let guest = world.open();
        world.send(guest, &frame);
        let answers = world.take(guest);
        assert_eq!(answers.len(), 1, "{name}");
        let needs_session = [
            "onMessage",
            "echo",
            "onAttachment",
            "getAttachment",
            "deleteAttachment",
            "getJwt",
            "closeSession",
            "resumeToken",
        ];
        if needs_session.iter().any(|action| frame["action"] == *action) {
            assert_eq!((&answers[0]["class"], &answers[0]["code"]), (&json!("string"), &json!(4007)), "{name}");
        }
        assert!(world.closed.is_empty(), "{name}");
    }
}

/// The platform's frames sent back to it, and its members replaced one by one.
#[test]
fn corpus_frames_that_make_no_sense_are_answered_and_leave_the_session_working() {
    let odd_values =
        [Value::Null, json!(7), json!(-1.5), json!("x"), json!([]), json!([null]), json!({}), json!({"a": {"b": []}})];
    for (name, frame) in guests_frames() {
        let Some(members) = frame.as_object().map(|members| members.keys().cloned().collect::<Vec<_>>()) else {
            continue;
        };
        for member in members.iter().filter(|member| *member != "tracingId") {
            for odd in &odd_values {
                let mut bent = frame.clone();
                bent[member] = odd.clone();
                survives(&name, &bent.to_string());
            }
        }
        for member in
            frame.get("message").and_then(Value::as_object).into_iter().flatten().map(|(member, _)| member.clone())
        {
            for odd in &odd_values {
                let mut bent = frame.clone();
                bent["message"][member.as_str()] = odd.clone();
                survives(&name, &bent.to_string());
            }
        }
    }
}

fn survives(name: &str, text: &str) {
    let mut world = World::quiet();
    let guest = world.guest(TOKEN);
    world.take(guest);
    world.send_text(guest, text);
    let answers = world.take(guest);
    assert!(!answers.is_empty(), "{name}: {text} has no answer");
    if !world.closed.contains_key(&guest) {
        world.configure(guest, TOKEN);
        assert_eq!(world.say(guest, TOKEN, "still here")["code"], 200, "{name}: {text}");
    }
}

#[test]
fn what_is_no_json_object_is_answered_with_400() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let huge = format!("{{\"action\":\"echo\",\"padding\":\"{}\"}}", "x".repeat(200_000));
    for text in [
        "",
        "{",
        "null",
        "[]",
        "7",
        "\"action\"",
        "{\"action\":\"echo\"",
        "\u{feff}{}",
        "{\"text\":\"\\ud800\",\"action\":\"echo\"}",
        &deep,
        &huge,
    ] {
        let mut world = World::quiet();
        let guest = world.guest("t");
        world.take(guest);
        world.send_text(guest, text);
        let answers = world.take(guest);
        let shown: String = text.chars().take(40).collect();
        assert_eq!(
            (answers.len(), &answers[0]["class"], &answers[0]["code"]),
            (1, &json!("string"), &json!(400)),
            "{shown}"
        );
        assert_eq!(world.say(guest, "t", "still here")["code"], 200, "{shown}");
    }
}

#[test]
fn a_binary_frame_is_answered_with_400() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.take(guest);
    world.send_frame(guest, Frame::Binary(b"\xff\x00"));
    let answers = world.take(guest);
    assert_eq!((answers.len(), &answers[0]["class"], &answers[0]["code"]), (1, &json!("string"), &json!(400)));
    assert_eq!(world.say(guest, "t", "still here")["code"], 200);
}

#[test]
fn a_missing_parameter_is_named() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    for (frame, name) in [
        (json!({"token": "t"}), "action"),
        (json!({"action": "onMessage", "message": {"type": "Text", "text": "Hi"}}), "token"),
        (json!({"action": "onMessage", "token": "t"}), "message"),
        (json!({"action": "configureSession", "token": "t"}), "deploymentId"),
        (json!({"action": "onMessage", "token": "t", "message": {"type": "Event"}}), "events"),
    ] {
        let answer = world.ask(guest, frame);
        assert_eq!((&answer["code"], &answer["body"]), (&json!(4020), &json!(format!("Missing parameter: {name}"))));
    }
}

#[test]
fn a_frame_of_an_unknown_connection_is_ignored() {
    let mut world = World::quiet();
    world.send(ConnectionId(99), &json!({"action": "echo"}));
    assert!(world.take(ConnectionId(99)).is_empty());
}
