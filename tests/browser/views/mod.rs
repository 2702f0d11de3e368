pub mod announcer;
pub mod composer;
pub mod launcher;
pub mod panel;
pub mod rich;
pub mod text;
pub mod transcript;
pub mod words;
