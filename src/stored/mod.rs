//! What the browser's storages hold, as text and back. Parsing JSON is left to whoever reads: the page's own engine, or
//! a test.

pub mod keeper;
pub mod record;
pub mod vault;
