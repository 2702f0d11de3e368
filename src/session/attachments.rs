//! The files that the visitor sends, from the choice to the message that takes them along.
//!
//! The platform gives an address, the browser brings the bytes there, the platform looks at them. Only what it has found
//! good is named in a message (guest API reference, section 10). A file that the line was lost under begins anew by
//! itself, a few times.

use super::content::{Attachment, Body, FileKind, Item};
use super::deployment::Deployment;
use super::error::ChatError;
use super::files::{File, FileFlaw, FileRules, check};
use super::ids::{ClientId, FileId};
use super::input::{FileRefusal, UploadNews};
use super::output::{Diff, Effect, Event, Request};
use super::redact::Redacted;
use super::time::Timestamp;
use super::timer::Timer;
use super::{Line, Session};
use crate::built_in::UPLOADS;

/// More than this at once is an accident.
const FILES_MAX: usize = 20;
/// How many are on their way at a time.
const UNDER_WAY_MAX: usize = 3;
/// How often a file is begun before the visitor is asked.
const ATTEMPTS_MAX: u8 = 3;
/// The platform has this long for an address and to look at the bytes.
const ANSWER_MS: u64 = 30_000;
/// Bytes that do not move for this long are stuck.
const STALLED_MS: u64 = 30_000;
/// When the platform asks to slow down and names no time.
const SLOW_DOWN_MS: u64 = 3_000;
/// However long the platform says.
const SLOW_DOWN_MAX_MS: u64 = 60_000;
/// A file that cannot be shown is not asked for more often than this.
const REFRESH_INTERVAL_MS: u64 = 30_000;

/// One file of the visitor's that is in no message yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub file: File,
    pub state: UploadState,
    /// What the platform calls it: another one for each attempt.
    attachment: String,
    attempts: u8,
    /// When this state has lasted too long, or for one that waits: not before.
    until: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// For the line, or for its turn.
    Waiting,
    /// The platform is asked for an address.
    Asking,
    Uploading {
        sent_bytes: u64,
    },
    /// The bytes are there, and the platform looks at them.
    Checking,
    Uploaded,
    Failed(FileFlaw),
}

impl UploadState {
    /// The word for attributes.
    pub fn name(self) -> &'static str {
        match self {
            UploadState::Waiting => "waiting",
            UploadState::Asking => "asking",
            UploadState::Uploading { .. } => "uploading",
            UploadState::Checking => "checking",
            UploadState::Uploaded => "uploaded",
            UploadState::Failed(_) => "failed",
        }
    }

    /// Neither ready nor given up.
    pub fn is_under_way(self) -> bool {
        !matches!(self, UploadState::Uploaded | UploadState::Failed(_))
    }

    fn has_begun(self) -> bool {
        matches!(self, UploadState::Asking | UploadState::Uploading { .. } | UploadState::Checking)
    }
}

/// The visitor's files, and when the addresses of everybody's came.
#[derive(Debug, Default)]
pub(super) struct Attachments {
    uploads: Vec<Upload>,
    /// What the session takes, as far as it has said.
    pub(super) rules: Option<FileRules>,
    /// Files whose address was asked for of late.
    asked: Vec<(String, Timestamp)>,
    /// This one is opened when its new address comes.
    opening: Option<String>,
}

impl Attachments {
    pub(super) fn uploads(&self) -> &[Upload] {
        if UPLOADS { &self.uploads } else { &[] }
    }

    fn by_file(&mut self, file: FileId) -> Option<&mut Upload> {
        if !UPLOADS {
            return None;
        }
        self.uploads.iter_mut().find(|upload| upload.file.id == file)
    }

    fn by_attachment(&mut self, attachment: &str) -> Option<&mut Upload> {
        if !UPLOADS {
            return None;
        }
        self.uploads.iter_mut().find(|upload| upload.attachment == attachment && upload.state.has_begun())
    }
}

