//! Which conversation this is, and how the session keeps that over a reload.

use crate::protocol::percent_encode;
use crate::session::ids::GuestToken;
use crate::session::redact::Redacted;

#[derive(Clone, Debug, PartialEq, Eq)]
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
            percent_encode(part, &mut text);
        }
        if let Some(token) = guest_token {
            text.push(' ');
            text.push_str(token.expose());
        }
        GuestToken(Redacted::new(text))
    }

    /// `None` for an identity that no conversation has yet.
    pub(super) fn read(identity: &GuestToken) -> Option<(Place, Option<Redacted>)> {
        let mut parts = identity.0.expose().strip_prefix(MARK)?.splitn(5, ' ');
        let mut part = || decode(parts.next()?);
        let place = Place { conversation: part()?, participant: part()?, session: part()?, instead_of: part()? };
        (!place.conversation.is_empty()).then(|| (place, parts.next().map(Redacted::new)))
    }
}

/// What names the conversation, with the space behind it if there is one, and what is secret.
pub(super) fn split(identity: &GuestToken) -> Option<(&str, &str)> {
    let text = identity.0.expose();
    let ids = text.strip_prefix(MARK)?;
    let end = ids.match_indices(' ').nth(3).map_or(text.len(), |(at, _)| MARK.len() + at + 1);
    text.split_at_checked(end)
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        if *first == b'%' {
            let [high, low, others @ ..] = rest else { return None };
            bytes.push((digit(*high)? << 4) | digit(*low)?);
            rest = others;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
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
        for other in ["", "0b9e6a52-0000-4000-8000-000000000000", "conversation ", "conversation %4 p s "] {
            assert_eq!(Place::read(&GuestToken(Redacted::new(other))), None, "{other}");
        }
    }
}
