use crate::support::stage::Stage;
use guest_messenger::session::output::Diff;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_launcher_has_the_unread_count_in_its_name_and_on_its_badge() {
    let mut stage = Stage::new();
    let name = |stage: &Stage| stage.get("[part=launcher]").get_attribute("aria-label").unwrap();
    assert_eq!(name(&stage), "Open chat");
    assert!(stage.get("[part=badge]").hidden());
    for (count, expected, badge) in [
        (1, "Open chat, 1 new message", "1"),
        (7, "Open chat, 7 new messages", "7"),
        (120, "Open chat, 120 new messages", "99+"),
    ] {
        stage.unread = count;
        stage.show(&[Diff::Unread]);
        assert_eq!(name(&stage), expected);
        assert_eq!(stage.text("[part=badge]"), badge);
        assert!(!stage.get("[part=badge]").hidden());
    }
}

#[wasm_bindgen_test]
fn who_has_the_messages_open_hears_no_count_of_them() {
    let mut stage = Stage::opened();
    stage.unread = 3;
    stage.show(&[Diff::Unread]);
    assert_eq!(stage.get("[part=launcher]").get_attribute("aria-label").as_deref(), Some("Close chat"));
    assert!(stage.get("[part=badge]").hidden());
}

#[wasm_bindgen_test]
fn of_a_burst_the_launcher_shows_the_last_count_when_it_is_painted() {
    let mut stage = Stage::new();
    for count in 1..=50 {
        stage.unread = count;
        stage.apply(&[Diff::Unread]);
        assert!(stage.get("[part=badge]").hidden());
    }
    assert_eq!(stage.asked.repaints.get(), 51, "one of them before the burst");
    stage.paint();
    assert_eq!(stage.text("[part=badge]"), "50");
}

#[wasm_bindgen_test]
fn the_launcher_opens_and_closes_and_says_which_it_will_do() {
    let mut stage = Stage::new();
    let launcher = stage.get("[part=launcher]");
    launcher.click();
    assert_eq!(stage.asked.take(), ["OpenPanel"]);
    assert_eq!(launcher.get_attribute("aria-expanded").as_deref(), Some("false"), "not before the session says so");
    stage.is_open = true;
    stage.apply(&[Diff::Status]);
    assert_eq!(launcher.get_attribute("aria-expanded").as_deref(), Some("true"));
    assert_eq!(launcher.get_attribute("aria-label").as_deref(), Some("Close chat"));
    launcher.click();
    assert_eq!(stage.asked.take(), ["ClosePanel"]);
}
