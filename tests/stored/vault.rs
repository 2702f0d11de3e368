use guest_messenger::protocol::json;
use guest_messenger::session::content::{Answer, AnswerKind, Attachment, Body, Choice, Item};
use guest_messenger::session::ids::{ClientId, ServerId};
use guest_messenger::session::record::Unsent;
use guest_messenger::session::time::WallTime;
use guest_messenger::stored::vault::{self, Kept, write};

fn read(text: &str) -> Kept {
    json::parse(text).map(|json| vault::read(&json)).unwrap_or_default()
}

fn unsent() -> Unsent {
    let choice = Choice { text: "Blue".to_owned(), payload: "C:B".to_owned(), ..Choice::default() };
    let answer = Answer::press(AnswerKind::QuickReply, choice, Some(ServerId("offer".to_owned())));
    Unsent {
        client_id: ClientId("c1".to_owned()),
        body: Body { items: vec![Item::Answer(answer)], ..Body::text("Grüß \"Gott\" \n\u{1f44b}") },
        accepted_at: WallTime(1_792_000_000_123),
        after: WallTime(0),
        has_failed: true,
        conversation: Some((1 << 53) - 1),
    }
}

#[test]
fn what_is_kept_reads_back_the_same() {
    let kept = Kept { unsent: vec![unsent()], draft: "half a tho".to_owned() };
    assert_eq!(read(&write(&kept)), kept);
}

#[test]
fn the_files_of_a_message_come_back_with_it() {
    let file = |id: &str| Attachment { id: id.to_owned(), name: "a \"b\".png".to_owned(), ..Attachment::default() };
    let items = vec![Item::Attachment(file("1")), Item::Attachment(file("2"))];
    let unsent = Unsent { body: Body { items, ..Body::default() }, ..unsent() };
    let kept = Kept { unsent: vec![unsent], draft: String::new() };
    assert_eq!(read(&write(&kept)), kept);
}

#[test]
fn nothing_to_keep_is_an_empty_text() {
    assert_eq!(write(&Kept::default()), "");
}

#[test]
fn what_is_malformed_or_of_another_version_is_nothing() {
    for junk in ["", "[", "[{\"v\":99}]", "{\"v\":2,\"draft\":\"x\"}", "null", "{\"v\":1,\"unsent\":7}"] {
        assert_eq!(read(junk), Kept::default(), "{junk}");
    }
    let half = r#"{"v":1,"unsent":[{"id":"c1"},{"id":"c2","text":"whole","answers":[7],"acceptedAt":1,"after":0,"failed":false}],"draft":null}"#;
    assert_eq!(read(half).unsent.len(), 1);
}

#[test]
fn a_message_that_the_version_before_kept_is_anybodys() {
    let before = r#"{"v":1,"unsent":[{"id":"c1","text":"one","answers":[],"acceptedAt":1,"after":0,"failed":false}],"draft":""}"#;
    assert_eq!(read(before).unsent.iter().map(|unsent| unsent.conversation).collect::<Vec<_>>(), [None]);
}
