//! The one wake-up timer.

use super::clock;
use crate::session::time::Timestamp;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;

/// gloo hands the delay on as a signed number: above this it would be negative and fire at once
/// (ranile/gloo, issue 121). Waking early is harmless, the owner looks at the clock again.
const DELAY_MAX_MS: u64 = i32::MAX as u64;

/// Runs `wake` once when the deadline is there. Arming again replaces the deadline, dropping cancels.
pub struct Timer {
    wake: Rc<dyn Fn()>,
    armed: RefCell<Option<(Timestamp, Timeout)>>,
}

impl Timer {
    pub fn new(wake: impl Fn() + 'static) -> Timer {
        Timer { wake: Rc::new(wake), armed: RefCell::new(None) }
    }

    /// Wakes at `deadline`, or never. Armed for the same moment already, it stays as it is.
    pub fn arm(&self, deadline: Option<Timestamp>) {
        let mut armed = self.armed.borrow_mut();
        let Some(deadline) = deadline else {
            *armed = None;
            return;
        };
        if armed.as_ref().is_some_and(|(at, _)| *at == deadline) {
            return;
        }
        let wake = Rc::clone(&self.wake);
        *armed = Some((deadline, after(deadline.since(clock::now().monotonic), move || wake())));
    }

    /// To be called first by whoever was woken: the same deadline may be armed again.
    pub fn has_fired(&self) {
        *self.armed.borrow_mut() = None;
    }
}

/// Runs `react` once after `delay_ms`, 24 days at most.
pub fn after(delay_ms: u64, react: impl FnOnce() + 'static) -> Timeout {
    Timeout::new(delay_ms.min(DELAY_MAX_MS) as u32, react)
}
