use crate::support::{Heard, page};
use guest_messenger::browser::tabs::{TabMessage, Tabs};
use guest_messenger::session::ids::{GuestToken, ServerId};
use guest_messenger::session::input::TabNews;
use guest_messenger::session::record::{ReadMark, Record};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::WallTime;
use wasm_bindgen_test::wasm_bindgen_test;

fn now() -> WallTime {
    WallTime(1000)
}

fn tab(channel: &str) -> (Tabs, Heard<TabMessage>) {
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

#[wasm_bindgen_test]
async fn news_reach_the_other_tabs_of_the_deployment_and_no_others() {
    let (here, own) = tab("news");
    let (_there, heard) = tab("news");
    let (_elsewhere, foreign) = tab("another");
    let mark = ReadMark { time: WallTime(5), id: ServerId("é".to_owned()) };
    here.share(&TabNews::Read(mark.clone()));
    here.share(&TabNews::Cleared);
    assert_eq!(heard.next().await, TabMessage::News(TabNews::Read(mark)));
    assert_eq!(heard.next().await, TabMessage::News(TabNews::Cleared));
    assert_eq!((own.count(), foreign.count()), (0, 0));
}

#[wasm_bindgen_test]
async fn a_new_tab_gets_the_record_from_an_open_one() {
    let (new, answers) = tab("record");
    let (open, questions) = tab("record");
    new.ask();
    assert_eq!(questions.next().await, TabMessage::Asked);
    open.answer(&record(2000));
    assert_eq!(answers.next().await, TabMessage::Answered(record(2000)));
}

#[wasm_bindgen_test]
async fn junk_and_expired_records_on_the_channel_are_passed_over() {
    let (tab, heard) = tab("junk");
    for junk in ["", "{}", "[1]", r#"{"kind":"read"}"#, r#"{"kind":"record","record":"{}"}"#, r#"{"kind":"delete"}"#] {
        page::post("guest-messenger:junk", &junk.into());
    }
    page::post("guest-messenger:junk", &js_sys::Object::new());
    let other = Tabs::open("junk", now, |_| {});
    other.answer(&record(1000));
    other.ask();
    assert_eq!(heard.next().await, TabMessage::Asked, "the first that makes sense");
    drop(tab);
    other.ask();
    page::later(20).await;
    assert_eq!(heard.count(), 0, "a dropped tab hears nothing");
}
