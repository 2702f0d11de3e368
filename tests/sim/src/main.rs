//! The command line of the simulation.

use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use clap::{Args, Parser, Subcommand};
use guest_messenger_sim::runner::{Failure, Findings, Plan};
use guest_messenger_sim::{Violation, World, counted, fleet, regressions, report, rest, runner, tabs, teeth};
use indicatif::{ProgressBar, ProgressStyle};

/// A run of so many steps must have met every kind of fault.
const LONG_RUN_STEPS: u64 = 1_000_000;

/// Simulates guest, network and platform in virtual time, and checks what must always hold.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    seeds: SeedArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plant bugs, and see how many seeds it takes to find each.
    Teeth,
    /// Ten thousand clients come back after an outage.
    Fleet {
        /// How many times, for each way in which the outage begins.
        #[arg(long, default_value_t = 7)]
        fleets: u64,
    },
    /// One guest lives through a day of ten thousand messages.
    Soak,
    /// Several tabs in one conversation.
    Tabs(SeedArguments),
    /// The conversations APIs: calls, tokens and events, in every dialect.
    Conversations(SeedArguments),
}

#[derive(Debug, Args)]
struct SeedArguments {
    /// How many seeds to run.
    #[arg(long, default_value_t = 2_000)]
    seeds: u64,
    /// How many things happen in each.
    #[arg(long, default_value_t = 1_000)]
    steps: u64,
    #[arg(long, default_value_t = 1)]
    first_seed: u64,
    /// As many as there are cores, unless told otherwise.
    #[arg(long)]
    threads: Option<usize>,
    /// Print every step; for one seed.
    #[arg(long)]
    trace: bool,
    /// Print every transition that was met.
    #[arg(long)]
    transitions: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        None => run_seeds(&arguments.seeds),
        Some(Command::Teeth) => show_teeth(),
        Some(Command::Fleet { fleets }) => show_fleet(fleets),
        Some(Command::Soak) => show_soak(),
        Some(Command::Tabs(seeds)) => {
            run_counted("tabs", &seeds, |seed, acts, is_traced| tabs::run_one(seed, acts, None, is_traced))
        }
        Some(Command::Conversations(seeds)) => {
            run_counted("conversations", &seeds, |seed, acts, is_traced| rest::run_one(seed, acts, None, is_traced))
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("The simulation could not read or write: {error}.");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether everything held.
fn run_seeds(arguments: &SeedArguments) -> io::Result<bool> {
    let mut out = io::stdout();
    if arguments.trace {
        let outcome = runner::run_one(arguments.first_seed, arguments.steps, None, true);
        return match outcome.violation {
            None => Ok(true),
            Some(violation) => {
                writeln!(out, "{} is broken: {}", violation.invariant, violation.detail)?;
                Ok(false)
            }
        };
    }
    let started = now();
    let known = known_failures("", |seed, steps| runner::run_one(seed, steps, None, false).violation)?;
    let plan = Plan {
        first_seed: arguments.first_seed,
        seeds: arguments.seeds,
        steps: arguments.steps,
        threads: arguments.threads.unwrap_or_else(cores),
    };
    let bar = progress_bar(plan.seeds);
    let mut findings: Findings = runner::run_all(plan, &bar);
    bar.finish_and_clear();
    findings.failures.splice(0..0, known);
    report::write_findings(&mut out, &findings, started.elapsed().as_secs_f64())?;
    if arguments.transitions {
        report::write_transitions(&mut out, &findings.tally)?;
    }
    regressions::keep("", &findings.failures)?;
    let is_long = findings.tally.steps >= LONG_RUN_STEPS;
    let missed: Vec<&str> = World::fault_names().filter(|kind| !findings.tally.faults.contains_key(kind)).collect();
    if is_long && !missed.is_empty() {
        writeln!(out, "these faults never came: {}", missed.join(", "))?;
        return Ok(false);
    }
    Ok(findings.failures.is_empty())
}

/// Of a world beside the first one. Answers whether everything held.
fn run_counted(
    command: &str,
    arguments: &SeedArguments,
    run: impl Fn(u64, u64, bool) -> counted::Outcome + Sync,
) -> io::Result<bool> {
    let started = now();
    let is_traced = arguments.trace;
    let known =
        if is_traced { Vec::new() } else { known_failures(command, |seed, acts| run(seed, acts, false).violation)? };
    let bar = progress_bar(arguments.seeds);
    let threads = if is_traced { 1 } else { arguments.threads.unwrap_or_else(cores) };
    let plan = Plan { first_seed: arguments.first_seed, seeds: arguments.seeds, steps: arguments.steps, threads };
    let mut findings = counted::run_all(plan, &bar, |seed| run(seed, plan.steps, is_traced));
    bar.finish_and_clear();
    findings.failures.splice(0..0, known);
    report::write_counted(&mut io::stdout(), command, &findings, started.elapsed().as_secs_f64())?;
    if !is_traced {
        regressions::keep(command, &findings.failures)?;
    }
    Ok(findings.failures.is_empty())
}

fn show_teeth() -> io::Result<bool> {
    let bites = teeth::bite(cores());
    teeth::write_table(&mut io::stdout(), &bites)?;
    Ok(bites.iter().all(|bite| bite.found.is_some()))
}

/// Answers whether the widget reaches what it must.
fn show_fleet(fleets: u64) -> io::Result<bool> {
    let mut out = io::stdout();
    let own = fleet::CODES.map(|code| fleet::run_core(code, fleets, cores()));
    let mut recoveries = own.to_vec();
    recoveries.push(fleet::run_fixed(5_000));
    fleet::write_table(&mut out, fleets, &recoveries)?;
    let drops = [1006, 1000].map(fleet::run_drop);
    fleet::write_drops(&mut out, &drops)?;
    Ok(own.iter().all(fleet::Recovery::is_good) && drops.iter().all(fleet::Drop::is_good))
}

fn show_soak() -> io::Result<bool> {
    let (hours, outcome) = World::soak(1);
    report::write_soak(&mut io::stdout(), &hours, outcome.violation.as_ref())?;
    Ok(outcome.violation.is_none())
}

/// Of the seeds that once found something.
fn known_failures(command: &str, run: impl Fn(u64, u64) -> Option<Violation>) -> io::Result<Vec<Failure>> {
    runner::catch_panics();
    let failure = |(seed, steps)| run(seed, steps).map(|violation| Failure { seed, steps, violation });
    Ok(regressions::read(command)?.into_iter().filter_map(failure).collect())
}

fn progress_bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} seeds, {eta} left");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[expect(clippy::disallowed_methods, reason = "how long the program really took; it is never wasm32")]
fn now() -> Instant {
    Instant::now()
}
