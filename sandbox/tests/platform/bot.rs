use serde_json::json;

use crate::{
    events::presence,
    world::{World, classes, texts},
};

/// A guest whose greeting is over.
fn greeted() -> (World, guest_messenger_sandbox::ConnectionId) {
    let mut world = World::with_bot();
    let guest = world.guest("t");
    world.say(guest, "t", "hello");
    world.wait(10_000);
    world.take(guest);
    (world, guest)
}

/// What comes after the echo of a text.
fn answers_to(text: &str) -> Vec<serde_json::Value> {
    let (mut world, guest) = greeted();
    world.say(guest, "t", text);
    world.wait(20_000);
    world.take(guest)
}

#[test]
fn the_first_message_is_greeted_with_quick_replies_after_a_moment_of_typing() {
    let mut world = World::with_bot();
    let guest = world.guest("t");
    world.say(guest, "t", "hello");
    world.wait(5000);
    let frames = world.take(guest);
    assert_eq!(frames[0]["body"]["events"][0]["typing"]["type"], "On");
    assert_eq!(frames[1]["body"]["content"][0]["contentType"], "QuickReply");
    assert_eq!(frames[1]["body"]["originatingEntity"], "Bot");
    assert_eq!(frames.len(), 2);
}

#[test]
fn a_join_is_greeted_too_and_only_once() {
    let mut world = World::with_bot();
    let guest = world.guest("t");
    world.message(guest, "t", presence("Join"));
    world.wait(5000);
    assert_eq!(world.take(guest).len(), 2);
    world.say(guest, "t", "hello");
    world.wait(5000);
    assert_eq!(texts(&world.take(guest)), ["You wrote: hello"]);
}

#[test]
fn a_known_word_in_the_first_message_is_greeted_and_obeyed() {
    let mut world = World::with_bot();
    let guest = world.guest("t");
    world.say(guest, "t", "Card");
    world.wait(5000);
    let frames = world.take(guest);
    let kinds: Vec<_> = frames.iter().filter_map(|frame| frame.pointer("/body/content/0/contentType")).collect();
    assert_eq!(kinds, ["QuickReply", "Card"]);
}

#[test]
fn each_word_shows_its_kind_of_message() {
    for (word, kind) in [
        ("quick replies", "QuickReply"),
        ("card", "Card"),
        ("Carousel ", "Carousel"),
        ("date-picker", "DatePicker"),
        ("list picker", "ListPicker"),
        ("date", "DatePicker"),
        ("list", "ListPicker"),
        ("template", "GenericTemplate"),
        ("form", "Form"),
        ("file", "Attachment"),
    ] {
        let frames = answers_to(word);
        let content = frames.iter().find_map(|frame| frame.pointer("/body/content/0/contentType"));
        assert_eq!(content, Some(&json!(kind)), "{word}");
    }
}

#[test]
fn help_lists_every_word_that_it_knows() {
    let frames = answers_to("help");
    let help = texts(&frames)[0].to_owned();
    for word in [
        "quick replies",
        "card",
        "carousel",
        "typing",
        "file",
        "markdown",
        "long",
        "date picker",
        "list picker",
        "form",
        "burst",
        "disconnect",
        "slow",
    ] {
        assert!(help.contains(word), "{word}");
    }
}

#[test]
fn a_tapped_button_is_obeyed_by_its_payload() {
    let (mut world, guest) = greeted();
    let tap = json!({"type": "Structured", "text": "Show me shoes", "content": [{"contentType": "ButtonResponse", "buttonResponse": {"type": "QuickReply", "text": "Show me shoes", "payload": "carousel"}}]});
    world.message(guest, "t", tap);
    world.wait(5000);
    let frames = world.take(guest);
    assert!(frames.iter().any(|frame| frame.pointer("/body/content/0/contentType") == Some(&json!("Carousel"))));
}

#[test]
fn pictures_in_cards_are_at_the_host_where_the_guest_is() {
    let frames = answers_to("card");
    let image = frames.iter().find_map(|frame| frame.pointer("/body/content/0/card/image")?.as_str());
    assert_eq!(image, Some("http://127.0.0.1:8080/sandbox/images/trail.png"));
}

