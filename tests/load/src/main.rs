//! `npm run load`: many guests at once, over the widget's own core.

mod arguments;
mod audit;
mod clock;
mod guest;
mod http;
mod memory;
mod oauth;
mod progress;
mod report;
mod run;
mod simulate;
mod socket;
mod stand_in;
mod tally;

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Arguments, Command, Load, Simulation, one_sentence};
use audit::AuditFile;
use clap::Parser;
use clap::error::ErrorKind;
use oauth::Credentials;
use tokio::runtime::Runtime;

const WRONG_INPUT: u8 = 2;

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(Arguments { command: Some(Command::Simulate(plan)), .. }) => match plan.check() {
            Ok(()) => simulate(&plan),
            Err(sentence) => refuse(&sentence),
        },
        Ok(Arguments { command: None, load: plan }) => match prepare(&plan) {
            Ok((credentials, audit)) => load(&plan, credentials, audit),
            Err(sentence) => refuse(&sentence),
        },
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            // To a closed pipe there is nothing to say.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&one_sentence(&error)),
    }
}

fn refuse(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::from(WRONG_INPUT)
}

fn prepare(plan: &Load) -> Result<(Option<Credentials>, Option<AuditFile>), String> {
    plan.check()?;
    let credentials = Credentials::from_environment()?;
    Ok((credentials, plan.audit.as_deref().map(AuditFile::create).transpose()?))
}

fn load(load: &Load, credentials: Option<Credentials>, audit: Option<AuditFile>) -> ExitCode {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return fail("Encryption could not be set up.");
    }
    let result = Runtime::new()
        .map_err(|error| format!("No threads can be started: {error}."))
        .and_then(|runtime| runtime.block_on(run::run(load, credentials, audit)));
    match result {
        Ok(report) => {
            let text = if load.json { format!("{}\n", report.to_json()) } else { report.to_text() };
            finish(&text, report.is_good())
        }
        Err(sentence) => fail(&sentence),
    }
}

fn simulate(plan: &Simulation) -> ExitCode {
    let bar = progress::bar(u64::from(plan.guests), "{bar:30} {pos}/{len} guests, {eta} left", plan.json);
    let result = simulate::simulate(plan, &bar);
    bar.finish_and_clear();
    match result {
        Ok(outcome) => {
            let text = if plan.json { format!("{}\n", outcome.to_json(plan)) } else { outcome.to_text(plan) };
            finish(&text, outcome.is_good())
        }
        Err(sentence) => fail(&sentence),
    }
}

fn finish(text: &str, is_good: bool) -> ExitCode {
    let is_told = io::stdout().write_all(text.as_bytes()).is_ok();
    if is_told && is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fail(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}
