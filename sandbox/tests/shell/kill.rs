use serde_json::json;
use tokio_tungstenite::tungstenite::{Message, protocol::frame::coding::CloseCode};

use crate::server::Server;

#[tokio::test]
async fn conversations_survive_an_abrupt_end_and_a_torn_last_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("state.jsonl");
    let flags = ["--no-bot", "--state", state.to_str().expect("a path")];
    for round in 0..3 {
        let mut server = Server::start(&flags).await;
        let mut guest = server.open().await;
        assert_eq!(guest.configure("t").await["body"]["newSession"], json!(round == 0));
        let echo = guest.say("t", &format!("round {round}")).await;
        let list = server.control("GET", "/conversations", json!({})).await.json();
        assert_eq!(list[0]["messages"].as_array().map(Vec::len), Some(round + 1));
        assert_eq!(list[0]["messages"][round]["id"], echo["body"]["id"]);
        server.child.kill().await.expect("killed");
        let mut text = std::fs::read_to_string(&state).expect("the state file");
        text.push_str("{\"message\":{\"conv");
        std::fs::write(&state, text).expect("written");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupt_closes_the_sockets_and_ends_with_exit_code_0() {
    let mut server = Server::start(&["--no-bot"]).await;
    let mut guest = server.open().await;
    guest.configure("t").await;
    let id = server.child.id().expect("an id").to_string();
    let sent = std::process::Command::new("kill").args(["-INT", &id]).status().expect("kill runs");
    assert!(sent.success());
    match guest.next_message().await {
        Some(Ok(Message::Close(Some(frame)))) => assert_eq!(frame.code, CloseCode::Away),
        other => panic!("{other:?}"),
    }
    drop(guest);
    assert_eq!(server.child.wait().await.expect("an end").code(), Some(0));
}
