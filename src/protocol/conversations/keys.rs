//! The keys that the decoders of this room read, and what each holds. A recording keeps these and no others.

use crate::protocol::keys::{Kind, is_among};

/// `None` for a key that is not read. `parent` is the key of the map that this one stands in.
pub(crate) fn kind_of(parent: &str, key: &str) -> Option<Kind> {
    // Sites and platforms put there what they like.
    let is_passed_over = match parent {
        "metadata" => key != "id",
        "customAttributes" => key != "typingIndicator",
        _ => false,
    };
    [(NAMES, Kind::Name), (NUMBERS, Kind::Number), (EVENT, Kind::Refusal), (TEXTS, Kind::Text), (TREES, Kind::Tree)]
        .into_iter()
        .find(|(keys, _)| is_among(keys, key))
        .map(|(_, kind)| kind)
        .filter(|_| !is_passed_over)
}

const NAMES: &str = "contentType conversationId conversation_id etag guestId id messageId message_id \
    originatingEntity participantId participant_id sessionId state type";

const EVENT: &str = "event_type";

/// Every event that there is, in both spellings.
pub(crate) const EVENTS: [&str; 4] = ["typing", "conversation:typing", "message", "conversation:message"];

const NUMBERS: &str = "duration durationMs expiresAt expiresIn originatedAt sentTime size time timestamp total";

const TEXTS: &str = "accessToken content fileName guestToken image message name nickname text token url";

const TREES: &str = "attachments body customAttributes entities from metadata payload typing typingIndicator";

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in quotes after each of these beginnings.
    fn keys_in<'a>(code: &'a str, beginning: &'a str) -> impl Iterator<Item = &'a str> {
        code.match_indices(beginning).filter_map(|(at, _)| code.get(at + beginning.len()..)?.split('"').next())
    }

    #[test]
    fn every_key_that_a_decoder_reads_is_recorded() {
        let decoders = [
            include_str!("decode.rs"),
            include_str!("ends.rs"),
            include_str!("refusals.rs"),
            include_str!("../webchat/mod.rs"),
        ];
        let readers = ["get", "text", "bool", "integer", "id", "list", "owned", "named"];
        let mut count = 0;
        for (code, reader) in decoders.iter().flat_map(|code| readers.map(|reader| (code, reader))) {
            for key in keys_in(code, &format!("{reader}(\"")) {
                assert!(kind_of("", key).is_some(), "{key:?} is read and not recorded");
                count += 1;
            }
        }
        assert!(count > 30, "the decoders are read otherwise than this test thinks: {count} keys");
    }

    #[test]
    fn of_what_sites_put_where_they_like_only_what_is_read_is_recorded() {
        for (parent, read) in [("metadata", "id"), ("customAttributes", "typingIndicator")] {
            assert!(kind_of(parent, read).is_some(), "{parent}");
            for others in ["name", "token", "content"] {
                assert!(kind_of("", others).is_some() && kind_of(parent, others).is_none(), "{parent}: {others}");
            }
        }
    }
}
