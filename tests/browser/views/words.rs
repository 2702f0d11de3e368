use crate::support::stage;
use guest_messenger::ui::Words;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_missing_word_shows_its_key() {
    let words = Words::new(stage::words(), "en");
    assert_eq!(words.get("sent"), "Sent");
    assert_eq!(words.get("no_such_word"), "no_such_word");
    assert_eq!(words.get("toString"), "toString");
    assert_eq!(Words::new(JsValue::UNDEFINED, "").get("sent"), "sent");
}

#[wasm_bindgen_test]
fn slots_are_filled_once_and_what_fills_them_is_left_alone() {
    let words = Words::new(stage::words(), "en");
    assert_eq!(words.fill("new_message", &[("name", "{text}"), ("text", "{x")]), "{text}: {x");
    assert_eq!(words.count("unread", 1), "1 new message");
}

#[wasm_bindgen_test]
fn the_language_decides_the_direction() {
    for (locale, direction) in [("ar", "rtl"), ("he-IL", "rtl"), ("en", "ltr"), ("", "ltr")] {
        assert_eq!(Words::new(JsValue::NULL, locale).direction(), direction);
    }
}
