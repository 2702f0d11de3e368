//! Conversations that a fuzzer made up and that once went wrong, and the ones that it began with. See tests/fuzz.

use std::path::Path;

#[allow(dead_code, reason = "what only the fuzzer's own programs use")]
#[path = "../fuzz/script.rs"]
mod script;

fn play_all(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz").join(folder);
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("a folder of scripts") {
        let path = entry.expect("an entry").path();
        eprintln!("{}", path.display());
        script::play(&std::fs::read(&path).expect("a script"));
        count += 1;
    }
    assert!(count > 0, "{} holds no script", folder.display());
}

#[test]
fn the_conversations_that_the_fuzzer_begins_with_hold_together() {
    play_all("seeds");
}

#[test]
fn the_conversations_that_once_went_wrong_hold_together() {
    play_all("found");
}
