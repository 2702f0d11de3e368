//! Which addresses may become links.
//!
//! An address is judged after the browser has normalised it, and what it shows is where it leads.

use crate::text::{before, cut, cut_last, is_unseen};

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
/// The normalised form of an address that may be opened, for what arrives as an address of its own (a card's button).
pub fn safe_href(address: &str, reader: &dyn AddressReader) -> Option<String> {
    judge(address, reader).map(|judged| judged.href)
}

/// The normalised form of an address that an image may be loaded from: https, or the platform's own host.
pub fn safe_image(address: &str, own_host: &str, reader: &dyn AddressReader) -> Option<Address> {
    let judged = judge(address, reader)?;
    (judged.scheme == "https" || (judged.scheme == "http" && judged.is_at(own_host))).then_some(judged)
}

impl Address {
    /// Whether it is at this host, with its port: beside the platform's own there may be anything else on that machine.
    pub(super) fn is_at(&self, host: &str) -> bool {
        !host.is_empty() && authority(&self.href) == Some(host)
    }
}

pub(super) fn judge(address: &str, reader: &dyn AddressReader) -> Option<Address> {
    if address.len() > ADDRESS_MAX_BYTES || address.chars().any(is_deceptive) {
        return None;
    }
    let judged = reader.read(address)?;
    let is_allowed = match judged.scheme.as_str() {
        "https" | "http" => {
            let typed = host_of(address)?;
            !judged.has_user_info
                && cut(typed, b'@').is_none()
                // Browsers take the first part of the path for the host where none is typed.
                && !typed.is_empty()
                && !judged.host.is_empty()
                && !judged.host.as_bytes().split(|byte| *byte == b'.').any(is_broken_punycode)
                // `0x7f.1` is 127.0.0.1 to a browser and nothing to a person.
                && (!is_ipv4(&judged.host) || judged.host == typed)
        }
        // A line break would add a header to the e-mail.
        "mailto" | "tel" => !has_escaped_line_break(&judged.href),
        _ => false,
    };
    is_allowed.then_some(judged)
}

/// Backslashes and what nobody sees: each makes an address look like another.
fn is_deceptive(letter: char) -> bool {
    letter == '\\' || is_unseen(letter)
}

/// The host as it was typed, with user information if there is any; `None` without a literal `//`.
pub(super) fn host_of(address: &str) -> Option<&str> {
    let authority = authority(address)?;
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match cut_last(authority, b':') {
        Some((host, port)) if is_port(port) => Some(host),
        _ => Some(authority),
    }
}

/// What stands between the `//` and the path.
pub(crate) fn authority(address: &str) -> Option<&str> {
    let rest = cut(address, b':')?.1.strip_prefix("//")?;
    Some(before(rest, b"/?#"))
}

/// A label may stand for the address only when both name the same host, letter by letter.
pub(super) fn shows_host(label: &str, host: &str) -> bool {
    host_of(label).is_some_and(|shown| shown.eq_ignore_ascii_case(host))
}

/// Such a label decodes to nothing, yet browsers take it.
fn is_broken_punycode(label: &[u8]) -> bool {
    label.starts_with(b"xn--") && label.ends_with(b"-")
}

fn has_escaped_line_break(href: &str) -> bool {
    href.as_bytes().windows(3).any(|letters| matches!(letters, b"%0a" | b"%0A" | b"%0d" | b"%0D"))
}

fn is_ipv4(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
pub(super) mod simple {
    use super::*;

    /// As much of a browser's understanding as these tests need; the browser tests use the real one.
    pub(in crate::ui) struct Simple;

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
}

#[cfg(test)]
mod tests {
    use super::simple::Simple;
    use super::*;

    #[test]
    fn an_email_address_with_a_line_break_in_it_is_no_link() {
        assert_eq!(safe_href("mailto:a@example.com%0abcc:b@example.com", &Simple), None);
        assert_eq!(safe_href("mailto:a@example.com?body=x%0D", &Simple), None);
        assert!(safe_href("mailto:a@example.com?subject=x%20y", &Simple).is_some());
    }

    #[test]
    fn images_come_by_https_or_from_the_platforms_own_host() {
        assert!(safe_image("https://a.example/x.png", "", &Simple).is_some());
        assert!(safe_image("http://a.example/x.png", "", &Simple).is_none());
        assert!(safe_image("http://127.0.0.1:8080/x.png", "127.0.0.1:8080", &Simple).is_some());
        assert!(safe_image("http://127.0.0.1:9090/x.png", "127.0.0.1:8080", &Simple).is_none());
        assert!(safe_image("data:image/svg+xml,x", "", &Simple).is_none());
    }
}
