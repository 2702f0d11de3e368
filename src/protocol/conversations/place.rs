//! Which conversation this is, and how the session keeps that over a reload.

use crate::session::ids::GuestToken;
use crate::session::redact::Redacted;
use crate::text;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) conversation: String,
    /// The guest's id, too. Empty while it is not known.
    pub(super) participant: String,
    /// Of the web chat.
    pub(super) session: String,
    /// The conversation that the page had named, and that was over when the widget opened this one. Else empty.
    pub(super) instead_of: String,
}

/// What the session takes for its identity begins with this, when it is one of ours.
const MARK: &str = "conversation ";

impl Place {
    /// `guest_token`: the one that came with the conversation, where the page brings none.
    pub(super) fn write(&self, guest_token: Option<&Redacted>) -> GuestToken {
        let mut text = MARK.to_owned();
        for (index, part) in
            [&self.conversation, &self.participant, &self.session, &self.instead_of].into_iter().enumerate()
        {
            if index > 0 {
                text.push(' ');
            }
            encode(part, &mut text);
        }
        if let Some(token) = guest_token {
            text.push(' ');
            text.push_str(token.expose());
        }
        GuestToken(Redacted::new(text))
    }

    /// `None` for an identity that no conversation has yet.
    pub(super) fn read(identity: &GuestToken) -> Option<(Place, Option<Redacted>)> {
        let mut rest = Some(identity.0.expose().strip_prefix(MARK)?);
        let mut is_whole = true;
        let mut part = || {
            let part = text::part(&mut rest, b' ').and_then(decode);
            is_whole &= part.is_some();
            part.unwrap_or_default()
        };
        let place = Place { conversation: part(), participant: part(), session: part(), instead_of: part() };
        let is_ours = is_whole && !place.conversation.is_empty();
        if is_ours { Some((place, rest.map(Redacted::new))) } else { None }
    }
}

/// What names the conversation, with the space behind it if there is one, and what is secret.
pub(super) fn split(identity: &GuestToken) -> Option<(&str, &str)> {
    let text = identity.0.expose();
    let ids = text.strip_prefix(MARK)?;
    let spaces = ids.bytes().enumerate().filter(|(_, byte)| *byte == b' ');
    let end = spaces.map(|(at, _)| MARK.len() + at + 1).nth(3).unwrap_or(text.len());
    text.split_at_checked(end)
}

/// Every other sign by its number, in hexadecimal digits between two `%`: bytes would have to be tried for being text.
fn encode(part: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for sign in part.chars() {
        if sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.' | '~') {
            out.push(sign);
            continue;
        }
        out.push('%');
        for place in (0..6).rev() {
            out.push(char::from(HEX[(u32::from(sign) >> (4 * place)) as usize & 0xf]));
        }
        out.push('%');
    }
}

fn decode(text: &str) -> Option<String> {
    let mut out = String::new();
    // Of the sign that is being read, if one is.
    let mut number = None;
    for byte in text.bytes() {
        match (byte, number) {
            (b'%', None) => number = Some(0),
            (b'%', Some(code)) => {
                out.push(char::from_u32(code)?);
                number = None;
            }
            (digit, Some(code)) => number = Some((code << 4) | char::from(digit).to_digit(16)?),
            (plain, None) => out.push(char::from(plain)),
        }
    }
    number.is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_brings_ids_with_any_signs_and_the_token_back() {
        let place = Place {
            conversation: "c /%é".to_owned(),
            participant: "p 1".to_owned(),
            session: "s".to_owned(),
            instead_of: String::new(),
        };
        let token = Redacted::new("a token with spaces");
        assert_eq!(Place::read(&place.write(Some(&token))), Some((place.clone(), Some(token))));
        assert_eq!(Place::read(&place.write(None)), Some((place, None)));
        let others = ["", "0b9e6a52-0000-4000-8000-000000000000", "conversation ", "conversation %4 p s "];
        for other in others.into_iter().chain(["conversation c p", "conversation c %4 s ", "conversation  p s "]) {
            assert_eq!(Place::read(&GuestToken(Redacted::new(other))), None, "{other}");
        }
    }

    #[test]
    fn ids_of_plain_signs_can_be_read_as_they_are() {
        let place = Place { conversation: "c-1".to_owned(), participant: "p_1.~".to_owned(), ..Place::default() };
        assert_eq!(place.write(Some(&Redacted::new("t"))).0.expose(), "conversation c-1 p_1.~   t");
        assert_eq!(split(&place.write(Some(&Redacted::new("t")))), Some(("conversation c-1 p_1.~   ", "t")));
    }
}
