//! One driver a file, each thin: what the browser offers, as values that stop when they are dropped.

pub mod clock;
pub mod fetch;
pub mod frames;
pub mod json;
pub mod lifecycle;
pub mod observer;
pub mod random;
pub mod recording;
pub mod report;
pub mod socket;
pub mod storage;
pub mod tabs;
pub mod tasks;
pub mod timers;
pub mod vault;
