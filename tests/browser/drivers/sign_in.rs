use guest_messenger::browser::sign_in::read;
use guest_messenger::session::input::Grant;
use guest_messenger::session::redact::Redacted;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn given(parts: &[(&str, JsValue)]) -> JsValue {
    let given: JsValue = Object::new().into();
    for (name, value) in parts {
        Reflect::set(&given, &(*name).into(), value).unwrap();
    }
    given
}

#[wasm_bindgen_test]
fn a_grant_is_read_part_by_part_and_nothing_else_of_the_object() {
    let code =
        given(&[("code", "c".into()), ("redirectUri", "r".into()), ("codeVerifier", 7.into()), ("more", "m".into())]);
    assert_eq!(read(&code), Some(Grant(vec![("code", Redacted::new("c")), ("redirectUri", Redacted::new("r"))])));
    let token = given(&[("nonce", "n".into()), ("idToken", "t".into())]);
    assert_eq!(read(&token), Some(Grant(vec![("idToken", Redacted::new("t")), ("nonce", Redacted::new("n"))])));
}

#[wasm_bindgen_test]
fn nothing_is_nobody() {
    for nobody in [JsValue::UNDEFINED, JsValue::NULL, JsValue::from("code"), given(&[])] {
        assert_eq!(read(&nobody), None);
    }
}
