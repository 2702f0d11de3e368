//! The other tabs of the same deployment, over a BroadcastChannel.

use super::json::{self, FRAME_MAX_BYTES};
use crate::built_in::SHARED_LINE;
use crate::engine::{Said, TabMessage};
use crate::listener::Listener;
use crate::protocol::json::Json;
use crate::session::ids::TabId;
use crate::session::input::{SharedLine, TabNews};
use crate::session::record::Record;
use crate::session::redact::Redacted;
use crate::session::time::WallTime;
use crate::stored::record;
use wasm_bindgen::JsValue;
use web_sys::{BroadcastChannel, MessageEvent};

/// A frame as text within a text may be twice as long.
const MESSAGE_MAX_BYTES: usize = 2 * FRAME_MAX_BYTES + 1024;

/// What another tab said.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// About a conversation.
    Said(TabMessage),
    /// A new tab asks for the record.
    Asked,
    /// The answer to such a question.
    Answered(Record),
}

/// Without BroadcastChannel nothing is heard and nothing said.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
    _listener: Option<Listener>,
}

impl Tabs {
    /// `now` tells the time at which an answer arrives, so that an expired record counts for nothing.
    pub fn open(deployment_id: &str, now: fn() -> WallTime, react: impl Fn(Heard) + 'static) -> Tabs {
        let channel = BroadcastChannel::new(&["guest-messenger:", deployment_id].concat()).ok();
        let listener = channel.as_ref().map(|channel| {
            Listener::new(channel, "message", move |event: MessageEvent| {
                if let Some(message) = event.data().as_string().and_then(|text| read(&text, now())) {
                    react(message);
                }
            })
        });
        Tabs { channel, _listener: listener }
    }

    /// Whether tabs can hear each other in this browser.
    pub fn can_speak() -> bool {
        js_sys::Reflect::has(&js_sys::global(), &"BroadcastChannel".into()).unwrap_or(false)
    }

    pub fn ask(&self) {
        self.post(Json::map().put("kind", "ask"));
    }

    pub fn answer(&self, record: &Record) {
        self.post(Json::map().put("kind", "record").put("record", record::write(record)));
    }

    pub fn say(&self, message: &TabMessage) {
        let (kind, value) = match &message.said {
            Said::News(news) => news_parts(news),
            _ if !SHARED_LINE => return,
            Said::Frame(frame) => ("frame", Json::Text(frame.write())),
            Said::Send { frame, is_message: true } => ("message", Json::from(frame.expose())),
            Said::Send { frame, is_message: false } => ("send", Json::from(frame.expose())),
        };
        self.post(Json::map().put("kind", kind).put("of", message.of).put("value", value));
    }

