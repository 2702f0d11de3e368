//! Guest, network and platform in virtual time: the widget's real core against the real stand-in, with everything
//! between them made up from a seed. What must hold is checked after every step, and what must come true in the end
//! whenever the network is whole again.
//!
//! A seed is a whole run: the same seed and number of steps give the same run, on every machine.

mod agenda;
mod checks;
mod client;
pub mod counted;
pub mod fleet;
mod frames;
mod happening;
mod network;
mod planted;
pub mod regressions;
pub mod report;
pub mod rest;
pub mod runner;
mod scenario;
mod server;
mod tab;
pub mod tabs;
mod tally;
pub mod teeth;
mod world;

pub use planted::Bug;
pub use scenario::Scenario;
pub use tally::{State, Tally, Transition};
pub use world::{Outcome, SoakHour, Violation, World};
