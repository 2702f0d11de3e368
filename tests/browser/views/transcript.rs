use crate::support::page;
use crate::support::stage::Stage;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::output::Diff;
use guest_messenger::session::transcript::Delivery;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

#[wasm_bindgen_test]
fn messages_are_painted_in_order_each_once() {
    let mut stage = Stage::opened();
    let first = stage.receive("one");
    let third = stage.receive("three");
    stage.show(&[Diff::Inserted { entry: first, before: None }, Diff::Inserted { entry: third, before: None }]);
    let own = stage.write("own");
    stage.show(&[Diff::Inserted { entry: own, before: None }, Diff::Inserted { entry: own, before: None }]);
    let oldest = stage.receive_older("zero");
    stage.show(&[Diff::Inserted { entry: oldest, before: Some(first) }]);
    assert_eq!(stage.bubbles(), ["zero", "one", "three", "own"]);
    assert_eq!(stage.count("[part=list] > [part=message]"), 4);
    assert_eq!(stage.get("li:last-child").get_attribute("data-author").as_deref(), Some("guest"));
}

#[wasm_bindgen_test]
fn a_change_is_painted_into_the_same_row() {
    let mut stage = Stage::opened();
    let own = stage.write("hello");
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    let row = stage.get("[part=message]");
    assert_eq!(row.get_attribute("data-delivery").as_deref(), Some("queued"));
    stage.transcript.set_delivery(own, Delivery::Sending);
    stage.show(&[Diff::Changed { entry: own }]);
    assert_eq!(row.get_attribute("data-delivery").as_deref(), Some("sending"));
    assert_eq!(stage.text("[part=status]"), "Sending");
    assert_eq!(stage.get("[part=message]"), row);
}

#[wasm_bindgen_test]
fn a_failed_message_says_so_and_can_be_tried_again() {
    let mut stage = Stage::opened();
    let own = stage.write("hello");
    stage.transcript.set_delivery(own, Delivery::Failed(ChatError::NOT_CONFIRMED));
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert_eq!(stage.text("[part=status]"), "Not sent");
    stage.get("[part=retry]").click();
    assert_eq!(stage.asked.take(), [format!("Retry({own:?})")]);
    stage.transcript.set_delivery(own, Delivery::Failed(ChatError::MESSAGE_TOO_LONG));
    stage.show(&[Diff::Changed { entry: own }]);
    assert!(stage.find("[part=retry]").is_none(), "nothing would be different the second time");
}

#[wasm_bindgen_test]
fn a_moved_message_keeps_its_row_and_a_removed_one_loses_it() {
    let mut stage = Stage::opened();
    let (first, second) = (stage.write("first"), stage.write("second"));
    stage.show(&[Diff::Reset]);
    let row = stage.get("[part=message]");
    stage.transcript.requeue(first);
    stage.show(&[Diff::Moved { entry: first, before: None }]);
    assert_eq!(stage.bubbles(), ["second", "first"]);
    assert_eq!(stage.get("[part=message]:last-child"), row);
    stage.transcript.remove(second);
    stage.show(&[Diff::Removed { entry: second }]);
    assert_eq!(stage.bubbles(), ["first"]);
    stage.transcript.clear();
    stage.show(&[Diff::Reset]);
    assert_eq!(stage.count("[part=message]"), 0);
    assert!(!stage.get("[part=welcome]").hidden());
}

#[wasm_bindgen_test]
fn a_conversation_of_thousands_has_a_screenful_of_nodes() {
    let mut stage = Stage::opened();
    stage.fill(3000);
    assert_eq!(stage.bubbles().last().map(String::as_str), Some("message 2999"));
    let nodes = page::count(&stage.root);
    assert!(nodes < 300, "{nodes} elements");
    for number in 0..100 {
        let entry = stage.receive(&format!("more {number}"));
        stage.show(&[Diff::Inserted { entry, before: None }]);
    }
    assert_eq!(page::count(&stage.root), nodes);
    assert_eq!(stage.bubbles().last().map(String::as_str), Some("more 99"));
}

#[wasm_bindgen_test]
fn at_the_bottom_the_view_follows_new_messages() {
    let mut stage = Stage::opened();
    stage.fill(20);
    assert_eq!(stage.distance_to_bottom(), 0);
    let entry = stage.receive("new");
    stage.show(&[Diff::Inserted { entry, before: None }]);
    assert_eq!(stage.distance_to_bottom(), 0);
}

#[wasm_bindgen_test]
fn a_view_made_smaller_before_the_event_of_its_own_scrolling_still_follows() {
    let mut stage = Stage::opened();
    stage.fill(20);
    let scroller: HtmlElement = stage.scroller().unchecked_into();
    let height = scroller.client_height() - 60;
    scroller.style().set_property("max-block-size", &format!("{height}px")).unwrap();
    page::fire(&scroller, "scroll");
    let entry = stage.receive("new");
    stage.show(&[Diff::Inserted { entry, before: None }]);
    assert_eq!(stage.distance_to_bottom(), 0);
}

