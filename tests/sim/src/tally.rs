//! What a run met: faults by kind, transitions, time. Added up over all seeds.

use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub seeds: u64,
    pub steps: u64,
    pub virtual_ms: u64,
    pub faults: BTreeMap<&'static str, u64>,
    /// From which state to which, by what kind of input.
    pub transitions: BTreeMap<Transition, u64>,
    pub messages_said: u64,
    pub recoveries: u64,
    /// Messages of which a platform that does not know copies keeps two: sent again while the first was on its way.
    pub stored_twice: u64,
    /// Wake-ups of the engine, and frames that it sent.
    pub ticks: u64,
    pub frames: u64,
}

/// Phase and connection before and after, and what was the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transition {
    pub from: State,
    pub by: &'static str,
    pub to: State,
}

/// Where the conversation and its connection stand, as the page is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    pub phase: &'static str,
    pub connection: &'static str,
}

impl Tally {
    pub(crate) fn count_fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    pub(crate) fn count_transition(&mut self, transition: Transition) {
        *self.transitions.entry(transition).or_default() += 1;
    }

    pub fn add(&mut self, other: &Tally) {
        self.seeds += other.seeds;
        self.steps += other.steps;
        self.virtual_ms += other.virtual_ms;
        self.messages_said += other.messages_said;
        self.recoveries += other.recoveries;
        self.stored_twice += other.stored_twice;
        self.ticks += other.ticks;
        self.frames += other.frames;
        for (kind, count) in &other.faults {
            *self.faults.entry(kind).or_default() += count;
        }
        for (transition, count) in &other.transitions {
            *self.transitions.entry(*transition).or_default() += count;
        }
    }
}
