//! What is in a recording, and what never is. That every test of this room plays back is seen to by the harness.

use std::collections::BTreeSet;

use guest_messenger::engine::{AccessToken, Endpoints, Engine, EngineInput, EngineOutput, Said, Settings, TabMessage};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireAction, WireInput};
use guest_messenger::recorder::Recorder;
use guest_messenger::recorder::replay::Diagnostics;
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::content::{Answer, AnswerKind, Attachment, Body, Choice, Item};
use guest_messenger::session::error::ChatError;
use guest_messenger::session::files::{File, FileFlaw};
use guest_messenger::session::ids::{ClientId, EntryId, FileId, GuestToken, ServerId, TabId};
use guest_messenger::session::input::{Command, Environment, Grant, Input, SharedLine, TabNews, UploadNews};
use guest_messenger::session::output::Event;
use guest_messenger::session::record::{ReadMark, Record, Unsent};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

use crate::corpus::rows;
use crate::harness::TestEngine;

const TOKEN: &str = "cafe0000-1111-4222-8333-444455556666";

fn record() -> Record {
    Record {
        token: GuestToken(Redacted::new(TOKEN)),
        expires_at: Some(WallTime(1_799_000_000_000)),
        read_mark: Some(read_mark()),
        is_live: true,
        panel_open: true,
    }
}

fn read_mark() -> ReadMark {
    ReadMark { time: WallTime(1_791_000_000_000), id: ServerId("id-1".to_owned()) }
}

fn answer(kind: AnswerKind) -> Answer {
    let question = "canary-question".to_owned();
    let choice = Choice { question, text: "Canary's choice".to_owned(), payload: "canary payload".to_owned() };
    Answer { form: "canary-form".to_owned(), ..Answer::press(kind, choice, Some(ServerId("id-2".to_owned()))) }
}

fn unsent(items: Vec<Item>) -> Unsent {
    Unsent {
        client_id: ClientId("0000-1".to_owned()),
        body: Body { text: Redacted::new("canary, unsent"), items },
        accepted_at: WallTime(1_792_000_000_000),
        after: WallTime(i64::MIN),
        has_failed: false,
        conversation: Some(0),
    }
}

fn sent_file() -> Item {
    Item::Attachment(Attachment { id: "a-1".to_owned(), name: "canary.pdf".to_owned(), ..Attachment::default() })
}

fn file() -> File {
    File {
        id: FileId(3),
        name: "canary\u{e4}.pdf".to_owned(),
        mime: "application/canary".to_owned(),
        size_bytes: 4_000_000_000,
    }
}

/// As the page attaches it.
fn linked_file() -> Item {
    Item::Attachment(Attachment {
        name: "canary.pdf".to_owned(),
        url: Some(Redacted::new("https://canary.example/a?b=c")),
        size_bytes: Some(1_234),
        mime: "application/pdf".to_owned(),
        ..Attachment::default()
    })
}

