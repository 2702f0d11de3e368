//! The command as a person runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails says so")]

use std::path::PathBuf;
use std::process::{Command, Output};
use std::{env, fs, process};

use guest_messenger::engine::{Endpoints, Engine, EngineInput, Settings};
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::input;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

/// The diagnostics of a page on which the panel was opened.
fn diagnostics() -> String {
    let settings = Settings { endpoints: Endpoints::of_domain("mypurecloud.ie"), ..Settings::default() };
    let mut tape = Tape::begin(&settings, 7);
    let mut engine = Engine::new(settings, 7);
    for (at_ms, command) in [(1_000, input::Command::Start(None)), (3_500, input::Command::OpenPanel)] {
        let now = Now { monotonic: Timestamp(at_ms), wall: WallTime(1_792_000_000_000) };
        tape.handle(&mut engine, now, EngineInput::Session(input::Input::Command(command)));
    }
    tape.diagnostics()
}

fn run(name: &str, text: &str, flags: &[&str]) -> (Option<i32>, String) {
    let path: PathBuf = env::temp_dir().join(format!("guest-messenger-{}-{name}.json", process::id()));
    fs::write(&path, text).expect("a writable folder");
    let Output { status, stdout, .. } =
        Command::new(env!("CARGO_BIN_EXE_replay")).arg(&path).args(flags).output().expect("the command");
    fs::remove_file(&path).expect("the file");
    (status.code(), String::from_utf8(stdout).expect("text"))
}

#[test]
fn what_plays_back_to_the_same_ends_with_zero() {
    let (code, said) = run("same", &diagnostics(), &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 steps in 2.500 s, and every one put out the same"), "{said}");
}

#[test]
fn the_first_step_that_puts_out_something_else_is_named() {
    let original = diagnostics();
    let digest = original.rsplit('"').nth(1).expect("the last digest");
    let (code, said) = run("different", &original.replace(digest, "0123456789abcdef"), &[]);
    assert_eq!(code, Some(1), "{said}");
    for part in ["step 2, 2.500 s", "open_panel", "expected 0123456789abcdef", digest, "MakeToken"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_trace_shows_every_step_and_what_it_puts_out() {
    let (_, said) = run("trace", &diagnostics(), &["--trace"]);
    for part in ["start", "open_panel", "→ MakeToken", "→ Event(Opened)"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_file_that_cannot_be_played_back_is_refused_in_one_sentence() {
    let original = diagnostics();
    for (name, text, sentence) in [
        ("junk", "junk", "not JSON"),
        ("other", "{}", "not one of exportDiagnostics()"),
        ("newer", &original.replace("\"version\":1", "\"version\":2"), "format version 2"),
        ("damaged", &original.replace("open_panel", "open_sesame"), "item 3"),
        ("headless", &original.replace("\"begin\"", "\"start\""), "item 0"),
        ("truncated", &original.replace("\"truncated\":false", "\"truncated\":true"), "beginning was dropped"),
    ] {
        let (code, said) = run(name, text, &[]);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(said.contains(sentence), "{name}: {said}");
    }
    let missing = Command::new(env!("CARGO_BIN_EXE_replay")).arg("no/such/file").output().expect("the command");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("no/such/file cannot be read"));
}
