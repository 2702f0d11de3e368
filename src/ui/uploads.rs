//! Files of the visitor's that are in no message yet. Files come in through www/src/files.ts, and what is shown is a view
//! of its own, www/src/lazy/attach.ts, which also has their bytes.

use super::dom::Node;
use super::host::Host;
use super::icons;
use super::lazy::{Lazy, Showing};
use super::words::Words;
use crate::built_in::UPLOADS;
use crate::protocol::json::Json;
use crate::session::attachments::{Upload, UploadState};
use crate::session::files::File;
use crate::session::ids::FileId;
use crate::session::input::{Command, UploadNews};
use crate::session::redact::Redacted;
use crate::session::view::View;
use crate::text::part;
use std::rc::Rc;

pub(super) struct Uploads {
    /// Lets the visitor choose files.
    pub(super) button: Node,
    /// The view stands after it.
    pub(super) node: Node,
    lazy: Lazy,
    host: Rc<dyn Host>,
    places: Vec<Place>,
    showing: Option<Showing>,
    opening: Option<Showing>,
}

/// Where a file is to be brought.
struct Place {
    file: FileId,
    url: Redacted,
    headers: Redacted,
}

impl Uploads {
    pub(super) fn new(words: &Words, host: &Rc<dyn Host>, lazy: &Lazy) -> Uploads {
        let button = Node::button("attach", "").with("aria-label", &words.get("attach")).hidden();
        if UPLOADS {
            button.append(&icons::icon(icons::CLIP));
        }
        let node = Node::part("div", "uploads");
        Uploads {
            button,
            node,
            lazy: lazy.clone(),
            host: Rc::clone(host),
            places: Vec::new(),
            showing: None,
            opening: None,
        }
    }

    /// Files may be sent, or may not.
    pub(super) fn allow(&mut self, view: &View<'_>) {
        let is_allowed = UPLOADS && view.takes_files && view.phase.can_write();
        self.button.show(is_allowed);
        if is_allowed && self.showing.is_none() {
            self.update(view);
        }
    }

    /// The bytes of this file are to be brought there.
    pub(super) fn bring(&mut self, file: FileId, url: Redacted, headers: Redacted) {
        self.places.retain(|place| place.file != file);
        self.places.push(Place { file, url, headers });
    }

    /// A file of a message is to be had there.
    pub(super) fn open(&mut self, url: &Redacted) {
        // Apart from what shows the uploads.
        let opener = Node::part("div", "opener");
        self.opening = Some(self.lazy.show("file", &opener, &Json::from(url.expose()).write(), |_| {}));
    }

    pub(super) fn update(&mut self, view: &View<'_>) {
        let mut data = vec![Json::from(view.file_max_kb)];
        data.extend(view.uploads.iter().map(|upload| self.file(upload)));
        let host = Rc::clone(&self.host);
        let respond = move |answer: String| {
            read_answer(&*host, &answer);
        };
        self.showing = Some(self.lazy.show("attach", &self.node, &Json::List(data).write(), respond));
    }

    /// Its number and state, then what belongs to the state.
    fn file(&self, upload: &Upload) -> Json {
        let mut file = vec![Json::from(upload.file.id.0), Json::from(upload.state.name())];
        if let UploadState::Failed(flaw) = upload.state {
            file.push(Json::from(flaw.name()));
            file.push(Json::from(flaw.is_retryable()));
        }
        if let UploadState::Uploading { sent_bytes } = upload.state
            && let Some(place) = self.places.iter().find(|place| place.file == upload.file.id)
        {
            file.push(Json::from(sent_bytes));
            file.push(Json::from(place.url.expose()));
            file.push(Json::from(place.headers.expose()));
        }
        Json::List(file)
    }
}

/// What the view says of a file: what it is about and the file's number, then more, with a zero between them.
fn read_answer(host: &dyn Host, answer: &str) -> Option<()> {
    let mut parts = Some(answer);
    let mut next = || part(&mut parts, b'\0');
    let what = next()?;
    let id = FileId(number(next()?) as u32);
    match what {
        "add" => {
            let size_bytes = number(next()?);
            let mime = next()?.to_owned();
            let is_fitting = next()? == "1";
            host.attach(File { id, mime, size_bytes, name: next()?.to_owned() }, is_fitting);
        }
        "sent" => host.upload(id, UploadNews::Progress { sent_bytes: number(next()?) }),
        "done" => host.upload(id, UploadNews::Done),
        "failed" => host.upload(id, UploadNews::Failed),
        "remove" => host.command(Command::RemoveFile(id)),
        _ => host.command(Command::RetryFile(id)),
    }
    Some(())
}

/// The view writes digits.
fn number(text: &str) -> u64 {
    text.bytes().fold(0, |number, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit & 0xf)))
}
