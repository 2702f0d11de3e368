//! The way back: from the items of a recording to what goes into an engine. The words are those of `inputs.rs`.

use super::texts::uncover;
use crate::engine::{AccessToken, Api, Endpoints, EngineInput, Said, Settings, TabMessage};
#[cfg(feature = "conversations")]
use crate::engine::{ConversationsSettings, ReceiptsDialect, SendForm, TypingDialect, Webhook};
use crate::protocol::json::Json;
use crate::protocol::wire::{HttpAnswer, WireInput};
use crate::session::Receipts;
use crate::session::content::{Answer, AnswerKind, Attachment, Body, Choice, Item};
use crate::session::files::{File, FileFlaw};
use crate::session::ids::{ClientId, EntryId, FileId, GuestToken, ServerId, TabId};
use crate::session::input::{Command, Environment, Grant, Input, SharedLine, TabNews, UploadNews};
use crate::session::record::{ReadMark, Record, Unsent};
use crate::session::redact::Redacted;
use crate::session::time::{Now, WallTime};

/// How the engine was made, and from which seed.
pub(super) fn beginning(item: &Json) -> Option<(Settings, u64)> {
    let [kind, seed, deployment_id, socket, api, config, receipts, has_tabs, chosen @ ..] = list(item)? else {
        return None;
    };
    let endpoints = Endpoints { socket: text(socket)?, api: text(api)?, config: text(config)? };
    let receipts = match receipts.as_text()? {
        "auto" => Receipts::Auto,
        "local" => Receipts::Local,
        _ => return None,
    };
    let api = if chosen.is_empty() { Api::default() } else { conversations(chosen)? };
    let settings =
        Settings { deployment_id: text(deployment_id)?, endpoints, receipts, has_tabs: flag(has_tabs)?, api };
    (kind.as_text() == Some("begin")).then_some((settings, hex(seed.as_text()?)?))
}

#[cfg(not(feature = "conversations"))]
fn conversations(_: &[Json]) -> Option<Api> {
    None
}

#[cfg(feature = "conversations")]
fn conversations(chosen: &[Json]) -> Option<Api> {
    let [typing, receipts, send, conversation, participant, session, has_provider, pause_ms, analytics, crm] = chosen
    else {
        return None;
    };
    let webhook = |item: &Json| optional(item, |item| Some(Webhook { url: text(item)?, source: String::new() }));
    Some(Api::Conversations(Box::new(ConversationsSettings {
        typing: match typing.as_text()? {
            "participants" => TypingDialect::Participants,
            "conversations" => TypingDialect::Conversations,
            "webchat" => TypingDialect::Webchat,
            _ => return None,
        },
        receipts: match receipts.as_text()? {
            "local" => ReceiptsDialect::Local,
            "participants" => ReceiptsDialect::Participants,
            "conversations" => ReceiptsDialect::Conversations,
            _ => return None,
        },
        send: match send.as_text()? {
            "messages" => SendForm::Messages,
            "send" => SendForm::ParticipantSend,
            _ => return None,
        },
        conversation_id: optional(conversation, text)?,
        participant_id: optional(participant, text)?,
        session_id: optional(session, text)?,
        has_token_provider: flag(has_provider)?,
        typing_pause_ms: optional(pause_ms, count)?,
        analytics: webhook(analytics)?,
        crm: webhook(crm)?,
        ..ConversationsSettings::default()
    })))
}

/// One step: when it was, what kind of input it had, and the input. `conversation`: that of the engine that it is for.
pub(super) fn step(item: &Json, last: Now, conversation: u64) -> Option<(Now, &str, EngineInput)> {
    let [monotonic_ms, wall_ms, Json::Text(kind), details @ ..] = list(item)? else { return None };
    let monotonic = last.monotonic.after(whole(monotonic_ms)?);
    let now = Now { monotonic, wall: WallTime(last.wall.0.saturating_add(integer(wall_ms)?)) };
    Some((now, kind, input(kind, details, conversation)?))
}

pub(super) fn digest(item: &Json) -> Option<u64> {
    hex(item.as_text()?)
}

