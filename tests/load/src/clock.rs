//! The two clocks of the core, from the machine's.

use std::time::{SystemTime, UNIX_EPOCH};

use guest_messenger::session::time::{Now, Timestamp, WallTime};
use tokio::time::{Duration, Instant};

/// Counts from its making.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock { started: Instant::now() }
    }

    pub(crate) fn now(self) -> Now {
        let monotonic = Timestamp(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX));
        Now { monotonic, wall: wall_time() }
    }

    pub(crate) fn instant(self, at: Timestamp) -> Instant {
        self.started + Duration::from_millis(at.0)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where the core's time comes from; it is never wasm32")]
fn wall_time() -> WallTime {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
