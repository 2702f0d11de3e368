//! Which conversation it is: what the page names, what its token provider says, what the browser remembers, and what is over.

use crate::world::{OPENED, World, body, header};
use guest_messenger::engine::{AccessToken, ConversationsSettings, EngineInput, ReceiptsDialect};
use guest_messenger::session::input::{Command, Environment};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::view::Phase;

const OPENING: &str = "/conversations/messaging";

fn named(conversation: Option<&str>) -> ConversationsSettings {
    ConversationsSettings {
        has_token_provider: true,
        conversation_id: conversation.map(str::to_owned),
        ..ConversationsSettings::default()
    }
}

/// The provider says this of the guest.
fn provide(world: &mut World, guest_id: Option<&str>, conversation_id: Option<&str>) {
    world.input(EngineInput::AccessToken(Some(AccessToken {
        token: Redacted::new("access-1"),
        expires_in_s: Some(1_800),
        guest_id: guest_id.map(str::to_owned),
        conversation_id: conversation_id.map(str::to_owned),
    })));
}

/// The conversation was over, and the visitor begins anew.
fn begin_anew(world: &mut World) {
    world.key();
    world.answer("/typing", 409, "");
    world.forget();
    world.command(Command::StartNew);
    if !world.has_socket {
        world.wait_for_socket();
    }
}

#[test]
fn a_conversation_that_the_token_provider_names_is_entered_and_none_is_opened() {
    let mut world = World::new(named(None));
    provide(&mut world, Some("guest-7"), Some("conversation-7"));
    assert!(world.is_live());
    assert!(world.urls()[0].contains("/conversations/conversation-7/messages?"), "{:?}", world.urls());
    world.key();
    assert!(world.urls()[1].ends_with("/participants/guest-7/typing"), "{:?}", world.urls());
    assert!(world.made_to(OPENING).is_empty());
}

