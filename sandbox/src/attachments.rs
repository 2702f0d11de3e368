//! Files: their addresses, their bytes, and how they stand in messages (guest API reference, section 10).

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use crate::{
    http::error,
    message::iso_time,
    output::{ConnectionId, HttpAnswer, HttpRequest},
    platform::Platform,
    schedule::Task,
    session::ConversationKey,
};

/// What an upload must carry in `x-amz-tagging`.
pub(crate) const UPLOAD_TAGGING: &str = "organizationId=sandbox&originPlatform=PureCloud";
pub(crate) const UPLOAD_LIFE_MS: u64 = 600_000;
/// Files that are in no message are gone after 15 days.
pub(crate) const UNSENT_LIFE_MS: u64 = 15 * 24 * 3_600_000;
const DOWNLOAD_LIFE_MS: u64 = 600_000;
/// Between the last byte and the event that says what became of it.
const CHECK_MS: u64 = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttachmentState {
    /// An address was given out; no bytes yet.
    Awaited,
    /// Bytes are there and being looked at.
    Received,
    Ready,
    Refused,
}

#[derive(Debug)]
pub(crate) struct Attachment {
    /// `None` for files that everyone may have, such as the bot's.
    pub(crate) conversation: Option<ConversationKey>,
    pub(crate) name: String,
    pub(crate) mime: String,
    pub(crate) size_bytes: u64,
    pub(crate) state: AttachmentState,
    pub(crate) upload_until_ms: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Attachment {
    /// A file that is there already.
    pub(crate) fn ready(conversation: Option<ConversationKey>, name: &str, mime: &str, bytes: Vec<u8>) -> Self {
        Self {
            conversation,
            name: name.to_owned(),
            mime: mime.to_owned(),
            size_bytes: bytes.len() as u64,
            state: AttachmentState::Ready,
            upload_until_ms: 0,
            bytes,
        }
    }
}

impl Platform {
    pub(crate) fn blocked_extensions(&self) -> &'static [&'static str] {
        &[
            ".ade", ".adp", ".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".msi", ".ps1",
            ".scr", ".vbs",
        ]
    }

    /// Keeps a file of the desk or the bot; gives its id.
    pub(crate) fn keep_file(
        &mut self,
        conversation: Option<ConversationKey>,
        name: &str,
        mime: &str,
        bytes: Vec<u8>,
    ) -> String {
        let id = self.uuid();
        self.attachments.insert(id.clone(), Attachment::ready(conversation, name, mime, bytes));
        self.record_attachment(&id);
        id
    }

    /// Whether a guest may name this file in a message.
    pub(crate) fn check_sendable(&self, key: ConversationKey, id: &str) -> Result<(), (u16, String)> {
        match self.attachments.get(id) {
            Some(attachment) if attachment.conversation.is_some_and(|owner| owner != key) => {
                Err((4009, "Attachment not found".into()))
            }
            Some(attachment) if attachment.state == AttachmentState::Ready => Ok(()),
            Some(_) => Err((4010, "Attachment not successfully uploaded".into())),
            None => Err((4009, "Attachment not found".into())),
        }
    }

    /// Content as one reader sees it: attachments whole, with an address at the host where the reader is.
    pub(crate) fn content_for(&self, content: &[Value], base: &str) -> Vec<Value> {
        content.iter().map(|item| self.item_for(item, base)).collect()
    }

    fn item_for(&self, item: &Value, base: &str) -> Value {
        let id = item.pointer("/attachment/id").and_then(Value::as_str);
        let Some((id, attachment)) = id.and_then(|id| Some((id, self.attachments.get(id)?))) else {
            let from_guest = item.get("buttonResponse").is_some()
                || item.get("form").is_some_and(|form| form.get("response").is_some());
            return if from_guest { item.clone() } else { with_base(item, base) };
        };
        json!({"contentType": "Attachment", "attachment": {
            "id": id,
            "url": self.download_address(id, base),
            "filename": attachment.name,
            "fileSize": attachment.size_bytes,
            "mediaType": media_type(&attachment.mime),
            "mime": attachment.mime,
        }})
    }

    pub(crate) fn upload_address(&self, id: &str, attachment: &Attachment, connection: ConnectionId) -> String {
        let base = self.connections.get(&connection).map_or("", |entry| &entry.base);
        let expires_ms = attachment.upload_until_ms;
        format!("{base}/uploads/{id}?expires={expires_ms}&signature={}", self.signature("upload", id, expires_ms))
    }

    pub(crate) fn download_address(&self, id: &str, base: &str) -> String {
        let expires_ms = self.now_ms + DOWNLOAD_LIFE_MS;
        format!(
            "{base}/api/v2/downloads/{id}?expires={expires_ms}&signature={}",
            self.signature("download", id, expires_ms)
        )
    }

    fn signature(&self, purpose: &str, id: &str, expires_ms: u64) -> String {
        let mut hasher = DefaultHasher::new();
        (self.address_key, purpose, id, expires_ms).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }

    fn is_signed(&self, purpose: &str, id: &str, http: &HttpRequest) -> Option<u64> {
        let expires_ms: u64 = http.query_value("expires")?.parse().ok()?;
        (http.query_value("signature")? == self.signature(purpose, id, expires_ms)).then_some(expires_ms)
    }

