//! Configuration, session and history at their edges: what no test noticed when it was broken on purpose
//! (tests/MUTANTS.md).

use guest_messenger::engine::{EngineInput, EngineOutput};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireInput};
use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::files::FileRules;
use guest_messenger::session::input::Command;
use guest_messenger::session::output::Event;
use guest_messenger::session::time::{Now, Timestamp, WallTime};

use crate::harness::TestEngine;
use crate::http::{wanting_history, wanting_page};

const EPOCH_MS: i64 = 1_792_000_000_000;

fn deployment_of(config: &str) -> Deployment {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    test.answer(&call, 200, config);
    test.engine.view().deployment.cloned().expect("a configuration")
}

fn answer_with(test: &mut TestEngine, call: &HttpCall, status: u16, retry_after: &str) {
    let answer = Some(HttpAnswer { status, retry_after: Some(retry_after.to_owned()), ..HttpAnswer::default() });
    test.wire(WireInput::Answer { call: call.id, answer });
}

/// When the record says that a session expires that is answered with these fields, in milliseconds from now.
fn expiry_of(fields: &str) -> Option<i64> {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    test.answer(&call, 200, r#"{"messenger":{}}"#);
    test.wire(WireInput::SocketOpened);
    let frame =
        format!(r#"{{"class":"SessionResponse","code":200,"body":{{"connected":true,"newSession":true,{fields}}}}}"#);
    let now = Now { monotonic: Timestamp(test.now_ms), wall: WallTime(EPOCH_MS) };
    test.engine.handle(now, EngineInput::Wire(WireInput::Frame(guest_messenger::protocol::json::parse(&frame))));
    while let Some(output) = test.engine.poll_output() {
        if let EngineOutput::Persist(record) = output {
            return record.expires_at.map(|at| at.0 - EPOCH_MS);
        }
    }
    panic!("nothing was kept");
}

#[test]
fn how_the_messenger_is_to_look_is_handed_on_in_the_words_of_its_view_and_nothing_else_is() {
    let config = r##"{"id":"7d1c","languages":["en-us","de"],"position":{"alignment":"Left","sideSpace":20,"bottomSpace":12},
        "customI18nLabels":[{"language":"de","localizedLabels":[{"key":"MessengerHomeHeaderTitle","value":"Hallo"}]}],
        "messenger":{"styles":{"primaryColor":"#123456","secondaryColor":"#ffd84d","fontFamily":"Georgia","fontSize":"17px","modeType":"x"},"apps":{"conversations":{"enabled":true}},
        "launcherButton":{"visibility":"Off","displayType":"Text","icon":{"url":"https://h/i.png"}},
        "homeScreen":{"enabled":true,"logoUrl":"https://h/l.png"}},"auth":{"enabled":true}}"##;
    let look = r##"{"languages":["en-us","de"],"position":{"alignment":"Left","side":20,"bottom":12},
        "labels":[{"language":"de","texts":[{"key":"MessengerHomeHeaderTitle","value":"Hallo"}]}],
        "messenger":{"styles":{"color":"#123456","second":"#ffd84d","font":"Georgia","size":"17px"},
        "launcher":{"visibility":"Off","shows":"Text","icon":{"url":"https://h/i.png"}},
        "home":{"enabled":true,"logo":"https://h/l.png"}}}"##;
    assert_eq!(deployment_of(config).look, look.split("\n        ").collect::<String>());
}

#[test]
fn each_setting_of_a_configuration_is_read_from_its_own_place() {
    let whole = r#"{"status":"Active","messenger":{"enabled":true,"styles":{"primaryColor":"teal"},"fileUpload":{"enableAttachments":true},"apps":{"conversations":{
        "showAgentTypingIndicator":true,"showUserTypingIndicator":true,"autoStart":{"enabled":true},
        "conversationClear":{"enabled":true},"markdown":{"enabled":true},
        "humanize":{"enabled":true,"bot":{"name":"Robi","avatarUrl":"https://h/r.png"}}}}},"guestMessenger":{"readReceipts":true},
        "auth":{"enabled":true,"allowSessionUpgrade":true}}"#;
    let everything = Deployment {
        is_active: true,
        sends_typing: true,
        shows_typing: true,
        auto_start: true,
        allows_clear: true,
        markdown: true,
        signs_in: true,
        allows_step_up: true,
        takes_receipts: true,
        session_rules_files: true,
        file_rules: FileRules::default(),
        bot_name: Some("Robi".to_owned()),
        bot_avatar: Some("https://h/r.png".to_owned()),
        look: r#"{"messenger":{"enabled":true,"styles":{"color":"teal"}}}"#.to_owned(),
    };
    assert_eq!(deployment_of(whole), everything);
    let bare = r#"{"messenger":{}}"#;
    assert_eq!(deployment_of(bare), Deployment { is_active: true, look: bare.to_owned(), ..Deployment::default() });
    let inhuman = whole.replace(r#""humanize":{"enabled":true"#, r#""humanize":{"enabled":false"#);
    assert_eq!(deployment_of(&inhuman), Deployment { bot_name: None, bot_avatar: None, ..everything.clone() });
    let nameless = whole.replace("Robi", "");
    assert_eq!(deployment_of(&nameless), Deployment { bot_name: None, ..everything });
}

#[test]
fn a_deployment_is_inactive_by_its_status_or_by_its_messenger() {
    for config in [r#"{"status":"Inactive","messenger":{}}"#, r#"{"messenger":{"enabled":false}}"#] {
        assert!(!deployment_of(config).is_active, "{config}");
    }
}

