//! A whole day: ten thousand messages and a new connection every hour, with nothing else wrong. What is kept besides the
//! transcript must not grow.

use guest_messenger::session::input::Command;
use serde_json::json;

use super::{Outcome, World};
use crate::checks::broken;
use crate::happening::Happening;
use crate::scenario::Scenario;

const HOUR_MS: u64 = 3_600_000;
const HOURS: u64 = 24;
const MESSAGES: u64 = 10_000;
/// The guest answers one message in so many.
const ANSWERS_EVERY: u64 = 10;
/// From the first full hours to the last.
const GROWTH_MAX: f64 = 1.25;

/// How things stand after one hour.
#[derive(Clone, Debug)]
pub struct SoakHour {
    pub hour: u64,
    pub messages: usize,
    /// Wake-ups and frames in this hour.
    pub ticks: u64,
    pub frames: u64,
    /// Everything that the engine keeps besides the transcript, as the length of its debug text.
    pub state_bytes: usize,
    pub transcript_bytes: usize,
    /// What is planned in the world: wake-ups, packets.
    pub planned: usize,
    pub sockets: usize,
}

impl World {
    /// Lives through the day. The outcome has a violation where something grows.
    pub fn soak(seed: u64) -> (Vec<SoakHour>, Outcome) {
        let mut world = World::new(Scenario::quiet(seed), None);
        let mut hours = Vec::new();
        world.is_calm = true;
        world.open_panel(true);
        world.visitor_says();
        world.run_for(10_000);
        let (mut ticks, mut frames, mut said) = (0, 0, 0);
        for hour in 1..=HOURS {
            while said < MESSAGES * hour / HOURS && world.violation.is_none() {
                said += 1;
                if said.is_multiple_of(ANSWERS_EVERY) {
                    world.visitor_says();
                } else {
                    let body = json!({"author": "agent", "text": world.next_agent_text()});
                    world.ask_desk("messages", &body);
                }
                world.run_for(HOUR_MS * HOURS / MESSAGES);
            }
            if let Some(socket) = world.tab.socket {
                world.plan_in(0, Happening::Cut { socket });
            }
            world.run_for(30_000);
            world.command(Command::LoadOlder);
            hours.push(world.look_over(hour, world.tally.ticks - ticks, world.tally.frames - frames));
            (ticks, frames) = (world.tally.ticks, world.tally.frames);
        }
        world.check_growth(&hours);
        let conversation = world.tab.socket.and_then(|socket| world.server.conversation_of(socket));
        if let Some(conversation) = conversation {
            // The rest was cut off, and is read again when somebody scrolls there.
            let newest = world.tab.view().transcript.entries().len();
            let verdict = world.messages.check_same(&world.tab.view(), conversation, newest);
            world.judge(verdict);
        }
        (hours, Outcome { violation: world.violation, tally: world.tally, digest: world.digest })
    }

    fn look_over(&self, hour: u64, ticks: u64, frames: u64) -> SoakHour {
        let transcript_bytes = format!("{:?}", self.tab.view().transcript).len();
        SoakHour {
            hour,
            messages: self.tab.view().transcript.entries().len(),
            ticks,
            frames,
            state_bytes: format!("{:?}", self.tab.engine()).len() - transcript_bytes,
            transcript_bytes,
            planned: self.agenda.len(),
            sockets: self.network.socket_count(),
        }
    }

    fn check_growth(&mut self, hours: &[SoakHour]) {
        let [_, first, .., last] = hours else { return };
        let figures = [
            ("what is kept besides the transcript", first.state_bytes, last.state_bytes),
            ("wake-ups an hour", first.ticks as usize, last.ticks as usize),
            ("frames an hour", first.frames as usize, last.frames as usize),
            ("open sockets", first.sockets, last.sockets),
        ];
        for (what, first, last) in figures {
            if last as f64 > first as f64 * GROWTH_MAX + 2.0 {
                self.judge(broken("soak", format!("{what}: {first} in the second hour, {last} in the last")));
            }
        }
    }
}
