//! Whom the UI asks.

use crate::session::files::File;
use crate::session::ids::FileId;
use crate::session::input::{Command, UploadNews};

/// The owner of the session. None of these calls paints before it returns to the event loop or to the caller's end.
pub trait Host {
    fn command(&self, command: Command);

    /// Sends text, unless it cannot be sent just now. `with_files`: and the files that are ready.
    fn send(&self, text: &str, with_files: bool) -> bool;

    /// The visitor chose a file. `is_fitting`: its bytes begin as its type says.
    fn attach(&self, file: File, is_fitting: bool);

    fn upload(&self, file: FileId, news: UploadNews);

    /// The text in the composer is another one now.
    fn keep_draft(&self, text: &str);

    /// Asks for `Ui::paint` before the browser's next frame.
    fn repaint(&self);
}
