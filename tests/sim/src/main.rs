use guest_messenger_sim::{Scenario, World};

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let (first, count, steps) = (args[0], args[1], args[2]);
    let mut kinds: std::collections::BTreeMap<(&str, String), Vec<u64>> = Default::default();
    let mut tally = guest_messenger_sim::Tally::default();
    for seed in first..first + count {
        let mut w = World::new(Scenario::new(seed), None);
        if args.len() > 3 {
            w = w.traced();
        }
        let outcome = w.run(steps);
        if let Some(v) = outcome.violation {
            if count == 1 {
                println!("{v:?}");
            }
            kinds
                .entry((v.invariant, v.detail.chars().filter(|c| !c.is_ascii_digit()).take(70).collect()))
                .or_default()
                .push(seed);
        }
        tally.add(&outcome.tally);
    }
    for (k, seeds) in kinds {
        println!("{k:?} {} {:?}", seeds.len(), &seeds[..seeds.len().min(6)]);
    }
    println!("{} steps, {} virtual h, {} msgs", tally.steps, tally.virtual_ms / 3_600_000, tally.messages_said);
}
