use crate::support::page;
use crate::support::stage::Stage;
use guest_messenger::session::content::{Answer, AnswerKind, Attachment, Choice, FileKind, Item, Offer};
use guest_messenger::session::ids::ServerId;
use guest_messenger::session::output::Diff;
use guest_messenger::session::redact::Redacted;
use wasm_bindgen_test::wasm_bindgen_test;

fn choice(text: &str) -> Choice {
    Choice { text: text.to_owned(), payload: format!("payload of {text}"), ..Choice::default() }
}

fn shown(items: Vec<Item>) -> Stage {
    let mut stage = Stage::opened();
    stage.receive_items(items);
    stage.show(&[Diff::Reset]);
    stage
}

#[wasm_bindgen_test]
fn quick_replies_stand_on_the_newest_offer_until_it_is_answered() {
    let reply = |data: &str| Item::QuickReply(Redacted::new(data));
    let mut stage = shown(vec![reply(r#"{"text":"old"}"#)]);
    let offer = stage.receive_items(vec![reply(r#"{"text":"yes"}"#), reply(r#"{"text":"no"}"#)]);
    stage.show(&[Diff::Inserted { entry: offer, before: None }]);
    assert_eq!(stage.count("[part=quick-replies]"), 1);
    let view = page::last_view();
    assert_eq!((view.name(), view.data()), ("replies".to_owned(), r#"[{"text":"yes"},{"text":"no"}]"#.to_owned()));
    page::respond(&view, "no\0\0\0no\0payload of no");
    let asked = stage.asked.take();
    assert!(asked[0].starts_with(&format!("Answer({offer:?}, Answer {{ kind: QuickReply")), "{asked:?}");
    assert!(asked[0].contains("payload of no") && asked[0].contains("server-"), "{asked:?}");
    let own = stage.write("no");
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert_eq!(stage.count("[part=quick-replies]"), 0);
    assert!(view.is_silent());
}

#[wasm_bindgen_test]
fn a_card_s_button_answers_and_the_card_stays_as_it_is() {
    let mut stage = shown(vec![offer(AnswerKind::CardButton)]);
    let view = page::last_view();
    assert_eq!(view.name(), "cards");
    page::respond(&view, "Buy\0\0\0Buy\0BUY");
    assert!(stage.asked.take()[0].contains("kind: CardButton, text: \"Buy\""));
    let own = stage.answer(Answer::press(
        AnswerKind::CardButton,
        choice("Buy"),
        Some(ServerId("server-1700000001000".to_owned())),
    ));
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert!(!view.is_silent());
}

#[wasm_bindgen_test]
fn a_file_is_a_view_of_its_own_that_asks_for_a_fresh_address_to_show_it_or_to_have_it() {
    let file = |url: Option<&str>| {
        Item::Attachment(Attachment {
            id: "f-1".to_owned(),
            name: "a.png".to_owned(),
            url: url.map(Redacted::new),
            size_bytes: Some(3000),
            kind: FileKind::Image,
            ..Attachment::default()
        })
    };
    let stage = shown(vec![file(None), file(Some("https://h/a.png"))]);
    let view = page::last_view();
    assert_eq!(view.name(), "file");
    assert_eq!(view.data(), r#"["f-1","a.png","https://h/a.png","image",3000,true]"#);
    page::respond(&view, "f-1");
    page::respond(&view, "\0f-1");
    let asked = ["false", "true"].map(|opens| format!("FetchFile {{ id: \"f-1\", opens: {opens} }}"));
    assert_eq!(stage.asked.take(), asked);
}

fn offer(kind: AnswerKind) -> Item {
    Item::Offer(Offer { kind, title: "Delivery".to_owned(), data: Redacted::new(r#"{"title":"Delivery"}"#) })
}

#[wasm_bindgen_test]
fn a_picker_is_a_view_of_its_own_whose_answer_goes_to_the_session() {
    let stage = shown(vec![offer(AnswerKind::Time)]);
    assert_eq!(stage.text("[part=offer]"), "picker");
    let view = page::last_view();
    assert_eq!(view.data(), r#"{"offer":{"title":"Delivery"},"chosen":null}"#);
    page::respond(&view, "no answer");
    assert!(stage.asked.take().is_empty());
    page::respond(&view, "said\0name\0q\0a\0A\0\0b\0B");
    let asked = stage.asked.take();
    let to = "to: Some(ServerId(\"server-1700000001000\"))";
    assert!(asked[0].contains("kind: Time, text: \"said\"") && asked[0].contains(to), "{asked:?}");
    assert!(
        asked[0].contains(
            r#"[Choice { question: "q", text: "a", payload: "A" }, Choice { question: "", text: "b", payload: "B" }]"#
        ),
        "{asked:?}"
    );
    assert!(asked[0].contains("form: \"name\""), "{asked:?}");
}

#[wasm_bindgen_test]
fn an_answered_form_shows_what_was_chosen_and_answers_no_more() {
    let mut stage = shown(vec![offer(AnswerKind::Form)]);
    let open = page::last_view();
    assert_eq!(open.name(), "form");
    let to = Some(ServerId("server-1700000001000".to_owned()));
    let own = stage.answer(Answer::press(AnswerKind::Form, choice("yes"), to));
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert!(open.is_silent());
    assert_eq!(page::last_view().data(), r#"{"offer":{"title":"Delivery"},"chosen":[["","yes","payload of yes"]]}"#);
}

#[wasm_bindgen_test]
fn a_picker_keeps_what_is_chosen_in_it_when_an_earlier_message_is_loaded_above() {
    let mut stage = shown(vec![offer(AnswerKind::List)]);
    let node = stage.get("[part=offer]");
    assert_eq!(stage.count("[part=avatar]"), 1);
    stage.time -= 1500;
    let older = stage.receive("just before");
    stage.show(&[Diff::Inserted { entry: older, before: None }]);
    assert_eq!(stage.count("[part=avatar]"), 1, "of the first of the group only");
    assert_eq!(stage.get("[part=offer]"), node);
    assert!(!page::last_view().is_silent());
}
