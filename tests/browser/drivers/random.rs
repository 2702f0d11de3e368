use crate::support::page;
use guest_messenger::browser::random::Random;
use guest_messenger::session::error::ChatError;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_token_is_a_uuid_of_version_4_and_no_two_are_alike() {
    let random = Random::capture().unwrap();
    let (first, second) = (random.token().unwrap(), random.token().unwrap());
    assert_ne!(first, second);
    let text = first.0.expose();
    assert_eq!(text.len(), 36);
    assert_eq!(text.as_bytes()[14], b'4');
    assert_ne!(random.seed(), random.seed());
}

#[wasm_bindgen_test]
fn a_generator_that_is_missing_throws_or_repeats_itself_is_refused() {
    let unfit = [JsValue::UNDEFINED, js_sys::Object::new().into(), page::constant_random(), page::throwing_random()];
    for crypto in unfit {
        assert_eq!(Random::of(crypto).unwrap_err(), ChatError::NO_SECURE_RANDOM);
    }
}
