//! Section 7: what is recorded, and what never is.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::world::{World, body, header};
use guest_messenger::engine::{ConversationsSettings, ReceiptsDialect, Webhook};
use guest_messenger::protocol::conversations::audit_line;
use guest_messenger::protocol::json;
use guest_messenger::session::audit::Audit;
use guest_messenger::session::input::Command;
use guest_messenger::session::metrics::Metrics;
use guest_messenger::session::output::Event;

const HOOK: &str = "https://hooks.example/a";
const CRM: &str = "https://hooks.example/b";

fn hooked() -> World {
    let webhook = |url: &str| Some(Webhook { url: url.to_owned(), source: "shop".to_owned() });
    World::live(ConversationsSettings {
        analytics: webhook(HOOK),
        crm: webhook(CRM),
        ..ConversationsSettings::default()
    })
}

#[test]
fn metrics_count_what_arrived_and_what_failed_and_how_long_it_took() {
    let mut world = World::usual();
    let metrics = world.engine.metrics();
    let rate = |metrics: &Metrics| format!("{:.2}", metrics.delivery_rate_percent());
    assert_eq!((metrics.mean_latency_ms(), rate(&metrics)), (0, "0.00".to_owned()), "with none");
    for latency_ms in [100, 300] {
        world.send("Hello");
        world.advance(latency_ms);
        world.answer("/messages", 200, "{}");
    }
    world.send("Hello");
    world.answer("/messages", 400, "");
    world.advance(1_000);
    let metrics = world.engine.metrics();
    assert_eq!((metrics.sent, metrics.failed, metrics.total_latency_ms), (2, 1, 400));
    assert_eq!((metrics.mean_latency_ms(), rate(&metrics)), (200, "66.67".to_owned()));
    let told: Vec<_> = world.events.iter().filter(|event| matches!(event, Event::Metrics(_))).collect();
    assert_eq!(told.len(), 3, "each change is told");
}

#[test]
fn the_latency_of_a_message_counts_from_its_first_attempt() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer_with("/messages", 429, Some("3"), "");
    world.wait_for("/messages");
    world.answer("/messages", 200, "{}");
    assert_eq!(world.engine.metrics().total_latency_ms, 3_000);
}

#[test]
fn every_transmission_has_an_audit_record() {
    let mut world = World::usual();
    world.send("Hello");
    world.advance(120);
    world.answer("/messages", 503, "");
    world.wait_for("/messages");
    world.advance(80);
    let call = world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    let records: Vec<_> = world
        .audits
        .iter()
        .map(|audit| match audit {
            Audit::Transmission(record) => record.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(records.len(), 2, "one for each attempt");
    let first = &records[0];
    assert_eq!((first.action(), first.status, first.http_status), ("TRANSMIT_MESSAGE", "failed", Some(503)));
    assert_eq!((first.error, first.latency_ms), (Some("network/platform"), 120));
    let second = &records[1];
    assert_eq!((second.session_id.as_str(), second.conversation_id.as_str()), ("guest-1", "conversation-1"));
    assert_eq!((second.status, second.response_id.as_deref(), second.error), ("delivered", Some("m-1"), None));
    assert_eq!((second.content_type, second.latency_ms), ("text/plain", 80));
    assert_eq!(second.payload_bytes, call.body.unwrap().expose().len());
    assert_eq!(second.time.0, world.wall_ms());
}

#[test]
fn every_typing_transition_has_an_audit_record() {
    let mut world = World::usual();
    world.key();
    world.advance(30);
    world.answer("/typing", 204, "");
    world.advance(1_000);
    world.answer("/typing", 404, "");
    let records: Vec<_> = world.audits.iter().map(|audit| json::parse(&audit_line(audit)).unwrap()).collect();
    let brief: Vec<_> = records
        .iter()
        .map(|record| (record.text("indicator_status").unwrap(), record.text("result").unwrap(), record.text("error")))
        .collect();
    assert_eq!(brief, [("on", "sent", None), ("off", "failed", Some("rejected/not-found"))]);
    assert_eq!((records[0].text("session_id"), records[0].integer("latency_ms")), (Some("guest-1"), Some(30)));
    assert_eq!(records[0].text("timestamp"), Some("2026-10-14T09:00:01.030Z"));
}

#[test]
fn audit_records_are_lines_of_json_natively() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    let line = audit_line(&world.audits[0]);
    assert!(!line.contains('\n'));
    let record = json::parse(&line).unwrap();
    assert_eq!((record.text("action"), record.text("status")), (Some("TRANSMIT_MESSAGE"), Some("delivered")));
    assert_eq!(record.text("time"), Some("2026-10-14T09:00:01.000Z"));
}

#[test]
fn webhooks_are_off_unless_they_are_chosen() {
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 200, "{}");
    world.key();
    world.answer("/typing", 204, "");
    assert!(world.made.iter().all(|(_, call)| call.url.starts_with("https://api.mypurecloud.com/")));
}

