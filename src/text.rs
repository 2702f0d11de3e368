//! Looking for one ASCII sign in a text, and numbers to text and back. The standard library's ways, which do for any
//! pattern and format, would weigh ten times as much on the page.

/// What stands before the first sign of this kind, and what behind it.
pub(crate) fn cut(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == sign)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The same with the last one.
pub(crate) fn cut_last(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|byte| byte == sign)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Takes the next part of a list in one text, up to the sign or the end. `None` when there is no more.
pub(crate) fn part<'a>(list: &mut Option<&'a str>, sign: u8) -> Option<&'a str> {
    let text = (*list)?;
    let (part, rest) = match cut(text, sign) {
        Some((part, rest)) => (part, Some(rest)),
        None => (text, None),
    };
    *list = rest;
    Some(part)
}

/// The standard library's `contains` is a search for long texts.
pub(crate) fn is_among(byte: u8, signs: &[u8]) -> bool {
    signs.iter().fold(false, |is_found, sign| is_found | (*sign == byte))
}

/// What stands before the first of these signs, or all of it.
pub(crate) fn before<'a>(text: &'a str, signs: &[u8]) -> &'a str {
    let end = text.bytes().position(|byte| is_among(byte, signs));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Where this begins for the first time.
pub(crate) fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    (0..text.len()).find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(wanted)))
}

/// Controls, spaces, direction marks and invisible characters.
pub(crate) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || letter.is_whitespace()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether there is nothing in it that anybody would see.
#[cfg(feature = "guest")]
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(is_unseen)
}

/// A number of at most fifteen digits, and nothing else.
pub(crate) fn digits(text: &[u8]) -> Option<i64> {
    let is_number = (1..=15).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| text.iter().fold(0, |number, byte| number * 10 + i64::from(byte - b'0')))
}

#[cfg(any(target_arch = "wasm32", test))]
pub(crate) fn decimal(value: i64) -> String {
    let mut out = String::new();
    push_decimal(value, &mut out);
    out
}

pub(crate) fn push_decimal(value: i64, out: &mut String) {
    if value < 0 {
        out.push('-');
    }
    push_digits(value.unsigned_abs(), out);
}

fn push_digits(value: u64, out: &mut String) {
    if value > 9 {
        push_digits(value / 10, out);
    }
    out.push(char::from(b'0' + (value % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_the_first_or_the_last_of_a_sign_and_there_alone() {
        assert_eq!(cut("é:b:c", b':'), Some(("é", "b:c")));
        assert_eq!(cut_last("é:b:c", b':'), Some(("é:b", "c")));
        assert_eq!((cut("ab", b':'), cut_last("", b':')), (None, None));
        let mut list = Some("a,,b");
        assert_eq!([(); 4].map(|()| part(&mut list, b',')), [Some("a"), Some(""), Some("b"), None]);
        assert_eq!((find(b"abab", b"ba"), find(b"ab", b"abc"), find(b"", b"a")), (Some(1), None, None));
        assert_eq!((before("é/b?c", b"?/"), before("ab", b"?/")), ("é", "ab"));
    }

    #[test]
    fn a_number_is_written_and_read_as_everybody_does() {
        for value in [0, 7, 10, 909, 1_792_000_000_812, i64::MAX, i64::MIN, -10] {
            assert_eq!(decimal(value), value.to_string());
        }
        assert_eq!(digits(b"001792000000812"), Some(1_792_000_000_812));
        for junk in ["", "-1", "+1", "1 ", "1e3", "1234567890123456"] {
            assert_eq!(digits(junk.as_bytes()), None, "{junk}");
        }
    }
}
