//! The way back: from the items of a recording to what goes into an engine. The words are those of `inputs.rs`.

use super::texts::uncover;
use crate::engine::{Endpoints, EngineInput, Said, Settings, TabMessage};
use crate::protocol::json::Json;
use crate::protocol::wire::{HttpAnswer, WireInput};
use crate::session::Receipts;
use crate::session::content::{Answer, AnswerKind, Body, Choice, Item};
use crate::session::ids::{ClientId, EntryId, GuestToken, ServerId, TabId};
use crate::session::input::{Command, Environment, Input, SharedLine, TabNews};
use crate::session::record::{ReadMark, Record, Unsent};
use crate::session::redact::Redacted;
use crate::session::time::{Now, WallTime};

/// How the engine was made, and from which seed.
pub(super) fn beginning(item: &Json) -> Option<(Settings, u64)> {
    let [Json::Text(kind), settings] = list(item)? else { return None };
    let [socket, api, config] = settings.list("endpoints") else { return None };
    let endpoints = Endpoints { socket: text(socket)?, api: text(api)?, config: text(config)? };
    let receipts = match settings.text("receipts")? {
        "auto" => Receipts::Auto,
        "local" => Receipts::Local,
        _ => return None,
    };
    let deployment_id = text(settings.get("deployment")?)?;
    let settings_of_engine = Settings { deployment_id, endpoints, receipts, has_tabs: settings.bool("tabs")? };
    let seed = hex(settings.text("seed")?)?;
    (kind == "begin").then_some((settings_of_engine, seed))
}

/// One step: when it was, what kind of input it had, and the input.
pub(super) fn step(item: &Json, last: Now) -> Option<(Now, &str, EngineInput)> {
    let [monotonic_ms, wall_ms, Json::Text(kind), detail @ ..] = list(item)? else { return None };
    let monotonic = last.monotonic.after(u64::try_from(integer(monotonic_ms)?).ok()?);
    let now = Now { monotonic, wall: WallTime(last.wall.0.saturating_add(integer(wall_ms)?)) };
    Some((now, kind, input(kind, detail.first())?))
}

pub(super) fn digest(item: &Json) -> Option<u64> {
    hex(item.as_text()?)
}

fn input(kind: &str, detail: Option<&Json>) -> Option<EngineInput> {
    let session = |input| Some(EngineInput::Session(input));
    let command = |command| session(Input::Command(command));
    let environment = |environment| session(Input::Environment(environment));
    match kind {
        "start" => command(Command::Start(optional(detail?, record)?)),
        "restore" => command(Command::Restore(all(detail?, unsent)?)),
        "open_panel" => command(Command::OpenPanel),
        "close_panel" => command(Command::ClosePanel),
        "send" => command(Command::SendText(text(detail?)?)),
        "choose" => {
            let [entry, given] = list(detail?)? else { return None };
            command(Command::Answer(EntryId(count(entry)?), answer(given)?))
        }
        "compose" => command(Command::Compose { has_text: bool(detail?)? }),
        "in_view" => command(Command::InView(all(detail?, |entry| count(entry).map(EntryId))?)),
        "load_older" => command(Command::LoadOlder),
        "retry" => command(Command::Retry(EntryId(count(detail?)?))),
        "discard" => command(Command::Discard(EntryId(count(detail?)?))),
        "clear" => command(Command::Clear),
        "start_new" => command(Command::StartNew),
        "reconnect" => command(Command::Reconnect),
        "visible" => environment(Environment::Visible),
        "hidden" => environment(Environment::Hidden),
        "online" => environment(Environment::Online),
        "offline" => environment(Environment::Offline),
        "resumed" => environment(Environment::Resumed),
        "leaving" => environment(Environment::Leaving),
        "news" => session(Input::Tab(news(detail?)?)),
        "token" => session(Input::Token(token(detail?)?)),
        "kept" => {
            let [number, is_kept] = list(detail?)? else { return None };
            session(Input::Kept { number: count(number)?, is_kept: bool(is_kept)? })
        }
        "tick" => session(Input::Tick),
        "socket_opened" => Some(EngineInput::Wire(WireInput::SocketOpened)),
        "frame" => {
            let frame = match detail {
                Some(covered) => Some(tree(covered)?),
                None => None,
            };
            Some(EngineInput::Wire(WireInput::Frame(frame)))
        }
        "socket_closed" => Some(EngineInput::Wire(WireInput::SocketClosed(u16::try_from(count(detail?)?).ok()?))),
        "answer" => http_answer(detail?).map(EngineInput::Wire),
        "tab_news" | "tab_frame" | "tab_send" | "tab_message" => tab_message(kind, detail?).map(EngineInput::Tab),
        _ => None,
    }
}

fn tab_message(kind: &str, item: &Json) -> Option<TabMessage> {
    let [conversation, detail] = list(item)? else { return None };
    let of = match conversation {
        Json::Null => u64::MAX,
        Json::Text(none) if none.is_empty() => 0,
        covered => token(covered)?.tag(),
    };
    let said = match kind {
        "tab_news" => Said::News(news(detail)?),
        "tab_frame" => Said::Frame(tree(detail)?),
        _ => Said::Send { frame: Redacted::new(text(detail)?), is_message: kind == "tab_message" },
    };
    Some(TabMessage { of, said })
}

