//! Texts, and what stands in a recording in their place: how long they are and which of them are the same.

use crate::protocol::keys::Keys;
use crate::protocol::time::parse_http_date;
use crate::session::ids::GuestToken;
use crate::text::{is_among, push_decimal};

/// For so many different texts; those that find no place share the number 0.
const PLACES: usize = 4096;
/// A text's place is among so many.
const NEAR: usize = 16;
const NAME_MAX_BYTES: usize = 64;
const DIGITS_MAX_BYTES: usize = 40;

/// Begins what stands in a text's place; nothing that is kept holds it.
pub(super) const MARK: char = '~';

/// Writes the items of one recording, and knows its texts by number. Keeps no text itself, but for the guest tokens, which
/// it must know to keep them out.
#[derive(Debug, Default)]
pub(super) struct Pen {
    out: String,
    /// Half of a text's hash, at the place that the other half names or near it, and its number, from 1 on. All of them are
    /// made at once: a page's memory does not grow for them in the middle of a long conversation.
    places: Vec<(u32, u16)>,
    texts: u16,
    tokens: Vec<GuestToken>,
    /// Of the API that is recorded.
    pub(super) keys: Keys,
}

impl Pen {
    /// Before each item.
    pub(super) fn clear(&mut self) {
        self.out.clear();
    }

    pub(super) fn written(&self) -> &str {
        &self.out
    }

    /// Begins a list or a map.
    pub(super) fn open(&mut self, bracket: char) {
        self.separate();
        self.out.push(bracket);
    }

    pub(super) fn close(&mut self, bracket: char) {
        self.out.push(bracket);
    }

    /// One of our own words, or a key of the protocol.
    pub(super) fn word(&mut self, word: &str) {
        self.separate();
        self.out.push('"');
        self.out.push_str(word);
        self.out.push('"');
    }

    pub(super) fn key(&mut self, key: &str) {
        self.word(key);
        self.out.push(':');
    }

    pub(super) fn number(&mut self, value: i64) {
        self.separate();
        push_decimal(value, &mut self.out);
    }

    pub(super) fn flag(&mut self, value: bool) {
        self.bare(if value { "true" } else { "false" });
    }

    pub(super) fn nothing(&mut self) {
        self.bare("null");
    }

    /// `~bytes.number`, and how many of its characters JSON writes as two bytes and as six, if there are any: a filler
    /// made of that is as long in every frame as the text itself, and two fillers are equal when the texts are.
    pub(super) fn text(&mut self, text: &str) {
        self.separate();
        self.out.push('"');
        if !text.is_empty() {
            self.out.push(MARK);
            self.part(text.len());
            self.out.push('.');
            let Measured { hash, twos, sixes } = measure(text);
            let number = self.number_of(hash);
            self.part(number);
            if twos + sixes > 0 {
                self.out.push('.');
                self.part(twos);
                self.out.push('.');
                self.part(sixes);
            }
        }
        self.out.push('"');
    }

    /// From here on no id or word that holds this one is kept. Where it names a conversation the name is kept, and the
    /// secret is what stands behind it.
    pub(super) fn token(&mut self, token: &GuestToken) {
        #[cfg(feature = "conversations")]
        if let Some((place, secret)) = crate::protocol::conversations::split_identity(token) {
            let is_plain = |byte: u8| is_name(&[byte]) || is_among(byte, b" .~%");
            if place.bytes().all(is_plain) {
                if !secret.0.is_empty() && !self.tokens.contains(&secret) {
                    self.tokens.push(secret.clone());
                }
                self.open('[');
                self.word(place);
                self.text(secret.0.expose());
                return self.close(']');
            }
        }
        if !self.tokens.contains(token) {
            self.tokens.push(token.clone());
        }
        self.text(token.0.expose());
    }

    /// An id or a word of the protocol; a text when it cannot be one.
    pub(super) fn name(&mut self, name: &str) {
        self.keep_if(is_name(name.as_bytes()), name);
    }

