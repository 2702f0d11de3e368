//! The command line of replay: `npm run replay -- FILE`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{fs, io};

use clap::Parser;
use guest_messenger_replay::{Verdict, replay};

/// Plays what a page's `exportDiagnostics()` gave back, step by step, and compares what comes out.
///
/// Exit code 0: the same came out. 1: something else did. 2: the file cannot be played back.
#[derive(Debug, Parser)]
#[command(name = "replay")]
struct Arguments {
    /// A JSON file.
    file: PathBuf,
    /// Print every step, and what it puts out.
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let file = arguments.file.display();
    match fs::read_to_string(&arguments.file) {
        Ok(text) => match replay(&text, arguments.trace, &mut io::stdout()) {
            Ok(verdict) => verdict.into(),
            Err(error) => fail(&format!("The result could not be written: {error}.")),
        },
        Err(error) => fail(&format!("{file} cannot be read: {error}.")),
    }
}

fn fail(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    Verdict::Unreadable.into()
}
