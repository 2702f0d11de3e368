//! The options of the conversations APIs.

use super::options::Fields;
use crate::engine::{ConversationsSettings, ReceiptsDialect, SendForm, TypingDialect, Webhook};

pub(super) const OWN_FIELDS: usize = 9;

/// Texts that are empty and lists that are null are unset. Their defaults are those of the settings.
pub(super) fn read(fields: &Fields) -> ConversationsSettings {
    let defaults = ConversationsSettings::default();
    let given = |name| Some(fields.text(name)).filter(|text| !text.is_empty());
    let webhook = |name| given(name).map(|url| Webhook { url, source: "guest-messenger".to_owned() });
    ConversationsSettings {
        typing: match fields.text("typing").as_str() {
            "conversations" => TypingDialect::Conversations,
            "webchat" => TypingDialect::Webchat,
            other => {
                fields.require(other == "participants");
                TypingDialect::Participants
            }
        },
        receipts: match fields.text("receipts").as_str() {
            "participants" => ReceiptsDialect::Participants,
            "conversations" => ReceiptsDialect::Conversations,
            other => {
                fields.require(other == "local");
                ReceiptsDialect::Local
            }
        },
        send: match fields.text("send").as_str() {
            "participants" => SendForm::ParticipantSend,
            other => {
                fields.require(other == "messages");
                SendForm::Messages
            }
        },
        conversation_id: given("conversationId"),
        participant_id: given("participantId"),
        session_id: given("sessionId"),
        has_token_provider: fields.flag("hasToken"),
        content_policy: fields.texts("contentPolicy").unwrap_or(defaults.content_policy),
        attachment_types: fields.texts("attachmentTypes").unwrap_or(defaults.attachment_types),
        analytics: webhook("analytics"),
        crm: webhook("crm"),
        typing_pause_ms: defaults.typing_pause_ms,
    }
}
