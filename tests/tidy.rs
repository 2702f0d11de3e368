//! The walls of the house that no compiler sees: what must not appear where. ARCHITECTURE.md says why.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails says so")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The source files below a folder or at a path, with their code: comments and test modules taken out.
fn sources(place: &str, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join(place), extension, &mut found);
    assert!(!found.is_empty(), "{place} holds no .{extension} file");
    found
}

fn collect(path: &Path, extension: &str, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a readable folder") {
            collect(&entry.expect("an entry").path(), extension, found);
        }
    } else if path.extension().is_some_and(|has| has == extension) {
        let text = fs::read_to_string(path).expect("a text file");
        let code = text.split("\nmod tests {").next().unwrap_or_default();
        let is_code = |line: &&str| !line.trim_start().starts_with("//") && !line.trim_start().starts_with('*');
        let code = code.lines().filter(is_code).collect::<Vec<_>>().join("\n");
        let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        found.push((name, code));
    }
}

fn assert_absent(place: &str, extension: &str, words: &[&str], except: &[&str]) {
    for (name, code) in sources(place, extension) {
        if except.contains(&name.as_str()) {
            continue;
        }
        for word in words {
            assert!(!code.contains(word), "{name} must not contain {word:?}");
        }
    }
}

#[test]
fn the_core_knows_no_browser_no_clock_and_no_serialisation() {
    let words = ["web_sys", "js_sys", "wasm_bindgen", "gloo", "serde", "std::time", "Instant", "SystemTime"];
    assert_absent("src/session", "rs", &words, &[]);
    assert_absent("src/engine.rs", "rs", &words, &[]);
    assert_absent("src/recorder", "rs", &words, &[]);
    assert_absent("src/stored", "rs", &words, &[]);
    assert_absent("src/protocol", "rs", &["web_sys", "js_sys", "wasm_bindgen", "gloo", "std::time"], &[]);
}

#[test]
fn the_words_of_the_wire_stop_at_the_protocol() {
    let words = [
        "Inbound",
        "Outbound",
        "StructuredMessage",
        "tracingId",
        "tracing_id",
        "event_type",
        "configureSession",
        "onMessage",
    ];
    for room in ["src/session", "src/stored", "src/ui", "src/browser", "src/api", "src/shell.rs", "src/engine.rs"] {
        assert_absent(room, "rs", &words, &[]);
    }
}

#[test]
fn views_and_drivers_meet_in_the_shell_only() {
    assert_absent("src/ui", "rs", &["crate::browser"], &[]);
    assert_absent("src/browser", "rs", &["crate::ui"], &[]);
}

#[test]
fn one_file_makes_nodes_and_none_parses_markup() {
    assert_absent("src", "rs", &["create_element", "create_text_node"], &["src/ui/dom.rs"]);
    let sinks = ["set_inner_html", "set_outer_html", "insert_adjacent_html", "document_write", "eval("];
    assert_absent("src", "rs", &sinks, &[]);
    let sinks = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "setHTML",
        "createContextualFragment",
        "srcdoc",
        "document.write",
        "DOMParser",
        "eval(",
        "new Function",
    ];
    assert_absent("www/src", "ts", &sinks, &[]);
    assert_absent("www/src/lazy", "ts", &["createElement", "cloneNode"], &[]);
}

#[test]
fn the_page_is_left_no_unload_handlers() {
    assert_absent("src", "rs", &["\"unload\"", "\"beforeunload\""], &[]);
    assert_absent("www/src", "ts", &["\"unload\"", "\"beforeunload\""], &[]);
}

#[test]
fn the_stand_in_never_uses_the_widgets_codec() {
    assert_absent("sandbox/src", "rs", &["guest_messenger::", "guest_messenger "], &[]);
    let manifest = fs::read_to_string(root().join("sandbox/Cargo.toml")).expect("the manifest");
    assert!(!manifest.contains("path = \"..\""), "the stand-in depends on the widget");
}

#[test]
fn nothing_is_left_to_do_without_an_issue() {
    for place in ["src", "sandbox/src"] {
        assert_absent(place, "rs", &["todo!(", "unimplemented!("], &[]);
    }
    for (name, _) in sources("src", "rs") {
        let text = fs::read_to_string(root().join(&name)).expect("a text file");
        assert!(!text.contains("TODO") && !text.contains("FIXME"), "{name} leaves something to do");
    }
}

#[test]
fn every_row_of_the_conversations_reference_names_tests_that_exist() {
    let tests: String = [("tests", "rs"), ("tests", "ts"), ("sandbox/tests", "rs")]
        .iter()
        .flat_map(|(place, extension)| sources(place, extension))
        .map(|(_, code)| code)
        .collect();
    let table = fs::read_to_string(root().join("tests/conversations/README.md")).expect("the table");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    for (row, cells) in rows.filter(|(_, cells)| cells.contains('`')) {
        let quoted = cells.split('`').enumerate().filter(|(at, _)| at % 2 == 1);
        for (_, name) in quoted {
            let exists = tests.contains(&format!("fn {name}(")) || tests.contains(&format!("test(\"{name}\""));
            assert!(exists, "{row}: there is no test {name}");
        }
        assert!(cells.starts_with('`'), "{row}: no test of the client");
    }
}
