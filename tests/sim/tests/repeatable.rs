//! A seed is a whole run.

use guest_messenger_sim::{Scenario, Violation, World, regressions, rest, runner, tabs};

/// What a seed, and so many steps or acts of it, breaks.
type Run = fn(u64, u64) -> Option<Violation>;

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
    let worlds: [(&str, Run); 3] = [
        ("", |seed, steps| runner::run_one(seed, steps, None, false).violation),
        ("tabs", |seed, acts| tabs::run_one(seed, acts, None, false).violation),
        ("conversations", |seed, acts| rest::run_one(seed, acts, None, false).violation),
    ];
    for (world, run) in worlds {
        for (seed, steps) in regressions::read(world).unwrap() {
            let command = format!("npm run sim -- {world} --first-seed {seed} --seeds 1 --steps {steps} --trace");
            assert_eq!(run(seed, steps), None, "{command}");
        }
    }
}
