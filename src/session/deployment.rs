//! The deployment's configuration, as far as the core and the UI need it (guest API reference, section 15).

use super::files::FileRules;

/// Everything has the platform's default, so that a sparse configuration works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    pub is_active: bool,
    pub sends_typing: bool,
    pub shows_typing: bool,
    pub auto_start: bool,
    pub allows_clear: bool,
    pub markdown: bool,
    /// Visitors may be signed in.
    pub signs_in: bool,
    /// Also in the middle of a conversation.
    pub allows_step_up: bool,
    /// An extension of the stand-in: the platform takes read receipts over the wire. The real one does not (section 8).
    pub takes_receipts: bool,
    pub bot_name: Option<String>,
    pub bot_avatar: Option<String>,
    /// Each session says which files it takes; without that the rules here hold (section 10).
    pub session_rules_files: bool,
    pub file_rules: FileRules,
    /// How the messenger is to look, as JSON in the view's words (www/src/lazy/look.ts). Empty before there is one.
    pub look: String,
}
