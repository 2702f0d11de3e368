//! What goes into an engine, as it is written down: its kind and its details. `read.rs` is the way back: a new input needs
//! a line in both.

use super::texts::Pen;
use super::trees;
use crate::built_in::{GUEST, OFFERS, SHARED_LINE};
use crate::engine::{EngineInput, Said};
use crate::protocol::wire::{HttpAnswer, WireInput};
use crate::session::content::{Answer, Body, Item};
use crate::session::ids::EntryId;
#[cfg(feature = "conversations")]
use crate::session::ids::GuestToken;
use crate::session::input::{Command, Environment, Grant, Input, SharedLine, TabNews, UploadNews};
use crate::session::record::{ReadMark, Record, Unsent};

/// `conversation`: that of the engine, by its tag. It comes of the token, so that only the comparison is written down.
pub(super) fn write(input: &EngineInput, conversation: u64, pen: &mut Pen) {
    match input {
        EngineInput::Session(Input::Command(command)) => write_command(command, conversation, pen),
        EngineInput::Session(Input::Environment(environment)) => pen.word(match environment {
            Environment::Visible => "visible",
            Environment::Hidden => "hidden",
            Environment::Online => "online",
            Environment::Offline => "offline",
            Environment::Resumed => "resumed",
            Environment::Leaving => "leaving",
        }),
        EngineInput::Session(Input::Tab(news)) => {
            pen.word("news");
            write_news(news, pen);
        }
        EngineInput::Session(Input::Token(token)) => {
            pen.word("token");
            pen.token(token);
        }
        EngineInput::Session(Input::Kept { number, is_kept }) => {
            pen.word("kept");
            pen.number(i64::from(*number));
            pen.flag(*is_kept);
        }
        EngineInput::Session(Input::Taken(taken)) => {
            pen.word("taken");
            taken.iter().for_each(|id| pen.name(&id.0));
        }
        EngineInput::Session(Input::Tick) => pen.word("tick"),
        // The protocol's own: no host brings it, and it cannot be played back.
        EngineInput::Session(Input::Platform(_)) => pen.word("platform"),
        EngineInput::Wire(WireInput::SocketOpened) => pen.word("socket_opened"),
        EngineInput::Wire(WireInput::Frame(frame)) => {
            pen.word("frame");
            if let Some(frame) = frame {
                trees::write(frame, pen);
            }
        }
        EngineInput::Wire(WireInput::SocketClosed(code)) => {
            pen.word("socket_closed");
            pen.number(i64::from(*code));
        }
        EngineInput::Wire(WireInput::Answer { call, answer }) => {
            pen.word("answer");
            pen.number(i64::from(*call));
            if let Some(answer) = answer {
                write_answer(answer, pen);
            }
        }
        #[cfg(feature = "conversations")]
        EngineInput::AccessToken(given) => {
            pen.word("access_token");
            if let Some(given) = given {
                pen.token(&GuestToken(given.token.clone()));
                write_optional(given.expires_in_s.map(u64::cast_signed), pen);
                for id in [&given.guest_id, &given.conversation_id] {
                    match id {
                        Some(id) => pen.name(id),
                        None => pen.nothing(),
                    }
                }
            }
        }
        EngineInput::Tab(message) => {
            pen.word(match &message.said {
                Said::News(_) => "tab_news",
                _ if !SHARED_LINE => return,
                Said::Frame(_) => "tab_frame",
                Said::Send { is_message: false, .. } => "tab_send",
                Said::Send { is_message: true, .. } => "tab_message",
            });
            pen.flag(message.of == conversation);
            match &message.said {
                Said::News(news) => write_news(news, pen),
                _ if !SHARED_LINE => {}
                Said::Frame(frame) => trees::write(frame, pen),
                Said::Send { frame, .. } => pen.text(frame.expose()),
            }
        }
        _ if !GUEST => {}
        EngineInput::Session(Input::Grant(grant)) => {
            pen.word("grant");
            if let Some(Grant(text)) = grant {
                pen.text(text.expose());
            }
        }
        EngineInput::Session(Input::Upload { file, news }) => {
            pen.word("upload");
            pen.number(i64::from(file.0));
            match news {
                UploadNews::Progress { sent_bytes } => write_whole(*sent_bytes, pen),
                UploadNews::Done => pen.flag(true),
                UploadNews::Failed => pen.flag(false),
            }
        }
    }
}

