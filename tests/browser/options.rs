//! The options as they cross, of either API.

use guest_messenger::api::options::Options;
use guest_messenger::engine::{Api, ConversationsSettings, ReceiptsDialect, SendForm, TypingDialect, Webhook};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const TEXTS: [(&str, &str); 12] = [
    ("deploymentId", "d"),
    ("domain", "mypurecloud.ie"),
    ("endpoint", ""),
    ("api", "conversations"),
    ("typing", "participants"),
    ("receipts", "participants"),
    ("locale", "en"),
    ("conversationId", ""),
    ("participantId", ""),
    ("sessionId", ""),
    ("send", "messages"),
    ("analytics", ""),
];

/// All that the conversations APIs need, and this beside.
pub(crate) fn with(more: &[(&str, JsValue)]) -> JsValue {
    let options: JsValue = Object::new().into();
    let set = |name: &str, value: &JsValue| Reflect::set(&options, &name.into(), value).unwrap();
    for (name, value) in TEXTS {
        set(name, &value.into());
    }
    set("crm", &"".into());
    for name in ["remember", "open", "hasToken"] {
        set(name, &JsValue::FALSE);
    }
    for name in ["contentPolicy", "attachmentTypes"] {
        set(name, &JsValue::NULL);
    }
    for (name, value) in more {
        set(name, value);
    }
    options
}

fn settings(more: &[(&str, JsValue)]) -> ConversationsSettings {
    match Options::read(&with(more)).unwrap().settings.api {
        Api::Conversations(settings) => *settings,
        Api::Guest => panic!("It is another API."),
    }
}

fn list(items: &[&str]) -> JsValue {
    items.iter().map(|item| JsValue::from(*item)).collect::<Array>().into()
}

#[wasm_bindgen_test]
fn what_is_unset_is_as_the_settings_have_it() {
    assert_eq!(
        settings(&[]),
        ConversationsSettings {
            typing: TypingDialect::Participants,
            receipts: ReceiptsDialect::Participants,
            ..ConversationsSettings::default()
        }
    );
}

#[wasm_bindgen_test]
fn every_option_of_the_conversations_apis_arrives() {
    let webhook = |url: &str| Some(Webhook { url: url.to_owned(), source: "guest-messenger".to_owned() });
    let expected = ConversationsSettings {
        typing: TypingDialect::Webchat,
        receipts: ReceiptsDialect::Conversations,
        send: SendForm::ParticipantSend,
        conversation_id: Some("C".to_owned()),
        participant_id: Some("P".to_owned()),
        session_id: Some("S".to_owned()),
        has_token_provider: true,
        content_policy: vec!["a*b".to_owned()],
        attachment_types: Vec::new(),
        analytics: webhook("https://a.example/"),
        crm: webhook("https://c.example/"),
        ..ConversationsSettings::default()
    };
    let given = settings(&[
        ("typing", "webchat".into()),
        ("receipts", "conversations".into()),
        ("send", "participants".into()),
        ("conversationId", "C".into()),
        ("participantId", "P".into()),
        ("sessionId", "S".into()),
        ("hasToken", true.into()),
        ("contentPolicy", list(&["a*b"])),
        ("attachmentTypes", list(&[])),
        ("analytics", "https://a.example/".into()),
        ("crm", "https://c.example/".into()),
    ]);
    assert_eq!(given, expected);
    assert_eq!(settings(&[("typing", "conversations".into())]).typing, TypingDialect::Conversations);
    assert_eq!(settings(&[("receipts", "local".into())]).receipts, ReceiptsDialect::Local);
}

#[wasm_bindgen_test]
fn options_of_the_one_api_are_no_options_of_the_other() {
    for wrong in [
        with(&[("typing", "socket".into())]),
        with(&[("receipts", "auto".into())]),
        with(&[("send", "post".into())]),
        with(&[("hasToken", "yes".into())]),
        with(&[("contentPolicy", "<script".into())]),
        with(&[("attachmentTypes", Array::of1(&JsValue::TRUE).into())]),
        with(&[("sessionId", JsValue::NULL)]),
        with(&[("clientSecret", "s".into())]),
        with(&[("api", "guest".into()), ("typing", "socket".into()), ("receipts", "auto".into())]),
    ] {
        assert_eq!(Options::read(&wrong).unwrap_err().code, "misuse/options");
    }
}
