//! Whether the simulation finds what is wrong: each planted bug, and how many seeds it takes.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::planted::Bug;
use crate::rest::{self, RestBug};
use crate::runner;
use crate::tabs::{self, TabsBug};
use crate::world::Violation;

/// A bug that takes more seeds than this counts as not found.
pub const SEEDS_MAX: u64 = 500;
const STEPS: u64 = 1_000;
const TABS_ACTS: u64 = 200;
const REST_ACTS: u64 = 200;

/// One planted bug, and the seed that found it.
#[derive(Debug)]
pub struct Bite {
    pub what: &'static str,
    pub found: Option<(u64, Violation)>,
}

/// Looks for every planted bug, in the order in which they are listed.
pub fn bite(threads: usize) -> Vec<Bite> {
    runner::catch_panics();
    let next = AtomicUsize::new(0);
    let bites = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let of_tabs = at.checked_sub(Bug::ALL.len()).and_then(|at| TabsBug::ALL.get(at));
                    let of_rest = at.checked_sub(Bug::ALL.len() + TabsBug::ALL.len());
                    let bite = match (Bug::ALL.get(at), of_tabs, of_rest.and_then(|at| RestBug::ALL.get(at))) {
                        (Some(bug), _, _) => look_for(*bug),
                        (None, Some(bug), _) => look_for_in_tabs(*bug),
                        (None, None, Some(bug)) => look_for_in_rest(*bug),
                        (None, None, None) => break,
                    };
                    bites.lock().unwrap_or_else(PoisonError::into_inner).push((at, bite));
                }
            });
        }
    });
    let mut bites = bites.into_inner().unwrap_or_else(PoisonError::into_inner);
    bites.sort_by_key(|(at, _)| *at);
    bites.into_iter().map(|(_, bite)| bite).collect()
}

fn look_for(bug: Bug) -> Bite {
    let found = (1..=SEEDS_MAX).find_map(|seed| {
        let violation = runner::run_one(seed, STEPS, Some(bug), false).violation?;
        Some((seed, violation))
    });
    Bite { what: bug.what(), found }
}

fn look_for_in_tabs(bug: TabsBug) -> Bite {
    let found = (1..=SEEDS_MAX).find_map(|seed| {
        let violation = tabs::run_one(seed, TABS_ACTS, Some(bug), false).violation?;
        Some((seed, violation))
    });
    Bite { what: bug.what(), found }
}

fn look_for_in_rest(bug: RestBug) -> Bite {
    let found = (1..=SEEDS_MAX).find_map(|seed| {
        let violation = rest::run_one(seed, REST_ACTS, Some(bug), false).violation?;
        // What breaks without the bug too says nothing of it.
        let is_its_own = rest::run_one(seed, REST_ACTS, None, false).violation.is_none();
        is_its_own.then_some((seed, violation))
    });
    Bite { what: bug.what(), found }
}

/// # Errors
/// When it cannot be written.
pub fn write_table(out: &mut impl Write, bites: &[Bite]) -> io::Result<()> {
    writeln!(out, "{:<54} {:>5}  broken", "planted bug", "seeds")?;
    for bite in bites {
        let what = bite.what;
        match &bite.found {
            Some((seeds, violation)) => {
                writeln!(out, "{what:<54} {seeds:>5}  {}: {}", violation.invariant, violation.detail)?;
            }
            None => writeln!(out, "{what:<54}     –  not found in {SEEDS_MAX} seeds")?,
        }
    }
    let found = bites.iter().filter(|bite| bite.found.is_some()).count();
    writeln!(out, "{found} of {} planted bugs found", bites.len())
}