fn news(item: &Json) -> Option<TabNews> {
    let [Json::Text(kind), detail @ ..] = list(item)? else { return None };
    Some(match (kind.as_str(), detail) {
        ("read", [mark]) => TabNews::Read(read_mark(mark)?),
        ("cleared", []) => TabNews::Cleared,
        ("typed", []) => TabNews::Typed,
        ("read_history", []) => TabNews::ReadHistory,
        ("seek", []) => TabNews::Seek,
        ("hold", [held]) => {
            let [tab, term, line] = list(held)? else { return None };
            TabNews::Hold { tab: TabId(whole(tab)?), term: count(term)?, line: optional(line, shared_line)? }
        }
        ("idle", []) => TabNews::Idle,
        ("release", [tab]) => TabNews::Release(TabId(whole(tab)?)),
        ("check", []) => TabNews::Check,
        ("doubt", []) => TabNews::Doubt,
        ("retry", []) => TabNews::Retry,
        _ => return None,
    })
}

fn shared_line(item: &Json) -> Option<SharedLine> {
    let [number, is_new, is_read_only, duration_s, expires_at] = list(item)? else { return None };
    Some(SharedLine {
        number: count(number)?,
        is_new: bool(is_new)?,
        is_read_only: bool(is_read_only)?,
        duration_s: optional(duration_s, whole)?,
        expires_at: optional(expires_at, time)?,
    })
}

fn record(item: &Json) -> Option<Record> {
    let [found, expires_at, mark, is_live, panel_open] = list(item)? else { return None };
    Some(Record {
        token: token(found)?,
        expires_at: optional(expires_at, time)?,
        read_mark: optional(mark, read_mark)?,
        is_live: bool(is_live)?,
        panel_open: bool(panel_open)?,
    })
}

fn unsent(item: &Json) -> Option<Unsent> {
    let [client_id, content, accepted_at, after, has_failed] = list(item)? else { return None };
    Some(Unsent {
        client_id: ClientId(text(client_id)?),
        body: body(content)?,
        accepted_at: time(accepted_at)?,
        after: time(after)?,
        has_failed: bool(has_failed)?,
    })
}

fn body(item: &Json) -> Option<Body> {
    let [said, items @ ..] = list(item)? else { return None };
    let item = |item: &Json| match item {
        Json::Null => Some(Item::Unsupported(String::new())),
        given => answer(given).map(Item::Answer),
    };
    Some(Body { text: Redacted::new(text(said)?), items: items.iter().map(item).collect::<Option<_>>()? })
}

fn answer(item: &Json) -> Option<Answer> {
    let [Json::Text(kind), said, payload, to] = list(item)? else { return None };
    let kind = match kind.as_str() {
        "quick_reply" => AnswerKind::QuickReply,
        "card_button" => AnswerKind::CardButton,
        "other" => AnswerKind::Other,
        _ => return None,
    };
    let choice = Choice { text: text(said)?, payload: text(payload)? };
    Some(Answer { kind, choice, to: optional(to, |id| text(id).map(ServerId))? })
}

fn read_mark(item: &Json) -> Option<ReadMark> {
    let [at, id] = list(item)? else { return None };
    Some(ReadMark { time: time(at)?, id: ServerId(text(id)?) })
}

fn token(item: &Json) -> Option<GuestToken> {
    text(item).map(|token| GuestToken(Redacted::new(token)))
}

fn http_answer(item: &Json) -> Option<WireInput> {
    let [call, answer @ ..] = list(item)? else { return None };
    let answer = match answer {
        [] => None,
        [status, retry_after, body @ ..] => Some(HttpAnswer {
            status: u16::try_from(count(status)?).ok()?,
            retry_after: optional(retry_after, text)?,
            body: match body.first() {
                Some(covered) => Some(tree(covered)?),
                None => None,
            },
        }),
        [_] => return None,
    };
    Some(WireInput::Answer { call: count(call)?, answer })
}

/// A frame or an answer, with fillers where its texts were.
fn tree(covered: &Json) -> Option<Json> {
    Some(match covered {
        Json::Null | Json::Bool(_) | Json::Number(_) => covered.clone(),
        Json::Text(text) => Json::Text(uncover(text)?),
        Json::List(items) => Json::List(items.iter().map(tree).collect::<Option<_>>()?),
        Json::Map(pairs) => {
            Json::Map(pairs.iter().map(|(key, value)| Some((key.clone(), tree(value)?))).collect::<Option<_>>()?)
        }
    })
}

/// `null` is nothing; anything else must be readable.
fn optional<T>(item: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Option<T>> {
    match item {
        Json::Null => Some(None),
        item => read(item).map(Some),
    }
}

fn all<T>(item: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    list(item)?.iter().map(read).collect()
}

fn list(item: &Json) -> Option<&[Json]> {
    if let Json::List(items) = item { Some(items) } else { None }
}

fn text(item: &Json) -> Option<String> {
    uncover(item.as_text()?)
}

fn bool(item: &Json) -> Option<bool> {
    if let Json::Bool(value) = item { Some(*value) } else { None }
}

fn integer(item: &Json) -> Option<i64> {
    if let Json::Number(value) = item { Some(*value as i64) } else { None }
}

fn count(item: &Json) -> Option<u32> {
    u32::try_from(integer(item)?).ok()
}

fn whole(item: &Json) -> Option<u64> {
    u64::try_from(integer(item)?).ok()
}

fn time(item: &Json) -> Option<WallTime> {
    integer(item).map(WallTime)
}

fn hex(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}
