//! The two notions of time. The core never asks for either: both arrive with every input.

/// Milliseconds on a clock that only goes forward. Timers and rates use it; it has no relation to the date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The moment `span_ms` after this one.
    #[inline(never)]
    pub fn after(self, span_ms: u64) -> Timestamp {
        Timestamp(self.0.saturating_add(span_ms))
    }

    /// Milliseconds since `earlier`, zero when it lies ahead.
    #[inline(never)]
    pub fn since(self, earlier: Timestamp) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The earlier of two moments, as far as there are any.
pub fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => one.or(other),
    }
}

/// Milliseconds since the Unix epoch: what messages and expiry dates carry. It may jump; it orders, and never measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(pub i64);

/// One moment, on both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    pub monotonic: Timestamp,
    pub wall: WallTime,
}
