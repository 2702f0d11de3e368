//! Section 5: the events socket.

use guest_messenger_sandbox::ConnectionId;
use serde_json::{Value, json};

use super::BASE;
use crate::world::World;

fn kinds(frames: &[Value]) -> Vec<&str> {
    frames.iter().filter_map(|frame| frame["event_type"].as_str()).collect()
}

#[test]
fn messages_of_both_sides_are_events() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    let sent = world.write(&visitor, "Hi").body;
    let id = world.agent_says("c1", "Hello");
    let frames = world.take(socket);
    assert_eq!(kinds(&frames), ["message", "message"]);
    assert_eq!(frames[0]["payload"], sent);
    assert_eq!((&frames[0]["message_id"], &frames[0]["participant_id"]), (&sent["id"], &json!(visitor.guest)));
    assert_eq!(frames[0]["conversation_id"], json!(visitor.conversation));
    assert_eq!((&frames[1]["message_id"], &frames[1]["payload"]["body"]["content"]), (&json!(id), &json!("Hello")));
    assert_eq!(frames[1]["participant_id"], frames[1]["payload"]["from"]["id"]);
}

#[test]
fn an_agents_typing_is_an_event_in_the_spelling_that_is_set() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    for spelling in ["typing", "conversation:typing"] {
        world.set(json!({"typing_event": spelling}));
        world.control_of(&visitor, "typing", json!({}));
        world.control_of(&visitor, "typing", json!({"off": true}));
        let frames = world.take(socket);
        assert_eq!(kinds(&frames), [spelling, spelling]);
        assert_eq!(
            (&frames[0]["payload"], &frames[1]["payload"]),
            (&json!({"typing": true}), &json!({"typing": false}))
        );
        assert_ne!(frames[0]["participant_id"], json!(visitor.guest));
    }
}

#[test]
fn a_first_frame_that_does_not_authenticate_ends_the_socket() {
    let mut world = World::quiet();
    for frame in
        ["{", "[]", r#"{"type":"hello"}"#, r#"{"type":"authenticate"}"#, r#"{"type":"authenticate","token":7}"#]
    {
        let socket = world.open_events();
        world.send_text(socket, frame);
        assert_eq!(world.closed.get(&socket), Some(&1008), "{frame}");
    }
    let socket = world.open_events();
    world.send_frame(socket, guest_messenger_sandbox::Frame::Binary(&[1]));
    assert_eq!(world.closed.get(&socket), Some(&1008));
}

#[test]
fn who_does_not_authenticate_in_time_is_sent_away() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let (silent, known) = (world.open_events(), world.listen(&visitor.token));
    world.wait(9999);
    assert!(world.closed.is_empty());
    world.wait(1);
    assert_eq!((world.closed.get(&silent), world.closed.get(&known)), (Some(&1008), None));
}

#[test]
fn a_token_that_is_not_good_is_told_with_4001() {
    let mut world = World::quiet();
    let socket = world.listen("wrong");
    assert_eq!(world.closed.get(&socket), Some(&4001));
}

#[test]
fn the_socket_ends_with_4001_when_its_token_does_and_takes_a_newer_one_before() {
    let mut world = World::quiet();
    world.set(json!({"guest_token_life_s": 60}));
    let visitor = world.visitor();
    let (stays, goes) = (world.listen(&visitor.token), world.listen(&visitor.token));
    world.set(json!({"guest_token_life_s": 3600}));
    let fresh = world.http("POST", "/sandbox/token", &[], json!({"guestId": visitor.guest}).to_string().as_bytes());
    let fresh: Value = serde_json::from_slice(&fresh.body).expect("JSON");
    world.send(stays, &json!({"type": "authenticate", "token": fresh["token"]}));
    world.wait(60_000);
    assert_eq!((world.closed.get(&stays), world.closed.get(&goes)), (None, Some(&4001)));
    world.agent_says("c1", "Hello");
    assert_eq!(kinds(&world.take(stays)), ["message"]);
}

