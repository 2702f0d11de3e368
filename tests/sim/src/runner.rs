//! Many seeds, in parallel, each a run of its own.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use indicatif::ProgressBar;

use crate::planted::Bug;
use crate::scenario::Scenario;
use crate::tally::Tally;
use crate::world::{Outcome, Violation, World};

/// One seed in so many is run twice, and must come to the same (I38).
const TWICE_EVERY: u64 = 50;

/// Which runs to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub first_seed: u64,
    pub seeds: u64,
    pub steps: u64,
    pub threads: usize,
}

/// A run that broke an invariant.
#[derive(Clone, Debug)]
pub struct Failure {
    pub seed: u64,
    pub steps: u64,
    pub violation: Violation,
}

#[derive(Debug, Default)]
pub struct Findings {
    pub tally: Tally,
    /// By seed.
    pub failures: Vec<Failure>,
}

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes every planned run, and moves the bar.
pub fn run_all(plan: Plan, bar: &ProgressBar) -> Findings {
    let findings = Mutex::new(Findings::default());
    for_each_seed(plan, bar, |seed| {
        let outcome = run_one(seed, plan.steps, None, false);
        let outcome = if seed.is_multiple_of(TWICE_EVERY) { again(seed, plan.steps, outcome) } else { outcome };
        let mut findings = findings.lock().unwrap_or_else(PoisonError::into_inner);
        findings.tally.add(&outcome.tally);
        if let Some(violation) = outcome.violation {
            findings.failures.push(Failure { seed, steps: plan.steps, violation });
        }
    });
    let mut findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
    findings.failures.sort_by_key(|failure| failure.seed);
    findings
}

/// Runs every seed of the plan on its threads, and moves the bar.
pub(crate) fn for_each_seed(plan: Plan, bar: &ProgressBar, run: impl Fn(u64) + Sync) {
    catch_panics();
    let next = AtomicU64::new(plan.first_seed);
    let end = plan.first_seed + plan.seeds;
    thread::scope(|scope| {
        for _ in 0..plan.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    run(seed);
                    bar.inc(1);
                }
            });
        }
    });
}

/// One run. A panic is a broken invariant like any other.
pub fn run_one(seed: u64, steps: u64, bug: Option<Bug>, is_traced: bool) -> Outcome {
    let run = || {
        let world = World::new(Scenario::new(seed), bug);
        if is_traced { world.traced().run(steps) } else { world.run(steps) }
    };
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Outcome {
        violation: Some(Violation { invariant: "I34", detail: panic_words(), step: 0, at_ms: 0 }),
        tally: Tally { seeds: 1, ..Tally::default() },
        digest: 0,
    })
}

fn again(seed: u64, steps: u64, first: Outcome) -> Outcome {
    let second = run_one(seed, steps, None, false);
    if first.digest == second.digest && first.violation == second.violation {
        return first;
    }
    let detail = "the same seed did something else the second time".to_owned();
    Outcome { violation: Some(Violation { invariant: "I38", detail, step: 0, at_ms: 0 }), ..first }
}

/// Of the last panic on this thread.
pub(crate) fn panic_words() -> String {
    PANIC.take().unwrap_or_else(|| "a panic without words".to_owned())
}

/// Panics are kept for the report rather than printed.
pub fn catch_panics() {
    panic::set_hook(Box::new(|panic| {
        PANIC.set(Some(panic.to_string()));
    }));
}
