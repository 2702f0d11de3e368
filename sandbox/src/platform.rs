//! The door: inputs in, outputs out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{
    access::Access,
    attachments::Attachment,
    auth::Grants,
    connection::Connection,
    conversations::Bearers,
    fault::Fault,
    history::HistoryGrant,
    http::base_of,
    limits::{HANDSHAKES_PER_DEPLOYMENT, Window},
    output::{ConnectionId, Frame, Handshake, HttpRequest, Output, RequestId},
    schedule::{Schedule, Task},
    session::{Conversation, ConversationKey},
    settings::Settings,
};

/// What does not change while the platform runs.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The one deployment id that is served.
    pub deployment: String,
    /// Addresses in answers begin with `https://` and `wss://`.
    pub secure: bool,
    pub access: Access,
    pub settings: Settings,
    /// Emit [`Output::Record`]s, from which [`Platform::restore`] builds the same conversations.
    pub journal: bool,
    /// Where all randomness comes from.
    pub seed: u64,
}

impl Setup {
    /// The default settings for one deployment.
    #[must_use]
    pub fn new(deployment: impl Into<String>, seed: u64) -> Self {
        Self {
            deployment: deployment.into(),
            secure: false,
            access: Access::default(),
            settings: Settings::default(),
            journal: false,
            seed,
        }
    }
}

/// The stand-in platform. Times are milliseconds since 1970 and never go back.
#[derive(Debug)]
pub struct Platform {
    pub(crate) setup: Setup,
    pub(crate) settings: Settings,
    pub(crate) now_ms: u64,
    pub(crate) random: fastrand::Rng,
    /// Signs addresses of uploads and downloads.
    pub(crate) address_key: u64,
    pub(crate) connections: BTreeMap<ConnectionId, Connection>,
    pub(crate) conversations: BTreeMap<ConversationKey, Conversation>,
    pub(crate) last_conversation: ConversationKey,
    pub(crate) tokens: BTreeMap<String, ConversationKey>,
    /// Signed-in users' conversations.
    pub(crate) users: BTreeMap<String, ConversationKey>,
    /// Conversations of the conversations API by their id on the wire.
    pub(crate) conversation_ids: BTreeMap<String, ConversationKey>,
    /// Its guests' latest conversations, by participant id.
    pub(crate) guests: BTreeMap<String, ConversationKey>,
    pub(crate) bearers: Bearers,
    /// Its events sockets by guest, and those that hear every conversation.
    pub(crate) listeners: BTreeMap<String, Vec<ConnectionId>>,
    pub(crate) observers: Vec<ConnectionId>,
    /// Ids of requests that a fault cut off: a browser repeats them by itself on a fresh connection.
    pub(crate) cut_requests: BTreeSet<String>,
    pub(crate) history_grants: BTreeMap<String, HistoryGrant>,
    pub(crate) grants: Grants,
    pub(crate) attachments: BTreeMap<String, Attachment>,
    /// Addresses of files that end then or before are good no longer.
    pub(crate) downloads_expired_ms: u64,
    pub(crate) faults: Vec<Fault>,
    pub(crate) schedule: Schedule,
    pub(crate) outputs: VecDeque<Output>,
    handshakes: Window,
}

impl Platform {
    #[must_use]
    pub fn new(setup: Setup, now_ms: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(setup.seed);
        Self {
            settings: setup.settings.clone(),
            setup,
            now_ms,
            address_key: random.u64(..),
            random,
            connections: BTreeMap::new(),
            conversations: BTreeMap::new(),
            last_conversation: 0,
            tokens: BTreeMap::new(),
            users: BTreeMap::new(),
            conversation_ids: BTreeMap::new(),
            guests: BTreeMap::new(),
            bearers: Bearers::default(),
            listeners: BTreeMap::new(),
            observers: Vec::new(),
            cut_requests: BTreeSet::new(),
            history_grants: BTreeMap::new(),
            grants: Grants::default(),
            attachments: BTreeMap::new(),
            downloads_expired_ms: 0,
            faults: Vec::new(),
            schedule: Schedule::default(),
            outputs: VecDeque::new(),
            handshakes: Window::default(),
        }
    }

    /// A guest asks for a socket. Comes out as [`Output::Accept`] or [`Output::Refuse`], or never, where a fault says so.
    pub fn handle_open(&mut self, now_ms: u64, connection: ConnectionId, handshake: &Handshake) {
        self.advance(now_ms);
        if self.take_hang_fault() {
            return;
        }
        if let Some(status) = self.refusal_of(handshake) {
            self.outputs.push_back(Output::Refuse { connection, status });
            return;
        }
        self.connections.insert(connection, Connection::new(base_of(&handshake.host, self.setup.secure)));
        self.outputs.push_back(Output::Accept { connection });
    }