fn input(kind: &str, details: &[Json], conversation: u64) -> Option<EngineInput> {
    let from_tab = |is_ours: &Json, said| {
        let of = if flag(is_ours)? { conversation } else { !conversation };
        Some(EngineInput::Tab(TabMessage { of, said }))
    };
    if let Some(command) = command(kind, details, conversation) {
        return Some(EngineInput::Session(Input::Command(command)));
    }
    if let Some(environment) = environment(kind, details) {
        return Some(EngineInput::Session(Input::Environment(environment)));
    }
    Some(match (kind, details) {
        ("news", details) => EngineInput::Session(Input::Tab(news(details)?)),
        ("token", [found]) => EngineInput::Session(Input::Token(token(found)?)),
        ("kept", [number, is_kept]) => {
            EngineInput::Session(Input::Kept { number: count(number)?, is_kept: flag(is_kept)? })
        }
        ("taken", taken) => {
            let taken = taken.iter().map(|id| text(id).map(ClientId)).collect::<Option<_>>()?;
            EngineInput::Session(Input::Taken(taken))
        }
        ("tick", []) => EngineInput::Session(Input::Tick),
        ("upload", [file, news]) => {
            let news = match flag(news) {
                Some(true) => UploadNews::Done,
                Some(false) => UploadNews::Failed,
                None => UploadNews::Progress { sent_bytes: whole(news)? },
            };
            EngineInput::Session(Input::Upload { file: FileId(count(file)?), news })
        }
        ("grant", []) => EngineInput::Session(Input::Grant(None)),
        ("grant", [given]) => EngineInput::Session(Input::Grant(Some(Grant(Redacted::new(text(given)?))))),
        ("socket_opened", []) => EngineInput::Wire(WireInput::SocketOpened),
        ("frame", []) => EngineInput::Wire(WireInput::Frame(None)),
        ("frame", [frame]) => EngineInput::Wire(WireInput::Frame(Some(tree(frame)?))),
        ("socket_closed", [code]) => EngineInput::Wire(WireInput::SocketClosed(u16::try_from(count(code)?).ok()?)),
        ("answer", [call, answer @ ..]) => {
            EngineInput::Wire(WireInput::Answer { call: count(call)?, answer: nothing_or(answer, http_answer)? })
        }
        #[cfg(feature = "conversations")]
        ("access_token", []) => EngineInput::AccessToken(None),
        #[cfg(feature = "conversations")]
        ("access_token", [token, expires_in_s, guest_id, conversation_id]) => {
            EngineInput::AccessToken(Some(AccessToken {
                token: Redacted::new(text(token)?),
                expires_in_s: optional(expires_in_s, whole)?,
                guest_id: optional(guest_id, text)?,
                conversation_id: optional(conversation_id, text)?,
            }))
        }
        ("tab_news", [is_ours, details @ ..]) => from_tab(is_ours, Said::News(news(details)?))?,
        ("tab_frame", [is_ours, frame]) => from_tab(is_ours, Said::Frame(tree(frame)?))?,
        ("tab_send" | "tab_message", [is_ours, frame]) => {
            from_tab(is_ours, Said::Send { frame: Redacted::new(text(frame)?), is_message: kind == "tab_message" })?
        }
        _ => return None,
    })
}

fn command(kind: &str, details: &[Json], conversation: u64) -> Option<Command> {
    Some(match (kind, details) {
        ("start", found) => Command::Start(nothing_or(found, record)?),
        ("restore", kept) => Command::Restore(all_unsent(kept, conversation)?),
        ("adopt", kept) => Command::Adopt(all_unsent(kept, conversation)?),
        ("open_panel", []) => Command::OpenPanel,
        ("close_panel", []) => Command::ClosePanel,
        ("send", [said]) => Command::SendText(text(said)?),
        ("choose", [entry, chosen @ ..]) => Command::Answer(EntryId(count(entry)?), choice(chosen)?),
        ("compose", [has_text]) => Command::Compose { has_text: flag(has_text)? },
        #[cfg(feature = "conversations")]
        ("blur", []) => Command::Blur,
        ("in_view", entries) => {
            Command::InView(entries.iter().map(|entry| count(entry).map(EntryId)).collect::<Option<_>>()?)
        }
        ("load_older", []) => Command::LoadOlder,
        ("retry", [entry]) => Command::Retry(EntryId(count(entry)?)),
        ("attach", [id, name, mime, size_bytes, flaw @ ..]) => Command::Attach {
            file: File { id: FileId(count(id)?), name: text(name)?, mime: text(mime)?, size_bytes: whole(size_bytes)? },
            flaw: nothing_or(flaw, |flaw| FileFlaw::by_name(flaw.first()?.as_text()?))?,
        },
        ("remove_file", [file]) => Command::RemoveFile(FileId(count(file)?)),
        ("retry_file", [file]) => Command::RetryFile(FileId(count(file)?)),
        ("send_attached", content) => Command::SendAttached(body(content)?),
        ("send_with_files", [said]) => Command::SendWithFiles(text(said)?),
        ("fetch_file", [id, opens]) => Command::FetchFile { id: text(id)?, opens: flag(opens)? },
        ("discard", [entry]) => Command::Discard(EntryId(count(entry)?)),
        ("clear", []) => Command::Clear,
        ("start_new", []) => Command::StartNew,
        ("reconnect", []) => Command::Reconnect,
        ("extend", []) => Command::Extend,
        ("offer_sign_in", []) => Command::OfferSignIn,
        ("sign_in", []) => Command::SignIn,
        ("log_out", []) => Command::LogOut,
        _ => return None,
    })
}