fn write_command(command: &Command, conversation: u64, pen: &mut Pen) {
    pen.word(match command {
        Command::Start(_) => "start",
        Command::Restore(_) => "restore",
        Command::OpenPanel => "open_panel",
        Command::ClosePanel => "close_panel",
        Command::SendText(_) => "send",
        Command::Compose { .. } => "compose",
        #[cfg(feature = "conversations")]
        Command::Blur => "blur",
        Command::InView(_) => "in_view",
        Command::LoadOlder => "load_older",
        Command::Retry(_) => "retry",
        Command::FetchFile { .. } => "fetch_file",
        Command::Discard(_) => "discard",
        Command::StartNew => "start_new",
        Command::Reconnect => "reconnect",
        Command::SignIn => "sign_in",
        Command::LogOut => "log_out",
        #[cfg(feature = "conversations")]
        Command::SendAttached(_) => "send_attached",
        _ if !GUEST => return,
        Command::Answer(..) => "choose",
        Command::Attach { .. } => "attach",
        Command::RemoveFile(_) => "remove_file",
        Command::RetryFile(_) => "retry_file",
        Command::SendWithFiles(_) => "send_with_files",
        Command::Extend => "extend",
        Command::OfferSignIn => "offer_sign_in",
        Command::Adopt(_) => "adopt",
        Command::Clear => "clear",
    });
    match command {
        Command::Start(found) => found.iter().for_each(|found| write_record(found, pen)),
        Command::Restore(kept) | Command::Adopt(kept) => {
            kept.iter().for_each(|kept| write_unsent(kept, conversation, pen))
        }
        // Trimmed, as the session does it: what is cut off cannot be told from a filler.
        Command::SendText(text) | Command::SendWithFiles(text) => pen.text(text.trim()),
        #[cfg(feature = "conversations")]
        Command::SendAttached(body) => write_body(body, pen),
        Command::FetchFile { id, opens } => {
            pen.name(id);
            pen.flag(*opens);
        }
        Command::Compose { has_text } => pen.flag(*has_text),
        Command::InView(entries) => entries.iter().for_each(|entry| write_entry(*entry, pen)),
        Command::Retry(entry) | Command::Discard(entry) => write_entry(*entry, pen),
        #[cfg(feature = "conversations")]
        Command::Blur => {}
        Command::OpenPanel
        | Command::ClosePanel
        | Command::LoadOlder
        | Command::Clear
        | Command::StartNew
        | Command::Reconnect
        | Command::Extend
        | Command::OfferSignIn
        | Command::SignIn
        | Command::LogOut => {}
        // Nobody wants the rest.
        _ if !GUEST => {}
        Command::Attach { file, flaw } => {
            pen.number(i64::from(file.id.0));
            pen.text(&file.name);
            pen.text(&file.mime);
            write_whole(file.size_bytes, pen);
            if let Some(flaw) = flaw {
                pen.word(flaw.name());
            }
        }
        Command::RemoveFile(file) | Command::RetryFile(file) => pen.number(i64::from(file.0)),
        Command::Answer(entry, answer) => {
            write_entry(*entry, pen);
            write_choice(answer, pen);
        }
    }
}

fn write_record(record: &Record, pen: &mut Pen) {
    pen.token(&record.token);
    write_optional(record.expires_at.map(|at| at.0), pen);
    pen.flag(record.is_live);
    pen.flag(record.panel_open);
    if let Some(mark) = &record.read_mark {
        write_mark(mark, pen);
    }
}

fn write_unsent(unsent: &Unsent, conversation: u64, pen: &mut Pen) {
    pen.open('[');
    pen.name(&unsent.client_id.0);
    pen.number(unsent.accepted_at.0);
    pen.number(unsent.after.0);
    pen.flag(unsent.has_failed);
    pen.flag(unsent.conversation.is_none_or(|of| of == conversation));
    write_body(&unsent.body, pen);
    pen.close(']');
}

fn write_body(body: &Body, pen: &mut Pen) {
    pen.text(body.text.expose());
    for item in &body.items {
        match item {
            #[cfg(feature = "conversations")]
            Item::Attachment(file) if !file.mime.is_empty() => {
                pen.open('[');
                pen.media_type(&file.mime);
                pen.text(&file.name);
                pen.text(file.url.as_ref().map_or("", |url| url.expose()));
                write_optional(file.size_bytes.map(u64::cast_signed), pen);
                pen.close(']');
            }
            _ if !OFFERS => {}
            Item::Answer(answer) => {
                pen.open('[');
                write_choice(answer, pen);
                pen.close(']');
            }
            Item::Attachment(file) => {
                pen.open('[');
                pen.name(&file.id);
                pen.close(']');
            }
            // Guests send none.
            Item::QuickReply(_) | Item::Offer(_) | Item::Unsupported(_) => pen.nothing(),
        }
    }
}