#[test]
fn typing_is_followed_by_nothing_and_slow_by_an_answer() {
    assert_eq!(texts(&answers_to("typing")), [""; 0]);
    let (mut world, guest) = greeted();
    world.say(guest, "t", "slow");
    world.wait(5999);
    assert_eq!(texts(&world.take(guest)), [""; 0]);
    world.wait(1);
    assert_eq!(texts(&world.take(guest)).len(), 1);
}

#[test]
fn a_burst_has_as_many_messages_as_asked_in_order() {
    let frames = answers_to("burst 50");
    let texts = texts(&frames);
    assert_eq!((texts.len(), texts[0], texts[49]), (50, "Message 1 of 50", "Message 50 of 50"));
    assert_eq!(texts_of_nonsense(), ["You wrote: burst 99999"]);
}

fn texts_of_nonsense() -> Vec<String> {
    texts(&answers_to("burst 99999")).into_iter().map(str::to_owned).collect()
}

#[test]
fn disconnect_says_goodbye_and_ends_the_conversation() {
    let frames = answers_to("disconnect");
    let last = frames.last().expect("frames");
    assert_eq!(last["body"]["events"][0]["presence"]["type"], "Disconnect");
    assert_eq!(last["body"]["metadata"]["readOnly"], "true");
}

#[test]
fn the_bot_falls_silent_once_an_agent_has_replied() {
    let (mut world, guest) = greeted();
    world.say(guest, "t", "anyone?");
    world.agent_says("c1", "Hello, this is Sam");
    world.take(guest);
    world.wait(20_000);
    assert_eq!(classes(&world.take(guest)), [""; 0]);
}

#[test]
fn the_bot_can_be_switched_off() {
    let (mut world, guest) = greeted();
    world.set(json!({"bot": false}));
    world.say(guest, "t", "help");
    world.wait(20_000);
    assert_eq!(classes(&world.take(guest)), [""; 0]);
}

/// The bot's answer to a form filled in like this, or the refusal.
fn answer_to_form(response: serde_json::Value) -> serde_json::Value {
    let (mut world, guest) = greeted();
    world.say(guest, "t", "form");
    world.wait(20_000);
    let frames = world.take(guest);
    let offer = frames.iter().find(|frame| frame.pointer("/body/content/0/form").is_some()).expect("a form");
    let form = json!({"originatingMessageId": offer["body"]["id"], "cannedResponseId": "c1", "response": response});
    let message = json!({"type": "Structured", "text": "Sent", "content": [{"contentType": "Form", "form": form}]});
    let echo = world.message(guest, "t", message);
    if echo["code"] != 200 {
        return echo;
    }
    world.wait(20_000);
    world.take(guest).pop().expect("an answer")
}

#[test]
fn a_form_that_was_filled_in_is_read_back_to_the_guest() {
    let component =
        json!({"contentType": "ButtonResponse", "buttonResponse": {"type": "Form", "text": "Ada", "payload": "Ada"}});
    let answer = answer_to_form(json!([{"id": "name", "component": component}]));
    assert_eq!(answer["body"]["text"], "I have your answers:\nname: Ada");
}

#[test]
fn an_answer_that_is_not_as_the_reference_has_it_is_refused() {
    let wrong = json!({"contentType": "ButtonResponse", "buttonResponse": {"type": "QuickReply", "text": "Ada", "payload": "Ada"}});
    for response in [json!([{"id": "name", "component": wrong}]), json!([{"component": {}}]), json!("Ada"), json!(null)]
    {
        assert_eq!(answer_to_form(response.clone())["code"], 400, "{response}");
    }
    let (mut world, guest) = greeted();
    for response in [
        json!({"type": "Levitate", "text": "x", "payload": "y"}),
        json!({"type": "DatePicker", "text": "x", "payload": "tomorrow"}),
        json!({"type": "Button", "text": "x"}),
    ] {
        let message =
            json!({"type": "Structured", "content": [{"contentType": "ButtonResponse", "buttonResponse": response}]});
        assert_eq!(world.message(guest, "t", message)["code"], 400, "{response}");
    }
}
