//! Files on the wire (reference, sections 4.6, 5.3 and 10). Their requests are known by the file's own id, so that a
//! refusal that names nothing else says which file it is about.

use crate::protocol::json::Json;
use crate::session::content::FileKind;
use crate::session::files::{FileFlaw, FileRules};
use crate::session::input::{FileRefusal, PlatformEvent};
use crate::session::redact::Redacted;

pub(super) fn offer(id: &str, name: &str, mime: &str, size_bytes: u64) -> Json {
    about("onAttachment", id)
        .with("fileName", name)
        .with("fileType", mime)
        .with("fileSize", size_bytes)
        .with("errorsAsJson", true)
}

pub(super) fn about(action: &str, id: &str) -> Json {
    Json::map().with("action", action).with("attachmentId", id)
}

/// As content of a message.
pub(super) fn content(id: &str) -> Json {
    Json::map().with("contentType", "Attachment").with("attachment", Json::map().with("id", id))
}

/// What a frame about a file means; `None` for another class. `request_id` is that of the frame.
pub(super) fn decode(class: &str, body: &Json, request_id: Option<&str>) -> Option<PlatformEvent> {
    let id = || body.text("attachmentId").or(request_id).map(str::to_owned);
    Some(match class {
        "PresignedUrlResponse" => address(id()?, body)?,
        "UploadSuccessEvent" => PlatformEvent::Uploaded { id: id()? },
        "UploadFailureEvent" | "GenerateUrlError" => {
            let code = body.integer("errorCode").unwrap_or_default();
            PlatformEvent::FileRefused { id: id()?, refusal: refusal(code, None) }
        }
        _ => return None,
    })
}

/// One class for two things: without headers it is where a file is to be had.
fn address(id: String, body: &Json) -> Option<PlatformEvent> {
    let url = Redacted::new(body.text("url")?);
    let Some(Json::Map(headers)) = body.get("headers").filter(|headers| !headers.is_empty_map()) else {
        return Some(PlatformEvent::FileAddress { id, url: Some(url) });
    };
    let mut lines = String::new();
    for (name, value) in headers {
        for part in [name, ": ", value.as_text().unwrap_or_default(), "\n"] {
            lines.push_str(part);
        }
    }
    Some(PlatformEvent::UploadAddress { id, url, headers: Redacted::new(lines) })
}

/// What a code means for a file (reference, section 17).
pub(super) fn refusal(code: i64, retry_after_ms: Option<u64>) -> FileRefusal {
    FileRefusal::Flawed(match code {
        429 | 4029 => return FileRefusal::Busy { retry_after_ms },
        4000 => FileFlaw::Unavailable,
        4001 => FileFlaw::Type,
        4002 => FileFlaw::TooLarge,
        4003 => FileFlaw::Content,
        4004 => FileFlaw::Name,
        4005 => FileFlaw::NameTooLong,
        4102 => FileFlaw::Empty,
        _ => FileFlaw::Refused,
    })
}

/// Which files are taken. Sessions name types as objects, deployments as text.
pub(super) fn rules(media: &Json, extensions: &[Json]) -> FileRules {
    let kind = |item: &Json| item.as_text().or_else(|| item.text("type")).map(str::to_owned);
    FileRules {
        types: media.read_list("fileTypes", kind),
        size_max_kb: media.integer("maxFileSizeKB").and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
        blocked_extensions: extensions.iter().filter_map(kind).collect(),
    }
}

/// What kind of file it is: as the platform sorts it, unless its type says something else. What can hold script is a
/// file and nothing else.
pub(super) fn kind(media_type: Option<&str>, mime: Option<&str>, name: &str) -> FileKind {
    let (kind, start) = match media_type {
        Some("Image") => (FileKind::Image, "image/"),
        Some("Audio") => (FileKind::Audio, "audio/"),
        Some("Video") => (FileKind::Video, "video/"),
        _ => return FileKind::File,
    };
    let is_drawing = |text: &str| ["svg", "svgz", "xml", "svg+xml"].iter().any(|end| ends_with(text, end));
    let is_as_sorted = mime.is_none_or(|mime| mime.starts_with(start) && !is_drawing(mime));
    if is_as_sorted && !is_drawing(name) { kind } else { FileKind::File }
}

/// With a dot or a slash before it. By bytes: the standard library's searches weigh more.
fn ends_with(text: &str, end: &str) -> bool {
    let last = text.as_bytes().rsplit(|byte| matches!(byte, b'.' | b'/')).next();
    last.is_some_and(|last| last.eq_ignore_ascii_case(end.as_bytes()))
}
