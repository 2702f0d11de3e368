//! What a run came to, for people.

use std::io::{self, Write};

use crate::counted;
use crate::runner::{Failure, Findings};
use crate::tally::Tally;
use crate::world::{SoakHour, Violation, World};

const FAILURES_SHOWN: usize = 10;

/// # Errors
/// When it cannot be written.
pub fn write_findings(out: &mut impl Write, findings: &Findings, elapsed_s: f64) -> io::Result<()> {
    let tally = &findings.tally;
    write_faults(out, tally)?;
    let virtual_h = tally.virtual_ms as f64 / 3_600_000.0;
    writeln!(out, "seeds        {:>12}", tally.seeds)?;
    writeln!(out, "steps        {:>12}  ({:.0} a second)", tally.steps, tally.steps as f64 / elapsed_s)?;
    writeln!(out, "virtual time {virtual_h:>12.0} h  ({:.0} : 1)", virtual_h * 3_600.0 / elapsed_s)?;
    writeln!(out, "messages     {:>12}", tally.messages_said)?;
    writeln!(out, "  kept twice {:>12}  (by platforms that do not know copies)", tally.stored_twice)?;
    writeln!(out, "recoveries   {:>12}", tally.recoveries)?;
    writeln!(out, "faults       {:>12}  of {} kinds", tally.faults.values().sum::<u64>(), tally.faults.len())?;
    writeln!(out, "transitions  {:>12}  kinds", tally.transitions.len())?;
    write_failures(out, "", &findings.failures)
}

/// `command`: what `npm run sim` calls this world.
///
/// # Errors
/// When it cannot be written.
pub fn write_counted(
    out: &mut impl Write,
    command: &str,
    findings: &counted::Findings,
    elapsed_s: f64,
) -> io::Result<()> {
    for (what, count) in &findings.counts {
        writeln!(out, "  {what:<40} {count:>10}")?;
    }
    let virtual_h = findings.virtual_ms as f64 / 3_600_000.0;
    writeln!(out, "seeds        {:>12}", findings.seeds)?;
    writeln!(out, "steps        {:>12}  ({:.0} a second)", findings.steps, findings.steps as f64 / elapsed_s)?;
    writeln!(out, "virtual time {virtual_h:>12.0} h")?;
    write_failures(out, command, &findings.failures)
}

/// # Errors
/// When it cannot be written.
pub fn write_transitions(out: &mut impl Write, tally: &Tally) -> io::Result<()> {
    writeln!(out, "transitions (phase/connection, by what, phase/connection)")?;
    for (transition, count) in &tally.transitions {
        let (from, to) = (transition.from, transition.to);
        let from = format!("{}/{}", from.phase, from.connection);
        let to = format!("{}/{}", to.phase, to.connection);
        writeln!(out, "  {from:<26} {:<12} {to:<26} {count:>10}", transition.by)?;
    }
    Ok(())
}

/// # Errors
/// When it cannot be written.
pub fn write_soak(out: &mut impl Write, hours: &[SoakHour], violation: Option<&Violation>) -> io::Result<()> {
    let head = ["messages", "wake-ups", "frames", "state", "transcript", "planned", "sockets"];
    let [messages, ticks, frames, state, transcript, planned, sockets] = head;
    writeln!(out, "hour {messages:>9} {ticks:>9} {frames:>7} {state:>7} {transcript:>11} {planned:>8} {sockets:>8}")?;
    for hour in hours.iter().filter(|hour| hour.hour == 1 || hour.hour.is_multiple_of(2)) {
        writeln!(
            out,
            "{:>4} {:>9} {:>9} {:>7} {:>7} {:>11} {:>8} {:>8}",
            hour.hour,
            hour.messages,
            hour.ticks,
            hour.frames,
            hour.state_bytes,
            hour.transcript_bytes,
            hour.planned,
            hour.sockets
        )?;
    }
    match violation {
        None => writeln!(out, "nothing grows, and the transcript holds its newest messages once"),
        Some(violation) => writeln!(out, "{} is broken: {}", violation.invariant, violation.detail),
    }
}

fn write_failures(out: &mut impl Write, command: &str, failures: &[Failure]) -> io::Result<()> {
    writeln!(out, "violations   {:>12}", failures.len())?;
    let space = if command.is_empty() { "" } else { " " };
    for Failure { seed, steps, violation } in failures.iter().take(FAILURES_SHOWN) {
        let Violation { invariant, step, detail, .. } = violation;
        writeln!(out, "\n{invariant} broken by seed {seed}, step {step}: {detail}")?;
        writeln!(out, "  npm run sim -- {command}{space}--first-seed {seed} --seeds 1 --steps {steps} --trace")?;
    }
    if failures.len() > FAILURES_SHOWN {
        writeln!(out, "\n… and {} more", failures.len() - FAILURES_SHOWN)?;
    }
    Ok(())
}

fn write_faults(out: &mut impl Write, tally: &Tally) -> io::Result<()> {
    writeln!(out, "faults")?;
    for (kind, count) in &tally.faults {
        writeln!(out, "  {kind:<40} {count:>10}")?;
    }
    for kind in World::fault_names().filter(|kind| !tally.faults.contains_key(kind)) {
        writeln!(out, "  {kind:<40}      never")?;
    }
    writeln!(out)
}
