//! Frames and answers as a recording keeps them: the keys that the protocol reads, and under them what is no text.

use super::texts::Texts;
use crate::protocol::guest::keys::{self, Kind};
use crate::protocol::json::Json;

/// What is read lies less deep.
const DEPTH_MAX: usize = 32;

pub(super) fn cover(tree: &Json, texts: &mut Texts) -> Json {
    value(tree, Place { key: "", kind: Kind::Tree, depth_left: DEPTH_MAX }, texts)
}

#[derive(Clone, Copy)]
struct Place<'a> {
    key: &'a str,
    kind: Kind,
    depth_left: usize,
}

fn value(tree: &Json, place: Place<'_>, texts: &mut Texts) -> Json {
    let Place { key, kind, depth_left } = place;
    let Some(depth_left) = depth_left.checked_sub(1) else { return Json::Null };
    match tree {
        Json::Null | Json::Bool(_) => tree.clone(),
        Json::Number(_) if kind == Kind::Number => tree.clone(),
        // Somebody's telephone number.
        Json::Number(_) => Json::Number(0.0),
        Json::Text(text) => match kind {
            Kind::Word => texts.word(text),
            Kind::Id => texts.id(text),
            Kind::Time => texts.time(text),
            Kind::Number => texts.digits(text),
            Kind::Refusal if keys::is_about_clearing(text) => Json::from(keys::CLEARING),
            Kind::Refusal | Kind::Text | Kind::Tree => texts.cover(text),
        },
        Json::List(items) => {
            Json::List(items.iter().map(|item| value(item, Place { depth_left, ..place }, texts)).collect())
        }
        Json::Map(pairs) => Json::Map(
            pairs
                .iter()
                .filter_map(|(name, inner)| {
                    let kind = keys::kind_of(key, name)?;
                    Some((name.clone(), value(inner, Place { key: name, kind, depth_left }, texts)))
                })
                .collect(),
        ),
    }
}