fn write_choice(answer: &Answer, pen: &mut Pen) {
    pen.word(answer.kind.name());
    pen.text(&answer.text);
    pen.text(&answer.form);
    match &answer.to {
        Some(to) => pen.name(&to.0),
        None => pen.nothing(),
    }
    for choice in &answer.choices {
        pen.text(&choice.question);
        pen.text(&choice.text);
        pen.text(&choice.payload);
    }
}

fn write_news(news: &TabNews, pen: &mut Pen) {
    pen.word(match news {
        TabNews::Read(_) => "read",
        TabNews::Cleared => "cleared",
        TabNews::Known(_) => "known",
        // Nobody says the rest.
        _ if !SHARED_LINE => return,
        TabNews::Typed => "typed",
        TabNews::Type => "type",
        TabNews::Receipted(_) => "receipted",
        TabNews::Joined(_) => "joined",
        TabNews::WantHistory(_) => "want_history",
        TabNews::MayReadHistory { .. } => "may_read_history",
        TabNews::Seek => "seek",
        TabNews::Hold { .. } => "hold",
        TabNews::Idle => "idle",
        TabNews::Release(_) => "release",
        TabNews::Check => "check",
        TabNews::Doubt => "doubt",
        TabNews::Retry => "retry",
        TabNews::LogOut => "log_out",
        TabNews::SignIn => "sign_in",
        TabNews::SignedIn => "signed_in",
    });
    match news {
        TabNews::Read(mark) | TabNews::Known(mark) | TabNews::Receipted(mark) => write_mark(mark, pen),
        _ if !SHARED_LINE => {}
        TabNews::Joined(mark) => mark.iter().for_each(|mark| write_mark(mark, pen)),
        TabNews::Hold { tab, term, line, is_refused } => {
            write_whole(tab.0, pen);
            write_whole(*term, pen);
            pen.flag(*is_refused);
            line.iter().for_each(|line| write_line(line, pen));
        }
        TabNews::Release(tab) | TabNews::WantHistory(tab) => write_whole(tab.0, pen),
        TabNews::MayReadHistory { tab, by } => {
            write_whole(tab.0, pen);
            write_whole(by.0, pen);
        }
        TabNews::Cleared
        | TabNews::Typed
        | TabNews::Type
        | TabNews::Seek
        | TabNews::Idle
        | TabNews::Check
        | TabNews::Doubt
        | TabNews::Retry
        | TabNews::LogOut
        | TabNews::SignIn
        | TabNews::SignedIn => {}
    }
}

fn write_line(line: &SharedLine, pen: &mut Pen) {
    pen.number(i64::from(line.number));
    pen.flag(line.is_new);
    pen.flag(line.is_read_only);
    write_optional(line.duration_s.map(u64::cast_signed), pen);
    write_optional(line.expires_at.map(|at| at.0), pen);
    write_whole(line.history_debt_ms, pen);
}

fn write_mark(mark: &ReadMark, pen: &mut Pen) {
    pen.number(mark.time.0);
    pen.name(&mark.id.0);
}

fn write_answer(answer: &HttpAnswer, pen: &mut Pen) {
    pen.number(i64::from(answer.status));
    for header in [&answer.retry_after, &answer.date] {
        match header {
            Some(header) => pen.time_header(header),
            None => pen.nothing(),
        }
    }
    // Both or none, so that their number tells them from the body.
    #[cfg(feature = "conversations")]
    if answer.etag.is_some() || answer.remaining.is_some() {
        match &answer.etag {
            Some(etag) => pen.text(etag),
            None => pen.nothing(),
        }
        match &answer.remaining {
            Some(remaining) => pen.time_header(remaining),
            None => pen.nothing(),
        }
    }
    if let Some(body) = &answer.body {
        trees::write(body, pen);
    }
}

fn write_entry(entry: EntryId, pen: &mut Pen) {
    pen.number(i64::from(entry.0));
}

fn write_whole(value: u64, pen: &mut Pen) {
    pen.number(value.cast_signed());
}

fn write_optional(value: Option<i64>, pen: &mut Pen) {
    match value {
        Some(value) => pen.number(value),
        None => pen.nothing(),
    }
}