fn environment(kind: &str, details: &[Json]) -> Option<Environment> {
    Some(match (kind, details) {
        ("visible", []) => Environment::Visible,
        ("hidden", []) => Environment::Hidden,
        ("online", []) => Environment::Online,
        ("offline", []) => Environment::Offline,
        ("resumed", []) => Environment::Resumed,
        ("leaving", []) => Environment::Leaving,
        _ => return None,
    })
}

fn record(details: &[Json]) -> Option<Record> {
    let [found, expires_at, is_live, panel_open, mark @ ..] = details else { return None };
    Some(Record {
        token: token(found)?,
        expires_at: optional(expires_at, integer)?.map(WallTime),
        read_mark: nothing_or(mark, read_mark)?,
        is_live: flag(is_live)?,
        panel_open: flag(panel_open)?,
    })
}

fn all_unsent(kept: &[Json], conversation: u64) -> Option<Vec<Unsent>> {
    kept.iter().map(|item| unsent(item, conversation)).collect()
}

fn unsent(item: &Json, conversation: u64) -> Option<Unsent> {
    let [client_id, accepted_at, after, has_failed, is_ours, content @ ..] = list(item)? else { return None };
    Some(Unsent {
        client_id: ClientId(text(client_id)?),
        body: body(content)?,
        accepted_at: WallTime(integer(accepted_at)?),
        after: WallTime(integer(after)?),
        has_failed: flag(has_failed)?,
        conversation: if flag(is_ours)? { None } else { Some(!conversation) },
    })
}

fn body(details: &[Json]) -> Option<Body> {
    let [said, items @ ..] = details else { return None };
    let item = |item: &Json| {
        let given = optional(item, |item| match list(item)? {
            [id] => Some(Item::Attachment(Attachment { id: text(id)?, ..Attachment::default() })),
            // Of an answer four are texts.
            [mime, name, url, size @ (Json::Null | Json::Number(_))] => Some(Item::Attachment(Attachment {
                mime: text(mime)?,
                name: text(name)?,
                url: Some(Redacted::new(text(url)?)),
                size_bytes: optional(size, whole)?,
                ..Attachment::default()
            })),
            chosen => choice(chosen).map(Item::Answer),
        });
        Some(given?.unwrap_or(Item::Unsupported(String::new())))
    };
    Some(Body { text: Redacted::new(text(said)?), items: items.iter().map(item).collect::<Option<_>>()? })
}

fn choice(details: &[Json]) -> Option<Answer> {
    let [kind, said, form, to, choices @ ..] = details else { return None };
    let choice = |texts: &[Json]| match texts {
        [question, said, payload] => {
            Some(Choice { question: text(question)?, text: text(said)?, payload: text(payload)? })
        }
        _ => None,
    };
    Some(Answer {
        kind: AnswerKind::named(kind.as_text()?)?,
        text: text(said)?,
        choices: choices.chunks(3).map(choice).collect::<Option<_>>()?,
        to: optional(to, text)?.map(ServerId),
        form: text(form)?,
    })
}

