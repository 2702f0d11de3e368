//! The program as a child process, and plain clients for it.

use std::{process::Stdio, time::Duration};

use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader},
    net::TcpStream,
    process::{Child, Command},
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite};
use tungstenite::{Message, client::IntoClientRequest};

use crate::support::{DEPLOYMENT, strict::check_frame};

/// Longer than anything here takes; a test that waits for it has failed.
const LONG: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) port: u16,
    pub(crate) control: String,
    pub(crate) url: String,
}

impl Server {
    /// On a free port, with these further arguments.
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(["--port", "0", "--json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let line = timeout(LONG, lines.next_line()).await.expect("in time").expect("readable").expect("a line");
        let start: Value = serde_json::from_str(&line).expect("JSON");
        let url = start["url"].as_str().expect("url").to_owned();
        let port = url.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("a port");
        let control = start["control"].as_str().expect("control")[url.len()..].to_owned();
        assert_eq!(start["desk"], format!("{url}{control}/desk"));
        Self { child, port, control, url }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.expect("a connection")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.http("GET", path, &[], "").await
    }

    pub(crate) async fn http(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let host = format!("127.0.0.1:{}", self.port);
        http_over(self.connect().await, &host, method, path, headers, body).await
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Answer {
        self.http(method, &format!("{}{path}", self.control), &[], &body.to_string()).await
    }

    /// A guest socket, not yet configured.
    pub(crate) async fn open(&self) -> Guest<TcpStream> {
        self.try_open(&[]).await.expect("a socket")
    }

    pub(crate) async fn try_open(&self, headers: &[(&'static str, &str)]) -> Result<Guest<TcpStream>, u16> {
        let url = format!("ws://127.0.0.1:{}/v1?deploymentId={DEPLOYMENT}", self.port);
        Guest::open(self.connect().await, &url, headers).await
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

pub(crate) async fn http_over<S>(
    stream: S,
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
    tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", host);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).expect("a request");
    let response = timeout(LONG, sender.send_request(request)).await.expect("in time").expect("an answer");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes().to_vec();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

/// A guest's side of a socket. Every frame that comes is checked.
pub(crate) struct Guest<S> {
    pub(crate) socket: WebSocketStream<S>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Guest<S> {
    /// The socket, or the HTTP status that it was refused with.
    pub(crate) async fn open(stream: S, url: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        match timeout(LONG, client_async(request, stream)).await.expect("in time") {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.expect("sent");
    }

    /// The next frame; `None` once the connection is gone, with or without a close frame.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        match self.next_message().await {
            Some(Ok(Message::Text(text))) => {
                let frame = serde_json::from_str(&text).expect("JSON");
                check_frame(&frame).expect("a frame that the mobile client can read");
                Some(frame)
            }
            _ => None,
        }
    }

    pub(crate) async fn next_message(&mut self) -> Option<Result<Message, tungstenite::Error>> {
        timeout(LONG, self.socket.next()).await.expect("in time")
    }

    pub(crate) async fn ask(&mut self, frame: Value) -> Value {
        self.send(frame).await;
        self.next().await.expect("an answer")
    }

    pub(crate) async fn configure(&mut self, token: &str) -> Value {
        self.ask(json!({"action": "configureSession", "deploymentId": DEPLOYMENT, "token": token})).await
    }

    pub(crate) async fn say(&mut self, token: &str, text: &str) -> Value {
        self.ask(json!({"action": "onMessage", "token": token, "message": {"type": "Text", "text": text}})).await
    }
}
