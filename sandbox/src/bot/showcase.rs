//! One of each kind of message (guest API reference, section 9).

use serde_json::{Value, json};

use crate::{
    deployment::image,
    message::{Author, Draft, Kind, iso_time},
};

pub(super) const PICTURE: &[u8] = include_bytes!("../../assets/parcel.png");

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

pub(super) fn greeting() -> Draft {
    structured(
        "Hi, I am Robi, the shop's assistant. What can I do for you?",
        quick_reply_items(&[("Track my order", "track"), ("Show me shoes", "carousel"), ("What can you do?", "help")]),
    )
}

pub(super) fn quick_replies() -> Draft {
    structured(
        "Which size do you take?",
        quick_reply_items(&[("Small", "SIZE:S"), ("Medium", "SIZE:M"), ("Large", "SIZE:L")]),
    )
}

pub(crate) fn quick_reply_items(replies: &[(&str, &str)]) -> Vec<Value> {
    let item = |(text, payload): &(&str, &str)| json!({"contentType": "QuickReply", "quickReply": {"text": text, "payload": payload, "action": "Message"}});
    replies.iter().map(item).collect()
}

pub(super) fn card() -> Draft {
    structured("This one is popular.", vec![json!({"contentType": "Card", "card": trail_shoe()})])
}

pub(super) fn carousel() -> Draft {
    let cards = json!([trail_shoe(), {
        "title": "City sneaker",
        "description": "Recycled canvas, made to be worn every day.",
        "image": image("sneaker"),
        "defaultAction": {"type": "Link", "text": "Details", "url": "https://shop.example.test/sneaker"},
        "actions": [{"type": "Postback", "text": "Choose the sneaker", "payload": "ORDER:SNEAKER"}],
    }, {
        "title": "Beach sandal",
        "description": "Cork sole, two buckles, no worries.",
        "image": image("sandal"),
        "actions": [{"type": "Postback", "text": "Choose the sandal", "payload": "ORDER:SANDAL"}],
    }]);
    structured(
        "Here are three that people like.",
        vec![json!({"contentType": "Carousel", "carousel": {"cards": cards}})],
    )
}

fn trail_shoe() -> Value {
    json!({
        "title": "Trail shoe",
        "description": "Light, dry and quick on wet ground.",
        "image": image("trail"),
        "defaultAction": {"type": "Link", "text": "Details", "url": "https://shop.example.test/trail"},
        "actions": [
            {"type": "Postback", "text": "Choose the trail shoe", "payload": "ORDER:TRAIL"},
            {"type": "Link", "text": "Details", "url": "https://shop.example.test/trail"},
        ],
    })
}

pub(super) fn file(id: &str) -> Draft {
    let mut draft = Draft::text(Author::Bot, "This is your parcel, as it left us.");
    draft.content = vec![json!({"contentType": "Attachment", "attachment": {"id": id}})];
    draft
}

pub(super) fn markdown() -> Draft {
    Draft::text(
        Author::Bot,
        "*Bold*, _italic_, ~struck~, ==marked== and `code`.\n```let total = 3 * 14;```\n\
         A [named link](https://shop.example.test/returns) and a bare one: https://shop.example.test/size-guide\n\
         This stays as it is: \\*not bold\\*, **not bold either**, <b>nor this</b>.",
    )
}

pub(super) fn long() -> Draft {
    let sentence = "We pack every order by hand, which takes a day, and then it travels for two or three more. ";
    Draft::text(
        Author::Bot,
        format!("{}\nhttps://shop.example.test/{}", sentence.repeat(24).trim_end(), "delivery-".repeat(20)),
    )
}

pub(super) fn date_picker(now_ms: u64) -> Draft {
    let midnight_ms = now_ms / DAY_MS * DAY_MS;
    let slot = |day: u64, hour: u64| json!({"dateTime": iso_time(midnight_ms + day * DAY_MS + hour * HOUR_MS), "duration": 1800});
    let slots: Vec<Value> = (1..=3).flat_map(|day| [9, 11, 15].map(|hour| slot(day, hour))).collect();
    let picker = json!({
        "title": "Delivery",
        "subtitle": "Choose when we may ring.",
        "imageUrl": image("calendar"),
        "availableTimes": slots,
    });
    structured("When shall we bring it?", vec![json!({"contentType": "DatePicker", "datePicker": picker})])
}

