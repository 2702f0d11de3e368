//! Answers to pickers and forms: as the frames file has them, and read back from echoes and history.

use crate::harness::TestEngine;
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::session::content::{Answer, AnswerKind, Choice, Item};
use guest_messenger::session::ids::{EntryId, ServerId};
use guest_messenger::session::input::Command;

/// The frame of this name in the frames file.
fn sample(name: &str) -> Json {
    let frames = include_str!("../vectors/guest-frames.jsonl");
    let line = frames.lines().find(|line| line.contains(&format!("\"{name}\""))).unwrap();
    json::parse(line).unwrap().get("frame").unwrap().clone()
}

fn receive_offer(test: &mut TestEngine, id: &str, content: &str) -> EntryId {
    test.receive(&format!(
        r#"{{"class":"StructuredMessage","body":{{"id":"{id}","type":"Structured","direction":"Outbound","text":"?","content":[{content}]}}}}"#
    ));
    test.engine.view().transcript.entries().last().unwrap().id
}

fn choice(question: &str, text: &str, payload: &str) -> Choice {
    Choice { question: question.to_owned(), text: text.to_owned(), payload: payload.to_owned() }
}

/// What the guest's answer to an offer of this message is on the wire.
fn sent(kind: AnswerKind, to: &str, text: &str, choices: Vec<Choice>, form: &str) -> Json {
    let mut test = TestEngine::live();
    let entry = receive_offer(&mut test, to, r#"{"contentType":"DatePicker","datePicker":{"title":"T"}}"#);
    let (to, text, form) = (Some(ServerId(to.to_owned())), text.to_owned(), form.to_owned());
    test.command(Command::Answer(entry, Answer { kind, text, choices, to, form }));
    test.take_frame().get("message").unwrap().clone()
}

/// The order of keys says nothing.
fn sorted(json: Json) -> Json {
    match json {
        Json::Map(pairs) => {
            let mut pairs: Vec<_> = pairs.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            pairs.sort_by(|(left, _), (right, _)| left.cmp(right));
            Json::Map(pairs)
        }
        Json::List(items) => Json::List(items.into_iter().map(sorted).collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => json,
    }
}

fn without(mut json: Json, key: &str) -> Json {
    if let Json::Map(pairs) = &mut json {
        pairs.retain(|(name, _)| name != key);
    }
    json
}

#[test]
fn a_chosen_time_is_sent_as_the_sample_has_it_and_names_the_offer_twice() {
    let time = choice("", "20/10/2026, 10:30:00", "2026-10-20T10:30:00.000Z");
    let message = sent(AnswerKind::Time, "23232323232323232323232323232323", "", vec![time], "");
    let sample = sample("onMessage.datePicker.messenger").get("message").unwrap().clone();
    assert_eq!(message.text("type"), sample.text("type"));
    assert_eq!(message.text("text"), None);
    let parent = |message: &Json| message.get("metadata").unwrap().owned("parentMessageId");
    assert_eq!(parent(&message), parent(&sample));
    let response = message.list("content")[0].get("buttonResponse").unwrap().clone();
    assert_eq!(
        response.text("originatingMessageId"),
        Some("23232323232323232323232323232323"),
        "as the mobile client has it"
    );
    let expected = sample.list("content")[0].get("buttonResponse").unwrap().clone();
    for key in ["type", "text", "payload"] {
        assert_eq!(response.text(key), expected.text(key));
    }
}

#[test]
fn what_was_chosen_of_a_list_is_sent_as_the_sample_has_it() {
    let chosen = vec![choice("", "Red", "opt-red"), choice("", "Extra large", "opt-xl")];
    let message = sent(AnswerKind::List, "24242424242424242424242424242424", "Thanks, noted", chosen, "");
    let sample = sample("onMessage.listPicker.messenger").get("message").unwrap().clone();
    assert_eq!(message.text("text"), sample.text("text"));
    for (item, expected) in message.list("content").iter().zip(sample.list("content")) {
        for key in ["type", "text", "payload", "originatingMessageId"] {
            let value = |item: &Json| item.get("buttonResponse").unwrap().owned(key);
            assert_eq!(value(item), value(expected));
        }
    }
    assert_eq!(message.list("content").len(), 2);
}

#[test]
fn a_form_is_sent_as_the_sample_has_it() {
    let answers = vec![
        choice("name", "Ada L.", "Ada L."),
        choice("dob", "10/12/1990", "1990-12-10T00:00:00.000Z"),
        choice("size", "", ""),
    ];
    let form = "e1e1e1e1-0000-4000-8000-0000000000c1";
    let message = sent(AnswerKind::Form, "25252525252525252525252525252525", "Form received", answers, form);
    let sample = sample("onMessage.form.messenger").get("message").unwrap().clone();
    let [message, sample] = [message, sample].map(|json| sorted(without(json, "metadata")));
    assert_eq!(message, sample);
}

/// The answer that a message of the guest's holds when it comes from elsewhere, and whether it is taken for that of the offer.
fn read_back(message: &Json) -> (Answer, bool) {
    let mut test = TestEngine::live();
    let id = "25252525252525252525252525252525";
    let offer = receive_offer(&mut test, id, r#"{"contentType":"Form","form":{"introduction":{"title":"T"}}}"#);
    let body = message.clone().with("id", Json::from("echo")).with("direction", Json::from("Inbound"));
    let frame = Json::object([("class", Json::from("StructuredMessage")), ("body", body)]);
    test.receive(&frame.write());
    let transcript = test.engine.view().transcript;
    let entry = transcript.entries().last().unwrap();
    let [Item::Answer(answer)] = entry.body.items.as_slice() else { panic!("{:?}", entry.body.items) };
    (answer.clone(), transcript.answer_to(offer).is_some())
}

#[test]
fn a_form_that_was_filled_in_elsewhere_is_read_back_and_answers_the_offer() {
    let (answer, is_answered) = read_back(sample("onMessage.form.messenger").get("message").unwrap());
    assert!(is_answered);
    assert_eq!(answer.choices[1], choice("dob", "10/12/1990", "1990-12-10T00:00:00.000Z"));
    assert_eq!(answer.form, "e1e1e1e1-0000-4000-8000-0000000000c1");
}

#[test]
fn an_answer_that_only_its_metadata_join_to_the_offer_answers_it() {
    let message = |key: &str| {
        json::parse(&format!(
            r#"{{"type":"Text","text":"done","metadata":{{"{key}":"25252525252525252525252525252525"}}}}"#
        ))
        .unwrap()
    };
    assert!(read_back(&message("parentMessageId")).1);
    let time = r#"{"type":"Structured","metadata":{"parentMessageId":"25252525252525252525252525252525"},"content":[{"contentType":"ButtonResponse","buttonResponse":{"type":"DatePicker","text":"t","payload":"p"}}]}"#;
    assert!(read_back(&json::parse(time).unwrap()).1);
    let other = r#"{"type":"Structured","metadata":{"parentMessageId":"another"},"content":[{"contentType":"ButtonResponse","buttonResponse":{"type":"DatePicker","text":"t","payload":"p"}}]}"#;
    assert!(!read_back(&json::parse(other).unwrap()).1);
}

#[test]
fn things_chosen_of_a_list_are_one_answer() {
    let (answer, _) = read_back(sample("onMessage.listPicker.messenger").get("message").unwrap());
    assert_eq!(answer.choices, [choice("", "Red", "opt-red"), choice("", "Extra large", "opt-xl")]);
}

#[test]
fn an_offer_whose_answer_could_not_be_sent_is_open_again() {
    let mut test = TestEngine::live();
    let offer = receive_offer(&mut test, "offer", r#"{"contentType":"DatePicker","datePicker":{"title":"T"}}"#);
    let to = Some(ServerId("offer".to_owned()));
    let answer = Answer::press(AnswerKind::Time, choice("", "t", "p"), to);
    test.command(Command::Answer(offer, answer.clone()));
    assert!(test.engine.view().transcript.answer_to(offer).is_some());
    let id = test.take_frame().owned("tracingId").unwrap();
    test.command(Command::Answer(offer, answer.clone()));
    assert_eq!(test.engine.view().transcript.entries().len(), 2, "a second press is no second answer");
    test.receive(&format!(r#"{{"type":"response","class":"string","code":400,"body":"no","tracingId":"{id}"}}"#));
    assert!(test.engine.view().transcript.answer_to(offer).is_none());
    test.command(Command::Answer(offer, answer));
    assert_eq!(test.engine.view().transcript.entries().len(), 3);
}

#[test]
fn a_quick_reply_may_come_as_a_button_response_and_any_other_is_not_shown() {
    let mut test = TestEngine::live();
    receive_offer(
        &mut test,
        "a",
        r#"{"contentType":"ButtonResponse","buttonResponse":{"type":"QuickReply","text":"Yes","payload":"Y"}},{"contentType":"ButtonResponse","buttonResponse":{"type":"Button","text":"No","payload":"N"}}"#,
    );
    let items = &test.engine.view().transcript.entries()[0].body.items;
    assert!(
        matches!(items.as_slice(), [Item::QuickReply(reply), Item::Unsupported(_)] if reply.expose() == r#"{"text":"Yes","payload":"Y"}"#),
        "{items:?}"
    );
}
