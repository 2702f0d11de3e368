//! One WebSocket at a time, as the core wants it: opened, frames both ways, closed.

use futures_util::{SinkExt, StreamExt};
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::WireInput;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// There are thousands of them.
const READ_BUFFER_BYTES: usize = 4 * 1024;
const ABNORMAL_CLOSURE: u16 = 1006;
const NO_CODE: u16 = 1005;

/// What a socket of this number did.
#[derive(Debug)]
pub(crate) struct FromSocket {
    pub(crate) number: u32,
    pub(crate) input: WireInput,
}

/// Dropped, it goes away without a word.
#[derive(Debug)]
pub(crate) struct Socket {
    orders: mpsc::UnboundedSender<Order>,
}

#[derive(Debug)]
enum Order {
    Send(String),
    Close(u16),
}

impl Socket {
    pub(crate) fn open(number: u32, url: String, inbox: mpsc::UnboundedSender<FromSocket>) -> Socket {
        let (orders, wanted) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let code = live(number, &url, &inbox, wanted).await;
            // Nobody may be there to hear it any more.
            let _ = inbox.send(FromSocket { number, input: WireInput::SocketClosed(code) });
        });
        Socket { orders }
    }

    // A socket that has ended has said so.

    pub(crate) fn send(&self, text: &str) {
        let _ = self.orders.send(Order::Send(text.to_owned()));
    }

    pub(crate) fn close(&self, code: u16) {
        let _ = self.orders.send(Order::Close(code));
    }
}

/// Until the line ends; answers with which code.
async fn live(
    number: u32,
    url: &str,
    inbox: &mpsc::UnboundedSender<FromSocket>,
    mut wanted: mpsc::UnboundedReceiver<Order>,
) -> u16 {
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES).write_buffer_size(0);
    let connecting = connect_async_with_config(url, Some(config), true);
    let mut line: WebSocketStream<MaybeTlsStream<TcpStream>> = tokio::select! {
        connected = connecting => match connected {
            Ok((line, _)) => line,
            Err(_) => return ABNORMAL_CLOSURE,
        },
        () = given_up(&mut wanted) => return ABNORMAL_CLOSURE,
    };
    let tell = |input| {
        // As above.
        let _ = inbox.send(FromSocket { number, input });
    };
    tell(WireInput::SocketOpened);
    loop {
        tokio::select! {
            frame = line.next() => match frame {
                Some(Ok(Message::Text(text))) => tell(WireInput::Frame(json::parse(&text))),
                Some(Ok(Message::Close(frame))) => return frame.map_or(NO_CODE, |frame| frame.code.into()),
                Some(Ok(Message::Binary(_))) => tell(WireInput::Frame(None)),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return ABNORMAL_CLOSURE,
            },
            order = wanted.recv() => match order {
                Some(Order::Send(text)) => {
                    if line.send(Message::text(text)).await.is_err() {
                        return ABNORMAL_CLOSURE;
                    }
                }
                Some(Order::Close(code)) => {
                    let frame = CloseFrame { code: CloseCode::from(code), reason: Utf8Bytes::default() };
                    let _ = line.close(Some(frame)).await;
                    return code;
                }
                None => return ABNORMAL_CLOSURE,
            },
        }
    }
}

/// Closed before it was there.
async fn given_up(wanted: &mut mpsc::UnboundedReceiver<Order>) {
    while let Some(Order::Send(_)) = wanted.recv().await {}
}
