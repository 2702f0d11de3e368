//! Which dialects are spoken, and what the platform is like.

use guest_messenger::engine::{
    Api, ConversationsSettings, Endpoints, ReceiptsDialect, SendForm, Settings, TypingDialect,
};
use guest_messenger_sandbox::{DisconnectKind, Settings as PlatformSettings, TypingEvent};

use super::platform::HOST;

/// All that is decided at the beginning.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) seed: u64,
    pub(super) typing: TypingDialect,
    pub(super) receipts: ReceiptsDialect,
    pub(super) send: SendForm,
    pub(super) has_provider: bool,
    pub(super) platform: PlatformSettings,
    /// Of a hundred calls so many are lost on the way there, so many answers on the way back, and so many are slow.
    pub(super) lost: u8,
    pub(super) slow: u8,
}

impl Scene {
    pub(super) fn new(seed: u64, random: &mut fastrand::Rng) -> Scene {
        let receipts = [ReceiptsDialect::Local, ReceiptsDialect::Participants, ReceiptsDialect::Conversations];
        let typing = [TypingDialect::Participants, TypingDialect::Conversations, TypingDialect::Webchat];
        Scene {
            seed,
            typing: typing[random.usize(..3)],
            receipts: receipts[random.usize(..3)],
            send: if random.bool() { SendForm::Messages } else { SendForm::ParticipantSend },
            has_provider: random.bool(),
            platform: PlatformSettings {
                bot: false,
                disconnect: DisconnectKind::ReadOnly,
                dedupe_by_client_id: random.u8(..4) == 0,
                history_metadata: random.u8(..4) > 0,
                conversations_history: random.u8(..4) > 0,
                guest_token_life_s: if random.bool() { 3_600 } else { random.u64(40..600) },
                typing_event: if random.bool() { TypingEvent::Typing } else { TypingEvent::ConversationTyping },
                webchat_queues: random.bool(),
                date_skew_s: random.i64(-100_000..100_000),
                ..PlatformSettings::default()
            },
            lost: if random.bool() { 0 } else { random.u8(..15) },
            slow: if random.bool() { 0 } else { random.u8(..10) },
        }
    }

    pub(super) fn settings(&self) -> Settings {
        Settings {
            deployment_id: "d".to_owned(),
            endpoints: Endpoints::of_host(&format!("http://{HOST}")).unwrap_or_default(),
            api: Api::Conversations(Box::new(ConversationsSettings {
                typing: self.typing,
                receipts: self.receipts,
                send: self.send,
                has_token_provider: self.has_provider,
                ..ConversationsSettings::default()
            })),
            ..Settings::default()
        }
    }
}