    pub(crate) fn on_upload(&mut self, id: &str, http: &HttpRequest) -> HttpAnswer {
        let signed_until_ms = self.is_signed("upload", id, http);
        let now_ms = self.now_ms;
        let Some(attachment) = self.attachments.get_mut(id) else {
            return storage_error(404, "NoSuchKey");
        };
        if signed_until_ms.is_none() || http.header("x-amz-tagging") != Some(UPLOAD_TAGGING) {
            return storage_error(403, "SignatureDoesNotMatch");
        }
        if !http.header("content-type").is_some_and(|mime| mime.eq_ignore_ascii_case(&attachment.mime)) {
            return storage_error(403, "SignatureDoesNotMatch");
        }
        if attachment.upload_until_ms < now_ms || attachment.state != AttachmentState::Awaited {
            return storage_error(403, "AccessDenied");
        }
        attachment.bytes.clone_from(&http.body);
        attachment.state = AttachmentState::Received;
        self.schedule.add(now_ms + CHECK_MS, Task::Upload { attachment: id.to_owned() });
        HttpAnswer::empty(200)
    }

    pub(crate) fn on_upload_checked(&mut self, id: &str) {
        let Some(attachment) = self.attachments.get_mut(id) else {
            return;
        };
        let Some(key) = attachment.conversation else {
            return;
        };
        let failure = if attachment.bytes.len() as u64 != attachment.size_bytes {
            Some((4002, "File is not of the size that was announced"))
        } else if !fits_type(&attachment.mime, &attachment.bytes) {
            Some((4003, "File content does not match its type"))
        } else {
            None
        };
        attachment.state = if failure.is_some() { AttachmentState::Refused } else { AttachmentState::Ready };
        self.record_attachment(id);
        let connections = self.conversations.get(&key).map(|conversation| conversation.connections.clone());
        let timestamp = iso_time(self.now_ms);
        for connection in connections.into_iter().flatten() {
            if let Some((code, sentence)) = failure {
                let body =
                    json!({"attachmentId": id, "errorCode": code, "errorMessage": sentence, "timestamp": timestamp});
                self.push_event(connection, "message", "UploadFailureEvent", &body);
            } else {
                let base = self.connections.get(&connection).map_or("", |entry| &entry.base);
                let body =
                    json!({"attachmentId": id, "downloadUrl": self.download_address(id, base), "timestamp": timestamp});
                self.push_event(connection, "message", "UploadSuccessEvent", &body);
            }
        }
    }

    /// All addresses given out so far are good no longer.
    pub(crate) fn expire_downloads(&mut self) {
        self.downloads_expired_ms = self.now_ms + DOWNLOAD_LIFE_MS;
    }

    pub(crate) fn is_sent(&self, key: ConversationKey, id: &str) -> bool {
        self.conversations.get(&key).is_some_and(|conversation| {
            let items = conversation.messages.iter().flat_map(|message| &message.draft.content);
            items.filter_map(|item| item.pointer("/attachment/id")).any(|sent| sent == id)
        })
    }

    /// Long enough after a file was offered: it goes if it is in no message.
    pub(crate) fn purge(&mut self, id: &str) {
        let owner = self.attachments.get(id).and_then(|attachment| attachment.conversation);
        if owner.is_some_and(|key| !self.is_sent(key, id)) {
            self.attachments.remove(id);
            self.record_attachment(id);
        }
    }

    /// Only pictures that cannot hold script are shown in place; the rest is saved.
    pub(crate) fn on_download(&self, id: &str, http: &HttpRequest) -> HttpAnswer {
        let Some(expires_ms) = self.is_signed("download", id, http) else {
            return error(403, "not.authorized", "This address is not signed.");
        };
        if expires_ms < self.now_ms || expires_ms <= self.downloads_expired_ms {
            return error(403, "4008", "Attachment has expired");
        }
        let Some(attachment) = self.attachments.get(id).filter(|attachment| attachment.state == AttachmentState::Ready)
        else {
            return error(404, "not.found", "Attachment not found");
        };
        let shown = matches!(attachment.mime.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp");
        let disposition = if shown { "inline" } else { "attachment" };
        let name: String = form_urlencoded::byte_serialize(attachment.name.as_bytes()).collect();
        let name = name.replace('+', "%20");
        HttpAnswer::with_body(200, &attachment.mime, attachment.bytes.clone())
            .header("content-disposition", format!("{disposition}; filename*=UTF-8''{name}"))
            .header("content-security-policy", "default-src 'none'; sandbox")
            .header("x-content-type-options", "nosniff")
            .header("cache-control", "private, max-age=600")
    }
}

/// In addresses of the stand-in's own pictures this stands for the host where the reader is.
pub(crate) const BASE: &str = "sandbox-base:";

fn with_base(value: &Value, base: &str) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), with_base(member, base))).collect()
        }
        Value::Array(items) => items.iter().map(|item| with_base(item, base)).collect(),
        Value::String(text) => match text.strip_prefix(BASE) {
            Some(path) => Value::String(format!("{base}{path}")),
            None => value.clone(),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn media_type(mime: &str) -> &'static str {
    match mime.split('/').next() {
        Some("image") => "Image",
        Some("video") => "Video",
        Some("audio") => "Audio",
        _ => "File",
    }
}

/// Whether bytes begin as their type must; types without a known beginning pass.
fn fits_type(mime: &str, bytes: &[u8]) -> bool {
    match mime {
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        "image/gif" => bytes.starts_with(b"GIF8"),
        "application/pdf" => bytes.starts_with(b"%PDF-"),
        _ => true,
    }
}

fn storage_error(status: u16, code: &str) -> HttpAnswer {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code></Error>");
    HttpAnswer::with_body(status, "application/xml", body.into_bytes())
}