    /// A date or a number; a text when it cannot be one.
    pub(super) fn digits(&mut self, digits: &str) {
        let is_in_digits = |byte: u8| byte.is_ascii_digit() || is_among(byte, b" TZz:.+-");
        self.keep_if(digits.len() <= DIGITS_MAX_BYTES && digits.bytes().all(is_in_digits), digits);
    }

    /// Seconds, or a date as HTTP writes it (RFC 9110, section 5.6.7); a text when it is neither.
    pub(super) fn time_header(&mut self, header: &str) {
        // As whoever reads it takes it.
        let header = header.trim();
        // Whatever else stands between the parts of a date, it is written without escapes.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || is_among(byte, b" ,:-");
        let is_time = header.bytes().all(|byte| byte.is_ascii_digit()) || parse_http_date(header).is_some();
        self.keep_if(header.len() <= DIGITS_MAX_BYTES && header.bytes().all(is_plain) && is_time, header);
    }

    #[cfg(feature = "conversations")]
    pub(super) fn media_type(&mut self, mime: &str) {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || is_among(byte, b"/+-._; =");
        self.keep_if(mime.len() <= NAME_MAX_BYTES && mime.bytes().all(is_plain), mime);
    }

    fn keep_if(&mut self, is_of_the_form: bool, text: &str) {
        let holds = |token: &GuestToken| {
            let token = token.0.expose().as_bytes();
            !token.is_empty() && text.as_bytes().windows(token.len()).any(|window| window == token)
        };
        if is_of_the_form && !self.tokens.iter().any(holds) {
            self.word(text);
        } else {
            self.text(text);
        }
    }

    fn bare(&mut self, word: &str) {
        self.separate();
        self.out.push_str(word);
    }

    fn part(&mut self, value: usize) {
        push_decimal(value as i64, &mut self.out);
    }

    fn separate(&mut self) {
        if !matches!(self.out.as_bytes().last(), None | Some(b'[' | b'{' | b':')) {
            self.out.push(',');
        }
    }

    /// Of the text with this hash.
    fn number_of(&mut self, hash: u64) -> usize {
        self.places.resize(PLACES, (0, 0));
        let [from, tag] = [hash as u32, (hash >> 32) as u32];
        for near in 0..NEAR {
            let Some((known, number)) = self.places.get_mut((from as usize % PLACES + near) % PLACES) else { break };
            if *number == 0 {
                self.texts += 1;
                (*known, *number) = (tag, self.texts);
            }
            if *known == tag {
                return usize::from(*number);
            }
        }
        0
    }
}

/// Whether this can be an id, of a platform or of ours, or a word of the protocol. Ids are kept because their order counts.
pub(super) fn is_name(name: &[u8]) -> bool {
    let is_in_names = |byte: &u8| byte.is_ascii_alphanumeric() || is_among(*byte, b"-_=+/");
    name.len() <= NAME_MAX_BYTES && name.iter().all(is_in_names)
}

struct Measured {
    hash: u64,
    /// So many characters take two bytes in a JSON text of ours, and so many six. See `Json::write`.
    twos: usize,
    sixes: usize,
}

