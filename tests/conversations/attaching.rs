//! Section 6: files that the page attaches by their addresses.

use crate::world::{World, body};
use guest_messenger::engine::{ConversationsSettings, SendForm};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::session::content::{Attachment, Body, Item};
use guest_messenger::session::input::Command;
use guest_messenger::session::redact::Redacted;
use guest_messenger::stored::vault::{self, Kept};

fn attached(text: &str, mime: &str, size_bytes: u64) -> Body {
    let file = Attachment {
        name: "plan.pdf".to_owned(),
        url: Some(Redacted::new("https://files.example/plan.pdf?sig=1")),
        size_bytes: Some(size_bytes),
        mime: mime.to_owned(),
        ..Attachment::default()
    };
    Body { text: Redacted::new(text), items: vec![Item::Attachment(file)] }
}

#[test]
fn files_that_lie_elsewhere_go_with_the_message_as_the_reference_writes_them() {
    for text in ["see this", ""] {
        let mut world = World::usual();
        world.command(Command::SendAttached(attached(text, "application/pdf", 1_234)));
        let call = world.answer("/messages", 200, r#"{"id":"m-1"}"#);
        let said = body(&call);
        assert_eq!(said.get("body").unwrap().text("content"), Some(text));
        let [file] = said.list("attachments") else { panic!("no attachment") };
        assert_eq!((file.text("contentType"), file.text("fileName")), (Some("application/pdf"), Some("plan.pdf")));
        assert_eq!(file.text("url"), Some("https://files.example/plan.pdf?sig=1"));
        assert_eq!(file.integer("size"), Some(1_234));
        assert_eq!(world.delivery(), "sent");
        let entries = world.engine.view().transcript.entries();
        assert_eq!(entries[0].body.items.len(), 1, "and the visitor sees it");
    }
}

#[test]
fn a_message_without_files_names_none() {
    let mut world = World::usual();
    world.send("Hello");
    assert!(body(&world.take("/messages")).get("attachments").is_none());
}

#[test]
fn files_go_by_the_call_that_has_a_place_for_them_whatever_the_page_chose() {
    let chosen = ConversationsSettings { send: SendForm::ParticipantSend, ..ConversationsSettings::default() };
    let mut world = World::live(chosen);
    world.command(Command::SendAttached(attached("see this", "image/png", 1)));
    world.answer("/conversations/messaging/messages", 200, r#"{"id":"m-1"}"#);
    world.send("Hello");
    world.answer("/participants/guest-1/send", 200, r#"{"id":"m-2"}"#);
}

#[test]
fn a_file_that_the_policy_forbids_is_refused_before_any_call() {
    for (body, code) in [
        (attached("see this", "image/svg+xml", 1), "rejected/attachment-type"),
        (attached("see this", "image/png", 25 * 1024 * 1024 + 1), "rejected/attachment-size"),
        (attached("<script>", "image/svg+xml", 1), "rejected/content"),
        (Body::default(), "misuse/empty-message"),
    ] {
        let mut world = World::usual();
        assert_eq!(world.engine.session().check_attached(&body).unwrap_err().code, code);
        world.plays_back = false;
        world.command(Command::SendAttached(body));
        assert!(world.made.is_empty() && world.texts().is_empty());
        assert_eq!(world.errors(), [code]);
    }
}

#[test]
fn a_retry_and_a_reload_bring_the_files_along() {
    let mut world = World::usual();
    world.command(Command::SendAttached(attached("see this", "image/png", 7)));
    world.answer("/messages", 500, "");
    world.wait_for("/messages");
    assert_eq!(body(&world.calls[0]).list("attachments").len(), 1);
    let kept = vault::write(&Kept { unsent: world.kept.clone(), draft: String::new() });
    let kept = vault::read(&json::parse(&kept).unwrap()).unsent;
    let mut world = World::restored(ConversationsSettings::default(), world.record.clone(), kept);
    world.answer("pageNumber=1", 200, r#"{"entities":[],"total":0}"#);
    let call = world.take("/messages");
    let [file] = body(&call).list("attachments").to_vec().try_into().expect("one");
    let file: Json = file;
    assert_eq!((file.text("contentType"), file.integer("size")), (Some("image/png"), Some(7)));
    assert_eq!(file.text("url"), Some("https://files.example/plan.pdf?sig=1"));
}
