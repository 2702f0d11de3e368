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

    /// Of a hundred messages so many arrived; zero with none.
    pub fn delivery_rate_percent(&self) -> f64 {
        let all = f64::from(self.sent) + f64::from(self.failed);
        if all > 0.0 { f64::from(self.sent) * 100.0 / all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_mean_are_zero_with_none() {
        let none = Metrics::default();
        assert_eq!((none.mean_latency_ms(), none.delivery_rate_percent().to_string()), (0, "0".to_owned()));
        let some = Metrics { sent: 3, failed: 1, total_latency_ms: 100 };
        assert_eq!((some.mean_latency_ms(), some.delivery_rate_percent().to_string()), (33, "75".to_owned()));
    }
}
