//! Items on their way to the page. Its side: tests/page/recording.test.ts.

use guest_messenger::browser::recording::Recording;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// What the page was told, numbers as "#".
struct Page {
    told: Rc<RefCell<Vec<String>>>,
    _take: Closure<dyn Fn(JsValue)>,
}

fn recording() -> (Recording, Page) {
    let told: Rc<RefCell<Vec<String>>> = Rc::default();
    let takes = Rc::clone(&told);
    let take: Closure<dyn Fn(JsValue)> =
        Closure::new(move |what: JsValue| takes.borrow_mut().push(what.as_string().unwrap_or("#".to_owned())));
    (Recording::new(take.as_js_value().clone().unchecked_into()), Page { told, _take: take })
}

#[wasm_bindgen_test]
fn items_wait_until_they_fill_a_piece_and_none_is_lost_or_doubled() {
    let (recording, page) = recording();
    let items: Vec<String> = (0..1000).map(|number| format!("[{number}]")).collect();
    for item in &items {
        recording.add(item);
    }
    let pieces = page.told.borrow().clone();
    assert_eq!(pieces.first().map(String::as_str), Some("#"), "first of all the place");
    assert!(pieces.len() < 5, "{}", pieces.len());
    assert!(pieces.iter().all(|piece| piece.len() <= 4096));
    drop(recording);
    let told = page.told.borrow();
    assert_eq!(told.last().map(String::as_str), Some("#"), "at last that there is none");
    assert_eq!(told.get(1..told.len() - 1).unwrap().join(",\n"), items.join(",\n"));
}

#[wasm_bindgen_test]
fn an_item_longer_than_a_piece_goes_alone_and_in_its_turn() {
    let (recording, page) = recording();
    let long = "x".repeat(5000);
    for item in ["1", &long, "2"] {
        recording.add(item);
    }
    drop(recording);
    assert_eq!(*page.told.borrow(), ["#", "1", &long, "2", "#"]);
}
