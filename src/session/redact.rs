//! Secrets and personal text as types that cannot be printed by accident.

use core::fmt;
use core::hash::{Hash, Hasher};

/// Holds a value whose `Debug` and `Hash` show only how long it is. There is no `Display`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Redacted(String);

impl Redacted {
    pub fn new(text: impl Into<String>) -> Redacted {
        Redacted(text.into())
    }

    /// The text itself, for the wire, the storage and the screen. Never for a log, an event or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As with `Debug`: by the length alone.
impl Hash for Redacted {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redacted(")?;
        fmt::Display::fmt(&self.0.len(), f)?;
        f.write_str(" bytes)")
    }
}
