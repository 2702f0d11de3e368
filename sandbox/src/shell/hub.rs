//! The platform behind a lock, with its outputs carried to where they belong.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use guest_messenger_sandbox::{ConnectionId, Frame, Handshake, HttpAnswer, HttpRequest, Output, Platform, RequestId};
use tokio::sync::{Notify, broadcast, mpsc, oneshot};

use super::journal::Journal;

/// What a guest's socket is to do.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Text(String),
    Close { code: u16, reason: String },
    Kill,
}

/// Which socket is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Door {
    /// Of the Guest API.
    Guest,
    /// Of the conversations API.
    Events,
}

/// The platform's word on a handshake: in, or an HTTP status.
type Verdict = Result<(), u16>;

/// Changes that a desk may be behind before it must load everything again.
const DESK_EVENTS: usize = 1024;

#[derive(Debug)]
pub(crate) struct Hub {
    inner: Mutex<Inner>,
    timeout_moved: Notify,
    guest_left: Notify,
    desk: broadcast::Sender<String>,
}

#[derive(Debug)]
struct Inner {
    platform: Platform,
    last_id: u64,
    handshakes: BTreeMap<ConnectionId, oneshot::Sender<Verdict>>,
    sockets: BTreeMap<ConnectionId, mpsc::UnboundedSender<Outgoing>>,
    requests: BTreeMap<RequestId, oneshot::Sender<HttpAnswer>>,
    journal: Option<Journal>,
}

/// One guest socket's place at the platform, given up when this is dropped.
#[derive(Debug)]
pub(crate) struct Guest {
    pub(crate) connection: ConnectionId,
    pub(crate) outgoing: mpsc::UnboundedReceiver<Outgoing>,
    hub: Arc<Hub>,
}

impl Guest {
    pub(crate) fn receive(&self, frame: Frame<'_>) {
        self.hub.with(|inner, now_ms| inner.platform.handle_frame(now_ms, self.connection, frame));
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.hub.with(|inner, now_ms| {
            inner.handshakes.remove(&self.connection);
            inner.sockets.remove(&self.connection);
            inner.platform.handle_closed(now_ms, self.connection);
        });
        self.hub.guest_left.notify_waiters();
    }
}

impl Hub {
    pub(crate) fn new(platform: Platform, journal: Option<Journal>) -> Arc<Self> {
        let inner = Inner {
            platform,
            last_id: 0,
            handshakes: BTreeMap::new(),
            sockets: BTreeMap::new(),
            requests: BTreeMap::new(),
            journal,
        };
        Arc::new(Self {
            inner: Mutex::new(inner),
            timeout_moved: Notify::new(),
            guest_left: Notify::new(),
            desk: broadcast::channel(DESK_EVENTS).0,
        })
    }

    /// Asks the platform for a socket; waits for as long as the platform does.
    pub(crate) async fn open(self: Arc<Self>, door: Door, handshake: Handshake) -> Result<Guest, u16> {
        let (verdict, decided) = oneshot::channel();
        let (sender, outgoing) = mpsc::unbounded_channel();
        let connection = self.with(|inner, now_ms| {
            let connection = ConnectionId(inner.next_id());
            inner.handshakes.insert(connection, verdict);
            inner.sockets.insert(connection, sender);
            match door {
                Door::Guest => inner.platform.handle_open(now_ms, connection, &handshake),
                Door::Events => inner.platform.handle_open_events(now_ms, connection, &handshake),
            }
            connection
        });
        // Before the wait: a client that goes away meanwhile drops this future and with it the guest.
        let guest = Guest { connection, outgoing, hub: self };
        match decided.await {
            Ok(Ok(())) => Ok(guest),
            Ok(Err(status)) => Err(status),
            Err(_) => Err(503),
        }
    }

