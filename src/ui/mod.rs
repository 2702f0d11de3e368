//! What the visitor sees. Reads the session's view, patches what changed, and asks its host for everything else.

mod announcer;
mod attention;
mod banner;
mod composer;
pub mod dom;
mod ended;
mod host;
mod icons;
mod launcher;
mod lazy;
pub mod links;
mod look;
pub mod markup;
mod menu;
mod message;
mod panel;
mod rich;
mod root;
mod text;
mod times;
mod transcript;
mod typing;
mod uploads;
mod words;

pub use host::Host;
pub use lazy::Lazy;
pub use message::Images;
pub use root::{Appearance, Rows, Ui};
pub use words::Words;