    /// A guest sent a frame. Frames of a connection that is not open are ignored.
    pub fn handle_frame(&mut self, now_ms: u64, connection: ConnectionId, frame: Frame<'_>) {
        self.advance(now_ms);
        match frame {
            Frame::Text(text) => self.receive(connection, text),
            Frame::Binary(_) if self.is_for_events(connection) => self.on_events_frame(connection, ""),
            Frame::Binary(_) => {
                self.refuse(connection, None, 400, "Binary frames are not supported; send one JSON object as text.")
            }
        }
    }

    /// A guest's connection is gone. This ends no session.
    pub fn handle_closed(&mut self, now_ms: u64, connection: ConnectionId) {
        self.advance(now_ms);
        self.leave(connection);
        self.connections.remove(&connection);
    }

    /// An HTTP request of a guest. Comes out as one [`Output::Answer`], at once or after a while.
    pub fn handle_http(&mut self, now_ms: u64, request: RequestId, http: &HttpRequest) {
        self.advance(now_ms);
        self.on_http(request, http);
    }

    /// A request of the control API; its path begins after the secret, such as `/conversations`. Answered at once.
    pub fn handle_control(&mut self, now_ms: u64, request: RequestId, http: &HttpRequest) {
        self.advance(now_ms);
        let answer = self.on_control(http);
        self.outputs.push_back(Output::Answer { request, answer });
    }

    /// The time that [`Platform::poll_timeout`] named has come.
    pub fn handle_timeout(&mut self, now_ms: u64) {
        self.advance(now_ms);
    }

    /// Closes every guest connection, as a server does that goes away.
    pub fn handle_shutdown(&mut self, now_ms: u64) {
        self.advance(now_ms);
        for connection in self.connections.keys().copied().collect::<Vec<_>>() {
            self.close(connection, 1001, "The server goes away");
        }
    }

    /// The next thing to do, until there is none.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to call [`Platform::handle_timeout`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u64> {
        self.schedule.next_due()
    }

    /// Who may talk to it.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.setup.access
    }

    pub(crate) fn advance(&mut self, now_ms: u64) {
        let now_ms = now_ms.max(self.now_ms);
        while let Some(due_ms) = self.schedule.next_due().filter(|due_ms| *due_ms <= now_ms) {
            self.now_ms = self.now_ms.max(due_ms);
            let Some(task) = self.schedule.take_due(now_ms) else {
                break;
            };
            self.run(task);
        }
        self.now_ms = now_ms;
    }

    fn run(&mut self, task: Task) {
        match task {
            Task::ToGuest { connection, text } => self.emit(connection, text),
            Task::ToPlatform { connection, text } => self.accept(connection, &text),
            Task::ReleaseToGuest { connection } => self.release_to_guest(connection),
            Task::ReleaseToPlatform { connection } => self.release_to_platform(connection),
            Task::Answer { request, answer } => self.outputs.push_back(Output::Answer { request, answer }),
            Task::Expiry { conversation } => self.on_expiry(conversation),
            Task::Bot { conversation, step } => self.on_bot_step(conversation, step),
            Task::Fault { fault } => self.arm(fault),
            Task::Upload { attachment } => self.on_upload_checked(&attachment),
            Task::Purge { attachment } => self.purge(&attachment),
            Task::GuestTypingEnds { conversation } => self.on_guest_typing_ends(conversation),
            Task::Cut { request } => self.outputs.push_back(Output::Cut { request }),
            Task::TokenEnds { token } => self.on_token_ends(&token),
            Task::AuthenticateBy { connection } => self.on_authenticate_by(connection),
        }
    }

    fn refusal_of(&mut self, handshake: &Handshake) -> Option<u16> {
        let access = &self.setup.access;
        if !access.allows_host(&handshake.host)
            || !access.allows_origin(handshake.origin.as_deref(), &handshake.host)
            || !self.settings.active
            || handshake.deployment.as_deref() != Some(&self.setup.deployment)
        {
            return Some(403);
        }
        if let Some(status) = self.take_refuse_fault() {
            return Some(status);
        }
        let crowded = self.handshakes.take(HANDSHAKES_PER_DEPLOYMENT, self.now_ms).is_err();
        (crowded && self.settings.limits).then_some(429)
    }

    pub(crate) fn close(&mut self, connection: ConnectionId, code: u16, reason: &str) {
        self.leave(connection);
        if self.connections.remove(&connection).is_some() {
            self.outputs.push_back(Output::Close { connection, code, reason: reason.to_owned() });
        }
    }

    pub(crate) fn kill(&mut self, connection: ConnectionId) {
        self.leave(connection);
        if self.connections.remove(&connection).is_some() {
            self.outputs.push_back(Output::Kill { connection });
        }
    }

    fn leave(&mut self, connection: ConnectionId) {
        self.stop_listening(connection);
        self.detach(connection);
    }

    pub(crate) fn is_for_events(&self, connection: ConnectionId) -> bool {
        self.connections.get(&connection).is_some_and(Connection::is_for_events)
    }

    /// 32 hexadecimal digits.
    pub(crate) fn hex_id(&mut self) -> String {
        format!("{:032x}", self.random.u128(..))
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let bits = self.random.u128(..) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}
