//! What is to happen, by its time.

use std::collections::BTreeMap;

/// Things of the same millisecond come in the order in which they were planned.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    planned: BTreeMap<(u64, u64), T>,
    sequence: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Agenda<T> {
        Agenda { planned: BTreeMap::new(), sequence: 0 }
    }
}

impl<T> Agenda<T> {
    pub(crate) fn plan(&mut self, at_ms: u64, thing: T) {
        self.sequence += 1;
        self.planned.insert((at_ms, self.sequence), thing);
    }

    pub(crate) fn next_at_ms(&self) -> Option<u64> {
        self.planned.first_key_value().map(|((at_ms, _), _)| *at_ms)
    }

    pub(crate) fn take(&mut self) -> Option<T> {
        self.planned.pop_first().map(|(_, thing)| thing)
    }

    pub(crate) fn len(&self) -> usize {
        self.planned.len()
    }
}
