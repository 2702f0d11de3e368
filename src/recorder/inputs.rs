//! What goes into an engine, as it is written down. `read.rs` is the way back: a new input needs a line in both.

use super::texts::Texts;
use super::trees;
use crate::engine::{EngineInput, Said};
use crate::protocol::json::Json;
use crate::protocol::wire::{HttpAnswer, WireInput};
use crate::session::content::{Answer, AnswerKind, Body, Item};
use crate::session::ids::EntryId;
use crate::session::input::{Command, Environment, Input, SharedLine, TabNews};
use crate::session::record::{ReadMark, Record, Unsent};
use crate::session::time::WallTime;

/// The kind of an input and its details.
pub(super) fn write(input: &EngineInput, texts: &mut Texts) -> (&'static str, Option<Json>) {
    match input {
        EngineInput::Session(Input::Command(command)) => write_command(command, texts),
        EngineInput::Session(Input::Environment(environment)) => (name_of(*environment), None),
        EngineInput::Session(Input::Tab(told)) => ("news", Some(news(told, texts))),
        EngineInput::Session(Input::Token(token)) => ("token", Some(texts.cover_token(token))),
        EngineInput::Session(Input::Kept { number, is_kept }) => {
            ("kept", Some(Json::List(vec![count(*number), Json::from(*is_kept)])))
        }
        EngineInput::Session(Input::Tick) => ("tick", None),
        // The protocol's own: no host brings it, and it cannot be played back.
        EngineInput::Session(Input::Platform(_)) => ("platform", None),
        EngineInput::Wire(WireInput::SocketOpened) => ("socket_opened", None),
        EngineInput::Wire(WireInput::Frame(frame)) => ("frame", frame.as_ref().map(|frame| trees::cover(frame, texts))),
        EngineInput::Wire(WireInput::SocketClosed(code)) => ("socket_closed", Some(count(u32::from(*code)))),
        EngineInput::Wire(WireInput::Answer { call, answer }) => {
            ("answer", Some(http_answer(*call, answer.as_ref(), texts)))
        }
        EngineInput::Tab(message) => {
            let (kind, detail) = match &message.said {
                Said::News(told) => ("tab_news", news(told, texts)),
                Said::Frame(frame) => ("tab_frame", trees::cover(frame, texts)),
                Said::Send { frame, is_message: false } => ("tab_send", texts.cover(frame.expose())),
                Said::Send { frame, is_message: true } => ("tab_message", texts.cover(frame.expose())),
            };
            (kind, Some(Json::List(vec![texts.conversation(message.of), detail])))
        }
    }
}

fn write_command(command: &Command, texts: &mut Texts) -> (&'static str, Option<Json>) {
    match command {
        Command::Start(found) => ("start", Some(found.as_ref().map_or(Json::Null, |found| record(found, texts)))),
        Command::Restore(kept) => ("restore", Some(Json::List(kept.iter().map(|kept| unsent(kept, texts)).collect()))),
        Command::OpenPanel => ("open_panel", None),
        Command::ClosePanel => ("close_panel", None),
        // Trimmed, as the session does it: what is cut off cannot be told from a filler.
        Command::SendText(text) => ("send", Some(texts.cover(text.trim()))),
        Command::Answer(entry, given) => ("choose", Some(Json::List(vec![count(entry.0), answer(given, texts)]))),
        Command::Compose { has_text } => ("compose", Some(Json::from(*has_text))),
        Command::InView(entries) => ("in_view", Some(Json::List(entries.iter().map(|entry| count(entry.0)).collect()))),
        Command::LoadOlder => ("load_older", None),
        Command::Retry(entry) => ("retry", Some(count(entry.0))),
        Command::Discard(EntryId(entry)) => ("discard", Some(count(*entry))),
        Command::Clear => ("clear", None),
        Command::StartNew => ("start_new", None),
        Command::Reconnect => ("reconnect", None),
    }
}

