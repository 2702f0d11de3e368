//! Runs of the worlds beside the first one, which count what they met: what one came to, and what many did.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;

use crate::runner::{Failure, Plan, for_each_seed, panic_words};
use crate::world::Violation;

/// What a run came to.
#[derive(Debug, Default)]
pub struct Outcome {
    pub violation: Option<Violation>,
    pub steps: u64,
    pub virtual_ms: u64,
    pub counts: BTreeMap<&'static str, u64>,
}

/// What many runs came to.
#[derive(Debug, Default)]
pub struct Findings {
    pub seeds: u64,
    pub steps: u64,
    pub virtual_ms: u64,
    pub counts: BTreeMap<&'static str, u64>,
    /// By seed.
    pub failures: Vec<Failure>,
}

/// Makes every planned run, and moves the bar.
pub fn run_all(plan: Plan, bar: &ProgressBar, run: impl Fn(u64) -> Outcome + Sync) -> Findings {
    let findings = Mutex::new(Findings::default());
    for_each_seed(plan, bar, |seed| {
        let outcome = run(seed);
        let mut findings = findings.lock().unwrap_or_else(PoisonError::into_inner);
        findings.seeds += 1;
        findings.steps += outcome.steps;
        findings.virtual_ms += outcome.virtual_ms;
        for (what, count) in outcome.counts {
            *findings.counts.entry(what).or_default() += count;
        }
        if let Some(violation) = outcome.violation {
            findings.failures.push(Failure { seed, steps: plan.steps, violation });
        }
    });
    let mut findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
    findings.failures.sort_by_key(|failure| failure.seed);
    findings
}

/// One run. A panic is a broken invariant like any other.
pub(crate) fn run_caught(run: impl FnOnce() -> Outcome) -> Outcome {
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Outcome {
        violation: Some(Violation { invariant: "I34", detail: panic_words(), step: 0, at_ms: 0 }),
        ..Outcome::default()
    })
}
