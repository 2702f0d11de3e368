//! Seeds that once found something, run before all others. A new failure is added by itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::runner::Failure;

/// Where they are kept: the world as `npm run sim` calls it (nothing for the first one), `<seed> <steps>`, then why.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions.txt")
}

/// Seeds and steps of this world. Lines that begin with `#` are remarks.
///
/// # Errors
/// When the file cannot be read.
pub fn read(command: &str) -> io::Result<Vec<(u64, u64)>> {
    let text = fs::read_to_string(path())?;
    let numbers = |line: &str| {
        let mut words = line.strip_prefix(command)?.split_whitespace();
        Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    };
    Ok(text.lines().filter_map(numbers).collect())
}

/// Keeps the first seed of each kind of failure.
///
/// # Errors
/// When the file cannot be written.
pub fn keep(command: &str, failures: &[Failure]) -> io::Result<()> {
    let mut text = fs::read_to_string(path())?;
    let mut kinds = Vec::new();
    for failure in failures {
        let kind = kind_of(failure);
        let start = format!("{command} {} {}", failure.seed, failure.steps).trim_start().to_owned();
        if kinds.contains(&kind) || text.lines().any(|line| line.starts_with(&start)) {
            continue;
        }
        text.push_str(&format!("{start} {}: {}\n", failure.violation.invariant, failure.violation.detail));
        kinds.push(kind);
    }
    fs::write(path(), text)
}

/// What two failures of one cause have in common.
fn kind_of(failure: &Failure) -> String {
    let words = failure.violation.detail.chars().filter(|character| !character.is_ascii_digit());
    failure.violation.invariant.chars().chain(words).collect()
}
