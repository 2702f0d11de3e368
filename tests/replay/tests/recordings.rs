//! Recordings that pages have made. One that is put into `tests/vectors/recordings` is played back here: a report of a
//! visitor's becomes a failing test, and stays as a test when it is mended.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails says so")]

use std::fs;
use std::path::PathBuf;

use guest_messenger_replay::{Verdict, replay};

#[test]
fn every_recording_plays_back_to_the_same_outputs() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../vectors/recordings");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the folder of recordings") {
        let path = entry.expect("an entry").path();
        let mut said = Vec::new();
        let verdict = replay(&fs::read_to_string(&path).expect("a text file"), false, &mut said).unwrap();
        assert_eq!(verdict, Verdict::Same, "{}: {}", path.display(), String::from_utf8_lossy(&said));
        count += 1;
    }
    assert!(count >= 2, "{count} recordings");
}
