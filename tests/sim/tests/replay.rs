//! What the simulation does can be recorded and played back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails says so")]

use guest_messenger::recorder::replay::Diagnostics;
use guest_messenger_sim::{Scenario, World};

#[test]
fn every_page_of_every_run_plays_back_to_the_same_outputs() {
    let (mut pages, mut steps) = (0, 0);
    for seed in 1..=120 {
        for tape in World::recorded(Scenario::new(seed)).run_recorded(600) {
            let diagnostics = Diagnostics::read(&tape.diagnostics()).expect("diagnostics");
            for recording in &diagnostics.recordings {
                pages += 1;
                let is_same = |step: &guest_messenger::recorder::replay::Step<'_>| {
                    assert!(step.is_same(), "seed {seed}, page {pages}: {step:#?}");
                    steps += usize::from(step.expected.is_some());
                };
                recording.replay(is_same).expect("a readable recording");
            }
        }
    }
    assert!(pages > 200 && steps > 20_000, "{pages} pages with {steps} steps that put something out");
}
