//! Guests in virtual time, against the platform's published limits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Output};

use serde_json::{Value, json};

fn simulate(arguments: &[&str]) -> (Output, Value) {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_load"));
    let output = tool.arg("simulate").args(arguments).arg("--json").output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output, report)
}

#[test]
fn three_thousand_guests_lose_nothing_however_many_arrive_at_once() {
    let (output, report) = simulate(&["--guests", "3000", "--messages", "2", "--arrivals-per-minute", "6000"]);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!((&report["echoed"], &report["lost"], &report["tooFast"]), (&json!(6000), &json!(0), &json!(0)));
    assert!(report["connectionsRefused"].as_u64().unwrap() > 0, "the limit was never met: {report}");
}

#[test]
fn a_thousand_guests_by_the_conversations_api_lose_nothing_and_none_meets_its_own_limit() {
    let (output, report) = simulate(&["--api", "conversations", "--guests", "1000", "--messages", "3"]);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!((&report["sent"], &report["echoed"], &report["duplicated"]), (&json!(3000), &json!(3000), &json!(0)));
    assert_eq!((&report["tooFast"], &report["failed"]), (&json!(0), &json!(0)), "{report}");
    // An opening, a page of history and three messages each, and typing, which goes by calls as well: once on, once off.
    let typed = report["typed"].as_u64().unwrap();
    assert!(typed > 500, "{report}");
    assert_eq!(report["calls"], json!(5_000 + 2 * typed), "{report}");
}

#[test]
fn guests_who_share_one_client_meet_its_hundred_calls_a_second_and_lose_nothing() {
    let shared = ["--api", "conversations", "--guests", "500", "--messages", "2", "--shared-client"];
    let (output, report) = simulate(&[&shared[..], &["--arrivals-per-minute", "6000"]].concat());
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!((&report["echoed"], &report["lost"]), (&json!(1000), &json!(0)));
    assert_eq!(report["duplicated"], json!(0), "{report}");
    assert!(report["tooFast"].as_u64().unwrap() > 100, "the limit was never met: {report}");
    let answered = report["calls"].as_u64().unwrap() - report["tooFast"].as_u64().unwrap();
    assert!(
        report["virtualSeconds"].as_f64().unwrap() > answered as f64 / 100.0 - 1.0,
        "faster than it may be: {report}"
    );
}

#[test]
fn what_the_guest_api_does_not_know_ends_the_simulation_with_2_and_one_sentence() {
    for arguments in [&["--shared-client"][..], &["--api", "fax"], &["--typing-share", "2"]] {
        let (output, _) = simulate(arguments);
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{sentence}");
        assert_eq!(sentence.trim_end().lines().count(), 1, "{sentence}");
    }
}
