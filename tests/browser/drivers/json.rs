use guest_messenger::browser::json::{FRAME_MAX_BYTES, parse};
use guest_messenger::protocol::json::{DEPTH_MAX, Json};
use wasm_bindgen_test::wasm_bindgen_test;

fn read(text: &str) -> Option<Json> {
    parse(text, FRAME_MAX_BYTES)
}

#[wasm_bindgen_test]
fn every_kind_of_value_becomes_its_node() {
    let json = read(r#"{"b":[null,true,-1.5e3,"é"],"a":{}}"#).unwrap();
    let list = vec![Json::Null, Json::Bool(true), Json::Number(-1500.0), Json::Text("é".to_owned())];
    assert_eq!(json, Json::Map(vec![("b".to_owned(), Json::List(list)), ("a".to_owned(), Json::Map(Vec::new()))]));
}

#[wasm_bindgen_test]
fn numbers_keep_what_a_browser_keeps_of_them() {
    assert_eq!(read("9007199254740993"), Some(Json::Number(9007199254740992.0)));
    assert_eq!(read("1e999"), Some(Json::Number(f64::INFINITY)));
    assert_eq!(read("-0").map(|json| json == Json::Number(0.0)), Some(true));
}

#[wasm_bindgen_test]
fn a_lone_surrogate_becomes_the_replacement_character() {
    assert_eq!(read(r#""a\ud800b""#), Some(Json::Text("a\u{fffd}b".to_owned())));
    assert_eq!(read(r#""\ud83d\ude00""#), Some(Json::Text("😀".to_owned())));
    assert_eq!(read(r#"{"\udc00":1}"#).unwrap().integer("\u{fffd}"), Some(1));
}

#[wasm_bindgen_test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(read("\u{feff}1"), Some(Json::Number(1.0)));
    assert_eq!(read("\u{feff}\u{feff}1"), None);
}

#[wasm_bindgen_test]
fn a_tree_deeper_than_the_limit_is_refused() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    assert!(read(&nested(DEPTH_MAX)).is_some());
    assert!(read(&nested(DEPTH_MAX + 1)).is_none());
    assert!(read(&nested(100_000)).is_none());
}

#[wasm_bindgen_test]
fn what_is_too_large_or_no_json_is_refused() {
    assert!(read(&["\"", &"x".repeat(FRAME_MAX_BYTES), "\""].concat()).is_none());
    for text in ["", "{", "undefined", "{'a':1}", "NaN", "1,"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[wasm_bindgen_test]
fn a_key_that_javascript_treats_in_its_own_way_is_a_key() {
    let json = read(r#"{"__proto__":{"a":1},"constructor":2,"a":1,"a":3}"#).unwrap();
    assert_eq!(json.get("__proto__").unwrap().integer("a"), Some(1));
    assert_eq!(json.integer("constructor"), Some(2));
    assert_eq!(json.integer("a"), Some(3));
    assert_eq!(json.get("toString"), None);
}

#[wasm_bindgen_test]
fn what_is_written_reads_back_the_same() {
    let json = Json::object([("a\"", Json::from("\n\t\u{7}\\\u{2028}")), ("b", Json::from(true)), ("c", Json::Null)]);
    assert_eq!(read(&json.write()), Some(json));
}
