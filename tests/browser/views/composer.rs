use crate::support::page;
use crate::support::stage::Stage;
use guest_messenger::session::output::Diff;
use guest_messenger::session::view::Phase;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlTextAreaElement;

fn input(stage: &Stage) -> HtmlTextAreaElement {
    stage.get("[part=input]").unchecked_into()
}

fn typed(text: &str) -> Stage {
    let stage = Stage::opened();
    page::type_text(&input(&stage), text);
    stage.asked.take();
    stage
}

#[wasm_bindgen_test]
fn enter_sends_and_empties_the_field() {
    let stage = typed("hello\nyou");
    assert!(page::key(&input(&stage), "Enter"), "no line break is made");
    assert_eq!(*stage.asked.sent.borrow(), ["hello\nyou"]);
    assert_eq!(input(&stage).value(), "");
}

#[wasm_bindgen_test]
fn the_send_button_sends_too() {
    let stage = typed("hello");
    stage.get("[part=send]").click();
    assert_eq!(*stage.asked.sent.borrow(), ["hello"]);
}

#[wasm_bindgen_test]
fn shift_and_enter_break_the_line() {
    let stage = typed("hello");
    assert!(!page::shift_key(&input(&stage), "Enter"));
    assert!(stage.asked.sent.borrow().is_empty());
}

#[wasm_bindgen_test]
fn an_enter_of_an_input_method_never_sends() {
    let stage = typed("にほん");
    assert!(!page::composing_keys(&input(&stage), "Enter"));
    assert!(stage.asked.sent.borrow().is_empty());
    assert_eq!(input(&stage).value(), "にほん");
}

#[wasm_bindgen_test]
fn text_that_is_too_long_stays_and_is_told_by_how_much() {
    // Two bytes each: 4098 of 4096.
    let text = "é".repeat(2049);
    let stage = typed(&text);
    assert_eq!(stage.text("[part=limit]"), "Too long by 1");
    assert_eq!(input(&stage).get_attribute("aria-invalid").as_deref(), Some("true"));
    page::key(&input(&stage), "Enter");
    assert!(stage.asked.sent.borrow().is_empty());
    assert_eq!(input(&stage).value(), text);
    page::type_text(&input(&stage), &"é".repeat(2048));
    assert_eq!(stage.text("[part=limit]"), "");
    page::key(&input(&stage), "Enter");
    assert_eq!(stage.asked.sent.borrow().len(), 1);
}

#[wasm_bindgen_test]
fn near_the_limit_the_room_that_is_left_is_told_in_bytes() {
    // Two bytes each.
    let stage = typed(&"é".repeat(1848));
    assert_eq!(stage.text("[part=room]"), "");
    page::type_text(&input(&stage), &"é".repeat(2000));
    assert_eq!(stage.text("[part=room]"), "Room for 96");
    let described = input(&stage).get_attribute("aria-describedby").unwrap();
    assert!(described.split(' ').any(|id| stage.get(&format!("#{id}")) == stage.get("[part=room]")), "{described}");
    page::type_text(&input(&stage), &"é".repeat(2049));
    assert_eq!(stage.text("[part=room]"), "", "the other line says that it is too long");
}

#[wasm_bindgen_test]
fn nothing_to_say_is_not_sent() {
    let stage = typed(" \n ");
    page::key(&input(&stage), "Enter");
    assert!(stage.asked.sent.borrow().is_empty());
}

#[wasm_bindgen_test]
fn text_that_the_session_refuses_stays_in_the_field() {
    let stage = typed("hello");
    stage.asked.refuses.set(true);
    page::key(&input(&stage), "Enter");
    assert_eq!(input(&stage).value(), "hello");
}

#[wasm_bindgen_test]
fn typing_is_told_with_whether_there_is_text() {
    let stage = Stage::opened();
    page::type_text(&input(&stage), "a");
    page::type_text(&input(&stage), "");
    page::type_text(&input(&stage), "");
    assert_eq!(stage.asked.take(), ["Compose { has_text: true }", "Compose { has_text: false }"]);
}

#[wasm_bindgen_test]
fn a_conversation_that_has_ended_takes_no_text_and_says_why() {
    let mut stage = typed("a draft");
    stage.phase = Phase::ReadOnly;
    stage.show(&[Diff::Status]);
    assert!(input(&stage).disabled());
    let reason = input(&stage).get_attribute("aria-describedby").unwrap();
    assert_eq!(stage.text(&format!("#{reason}")), "ended_read_only");
    assert_eq!(input(&stage).value(), "a draft");
    stage.phase = Phase::Live;
    stage.show(&[Diff::Status]);
    assert!(!input(&stage).disabled());
}

#[wasm_bindgen_test]
fn the_field_grows_with_its_text() {
    let stage = Stage::opened();
    let height = input(&stage).offset_height();
    page::type_text(&input(&stage), "one\ntwo\nthree");
    assert!(input(&stage).offset_height() > height);
}
