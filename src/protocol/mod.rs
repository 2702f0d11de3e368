//! How each messaging API says what the session means.

pub mod json;
pub mod wire;