fn name_of(environment: Environment) -> &'static str {
    match environment {
        Environment::Visible => "visible",
        Environment::Hidden => "hidden",
        Environment::Online => "online",
        Environment::Offline => "offline",
        Environment::Resumed => "resumed",
        Environment::Leaving => "leaving",
    }
}

fn record(record: &Record, texts: &mut Texts) -> Json {
    Json::List(vec![
        texts.cover_token(&record.token),
        record.expires_at.map_or(Json::Null, time),
        record.read_mark.as_ref().map_or(Json::Null, |mark| read_mark(mark, texts)),
        Json::from(record.is_live),
        Json::from(record.panel_open),
    ])
}

fn unsent(unsent: &Unsent, texts: &mut Texts) -> Json {
    Json::List(vec![
        texts.id(&unsent.client_id.0),
        body(&unsent.body, texts),
        time(unsent.accepted_at),
        time(unsent.after),
        Json::from(unsent.has_failed),
    ])
}

fn body(body: &Body, texts: &mut Texts) -> Json {
    let mut parts = vec![texts.cover(body.text.expose())];
    parts.extend(body.items.iter().map(|item| match item {
        Item::Answer(given) => answer(given, texts),
        // Guests send none.
        Item::QuickReply(_) | Item::Card(_) | Item::Attachment(_) | Item::Unsupported(_) => Json::Null,
    }));
    Json::List(parts)
}

fn answer(answer: &Answer, texts: &mut Texts) -> Json {
    let kind = match answer.kind {
        AnswerKind::QuickReply => "quick_reply",
        AnswerKind::CardButton => "card_button",
        AnswerKind::Other => "other",
    };
    Json::List(vec![
        Json::from(kind),
        texts.cover(&answer.choice.text),
        texts.cover(&answer.choice.payload),
        answer.to.as_ref().map_or(Json::Null, |id| texts.id(&id.0)),
    ])
}

fn news(news: &TabNews, texts: &mut Texts) -> Json {
    let (kind, detail) = match news {
        TabNews::Read(mark) => ("read", Some(read_mark(mark, texts))),
        TabNews::Cleared => ("cleared", None),
        TabNews::Typed => ("typed", None),
        TabNews::ReadHistory => ("read_history", None),
        TabNews::Seek => ("seek", None),
        TabNews::Hold { tab, term, line } => {
            ("hold", Some(Json::List(vec![whole(tab.0), count(*term), line.map_or(Json::Null, shared_line)])))
        }
        TabNews::Idle => ("idle", None),
        TabNews::Release(tab) => ("release", Some(whole(tab.0))),
        TabNews::Check => ("check", None),
        TabNews::Doubt => ("doubt", None),
        TabNews::Retry => ("retry", None),
    };
    let mut parts = vec![Json::from(kind)];
    parts.extend(detail);
    Json::List(parts)
}

fn shared_line(line: SharedLine) -> Json {
    Json::List(vec![
        count(line.number),
        Json::from(line.is_new),
        Json::from(line.is_read_only),
        line.duration_s.map_or(Json::Null, whole),
        line.expires_at.map_or(Json::Null, time),
    ])
}

fn read_mark(mark: &ReadMark, texts: &mut Texts) -> Json {
    Json::List(vec![time(mark.time), texts.id(&mark.id.0)])
}

/// The call alone when no answer came.
fn http_answer(call: u32, answer: Option<&HttpAnswer>, texts: &mut Texts) -> Json {
    let mut parts = vec![count(call)];
    if let Some(answer) = answer {
        parts.push(count(u32::from(answer.status)));
        parts.push(answer.retry_after.as_ref().map_or(Json::Null, |header| texts.digits(header)));
        parts.extend(answer.body.as_ref().map(|body| trees::cover(body, texts)));
    }
    Json::List(parts)
}

fn count(value: u32) -> Json {
    Json::Number(f64::from(value))
}

fn whole(value: u64) -> Json {
    Json::Number(value as f64)
}

fn time(time: WallTime) -> Json {
    Json::Number(time.0 as f64)
}
