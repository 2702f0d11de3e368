//! A conversation as the third-party tester holds it (guest API reference, section 23.4). Where that client would
//! crash, this one fails the test.

use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::{
    server::{Guest, Server},
    support::DEPLOYMENT,
};

const TOKEN: &str = "0b9e6a52-3c1d-4f4e-8a55-91c7d2e0aa10";

struct Tester {
    guest: Guest<TcpStream>,
    /// What it sorts by.
    last_time: String,
}

impl Tester {
    async fn start(server: &Server) -> Self {
        let mut tester = Self { guest: server.open().await, last_time: String::new() };
        // No tracing id, and it waits for exactly this type and class.
        tester.guest.send(json!({"action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN})).await;
        let answer = tester.frame().await;
        assert_eq!((&answer["type"], &answer["class"]), (&json!("response"), &json!("SessionResponse")));
        tester
    }

    async fn say(&mut self, text: &str) {
        let channel = json!({"metadata": {"customAttributes": {"IsAutomatedTest": "true"}}});
        let message = json!({"type": "Text", "text": text});
        self.guest.send(json!({"action": "onMessage", "token": TOKEN, "message": message, "channel": channel})).await;
    }

    /// It throws out of its handler on any code but 200, and reads the channel of every message without a look.
    async fn frame(&mut self) -> Value {
        let frame = self.guest.next().await.expect("the tester cannot reconnect");
        assert_eq!(frame["code"], 200, "{frame}");
        assert!(frame["type"].is_string());
        if frame["type"] == "message" && frame["class"] == "StructuredMessage" {
            let time = frame["body"]["channel"]["time"].as_str().expect("a channel with a time").to_owned();
            assert!(time.len() == 24 && time.ends_with('Z') && time > self.last_time, "{time}");
            self.last_time = time;
            if frame["body"]["type"] == "Event" {
                assert!(frame["body"]["events"].is_array());
            }
        }
        frame
    }

    async fn wait_for_reply_containing(&mut self, words: &str) {
        loop {
            let frame = self.frame().await;
            let body = &frame["body"];
            let is_reply = body["direction"] == "Outbound" && (body["type"] == "Text" || body["type"] == "Structured");
            if is_reply && body["text"].as_str().is_some_and(|text| text.contains(words)) {
                return;
            }
        }
    }
}

#[tokio::test]
async fn the_third_party_tester_gets_through_a_conversation() {
    let server = Server::start(&[]).await;
    let mut tester = Tester::start(&server).await;
    tester.say("Hi").await;
    tester.wait_for_reply_containing("What can I do for you?").await;
    tester.say("help").await;
    tester.wait_for_reply_containing("scripted bot").await;
    tester.say("carousel").await;
    tester.wait_for_reply_containing("three that people like").await;
    tester.say("Thank you").await;
    tester.wait_for_reply_containing("You wrote: Thank you").await;
    // It leaves without a code.
    tester.guest.socket.close(None).await.expect("closed");
}
