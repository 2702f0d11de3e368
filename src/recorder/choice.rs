//! What the page chose of the conversations APIs, as it stands at the beginning of a recording.

use super::texts::Pen;
use crate::engine::{ConversationsSettings, ReceiptsDialect, SendForm, TypingDialect};

/// Not its policy, which is held before anything is recorded.
pub(super) fn write(chosen: &ConversationsSettings, pen: &mut Pen) {
    pen.word(match chosen.typing {
        TypingDialect::Participants => "participants",
        TypingDialect::Conversations => "conversations",
        TypingDialect::Webchat => "webchat",
    });
    pen.word(match chosen.receipts {
        ReceiptsDialect::Local => "local",
        ReceiptsDialect::Participants => "participants",
        ReceiptsDialect::Conversations => "conversations",
    });
    pen.word(match chosen.send {
        SendForm::Messages => "messages",
        SendForm::ParticipantSend => "send",
    });
    for id in [&chosen.conversation_id, &chosen.participant_id, &chosen.session_id] {
        match id {
            Some(id) => pen.name(id),
            None => pen.nothing(),
        }
    }
    pen.flag(chosen.has_token_provider);
    match chosen.typing_pause_ms {
        Some(pause_ms) => pen.number(i64::from(pause_ms)),
        None => pen.nothing(),
    }
    for webhook in [&chosen.analytics, &chosen.crm] {
        match webhook {
            Some(webhook) => pen.text(&webhook.url),
            None => pen.nothing(),
        }
    }
}
