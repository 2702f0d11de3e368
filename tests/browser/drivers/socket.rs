use crate::support::{Heard, page};
use futures_sink::Sink;
use gloo_net::websocket::Message;
use gloo_net::websocket::futures::WebSocket;
use guest_messenger::browser::json::FRAME_MAX_BYTES;
use guest_messenger::browser::socket::Socket;
use guest_messenger::protocol::wire::WireInput;
use js_sys::Uint8Array;
use std::pin::Pin;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Nobody listens on the discard port.
const CLOSED_PORT: &str = "ws://127.0.0.1:9/";

fn open(url: &str) -> (Socket, Heard<String>) {
    let heard = Heard::new();
    let teller = heard.teller();
    (Socket::open(url, move |input: WireInput| teller(format!("{input:?}"))), heard)
}

#[wasm_bindgen_test]
async fn a_line_that_cannot_be_had_ends_with_1006() {
    page::genuine_sockets();
    for url in [CLOSED_PORT, "no address", "ftp://127.0.0.1/"] {
        let (_socket, heard) = open(url);
        assert_eq!(heard.count(), 0, "told before the driver was there");
        assert_eq!(heard.next().await, "SocketClosed(1006)", "{url}");
    }
}

#[wasm_bindgen_test]
async fn a_constructor_that_throws_what_is_no_error_ends_the_line() {
    page::throwing_sockets();
    let (_socket, heard) = open("ws://127.0.0.1/");
    page::genuine_sockets();
    assert_eq!(heard.next().await, "SocketClosed(1006)");
}

#[wasm_bindgen_test]
async fn opening_frames_and_the_close_code_arrive_in_order() {
    page::fake_sockets();
    let (socket, heard) = open("ws://127.0.0.1/");
    let fake = page::fake_socket();
    page::genuine_sockets();
    fake.opens();
    assert_eq!(heard.next().await, "SocketOpened");
    socket.send("hello");
    assert_eq!(fake.sent().get(0).as_string().as_deref(), Some("hello"));
    fake.says(&"{\"a\":true}".into());
    fake.says(&"not json".into());
    fake.says(&Uint8Array::new_with_length(3).buffer().into());
    fake.says(&JsValue::from("1".repeat(FRAME_MAX_BYTES + 1)));
    fake.ends(4007);
    assert_eq!(heard.next().await, "Frame(Some(Map([(\"a\", Bool(true))])))");
    for _ in 0..3 {
        assert_eq!(heard.next().await, "Frame(None)");
    }
    assert_eq!(heard.next().await, "SocketClosed(4007)");
}

#[wasm_bindgen_test]
async fn a_frame_for_a_closed_socket_is_not_lost_in_silence() {
    page::fake_sockets();
    let (socket, heard) = open("ws://127.0.0.1/");
    let fake = page::fake_socket();
    page::genuine_sockets();
    fake.opens();
    assert_eq!(heard.next().await, "SocketOpened");
    socket.close(1000);
    assert_eq!(fake.closed_with(), Some(1000));
    socket.send("late");
    assert_eq!(heard.next().await, "SocketClosed(1006)");
    fake.ends(1000);
    page::later(0).await;
    assert_eq!(heard.count(), 0, "the end is told once");
    assert_eq!(fake.sent().length(), 0);
}

#[wasm_bindgen_test]
async fn gloo_net_says_ok_to_a_frame_for_a_closed_socket() {
    page::fake_sockets();
    let mut socket = WebSocket::open("ws://127.0.0.1/").unwrap();
    page::genuine_sockets();
    page::fake_socket().ends(1006);
    let sent = Pin::new(&mut socket).start_send(Message::Text("lost".to_owned()));
    assert!(sent.is_ok(), "gloo-net tells of it now: sending may go through it");
}

#[wasm_bindgen_test]
async fn a_dropped_socket_closes_and_says_nothing_more() {
    page::fake_sockets();
    let (socket, heard) = open("ws://127.0.0.1/");
    let fake = page::fake_socket();
    page::genuine_sockets();
    drop(socket);
    fake.opens();
    fake.says(&"{}".into());
    fake.ends(1000);
    page::later(0).await;
    assert_eq!(fake.closed_with(), Some(1000));
    assert_eq!(heard.count(), 0);
}
