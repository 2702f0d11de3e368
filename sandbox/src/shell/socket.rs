//! One guest's WebSocket.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt;
use guest_messenger_sandbox::Frame;
use tokio::time::timeout;

use super::hub::{Guest, Outgoing};

/// A larger message ends the connection with code 1009.
pub(crate) const MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// How long a client has to answer a close frame.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// Carries frames both ways until either side ends it.
pub(crate) async fn serve(mut socket: WebSocket, mut guest: Guest) {
    loop {
        tokio::select! {
            outgoing = guest.outgoing.recv() => {
                let Some(outgoing) = outgoing else { return };
                if !send(&mut socket, &mut guest, outgoing).await {
                    return;
                }
            }
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Text(text))) => guest.receive(Frame::Text(&text)),
                Some(Ok(Message::Binary(bytes))) => guest.receive(Frame::Binary(&bytes)),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_))) | None => return,
                Some(Err(_)) => {
                    // Too large or not WebSocket at all; whether the client still listens does not matter.
                    close(&mut socket, 1009, "The frame cannot be read").await;
                    return;
                }
            },
        }
    }
}

/// Sends this and all that already waits behind it; `false` once the socket is done.
async fn send(socket: &mut WebSocket, guest: &mut Guest, outgoing: Outgoing) -> bool {
    let mut next = Some(outgoing);
    while let Some(outgoing) = next {
        match outgoing {
            Outgoing::Text(text) => {
                if socket.feed(Message::Text(text.into())).await.is_err() {
                    return false;
                }
            }
            Outgoing::Close { code, reason } => {
                close(socket, code, &reason).await;
                return false;
            }
            // To drop the socket is to end the TCP connection with no close frame.
            Outgoing::Kill => {
                let _ = socket.flush().await;
                return false;
            }
        }
        next = guest.outgoing.try_recv().ok();
    }
    socket.flush().await.is_ok()
}

async fn close(socket: &mut WebSocket, code: u16, reason: &str) {
    let frame = CloseFrame { code, reason: reason.into() };
    if socket.send(Message::Close(Some(frame))).await.is_ok() {
        let answered = async { while let Some(Ok(_)) = socket.recv().await {} };
        let _ = timeout(CLOSE_WAIT, answered).await;
    }
}
