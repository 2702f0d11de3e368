//! Frames and answers as a recording keeps them: the keys that the protocol reads, and under them what is no text.

use super::texts::Pen;
use crate::protocol::json::Json;
#[cfg(feature = "conversations")]
use crate::protocol::keys::Keys;
use crate::protocol::keys::Kind;

/// What is read lies less deep.
const DEPTH_MAX: u32 = 32;

pub(super) fn write(tree: &Json, pen: &mut Pen) {
    value(tree, "", Kind::Tree, DEPTH_MAX, pen);
}

fn value(tree: &Json, key: &str, kind: Kind, depth_left: u32, pen: &mut Pen) {
    match tree {
        Json::Bool(value) => pen.flag(*value),
        Json::Number(value) if kind == Kind::Number => pen.number(*value as i64),
        #[cfg(feature = "conversations")]
        Json::Number(value) if kind == Kind::Name && pen.keys == Keys::Conversations => {
            pen.number(Json::id_of(*value).unwrap_or_default());
        }
        // Somebody's telephone number.
        Json::Number(_) => pen.number(0),
        Json::Text(text) => match kind {
            Kind::Name => pen.name(text),
            Kind::Number => pen.digits(text),
            Kind::Refusal => match pen.keys.word(text) {
                Some(word) => pen.word(word),
                None => pen.text(text),
            },
            Kind::Text | Kind::Tree => pen.text(text),
        },
        Json::List(items) if depth_left > 0 => {
            pen.open('[');
            for item in items {
                value(item, key, kind, depth_left - 1, pen);
            }
            pen.close(']');
        }
        Json::Map(pairs) if depth_left > 0 => {
            pen.open('{');
            for (name, inner) in pairs {
                if let Some(kind) = pen.keys.kind_of(key, name) {
                    pen.key(name);
                    value(inner, name, kind, depth_left - 1, pen);
                }
            }
            pen.close('}');
        }
        Json::Null | Json::List(_) | Json::Map(_) => pen.nothing(),
    }
}
