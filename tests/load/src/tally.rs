//! What happened to all guests together.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hdrhistogram::Histogram;
use tokio::time::Duration;

/// Longer than anybody waits; higher ones count as this.
const LATENCY_MAX_US: u64 = 600_000_000;

#[derive(Debug)]
pub(crate) struct Tally {
    /// Messages that the guests gave to their cores.
    pub(crate) sent: u64,
    /// Messages that the back end has confirmed.
    pub(crate) echoed: u64,
    /// Messages of which the core says that they were not sent.
    pub(crate) failed: u64,
    /// Copies that the back end made.
    pub(crate) duplicated: u64,
    pub(crate) typed: u64,
    pub(crate) connected: u32,
    pub(crate) connected_most: u32,
    /// Lines after each guest's first one.
    pub(crate) reconnects: u64,
    /// By the code that a page would get, and by HTTP status.
    pub(crate) errors: BTreeMap<String, u64>,
    /// From when the core took a message until it was confirmed.
    pub(crate) latency_us: Histogram<u64>,
    pub(crate) done: u32,
}

impl Tally {
    /// # Errors
    /// When there is no room for the figures.
    pub(crate) fn new() -> Result<Tally, String> {
        Ok(Tally {
            sent: 0,
            echoed: 0,
            failed: 0,
            duplicated: 0,
            typed: 0,
            connected: 0,
            connected_most: 0,
            reconnects: 0,
            errors: BTreeMap::new(),
            latency_us: histogram()?,
            done: 0,
        })
    }

    /// What was accepted and is not known to have arrived.
    pub(crate) fn lost(&self) -> u64 {
        self.sent.saturating_sub(self.echoed)
    }

    pub(crate) fn confirm(&mut self, latency: Duration) {
        self.echoed += 1;
        self.latency_us.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(LATENCY_MAX_US));
    }

    pub(crate) fn connect(&mut self) {
        self.connected += 1;
        self.connected_most = self.connected_most.max(self.connected);
    }

    pub(crate) fn disconnect(&mut self) {
        self.connected = self.connected.saturating_sub(1);
    }

    pub(crate) fn error(&mut self, kind: impl Into<String>) {
        *self.errors.entry(kind.into()).or_default() += 1;
    }

    pub(crate) fn latency_ms(&self, quantile: f64) -> f64 {
        self.latency_us.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

/// Clones are the same tally.
#[derive(Debug, Clone)]
pub(crate) struct Shared(Arc<Mutex<Tally>>);

impl Shared {
    /// # Errors
    /// Those of [`Tally::new`].
    pub(crate) fn new() -> Result<Shared, String> {
        Ok(Shared(Arc::new(Mutex::new(Tally::new()?))))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two digits are enough for a report.
///
/// # Errors
/// When there is no room for the figures.
pub(crate) fn histogram() -> Result<Histogram<u64>, String> {
    Histogram::new_with_bounds(1, LATENCY_MAX_US, 2)
        .map_err(|error| format!("There is no room for the figures: {error}."))
}