fn news(details: &[Json]) -> Option<TabNews> {
    let [Json::Text(kind), details @ ..] = details else { return None };
    Some(match (kind.as_str(), details) {
        ("read", mark) => TabNews::Read(read_mark(mark)?),
        ("cleared", []) => TabNews::Cleared,
        ("typed", []) => TabNews::Typed,
        ("known", mark) => TabNews::Known(read_mark(mark)?),
        ("type", []) => TabNews::Type,
        ("receipted", mark) => TabNews::Receipted(read_mark(mark)?),
        ("joined", mark) => TabNews::Joined(nothing_or(mark, read_mark)?),
        ("want_history", [tab]) => TabNews::WantHistory(TabId(whole(tab)?)),
        ("may_read_history", [tab, by]) => TabNews::MayReadHistory { tab: TabId(whole(tab)?), by: TabId(whole(by)?) },
        ("seek", []) => TabNews::Seek,
        ("hold", [tab, term, is_refused, line @ ..]) => TabNews::Hold {
            tab: TabId(whole(tab)?),
            term: whole(term)?,
            line: nothing_or(line, shared_line)?,
            is_refused: flag(is_refused)?,
        },
        ("idle", []) => TabNews::Idle,
        ("release", [tab]) => TabNews::Release(TabId(whole(tab)?)),
        ("check", []) => TabNews::Check,
        ("doubt", []) => TabNews::Doubt,
        ("retry", []) => TabNews::Retry,
        ("log_out", []) => TabNews::LogOut,
        ("sign_in", []) => TabNews::SignIn,
        ("signed_in", []) => TabNews::SignedIn,
        _ => return None,
    })
}

fn shared_line(details: &[Json]) -> Option<SharedLine> {
    let [number, is_new, is_read_only, duration_s, expires_at, history_debt_ms] = details else { return None };
    Some(SharedLine {
        number: count(number)?,
        is_new: flag(is_new)?,
        is_read_only: flag(is_read_only)?,
        duration_s: optional(duration_s, whole)?,
        expires_at: optional(expires_at, integer)?.map(WallTime),
        history_debt_ms: whole(history_debt_ms)?,
    })
}

fn read_mark(details: &[Json]) -> Option<ReadMark> {
    let [at, id] = details else { return None };
    Some(ReadMark { time: WallTime(integer(at)?), id: ServerId(text(id)?) })
}

fn token(item: &Json) -> Option<GuestToken> {
    let whole = match list(item) {
        Some([place, secret]) => [text(place)?, text(secret)?].concat(),
        Some(_) => return None,
        None => text(item)?,
    };
    Some(GuestToken(Redacted::new(whole)))
}

fn http_answer(details: &[Json]) -> Option<HttpAnswer> {
    let [status, retry_after, date, rest @ ..] = details else { return None };
    let (etag, remaining, body) = match rest {
        [etag, remaining, body @ ..] => (etag, remaining, body),
        body => (&Json::Null, &Json::Null, body),
    };
    Some(HttpAnswer {
        status: u16::try_from(count(status)?).ok()?,
        retry_after: optional(retry_after, text)?,
        date: optional(date, text)?,
        etag: optional(etag, text)?,
        remaining: optional(remaining, text)?,
        body: nothing_or(body, |body| tree(body.first()?))?,
    })
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

/// No details are nothing; others must be readable.
fn nothing_or<T>(details: &[Json], read: impl Fn(&[Json]) -> Option<T>) -> Option<Option<T>> {
    if details.is_empty() { Some(None) } else { read(details).map(Some) }
}

/// `null` is nothing; anything else must be readable.
fn optional<T>(item: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Option<T>> {
    if *item == Json::Null { Some(None) } else { read(item).map(Some) }
}

fn list(item: &Json) -> Option<&[Json]> {
    if let Json::List(items) = item { Some(items) } else { None }
}

fn text(item: &Json) -> Option<String> {
    uncover(item.as_text()?)
}

fn flag(item: &Json) -> Option<bool> {
    if let Json::Bool(value) = item { Some(*value) } else { None }
}

fn integer(item: &Json) -> Option<i64> {
    if let Json::Number(value) = item { Some(*value as i64) } else { None }
}

fn whole(item: &Json) -> Option<u64> {
    u64::try_from(integer(item)?).ok()
}

fn count(item: &Json) -> Option<u32> {
    u32::try_from(integer(item)?).ok()
}

fn hex(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}
