use crate::support::stage::Stage;
use guest_messenger::session::output::Diff;
use guest_messenger::session::view::Banner;
use wasm_bindgen_test::wasm_bindgen_test;

fn warned() -> Stage {
    let mut stage = Stage::opened();
    stage.banner = Some(Banner::Expiring);
    stage.show(&[Diff::Status]);
    stage.asked.take();
    stage
}

#[wasm_bindgen_test]
fn the_warning_before_the_end_has_a_button_to_stay() {
    let stage = warned();
    assert_eq!(stage.text("[part=banner]"), "It ends soon.Stay");
    stage.get("[part=stay]").click();
    assert_eq!(stage.asked.take(), ["Extend"]);
}

#[wasm_bindgen_test]
fn the_button_hands_its_focus_to_the_composer_when_it_goes_away() {
    let mut stage = warned();
    stage.get("[part=stay]").focus().unwrap();
    stage.banner = Some(Banner::Extending);
    stage.show(&[Diff::Status]);
    assert_eq!(stage.count("[part=stay]"), 0);
    assert_eq!(stage.focused_part().as_deref(), Some("input"));
}

#[wasm_bindgen_test]
fn a_warning_that_comes_and_goes_takes_no_focus() {
    let mut stage = warned();
    assert_eq!(stage.focused_part(), None);
    stage.banner = None;
    stage.show(&[Diff::Status]);
    assert_eq!(stage.text("[part=banner]"), "");
    assert_eq!(stage.focused_part(), None);
}
