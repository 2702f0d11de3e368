//! The conversations APIs over real HTTP and WebSocket.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
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

/// Waits until the only conversation has a socket that has authenticated.
async fn heard_by_platform(server: &Server) {
    let path = format!("{}/conversations", server.control);
    while server.get(&path).await.json()[0]["connections"] == 0 {}
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
    heard_by_platform(&server).await;
    let sent = call(&server, 2, "POST", &format!("{BASE}/messages"), token, &message).await;
    assert_eq!((sent.status, sent.header("x-ratelimit-remaining")), (200, "99"));
    assert!(sent.header("date").ends_with(" GMT"));
    assert_eq!(next(&mut socket).await["payload"], sent.json());
    server.control("POST", "/conversations/c1/messages", json!({"text": "Hello"})).await;
    assert_eq!(next(&mut socket).await["payload"]["body"]["content"], "Hello");
    let path = format!("{BASE}/conversations/{}/messages", opened["id"].as_str().expect("an id"));
    assert_eq!(call(&server, 3, "GET", &path, token, &Value::Null).await.json()["total"], 2);
}

#[tokio::test]
async fn a_lost_answer_ends_the_connection_with_not_one_byte_and_the_message_is_there() {
    let server = Server::start(&["--no-bot"]).await;
    let opened = call(&server, 1, "POST", BASE, "", &json!({})).await.json();
    let token = opened["token"].as_str().expect("a token");
    let fault = json!({"kind": "http", "route": "send", "lost": "answer"});
    assert_eq!(server.control("POST", "/faults", fault).await.status, 200);
    let body = json!({"content": "Hi"}).to_string();
    let request = format!(
        "POST {BASE}/participants/{}/send HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\nx-genesys-request-id: 00000000-0000-4000-8000-000000000002\r\n\
         content-length: {}\r\n\r\n{body}",
        opened["guestId"].as_str().expect("an id"),
        server.port,
        body.len()
    );
    let mut stream = server.connect().await;
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut heard = Vec::new();
    let end = stream.read_to_end(&mut heard).await;
    assert!(heard.is_empty(), "{end:?} {}", String::from_utf8_lossy(&heard));
    let path = format!("{BASE}/conversations/{}/messages", opened["id"].as_str().expect("an id"));
    assert_eq!(call(&server, 3, "GET", &path, token, &Value::Null).await.json()["total"], 1);
}

#[tokio::test]
async fn an_expired_token_closes_the_socket_with_4001_and_no_first_frame_with_1008() {
    let server = Server::start(&["--no-bot"]).await;
    let opened = call(&server, 1, "POST", BASE, "", &json!({})).await.json();
    let frame = |token: &str| json!({"type": "authenticate", "token": token});
    let token = opened["token"].as_str().expect("a token");
    for (frame, code) in [(frame(token), 4001), (frame("wrong"), 4001), (json!({"type": "hello"}), 1008)] {
        let mut socket = events(&server).await;
        socket.send(Message::text(frame.to_string())).await.expect("sent");
        if frame["token"] == token {
            heard_by_platform(&server).await;
            server.control("POST", "/faults", json!({"kind": "expire"})).await;
        }
        match socket.next().await {
            Some(Ok(Message::Close(Some(frame)))) => assert_eq!(u16::from(frame.code), code),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn conversations_and_tokens_outlive_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("state").display().to_string();
    let mut server = Server::start(&["--no-bot", "--state", &file]).await;
    let opened = call(&server, 1, "POST", BASE, "", &json!({})).await.json();
    let token = opened["token"].as_str().expect("a token");
    let send = format!("{BASE}/participants/{}/send", opened["guestId"].as_str().expect("an id"));
    assert_eq!(call(&server, 2, "POST", &send, token, &json!({"content": "Hi"})).await.status, 200);
    server.child.kill().await.expect("killed");
    let server = Server::start(&["--no-bot", "--state", &file]).await;
    assert_eq!(call(&server, 3, "POST", &send, token, &json!({"content": "Back"})).await.status, 200);
    let path = format!("{BASE}/conversations/{}/messages", opened["id"].as_str().expect("an id"));
    assert_eq!(call(&server, 4, "GET", &path, token, &Value::Null).await.json()["total"], 2);
}

#[tokio::test]
async fn the_token_form_of_servers_is_at_both_of_its_addresses() {
    let server = Server::start(&[]).await;
    let form = "grant_type=client_credentials&client_id=stand-in-client&client_secret=stand-in-secret";
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    for path in ["/oauth/token", "/api/v2/oauth/token"] {
        let answer = server.http("POST", path, &headers, form).await;
        assert_eq!((answer.status, &answer.json()["expires_in"]), (200, &json!(1800)), "{path}");
    }
    assert_eq!(server.http("POST", "/sandbox/token", &[], "{}").await.json()["expiresIn"], 3600);
}
