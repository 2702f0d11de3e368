//! Plain text to links and the rest, in one pass, and which addresses may become links at all.
//!
//! The policy: an address is judged after the browser has normalised it, and what it shows is where it leads.

/// Text or a link, in the order of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Text(&'a str),
    Link(Link),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    /// Normalised, safe to set as `href`.
    pub href: String,
}

/// An address as a browser understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub href: String,
    /// In lower case, without a colon.
    pub scheme: String,
    /// Without a port; empty where the scheme has none.
    pub host: String,
    pub has_user_info: bool,
}

/// Whoever understands addresses: the browser's `URL`, and another one in tests.
pub trait AddressReader {
    fn read(&self, text: &str) -> Option<Address>;
}

const ADDRESS_MAX_BYTES: usize = 2048;
/// A message with more is not read by anybody; what follows stays text.
const LINKS_MAX: usize = 200;

/// Bare http and https addresses and e-mail addresses become links, all else stays as it is.
pub fn tokens<'a>(text: &'a str, reader: &dyn AddressReader) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    let mut links = 0;
    let mut plain_from = 0;
    for (start, word) in words(text) {
        if links == LINKS_MAX {
            break;
        }
        let Some((offset, found, link)) = link_in(word, reader) else { continue };
        let link_start = start + offset;
        push_text(&mut tokens, text.get(plain_from..link_start));
        tokens.push(Token::Link(link));
        links += 1;
        plain_from = link_start + found.len();
    }
    push_text(&mut tokens, text.get(plain_from..));
    tokens
}

/// The normalised form of an address that may be opened, for what arrives as an address of its own (a card's button).
pub fn safe_href(address: &str, reader: &dyn AddressReader) -> Option<String> {
    judge(address, reader).map(|judged| judged.href)
}

/// The normalised form of an address that an image may be loaded from: https, or the platform's own host.
pub fn safe_image(address: &str, own_host: &str, reader: &dyn AddressReader) -> Option<Address> {
    let judged = judge(address, reader)?;
    let is_own = !own_host.is_empty() && judged.host == own_host;
    (judged.scheme == "https" || (judged.scheme == "http" && is_own)).then_some(judged)
}

fn push_text<'a>(tokens: &mut Vec<Token<'a>>, text: Option<&'a str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        tokens.push(Token::Text(text));
    }
}

/// The runs between white space, each with its place.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest_from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(rest_from..)?;
        let start = rest_from + rest.find(|letter: char| !letter.is_whitespace())?;
        let word = text.get(start..)?.split(char::is_whitespace).next()?;
        rest_from = start + word.len();
        Some((start, word))
    })
}

/// The first link of a word, with its offset and its text.
fn link_in<'a>(word: &'a str, reader: &dyn AddressReader) -> Option<(usize, &'a str, Link)> {
    if let Some(start) = web_start(word) {
        let found = trim_end(word.get(start..)?);
        let judged = judge(found, reader)?;
        let label = if shows_host(found, &judged.host) { found.to_owned() } else { judged.href.clone() };
        return Some((start, found, Link { label, href: judged.href }));
    }
    let inner = word.trim_start_matches(['(', '<', '"', '\'', '[']);
    let found = trim_end(inner);
    is_email(found).then(|| {
        let href = ["mailto:", found].concat();
        (word.len() - inner.len(), found, Link { label: found.to_owned(), href })
    })
}

/// Where `http://` or `https://` begins, not in the middle of another word.
fn web_start(word: &str) -> Option<usize> {
    let is_start = |at: usize| {
        let (before, rest) = word.split_at_checked(at)?;
        let has_scheme = ["https://", "http://"].iter().any(|scheme| starts_with_ignoring_case(rest, scheme));
        (has_scheme && !before.ends_with(|letter: char| letter.is_ascii_alphanumeric())).then_some(at)
    };
    word.char_indices().find_map(|(at, letter)| if matches!(letter, 'h' | 'H') { is_start(at) } else { None })
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Without the punctuation of the sentence around it. A closing bracket stays when it was opened inside.
fn trim_end(text: &str) -> &str {
    let text = text.split(['<', '>', '"']).next().unwrap_or_default();
    let mut kept = text;
    while let Some(last) = kept.chars().next_back() {
        let is_punctuation = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' => true,
            ')' => kept.matches(')').count() > kept.matches('(').count(),
            ']' => kept.matches(']').count() > kept.matches('[').count(),
            _ => false,
        };
        if !is_punctuation {
            break;
        }
        kept = kept.strip_suffix(last).unwrap_or_default();
    }
    kept
}

