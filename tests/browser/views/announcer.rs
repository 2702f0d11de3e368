use crate::support::stage::Stage;
use guest_messenger::session::content::Sender;
use guest_messenger::session::output::Diff;
use guest_messenger::session::time::Timestamp;
use wasm_bindgen_test::wasm_bindgen_test;

fn lines(stage: &Stage) -> u32 {
    stage.get("[part=announcer]").child_element_count()
}

#[wasm_bindgen_test]
fn a_message_is_announced_once_politely_and_dropped_after_a_second() {
    let mut stage = Stage::opened();
    let entry = stage.receive("hello");
    stage.show(&[Diff::Inserted { entry, before: None }, Diff::Announce { entry }]);
    assert_eq!(stage.get("[part=announcer]").get_attribute("aria-live").as_deref(), Some("polite"));
    assert_eq!(stage.text("[part=announcer]"), "Ana: hello");
    assert_eq!(lines(&stage), 1);
    let ui = stage.ui.as_mut().unwrap();
    assert_eq!(ui.poll_timeout(), Some(Timestamp(2000)));
    ui.tick(Timestamp(1999));
    assert_eq!(lines(&stage), 1);
    stage.ui.as_mut().unwrap().tick(Timestamp(2000));
    assert_eq!(lines(&stage), 0);
    assert_eq!(stage.ui.as_mut().unwrap().poll_timeout(), None);
}

#[wasm_bindgen_test]
fn of_a_text_without_end_the_beginning_is_announced() {
    let mut stage = Stage::opened();
    let entry = stage.receive(&"![".repeat(50_000));
    stage.show(&[Diff::Announce { entry }]);
    assert_eq!(stage.text("[part=announcer]").len(), "Ana: ".len() + 4096);
}

#[wasm_bindgen_test]
fn what_is_merely_painted_is_not_announced() {
    let mut stage = Stage::opened();
    stage.fill(3);
    let own = stage.write("own");
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert_eq!(lines(&stage), 0);
}

#[wasm_bindgen_test]
fn a_flood_leaves_a_few_lines() {
    let mut stage = Stage::opened();
    for number in 0..50 {
        let entry = stage.receive(&format!("{number}"));
        stage.apply(&[Diff::Announce { entry }]);
    }
    assert_eq!(lines(&stage), 0, "not before it is painted");
    stage.paint();
    assert_eq!(lines(&stage), 5);
    assert!(stage.text("[part=announcer]").ends_with("Ana: 49"));
}

#[wasm_bindgen_test]
fn what_comes_within_a_tenth_of_a_second_is_said_together_after_it() {
    let mut stage = Stage::opened();
    for text in ["one", "two", "three"] {
        let entry = stage.receive(text);
        stage.show(&[Diff::Announce { entry }]);
    }
    assert_eq!(stage.text("[part=announcer]"), "Ana: one");
    assert_eq!(stage.ui.as_ref().unwrap().poll_timeout(), Some(Timestamp(1100)));
    stage.now = Timestamp(1100);
    let repaints = stage.asked.repaints.get();
    stage.ui.as_mut().unwrap().tick(Timestamp(1100));
    assert_eq!(stage.asked.repaints.get(), repaints + 1, "the painting says it");
    stage.paint();
    assert_eq!(stage.text("[part=announcer]"), "Ana: oneAna: twoAna: three");
    assert_eq!(stage.ui.as_ref().unwrap().poll_timeout(), Some(Timestamp(2000)));
}

#[wasm_bindgen_test]
fn the_marks_of_a_text_are_not_read_out_where_they_mean_something() {
    let mut stage = Stage::opened();
    for has_markup in [false, true] {
        stage.has_markup = has_markup;
        stage.now = stage.now.after(100);
        let entry = stage.receive("*Steep* it at `80 °C`, ==not more==: [our guide](https://shop.example/guide)");
        stage.show(&[Diff::Announce { entry }]);
    }
    let said = "Ana: *Steep* it at `80 °C`, ==not more==: [our guide](https://shop.example/guide)\
        Ana: Steep it at 80 °C, not more: our guide";
    assert_eq!(stage.text("[part=announcer]"), said);
}

#[wasm_bindgen_test]
fn markup_in_an_announcement_is_text() {
    let mut stage = Stage::opened();
    let entry = stage.receive("<b>{name}</b>");
    stage.show(&[Diff::Announce { entry }]);
    assert_eq!(stage.text("[part=announcer]"), "Ana: <b>{name}</b>");
    assert_eq!(stage.count("[part=announcer] b"), 0);
}

#[wasm_bindgen_test]
fn a_message_is_said_before_the_typing_that_follows_it() {
    let mut stage = Stage::opened();
    let entry = stage.receive("hello");
    stage.apply(&[Diff::Announce { entry }]);
    stage.typing = Some(Sender { name: Some("Ana".to_owned()), avatar: None });
    stage.apply(&[Diff::Typing]);
    assert_eq!(stage.text("[part=announcer]"), "Ana: helloAna is typing");
    stage.paint();
    assert_eq!(lines(&stage), 2, "nothing is said twice");
}
