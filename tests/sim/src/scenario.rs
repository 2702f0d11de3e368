//! What a seed decides before anything happens: which platform it is, how the network is, how busy everybody is.

use guest_messenger_sandbox::{DisconnectKind, HistoryOrder, Settings};

/// The platform's clock when virtual time is zero.
pub(crate) const EPOCH_MS: u64 = 1_792_000_000_000;

const RECORDED_EVERY: u64 = 50;

/// One world's unchanging facts.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) seed: u64,
    /// Every input of the client is kept, and in the end another client must do the same with them (I38).
    pub(crate) is_recorded: bool,
    pub(crate) settings: Settings,
    /// A page of history lists its oldest message first, though page one is the newest (guest API reference, 14.1).
    pub(crate) lists_oldest_first: bool,
    pub(crate) latency_ms: (u64, u64),
    /// How far the guest's clock is off.
    pub(crate) skew_ms: i64,
    /// How long the vault takes for one thing, at the most.
    pub(crate) vault_ms: u64,
    pub(crate) visitor_pause_ms: u64,
    pub(crate) agent_pause_ms: u64,
    pub(crate) fault_pause_ms: u64,
    /// A hidden page's timers come once a second.
    pub(crate) throttles: bool,
    /// How many steps of trouble come before each recovery.
    pub(crate) round_steps: u64,
}

impl Scenario {
    /// Nothing changes and nothing is slow.
    pub(crate) fn quiet(seed: u64) -> Scenario {
        let settings = Settings { bot: false, ..Settings::default() };
        Scenario { settings, latency_ms: (10, 40), skew_ms: 0, throttles: false, ..Scenario::new(seed) }
    }

    /// As the seed wants it.
    #[must_use]
    pub fn new(seed: u64) -> Scenario {
        let mut random = fastrand::Rng::with_seed(seed ^ 0x5ce7_a210);
        // Oldest first; newest first with each page turned round; and as the reference has it.
        let history = random.u8(0..4);
        let settings = Settings {
            bot: false,
            read_receipts: random.u8(0..4) > 0,
            session_duration_s: *pick(&mut random, &[120, 900, 259_200, 259_200, 259_200]),
            auto_start: random.u8(0..4) == 0,
            user_typing: random.u8(0..4) > 0,
            agent_typing: random.u8(0..4) > 0,
            clear: random.u8(0..4) > 0,
            disconnect: *pick(&mut random, &[DisconnectKind::ReadOnly, DisconnectKind::Send, DisconnectKind::Off]),
            echo_typing: random.bool(),
            dedupe_by_client_id: random.bool(),
            jwt_life_s: *pick(&mut random, &[7, 20, 60, 60]),
            alternate_types: random.u8(0..4) == 0,
            history_order: if history == 0 { HistoryOrder::OldestFirst } else { HistoryOrder::NewestFirst },
            ..Settings::default()
        };
        let slowest_ms = *pick(&mut random, &[0, 5, 60, 300, 1_500]);
        Scenario {
            seed,
            is_recorded: seed.is_multiple_of(RECORDED_EVERY),
            settings,
            lists_oldest_first: history == 1,
            latency_ms: (slowest_ms / 5, slowest_ms),
            skew_ms: *pick(&mut random, &[0, 0, 90_000, -3_600_000, 315_576_000_000, -315_576_000_000]),
            vault_ms: *pick(&mut random, &[0, 8, 60, 900]),
            visitor_pause_ms: *pick(&mut random, &[400, 2_000, 8_000]),
            agent_pause_ms: *pick(&mut random, &[700, 3_000, 15_000]),
            fault_pause_ms: *pick(&mut random, &[1_500, 6_000, 20_000, 90_000]),
            throttles: random.bool(),
            round_steps: random.u64(120..500),
        }
    }
}

fn pick<'a, T>(random: &mut fastrand::Rng, among: &'a [T]) -> &'a T {
    &among[random.usize(..among.len())]
}
