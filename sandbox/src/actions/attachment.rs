//! `onAttachment`, `getAttachment`, `deleteAttachment` (guest API reference, sections 4.6 and 10).

use serde_json::{Map, Value, json};

use super::{Refusal, Request};
use crate::{
    attachments::{Attachment, AttachmentState, UNSENT_LIFE_MS, UPLOAD_LIFE_MS},
    limits::FILE_NAME_CHARS,
    platform::Platform,
    schedule::Task,
};

impl Platform {
    pub(super) fn on_attachment(&mut self, request: &Request) -> Result<(), Refusal> {
        let key = self.session_of(request)?;
        self.check_writable(key)?;
        let id = match request.text("attachmentId") {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => self.uuid(),
        };
        let file = match self.check_file(&request.members) {
            Ok(file) if !self.attachments.contains_key(&id) => file,
            Ok(_) => {
                self.refuse_file(request, &id, 400, "Attachment id is already in use");
                return Ok(());
            }
            Err((code, sentence)) => {
                self.refuse_file(request, &id, code, &sentence);
                return Ok(());
            }
        };
        let attachment = Attachment { conversation: Some(key), upload_until_ms: self.now_ms + UPLOAD_LIFE_MS, ..file };
        let body = json!({
            "attachmentId": id,
            "headers": {"x-amz-tagging": crate::attachments::UPLOAD_TAGGING},
            "url": self.upload_address(&id, &attachment, request.connection),
            "fileName": attachment.name,
            "fileSize": attachment.size_bytes,
            "fileType": attachment.mime,
        });
        self.schedule.add(self.now_ms + UNSENT_LIFE_MS, Task::Purge { attachment: id.clone() });
        self.attachments.insert(id, attachment);
        self.reply(request.connection, request.tracing_id(), "PresignedUrlResponse", body);
        Ok(())
    }

    /// No headers and a size: that is how a client tells a download address from an upload one.
    pub(super) fn on_get_attachment(&mut self, request: &Request) -> Result<(), Refusal> {
        let key = self.session_of(request)?;
        let id = request.text("attachmentId").unwrap_or_default();
        self.check_sendable(key, id)?;
        let base = self.connections.get(&request.connection).map_or("", |entry| &entry.base);
        let url = self.download_address(id, base);
        let Some(attachment) = self.attachments.get(id) else {
            return Err(not_found());
        };
        let body = json!({
            "attachmentId": id,
            "headers": {},
            "url": url,
            "fileName": attachment.name,
            "fileSize": attachment.size_bytes,
            "fileType": attachment.mime,
        });
        self.reply(request.connection, request.tracing_id(), "PresignedUrlResponse", body);
        Ok(())
    }

    pub(super) fn on_delete_attachment(&mut self, request: &Request) -> Result<(), Refusal> {
        let key = self.session_of(request)?;
        let id = request.text("attachmentId").unwrap_or_default();
        let sent = self.is_sent(key, id);
        match self.attachments.get(id) {
            Some(attachment) if attachment.conversation == Some(key) && !sent => {}
            Some(attachment) if attachment.conversation == Some(key) => {
                return Err((400, "Attachment is part of a message".into()));
            }
            _ => return Err(not_found()),
        }
        self.attachments.remove(id);
        self.record_attachment(id);
        let kind = if self.settings.alternate_types { "response" } else { "message" };
        let body = json!({"attachmentId": id});
        self.send_envelope(request.connection, kind, "AttachmentDeletedResponse", 200, body, request.tracing_id());
        Ok(())
    }

    fn check_file(&self, members: &Map<String, Value>) -> Result<Attachment, Refusal> {
        let name = members.get("fileName").and_then(Value::as_str).unwrap_or_default();
        let mime = members.get("fileType").and_then(Value::as_str).unwrap_or_default();
        let size_bytes = members.get("fileSize").and_then(Value::as_f64).unwrap_or(0.0);
        let extension = name
            .trim_end_matches(['.', ' '])
            .rsplit_once('.')
            .map(|(_, extension)| format!(".{}", extension.to_ascii_lowercase()));
        if !self.settings.attachments {
            return Err((4000, "File upload is not available".into()));
        }
        if name.chars().count() >= FILE_NAME_CHARS {
            return Err((4005, "File name is too long".into()));
        }
        let Some(extension) = extension.filter(|extension| extension.len() > 1 && !name.contains(['/', '\\', '\0']))
        else {
            return Err((4004, "File name is not valid".into()));
        };
        if !self.takes_type(mime) || self.blocked_extensions().contains(&extension.as_str()) {
            return Err((4001, format!("File type {mime} is not supported")));
        }
        if size_bytes < 1.0 {
            return Err((4102, "File is empty".into()));
        }
        let max_kb = self.settings.file_max_kb;
        if size_bytes > (max_kb * 1024) as f64 {
            return Err((4002, format!("File is larger than {max_kb} KB")));
        }
        Ok(Attachment {
            conversation: None,
            name: name.to_owned(),
            mime: mime.to_owned(),
            size_bytes: size_bytes as u64,
            state: AttachmentState::Awaited,
            upload_until_ms: 0,
            bytes: Vec::new(),
        })
    }

    fn takes_type(&self, mime: &str) -> bool {
        let Some((group, kind)) = mime.split_once('/') else { return false };
        let fits = |pattern: &String| match pattern.split_once('/') {
            Some(("*", "*")) => true,
            Some((wanted, "*")) => group.eq_ignore_ascii_case(wanted),
            _ => mime.eq_ignore_ascii_case(pattern),
        };
        !group.is_empty() && !kind.is_empty() && self.settings.file_types.iter().any(fits)
    }

    /// As the documentation has it, or as the official client's fixture has it (guest API reference, section 27).
    fn refuse_file(&mut self, request: &Request, id: &str, code: u16, sentence: &str) {
        let body = json!({
            "attachmentId": id,
            "errorCode": code,
            "errorMessage": sentence,
            "name": "GenerateUrlError",
            "message": sentence,
            "timestamp": crate::message::iso_time(self.now_ms),
        });
        let (kind, status) = if self.settings.alternate_types { ("message", 200) } else { ("response", 400) };
        if request.flag("errorsAsJson") {
            self.send_envelope(request.connection, kind, "GenerateUrlError", status, body, request.tracing_id());
        } else {
            self.refuse(request.connection, request.tracing_id(), code, sentence);
        }
    }
}

fn not_found() -> Refusal {
    (4009, "Attachment not found".into())
}
