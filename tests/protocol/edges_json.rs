//! JSON at its edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::protocol::json::{self, Json};

#[test]
fn every_control_character_is_written_as_its_own_escape() {
    assert_eq!(Json::from("a\nb").write(), r#""a\nb""#);
    assert_eq!(Json::from("\0\u{7}\t\u{10}\u{1f} ").write(), r#""\u0000\u0007\u0009\u0010\u001f ""#);
}

#[test]
fn lists_and_maps_are_written_with_commas_between() {
    let list = Json::List(vec![Json::Null, Json::Number(1.0), Json::from("x")]);
    assert_eq!(list.write(), r#"[null,1,"x"]"#);
    assert_eq!(Json::object([("a", Json::from(true)), ("b", list)]).write(), r#"{"a":true,"b":[null,1,"x"]}"#);
    assert_eq!(Json::List(Vec::new()).write(), "[]");
}

#[test]
fn only_a_map_takes_another_key() {
    assert_eq!(Json::object([]).with("a", Json::from(false)).write(), r#"{"a":false}"#);
    assert_eq!(Json::from("x").with("a", Json::Null).write(), r#""x""#);
}

#[test]
fn a_field_of_another_kind_is_none() {
    let json = json::parse(r#"{"text":"12","number":7,"bool":true,"list":[1],"map":{},"null":null}"#).unwrap();
    assert_eq!(
        (json.text("text"), json.text("number"), json.text("null"), json.text("none")),
        (Some("12"), None, None, None)
    );
    assert_eq!((json.bool("bool"), json.bool("text")), (Some(true), None));
    assert_eq!((json.integer("number"), json.integer("text")), (Some(7), Some(12)));
    assert_eq!((json.integer("bool"), json.integer("list"), json.integer("map")), (None, None, None));
    assert_eq!((json.list("list").len(), json.list("map").len(), json.list("none").len()), (1, 0, 0));
    assert_eq!((json.get("map").is_some(), json.get("null").is_some()), (true, false));
    assert!(Json::from("x").get("text").is_none());
}

#[test]
fn trees_are_read_to_a_depth_that_no_frame_reaches() {
    let nested = |depth: usize| format!("{}{}", r#"{"a":["#.repeat(depth), "]}".repeat(depth));
    assert!(json::parse(&nested(63)).is_some());
    assert!(json::parse(&nested(65)).is_none());
}

#[test]
fn escapes_that_are_none_refuse_the_text_and_no_more() {
    for junk in [r#""\u12"#, r#""\u12g4""#, r#""\ud83d\u00""#, r#""\x""#, "\"\\"] {
        assert_eq!(json::parse(junk), None, "{junk}");
    }
    assert_eq!(json::parse(r#""\u00e9\ud83d\ude00\\ud83d\ud83dx""#), Some(Json::from("é\u{1f600}\\ud83d\u{fffd}x")));
}
