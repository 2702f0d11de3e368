use crate::support::page;
use crate::support::stage::{self, Stage};
use guest_messenger::session::content::Sender;
use guest_messenger::session::output::Diff;
use guest_messenger::session::view::{EndReason, Phase};
use wasm_bindgen_test::wasm_bindgen_test;

fn open_by_hand() -> Stage {
    let mut stage = Stage::new();
    stage.get("[part=launcher]").click();
    stage.asked.take();
    stage.is_open = true;
    stage.show(&[Diff::Status]);
    stage
}

#[wasm_bindgen_test]
fn opened_by_hand_the_composer_gets_the_focus() {
    assert_eq!(open_by_hand().focused_part().as_deref(), Some("input"));
}

#[wasm_bindgen_test]
fn a_panel_that_opens_by_itself_takes_no_focus() {
    let stage = Stage::opened();
    assert!(!stage.get("[part=panel]").hidden());
    assert_eq!(stage.focused_part(), None);
}

#[wasm_bindgen_test]
fn escape_closes_the_panel_and_the_focus_goes_back_to_the_launcher() {
    let mut stage = open_by_hand();
    assert!(page::key(&stage.get("[part=input]"), "Escape"));
    assert_eq!(stage.asked.take(), ["ClosePanel"]);
    stage.is_open = false;
    stage.show(&[Diff::Status]);
    assert!(stage.get("[part=panel]").hidden());
    assert_eq!(stage.focused_part().as_deref(), Some("launcher"));
}

#[wasm_bindgen_test]
fn escape_closes_the_innermost_layer_first() {
    let stage = open_by_hand();
    stage.get("[part=menu-button]").click();
    let view = page::last_view();
    assert_eq!((view.name(), view.data()), ("menu".to_owned(), "true".to_owned()));
    page::key(&stage.get("[part=input]"), "Escape");
    assert!(stage.get("[part=menu]").hidden());
    assert_eq!(stage.focused_part().as_deref(), Some("menu-button"));
    assert_eq!(stage.asked.take(), [""; 0]);
}

#[wasm_bindgen_test]
fn the_menu_clears_only_what_may_be_cleared() {
    let mut stage = open_by_hand();
    stage.get("[part=menu-button]").click();
    stage.can_clear = false;
    stage.show(&[Diff::Status]);
    page::respond(&page::last_view(), "clear");
    assert_eq!(stage.asked.take(), [""; 0]);
    stage.can_clear = true;
    stage.show(&[Diff::Status]);
    stage.get("[part=menu-button]").click();
    page::respond(&page::last_view(), "clear");
    assert_eq!(stage.asked.take(), ["Clear"]);
}

#[wasm_bindgen_test]
fn a_search_gets_the_messages_and_leads_to_those_that_have_no_row() {
    let mut stage = open_by_hand();
    stage.fill(100);
    assert!(page::control_key(&stage.get("[part=input]"), "f"), "the browser's own search stays closed");
    stage.paint();
    let view = page::last_view();
    assert_eq!(view.name(), "find");
    let data = view.data();
    let wanted = stage.transcript.entries()[7].clone();
    let row = format!(r#"[{},"agent","Ana",{},"message 7"]"#, wanted.id.0, wanted.time.0);
    assert!(data.contains(&row), "{data}");
    assert!(!stage.bubbles().contains(&"message 7".to_owned()));
    page::respond(&view, &wanted.id.0.to_string());
    stage.paint();
    let top = stage.scroller().get_bounding_client_rect().top();
    let found = stage.get(&format!("[data-entry='{}']", wanted.id.0));
    assert!((0.0..100.0).contains(&(found.get_bounding_client_rect().top() - top)));
    page::key(&stage.get("[part=input]"), "Escape");
    assert!(stage.get("[part=tool]").hidden());
}

#[wasm_bindgen_test]
fn what_the_menu_led_to_before_anything_was_said_stays_until_there_is_something_to_clear() {
    let mut stage = open_by_hand();
    stage.paint();
    stage.get("[part=menu-button]").click();
    page::respond(&page::last_view(), "language");
    stage.paint();
    stage.show(&[Diff::Status]);
    assert_eq!(stage.text("[part=tool]"), "language");
}

#[wasm_bindgen_test]
fn a_press_elsewhere_closes_the_menu() {
    let stage = open_by_hand();
    stage.get("[part=menu-button]").click();
    page::fire(&stage.get("[part=menu]"), "pointerdown");
    assert!(!stage.get("[part=menu]").hidden());
    page::fire(&stage.scroller(), "pointerdown");
    assert!(stage.get("[part=menu]").hidden());
}

#[wasm_bindgen_test]
fn each_end_offers_its_way_out() {
    let mut stage = open_by_hand();
    for (phase, reason, command) in [
        (Phase::ReadOnly, "ended_read_only", "StartNew"),
        (Phase::Ended(EndReason::Expired), "session_expired", "StartNew"),
        (Phase::Elsewhere, "closed_elsewhere", "Reconnect"),
    ] {
        stage.phase = phase;
        stage.show(&[Diff::Status]);
        assert_eq!(stage.text("[part=ended-reason]"), reason);
        stage.get("[part=start-new]").click();
        assert_eq!(stage.asked.take(), [command]);
    }
    stage.phase = Phase::Live;
    stage.show(&[Diff::Status]);
    assert!(stage.get("[part=ended]").hidden());
}

#[wasm_bindgen_test]
fn typing_shows_whose_it_is_and_goes_again() {
    let mut stage = open_by_hand();
    stage.typing = Some(Sender { name: Some("<b>Ana".to_owned()), avatar: None });
    stage.show(&[Diff::Typing]);
    assert!(!stage.get("[part=typing]").hidden());
    assert_eq!(stage.text("[part=typing]"), "<b>Ana is typing");
    stage.typing = None;
    stage.show(&[Diff::Typing]);
    assert!(stage.get("[part=typing]").hidden());
}

#[wasm_bindgen_test]
fn a_page_that_clobbers_the_document_changes_nothing() {
    let root = stage::root();
    let image = page::clobber();
    let stage = Stage::on(root);
    image.remove();
    assert_eq!(stage.get("[part=input]").tag_name(), "TEXTAREA");
}

#[wasm_bindgen_test]
fn a_dropped_ui_leaves_the_launcher_and_nothing_else() {
    let mut stage = open_by_hand();
    stage.fill(5);
    stage.ui = None;
    assert_eq!(page::count(&stage.root), 2);
    stage.get("[part=launcher]").click();
    assert_eq!(stage.asked.take(), [""; 0]);
    assert_eq!(stage.get("[part=launcher]").get_attribute("aria-expanded").as_deref(), Some("false"));
}
