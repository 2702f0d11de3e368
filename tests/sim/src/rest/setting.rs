//! What a seed decides before anything happens: the dialects, whose tokens, which platform, what network.

use guest_messenger::engine::{ConversationsSettings, ReceiptsDialect, SendForm, TypingDialect, Webhook};
use guest_messenger_sandbox::Settings;

/// Of the page's own books.
pub(super) const BOOKS: &str = "http://books.test/";

#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) chosen: ConversationsSettings,
    pub(super) platform: Settings,
    /// The page names the conversation, which its server has opened.
    pub(super) is_given: bool,
    /// A web chat's etag stands in the header alone.
    pub(super) hides_etag: bool,
    /// The provider says how long its tokens are good.
    pub(super) tells_expiry: bool,
    pub(super) latency_ms: (u64, u64),
    pub(super) skew_ms: i64,
    pub(super) throttles: bool,
}

impl Setting {
    pub(super) fn new(random: &mut fastrand::Rng) -> Setting {
        let has_token_provider = random.u8(0..3) > 0;
        let webhook = |random: &mut fastrand::Rng| {
            random.bool().then(|| Webhook { url: BOOKS.to_owned(), source: "simulation".to_owned() })
        };
        let chosen = ConversationsSettings {
            typing: pick(random, &[TypingDialect::Participants, TypingDialect::Conversations, TypingDialect::Webchat]),
            receipts: pick(
                random,
                &[ReceiptsDialect::Local, ReceiptsDialect::Participants, ReceiptsDialect::Conversations],
            ),
            send: pick(random, &[SendForm::Messages, SendForm::ParticipantSend]),
            has_token_provider,
            analytics: webhook(random),
            crm: webhook(random),
            ..ConversationsSettings::default()
        };
        let platform = Settings {
            bot: false,
            echo_typing: random.bool(),
            history_metadata: random.u8(0..4) > 0,
            conversations_history: random.u8(0..4) > 0,
            dedupe_by_client_id: random.bool(),
            guest_token_life_s: if has_token_provider { pick(random, &[12, 25, 60, 90, 3_600]) } else { 2_000_000 },
            date_skew_s: pick(random, &[0, 0, 600, -600]),
            ..Settings::default()
        };
        let slowest_ms = pick(random, &[5, 60, 300, 1_500]);
        Setting {
            chosen,
            platform,
            is_given: has_token_provider && random.bool(),
            hides_etag: random.u8(0..4) == 0,
            tells_expiry: random.u8(0..4) > 0,
            latency_ms: (slowest_ms / 5, slowest_ms),
            skew_ms: pick(random, &[0, 0, 90_000, -3_600_000, 315_576_000_000, -315_576_000_000]),
            throttles: random.bool(),
        }
    }

    /// Whether the platform keeps at most one copy, or lets what it keeps be read with the ids by which copies are known.
    pub(super) fn drops_copies(&self) -> bool {
        self.platform.dedupe_by_client_id || (self.platform.conversations_history && self.platform.history_metadata)
    }
}

fn pick<T: Copy>(random: &mut fastrand::Rng, among: &[T]) -> T {
    among[random.usize(..among.len())]
}