/// One of every input that a host may bring.
fn every_input() -> Vec<EngineInput> {
    let frame = json::parse(r#"{"class":"string","code":4011,"body":"canary refuses","canary":"canary"}"#);
    let http_answer = |retry_after: Option<&str>, body| HttpAnswer {
        status: 503,
        retry_after: retry_after.map(str::to_owned),
        date: retry_after.map(|_| "Sun, 06 Nov 1994 08:49:37 GMT".to_owned()),
        etag: retry_after.map(|_| "\"canary\"".to_owned()),
        remaining: None,
        body,
    };
    let line = SharedLine {
        number: 3,
        is_new: true,
        is_read_only: false,
        duration_s: Some(900),
        expires_at: Some(WallTime(1_793_000_000_000)),
        history_debt_ms: 17,
    };
    let commands = [
        Command::Start(Some(record())),
        Command::Start(None),
        Command::Adopt(vec![unsent(Vec::new())]),
        Command::Restore(vec![
            unsent(vec![Item::Answer(answer(AnswerKind::Other))]),
            unsent(Vec::new()),
            unsent(vec![sent_file()]),
            unsent(vec![linked_file()]),
        ]),
        Command::OpenPanel,
        Command::SendText("  canary \"says\"\n something  ".to_owned()),
        Command::Answer(EntryId(1), answer(AnswerKind::QuickReply)),
        Command::Answer(EntryId(2), Answer { to: None, ..answer(AnswerKind::CardButton) }),
        Command::Answer(EntryId(2), answer(AnswerKind::Time)),
        Command::Answer(EntryId(2), answer(AnswerKind::List)),
        Command::Answer(EntryId(2), Answer { choices: Vec::new(), ..answer(AnswerKind::Form) }),
        Command::Compose { has_text: true },
        Command::Blur,
        Command::InView(vec![EntryId(1), EntryId(2)]),
        Command::InView(Vec::new()),
        Command::LoadOlder,
        Command::Attach { file: file(), flaw: None },
        Command::Attach { file: file(), flaw: Some(FileFlaw::TooLarge) },
        Command::RemoveFile(FileId(3)),
        Command::RetryFile(FileId(3)),
        Command::SendWithFiles("canary".to_owned()),
        Command::SendAttached(Body { text: Redacted::new("canary"), items: vec![linked_file()] }),
        Command::FetchFile { id: "a-1".to_owned(), opens: true },
        Command::Retry(EntryId(1)),
        Command::Discard(EntryId(1)),
        Command::Clear,
        Command::StartNew,
        Command::Reconnect,
        Command::Extend,
        Command::OfferSignIn,
        Command::SignIn,
        Command::LogOut,
        Command::ClosePanel,
    ];
    let environments = [
        Environment::Visible,
        Environment::Hidden,
        Environment::Online,
        Environment::Offline,
        Environment::Resumed,
        Environment::Leaving,
    ];
    let news = [
        TabNews::Read(read_mark()),
        TabNews::Typed,
        TabNews::Type,
        TabNews::Known(read_mark()),
        TabNews::Receipted(read_mark()),
        TabNews::Joined(Some(read_mark())),
        TabNews::Joined(None),
        TabNews::WantHistory(TabId(1)),
        TabNews::MayReadHistory { tab: TabId(2), by: TabId(1) },
        TabNews::Seek,
        TabNews::Hold { tab: TabId((1 << 53) - 1), term: 7, line: Some(line), is_refused: false },
        TabNews::Hold { tab: TabId(1), term: 8, line: None, is_refused: true },
        TabNews::Release(TabId(1)),
        TabNews::Idle,
        TabNews::Check,
        TabNews::Doubt,
        TabNews::Retry,
        TabNews::LogOut,
        TabNews::SignIn,
        TabNews::SignedIn,
        TabNews::Cleared,
    ];
    let wires = [
        WireInput::SocketOpened,
        WireInput::Frame(frame.clone()),
        WireInput::Frame(None),
        WireInput::SocketClosed(1006),
        WireInput::Answer { call: 1, answer: None },
        WireInput::Answer { call: 1, answer: Some(http_answer(Some("17"), None)) },
        WireInput::Answer { call: 1, answer: Some(http_answer(Some("canary; in a while"), frame.clone())) },
    ];
    let said = [
        Said::News(TabNews::Seek),
        Said::Frame(frame.unwrap()),
        Said::Send { frame: Redacted::new(r#"{"text":"canary"}"#), is_message: true },
        Said::Send { frame: Redacted::new(TOKEN), is_message: false },
    ];
    let mut inputs: Vec<EngineInput> =
        commands.map(|command| EngineInput::Session(Input::Command(command))).into_iter().collect();
    inputs.extend(environments.map(|environment| EngineInput::Session(Input::Environment(environment))));
    inputs.extend(news.map(|news| EngineInput::Session(Input::Tab(news))));
    inputs.extend(wires.map(EngineInput::Wire));
    inputs.extend(said.map(|said| EngineInput::Tab(TabMessage { of: 4711, said })));
    inputs.extend([
        EngineInput::Session(Input::Token(GuestToken(Redacted::new("canary-token")))),
        EngineInput::Session(Input::Kept { number: 3, is_kept: false }),
        EngineInput::Session(Input::Taken(vec![ClientId("0f8b6c1e-0000-4000-8000-00000000000a".to_owned())])),
        EngineInput::Session(Input::Upload { file: FileId(3), news: UploadNews::Progress { sent_bytes: 17 } }),
        EngineInput::Session(Input::Upload { file: FileId(3), news: UploadNews::Done }),
        EngineInput::Session(Input::Upload { file: FileId(3), news: UploadNews::Failed }),
        EngineInput::Session(Input::Tick),
        EngineInput::Session(Input::Grant(Some(Grant(Redacted::new(r#"{"code":"canary"}"#))))),
        EngineInput::Session(Input::Grant(None)),
        EngineInput::AccessToken(None),
        EngineInput::AccessToken(Some(AccessToken {
            token: Redacted::new("canary-access"),
            expires_in_s: Some(1_800),
            guest_id: Some("guest-1".to_owned()),
            conversation_id: None,
        })),
    ]);
    inputs
}

fn settings() -> Settings {
    Settings {
        deployment_id: "d-1".to_owned(),
        endpoints: Endpoints::of_domain("canary.example"),
        ..Settings::default()
    }
}

fn record_all(settings: Settings, inputs: Vec<(Now, EngineInput)>) -> String {
    let mut tape = Tape::begin(&settings, 5);
    let mut engine = Engine::new(settings, 5);
    for (now, input) in inputs {
        tape.handle(&mut engine, now, input);
    }
    tape.diagnostics()
}

fn recording_of_every_input() -> String {
    let inputs = every_input().into_iter().zip(1_i64..).map(|(input, number)| {
        let monotonic = Timestamp(number.unsigned_abs() * 700);
        // The wall clock jumps.
        (Now { monotonic, wall: WallTime(1_792_000_000_000 + number * number % 7 * 1_000) }, input)
    });
    record_all(settings(), inputs.collect())
}

#[test]
fn every_input_that_is_read_back_is_written_the_same_again() {
    let original = recording_of_every_input();
    let diagnostics = Diagnostics::read(&original).unwrap();
    let mut inputs = Vec::new();
    diagnostics.recordings[0]
        .replay(|step| {
            assert!(step.is_same(), "{step:#?}");
            inputs.push((step.now, step.input.clone()));
        })
        .unwrap();
    assert_eq!(inputs.len(), every_input().len());
    let lengths = |length: usize| "x".repeat(length);
    let endpoints = Endpoints::of_domain("canary.example");
    let endpoints = Endpoints {
        socket: lengths(endpoints.socket.len()),
        api: [lengths(endpoints.api.len() - 1), "y".to_owned()].concat(),
        config: lengths(endpoints.config.len()),
    };
    let again = record_all(Settings { endpoints, ..settings() }, inputs);
    assert_eq!(again, original);
}

#[test]
fn every_kind_of_input_is_among_those_that_this_test_knows() {
    let recording = recording_of_every_input();
    let code = include_str!("../../src/recorder/inputs.rs");
    let words = code.split("=> \"").chain(code.split("pen.word(\"")).filter_map(|rest| rest.split('"').next());
    let words: BTreeSet<&str> =
        words.filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')).collect();
    assert!(words.len() > 40, "{words:?}");
    for word in words {
        assert!(word == "platform" || recording.contains(&format!("\"{word}\"")), "{word:?} is written and not tested");
    }
}

#[test]
fn nobody_s_words_names_addresses_and_secrets_are_in_a_recording() {
    let mut test = TestEngine::fresh();
    for input in every_input() {
        test.input(input);
    }
    for frame in [
        r#"{"class":"JwtResponse","code":200,"tracingId":"canary of a request","body":{"jwt":"canary.jwt","exp":1800000000}}"#,
        r#"{"class":"Error","code":400,"body":{"errorMessage":"canary complains","errorCode":400}}"#,
        r#"{"class":"PresignedUrlResponse","code":200,"body":{"attachmentId":"a-2","url":"https://canary.example/put",
            "headers":{"x-amz-tagging":"canary=1"},"fileName":"canary.pdf"}}"#,
        r#"{"class":"UploadFailureEvent","code":200,"body":{"attachmentId":"a-2","errorCode":4003,"errorMessage":"canary"}}"#,
        r#"{"class":"canary class","code":200,"body":{}}"#,
        r#"{"class":"StructuredMessage","code":200,"body":{"id":"id-3","type":"Text","text":"canary","direction":"Outbound",
            "channel":{"time":"canary time","messageId":"canary id","from":{"id":"canary","nickname":"Canary","firstName":"Canary",
            "lastName":"Canary","image":"https://canary.example/"}},"originatingEntity":"canary bird",
            "metadata":{"id":"m-1","type":"canary","status":"canary","readOnly":"canary is read"},"canary":{"id":"canary"}}}"#,
        r#"{"class":"StructuredMessage","code":200,"body":{"id":"id-4","type":"Structured","text":491701234567,"content":[
            {"contentType":"QuickReply","quickReply":{"text":"canary","payload":"canary"}},
            {"contentType":"Card","card":{"title":"canary","description":"canary","image":"canary","defaultAction":{"url":"canary"},
             "actions":[{"type":"Link","text":"canary","url":"https://canary.example"}]}},
            {"contentType":"Attachment","attachment":{"id":"a-1","filename":"canary.pdf","url":"https://canary.example/x"}}],
            "title":[491701234567,["canary"]],"direction":"Outbound"}}"#,
    ] {
        test.receive(frame);
    }
    // The platform would have to be mad to use it as an id.
    test.receive(&format!(
        r#"{{"class":"StructuredMessage","code":200,"tracingId":"{TOKEN}","body":{{"id":"{TOKEN}","text":"{TOKEN}"}}}}"#
    ));
    let recording = test.diagnostics();
    for secret in ["canary", TOKEN, "491701234567"] {
        let found = recording.to_lowercase().find(secret);
        assert_eq!(found, None, "{secret}: {:?}", found.map(|at| &recording[at.saturating_sub(80)..]));
    }
    for kept in ["StructuredMessage", "JwtResponse", "1800000000", "id-3", "QuickReply", "m-1", "x-amz-tagging"] {
        assert!(recording.contains(kept), "{kept}");
    }
}

/// Texts as people write them: longer than a word, and no id, date or number.
fn collect_texts(tree: &Json, found: &mut Vec<String>) {
    match tree {
        Json::Text(text) if text.len() > 8 && text.contains(' ') && !text.contains(['"', '\\']) => {
            found.push(text.clone())
        }
        Json::List(items) => items.iter().for_each(|item| collect_texts(item, found)),
        Json::Map(pairs) => pairs.iter().for_each(|(_, value)| collect_texts(value, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
    }
}

#[test]
fn corpus_no_text_of_any_frame_is_in_a_recording() {
    let (mut test, mut texts) = (TestEngine::live(), Vec::new());
    for row in rows("GUEST_FRAMES", "guest-frames.jsonl") {
        if let Some(frame) = row.get("frame") {
            collect_texts(frame, &mut texts);
            test.wire(WireInput::Frame(Some(frame.clone())));
        }
    }
    for row in rows("HOSTILE_INPUTS", "hostile-inputs.jsonl") {
        collect_texts(&row, &mut texts);
        test.wire(WireInput::Frame(Some(Json::object([
            ("class", Json::from("StructuredMessage")),
            ("body", Json::object([("text", Json::from("x")), ("content", row.clone()), ("type", row)])),
        ]))));
    }
    let recording = test.diagnostics();
    assert!(texts.len() > 100, "{} texts", texts.len());
    for text in texts {
        assert!(!recording.contains(&text), "{text}");
    }
}

#[test]
fn a_text_is_as_long_in_its_frame_when_it_is_played_back() {
    for text in ["plain", "  spaces around \n", "say \"hi\" \\ or\nnot \t\u{7}", "你好, Zoë", "\"\""] {
        let mut test = TestEngine::live();
        test.command(Command::SendText(text.to_owned()));
        assert_eq!(test.take_frame().get("message").unwrap().text("text"), Some(text.trim()));
    }
}

#[test]
fn a_message_that_comes_again_with_another_text_is_told_from_one_that_comes_again() {
    let mut test = TestEngine::live();
    for (text, is_shown_again) in [("one text", true), ("one text", false), ("two more", true), ("two more", false)] {
        let message = format!(
            r#"{{"class":"StructuredMessage","code":200,"body":{{"id":"m-1","type":"Text","text":"{text}","direction":"Outbound"}}}}"#
        );
        test.receive(&message);
        // A digest stands last where something was put out.
        assert_eq!(test.diagnostics().trim_end_matches("]}]}").ends_with('"'), is_shown_again, "{text}");
    }
}

fn digest(output: EngineOutput) -> Option<String> {
    Recorder::default().outputs(&[output]).map(str::to_owned)
}

#[test]
fn a_digest_counts_texts_by_their_length_and_ids_as_they_are() {
    let frame = |text: &str| digest(EngineOutput::Wire(WireAction::SendFrame(Redacted::new(text))));
    assert_eq!(frame("one text"), frame("two more"));
    assert_ne!(frame("one text"), frame("one text more"));
    let read = |id: &str| digest(EngineOutput::Event(Event::Read { id: ServerId(id.to_owned()) }));
    assert_ne!(read("id-1"), read("id-2"));
    let fetch = |id, url: &str| {
        let url = url.to_owned();
        let call =
            HttpCall { id, method: "GET", url, headers: Vec::new(), body: None, timeout_ms: 1, keepalive: false };
        digest(EngineOutput::Wire(WireAction::Fetch(call)))
    };
    assert_eq!(fetch(1, "https://a.example/x"), fetch(1, "https://b.example/x"));
    assert_ne!(fetch(1, "https://a.example/x"), fetch(2, "https://a.example/x"));
}

#[test]
fn every_error_and_every_state_has_a_digest_of_its_own() {
    let errors = ChatError::ALL.iter().cloned().map(Event::Error);
    let states =
        ["queued", "sending", "sent", "failed"].map(|delivery| Event::Delivery { entry: EntryId(1), delivery });
    let counts = (0..50).map(|count| Event::Unread { count });
    let events: Vec<Event> = errors.chain(states).chain(counts).collect();
    let digests: BTreeSet<_> = events.iter().map(|event| digest(EngineOutput::Event(event.clone()))).collect();
    assert_eq!(digests.len(), events.len());
    assert_eq!(Recorder::default().outputs(&[]), None);
}
