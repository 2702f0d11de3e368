//! The program `sandbox`: the stand-in platform with sockets, files and a command line round it.

mod shell;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use crate::shell::{Arguments, Failure};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => {
            // Help and version.
            return if error.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        Err(error) => return fail(2, &shell::one_sentence(&error)),
    };
    match shell::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(sentence)) => fail(1, &sentence),
    }
}

fn fail(code: u8, sentence: &str) -> ExitCode {
    // Nothing is left to do when even this cannot be written.
    let _ = writeln!(io::stderr(), "sandbox: {sentence}");
    ExitCode::from(code)
}
