//! What holds for any frame: it is decoded or dropped, never a panic, and the conversation goes on.

use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::time::parse_time;
use guest_messenger::protocol::wire::WireInput;
use guest_messenger::session::input::Command;
use guest_messenger::session::view::Phase;
use proptest::prelude::*;
use proptest::sample::select;

use crate::harness::TestEngine;

/// Trees with the platform's own words in them more often than not, in the wrong places.
fn trees() -> impl Strategy<Value = Json> {
    let words = select(vec![
        "type",
        "class",
        "code",
        "body",
        "id",
        "text",
        "direction",
        "Outbound",
        "Inbound",
        "Event",
        "Structured",
        "Text",
        "channel",
        "time",
        "messageId",
        "from",
        "nickname",
        "content",
        "contentType",
        "QuickReply",
        "Card",
        "Carousel",
        "Attachment",
        "events",
        "eventType",
        "Typing",
        "typing",
        "duration",
        "Presence",
        "presence",
        "metadata",
        "tracingId",
        "StructuredMessage",
        "SessionResponse",
        "connected",
        "newSession",
        "readOnly",
        "JwtResponse",
        "jwt",
        "exp",
        "TooManyRequestsErrorMessage",
        "retryAfter",
        "string",
        "2026-10-14T09:00:01.037Z",
    ])
    .prop_map(str::to_owned);
    let texts = prop_oneof![4 => words, 1 => any::<String>()].boxed();
    let leaves = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<f64>().prop_map(Json::Number),
        texts.clone().prop_map(Json::Text),
    ];
    leaves.prop_recursive(6, 80, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
            prop::collection::vec((texts.clone(), inner), 0..8).prop_map(Json::Map),
        ]
    })
}

/// A frame of a class that the client knows, with any body.
fn frames() -> impl Strategy<Value = Json> {
    let classes = select(vec![
        "StructuredMessage",
        "SessionResponse",
        "JwtResponse",
        "string",
        "TooManyRequestsErrorMessage",
        "Error",
        "PresignedUrlResponse",
        "UploadSuccessEvent",
        "ConnectionClosedEvent",
        "Unheard",
    ]);
    (classes, select(vec![200, 400, 403, 408, 429, 4011, 5000]), trees()).prop_map(|(class, code, body)| {
        Json::object([("class", Json::from(class)), ("code", Json::Number(f64::from(code))), ("body", body)])
    })
}

/// Whether both readers have understood the same.
fn is_same(json: &Json, value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (json, value) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(read), Value::Bool(value)) => read == value,
        (Json::Number(read), Value::Number(value)) => value.as_str().parse() == Ok(*read),
        (Json::Text(read), Value::String(value)) => read == value,
        (Json::List(read), Value::Array(values)) => {
            read.len() == values.len() && read.iter().zip(values).all(|(read, value)| is_same(read, value))
        }
        // Of equal keys the last counts, which a map of the other reader's has alone.
        (Json::Map(pairs), Value::Object(map)) => {
            let last = |key: &str| pairs.iter().rev().find(|(name, _)| name == key).map(|(_, read)| read);
            pairs.iter().all(|(key, _)| map.contains_key(key))
                && map.iter().all(|(key, value)| last(key).is_some_and(|read| is_same(read, value)))
        }
        _ => false,
    }
}

/// What an agent says next is shown, unless the frames have ended the conversation, which is told.
fn assert_goes_on(test: &mut TestEngine) {
    if test.engine.view().phase != Phase::Live {
        return;
    }
    let before = test.texts().len();
    test.receive(r#"{"class":"StructuredMessage","body":{"id":"proof-of-life","type":"Text","text":"still here","direction":"Outbound"}}"#);
    assert_eq!(test.texts().len(), before + 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = json::parse(&text);
        let _ = parse_time(&text);
    }

    #[test]
    fn any_bytes_that_begin_like_json_are_read_or_refused(text in "[\\[{\"\\\\u0-9a-fdDeE.,:}\\]-]{0,60}") {
        let _ = json::parse(&text);
    }

    #[test]
    fn what_is_written_reads_back_the_same(tree in trees()) {
        // Numbers are written as integers, so only trees of such come back whole.
        let tree = whole(tree);
        prop_assert_eq!(json::parse(&tree.write()), Some(tree));
    }

    #[test]
    fn a_text_is_read_or_refused_as_an_established_reader_does_it(
        tree in trees(), is_spread in any::<bool>(), at in any::<prop::sample::Index>(), byte in proptest::option::of(0_u8..0x7f)
    ) {
        let value: serde_json::Value = serde_json::from_str(&tree.write()).unwrap();
        let mut text = if is_spread { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        if let Some(byte) = byte {
            let at = at.index(text.len());
            if text.is_char_boundary(at) {
                text.remove(at);
                text.insert(at, char::from(byte));
            }
        }
        let expected: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let read = json::parse(&text);
        prop_assert_eq!(read.is_some(), expected.is_some(), "{}", text);
        if let (Some(read), Some(expected)) = (read, expected) {
            prop_assert!(is_same(&read, &expected), "{}", text);
        }
    }

    #[test]
    fn half_emojis_anywhere_never_cost_the_text(before in "[a-z]{0,8}", half in 0xd800_u16..0xe000, after in "[a-z]{0,8}") {
        let text = format!(r#"{{"text":"{before}\u{half:04x}{after}"}}"#);
        let read = json::parse(&text).and_then(|json| json.text("text").map(str::to_owned));
        prop_assert_eq!(read, Some(format!("{before}\u{fffd}{after}")));
    }

    #[test]
    fn any_frames_are_survived_and_the_conversation_goes_on(frames in prop::collection::vec(prop_oneof![frames(), trees()], 1..6)) {
        let mut test = TestEngine::live();
        test.command(Command::SendText("under way".to_owned()));
        for frame in frames {
            test.wire(WireInput::Frame(Some(frame)));
        }
        assert_goes_on(&mut test);
        test.advance(30_000);
    }

    #[test]
    fn a_message_with_a_text_is_never_lost_whatever_surrounds_it(rest in prop::collection::vec(("[a-zA-Z]{1,12}", trees()), 0..8)) {
        let mut body: Vec<(String, Json)> = rest.into_iter().filter(|(key, _)| !matches!(key.as_str(), "text" | "type" | "direction")).collect();
        body.push(("text".to_owned(), Json::from("to be seen")));
        body.push(("direction".to_owned(), Json::from("Outbound")));
        let frame = Json::object([("class", Json::from("StructuredMessage")), ("body", Json::Map(body))]);
        let mut test = TestEngine::live();
        test.wire(WireInput::Frame(Some(frame)));
        prop_assert_eq!(test.texts(), ["to be seen"]);
    }
}

/// The same tree with whole numbers and each key once, as a parser gives it.
fn whole(tree: Json) -> Json {
    match tree {
        Json::Number(value) => Json::Number((value as i32).into()),
        Json::List(items) => Json::List(items.into_iter().map(whole).collect()),
        Json::Map(pairs) => {
            let sorted: std::collections::BTreeMap<String, Json> =
                pairs.into_iter().map(|(key, value)| (key, whole(value))).collect();
            Json::Map(sorted.into_iter().collect())
        }
        other => other,
    }
}