impl Session {
    /// Whether the visitor may send files: what the deployment says, and the session (guest API reference, section 10).
    pub(super) fn takes_files(&self) -> bool {
        if !UPLOADS {
            return false;
        }
        let says = |deployment: &Deployment| deployment.session_rules_files;
        // A tab that shares another one's line has not heard what the session takes: the platform will say.
        let is_unheard = self.lease.is_follower() && self.deployment.as_ref().is_some_and(says);
        self.file_rules().map_or(is_unheard, FileRules::allow_any)
    }

    /// Those in force, as far as they are known.
    pub(super) fn file_rules(&self) -> Option<&FileRules> {
        let deployment = self.deployment.as_ref()?;
        if deployment.session_rules_files { self.attachments.rules.as_ref() } else { Some(&deployment.file_rules) }
    }

    /// Whether this file could be sent.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_file(&self, file: &File) -> Result<(), FileFlaw> {
        if self.takes_files() { check(file, self.file_rules()) } else { Err(FileFlaw::Unavailable) }
    }

    /// Whether this text could be sent just now with the files that are ready; it may be empty.
    ///
    /// # Errors
    /// `FILES_UNDER_WAY` while one is not there yet, and those of [`Session::check_text`].
    pub fn check_with_files(&self, text: &str) -> Result<(), ChatError> {
        let uploads = self.attachments.uploads().iter();
        if uploads.clone().any(|upload| upload.state.is_under_way()) {
            return Err(ChatError::FILES_UNDER_WAY);
        }
        let has_files = uploads.clone().any(|upload| upload.state == UploadState::Uploaded);
        // Any text would do beside a file.
        self.check_text(if has_files && text.trim().is_empty() { "-" } else { text })
    }

    /// The visitor chose a file. `flaw`: what [`Session::check_file`] or a look at its bytes has found.
    pub(super) fn on_attach(&mut self, file: File, flaw: Option<FileFlaw>) {
        let is_known = self.attachments.by_file(file.id).is_some();
        if !UPLOADS || is_known || self.attachments.uploads.len() >= FILES_MAX || !self.phase().can_write() {
            return;
        }
        self.use_widget();
        let state = flaw.map_or(UploadState::Waiting, UploadState::Failed);
        self.attachments.uploads.push(Upload {
            file,
            state,
            attachment: String::new(),
            attempts: 0,
            until: Timestamp(0),
        });
        self.diff(Diff::Uploads);
        self.retry_now();
    }

    /// The visitor does not want to send it after all.
    pub(super) fn on_remove_file(&mut self, file: FileId) {
        let Some(at) = self.attachments.uploads().iter().position(|upload| upload.file.id == file) else { return };
        let upload = self.attachments.uploads.remove(at);
        self.diff(Diff::Uploads);
        // Of the others the platform rids itself.
        if upload.state == UploadState::Uploaded && self.line == Line::Up {
            self.limits.count_frame(self.now.monotonic);
            self.ask(Request::DropFile { id: upload.attachment });
        }
    }

    pub(super) fn on_retry_file(&mut self, file: FileId) {
        let Some(upload) = self.attachments.by_file(file) else { return };
        if matches!(upload.state, UploadState::Failed(flaw) if flaw.is_retryable()) {
            upload.attempts = 0;
            upload.until = Timestamp(0);
            upload.state = UploadState::Waiting;
            self.diff(Diff::Uploads);
            self.use_widget();
            self.retry_now();
        }
    }

    /// Sends what is written with all files that are ready.
    pub(super) fn on_send_with_files(&mut self, text: &str) {
        if !UPLOADS {
            return;
        }
        if let Err(error) = self.check_with_files(text) {
            return self.event(Event::Error(error));
        }
        let is_ready = |upload: &Upload| upload.state == UploadState::Uploaded;
        let uploads = self.attachments.uploads.iter().filter(|upload| is_ready(upload));
        let items = uploads.map(|upload| Item::Attachment(attachment(upload))).collect();
        self.attachments.uploads.retain(|upload| !is_ready(upload));
        self.diff(Diff::Uploads);
        self.accept(Body { text: Redacted::new(text.trim()), items });
    }

    /// What the browser says of the bytes. Of a file that has come further, or is gone, nothing more is heard.
    pub(super) fn on_upload(&mut self, file: FileId, news: UploadNews) {
        let until = self.now.monotonic.after(STALLED_MS);
        let Some(upload) = self.attachments.by_file(file) else { return };
        if !matches!(upload.state, UploadState::Uploading { .. }) {
            return;
        }
        upload.until = until;
        upload.state = match news {
            UploadNews::Progress { sent_bytes } => UploadState::Uploading { sent_bytes },
            UploadNews::Done => UploadState::Checking,
            UploadNews::Failed => UploadState::Failed(FileFlaw::Interrupted),
        };
        self.diff(Diff::Uploads);
    }

    /// The platform takes the file, there.
    pub(super) fn on_upload_address(&mut self, id: &str, url: Redacted, headers: Redacted) {
        let until = self.now.monotonic.after(STALLED_MS);
        let Some(upload) = self.attachments.by_attachment(id).filter(|upload| upload.state == UploadState::Asking)
        else {
            return self.ignored_frames += 1;
        };
        upload.until = until;
        upload.state = UploadState::Uploading { sent_bytes: 0 };
        let file = upload.file.id;
        self.effect(Effect::Upload { file, url, headers });
        self.diff(Diff::Uploads);
    }

    /// The platform has found the bytes good. It may know before the browser does.
    pub(super) fn on_uploaded(&mut self, id: &str) {
        let Some(upload) = self.attachments.by_attachment(id) else { return self.ignored_frames += 1 };
        upload.state = UploadState::Uploaded;
        self.diff(Diff::Uploads);
    }

    /// The platform does not take this file, or does not give it out.
    pub(super) fn on_file_refused(&mut self, id: &str, refusal: FileRefusal) {
        let now = self.now.monotonic;
        if let Some(upload) = self.attachments.by_attachment(id) {
            upload.state = match refusal {
                FileRefusal::Flawed(flaw) => UploadState::Failed(flaw),
                FileRefusal::Busy { retry_after_ms } => {
                    again(upload, now.after(retry_after_ms.unwrap_or(SLOW_DOWN_MS).min(SLOW_DOWN_MAX_MS)))
                }
            };
            self.diff(Diff::Uploads);
        } else {
            self.attachments.opening.take_if(|opening| opening == id);
            self.set_file_address(id, None);
        }
    }

    /// Of those under way it is not known what became of them: they begin anew.
    pub(super) fn interrupt_uploads(&mut self) {
        self.attachments.opening = None;
        self.restart_uploads(UploadState::has_begun);
    }

    /// Another session knows none of the files of the one before.
    pub(super) fn forget_uploaded(&mut self) {
        self.restart_uploads(|state| state.has_begun() || state == UploadState::Uploaded);
    }

    fn restart_uploads(&mut self, is_concerned: impl Fn(UploadState) -> bool) {
        let mut has_changed = false;
        if !UPLOADS {
            return;
        }
        for upload in self.attachments.uploads.iter_mut().filter(|upload| is_concerned(upload.state)) {
            upload.state = again(upload, Timestamp(0));
            has_changed = true;
        }
        if has_changed {
            self.diff(Diff::Uploads);
        }
    }

    /// There is no conversation any more that they could go to.
    pub(super) fn drop_uploads(&mut self) {
        if !self.attachments.uploads().is_empty() {
            self.attachments.uploads.clear();
            self.diff(Diff::Uploads);
        }
    }

    /// Gives up what takes too long, and begins what may begin.
    pub(super) fn pursue_uploads(&mut self) {
        if self.attachments.uploads().is_empty() {
            return;
        }
        if !self.phase().can_write() {
            return self.drop_uploads();
        }
        let now = self.now.monotonic;
        for at in 0..self.attachments.uploads.len() {
            let under_way = self.attachments.uploads.iter().filter(|upload| upload.state.has_begun()).count();
            let Some(upload) = self.attachments.uploads.get_mut(at) else { return };
            if upload.state.has_begun() && upload.until <= now {
                upload.state = UploadState::Failed(FileFlaw::Interrupted);
                self.diff(Diff::Uploads);
            } else if upload.state == UploadState::Waiting
                && upload.until <= now
                && under_way < UNDER_WAY_MAX
                && self.line == Line::Up
            {
                if let Err(when) = self.limits.take_signal(now) {
                    upload.until = when;
                    continue;
                }
                let id = ClientId::random(&mut self.random).0;
                upload.attachment.clone_from(&id);
                upload.attempts += 1;
                upload.until = now.after(ANSWER_MS);
                upload.state = UploadState::Asking;
                let File { name, mime, size_bytes, .. } = upload.file.clone();
                self.ask(Request::OfferFile { id, name, mime, size_bytes });
                self.diff(Diff::Uploads);
            }
        }
        let waits =
            |upload: &&Upload| upload.state.has_begun() || (upload.state == UploadState::Waiting && upload.until > now);
        if let Some(until) = self.attachments.uploads.iter().filter(waits).map(|upload| upload.until).min() {
            self.timers.set(Timer::Upload, until);
        }
    }

    /// A file cannot be shown, or the visitor wants to have it (`opens`): its address is good for minutes only (guest API
    /// reference, section 10), so that a fresh one is asked for.
    pub(super) fn on_fetch_file(&mut self, id: String, opens: bool) {
        let now = self.now.monotonic;
        // Elsewhere an address is good for good.
        if self.line != Line::Up || self.manners.is_rest() {
            if let Some(url) = self.transcript.file_address(&id).filter(|_| opens) {
                self.effect(Effect::OpenFile { url });
            }
            return;
        }
        self.attachments.asked.retain(|(_, at)| now.since(*at) < REFRESH_INTERVAL_MS);
        if opens {
            self.attachments.opening = Some(id.clone());
        } else if self.attachments.asked.iter().any(|(asked, _)| *asked == id) {
            return;
        } else {
            self.attachments.asked.push((id.clone(), now));
        }
        self.limits.count_frame(now);
        self.ask(Request::RefreshFile { id });
    }

    pub(super) fn on_file_address(&mut self, id: &str, url: Option<Redacted>) {
        let opens = self.attachments.opening.take_if(|opening| opening == id).is_some();
        if url.is_some() {
            self.set_file_address(id, url.as_ref());
        }
        if let Some(url) = self.transcript.file_address(id).filter(|_| opens) {
            self.effect(Effect::OpenFile { url });
        }
    }

    /// Without one it is not to be had.
    fn set_file_address(&mut self, id: &str, url: Option<&Redacted>) {
        let changed = self.transcript.set_file_address(id, url);
        if changed.is_empty() {
            self.ignored_frames += 1;
        }
        for entry in changed {
            self.diff(Diff::Changed { entry });
        }
    }
}

/// From the beginning, at this moment at the earliest, unless it has been tried often enough.
fn again(upload: &mut Upload, at: Timestamp) -> UploadState {
    upload.until = at;
    if upload.attempts < ATTEMPTS_MAX { UploadState::Waiting } else { UploadState::Failed(FileFlaw::Interrupted) }
}

fn attachment(upload: &Upload) -> Attachment {
    Attachment {
        id: upload.attachment.clone(),
        name: upload.file.name.clone(),
        url: None,
        size_bytes: Some(upload.file.size_bytes),
        kind: FileKind::File,
        #[cfg(feature = "conversations")]
        mime: String::new(),
    }
}
