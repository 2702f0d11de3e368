//! Plays a recording back to a fresh engine and compares what it puts out, step by step.

use core::fmt;

use super::texts::MARK;
use super::{digest, read};
use crate::engine::{Engine, EngineInput, EngineOutput};
use crate::protocol::json::{self, Json};
use crate::protocol::keys::{Keys, Kind};
use crate::session::time::Now;

/// What `exportDiagnostics()` gives the page.
#[derive(Debug)]
pub struct Diagnostics {
    /// The version that recorded it: another may do other things on purpose.
    pub product: String,
    /// Of the engines that this page has had, oldest first.
    pub recordings: Vec<Recording>,
}

/// One engine's life.
#[derive(Debug)]
pub struct Recording {
    items: Vec<Json>,
    /// Its beginning was dropped: it can be read, and not be played back.
    pub is_truncated: bool,
    /// The engine died of a fault of its own, in the last step or in what was done about it.
    pub has_died: bool,
}

/// One step that was played back.
#[derive(Debug)]
pub struct Step<'a> {
    /// From 1.
    pub number: usize,
    pub now: Now,
    /// In the words of the recording.
    pub kind: &'a str,
    pub input: EngineInput,
    pub outputs: Vec<EngineOutput>,
    /// The digests of what came out then and now. `None` when nothing did.
    pub expected: Option<u64>,
    pub got: Option<u64>,
    /// Nothing is known of what came out then: the engine died.
    pub is_last_of_dead: bool,
}

impl Step<'_> {
    pub fn is_same(&self) -> bool {
        self.is_last_of_dead || self.expected == self.got
    }
}

/// Why a file cannot be played back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    NotJson,
    NotDiagnostics,
    /// The file's number, from 1.
    Version(i64),
    /// The item's place, from 0.
    Item(usize),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::NotJson => f.write_str("the file is not JSON; was it copied whole?"),
            Unreadable::NotDiagnostics => f.write_str("the file is not one of exportDiagnostics()"),
            Unreadable::Version(version) => {
                write!(f, "the file has format version {version}, and this reads version 1")
            }
            Unreadable::Item(place) => write!(f, "item {place} of a recording makes no sense to this version"),
        }
    }
}

impl std::error::Error for Unreadable {}

impl Diagnostics {
    /// # Errors
    /// When the text is not what `exportDiagnostics()` gives, or of another version.
    pub fn read(text: &str) -> Result<Diagnostics, Unreadable> {
        let file = json::parse(text).ok_or(Unreadable::NotJson)?;
        if file.text("format") != Some("guest-messenger-diagnostics") {
            return Err(Unreadable::NotDiagnostics);
        }
        match file.integer("version") {
            Some(1) => {}
            other => return Err(Unreadable::Version(other.unwrap_or_default())),
        }
        let recording = |found: &Json| Recording {
            items: found.list("items").to_vec(),
            is_truncated: found.bool("truncated").unwrap_or_default(),
            has_died: found.bool("died").unwrap_or_default(),
        };
        Ok(Diagnostics {
            product: file.text("product").unwrap_or_default().to_owned(),
            recordings: file.list("recordings").iter().map(recording).collect(),
        })
    }
}

impl Recording {
    /// Plays it back, up to the first step that puts out something else than it did. `on_step` sees every step.
    /// Answers how many steps there were.
    ///
    /// # Errors
    /// When an item makes no sense, or the beginning is not there.
    pub fn replay(&self, mut on_step: impl FnMut(&Step<'_>)) -> Result<usize, Unreadable> {
        let beginning = self.items.first().and_then(read::beginning);
        let (settings, seed) = beginning.ok_or(Unreadable::Item(0))?;
        let mut engine = Engine::new(settings, seed);
        let mut now = Now::default();
        let mut number = 0;
        for (place, item) in self.items.iter().enumerate() {
            // The beginning, and digests.
            if place == 0 || item.as_text().is_some() {
                continue;
            }
            let (then, kind, input) = read::step(item, now, engine.session().tag()).ok_or(Unreadable::Item(place))?;
            let expected = self.digest_after(place)?;
            (now, number) = (then, number + 1);
            engine.handle(now, input.clone());
            let outputs: Vec<EngineOutput> = std::iter::from_fn(|| engine.poll_output()).collect();
            let got = digest::of(&outputs);
            let is_last_of_dead = self.has_died && place + 1 == self.items.len();
            let step = Step { number, now, kind, input, outputs, expected, got, is_last_of_dead };
            on_step(&step);
            if !step.is_same() {
                break;
            }
        }
        Ok(number)
    }

    /// What went in, without playing it back: this can also be had of a recording whose beginning was dropped.
    ///
    /// # Errors
    /// When an item makes no sense.
    pub fn inputs(&self, mut on_input: impl FnMut(Now, &EngineInput)) -> Result<(), Unreadable> {
        let mut now = Now::default();
        for (place, item) in self.items.iter().enumerate() {
            if item.as_text().is_some() || read::beginning(item).is_some() {
                continue;
            }
            let (then, _, input) = read::step(item, now, 0).ok_or(Unreadable::Item(place))?;
            now = then;
            on_input(now, &input);
        }
        Ok(())
    }

    /// Whether the platform named something in a way that no id has. Such names are covered, and then messages of one
    /// millisecond may come to stand in another order than they did.
    pub fn has_covered_ids(&self) -> bool {
        self.items.iter().any(has_covered_id)
    }

    /// The digest that stands behind a step, if there is one.
    fn digest_after(&self, place: usize) -> Result<Option<u64>, Unreadable> {
        match self.items.get(place + 1).filter(|item| item.as_text().is_some()) {
            Some(item) => read::digest(item).map(Some).ok_or(Unreadable::Item(place + 1)),
            None => Ok(None),
        }
    }
}

fn has_covered_id(tree: &Json) -> bool {
    let is_covered = |key: &str, value: &Json| {
        Keys::ALL.iter().any(|keys| keys.kind_of("", key) == Some(Kind::Name))
            && value.as_text().is_some_and(|id| id.starts_with(MARK))
    };
    match tree {
        Json::List(items) => items.iter().any(has_covered_id),
        Json::Map(pairs) => pairs.iter().any(|(key, value)| is_covered(key, value) || has_covered_id(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => false,
    }
}
