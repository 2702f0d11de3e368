//! Whom the UI asks.

use crate::session::input::Command;

/// The owner of the session. None of these calls paints before it returns to the event loop or to the caller's end.
pub trait Host {
    fn command(&self, command: Command);

    /// Sends text, unless it cannot be sent just now.
    fn send(&self, text: &str) -> bool;

    /// The text in the composer is another one now.
    fn keep_draft(&self, text: &str);

    /// Asks for `Ui::paint` before the browser's next frame.
    fn repaint(&self);
}
