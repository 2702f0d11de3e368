use crate::support::{Heard, page};
use guest_messenger::browser::tabs::{Heard as Said, Tabs};
use guest_messenger::engine::{Said as Saying, TabMessage};
use guest_messenger::protocol::json::Json;
use guest_messenger::session::ids::{GuestToken, ServerId, TabId};
use guest_messenger::session::input::{SharedLine, TabNews};
use guest_messenger::session::record::{ReadMark, Record};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::WallTime;
use wasm_bindgen_test::wasm_bindgen_test;

fn now() -> WallTime {
    WallTime(1000)
}

fn tab(channel: &str) -> (Tabs, Heard<Said>) {
    let heard = Heard::new();
    (Tabs::open(channel, now, heard.teller()), heard)
}

fn record(expires_at: i64) -> Record {
    Record {
        token: GuestToken(Redacted::new("token")),
        expires_at: Some(WallTime(expires_at)),
        read_mark: None,
        is_live: true,
        panel_open: true,
    }
}

fn about(said: Saying) -> TabMessage {
    TabMessage { of: (1 << 53) - 1, said }
}

#[wasm_bindgen_test]
async fn what_is_said_reaches_the_other_tabs_of_the_deployment_and_no_others() {
    let (here, own) = tab("news");
    let (_there, heard) = tab("news");
    let (_elsewhere, foreign) = tab("another");
    let mark = ReadMark { time: WallTime(5), id: ServerId("é".to_owned()) };
    let message = about(Saying::News(TabNews::Read(mark)));
    here.say(&message);
    assert_eq!(heard.next().await, Said::Said(message));
    assert_eq!((own.count(), foreign.count()), (0, 0));
}

#[wasm_bindgen_test]
async fn everything_that_tabs_say_is_understood() {
    let (here, _) = tab("all");
    let (_there, heard) = tab("all");
    let (me, term) = (TabId((1 << 53) - 1), 1_792_000_000_000);
    let line = SharedLine {
        number: 7,
        is_new: true,
        is_read_only: false,
        duration_s: Some(9),
        expires_at: None,
        history_debt_ms: 3,
    };
    let ended = SharedLine { expires_at: Some(WallTime(1_792_000_000_000)), duration_s: None, ..line };
    for news in [
        TabNews::Receipted(ReadMark { time: WallTime(5), id: ServerId("a".to_owned()) }),
        TabNews::Cleared,
        TabNews::Typed,
        TabNews::Joined(None),
        TabNews::Joined(Some(ReadMark { time: WallTime(5), id: ServerId("é".to_owned()) })),
        TabNews::WantHistory(me),
        TabNews::MayReadHistory { tab: me, by: TabId(1) },
        TabNews::Seek,
        TabNews::Hold { tab: me, term, line: None, is_refused: true },
        TabNews::Hold { tab: me, term, line: Some(line), is_refused: false },
        TabNews::Hold { tab: me, term, line: Some(ended), is_refused: false },
        TabNews::Type,
        TabNews::Known(ReadMark { time: WallTime(5), id: ServerId("a".to_owned()) }),
        TabNews::Idle,
        TabNews::Release(me),
        TabNews::Check,
        TabNews::Doubt,
        TabNews::Retry,
        TabNews::LogOut,
        TabNews::SignIn,
        TabNews::SignedIn,
    ] {
        let message = about(Saying::News(news));
        here.say(&message);
        assert_eq!(heard.next().await, Said::Said(message));
    }
}

#[wasm_bindgen_test]
async fn frames_travel_between_tabs_as_they_are() {
    let (here, _) = tab("frames");
    let (_there, heard) = tab("frames");
    let frame =
        Json::object([("text", Json::from("a \"quoted\" 😀")), ("n", Json::Number(15.0)), ("none", Json::Null)]);
    for said in [
        Saying::Frame(frame),
        Saying::Send { frame: Redacted::new("{\"a\":1}"), is_message: true },
        Saying::Send { frame: Redacted::new("{}"), is_message: false },
    ] {
        let message = about(said);
        here.say(&message);
        assert_eq!(heard.next().await, Said::Said(message));
    }
}

#[wasm_bindgen_test]
async fn a_new_tab_gets_the_record_from_an_open_one() {
    let (new, answers) = tab("record");
    let (open, questions) = tab("record");
    new.ask();
    assert_eq!(questions.next().await, Said::Asked);
    open.answer(&record(2000));
    assert_eq!(answers.next().await, Said::Answered(record(2000)));
}

#[wasm_bindgen_test]
async fn junk_and_expired_records_on_the_channel_are_passed_over() {
    let (tab, heard) = tab("junk");
    for junk in [
        "",
        "{}",
        "[1]",
        r#"{"kind":"read"}"#,
        r#"{"kind":"seek"}"#,
        r#"{"kind":"hold","of":1,"value":{"tab":-1,"term":1}}"#,
        r#"{"kind":"record","record":"{}"}"#,
        r#"{"kind":"delete"}"#,
    ] {
        page::post("guest-messenger:junk", &junk.into());
    }
    page::post("guest-messenger:junk", &js_sys::Object::new());
    let other = Tabs::open("junk", now, |_| {});
    other.answer(&record(1000));
    other.ask();
    assert_eq!(heard.next().await, Said::Asked, "the first that makes sense");
    drop(tab);
    other.ask();
    page::later(20).await;
    assert_eq!(heard.count(), 0, "a dropped tab hears nothing");
}
