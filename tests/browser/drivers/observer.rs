use crate::support::Heard;
use guest_messenger::browser::observer::Observer;
use guest_messenger::session::ids::EntryId;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Document, HtmlElement};

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

fn block(parent: &HtmlElement, height: &str) -> HtmlElement {
    let block: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    block.style().set_property("height", height).unwrap();
    parent.append_child(&block).unwrap();
    block
}

fn scroller() -> HtmlElement {
    let scroller = block(&document().body().unwrap(), "100px");
    for (name, value) in [("overflow", "auto"), ("position", "fixed"), ("top", "0"), ("left", "0"), ("width", "50px")] {
        scroller.style().set_property(name, value).unwrap();
    }
    scroller
}

fn row(scroller: &HtmlElement, id: &str, height: &str) -> HtmlElement {
    let row = block(scroller, height);
    row.set_attribute("data-entry", id).unwrap();
    row
}

#[wasm_bindgen_test]
async fn a_row_counts_as_in_view_from_half_of_it() {
    let scroller = scroller();
    let heard = Heard::new();
    let observer = Observer::new(&scroller, heard.teller());
    // 80 of 100 are taken: 20 of 40 show of the second, none of the third.
    for (id, height) in [("1", "80px"), ("2", "40px"), ("3", "40px")] {
        observer.observe(&row(&scroller, id, height));
    }
    assert_eq!(heard.next().await, [EntryId(1), EntryId(2)]);
    scroller.set_scroll_top(60);
    assert_eq!(heard.next().await, [EntryId(2), EntryId(3)]);
    scroller.remove();
}

#[wasm_bindgen_test]
async fn a_row_taller_than_the_view_counts_when_it_fills_half_of_it() {
    let scroller = scroller();
    let heard = Heard::new();
    let observer = Observer::new(&scroller, heard.teller());
    block(&scroller, "60px");
    observer.observe(&row(&scroller, "1", "1000px"));
    assert_eq!(heard.next().await, []);
    scroller.set_scroll_top(60);
    assert_eq!(heard.next().await, [EntryId(1)]);
    scroller.remove();
}

#[wasm_bindgen_test]
async fn nothing_is_in_view_of_a_transcript_that_is_hidden() {
    let scroller = scroller();
    let heard = Heard::new();
    let observer = Observer::new(&scroller, heard.teller());
    observer.observe(&row(&scroller, "1", "40px"));
    assert_eq!(heard.next().await, [EntryId(1)]);
    scroller.style().set_property("display", "none").unwrap();
    assert_eq!(heard.next().await, []);
    scroller.remove();
}