#[test]
fn a_guest_hears_only_its_own_conversation_and_a_server_hears_all() {
    let mut world = World::quiet();
    let (first, second) = (world.visitor(), world.visitor());
    let server = world.client_token("conversations:read");
    let sockets: Vec<ConnectionId> = [&first.token, &second.token, &server].map(|token| world.listen(token)).to_vec();
    world.write(&first, "Hi");
    let counts: Vec<usize> = sockets.iter().map(|socket| world.take(*socket).len()).collect();
    assert_eq!(counts, [1, 0, 1]);
}

#[test]
fn a_server_without_the_scope_hears_nothing() {
    let mut world = World::quiet();
    let token = world.client_token("webchat:read");
    let socket = world.listen(&token);
    assert_eq!(world.closed.get(&socket), Some(&1008));
}

#[test]
fn a_socket_that_was_there_first_hears_the_conversation_that_its_guest_opens() {
    let mut world = World::quiet();
    let page = world.http("POST", "/sandbox/token", &[], b"{}");
    let page: Value = serde_json::from_slice(&page.body).expect("JSON");
    let token = page["token"].as_str().expect("a token");
    let socket = world.listen(token);
    assert_eq!(world.call("POST", BASE, token, &json!({})).status, 200);
    world.agent_says("c1", "Hello");
    assert_eq!(kinds(&world.take(socket)), ["message"]);
    assert_eq!(world.conversations()[0]["connections"], 1);
    assert_eq!(world.call("POST", BASE, token, &json!({})).status, 200);
    world.agent_says("c2", "Hello again");
    assert_eq!(kinds(&world.take(socket)), ["message"]);
}

#[test]
fn unknown_frames_after_the_first_are_taken_and_forgotten() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    for frame in ["{", "7", r#"{"type":"ping"}"#, r#"{"action":"configureSession"}"#] {
        world.send_text(socket, frame);
    }
    assert!(world.take(socket).is_empty() && world.closed.is_empty());
}

#[test]
fn a_conversation_whose_time_is_over_closes_its_sockets_with_4001() {
    let mut world = World::quiet();
    world.set(json!({"session_duration_s": 60}));
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    world.wait(60_000);
    assert!(world.take(socket).is_empty());
    assert_eq!(world.closed.get(&socket), Some(&4001));
}

#[test]
fn the_end_of_a_conversation_is_no_event() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    world.control_of(&visitor, "disconnect", json!({}));
    assert!(world.take(socket).is_empty() && world.closed.is_empty());
    assert_eq!(world.write(&visitor, "Hi").status, 409);
}

#[test]
fn a_desk_can_send_any_frame_to_test_a_client() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    world.control_of(&visitor, "frame", json!({"raw": 1}));
    assert_eq!(world.take(socket), [json!({"raw": 1})]);
}

#[test]
fn a_desk_can_lay_anything_over_a_payload() {
    let mut world = World::quiet();
    let visitor = world.visitor();
    let socket = world.listen(&visitor.token);
    world.control_of(&visitor, "messages", json!({"text": "Hi", "raw_body": {"body": 7, "sentTime": null}}));
    let payload = &world.take(socket)[0]["payload"];
    assert_eq!((&payload["body"], &payload["sentTime"]), (&json!(7), &Value::Null));
}

#[test]
fn the_socket_is_for_pages_of_this_server_or_of_allowed_origins_only() {
    let mut world = World::quiet();
    for (origin, is_open) in [(None, true), (Some("http://localhost:9"), true), (Some("https://evil.example"), false)] {
        let socket = ConnectionId(world.next_id());
        let handshake = guest_messenger_sandbox::Handshake {
            origin: origin.map(str::to_owned),
            host: crate::world::HOST.to_owned(),
            deployment: None,
        };
        world.platform.handle_open_events(world.now_ms, socket, &handshake);
        world.wait(0);
        world.send_text(socket, "{}");
        assert_eq!(world.closed.contains_key(&socket), is_open, "{origin:?}");
    }
}
