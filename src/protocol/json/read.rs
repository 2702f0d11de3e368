//! JSON text to tree. Here and not by the page's own `JSON.parse` alone: taking the objects that it makes apart, call by
//! call, takes three times as long.

use super::{DEPTH_MAX, Json};
use crate::text;

/// `scalar` reads, or refuses, what is neither a list nor a map, nor a plain text, nor a few digits: browser and native have
/// that already. Of two equal keys the last counts. `None` for what is no JSON, and for trees that are too deep.
pub fn read(text: &str, scalar: fn(&str) -> Option<Json>) -> Option<Json> {
    let mut reader = Reader { text, at: 0, scalar };
    let json = reader.value(DEPTH_MAX)?;
    if reader.next().is_none() { Some(json) } else { None }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    scalar: fn(&str) -> Option<Json>,
}

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over space, and over the sign behind it.
    fn next(&mut self) -> Option<u8> {
        loop {
            let sign = self.byte()?;
            self.at += 1;
            if !matches!(sign, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(sign);
            }
        }
    }

    fn value(&mut self, depth_left: usize) -> Option<Json> {
        let open = self.next()?;
        let mut made = match open {
            b'[' => Json::List(Vec::new()),
            b'{' => Json::map(),
            b'"' => return self.text(),
            _ => return self.word(),
        };
        let depth_left = depth_left.checked_sub(1)?;
        // So it is in ASCII, for both kinds of bracket.
        let close = open + 2;
        if self.next()? == close {
            return Some(made);
        }
        self.at -= 1;
        loop {
            match &mut made {
                Json::Map(pairs) => {
                    // Neither a list nor a map is less deep than this.
                    let Json::Text(key) = self.value(0)? else { return None };
                    if self.next()? != b':' {
                        return None;
                    }
                    pairs.push((key, self.value(depth_left)?));
                }
                Json::List(items) => items.push(self.value(depth_left)?),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
            }
            let sign = self.next()?;
            if sign == close {
                return Some(made);
            }
            if sign != b',' {
                return None;
            }
        }
    }

    /// From behind the first quote on.
    fn text(&mut self) -> Option<Json> {
        let from = self.at;
        let mut is_plain = true;
        loop {
            let byte = self.byte()?;
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => {
                    is_plain = false;
                    self.at += 1;
                }
                // Refused.
                ..b' ' => is_plain = false,
                _ => {}
            }
        }
        if is_plain {
            return Some(Json::from(self.text.get(from..self.at - 1)?));
        }
        (self.scalar)(self.text.get(from - 1..self.at)?)
    }

    /// From behind its first sign on.
    fn word(&mut self) -> Option<Json> {
        let from = self.at - 1;
        while !matches!(self.byte(), None | Some(b',' | b']' | b'}' | ..=b' ')) {
            self.at += 1;
        }
        let word = self.text.get(from..self.at)?;
        match text::digits(word.as_bytes()).filter(|_| !word.starts_with('0')) {
            Some(number) => Some(Json::from(number)),
            None => (self.scalar)(word),
        }
    }
}