#[wasm_bindgen_test]
fn further_up_the_view_stays_and_a_button_leads_down() {
    let mut stage = Stage::opened();
    stage.fill(20);
    stage.scroll_to(300);
    stage.unread = 1;
    let entry = stage.receive("new");
    stage.show(&[Diff::Inserted { entry, before: None }, Diff::Unread]);
    assert_eq!(stage.scroller().scroll_top(), 300);
    assert_eq!(stage.text("[part=jump]"), "1 new message");
    stage.get("[part=jump]").click();
    stage.paint();
    assert_eq!(stage.distance_to_bottom(), 0);
    assert!(stage.get("[part=jump]").hidden());
}

#[wasm_bindgen_test]
fn whoever_writes_is_taken_to_the_bottom() {
    let mut stage = Stage::opened();
    stage.fill(20);
    stage.scroll_to(300);
    let own = stage.write("own");
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert_eq!(stage.distance_to_bottom(), 0);
}

#[wasm_bindgen_test]
fn older_messages_come_in_above_without_moving_the_view() {
    let mut stage = Stage::opened();
    stage.fill(20);
    stage.history.has_older = true;
    stage.scroll_to(100);
    stage.paint();
    assert_eq!(stage.asked.take(), ["LoadOlder"]);
    let row = stage.get("[part=message]:nth-child(4)");
    let top = row.get_bounding_client_rect().top();
    for number in 0..10 {
        stage.receive_older(&format!("older {number}"));
    }
    stage.show(&[Diff::History]);
    assert!(stage.bubbles().iter().any(|text| text == "older 0"));
    assert!((row.get_bounding_client_rect().top() - top).abs() < 2.0, "it was at {top}");
}

#[wasm_bindgen_test]
fn scrolling_to_the_top_of_a_long_conversation_and_back_shows_all_of_it() {
    let mut stage = Stage::opened();
    stage.fill(200);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..100 {
        stage.scroll_to(0);
        stage.paint();
        seen.extend(stage.bubbles());
    }
    assert_eq!(seen.len(), 200);
    assert_eq!(stage.bubbles().first().map(String::as_str), Some("message 0"));
    for _ in 0..100 {
        stage.scroll_to(1_000_000);
        stage.paint();
    }
    assert_eq!(stage.bubbles().last().map(String::as_str), Some("message 199"));
    assert!(stage.count("[part=message]") <= 60);
}

#[wasm_bindgen_test]
fn only_the_messages_of_others_are_handed_on_to_be_watched() {
    let mut stage = Stage::opened();
    stage.receive("theirs");
    stage.write("own");
    let rows = stage.show(&[Diff::Reset]);
    assert_eq!((rows.shown.len(), rows.gone.len()), (1, 0));
    stage.transcript.clear();
    let rows = stage.show(&[Diff::Reset]);
    assert_eq!((rows.shown.len(), rows.gone.len()), (0, 2));
}