    fn post(&self, message: &Json) {
        if let Some(channel) = &self.channel {
            // Refused only when closed.
            let _ = channel.post_message(&JsValue::from(message.write()));
        }
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

fn news_parts(news: &TabNews) -> (&'static str, Json) {
    match news {
        TabNews::Read(mark) => ("read", record::mark(Some(mark))),
        TabNews::Known(mark) => ("known", record::mark(Some(mark))),
        TabNews::Cleared => ("cleared", Json::Null),
        // Nobody says the rest.
        _ if !SHARED_LINE => ("", Json::Null),
        TabNews::Receipted(mark) => ("receipted", record::mark(Some(mark))),
        TabNews::Typed => ("typed", Json::Null),
        TabNews::Type => ("type", Json::Null),
        TabNews::Joined(mark) => ("joined", record::mark(mark.as_ref())),
        TabNews::WantHistory(tab) => ("want", Json::from(tab.0)),
        TabNews::MayReadHistory { tab, by } => ("may", Json::map().with("tab", tab.0).with("by", by.0)),
        TabNews::Seek => ("seek", Json::Null),
        TabNews::Hold { tab, term, line, is_refused } => ("hold", hold(*tab, *term, *line, *is_refused)),
        TabNews::Idle => ("idle", Json::Null),
        TabNews::Release(tab) => ("release", Json::from(tab.0)),
        TabNews::Check => ("check", Json::Null),
        TabNews::Doubt => ("doubt", Json::Null),
        TabNews::Retry => ("retry", Json::Null),
        TabNews::LogOut => ("log_out", Json::Null),
        TabNews::SignIn => ("sign_in", Json::Null),
        TabNews::SignedIn => ("signed_in", Json::Null),
    }
}

fn hold(tab: TabId, term: u64, line: Option<SharedLine>, is_refused: bool) -> Json {
    let line = line.map_or(Json::Null, |line| {
        Json::map()
            .with("number", line.number)
            .with("new", line.is_new)
            .with("readOnly", line.is_read_only)
            .with("durationS", line.duration_s.map_or(Json::Null, Json::from))
            .with("historyDebtMs", line.history_debt_ms)
            .with("expiresAt", record::time(line.expires_at))
    });
    Json::map().with("tab", tab.0).with("term", term).with("refused", is_refused).with("line", line)
}

fn read(text: &str, now: WallTime) -> Option<Heard> {
    let json = json::parse(text, MESSAGE_MAX_BYTES)?;
    let value = json.get("value");
    let said = match json.text("kind")? {
        "ask" => return Some(Heard::Asked),
        "record" => {
            let json = json::parse(json.text("record")?, record::TEXT_MAX_BYTES)?;
            return record::read(&json, now).map(Heard::Answered);
        }
        kind if !SHARED_LINE => Said::News(read_news(kind, &json)?),
        "frame" => Said::Frame(json::parse(value?.as_text()?, FRAME_MAX_BYTES)?),
        kind @ ("message" | "send") => {
            Said::Send { frame: Redacted::new(value?.as_text()?), is_message: kind == "message" }
        }
        kind => Said::News(read_news(kind, &json)?),
    };
    Some(Heard::Said(TabMessage { of: whole(&json, "of")?, said }))
}

fn read_news(kind: &str, json: &Json) -> Option<TabNews> {
    Some(match kind {
        "read" => TabNews::Read(record::read_mark(json.get("value")?)?),
        "known" => TabNews::Known(record::read_mark(json.get("value")?)?),
        "cleared" => TabNews::Cleared,
        _ if !SHARED_LINE => return None,
        "receipted" => TabNews::Receipted(record::read_mark(json.get("value")?)?),
        "typed" => TabNews::Typed,
        "type" => TabNews::Type,
        "joined" => TabNews::Joined(match json.get("value") {
            None => None,
            Some(mark) => Some(record::read_mark(mark)?),
        }),
        "want" => TabNews::WantHistory(TabId(whole(json, "value")?)),
        "may" => {
            let value = json.get("value")?;
            TabNews::MayReadHistory { tab: TabId(whole(value, "tab")?), by: TabId(whole(value, "by")?) }
        }
        "seek" => TabNews::Seek,
        "hold" => read_hold(json.get("value")?)?,
        "idle" => TabNews::Idle,
        "release" => TabNews::Release(TabId(whole(json, "value")?)),
        "check" => TabNews::Check,
        "doubt" => TabNews::Doubt,
        "retry" => TabNews::Retry,
        "log_out" => TabNews::LogOut,
        "sign_in" => TabNews::SignIn,
        "signed_in" => TabNews::SignedIn,
        _ => return None,
    })
}

fn read_hold(json: &Json) -> Option<TabNews> {
    let line = match json.get("line") {
        None => None,
        Some(line) => Some(SharedLine {
            number: small(line, "number")?,
            is_new: line.bool("new")?,
            is_read_only: line.bool("readOnly")?,
            duration_s: whole(line, "durationS"),
            history_debt_ms: whole(line, "historyDebtMs")?,
            expires_at: line.integer("expiresAt").map(WallTime),
        }),
    };
    Some(TabNews::Hold {
        tab: TabId(whole(json, "tab")?),
        term: whole(json, "term")?,
        line,
        is_refused: json.bool("refused")?,
    })
}

fn whole(json: &Json, key: &str) -> Option<u64> {
    json.integer(key).and_then(|value| u64::try_from(value).ok())
}

fn small(json: &Json, key: &str) -> Option<u32> {
    json.integer(key).and_then(|value| u32::try_from(value).ok())
}
