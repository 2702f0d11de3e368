use crate::support::page;
use guest_messenger::browser::storage::Storage;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::ids::{GuestToken, ServerId};
use guest_messenger::session::record::{ReadMark, Record};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::WallTime;
use wasm_bindgen_test::wasm_bindgen_test;

const NOW: WallTime = WallTime(1_000_000);

fn record() -> Record {
    Record {
        token: GuestToken(Redacted::new("0f8b6c1e-0000-4000-8000-000000000001")),
        expires_at: Some(WallTime(2_000_000)),
        read_mark: Some(ReadMark { time: WallTime(900_000), id: ServerId("a\"b".to_owned()) }),
        is_live: true,
        panel_open: false,
    }
}

fn area() -> web_sys::Storage {
    web_sys::window().unwrap().session_storage().unwrap().unwrap()
}

fn stored(text: &str) -> Option<Record> {
    area().set_item("guest-messenger:corrupt", text).unwrap();
    Storage::open("corrupt", false).load(NOW)
}

#[wasm_bindgen_test]
fn a_record_survives_a_round_trip_through_the_storage() {
    for remember in [false, true] {
        assert_eq!(Storage::open("round", remember).save(&record()), Ok(()));
        assert_eq!(Storage::open("round", remember).load(NOW), Some(record()));
        Storage::open("round", remember).forget();
        assert_eq!(Storage::open("round", remember).load(NOW), None);
    }
}

#[wasm_bindgen_test]
fn what_is_not_to_be_remembered_stays_out_of_the_local_storage() {
    let storage = Storage::open("private", false);
    storage.save(&record()).unwrap();
    assert_eq!(Storage::open("private", true).load(NOW), None);
    storage.forget();
}

#[wasm_bindgen_test]
fn of_conversations_that_tabs_begin_at_once_the_lowest_is_taken_and_none_instead_of_one_that_goes_on() {
    let storage = Storage::open("promised", false);
    let promise = |name: &str, is_wanted| {
        storage.promise(Record::beginning_with(GuestToken(Redacted::new(name))), is_wanted).is_some()
    };
    assert!(!promise("m", false), "this tab wants none");
    assert!(promise("m", true));
    assert!(!promise("n", true) && promise("b", false));
    assert_eq!(storage.record().map(|record| record.token), Some(GuestToken(Redacted::new("b"))));
    assert_eq!(Storage::open("promised", false).load(NOW), None, "nothing is stored");
    storage.save(&record()).unwrap();
    assert!(storage.promise(Record::beginning_with(GuestToken(Redacted::new("!"))), true).is_none());
    storage.forget();
}

#[wasm_bindgen_test]
fn the_stored_text_is_what_the_loader_reads() {
    Storage::open("format", false).save(&record()).unwrap();
    let text = area().get_item("guest-messenger:format").unwrap().unwrap();
    let expected = r#"{"v":1,"token":"0f8b6c1e-0000-4000-8000-000000000001","expiresAt":2000000,"readMark":{"time":900000,"id":"a\"b"},"live":true,"open":false}"#;
    assert_eq!(text, expected);
}

#[wasm_bindgen_test]
fn a_malformed_record_is_no_record() {
    for text in [
        "",
        "{",
        "null",
        "[]",
        r#"{"v":1}"#,
        r#"{"v":1,"token":"","live":true,"open":true}"#,
        r#"{"v":1,"token":7,"live":true,"open":true}"#,
        r#"{"v":1,"token":"a\tb","live":true,"open":true}"#,
        r#"{"v":1,"token":"a","live":"yes","open":true}"#,
        r#"{"v":1,"token":"a","live":true}"#,
        r#"{"v":1,"token":"a","expiresAt":"soon","live":true,"open":true}"#,
        r#"{"v":1,"token":"a","readMark":{"time":1},"live":true,"open":true}"#,
        r#"{"v":1,"token":"a","readMark":5,"live":true,"open":true}"#,
    ] {
        assert_eq!(stored(text), None, "{text}");
    }
    assert!(stored(r#"{"v":1,"token":"a","live":true,"open":true}"#).is_some());
}

#[wasm_bindgen_test]
fn a_record_that_has_expired_or_has_another_version_is_no_record() {
    assert_eq!(stored(r#"{"v":1,"token":"a","expiresAt":1000000,"live":true,"open":true}"#), None);
    assert_eq!(stored(r#"{"v":2,"token":"a","expiresAt":2000000,"live":true,"open":true}"#), None);
}

#[wasm_bindgen_test]
fn a_blocked_storage_is_said_and_the_record_kept_in_memory() {
    for area in [None, Some(page::blocked_storage())] {
        let storage = Storage::of("blocked", area);
        assert_eq!(storage.load(NOW), None);
        assert_eq!(storage.save(&record()), Err(ChatError::STORAGE_UNAVAILABLE));
        assert_eq!(storage.record(), Some(record()));
        storage.forget();
        assert_eq!(storage.record(), None);
    }
}