#[wasm_bindgen_test]
fn the_beginning_of_the_conversation_and_its_loading_are_said() {
    let mut stage = Stage::opened();
    stage.fill(3);
    assert_eq!(stage.text("[part=history]"), "conversation_start");
    stage.history.has_older = true;
    stage.history.is_loading = true;
    stage.show(&[Diff::History]);
    assert_eq!(stage.text("[part=history]"), "older_loading");
    assert!(stage.asked.take().is_empty(), "it is loading already");
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn texts(stage: &Stage, selector: &str) -> Vec<String> {
    let nodes = stage.root.query_selector_all(selector).unwrap();
    (0..nodes.length()).map(|at| nodes.get(at).unwrap().text_content().unwrap()).collect()
}

#[wasm_bindgen_test]
fn each_day_has_a_line_with_its_name_above_its_first_message() {
    let mut stage = Stage::opened();
    for back in [40, 1, 1, 0, 0] {
        stage.time = stage.today - back * DAY_MS + i64::from(stage.count("[part=message]")) * 1000;
        let entry = stage.receive("hello");
        stage.show(&[Diff::Inserted { entry, before: None }]);
    }
    let days = texts(&stage, "[part=day]");
    assert_eq!(days.len(), 3, "{days:?}");
    assert!(days[0].contains("2023"), "{days:?}");
    assert_eq!(days[1..], ["Yesterday", "Today"]);
    stage.today += DAY_MS;
    stage.paint();
    assert_eq!(texts(&stage, "[part=day]").last().map(String::as_str), Some("Yesterday"), "after midnight");
}

#[wasm_bindgen_test]
fn what_came_while_the_panel_was_closed_begins_at_a_line_until_it_is_opened_again() {
    let mut stage = Stage::new();
    for text in ["old", "new", "newer"] {
        stage.receive(text);
    }
    stage.unread = 2;
    stage.is_open = true;
    stage.show(&[Diff::Reset, Diff::Status]);
    assert_eq!(texts(&stage, "[part=unread]"), ["New"]);
    assert_eq!(texts(&stage, "[part=divider] + [part=message] > [part=bubble]"), ["old", "new"]);
    stage.unread = 0;
    stage.is_open = false;
    stage.show(&[Diff::Status]);
    stage.is_open = true;
    stage.show(&[Diff::Status]);
    assert_eq!(stage.count("[part=unread]"), 0);
}

#[wasm_bindgen_test]
fn the_line_of_the_new_goes_when_the_visitor_answers() {
    let mut stage = Stage::new();
    stage.receive("new");
    stage.unread = 1;
    stage.is_open = true;
    stage.show(&[Diff::Reset, Diff::Status]);
    let own = stage.write("thanks");
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert_eq!(stage.count("[part=unread]"), 0);
}

#[wasm_bindgen_test]
fn more_news_than_fit_are_read_from_the_first_one_on() {
    let mut stage = Stage::new();
    stage.fill(100);
    stage.unread = 50;
    stage.is_open = true;
    stage.show(&[Diff::Status]);
    let top = stage.scroller().get_bounding_client_rect().top();
    let line = stage.get("[part=unread]").get_bounding_client_rect().top() - top;
    assert!((0.0..100.0).contains(&line), "{line} px below the top");
    assert_eq!(stage.text("[part=divider] + [part=message] > [part=bubble]"), "message 50");
    stage.get("[part=jump]").click();
    stage.paint();
    assert_eq!(stage.distance_to_bottom(), 0);
    assert_eq!(stage.bubbles().last().map(String::as_str), Some("message 99"));
}

#[wasm_bindgen_test]
fn nobody_else_is_called_as_the_visitor_is() {
    let mut stage = Stage::opened();
    for name in ["You", " yOU", "Youssef"] {
        let entry = stage.receive_from(name, false);
        stage.show(&[Diff::Inserted { entry, before: None }]);
    }
    let all = stage.root.query_selector_all("[part=sender]").unwrap();
    let names: Vec<String> = (0..all.length()).filter_map(|at| all.get(at)?.text_content()).collect();
    assert_eq!(names, ["Agent", "Agent", "Youssef"]);
}

#[wasm_bindgen_test]
fn who_takes_over_is_named_in_a_line() {
    let mut stage = Stage::opened();
    stage.receive_from("Robi", true);
    stage.receive_from("Ana", false);
    stage.write("hello");
    stage.receive_from("Ana", false);
    stage.receive_from("Ben", false);
    stage.receive_from("Robi", true);
    stage.show(&[Diff::Reset]);
    assert_eq!(texts(&stage, "[part=joined]"), ["Ana has joined", "Ben has joined"]);
}

#[wasm_bindgen_test]
fn a_failed_message_can_be_deleted_even_one_that_is_never_taken() {
    let mut stage = Stage::opened();
    let own = stage.write("hello");
    stage.transcript.set_delivery(own, Delivery::Failed(ChatError::MESSAGE_TOO_LONG));
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert_eq!(stage.text("[part=discard]"), "Delete");
    stage.get("[part=discard]").click();
    assert_eq!(stage.asked.take(), [format!("Discard({own:?})")]);
}

#[wasm_bindgen_test]
fn further_up_a_button_leads_down_though_nothing_is_new() {
    let mut stage = Stage::opened();
    stage.fill(20);
    assert!(stage.get("[part=jump]").hidden());
    stage.scroll_to(300);
    stage.paint();
    assert_eq!(stage.text("[part=jump]"), "Newest");
    stage.get("[part=jump]").click();
    stage.paint();
    assert_eq!(stage.distance_to_bottom(), 0);
    assert!(stage.get("[part=jump]").hidden());
}

#[wasm_bindgen_test]
async fn a_row_above_that_grows_does_not_move_what_is_being_read() {
    let mut stage = Stage::opened();
    stage.fill(20);
    stage.scroll_to(300);
    stage.paint();
    // Sizes are told within the frame.
    page::frame().await;
    page::frame().await;
    let top = |stage: &Stage| stage.get("[part=message]:nth-last-child(8)").get_bounding_client_rect().top();
    let before = top(&stage);
    let above = stage.get("[part=message]");
    above.style().set_property("height", "140px").unwrap();
    page::frame().await;
    page::frame().await;
    assert_eq!(top(&stage), before);
}

#[wasm_bindgen_test]
async fn at_the_bottom_a_row_that_grows_leaves_the_view_there() {
    let mut stage = Stage::opened();
    stage.fill(20);
    stage.get("[part=message]").style().set_property("height", "140px").unwrap();
    page::frame().await;
    page::frame().await;
    assert_eq!(stage.distance_to_bottom(), 0);
}
