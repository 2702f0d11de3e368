//! Session and protocol joined: what every host drives, whether browser, simulator, load tool or replay.
//!
//! The contract: one `handle`, then drain `poll_output` to `None`, then arm one timer for `poll_timeout`; then the next.

use crate::protocol::wire::{WireAction, WireInput};
use crate::session::error::ChatError;
use crate::session::ids::GuestToken;
use crate::session::input::{Input, TabNews};
use crate::session::output::{Diff, Event};
use crate::session::record::Record;
use crate::session::time::{Now, Timestamp};
use crate::session::view::View;

/// One thing that happened, to the session or on the network.
#[derive(Clone, Debug)]
pub enum EngineInput {
    Session(Input),
    Wire(WireInput),
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineOutput {
    Wire(WireAction),
    Persist(Record),
    Forget,
    /// Bring a new `Input::Token`.
    MakeToken,
    Share(TabNews),
    Event(Event),
    Diff(Diff),
}

/// What the page chose.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub deployment_id: String,
    pub endpoints: Endpoints,
    pub receipts: Receipts,
}

/// Where the platform is, without trailing slashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// `wss://webmessaging.{domain}`
    pub socket: String,
    /// `https://api.{domain}`
    pub api: String,
    /// `https://api-cdn.{domain}`
    pub config: String,
}

/// Whether read receipts go over the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Receipts {
    /// Where the platform announces that it takes them.
    #[default]
    Auto,
    Local,
    Socket,
}

impl Endpoints {
    /// The hosts of a region (guest API reference, section 2.1).
    pub fn of_domain(domain: &str) -> Endpoints {
        todo_endpoints(domain)
    }

    /// Everything on one host, as a stand-in or a proxy serves it. Takes http, https, ws and wss addresses.
    pub fn of_host(url: &str) -> Option<Endpoints> {
        Some(todo_endpoints(url))
    }
}

fn todo_endpoints(_: &str) -> Endpoints {
    Endpoints::default()
}

#[derive(Debug)]
pub struct Engine {}

impl Engine {
    /// `seed` makes backoff and client ids; it comes from the browser's secure generator.
    pub fn new(_settings: Settings, _seed: u64) -> Engine {
        Engine {}
    }

    pub fn handle(&mut self, _now: Now, _input: EngineInput) {}

    #[must_use]
    pub fn poll_output(&mut self) -> Option<EngineOutput> {
        None
    }

    /// When to bring `Input::Tick`. May change after any `handle`.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        None
    }

    pub fn view(&self) -> View<'_> {
        unimplemented!("until the session is there")
    }

    /// Whether this text could be sent just now.
    pub fn check_text(&self, _text: &str) -> Result<(), ChatError> {
        Ok(())
    }
}
