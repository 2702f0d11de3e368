//! A seed is a whole run.

use guest_messenger_sim::{Scenario, World, regressions, runner};

fn digest(seed: u64) -> u64 {
    World::new(Scenario::new(seed), None).run(500).digest
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in 1..20 {
        assert_eq!(digest(seed), digest(seed), "seed {seed}");
    }
}

#[test]
fn another_seed_gives_another_run() {
    assert_ne!(digest(1), digest(2));
}

#[test]
fn what_was_once_found_stays_mended() {
    for (seed, steps) in regressions::read().unwrap() {
        let violation = runner::run_one(seed, steps, None, false).violation;
        assert_eq!(violation, None, "npm run sim -- --first-seed {seed} --seeds 1 --steps {steps} --trace");
    }
}
