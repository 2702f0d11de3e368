//! Plays recordings back, and says what came of it.

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use guest_messenger::recorder::replay::{Diagnostics, Recording, Step, Unreadable};
use guest_messenger::session::time::Now;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Same,
    Different,
    /// Or without its beginning.
    Unreadable,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> ExitCode {
        ExitCode::from(verdict as u8)
    }
}

/// Plays every recording of a file back. The verdict is that of the worst.
///
/// # Errors
/// When nothing can be written to `out`.
pub fn replay(text: &str, traces: bool, out: &mut impl Write) -> io::Result<Verdict> {
    let diagnostics = match Diagnostics::read(text) {
        Ok(diagnostics) => diagnostics,
        Err(unreadable) => return refuse(unreadable, out),
    };
    let own = env!("CARGO_PKG_VERSION");
    if diagnostics.product != own {
        writeln!(
            out,
            "Recorded by version {}; this is {own}, which may do other things on purpose.",
            diagnostics.product
        )?;
    }
    let mut verdict = Verdict::Same;
    let count = diagnostics.recordings.len();
    for (index, recording) in diagnostics.recordings.iter().enumerate() {
        writeln!(out, "Recording {} of {count}:", index + 1)?;
        verdict = verdict.max(replay_one(recording, traces, out)?);
    }
    if count == 0 {
        writeln!(out, "No engine has run on this page: there is nothing to play back.")?;
    }
    Ok(verdict)
}

fn replay_one(recording: &Recording, traces: bool, out: &mut impl Write) -> io::Result<Verdict> {
    if recording.is_truncated {
        return read_only(recording, traces, out);
    }
    let mut beginning = None;
    let mut at = (0, 0);
    let mut difference = None;
    let mut written = Ok(());
    let played = panic::catch_unwind(AssertUnwindSafe(|| {
        recording.replay(|step| {
            let beginning = *beginning.get_or_insert(step.now);
            at = (step.number, step.now.monotonic.since(beginning.monotonic));
            if traces && written.is_ok() {
                written = trace(step, at.1, out);
            }
            if !step.is_same() {
                difference = Some(describe(step));
            }
        })
    }));
    written?;
    let (number, after_ms) = (at.0, seconds(at.1));
    match (played, difference) {
        (Err(_), _) => {
            writeln!(out, "  the engine panicked in the step after step {number}, {after_ms} s after the first.")?;
            Ok(Verdict::Different)
        }
        (Ok(Err(unreadable)), _) => refuse(unreadable, out),
        (Ok(Ok(_)), Some(difference)) => {
            writeln!(out, "  step {number}, {after_ms} s after the first, put out something else:\n{difference}")?;
            if recording.has_covered_ids() {
                writeln!(out, "  (ids of a strange form were covered: messages of one millisecond may change places)")?;
            }
            Ok(Verdict::Different)
        }
        (Ok(Ok(steps)), None) => {
            writeln!(out, "  {steps} steps in {after_ms} s, and every one put out the same.")?;
            if recording.has_died {
                writeln!(out, "  On the page the engine died then; here it did not: look at the shell and the views.")?;
            }
            Ok(Verdict::Same)
        }
    }
}

/// Without its beginning there is no engine to compare with.
fn read_only(recording: &Recording, traces: bool, out: &mut impl Write) -> io::Result<Verdict> {
    let mut written = Ok(());
    let mut steps = 0;
    let read = recording.inputs(|now, input| {
        steps += 1;
        if traces && written.is_ok() {
            written = writeln!(out, "{:>10} {input:?}", seconds(now.monotonic.0));
        }
    });
    written?;
    if let Err(unreadable) = read {
        return refuse(unreadable, out);
    }
    writeln!(
        out,
        "  its beginning was dropped because it grew too long, so that it cannot be played back; --trace prints the {steps} \
         steps that are left."
    )?;
    Ok(Verdict::Unreadable)
}

fn refuse(unreadable: Unreadable, out: &mut impl Write) -> io::Result<Verdict> {
    writeln!(out, "It cannot be played back: {unreadable}.")?;
    Ok(Verdict::Unreadable)
}

fn trace(step: &Step<'_>, after_ms: u64, out: &mut impl Write) -> io::Result<()> {
    let Now { wall, .. } = step.now;
    writeln!(out, "{:>10} {:>4} {} (wall {})", seconds(after_ms), step.number, step.kind, wall.0)?;
    writeln!(out, "{:16}{:?}", "", step.input)?;
    for output in &step.outputs {
        writeln!(out, "{:16}→ {output:?}", "")?;
    }
    Ok(())
}

fn describe(step: &Step<'_>) -> String {
    let digest = |digest: Option<u64>| digest.map_or("nothing".to_owned(), |digest| format!("{digest:016x}"));
    let outputs: String = step.outputs.iter().map(|output| format!("\n    → {output:?}")).collect();
    let (expected, got) = (digest(step.expected), digest(step.got));
    format!("    {}: {:?}\n    expected {expected}, got {got}, which is{outputs}", step.kind, step.input)
}

fn seconds(span_ms: u64) -> String {
    format!("{}.{:03}", span_ms / 1_000, span_ms % 1_000)
}
