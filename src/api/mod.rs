//! What crosses to the page: options in, events and errors out, all plain objects.

pub mod errors;
pub mod events;
pub mod options;