    /// Answers a guest's HTTP request; `None` where it is to get no answer.
    pub(crate) async fn request(&self, http: HttpRequest) -> Option<HttpAnswer> {
        self.ask(|platform, now_ms, request| platform.handle_http(now_ms, request, &http)).await
    }

    /// Answers a request of the control API.
    pub(crate) async fn control(&self, http: HttpRequest) -> HttpAnswer {
        self.ask(|platform, now_ms, request| platform.handle_control(now_ms, request, &http)).await.unwrap_or_default()
    }

    pub(crate) fn desk_events(&self) -> broadcast::Receiver<String> {
        self.desk.subscribe()
    }

    /// Wakes the platform whenever it wants to be woken; never returns.
    pub(crate) async fn keep_time(&self) {
        loop {
            let due_ms = self.lock().platform.poll_timeout();
            let wait_ms = due_ms.map_or(u64::from(u32::MAX), |due_ms| due_ms.saturating_sub(now_ms()));
            let sleep = tokio::time::sleep(std::time::Duration::from_millis(wait_ms));
            tokio::select! {
                () = sleep => self.with(|inner, now_ms| inner.platform.handle_timeout(now_ms)),
                () = self.timeout_moved.notified() => {}
            }
        }
    }

    /// Closes every guest socket with a close frame.
    pub(crate) fn shut_down(&self) {
        self.with(|inner, now_ms| inner.platform.handle_shutdown(now_ms));
    }

    /// Waits until the last guest socket is gone.
    pub(crate) async fn emptied(&self) {
        loop {
            let left = self.guest_left.notified();
            if self.lock().sockets.is_empty() {
                return;
            }
            left.await;
        }
    }

    async fn ask(&self, handle: impl FnOnce(&mut Platform, u64, RequestId)) -> Option<HttpAnswer> {
        let (sender, answer) = oneshot::channel();
        self.with(|inner, now_ms| {
            let request = RequestId(inner.next_id());
            inner.requests.insert(request, sender);
            handle(&mut inner.platform, now_ms, request);
        });
        answer.await.ok()
    }

    fn with<T>(&self, handle: impl FnOnce(&mut Inner, u64) -> T) -> T {
        let mut inner = self.lock();
        let before = inner.platform.poll_timeout();
        let result = handle(&mut inner, now_ms());
        inner.carry_out(&self.desk);
        if inner.platform.poll_timeout() != before {
            self.timeout_moved.notify_one();
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// A receiver that is gone needs nothing any more, so failed sends are left alone.
    fn carry_out(&mut self, desk: &broadcast::Sender<String>) {
        while let Some(output) = self.platform.poll_output() {
            match output {
                Output::Accept { connection } => self.decide(connection, Ok(())),
                Output::Refuse { connection, status } => self.decide(connection, Err(status)),
                Output::Send { connection, text } => self.tell(connection, Outgoing::Text(text)),
                Output::Close { connection, code, reason } => self.tell(connection, Outgoing::Close { code, reason }),
                Output::Kill { connection } => self.tell(connection, Outgoing::Kill),
                Output::Answer { request, answer } => {
                    if let Some(sender) = self.requests.remove(&request) {
                        let _ = sender.send(answer);
                    }
                }
                Output::Cut { request } => {
                    self.requests.remove(&request);
                }
                Output::Desk { event } => {
                    let _ = desk.send(event.to_string());
                }
                Output::Record { line } => {
                    if let Some(journal) = &mut self.journal {
                        journal.append(&line);
                    }
                }
            }
        }
    }

    fn decide(&mut self, connection: ConnectionId, verdict: Verdict) {
        if let Some(sender) = self.handshakes.remove(&connection) {
            let _ = sender.send(verdict);
        }
    }

    fn tell(&self, connection: ConnectionId, outgoing: Outgoing) {
        if let Some(sender) = self.sockets.get(&connection) {
            let _ = sender.send(outgoing);
        }
    }
}

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the shell is where the platform's time comes from; it is never wasm32")]
pub(crate) fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
