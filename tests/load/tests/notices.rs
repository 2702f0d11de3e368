//! The tool against back ends that lose, copy and refuse: it has to notice.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Duration;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// Longer than the tool takes to see that all guests are done.
const TYPING_TAKES: Duration = Duration::from_millis(600);

/// What the back end does with the message of this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trick {
    None,
    Swallow(u64),
    Copy(u64),
    /// By the conversations API: it is taken, and the connection ends before the answer.
    LoseAnswer(u64),
    /// Conversations are opened for a server alone, which has a client secret.
    WantServer,
}

/// Runs the tool against a back end of three messages from one guest.
async fn run(trick: Trick) -> (Output, Value) {
    run_with(trick, "guest").await
}

async fn run_with(trick: Trick, api: &'static str) -> (Output, Value) {
    run_on(Kept::default(), trick, &["--api", api]).await
}

async fn run_on(kept: Kept, trick: Trick, more: &[&'static str]) -> (Output, Value) {
    let more = more.to_vec();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, trick, kept.clone()));
        }
    });
    // What is swallowed never comes; everything else is worth waiting for, also on a busy machine.
    let settle_s = if matches!(trick, Trick::Swallow(_)) { "1" } else { "20" };
    let run = move || {
        let arguments = [
            "--guests",
            "1",
            "--messages",
            "3",
            "--interval-ms",
            "50",
            "--ramp-s",
            "0",
            "--settle-s",
            settle_s,
            "--json",
            "--url",
            &url,
        ];
        let mut tool = Command::new(env!("CARGO_BIN_EXE_load"));
        if trick == Trick::WantServer {
            tool.env("GUEST_MESSENGER_CLIENT_ID", "me").env("GUEST_MESSENGER_CLIENT_SECRET", "a&b");
        }
        tool.args(arguments).args(more).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output, report)
}

/// A socket for `/v1`, the configuration for everything else.
async fn serve(mut stream: TcpStream, trick: Trick, kept: Kept) {
    let mut start = [0; 64];
    if stream.peek(&mut start).await.is_err() {
        return;
    }
    if start.starts_with(b"POST /") || (start.starts_with(b"GET /api") && !contains(&start, b"/events")) {
        return serve_call(stream, trick, &kept).await;
    }
    if !start.starts_with(b"GET /v1") && !start.starts_with(b"GET /api") {
        let mut request = [0; 2048];
        let _ = stream.read(&mut request).await;
        let body = json!({"id": "d", "status": "Active", "messenger": {"enabled": true, "apps": {"conversations": {"enabled": true}}}}).to_string();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        let _ = stream.write_all((head + &body).as_bytes()).await;
        return;
    }
    let Ok(mut line) = accept_async(stream).await else { return };
    let mut messages = 0;
    while let Some(Ok(Message::Text(text))) = line.next().await {
        let frame: Value = serde_json::from_str(&text).unwrap();
        for answer in answers(&frame, trick, &mut messages) {
            let _ = line.send(Message::text(answer.to_string())).await;
        }
    }
}

