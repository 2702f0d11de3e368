//! Frames and answers at the edges: found by the fuzzer, or by code that was broken and no test noticed.

use guest_messenger::engine::{Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpAnswer, WireAction, WireInput};
use guest_messenger::session::error::ChatError;
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::input::{Command, Input};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::Now;

use crate::harness::{CONFIG, TestEngine};
use crate::http::{wanting_history, wanting_page};

#[test]
fn a_token_that_expired_before_all_time_is_good_for_one_call() {
    let mut test = wanting_history();
    test.actions.clear();
    test.receive(r#"{"class":"JwtResponse","code":200,"body":{"jwt":"j","exp":-9223372036854775808}}"#);
    let call = test.take_call();
    test.answer(
        &call,
        200,
        r#"{"entities":[{"id":"a","text":"a","direction":"Outbound"}],"pageNumber":1,"pageCount":9}"#,
    );
    test.command(Command::LoadOlder);
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
}

#[test]
fn a_message_with_a_zone_beyond_all_time_is_shown_where_it_arrived() {
    let mut test = TestEngine::live();
    for (id, time) in [("a", "2026-10-14T09:00:01Z"), ("b", "2026-10-14T09:00:01+999999999999999:00")] {
        test.receive(&format!(
            r#"{{"class":"StructuredMessage","body":{{"id":"{id}","text":"{id}","direction":"Outbound","channel":{{"time":"{time}"}}}}}}"#
        ));
    }
    assert_eq!(test.texts(), ["a", "b"]);
}

#[test]
fn a_deployment_id_stays_one_part_of_every_address() {
    let settings = Settings { deployment_id: "a/b?é~-_.Z9".to_owned(), ..Settings::default() };
    let mut engine = Engine::new(settings, 1);
    let mut addresses = Vec::new();
    let inputs = [
        EngineInput::Session(Input::Command(Command::Start(None))),
        EngineInput::Session(Input::Command(Command::Restore(Vec::new()))),
        EngineInput::Session(Input::Command(Command::OpenPanel)),
        EngineInput::Session(Input::Token(GuestToken(Redacted::new("t")))),
        EngineInput::Wire(WireInput::Answer {
            call: 1,
            answer: Some(HttpAnswer { status: 200, body: json::parse(CONFIG), ..HttpAnswer::default() }),
        }),
    ];
    for input in inputs {
        engine.handle(Now::default(), input);
        while let Some(output) = engine.poll_output() {
            match output {
                EngineOutput::Wire(WireAction::Fetch(call)) => addresses.push(call.url),
                EngineOutput::Wire(WireAction::OpenSocket { url }) => addresses.push(url),
                _ => {}
            }
        }
    }
    assert_eq!(addresses.len(), 2);
    for address in addresses {
        assert!(address.contains("a%2Fb%3F%C3%A9~-_.Z9"), "{address}");
    }
}

#[test]
fn the_engine_refuses_the_texts_that_the_session_refuses() {
    let test = TestEngine::live();
    assert_eq!(test.engine.check_text("  "), Err(ChatError::EMPTY_MESSAGE));
    assert_eq!(test.engine.check_text("hello"), Ok(()));
}

#[test]
fn every_call_has_a_number_of_its_own() {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let configuration = test.take_call();
    let (_, history) = wanting_page();
    assert_ne!(configuration.id, history.id);
}
