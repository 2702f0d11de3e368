//! JSON as a tree. In the browser `JSON.parse` fills it, natively `parse` does; both accept what the page's engine accepts.
//!
//! Reading is lenient: a missing, null or wrongly typed field is `None`, and the rest of the frame is still used.

/// Deeper trees than this are junk and are refused by both readers.
pub const DEPTH_MAX: usize = 128;

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    /// In the order of the source, keys once.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// The value of a key, unless this is no map, the key is missing or the value is null.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Map(pairs) => pairs
                .iter()
                .rev()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value)
                .filter(|value| !value.is_null()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => None,
        }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Json::as_text)
    }

    pub fn bool(&self, key: &str) -> Option<bool> {
        match self.get(key) {
            Some(Json::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// A number, or text that is one: the health check sends its numbers as text (reference, section 4.5).
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            // Saturates, and NaN is zero: any number has a defined integer.
            Json::Number(value) => Some(*value as i64),
            Json::Text(value) => value.trim().parse().ok(),
            _ => None,
        }
    }

    pub fn list(&self, key: &str) -> &[Json] {
        match self.get(key) {
            Some(Json::List(items)) => items,
            _ => &[],
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn is_map(&self) -> bool {
        matches!(self, Json::Map(_))
    }

    fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }
}
