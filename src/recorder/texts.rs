//! Texts, and what stands in a recording in their place: how long they are and which of them are the same.

use crate::protocol::json::Json;
use crate::session::ids::GuestToken;

/// More different texts than this share one number.
const TEXTS_MAX: usize = 4096;
const ID_MAX_BYTES: usize = 64;
const WORD_MAX_BYTES: usize = 40;
const TIME_MAX_BYTES: usize = 40;
const NUMBER_MAX_BYTES: usize = 24;

/// Begins what stands in a text's place; nothing that is kept holds it.
pub(super) const MARK: char = '~';

/// The texts of one recording, by number. Holds no text itself, but for the guest tokens, which it must know to keep
/// them out.
#[derive(Debug, Default)]
pub(super) struct Texts {
    hashes: Vec<u64>,
    tokens: Vec<GuestToken>,
}

impl Texts {
    /// `~bytes.number`, and how many of its characters JSON writes as two bytes and as six, if there are any: a filler
    /// made of that is as long in every frame as the text itself, and two fillers are equal when the texts are.
    pub(super) fn cover(&mut self, text: &str) -> Json {
        if text.is_empty() {
            return Json::from("");
        }
        let (twos, sixes) = escapes(text);
        let mut cover = String::from(MARK);
        cover.push_str(&text.len().to_string());
        let mut parts = vec![self.number(text)];
        if twos + sixes > 0 {
            parts.extend([twos, sixes]);
        }
        for part in parts {
            cover.push('.');
            cover.push_str(&part.to_string());
        }
        Json::Text(cover)
    }

    /// From here on no id or word that holds this one is kept.
    pub(super) fn cover_token(&mut self, token: &GuestToken) -> Json {
        if !self.tokens.contains(token) {
            self.tokens.push(token.clone());
        }
        self.cover(token.0.expose())
    }

    /// The conversation with this tag: its token's cover, or nothing for one that this tab has no token of.
    pub(super) fn conversation(&mut self, tag: u64) -> Json {
        match self.tokens.iter().find(|token| token.tag() == tag).cloned() {
            Some(token) => self.cover(token.0.expose()),
            // Of tabs that have no conversation yet.
            None if tag == 0 => Json::from(""),
            None => Json::Null,
        }
    }

    pub(super) fn id(&mut self, id: &str) -> Json {
        self.keep_if(is_id(id.as_bytes()), id)
    }

    pub(super) fn word(&mut self, word: &str) -> Json {
        let is_word = word.len() <= WORD_MAX_BYTES && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        self.keep_if(is_word, word)
    }

    pub(super) fn time(&mut self, time: &str) -> Json {
        let is_time = |byte: u8| byte.is_ascii_digit() || b"TZz:.+-".contains(&byte);
        self.keep_if(time.len() <= TIME_MAX_BYTES && time.bytes().all(is_time), time)
    }

    pub(super) fn digits(&mut self, digits: &str) -> Json {
        let is_digit = |byte: u8| byte.is_ascii_digit() || b" +-".contains(&byte);
        self.keep_if(digits.len() <= NUMBER_MAX_BYTES && digits.bytes().all(is_digit), digits)
    }

    fn keep_if(&mut self, is_of_the_form: bool, text: &str) -> Json {
        let holds = |token: &GuestToken| {
            let token = token.0.expose().as_bytes();
            !token.is_empty() && text.as_bytes().windows(token.len()).any(|window| window == token)
        };
        if is_of_the_form && !self.tokens.iter().any(holds) { Json::from(text) } else { self.cover(text) }
    }

    fn number(&mut self, text: &str) -> usize {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let number = self.hashes.iter().position(|known| *known == hash).unwrap_or(self.hashes.len());
        if number == self.hashes.len() && number < TEXTS_MAX {
            self.hashes.push(hash);
        }
        number
    }
}

/// Whether this can be an id of a platform or of ours: such are kept, because their order counts.
pub(super) fn is_id(id: &[u8]) -> bool {
    let is_in_ids = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_=".contains(byte);
    id.len() <= ID_MAX_BYTES && id.iter().all(is_in_ids)
}

/// How many characters take two bytes in a JSON text of ours, and how many six. See `Json::write`.
fn escapes(text: &str) -> (usize, usize) {
    let twos = text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n')).count();
    let sixes = text.bytes().filter(|byte| *byte < b' ' && *byte != b'\n').count();
    (twos, sixes)
}

