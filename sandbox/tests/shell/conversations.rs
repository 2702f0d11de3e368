//! The conversations APIs over real HTTP and WebSocket.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use crate::server::{Answer, Server};

const BASE: &str = "/api/v2/conversations/messaging";

async fn call(server: &Server, number: u32, method: &str, path: &str, token: &str, body: &Value) -> Answer {
    let id = format!("00000000-0000-4000-8000-{number:012}");
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", "application/json"), ("x-genesys-request-id", &*id)];
    if !token.is_empty() {
        headers.push(("authorization", &bearer));
    }
    server.http(method, path, &headers, &body.to_string()).await
}

async fn events(server: &Server) -> WebSocketStream<TcpStream> {
    let url = format!("ws://127.0.0.1:{}{BASE}/events", server.port);
    client_async(url, server.connect().await).await.expect("a socket").0
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Value {
    let message = tokio::time::timeout(std::time::Duration::from_secs(20), socket.next()).await.expect("in time");
    match message {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text).expect("JSON"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_conversation_goes_over_rest_and_its_events_over_the_socket() {
    let server = Server::start(&["--no-bot"]).await;
    let opened = call(&server, 1, "POST", BASE, "", &json!({})).await.json();
    let token = opened["token"].as_str().expect("a token");
    let mut socket = events(&server).await;
    socket.send(Message::text(json!({"type": "authenticate", "token": token}).to_string())).await.expect("sent");
    let message = json!({
        "from": {"id": opened["guestId"], "type": "user"},
        "to": {"id": opened["id"], "type": "conversation"},
        "body": {"contentType": "text/plain", "content": "Hi"},
    });
    // Only what is sent after the platform has heard the first frame is an event.
    while server.http("GET", &format!("{}/conversations", server.control), &[], "").await.json()[0]["connections"] == 0
    {
    }
    let sent = call(&server, 2, "POST", &format!("{BASE}/messages"), token, &message).await;
    assert_eq!((sent.status, sent.header("x-ratelimit-remaining")), (200, "99"));
    assert!(sent.header("date").ends_with(" GMT"));
    assert_eq!(next(&mut socket).await["payload"], sent.json());
    server.control("POST", "/conversations/c1/messages", json!({"text": "Hello"})).await;
    assert_eq!(next(&mut socket).await["payload"]["body"]["content"], "Hello");
    let path = format!("{BASE}/conversations/{}/messages", opened["id"].as_str().expect("an id"));
    assert_eq!(call(&server, 3, "GET", &path, token, &Value::Null).await.json()["total"], 2);
}
