//! The keys that the decoders of this room read, and what each holds. A recording keeps these and no others.

use crate::protocol::keys::{Kind, is_among};

/// `None` for a key that is not read. `parent` is the key of the map that this one stands in.
pub(crate) fn kind_of(parent: &str, key: &str) -> Option<Kind> {
    let is_passed_over = match parent {
        // Sites and platforms put there what they like.
        "metadata" => !matches!(key, "id" | "parentMessageId" | "readOnly" | "durationSeconds" | "expirationDate"),
        // Whatever an upload must carry.
        "headers" => return Some(Kind::Text),
        "from" => matches!(key, "id" | "type"),
        _ => false,
    };
    KEYS.into_iter().find(|(keys, _)| is_among(keys, key)).map(|(_, kind)| kind).filter(|_| !is_passed_over)
}

/// What a message's frame has stands first: the lists are long.
const KEYS: [(&str, Kind); 10] = [
    ("id type class direction originatingEntity tracingId", Kind::Name),
    ("code time", Kind::Number),
    ("body", Kind::Refusal),
    ("text nickname", Kind::Text),
    ("channel from", Kind::Tree),
    (NAMES, Kind::Name),
    (NUMBERS, Kind::Number),
    (REFUSALS, Kind::Refusal),
    (TEXTS, Kind::Text),
    (TREES, Kind::Tree),
];

// Lists in one string weigh half of what a match weighs on the page.

const NAMES: &str = "attachmentId autoCompleteType cannedResponseId contentType dateDisplayFormat eventType \
    keyboardType mediaType messageId mime originatingMessageId parentMessageId readOnly reason reasonCode status";

const NUMBERS: &str = "dateMaximum dateMinimum dateTime duration durationMs durationSeconds errorCode exp \
    expirationDate fileSize maxFileSizeKB pageCount retryAfter";

const REFUSALS: &str = "errorMessage";

const TEXTS: &str = "avatarUrl blockedExtensions buttonLabel buttonText description fileName fileTypes filename \
    firstName header image imageUrl jwt location name payload placeholderText refreshToken subtitle textback title \
    url value video";

const TREES: &str = "actions allowSessionUpgrade allowedMedia apps attachment auth autoStart availableTimes bot \
    buttonResponse card cards carousel component components connected content conversationClear conversations \
    datePicker defaultAction enableAttachments enabled entities events fileUpload form formPages generic \
    guestMessenger headers humanize inbound input introduction isMultipleLine isRequired items listPicker markdown \
    messenger metadata modes multipleSelection newSession pageComponents presence quickReply quickReplyV2 \
    readReceipts receivedMessage replyMessage response sections showAgentTypingIndicator showSummary \
    showUserTypingIndicator typing wheelPicker";

/// Whether a refusal speaks of clearing (reference, section 17): the same code says other things too.
pub(crate) fn is_about_clearing(refusal: &str) -> bool {
    contains_ignoring_case(refusal, CLEARING.as_bytes())
}

/// The words by which it is known.
pub(crate) const CLEARING: &str = "conversation clear";

/// The standard library's searches would bring its tables of Unicode into the page.
fn contains_ignoring_case(text: &str, words: &[u8]) -> bool {
    text.as_bytes().windows(words.len()).any(|window| window.eq_ignore_ascii_case(words))
}

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
            include_str!("attachments.rs"),
            include_str!("auth.rs"),
            include_str!("content.rs"),
            include_str!("decode.rs"),
            include_str!("deployment.rs"),
            include_str!("history.rs"),
            include_str!("message.rs"),
        ];
        let readers = ["get", "text", "bool", "integer", "list", "field", "flag", "enabled", "bot_field"];
        let mut count = 0;
        for (code, reader) in decoders.iter().flat_map(|code| readers.map(|reader| (code, reader))) {
            for key in keys_in(code, &format!("{reader}(\"")) {
                assert!(kind_of("", key).is_some(), "{key:?} is read and not recorded");
                count += 1;
            }
        }
        assert!(count > 80, "the decoders are read otherwise than this test thinks: {count} keys");
    }
}