#[test]
fn the_analytics_webhook_hears_of_each_transmission() {
    let mut world = hooked();
    world.send("Hello");
    world.answer("/messages", 200, r#"{"id":"m-1"}"#);
    let call = world.answer(HOOK, 200, "");
    assert_eq!((call.method, call.timeout_ms, header(&call, "X-Source")), ("POST", 5_000, Some("shop")));
    assert_eq!(header(&call, "Authorization"), None, "the token is no business of theirs");
    let said = body(&call);
    assert_eq!((said.text("event_type"), said.text("guest_id")), (Some("message_transmission"), Some("guest-1")));
    assert_eq!((said.text("conversation_id"), said.text("status")), (Some("conversation-1"), Some("delivered")));
    assert_eq!((said.integer("latency_ms"), said.text("error")), (Some(0), None));
    assert_eq!(said.text("timestamp"), Some("2026-10-14T09:00:01.000Z"));
}

#[test]
fn the_crm_webhook_hears_of_each_typing_transition() {
    let mut world = hooked();
    world.key();
    world.answer("/typing", 204, "");
    let said = body(&world.answer(CRM, 200, ""));
    assert_eq!((said.text("event"), said.text("session_id")), (Some("typing_indicator_update"), Some("guest-1")));
    assert_eq!((said.text("status"), said.text("source")), (Some("on"), Some("shop")));
}

#[test]
fn a_webhook_that_hangs_or_fails_delays_no_message_and_is_recorded() {
    let mut world = hooked();
    for round in 0..8 {
        world.send(&format!("Message {round}"));
        world.answer("/messages", 200, &format!(r#"{{"id":"m-{round}"}}"#));
        world.advance(25);
    }
    assert_eq!(world.delivery(), "sent");
    world.no_answer(HOOK);
    for _ in 0..7 {
        world.answer(HOOK, 500, "");
    }
    let failures: Vec<_> = world.audits.iter().filter(|audit| matches!(audit, Audit::Webhook(_))).collect();
    assert_eq!(failures.len(), 8);
    world.send("and on");
    world.answer("/messages", 200, r#"{"id":"m-9"}"#);
    assert_eq!(world.delivery(), "sent", "their faults open no circuit");
    assert!(world.errors().is_empty());
    assert_eq!(world.times(HOOK).len(), 9, "and are not tried again");
}

#[test]
fn a_recording_tells_audit_records_of_another_end_apart_and_not_those_of_another_time() {
    let digest = |audit: &Audit| {
        let mut hasher = DefaultHasher::new();
        audit.hash(&mut hasher);
        hasher.finish()
    };
    let mut world = World::usual();
    world.send("Hello");
    world.answer("/messages", 503, "");
    world.wait_for("/messages");
    world.answer("/messages", 503, "");
    world.wait_for("/messages");
    world.answer("/messages", 200, "{}");
    let [first, second, third] = world.audits.as_slice() else { panic!("three transmissions") };
    assert!(digest(first) == digest(second) && digest(second) != digest(third));
}

const CANARY: &str = "canary-kanarienvogel";

/// Everything that was put out, printed, but for what goes over the wire with the right to.
fn printed(world: &World) -> String {
    let calls: Vec<String> = world.made.iter().map(|(_, call)| format!("{call:?}")).collect();
    let lines: Vec<String> = world.audits.iter().map(audit_line).collect();
    format!(
        "{calls:?} {lines:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        world.events,
        world.audits,
        world.sockets,
        world.errors(),
        world.engine,
        world.record,
    )
}

#[test]
fn neither_text_nor_token_reaches_any_record_address_error_or_print() {
    let webhook = |url: &str| Some(Webhook { url: url.to_owned(), source: "shop".to_owned() });
    let mut world = World::new(ConversationsSettings {
        has_token_provider: true,
        analytics: webhook(HOOK),
        crm: webhook(CRM),
        receipts: ReceiptsDialect::Participants,
        ..ConversationsSettings::default()
    });
    world.provide(&format!("{CANARY}-token"), Some(1_800));
    world.answer("/conversations/messaging", 200, &crate::world::OPENED.replace("guest-token-1", CANARY));
    let echo = format!(r#"{{"message":"{CANARY} was refused"}}"#);
    for status in [400, 403, 404, 413, 418, 500] {
        world.send(&format!("{CANARY} {status}"));
        world.wait_for("/messages");
        world.answer("/messages", status, &echo);
        world.advance(100);
    }
    world.key();
    world.answer("/typing", 403, &echo);
    let entry = world.agent_says("a-1", CANARY);
    world.command(Command::InView(vec![entry]));
    world.wait_for("/read");
    world.answer("/read", 400, &echo.replace(CANARY, &format!("{CANARY}-token")));
    world.send(CANARY);
    world.close(1006);
    world.wait_for("pageNumber=1");
    world.answer("pageNumber=1", 400, &echo);
    while let Some(call) = world.calls.iter().find(|call| call.url.starts_with("https://hooks")).cloned() {
        assert!(!call.body.as_ref().unwrap().expose().contains(CANARY), "{:?}", call.url);
        world.answer(&call.url, 500, &echo);
    }
    let printed = printed(&world);
    assert!(!printed.contains("canary"), "{}", &printed[printed.find("canary").unwrap().saturating_sub(300)..]);
    for error in world.errors() {
        assert!(!error.contains("kanarien"));
    }
}