#[test]
fn a_conversation_that_is_over_is_not_entered_again_because_the_token_provider_names_it() {
    let mut world = World::new(named(Some("conversation-1")));
    provide(&mut world, Some("guest-1"), Some("conversation-1"));
    world.answer("pageNumber=1", 200, r#"{"entities":[]}"#);
    begin_anew(&mut world);
    provide(&mut world, Some("guest-1"), Some("conversation-1"));
    assert_eq!(world.made_to(OPENING).len(), 1, "{:?}", world.urls());
}

#[test]
fn the_guest_whom_the_token_provider_named_is_remembered_with_the_conversation() {
    let mut world = World::new(named(Some("conversation-1")));
    provide(&mut world, Some("guest-1"), None);
    let record = world.record.clone();
    assert!(record.is_some());

    let mut world = World::resumed(named(Some("conversation-1")), record.clone());
    provide(&mut world, None, None);
    assert!(world.is_live(), "{:?}", world.errors());
    world.key();
    assert!(world.made_to("/participants/guest-1/typing").len() == 1, "{:?}", world.urls());

    let mut world = World::resumed(named(Some("conversation-2")), record);
    provide(&mut world, None, None);
    assert_eq!(world.errors(), ["misuse/no-participant"], "and in no other one");
}

#[test]
fn a_line_that_breaks_while_the_conversation_is_opened_opens_no_second_one() {
    let mut world = World::new(ConversationsSettings::default());
    world.close(1006);
    world.wait_for_socket();
    assert_eq!(world.made_to(OPENING).len(), 1);
    world.answer(OPENING, 200, OPENED);
    assert!(world.is_live());
    assert_eq!(world.frames[0].text("token"), Some("guest-token-1"));
}

#[test]
fn the_token_of_the_guest_before_opens_no_new_conversation() {
    let mut world = World::usual();
    begin_anew(&mut world);
    let call = world.answer(OPENING, 200, &OPENED.replace("-1", "-2"));
    assert_eq!(header(&call, "Authorization"), None);
    world.send("Hello");
    assert_eq!(header(&world.take("/messages"), "Authorization"), Some("Bearer guest-token-2"));
}

#[test]
fn the_page_is_asked_for_a_token_anew_for_a_new_conversation() {
    let mut world = World::provided(ConversationsSettings::default());
    begin_anew(&mut world);
    assert_eq!((world.asked, world.made_to(OPENING).len()), (1, 0));
}

#[test]
fn what_waits_to_be_said_in_a_conversation_that_is_over_is_not_said_in_the_next() {
    let mut world = World::live(ConversationsSettings {
        receipts: ReceiptsDialect::Participants,
        ..ConversationsSettings::default()
    });
    let entry = world.agent_says("a-1", "Hi");
    world.command(Command::InView(vec![entry]));
    world.wait_for("/read");
    world.answer_with("/read", 429, Some("20"), "");
    begin_anew(&mut world);
    world.answer(OPENING, 200, &OPENED.replace("-1", "-2"));
    world.idle(60_000);
    assert!(world.made_to("/read").is_empty(), "{:?}", world.urls());
}

#[test]
fn an_answer_that_was_meant_for_the_conversation_before_says_nothing_in_the_next() {
    let mut world = World::usual();
    world.close(1006);
    world.wait_for("pageNumber=1");
    begin_anew(&mut world);
    world.answer(OPENING, 200, &OPENED.replace("-1", "-2"));
    assert!(world.is_live());
    world.answer(
        "/conversation-1/messages?pageSize=25&pageNumber=1",
        200,
        r#"{"entities":[{"id":"a-1","from":{"id":"agent-1"},"body":{"content":"of old"}}],"total":1}"#,
    );
    assert!(!world.texts().iter().any(|text| text == "of old"), "{:?}", world.texts());
}

#[test]
fn a_history_that_is_not_there_is_not_asked_for_twice_on_one_line() {
    let mut world = World::usual();
    for round in 0..2 {
        world.send("Hello");
        world.no_answer("/messages");
        if round == 0 {
            world.answer("pageNumber=1", 404, "");
        }
        assert_eq!((world.delivery(), world.times("pageNumber=1").len()), ("failed", 1), "{round}");
    }
}

#[test]
fn a_new_conversation_has_its_history_asked_for_though_the_one_before_had_none() {
    let mut world = World::usual();
    world.send("Hello");
    world.no_answer("/messages");
    world.answer("pageNumber=1", 404, "");
    begin_anew(&mut world);
    world.answer(OPENING, 200, &OPENED.replace("-1", "-2"));
    assert!(world.urls().iter().any(|url| url.contains("/conversation-2/messages?")), "{:?}", world.urls());
}

#[test]
fn tokens_that_are_refused_at_once_end_it_also_when_the_page_was_away_in_between() {
    let mut world = World::provided(ConversationsSettings::default());
    for round in 0..2 {
        world.close(4001);
        world.wait_for_socket();
        world.provide(&format!("access-{round}"), Some(1_800));
        assert!(world.is_live());
    }
    world.environment(Environment::Leaving);
    world.environment(Environment::Resumed);
    if !world.has_socket {
        world.wait_for_socket();
    }
    assert!(world.is_live());
    world.close(4001);
    assert!(matches!(world.engine.view().phase, Phase::Ended(_)), "{:?}", world.engine.view().phase);
}

#[test]
fn an_event_shows_that_the_token_was_good() {
    let mut world = World::provided(ConversationsSettings::default());
    for round in 0..5 {
        world.agent_says(&format!("a-{round}"), &format!("Hi {round}"));
        world.close(4001);
        assert!(!matches!(world.engine.view().phase, Phase::Ended(_)), "round {round}");
        world.wait_for_socket();
        world.provide(&format!("access-{round}"), Some(1_800));
    }
}

#[test]
fn a_session_that_lived_for_a_while_before_it_expired_is_no_refused_token() {
    let mut world = World::provided(ConversationsSettings::default());
    for round in 0..5 {
        world.advance(10_000);
        world.close(4001);
        assert!(!matches!(world.engine.view().phase, Phase::Ended(_)), "round {round}");
        world.wait_for_socket();
        world.provide(&format!("access-{round}"), Some(1_800));
        assert!(world.is_live());
    }
}

#[test]
fn the_answer_to_the_opening_is_read_in_each_of_its_spellings() {
    for opened in [
        r#"{"conversationId":"conversation-1","participantId":"guest-1","guestToken":"guest-token-1"}"#,
        r#"{"id":"conversation-1","guestId":"guest-1","accessToken":"guest-token-1"}"#,
        r#"{"id":"other","conversationId":"conversation-1","guestId":"guest-1","participantId":"other","token":"guest-token-1","guestToken":"other"}"#,
    ] {
        let mut world = World::new(ConversationsSettings::default());
        world.answer(OPENING, 200, opened);
        assert!(world.is_live(), "{opened}");
        world.send("Hello");
        let call = world.take("/messages");
        assert_eq!(header(&call, "Authorization"), Some("Bearer guest-token-1"), "{opened}");
        assert_eq!(body(&call).get("from").unwrap().text("id"), Some("guest-1"), "{opened}");
        assert_eq!(body(&call).get("to").unwrap().text("id"), Some("conversation-1"), "{opened}");
    }
}
