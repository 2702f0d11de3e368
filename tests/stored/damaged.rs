//! Older, damaged or foreign: whatever the storages hold, the start succeeds, and what is whole in it is used.

use guest_messenger::engine::{Endpoints, Engine, EngineInput, Settings};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::session::Receipts;
use guest_messenger::session::content::{Answer, AnswerKind, Body, Choice, Item};
use guest_messenger::session::ids::{ClientId, GuestToken, ServerId};
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::record::{ReadMark, Record, Unsent};
use guest_messenger::session::redact::Redacted;
use guest_messenger::session::time::{Now, Timestamp, WallTime};
use guest_messenger::stored::vault::Kept;
use guest_messenger::stored::{record, vault};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const NOW_MS: i64 = 1_792_000_000_000;

/// Numbers as the storages hold them, and those that nobody means.
fn numbers() -> impl Strategy<Value = i64> {
    prop_oneof![4 => 0..(1_i64 << 53), 1 => Just(NOW_MS), 1 => -(1_i64 << 53)..0]
}

fn records() -> impl Strategy<Value = Record> {
    let mark = ("[ -~]{0,12}", numbers()).prop_map(|(id, time)| ReadMark { time: WallTime(time), id: ServerId(id) });
    let fields = ("[!-~]{1,128}", prop::option::of(numbers()), prop::option::of(mark), any::<bool>(), any::<bool>());
    fields.prop_map(|(token, expires_at, read_mark, is_live, panel_open)| Record {
        token: GuestToken(Redacted::new(&token)),
        expires_at: expires_at.map(WallTime),
        read_mark,
        is_live,
        panel_open,
    })
}

fn answers() -> impl Strategy<Value = Answer> {
    let kinds = select(vec![AnswerKind::QuickReply, AnswerKind::CardButton, AnswerKind::Form, AnswerKind::Other]);
    let choices = prop::collection::vec((any::<String>(), any::<String>(), any::<String>()), 0..3);
    (kinds, any::<String>(), choices, prop::option::of(any::<String>()), any::<String>()).prop_map(
        |(kind, text, choices, to, form)| {
            let choice = |(question, text, payload)| Choice { question, text, payload };
            Answer { kind, text, choices: choices.into_iter().map(choice).collect(), to: to.map(ServerId), form }
        },
    )
}

fn unsent() -> impl Strategy<Value = Unsent> {
    let body = (any::<String>(), prop::collection::vec(answers(), 0..2));
    let tag = prop::option::of(0..(1_u64 << 53));
    ("[a-z0-9-]{1,36}", body, numbers(), numbers(), any::<bool>(), tag).prop_map(
        |(id, (text, answers), accepted_at, after, has_failed, conversation)| Unsent {
            client_id: ClientId(id),
            body: Body { items: answers.into_iter().map(Item::Answer).collect(), ..Body::text(text) },
            accepted_at: WallTime(accepted_at),
            after: WallTime(after),
            has_failed,
            conversation,
        },
    )
}

fn kept() -> impl Strategy<Value = Kept> {
    (prop::collection::vec(unsent(), 0..4), any::<String>()).prop_map(|(unsent, draft)| Kept { unsent, draft })
}

/// What may have become of a text.
#[derive(Clone, Debug)]
enum Damage {
    Cut(Index),
    Replaced(Index, char),
    Doubled,
    /// The value of one key is another thing now.
    Changed(Index, Json),
    Lost(Index),
    Added(String, Json),
}

fn damage() -> impl Strategy<Value = Damage> {
    let junk = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<f64>().prop_map(Json::Number),
        any::<String>().prop_map(Json::Text),
        Just(Json::List(vec![Json::Null, Json::Number(f64::INFINITY), Json::Map(Vec::new())])),
        Just(Json::Map(vec![("time".to_owned(), Json::Number(1e300)), ("id".to_owned(), Json::from(""))])),
    ];
    prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<char>()).prop_map(|(at, character)| Damage::Replaced(at, character)),
        Just(Damage::Doubled),
        (any::<Index>(), junk.clone()).prop_map(|(at, value)| Damage::Changed(at, value)),
        any::<Index>().prop_map(Damage::Lost),
        (any::<String>(), junk).prop_map(|(key, value)| Damage::Added(key, value)),
    ]
}

fn damaged(text: &str, damage: &Damage) -> String {
    let characters: Vec<char> = text.chars().collect();
    let place = |at: &Index| at.index(characters.len().max(1));
    match damage {
        Damage::Cut(at) => characters[..place(at).min(characters.len())].iter().collect(),
        Damage::Replaced(at, character) => {
            let mut characters = characters.clone();
            if let Some(found) = characters.get_mut(place(at)) {
                *found = *character;
            }
            characters.into_iter().collect()
        }
        Damage::Doubled => [text, text].concat(),
        Damage::Changed(at, value) => rewritten(text, |pairs| {
            let at = at.index(pairs.len());
            pairs[at].1 = value.clone();
        }),
        Damage::Lost(at) => rewritten(text, |pairs| drop(pairs.remove(at.index(pairs.len())))),
        Damage::Added(key, value) => rewritten(text, |pairs| pairs.push((key.clone(), value.clone()))),
    }
}