fn judge(address: &str, reader: &dyn AddressReader) -> Option<Address> {
    if address.len() > ADDRESS_MAX_BYTES || address.contains(is_deceptive) {
        return None;
    }
    let judged = reader.read(address)?;
    let is_allowed = match judged.scheme.as_str() {
        "https" | "http" => {
            let typed = host_of(address)?;
            !judged.has_user_info
                && !typed.contains('@')
                // Browsers take the first part of the path for the host where none is typed.
                && !typed.is_empty()
                && !judged.host.is_empty()
                && !judged.host.split('.').any(is_broken_punycode)
                // `0x7f.1` is 127.0.0.1 to a browser and nothing to a person.
                && (!is_ipv4(&judged.host) || judged.host == typed)
        }
        // A line break would add a header to the e-mail.
        "mailto" | "tel" => !has_escaped_line_break(&judged.href),
        _ => false,
    };
    is_allowed.then_some(judged)
}

/// Controls, spaces, backslashes, direction marks and invisible characters: each makes an address look like another.
fn is_deceptive(letter: char) -> bool {
    letter.is_control()
        || letter.is_whitespace()
        || matches!(letter,
            '\\'
            | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The host as it was typed, with user information if there is any; `None` without a literal `//`.
fn host_of(address: &str) -> Option<&str> {
    let rest = address.split_once(':')?.1.strip_prefix("//")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match authority.rsplit_once(':') {
        Some((host, port)) if is_port(port) => Some(host),
        _ => Some(authority),
    }
}

/// A label may stand for the address only when both name the same host, letter by letter.
fn shows_host(label: &str, host: &str) -> bool {
    host_of(label).is_some_and(|shown| shown.eq_ignore_ascii_case(host))
}

/// Such a label decodes to nothing, yet browsers take it.
fn is_broken_punycode(label: &str) -> bool {
    label.starts_with("xn--") && label.ends_with('-')
}

fn has_escaped_line_break(href: &str) -> bool {
    href.as_bytes().windows(3).any(|letters| matches!(letters, b"%0a" | b"%0A" | b"%0d" | b"%0D"))
}

fn is_ipv4(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    let is_user = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte);
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let Some((_, top)) = host.rsplit_once('.') else { return false };
    text.len() <= 254
        && !user.is_empty()
        && !user.starts_with('.')
        && user.bytes().all(is_user)
        && host.split('.').all(is_label)
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As much of a browser's understanding as these tests need; the browser tests use the real one.
    struct Simple;

    impl AddressReader for Simple {
        fn read(&self, text: &str) -> Option<Address> {
            let (scheme, rest) = text.split_once(':')?;
            let authority = rest.trim_start_matches('/').split(['/', '?', '#']).next()?;
            let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
            let host = host.split(':').next()?.to_ascii_lowercase();
            let host = match host.as_str() {
                "0x7f.1" | "2130706433" => "127.0.0.1".to_owned(),
                "аpple.com" => "xn--pple-43d.com".to_owned(),
                _ => host,
            };
            Some(Address {
                href: text.replace("аpple.com", "xn--pple-43d.com"),
                scheme: scheme.to_ascii_lowercase(),
                host,
                has_user_info: !user.is_empty(),
            })
        }
    }

    fn show(text: &str) -> Vec<String> {
        let shown = |token: &Token| match token {
            Token::Text(text) => (*text).to_owned(),
            Token::Link(link) if link.label == link.href => format!("<{}>", link.href),
            Token::Link(link) => format!("<{} -> {}>", link.label, link.href),
        };
        tokens(text, &Simple).iter().map(shown).collect()
    }

    fn links(text: &str) -> usize {
        tokens(text, &Simple).iter().filter(|token| matches!(token, Token::Link(_))).count()
    }

    #[test]
    fn text_without_links_is_one_token() {
        assert_eq!(show("just\n  text "), ["just\n  text "]);
        assert_eq!(show(""), [""; 0]);
    }

    #[test]
    fn a_bare_address_becomes_a_link_and_the_text_around_it_stays() {
        assert_eq!(show("see https://a.example/x, ok"), ["see ", "<https://a.example/x>", ", ok"]);
        assert_eq!(show("HTTP://a.example"), ["<HTTP://a.example>"]);
    }

    #[test]
    fn the_punctuation_of_the_sentence_is_no_part_of_the_address() {
        assert_eq!(show("(https://a.example/b)."), ["(", "<https://a.example/b>", ")."]);
        assert_eq!(show("https://a.example/b_(c)"), ["<https://a.example/b_(c)>"]);
        assert_eq!(show("\"https://a.example\"!"), ["\"", "<https://a.example>", "\"!"]);
    }

    #[test]
    fn an_address_may_follow_a_letter_of_a_script_without_spaces() {
        assert_eq!(show("見てhttps://a.example"), ["見て", "<https://a.example>"]);
    }

    #[test]
    fn every_letter_of_the_text_is_kept() {
        let text = "é https://a.example/ü?x=1… ok@a.example; <https://b.example> h http:/ 👋";
        let kept: String = tokens(text, &Simple)
            .iter()
            .map(|token| match token {
                Token::Text(text) => (*text).to_owned(),
                Token::Link(link) => link.label.clone(),
            })
            .collect();
        assert_eq!(kept, text);
    }

    #[test]
    fn an_email_address_becomes_a_mailto_link() {
        assert_eq!(
            show("write <ana@shop.example>."),
            ["write <", "<ana@shop.example -> mailto:ana@shop.example>", ">."]
        );
        for text in ["a@b", "@a.example", "a@.example", "a@b.1", "a b@", "a@b..example"] {
            assert_eq!(links(text), 0, "{text}");
        }
    }

    #[test]
    fn other_schemes_stay_text() {
        for text in
            ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "xhttps://a.example", "https:a.example"]
        {
            assert_eq!(links(text), 0, "{text}");
        }
    }

    #[test]
    fn an_address_with_user_information_stays_text() {
        assert_eq!(links("https://bank.example@evil.example/"), 0);
        assert_eq!(links("https://bank.example:pass@evil.example/"), 0);
        assert_eq!(links("https://a.example/@user"), 1);
    }

    #[test]
    fn an_address_with_deceptive_letters_stays_text() {
        for letter in ['\u{202e}', '\u{200b}', '\u{2066}', '\u{feff}', '\\', '\u{7}', '\u{e0041}'] {
            assert_eq!(links(&format!("https://a.example/{letter}x")), 0, "{letter:?}");
        }
    }

    #[test]
    fn an_address_without_a_host_or_with_a_broken_one_stays_text() {
        assert_eq!(links("https:///evil.example"), 0);
        assert_eq!(links("https://xn--example-.org/"), 0);
        assert_eq!(links("https://xn--pple-43d.com/"), 1);
    }

    #[test]
    fn an_email_address_with_a_line_break_in_it_is_no_link() {
        assert_eq!(safe_href("mailto:a@example.com%0abcc:b@example.com", &Simple), None);
        assert_eq!(safe_href("mailto:a@example.com?body=x%0D", &Simple), None);
        assert!(safe_href("mailto:a@example.com?subject=x%20y", &Simple).is_some());
    }

    #[test]
    fn a_disguised_ip_address_stays_text() {
        assert_eq!(links("http://0x7f.1/"), 0);
        assert_eq!(links("http://2130706433/"), 0);
        assert_eq!(links("http://127.0.0.1:8080/x"), 1);
    }

    #[test]
    fn a_host_that_looks_like_another_is_shown_as_what_it_is() {
        assert_eq!(show("https://аpple.com"), ["<https://xn--pple-43d.com>"]);
    }

    #[test]
    fn an_overlong_address_stays_text() {
        assert_eq!(links(&format!("https://a.example/{}", "x".repeat(ADDRESS_MAX_BYTES))), 0);
    }

    #[test]
    fn links_beyond_the_two_hundredth_stay_text() {
        assert_eq!(links(&"https://a.example ".repeat(300)), LINKS_MAX);
    }

    #[test]
    fn images_come_by_https_or_from_the_platforms_own_host() {
        assert!(safe_image("https://a.example/x.png", "", &Simple).is_some());
        assert!(safe_image("http://a.example/x.png", "", &Simple).is_none());
        assert!(safe_image("http://127.0.0.1:8080/x.png", "127.0.0.1", &Simple).is_some());
        assert!(safe_image("data:image/svg+xml,x", "", &Simple).is_none());
    }
}
