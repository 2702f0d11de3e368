//! The record as text, in a format of our own that the loader reads too.

use crate::protocol::json::Json;
use crate::session::ids::{GuestToken, ServerId};
use crate::session::record::{ReadMark, Record};
use crate::session::redact::Redacted;
use crate::session::time::WallTime;

const VERSION: i64 = 1;
/// Longer texts are junk.
pub const TEXT_MAX_BYTES: usize = 4096;
/// With the conversations APIs this holds ids and a bearer token, with spaces between them.
const TOKEN_MAX_BYTES: usize = 3072;

pub fn write(record: &Record) -> String {
    let mut kept = Json::map();
    kept.put("v", VERSION)
        .put("token", record.token.0.expose())
        .put("expiresAt", time(record.expires_at))
        .put("readMark", mark(record.read_mark.as_ref()))
        .put("live", record.is_live)
        .put("open", record.panel_open);
    kept.write()
}

/// `None` for what is malformed, of another version, or expired at `now`.
pub fn read(json: &Json, now: WallTime) -> Option<Record> {
    if json.integer("v") != Some(VERSION) {
        return None;
    }
    let token = json.text("token").filter(|token| is_token(token))?;
    let expires_at = match json.get("expiresAt") {
        None => None,
        Some(Json::Number(time)) => Some(WallTime(*time as i64)),
        Some(_) => return None,
    };
    if expires_at.is_some_and(|expiry| expiry <= now) {
        return None;
    }
    let read_mark = match json.get("readMark") {
        None => None,
        Some(mark) => Some(read_mark(mark)?),
    };
    Some(Record {
        token: GuestToken(Redacted::new(token)),
        expires_at,
        read_mark,
        is_live: json.bool("live")?,
        panel_open: json.bool("open")?,
    })
}

pub(crate) fn read_mark(json: &Json) -> Option<ReadMark> {
    let Json::Number(time) = json.get("time")? else { return None };
    Some(ReadMark { time: WallTime(*time as i64), id: ServerId(json.owned("id")?) })
}

pub(crate) fn mark(mark: Option<&ReadMark>) -> Json {
    let Some(mark) = mark else { return Json::Null };
    let mut kept = Json::map();
    kept.put("time", mark.time.0).put("id", mark.id.0.as_str());
    kept
}

pub(crate) fn time(time: Option<WallTime>) -> Json {
    time.map_or(Json::Null, |time| Json::from(time.0))
}

/// It goes into frames and headers: printable ASCII only.
fn is_token(token: &str) -> bool {
    (1..=TOKEN_MAX_BYTES).contains(&token.len()) && token.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