pub(super) fn list_picker() -> Draft {
    let item = |id: &str, title: &str, subtitle: &str| json!({"id": id, "title": title, "subtitle": subtitle});
    let picker = json!({
        "sections": [
            {"title": "Colour", "multipleSelection": false, "items": [item("red", "Red", "Like a fox"), item("blue", "Blue", "Like the sea")]},
            {"title": "Extras", "multipleSelection": true, "items": [item("laces", "Spare laces", "2.00"), item("wax", "Wax", "5.50"), item("bag", "Bag", "Free")]},
        ],
        "receivedMessage": {"title": "Choose colour and extras", "subtitle": "Extras are optional", "buttonLabel": "Choose"},
        "replyMessage": {"title": "Chosen"},
    });
    structured("Make it yours.", vec![json!({"contentType": "ListPicker", "listPicker": picker})])
}

/// One question of each kind.
pub(super) fn form() -> Draft {
    let component = |kind: &str, member: &str, value: Value| json!({"formComponentType": kind, member: value});
    let input = |id: &str, title: &str, is_required: bool, is_multiple_line: bool| json!({"id": id, "title": title, "isRequired": is_required, "isMultipleLine": is_multiple_line});
    let mut email = input("email", "E-mail", true, false);
    email["keyboardType"] = json!("Email");
    email["placeholderText"] = json!("ada@example.com");
    let item = |id: &str, title: &str| json!({"id": id, "title": title});
    let parts = json!({"id": "parts", "sections": [{"title": "What is wrong?", "multipleSelection": true, "items": [item("sole", "The sole"), item("lace", "A lace"), item("size", "The size")]}]});
    let wheel =
        json!({"id": "size", "title": "Your size", "items": [item("38", "38"), item("40", "40"), item("42", "42")]});
    let date = json!({"id": "bought", "title": "When did you buy it?", "dateMinimum": "2020-01-01T00:00:00.000Z", "dateDisplayFormat": "dayMonthYear"});
    let pages = json!([
        {"title": "About you", "subtitle": "So that we know whom to write to", "pageComponents": [
            component("Input", "input", input("name", "Name", true, false)),
            component("Input", "input", email),
        ]},
        {"title": "About the order", "subtitle": "Whatever you remember", "pageComponents": [
            component("DatePicker", "datePicker", date),
            component("ListPicker", "listPicker", parts),
            component("WheelPicker", "wheelPicker", wheel),
            component("Input", "input", input("what", "What happened?", false, true)),
        ]},
    ]);
    let form = json!({
        "cannedResponseId": "e1e1e1e1-0000-4000-8000-0000000000c1",
        "introduction": {"title": "Report a problem", "subtitle": "Two short pages", "buttonText": "Start"},
        "formPages": pages,
        "showSummary": true,
        "receivedMessage": {"title": "Report a problem", "buttonLabel": "Open"},
        "replyMessage": {"title": "Report sent"},
    });
    structured("Tell us what went wrong.", vec![json!({"contentType": "Form", "form": form})])
}

/// What cards were before there were cards.
pub(super) fn template() -> Draft {
    let generic = json!({
        "title": "Size guide",
        "description": "How to measure a foot.",
        "image": image("sandal"),
        "components": [
            {"title": "Read it", "actions": {"url": "https://shop.example.test/size-guide"}},
            {"title": "Ask a person", "actions": {"textback": "AGENT"}},
        ],
    });
    structured("This may help.", vec![json!({"contentType": "GenericTemplate", "generic": generic})])
}

fn structured(text: &str, content: Vec<Value>) -> Draft {
    Draft { content, text: Some(text.to_owned()), ..Draft::new(Author::Bot, Kind::Structured) }
}
