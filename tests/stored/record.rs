use guest_messenger::protocol::json;
use guest_messenger::session::ids::{GuestToken, ServerId};
use guest_messenger::session::record::{ReadMark, Record};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::WallTime;
use guest_messenger::stored::record::{read, write};

const NOW: WallTime = WallTime(1_000_000);

fn stored(text: &str) -> Option<Record> {
    read(&json::parse(text)?, NOW)
}

fn record() -> Record {
    Record {
        token: GuestToken(Redacted::new("0f8b6c1e-0000-4000-8000-000000000001")),
        expires_at: Some(WallTime(2_000_000)),
        read_mark: Some(ReadMark { time: WallTime(900_000), id: ServerId("a\"b".to_owned()) }),
        is_live: true,
        panel_open: false,
    }
}

#[test]
fn a_record_reads_back_the_same() {
    let plain = Record { expires_at: None, read_mark: None, is_live: false, panel_open: true, ..record() };
    for record in [record(), plain] {
        assert_eq!(stored(&write(&record)), Some(record));
    }
}

#[test]
fn a_record_of_the_first_version_is_read_and_may_lack_what_is_not_always_known() {
    let first = r#"{"v":1,"token":"t","expiresAt":null,"readMark":null,"live":true,"open":false}"#;
    let bare = r#"{"v":1,"token":"t","live":true,"open":false}"#;
    for text in [first, bare] {
        let token = GuestToken(Redacted::new("t"));
        let expected = Record { token, expires_at: None, read_mark: None, is_live: true, panel_open: false };
        assert_eq!(stored(text), Some(expected), "{text}");
    }
}

#[test]
fn what_another_build_has_added_is_passed_over() {
    let text = write(&record()).replacen('{', r#"{"added":{"deep":[1]},"#, 1);
    assert_eq!(stored(&text), Some(record()));
}

#[test]
fn a_record_of_a_version_to_come_or_one_that_has_expired_is_none() {
    assert_eq!(stored(r#"{"v":2,"token":"t","live":true,"open":true}"#), None);
    assert_eq!(stored(r#"{"v":1,"token":"t","expiresAt":1000000,"live":true,"open":true}"#), None);
    assert!(stored(r#"{"v":1,"token":"t","expiresAt":1000001,"live":true,"open":true}"#).is_some());
}

#[test]
fn a_token_that_could_not_go_into_a_header_is_none() {
    for token in ["", "a\\tb", "a\\n", "\u{fc}", &"t".repeat(3073)] {
        assert_eq!(stored(&format!(r#"{{"v":1,"token":"{token}","live":true,"open":true}}"#)), None, "{token}");
    }
    // As with the conversations APIs.
    for token in ["conversation c p s t".to_owned(), "t".repeat(3072)] {
        assert!(stored(&format!(r#"{{"v":1,"token":"{token}","live":true,"open":true}}"#)).is_some());
    }
}
