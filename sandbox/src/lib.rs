//! A stand-in for the messaging platform, for tests and demos on loopback.
//!
//! [`Platform`] is the whole of it: inputs go in by `handle_*`, outputs come out by
//! [`Platform::poll_output`], and [`Platform::poll_timeout`] says when it next wants to be woken. It has no clock, no
//! sockets and no randomness of its own, so a run repeats exactly from its seed and inputs. The `sandbox` program puts
//! sockets round it; a simulator can drive the same type.
//!
//! It is written from the references of the Guest API and of the conversations APIs alone and shares no code with the widget, so that one's mistake does not
//! hide the other's.

mod access;
mod actions;
mod attachments;
mod auth;
mod bot;
mod connection;
mod control;
mod conversations;
mod deployment;
mod desk;
mod expiry;
mod fault;
mod history;
mod http;
mod journal;
mod limits;
mod message;
mod output;
mod platform;
mod schedule;
mod session;
mod settings;
mod traffic;

pub use access::Access;
pub use conversations::{DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET};
pub use output::{ConnectionId, Frame, Handshake, HttpAnswer, HttpRequest, Output, RequestId};
pub use platform::{Platform, Setup};
pub use settings::{DisconnectKind, HistoryOrder, Settings, TypingEvent};

/// The deployment id that is served when none is given.
pub const DEFAULT_DEPLOYMENT: &str = "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3";