/// What was posted, in its order.
#[derive(Debug, Clone, Default)]
struct Kept {
    messages: Arc<Mutex<Vec<Value>>>,
    /// How many bytes each message had.
    lengths: Arc<Mutex<Vec<usize>>>,
    typing: Arc<Mutex<Vec<bool>>>,
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// One call of the conversations API, on a connection of its own.
async fn serve_call(mut stream: TcpStream, trick: Trick, kept: &Kept) {
    let mut request = Vec::new();
    let (length, body): (usize, Value) = loop {
        let mut part = [0; 4096];
        let Ok(length @ 1..) = stream.read(&mut part).await else { return };
        request.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            break (body.len(), serde_json::from_str(body).unwrap_or(Value::Null));
        }
    };
    let text = String::from_utf8_lossy(&request).into_owned();
    let view = |(at, said): (usize, &Value)| json!({"id": format!("m-{at}"), "from": said["from"], "body": said["body"], "metadata": said["metadata"]});
    let answer = if text.starts_with("GET") {
        let kept = kept.messages.lock().unwrap();
        json!({"entities": kept.iter().enumerate().map(view).collect::<Vec<_>>(), "total": kept.len()})
    } else if text.starts_with("POST /api/v2/conversations/messaging/messages ") {
        kept.lengths.lock().unwrap().push(length);
        let mut kept = kept.messages.lock().unwrap();
        kept.push(body);
        if trick == Trick::LoseAnswer(kept.len() as u64) {
            return;
        }
        kept.iter().enumerate().next_back().map(view).unwrap()
    } else if text.contains("/typing HTTP/1.1\r\n") {
        kept.typing.lock().unwrap().push(body["isTyping"] == true);
        // A slow back end, which answers when all messages have long been confirmed.
        tokio::time::sleep(TYPING_TAKES).await;
        Value::Null
    } else if text.starts_with("POST /oauth/token ") {
        let is_known = text.contains("client_id=me&client_secret=a%26b&");
        json!({"access_token": if is_known { "of-server" } else { "of-nobody" }})
    } else if trick == Trick::WantServer && !text.contains("Bearer of-server\r\n") {
        Value::Null
    } else {
        json!({"id": "c", "guestId": "g", "token": "canary-token"})
    };
    let body = answer.to_string();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all((head + &body).as_bytes()).await;
}

