//! How sending has gone (conversations APIs reference, section 7).

/// Since this engine began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Metrics {
    /// Messages that the platform has confirmed.
    pub sent: u32,
    /// Messages that have failed; one that the visitor sends again counts again.
    pub failed: u32,
    /// From the first attempt to the confirmation, of all that were confirmed.
    pub total_latency_ms: u64,
}

impl Metrics {
    #[cfg(feature = "conversations")]
    pub(super) fn on_sent(&mut self, latency_ms: u64) {
        self.sent = self.sent.saturating_add(1);
        self.total_latency_ms = self.total_latency_ms.saturating_add(latency_ms);
    }

    #[cfg(feature = "conversations")]
    pub(super) fn on_failed(&mut self) {
        self.failed = self.failed.saturating_add(1);
    }

    /// Rounded down; zero with none.
    pub fn mean_latency_ms(&self) -> u64 {
        self.total_latency_ms.checked_div(u64::from(self.sent)).unwrap_or_default()
    }

    /// Of a hundred messages so many arrived, rounded down; zero with none.
    pub fn delivery_rate_percent(&self) -> u32 {
        let all = u64::from(self.sent) + u64::from(self.failed);
        (u64::from(self.sent) * 100).checked_div(all).unwrap_or_default() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_mean_are_zero_with_none() {
        let none = Metrics::default();
        assert_eq!((none.mean_latency_ms(), none.delivery_rate_percent()), (0, 0));
        let some = Metrics { sent: 3, failed: 1, total_latency_ms: 100 };
        assert_eq!((some.mean_latency_ms(), some.delivery_rate_percent()), (33, 75));
    }
}