#[test]
fn a_session_expires_by_its_duration_or_by_a_date_in_seconds_or_milliseconds() {
    assert_eq!(expiry_of(r#""durationSeconds":60"#), Some(60_000));
    assert_eq!(expiry_of(r#""durationSeconds":"60""#), Some(60_000));
    assert_eq!(expiry_of(r#""durationSeconds":-60"#), None);
    assert_eq!(expiry_of(r#""expirationDate":1792000090"#), Some(90_000));
    assert_eq!(expiry_of(r#""expirationDate":1792000090000"#), Some(90_000));
    // The largest date in seconds is further away than any deployment can be set to; as milliseconds it is long past.
    assert_eq!(expiry_of(r#""expirationDate":99999999999"#), None);
    assert_eq!(expiry_of(r#""expirationDate":100000000000"#), None);
}

#[test]
fn a_busy_platform_is_left_alone_as_long_as_it_says_with_either_status() {
    for status in [429, 503] {
        let mut test = TestEngine::fresh();
        test.command(Command::OpenPanel);
        let call = test.take_call();
        answer_with(&mut test, &call, status, "20");
        test.advance(19_999);
        assert_eq!(test.take_calls(), [], "{status}");
        let (mut test, call) = wanting_page();
        answer_with(&mut test, &call, status, "20");
        test.advance(19_999);
        assert_eq!(test.take_calls(), [], "{status}");
        test.advance(2);
        assert_eq!(test.take_calls().len(), 1, "{status}");
    }
}

#[test]
fn a_retry_after_of_no_more_than_fifteen_minutes_is_kept_to_the_second() {
    for (text, wait_ms) in [("899", 899_000), ("900", 900_000), ("901", 900_000)] {
        let (mut test, call) = wanting_page();
        answer_with(&mut test, &call, 429, text);
        let end_ms = test.now_ms + wait_ms;
        while test.now_ms < end_ms - 1 {
            test.advance((end_ms - 1 - test.now_ms).min(10_000));
            test.receive("{}");
        }
        assert_eq!(test.take_calls(), [], "{text}");
        test.advance(1);
        let frames = test.take_frames();
        assert!(frames.iter().any(|frame| frame.text("action") == Some("getJwt")), "{text}: {frames:?}");
    }
}

#[test]
fn a_timeout_of_the_platform_is_no_refusal() {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    test.answer(&call, 408, "{}");
    test.advance(2_000);
    assert_eq!(test.take_calls().len(), 1, "the configuration is asked for again");
    for (status, is_told) in [(400, true), (404, true), (499, true), (500, false), (302, false), (299, false)] {
        let (mut test, call) = wanting_page();
        test.answer(&call, status, "[]");
        assert_eq!(test.events.contains(&Event::Error(ChatError::HISTORY_UNAVAILABLE)), is_told, "{status}");
    }
}

#[test]
fn a_token_for_history_is_used_for_fifty_seconds_at_most_and_not_in_its_last_five() {
    // The seconds that a token has to live, and for how many milliseconds it is used.
    let lives = [(None, 50_000), (Some(3_600), 50_000), (Some(55), 50_000), (Some(35), 30_000), (Some(-10), 0)];
    for (life_s, use_ms) in lives {
        for wait_ms in [0, use_ms.max(1) - 1, use_ms] {
            let mut test = wanting_history();
            test.advance(1_000 - test.now_ms % 1_000);
            test.actions.clear();
            let now_s = 1_792_000_000 + i64::try_from(test.now_ms / 1_000).unwrap();
            let exp = life_s.map_or_else(String::new, |life_s: i64| format!(r#","exp":{}"#, now_s + life_s));
            test.receive(&format!(r#"{{"class":"JwtResponse","code":200,"body":{{"jwt":"j"{exp}}}}}"#));
            let call = test.take_call();
            test.answer(&call, 200, r#"{"entities":[{"id":"a","text":"a","direction":"Outbound"}],"pageCount":9}"#);
            test.advance(wait_ms);
            test.actions.clear();
            test.command(Command::LoadOlder);
            let is_used = test.take_calls().len() == 1;
            assert_eq!(is_used, wait_ms < use_ms, "a token that lives {life_s:?} s, after {wait_ms} ms");
        }
    }
}

#[test]
fn a_page_without_a_count_has_older_ones_if_it_is_full() {
    for (count, has_older) in [(24, false), (25, true), (26, true)] {
        let entity = |number| format!(r#"{{"id":"{number}","text":"x","direction":"Outbound"}}"#);
        let entities: Vec<String> = (0..count).map(entity).collect();
        let (mut test, call) = wanting_page();
        test.answer(&call, 200, &format!(r#"{{"entities":[{}]}}"#, entities.join(",")));
        assert_eq!(test.engine.view().history.has_older, has_older, "{count}");
    }
}

#[test]
fn a_page_with_a_count_has_older_ones_until_it_is_the_last() {
    for (pages, has_older) in [("0", false), ("1", false), ("2", true), ("\"2\"", true)] {
        let (mut test, call) = wanting_page();
        let body = r#"{"entities":[{"id":"a","text":"x","direction":"Outbound"}],"pageCount":N}"#;
        test.answer(&call, 200, &body.replace('N', pages));
        assert_eq!(test.engine.view().history.has_older, has_older, "{pages}");
    }
}

#[test]
fn a_message_of_history_without_a_time_stands_next_to_its_neighbour() {
    let (mut test, call) = wanting_page();
    test.answer(
        &call,
        200,
        r#"{"entities":[
        {"id":"0","text":"first","direction":"Outbound"},
        {"id":"1","text":"second","direction":"Outbound","channel":{"time":"2026-10-14T09:00:01Z"}},
        {"id":"2","text":"third","direction":"Outbound"},
        {"id":"9","text":"late","direction":"Outbound","channel":{"time":"2026-10-14T09:00:09Z"}}],"pageCount":1}"#,
    );
    assert_eq!(test.texts(), ["first", "second", "third", "late"]);
}
