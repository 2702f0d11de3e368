//! The options of the conversations APIs.

use super::options::{FIELDS, field, flag, text};
use crate::engine::{ConversationsSettings, ReceiptsDialect, SendForm, TypingDialect, Webhook};
use crate::session::error::ChatError;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

const OWN_FIELDS: u32 = 9;

/// Texts that are empty and lists that are null are unset. Their defaults are those of the settings.
pub(super) fn read(value: &JsValue, fields: u32) -> Result<ConversationsSettings, ChatError> {
    if fields != FIELDS + OWN_FIELDS {
        return Err(ChatError::OPTIONS);
    }
    let defaults = ConversationsSettings::default();
    Ok(ConversationsSettings {
        typing: match text(value, "typing")?.as_str() {
            "participants" => TypingDialect::Participants,
            "conversations" => TypingDialect::Conversations,
            "webchat" => TypingDialect::Webchat,
            _ => return Err(ChatError::OPTIONS),
        },
        receipts: match text(value, "receipts")?.as_str() {
            "local" => ReceiptsDialect::Local,
            "participants" => ReceiptsDialect::Participants,
            "conversations" => ReceiptsDialect::Conversations,
            _ => return Err(ChatError::OPTIONS),
        },
        send: match text(value, "send")?.as_str() {
            "messages" => SendForm::Messages,
            "participants" => SendForm::ParticipantSend,
            _ => return Err(ChatError::OPTIONS),
        },
        conversation_id: given(value, "conversationId")?,
        participant_id: given(value, "participantId")?,
        session_id: given(value, "sessionId")?,
        has_token_provider: flag(value, "hasToken")?,
        content_policy: list(value, "contentPolicy")?.unwrap_or(defaults.content_policy),
        attachment_types: list(value, "attachmentTypes")?.unwrap_or(defaults.attachment_types),
        analytics: webhook(value, "analytics")?,
        crm: webhook(value, "crm")?,
        typing_pause_ms: defaults.typing_pause_ms,
    })
}

fn given(value: &JsValue, name: &str) -> Result<Option<String>, ChatError> {
    Ok(Some(text(value, name)?).filter(|text| !text.is_empty()))
}

fn webhook(value: &JsValue, name: &str) -> Result<Option<Webhook>, ChatError> {
    Ok(given(value, name)?.map(|url| Webhook { url, source: "guest-messenger".to_owned() }))
}

fn list(value: &JsValue, name: &str) -> Result<Option<Vec<String>>, ChatError> {
    let list = field(value, name)?;
    if list.is_null() {
        return Ok(None);
    }
    let items: &Array = list.dyn_ref().ok_or(ChatError::OPTIONS)?;
    items.iter().map(|item| item.as_string().ok_or(ChatError::OPTIONS)).collect::<Result<_, _>>().map(Some)
}