fn measure(text: &str) -> Measured {
    let mut measured = Measured { hash: 0xcbf2_9ce4_8422_2325, twos: 0, sixes: 0 };
    for byte in text.bytes() {
        measured.hash = (measured.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        match byte {
            b'"' | b'\\' | b'\n' => measured.twos += 1,
            ..b' ' => measured.sixes += 1,
            _ => {}
        }
    }
    measured
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::protocol::json::{self, Json};
    use crate::session::redact::Redacted;

    fn written(pen: &mut Pen) -> String {
        let text = json::parse(pen.written()).and_then(|json| json.as_text().map(str::to_owned)).unwrap_or_default();
        pen.clear();
        text
    }

    fn filler(pen: &mut Pen, text: &str) -> String {
        pen.text(text);
        uncover(&written(pen)).unwrap_or_default()
    }

    fn is_kept(pen: &mut Pen, name: &str) -> bool {
        pen.name(name);
        written(pen) == name
    }

    #[test]
    fn a_filler_is_as_long_as_the_text_here_and_in_json() {
        let mut pen = Pen::default();
        for text in ["", "x", "Grüße, 你好", "say \"hi\"\n\\ \t\u{7}", "\"", "   "] {
            let filler = filler(&mut pen, text);
            assert_eq!(filler.len(), text.len(), "{text:?}");
            assert_eq!(Json::from(filler.as_str()).write().len(), Json::from(text).write().len(), "{text:?}");
        }
    }

    #[test]
    fn fillers_are_equal_when_the_texts_are() {
        let mut pen = Pen::default();
        let fillers: Vec<String> = ["yes", "you", "yes"].map(|text| filler(&mut pen, text)).into();
        assert_eq!(fillers[0], fillers[2]);
        assert_ne!(fillers[0], fillers[1]);
    }

    #[test]
    fn every_one_of_thousands_of_texts_has_its_own_number_until_their_places_are_taken() {
        let mut pen = Pen::default();
        let texts: Vec<String> = (0..100_000).map(|number| format!("Message {number}")).collect();
        let numbers: Vec<usize> = texts.iter().map(|text| pen.number_of(measure(text).hash)).collect();
        let apart = numbers.iter().position(|number| *number == 0).unwrap();
        assert!(apart > PLACES / 2, "{apart}");
        let mut told: Vec<usize> = numbers.into_iter().filter(|number| *number > 0).collect();
        let known = told.len();
        told.dedup();
        assert_eq!((told.len(), pen.places.len()), (known, PLACES));
        assert_eq!(pen.number_of(measure("Message 7").hash), 8);
    }

    #[test]
    fn a_filler_is_no_shorter_when_trimmed_and_no_number_or_id() {
        let mut pen = Pen::default();
        for text in ["   ", "4711", "2026-10-14T09:00:01Z", "\n\n"] {
            let filler = filler(&mut pen, text);
            assert_eq!(filler.trim(), filler);
            assert!(filler.parse::<i64>().is_err());
            assert!(!is_name(filler.as_bytes()));
        }
    }

    #[test]
    fn only_what_has_the_form_of_an_id_is_kept() {
        let mut pen = Pen::default();
        for id in ["7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3", "SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=", ""] {
            assert!(is_kept(&mut pen, id), "{id}");
        }
        for other in ["Ada Lovelace", "ada@example.com", "https://example.com/", "é", &"a".repeat(65)] {
            assert!(!is_kept(&mut pen, other), "{other}");
        }
    }

    #[test]
    fn headers_are_kept_when_they_are_seconds_or_dates() {
        let mut pen = Pen::default();
        let mut is_kept = |header: &str| {
            pen.time_header(header);
            written(&mut pen) == header
        };
        assert!(is_kept("120") && is_kept("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert!(!is_kept("Ada") && !is_kept("\"Ada\", 06 Nov 1994 08:49:37 GMT") && !is_kept("\t120"));
        pen.time_header(" 7 ");
        assert_eq!(written(&mut pen), "7", "the space round it means nothing");
    }

    #[test]
    fn the_guest_token_is_never_kept_as_an_id() {
        let mut pen = Pen::default();
        let token = "11111111-2222-4333-8444-555555555555";
        assert!(is_kept(&mut pen, token));
        pen.token(&GuestToken(Redacted::new(token)));
        pen.clear();
        assert!(!is_kept(&mut pen, token));
        assert!(!is_kept(&mut pen, &["x", token].concat()));
    }

    #[test]
    fn what_stands_for_a_text_and_is_damaged_is_not_read() {
        for damaged in ["~", "~1", "~1.x", "~1.2.3", "~2.0.2.1", "~99999999999.0"] {
            assert_eq!(uncover(damaged), None, "{damaged}");
        }
    }
}