/// Of a list in it the first item is as likely to change as the whole.
fn rewritten(text: &str, change: impl FnOnce(&mut Vec<(String, Json)>)) -> String {
    let Some(Json::Map(mut pairs)) = json::parse(text) else { return text.to_owned() };
    let inner = pairs.iter_mut().find_map(|(_, value)| match value {
        Json::List(items) => items.first_mut(),
        _ => None,
    });
    match inner {
        Some(Json::Map(inner)) if inner.len() % 2 == 0 => change(inner),
        _ => change(&mut pairs),
    }
    Json::Map(pairs).write()
}

/// A page starts with this, and lives for a minute without a network.
fn start_with(record: Option<Record>, kept: Kept) {
    let endpoints = Endpoints::of_domain("mypurecloud.ie");
    let settings =
        Settings { deployment_id: "d".to_owned(), endpoints, receipts: Receipts::Auto, ..Settings::default() };
    let mut engine = Engine::new(settings, 1);
    let mut handle = |at_ms: u64, input: Input| {
        let wall = WallTime(NOW_MS + i64::try_from(at_ms).unwrap());
        engine.handle(Now { monotonic: Timestamp(at_ms), wall }, EngineInput::Session(input));
        while engine.poll_output().is_some() {}
        engine.poll_timeout()
    };
    let count = kept.unsent.len();
    handle(1_000, Input::Command(Command::Start(record)));
    handle(1_100, Input::Command(Command::Restore(kept.unsent)));
    let mut next = handle(1_200, Input::Command(Command::SendText("still here".to_owned())));
    handle(1_300, Input::Environment(Environment::Visible));
    for _ in 0..20 {
        let Some(at) = next.filter(|at| at.0 < 61_000) else { break };
        next = handle(at.0, Input::Tick);
    }
    let shown = engine.view().transcript.entries().iter().filter(|entry| entry.client_id.is_some()).count();
    assert!(shown >= 1 && shown <= count + 1, "{shown} of {count} messages and one are shown");
}

fn read_record(text: &str) -> Option<Record> {
    json::parse(text).and_then(|json| record::read(&json, WallTime(NOW_MS)))
}

fn read_kept(text: &str) -> Kept {
    json::parse(text).map(|json| vault::read(&json)).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_record_reads_back_the_same_unless_it_has_expired(record in records()) {
        let has_expired = record.expires_at.is_some_and(|at| at.0 <= NOW_MS);
        prop_assert_eq!(read_record(&record::write(&record)), Some(record).filter(|_| !has_expired));
    }

    #[test]
    fn anything_that_is_kept_reads_back_the_same(kept in kept()) {
        prop_assert_eq!(read_kept(&vault::write(&kept)), kept);
    }

    #[test]
    fn any_text_in_the_storages_is_survived(record in any::<String>(), kept in any::<String>()) {
        start_with(read_record(&record), read_kept(&kept));
    }

    #[test]
    fn damage_to_a_record_or_to_what_is_kept_is_survived(
        record in records(),
        kept in kept(),
        damage_of_record in damage(),
        damage_of_kept in damage(),
    ) {
        let record = read_record(&damaged(&record::write(&record), &damage_of_record));
        let kept = read_kept(&damaged(&vault::write(&kept), &damage_of_kept));
        start_with(record.clone(), kept.clone());
        // What was read once is read again, whatever it was read from.
        if let Some(record) = record {
            prop_assert_eq!(read_record(&record::write(&record)), Some(record));
        }
        prop_assert_eq!(read_kept(&vault::write(&kept)), kept);
    }

    #[test]
    fn damage_to_one_message_leaves_the_others(kept in kept(), at in any::<Index>(), key in any::<Index>(), junk in damage()) {
        prop_assume!(!kept.unsent.is_empty());
        let text = vault::write(&kept);
        let Some(Json::Map(mut pairs)) = json::parse(&text) else { panic!("what is written is a map") };
        let at = at.index(kept.unsent.len());
        for (_, value) in &mut pairs {
            if let Json::List(items) = value
                && let Some(Json::Map(fields)) = items.get_mut(at)
            {
                let key = key.index(fields.len());
                fields[key].1 = match &junk {
                    Damage::Changed(_, value) | Damage::Added(_, value) => value.clone(),
                    _ => Json::Null,
                };
            }
        }
        let back = read_kept(&Json::Map(pairs).write());
        for (index, message) in kept.unsent.iter().enumerate().filter(|(index, _)| *index != at) {
            prop_assert!(back.unsent.contains(message), "message {index} is gone");
        }
        prop_assert_eq!(back.draft, kept.draft);
    }
}