fn answers(frame: &Value, trick: Trick, messages: &mut u64) -> Vec<Value> {
    let tracing_id = &frame["tracingId"];
    if frame["action"] == "configureSession" {
        let body = json!({"connected": true, "newSession": true});
        return vec![
            json!({"type": "response", "class": "SessionResponse", "code": 200, "body": body, "tracingId": tracing_id}),
        ];
    }
    if frame["message"]["type"] != "Text" || frame["action"] != "onMessage" {
        return Vec::new();
    }
    *messages += 1;
    let echo = |id: String| {
        let body = json!({
            "type": "Text", "text": frame["message"]["text"], "direction": "Inbound", "id": id,
            "channel": {"type": "Private", "messageId": id, "time": "2026-11-21T04:00:00.000Z"}, "metadata": frame["message"]["metadata"],
        });
        json!({"type": "message", "class": "StructuredMessage", "code": 200, "body": body, "tracingId": tracing_id})
    };
    let id = |copy: u64| format!("{:032x}", *messages * 10 + copy);
    match trick {
        Trick::Swallow(number) if number <= *messages => Vec::new(),
        Trick::Copy(number) if number == *messages => vec![echo(id(0)), echo(id(1))],
        Trick::None | Trick::Swallow(_) | Trick::Copy(_) | Trick::LoseAnswer(_) | Trick::WantServer => {
            vec![echo(id(0))]
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_messages_of_an_honest_back_end_arrive_and_the_tool_ends_well() {
    let (output, report) = run(Trick::None).await;
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(
        (&report["sent"], &report["echoed"], &report["lost"], &report["duplicated"]),
        (&json!(3), &json!(3), &json!(0), &json!(0))
    );
    assert!(report["latencyMs"]["p99"].as_f64().unwrap() > 0.0, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_delivered_twice_is_noticed_and_ends_the_tool_with_1() {
    let (output, report) = run(Trick::Copy(2)).await;
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert_eq!(report["duplicated"], json!(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_are_swallowed_are_noticed_and_end_the_tool_with_1() {
    let (output, report) = run(Trick::Swallow(2)).await;
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert_eq!(report["lost"], json!(2), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_is_lost_is_found_in_the_history_and_counts_once() {
    let (output, report) = run_with(Trick::LoseAnswer(2), "conversations").await;
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(
        (&report["sent"], &report["echoed"], &report["lost"], &report["duplicated"]),
        (&json!(3), &json!(3), &json!(0), &json!(0))
    );
    assert_eq!(report["errors"]["no answer"], json!(1), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn client_credentials_from_the_environment_open_the_conversations() {
    let (output, report) = run_with(Trick::WantServer, "conversations").await;
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!((&report["sent"], &report["echoed"], &report["lost"]), (&json!(3), &json!(3), &json!(0)));
    let printed = [output.stdout, output.stderr].concat();
    assert!(!contains(&printed, b"a&b") && !contains(&printed, b"of-server"), "{report}");
}

#[test]
fn wrong_input_ends_the_tool_with_2_and_one_sentence() {
    for arguments in [
        &["--guests", "0"][..],
        &["--url", "https://api.example.com"],
        &["--nonsense"],
        &["simulate", "--guests", "none"],
        &["--audit", "/"],
        &["--audit", "/", "--api", "conversations", "--url", "http://127.0.0.1:1"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_load")).args(arguments).output().unwrap();
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{sentence}");
        assert_eq!(sentence.trim_end().lines().count(), 1, "{sentence}");
    }
}

#[test]
fn half_of_the_client_credentials_ends_the_tool_with_2_and_one_sentence() {
    for (name, value) in [("GUEST_MESSENGER_CLIENT_ID", "me"), ("GUEST_MESSENGER_CLIENT_SECRET", "canary")] {
        let mut tool = Command::new(env!("CARGO_BIN_EXE_load"));
        tool.env_remove("GUEST_MESSENGER_CLIENT_ID").env_remove("GUEST_MESSENGER_CLIENT_SECRET").env(name, value);
        let output = tool.args(["--api", "conversations", "--url", "http://127.0.0.1:1"]).output().unwrap();
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{sentence}");
        assert!(sentence.contains("set both or neither") && !sentence.contains("canary"), "{sentence}");
        assert_eq!(sentence.trim_end().lines().count(), 1, "{sentence}");
    }
}

fn names(record: &Value) -> Vec<&str> {
    record.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_file_has_a_line_for_every_transmission_and_typing_transition_without_text_or_token() {
    const FILE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/audit.jsonl");
    let kept = Kept::default();
    let more = &["--api", "conversations", "--typing-share", "1", "--audit", FILE];
    let (output, report) = run_on(kept.clone(), Trick::LoseAnswer(2), more).await;
    assert_eq!(output.status.code(), Some(0), "{report}");
    let text = std::fs::read_to_string(FILE).unwrap();
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(report["auditRecords"], json!(records.len()));

    let (sent, typed): (Vec<&Value>, Vec<&Value>) =
        records.iter().partition(|record| record["action"] == "TRANSMIT_MESSAGE");
    let lengths: Vec<usize> =
        sent.iter().map(|record| record["payload_bytes"].as_u64().unwrap().try_into().unwrap()).collect();
    assert_eq!(lengths, *kept.lengths.lock().unwrap(), "each transmission that the back end has seen");
    assert_eq!(sent.iter().map(|record| &record["status"]).collect::<Vec<_>>(), ["delivered", "unknown", "delivered"]);
    assert_eq!((&sent[1]["http_status"], &sent[1]["error"]), (&Value::Null, &json!("network/no-answer")));
    for record in &sent {
        // In the order of the alphabet.
        let of_transmission = [
            "action",
            "content_type",
            "conversation_id",
            "error",
            "http_status",
            "latency_ms",
            "payload_bytes",
            "response_id",
            "session_id",
            "status",
            "time",
        ];
        assert_eq!(names(record), of_transmission);
        assert_eq!((&record["session_id"], &record["conversation_id"]), (&json!("g"), &json!("c")));
        assert!(record["time"].as_str().unwrap().ends_with('Z'), "{record}");
    }

    let count = |is_on: bool| kept.typing.lock().unwrap().iter().filter(|on| **on == is_on).count();
    let recorded = |status: &str| typed.iter().filter(|record| record["indicator_status"] == status).count();
    assert!(count(true) > 0);
    assert_eq!((recorded("on"), recorded("off")), (count(true), count(false)), "{text}");
    for record in &typed {
        assert_eq!(names(record), ["error", "indicator_status", "latency_ms", "result", "session_id", "timestamp"]);
        assert_eq!((&record["session_id"], &record["result"]), (&json!("g"), &json!("sent")));
    }
    assert!(!text.contains("Load 0") && !text.contains("canary"), "{text}");
}
