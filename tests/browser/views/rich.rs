use crate::support::stage::Stage;
use guest_messenger::session::content::{Attachment, Card, CardAction, Choice, FileKind, Item};
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