/// The text itself where it was kept, or a filler.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn uncover(text: &str) -> Option<String> {
    let Some(cover) = text.strip_prefix(MARK) else { return Some(text.to_owned()) };
    let parts: Vec<usize> = cover.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (bytes, number, twos, sixes) = match *parts.as_slice() {
        [bytes, number] => (bytes, number, 0, 0),
        [bytes, number, twos, sixes] => (bytes, number, twos, sixes),
        _ => return None,
    };
    let plain = bytes.checked_sub(twos)?.checked_sub(sixes).filter(|_| bytes <= FILLER_MAX_BYTES)?;
    let mut filler = String::with_capacity(bytes);
    let mut rest = number;
    for _ in 0..plain {
        filler.push(char::from(SIGNS.get(rest % SIGNS.len()).copied().unwrap_or(b'!')));
        rest /= SIGNS.len();
    }
    filler.extend(std::iter::repeat_n('"', twos));
    filler.extend(std::iter::repeat_n('\u{1}', sixes));
    Some(filler)
}

/// Nothing made of these is a number, a date or an id, or shorter when trimmed, or longer in JSON.
#[cfg(not(target_arch = "wasm32"))]
const SIGNS: &[u8] = b"!#$%&'()*,./:;<>?@[]^`{|}";

/// No recording has longer ones; a damaged one shall not fill the memory.
#[cfg(not(target_arch = "wasm32"))]
const FILLER_MAX_BYTES: usize = 1 << 26;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::redact::Redacted;

    fn filler(texts: &mut Texts, text: &str) -> String {
        uncover(texts.cover(text).as_text().unwrap()).unwrap()
    }

    #[test]
    fn a_filler_is_as_long_as_the_text_here_and_in_json() {
        let mut texts = Texts::default();
        for text in ["", "x", "Grüße, 你好", "say \"hi\"\n\\ \t\u{7}", "\"", "   "] {
            let filler = filler(&mut texts, text);
            assert_eq!(filler.len(), text.len(), "{text:?}");
            assert_eq!(Json::from(filler.as_str()).write().len(), Json::from(text).write().len(), "{text:?}");
        }
    }

    #[test]
    fn fillers_are_equal_when_the_texts_are() {
        let mut texts = Texts::default();
        let fillers: Vec<String> = ["yes", "you", "yes"].map(|text| filler(&mut texts, text)).into();
        assert_eq!(fillers[0], fillers[2]);
        assert_ne!(fillers[0], fillers[1]);
    }

    #[test]
    fn a_filler_is_no_shorter_when_trimmed_and_no_number_or_id() {
        let mut texts = Texts::default();
        for text in ["   ", "4711", "2026-10-14T09:00:01Z", "\n\n"] {
            let filler = filler(&mut texts, text);
            assert_eq!(filler.trim(), filler);
            assert!(filler.parse::<i64>().is_err());
            assert!(!is_id(filler.as_bytes()));
        }
    }

    #[test]
    fn only_what_has_the_form_of_an_id_is_kept() {
        let mut texts = Texts::default();
        for id in ["7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3", "SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=", ""] {
            assert_eq!(texts.id(id), Json::from(id));
        }
        for other in ["Ada Lovelace", "ada@example.com", "https://example.com/", "é", &"a".repeat(65)] {
            assert_ne!(texts.id(other), Json::from(other));
        }
    }

    #[test]
    fn the_guest_token_is_never_kept_as_an_id() {
        let mut texts = Texts::default();
        let token = "11111111-2222-4333-8444-555555555555";
        assert_eq!(texts.id(token), Json::from(token));
        texts.cover_token(&GuestToken(Redacted::new(token)));
        assert_ne!(texts.id(token), Json::from(token));
        assert_ne!(texts.id(&["x", token].concat()), Json::from(["x", token].concat().as_str()));
    }

    #[test]
    fn what_stands_in_a_text_s_place_and_is_damaged_is_not_read() {
        for damaged in ["~", "~1", "~1.x", "~1.2.3", "~2.0.2.1", "~99999999999.0"] {
            assert_eq!(uncover(damaged), None, "{damaged}");
        }
    }
}
