//! What goes into the platform and what comes out of it.

use std::collections::BTreeMap;

use serde_json::Value;

/// One guest socket. The caller chooses the number and never uses it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// One HTTP request that waits for its answer. The caller chooses the number and never uses it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// What a socket's upgrade request says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handshake {
    /// `deploymentId` of the query.
    pub deployment: Option<String>,
    /// The `Origin` header: a whole origin, a bare host name, or nothing (guest API reference, section 2.1).
    pub origin: Option<String>,
    /// The `Host` header, from which the addresses in later answers are made.
    pub host: String,
}

/// One frame from a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
}

/// One HTTP request, already read to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpRequest {
    /// In capitals.
    pub method: String,
    /// Begins with `/`, without the query.
    pub path: String,
    /// Without the question mark.
    pub query: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// A header by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// The answer to one [`HttpRequest`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl HttpAnswer {
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::with_body(status, "application/json", body.to_string().into_bytes())
    }

    pub(crate) fn with_body(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("content-type".into(), content_type.into())], body }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// What the caller must do, in the order in which it comes out.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Finish the socket's handshake.
    Accept { connection: ConnectionId },
    /// Answer the upgrade request with this HTTP status.
    Refuse { connection: ConnectionId, status: u16 },
    /// Send one text frame.
    Send { connection: ConnectionId, text: String },
    /// Send a close frame, then end the connection.
    Close { connection: ConnectionId, code: u16, reason: String },
    /// End the connection with no close frame.
    Kill { connection: ConnectionId },
    /// Answer an HTTP request.
    Answer { request: RequestId, answer: HttpAnswer },
    /// End the connection of an HTTP request without an answer.
    Cut { request: RequestId },
    /// Tell the agent desks of a change.
    Desk { event: Value },
    /// Append this line to the journal; comes before the frames that it makes true.
    Record { line: String },
}
