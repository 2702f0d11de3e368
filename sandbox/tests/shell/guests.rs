use serde_json::json;
use tokio_tungstenite::tungstenite::{Message, protocol::frame::coding::CloseCode};

use crate::{
    server::Server,
    support::{DEPLOYMENT, strict::check_history},
};

#[tokio::test]
async fn a_conversation_goes_over_the_socket_and_its_history_over_http() {
    let server = Server::start(&["--no-bot"]).await;
    let mut guest = server.open().await;
    assert_eq!(guest.configure("t").await["body"]["newSession"], true);
    assert_eq!(guest.say("t", "Hi").await["body"]["text"], "Hi");
    server.control("POST", "/conversations/c1/messages", json!({"author": "agent", "text": "Hello"})).await;
    assert_eq!(guest.next().await.expect("a message")["body"]["text"], "Hello");
    let jwt = guest.ask(json!({"action": "getJwt", "token": "t"})).await["body"]["jwt"].clone();
    let auth = format!("bearer {}", jwt.as_str().expect("a jwt"));
    let page =
        server.http("GET", "/api/v2/webmessaging/messages?pageSize=1", &[("authorization", &auth)], "").await.json();
    check_history(&page).expect("a history page that the mobile client can read");
    assert_eq!((&page["total"], &page["entities"][0]["text"]), (&json!(2), &json!("Hello")));
}

#[tokio::test]
async fn the_bot_answers_in_its_own_time() {
    let server = Server::start(&[]).await;
    let mut guest = server.open().await;
    guest.configure("t").await;
    guest.say("t", "hello").await;
    let typing = guest.next().await.expect("typing");
    assert_eq!(typing["body"]["events"][0]["eventType"], "Typing");
    assert_eq!(guest.next().await.expect("a greeting")["body"]["direction"], "Outbound");
}

#[tokio::test]
async fn a_foreign_origin_a_foreign_host_and_a_wrong_deployment_are_refused_with_403() {
    let server = Server::start(&["--allow-domain", "shop.example", "--allow-host", "chat.example"]).await;
    assert_eq!(server.try_open(&[("origin", "https://evil.example")]).await.err(), Some(403));
    assert_eq!(server.try_open(&[("host", "evil.example")]).await.err(), Some(403));
    for headers in [
        [("origin", "https://www.shop.example"), ("authorization", "Basic d2VibWVzc2FnaW5nLng6")],
        [("origin", "webmessaging.example"), ("host", "chat.example")],
    ] {
        assert!(server.try_open(&headers).await.is_ok(), "{headers:?}");
    }
    let wrong = format!("ws://127.0.0.1:{}/v1?deploymentId=other", server.port);
    assert_eq!(crate::server::Guest::open(server.connect().await, &wrong, &[]).await.err(), Some(403));
    let extras = format!("ws://127.0.0.1:{}/v1?application=Widget-1.0&deploymentId={DEPLOYMENT}&x", server.port);
    assert!(crate::server::Guest::open(server.connect().await, &extras, &[]).await.is_ok());
}

#[tokio::test]
async fn a_close_fault_sends_a_close_frame_and_a_kill_sends_none() {
    let server = Server::start(&["--no-bot"]).await;
    let mut closed = server.open().await;
    closed.configure("t").await;
    server.control("POST", "/faults", json!({"kind": "close", "code": 1012, "reason": "restart"})).await;
    match closed.next_message().await {
        Some(Ok(Message::Close(Some(frame)))) => {
            assert_eq!((frame.code, frame.reason.as_str()), (CloseCode::Restart, "restart"))
        }
        other => panic!("{other:?}"),
    }
    let mut killed = server.open().await;
    killed.configure("t").await;
    server.control("POST", "/faults", json!({"kind": "kill"})).await;
    let end = killed.next_message().await;
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");
}

#[tokio::test]
async fn a_hanging_handshake_is_given_up_by_the_client_and_harms_nobody() {
    let server = Server::start(&["--no-bot"]).await;
    server.control("POST", "/faults", json!({"kind": "hang_handshake"})).await;
    let hanging = tokio::time::timeout(std::time::Duration::from_millis(300), server.try_open(&[])).await;
    assert!(hanging.is_err());
    assert_eq!(server.open().await.configure("t").await["code"], 200);
}

#[tokio::test]
async fn bad_frames_are_answered_and_only_a_huge_one_ends_the_connection_with_1009() {
    let server = Server::start(&["--no-bot"]).await;
    let mut guest = server.open().await;
    guest.configure("t").await;
    for message in [Message::text("{"), Message::binary(vec![0xff, 0]), Message::text("x".repeat(300_000))] {
        futures_util::SinkExt::send(&mut guest.socket, message).await.expect("sent");
        assert_eq!(guest.next().await.expect("an answer")["code"], 400);
    }
    assert_eq!(guest.say("t", "still here").await["code"], 200);
    let huge = Message::text("x".repeat(5 * 1024 * 1024));
    // The server may close before all of it is written.
    let _ = futures_util::SinkExt::send(&mut guest.socket, huge).await;
    match guest.next_message().await {
        Some(Ok(Message::Close(Some(frame)))) => assert_eq!(frame.code, CloseCode::Size),
        Some(Err(_)) | None => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(server.open().await.configure("t").await["body"]["newSession"], false);
}

#[tokio::test]
async fn a_burst_of_ten_thousand_comes_whole_and_in_order() {
    let server = Server::start(&[]).await;
    let mut guest = server.open().await;
    guest.configure("t").await;
    guest.say("t", "burst 10000").await;
    let mut count = 0;
    while count < 10_000 {
        let frame = guest.next().await.expect("a frame");
        if frame["body"]["text"].as_str().is_some_and(|text| text.starts_with("Message ")) {
            count += 1;
            assert_eq!(frame["body"]["text"], format!("Message {count} of 10000"));
        }
    }
}
