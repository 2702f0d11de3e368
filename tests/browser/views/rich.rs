use crate::support::page;
use crate::support::stage::Stage;
use guest_messenger::session::content::{
    Answer, AnswerKind, Attachment, Card, CardAction, Choice, FileKind, Item, Offer,
};
use guest_messenger::session::ids::ServerId;
use guest_messenger::session::output::Diff;
use guest_messenger::session::redact::Redacted;
use wasm_bindgen_test::wasm_bindgen_test;

fn choice(text: &str) -> Choice {
    Choice { text: text.to_owned(), payload: format!("payload of {text}") }
}

fn shown(items: Vec<Item>) -> Stage {
    let mut stage = Stage::opened();
    stage.receive_items(items);
    stage.show(&[Diff::Reset]);
    stage
}

fn file(url: &str, is_image: bool) -> Item {
    let kind = if is_image { FileKind::Image } else { FileKind::File };
    let url = Some(Redacted::new(url));
    Item::Attachment(Attachment { id: "1".to_owned(), name: "a.png".to_owned(), url, size_bytes: Some(3000), kind })
}

#[wasm_bindgen_test]
fn quick_replies_stand_on_the_newest_offer_until_it_is_answered() {
    let mut stage = shown(vec![Item::QuickReply(choice("old"))]);
    let offer = stage.receive_items(vec![Item::QuickReply(choice("yes")), Item::QuickReply(choice("no"))]);
    stage.show(&[Diff::Inserted { entry: offer, before: None }]);
    assert_eq!(stage.count("[part=quick-reply]"), 2);
    stage.get("[part=quick-reply]:last-child").click();
    let asked = stage.asked.take();
    assert!(asked[0].starts_with(&format!("Answer({offer:?}, Answer {{ kind: QuickReply")), "{asked:?}");
    assert!(asked[0].contains("payload of no") && asked[0].contains("server-"), "{asked:?}");
    let own = stage.write("no");
    stage.show(&[Diff::Inserted { entry: own, before: None }]);
    assert_eq!(stage.count("[part=quick-reply]"), 0);
}

#[wasm_bindgen_test]
fn a_card_shows_its_buttons_and_only_safe_links() {
    let card = Card {
        title: "<b>Shoes".to_owned(),
        description: "at https://shop.example".to_owned(),
        image: Some("https://evil.example/x.png".to_owned()),
        actions: vec![
            CardAction::Link { text: "Look".to_owned(), url: "https://shop.example/shoes".to_owned() },
            CardAction::Link { text: "Bad".to_owned(), url: "javascript:alert(1)".to_owned() },
            CardAction::Postback(choice("Buy")),
        ],
        default_link: Some("data:text/html,x".to_owned()),
    };
    let stage = shown(vec![Item::Card(card)]);
    assert_eq!(stage.text("[part=card-title]"), "<b>Shoes");
    assert_eq!(stage.count("[part=card] img"), 0, "its host is not allowed");
    assert_eq!(stage.count("[part=card] a"), 2);
    stage.get("button[part=card-action]").click();
    assert!(stage.asked.take()[0].contains("kind: CardButton"));
}

#[wasm_bindgen_test]
fn several_cards_are_a_row_that_the_keyboard_reaches() {
    let card = |title: &str| Item::Card(Card { title: title.to_owned(), ..Card::default() });
    let stage = shown(vec![card("a"), card("b")]);
    assert_eq!(stage.count("[part=cards][data-carousel][tabindex='0'] > [part=card]"), 2);
}

#[wasm_bindgen_test]
fn a_picture_of_the_platform_is_shown_and_any_other_is_a_file() {
    let stage = shown(vec![file("https://api.cloud.example/a.png", true), file("https://evil.example/a.png", true)]);
    assert_eq!(stage.count("img"), 1);
    let image = stage.get("img");
    assert_eq!(image.get_attribute("referrerpolicy").as_deref(), Some("no-referrer"));
    assert_eq!(image.get_attribute("loading").as_deref(), Some("lazy"));
    assert_eq!(image.get_attribute("alt").as_deref(), Some("a.png"));
    assert_eq!(stage.text("[part=file]"), "a.png3 KB");
}

#[wasm_bindgen_test]
fn a_file_with_an_address_that_cannot_be_opened_is_named_without_a_link() {
    let stage = shown(vec![file("javascript:alert(1)", false)]);
    assert_eq!(stage.count("a"), 0);
    assert_eq!(stage.text("[part=file-name]"), "a.png");
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
    page::respond(&view, "said\0name\0a\0A\0b\0B");
    let asked = stage.asked.take();
    let to = "to: Some(ServerId(\"server-1700000001000\"))";
    assert!(asked[0].contains("kind: Time, text: \"said\"") && asked[0].contains(to), "{asked:?}");
    assert!(
        asked[0].contains(r#"[Choice { text: "a", payload: "A" }, Choice { text: "b", payload: "B" }]"#),
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
    assert_eq!(page::last_view().data(), r#"{"offer":{"title":"Delivery"},"chosen":[["yes","payload of yes"]]}"#);
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
