//! Every frame of the corpora has a defined result: something changes, an error is told, or it is counted as ignored.
//! `GUEST_FRAMES` and `HOSTILE_INPUTS` name other files than those of the project.

use std::path::PathBuf;

use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::WireInput;
use guest_messenger::session::input::Command;

use crate::harness::TestEngine;

pub(crate) fn rows(variable: &str, name: &str) -> Vec<Json> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    let path = std::env::var_os(variable).map_or(own, PathBuf::from);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| json::parse(line).unwrap_or_else(|| panic!("not a line of JSON: {line:.100}"))).collect()
}

/// After any frame the conversation still works: a message of an agent is shown, and one of the guest goes out once the
/// visitor does what the screen offers.
fn assert_alive(test: &mut TestEngine, name: &str) {
    let phase = test.engine.view().phase;
    if phase == guest_messenger::session::view::Phase::Live {
        let before = test.texts().len();
        test.receive(r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"proof-of-life","type":"Text","text":"still here","direction":"Outbound","channel":{"time":"2036-10-14T09:00:00.000Z"}}}"#);
        assert_eq!(test.texts().len(), before + 1, "{name}: the next message is not shown");
    } else {
        let view = test.engine.view();
        assert!(!view.phase.can_write() || view.phase != guest_messenger::session::view::Phase::Live, "{name}");
    }
}

/// Everything that shows on the outside.
fn snapshot(test: &TestEngine) -> String {
    let view = test.engine.view();
    format!("{:?} {:?} {:?} {:?} {:?}", view.phase, view.transcript, view.typing, test.events, test.actions)
}

#[test]
fn corpus_every_frame_of_the_platform_has_a_defined_result() {
    let mut count = 0;
    for row in rows("GUEST_FRAMES", "guest-frames.jsonl") {
        if row.text("dir") != Some("in") {
            continue;
        }
        let name = row.text("name").unwrap_or("nameless").to_owned();
        let frame = row.get("frame").cloned();
        for waiting in [false, true] {
            let mut test = TestEngine::live();
            if waiting {
                test.command(Command::SendText("under way".to_owned()));
            }
            let before = snapshot(&test);
            test.wire(WireInput::Frame(frame.clone()));
            let after = snapshot(&test);
            let is_known_silent = name.starts_with("odd.Receipt") || test.ignored() > 0;
            let is_sign_of_life = matches!(
                frame.as_ref().and_then(|frame| frame.text("class")),
                Some(
                    "StructuredMessage"
                        | "SessionResponse"
                        | "JwtResponse"
                        | "string"
                        | "TooManyRequestsErrorMessage"
                        | "Error"
                        | "ErrorMessage"
                )
            );
            assert!(
                before != after || is_known_silent || is_sign_of_life,
                "{name}: nothing happened and nothing was counted"
            );
            assert_alive(&mut test, &name);
        }
        count += 1;
    }
    assert!(count > 0, "the corpus holds no frame of the platform");
    eprintln!("corpus: {count} frames of the platform");
}

#[test]
fn corpus_every_hostile_frame_is_survived() {
    let mut count = 0;
    for row in rows("HOSTILE_INPUTS", "hostile-inputs.jsonl") {
        if row.text("cat") != Some("frame") {
            continue;
        }
        let id = row.text("id").unwrap_or("nameless").to_owned();
        let expect = row.text("expect").unwrap_or_default().to_owned();
        let mut test = TestEngine::live();
        test.command(Command::SendText("under way".to_owned()));
        let before = test.texts();
        match row.get("input") {
            Some(Json::Text(text)) => test.receive(text),
            Some(generator) => test.wire(WireInput::Frame(generated(generator))),
            None => test.receive(""),
        }
        match expect.split(':').next() {
            Some("drop" | "ignore") => assert_eq!(test.texts(), before, "{id} must show nothing"),
            Some("render" | "fallback") => assert_eq!(test.texts().len(), before.len() + 1, "{id} must show something"),
            _ => {}
        }
        assert_alive(&mut test, &id);
        count += 1;
    }
    eprintln!("corpus: {count} hostile frames");
}

/// The frames too large to be written out. The socket driver drops what is over the cap or not text; here the tree is
/// built all the same, to see that the decoder does not mind.
fn generated(generator: &Json) -> Option<Json> {
    let count = usize::try_from(generator.integer("count").unwrap_or(1)).unwrap_or(1);
    match generator.text("gen") {
        Some("nest") => {
            let unit = generator.text("unit").unwrap_or("[");
            let close = generator.text("close").unwrap_or("]");
            json::parse(&format!("{}{}", unit.repeat(count), close.repeat(count)))
        }
        Some("json-string") => json::parse(&format!("\"{}\"", "a".repeat(count))),
        Some("repeat-key") => {
            let pairs: Vec<String> = (0..count).map(|number| format!("\"k{number}\":1")).collect();
            json::parse(&format!("{{{}}}", pairs.join(",")))
        }
        Some("repeat") => {
            let field = |key| generator.text(key).unwrap_or_default();
            json::parse(&format!("{}{}{}", field("prefix"), field("unit").repeat(count), field("suffix")))
        }
        _ => None,
    }
}
