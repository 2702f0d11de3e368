//! A place in the browser's row of tabs, and the page that is in it.

use std::collections::{BTreeSet, VecDeque};

use guest_messenger::engine::{Api, Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::wire::WireInput;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::output::Event;
use guest_messenger::session::record::{Record, Unsent};
use guest_messenger::session::{Receipts, ids::ClientId, ids::GuestToken};
use guest_messenger_sandbox::DEFAULT_DEPLOYMENT;

use super::{Happening, TabsBug, TabsWorld};
use crate::happening::SocketId;
use crate::server::HOST;

/// What the browser's storage takes to answer, at most.
const STORAGE_MS: u64 = 60;
pub(super) const CHANNEL_MS: u64 = 12;
/// A tab that says nothing for so long is gone, and what it kept less than this ago is left alone.
const GONE_AFTER_MS: u64 = 1_500;
const YOUNG_MS: u64 = 15_000;

#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) life: Option<Life>,
    /// The tab does not come back: what it has not sent is there, and nobody opens its page again.
    pub(super) is_gone: bool,
    /// Of this tab alone, over a reload and a crash.
    pub(super) record: Option<Record>,
    pub(super) kept: Vec<Unsent>,
    /// What it has taken over and has not kept with the rest yet.
    pub(super) adopted: Vec<Unsent>,
    /// When something was kept here last.
    pub(super) kept_ms: u64,
    /// What another tab has taken over, until this one hears of it.
    pub(super) taken: Vec<ClientId>,
}

#[derive(Debug)]
pub(super) struct Life {
    pub(super) number: u32,
    pub(super) engine: Engine,
    pub(super) socket: Option<SocketId>,
    pub(super) calls: BTreeSet<u32>,
    pub(super) is_visible: bool,
    /// Stands still, knowing it or not; what it is told waits.
    pub(super) is_stopped: bool,
    /// It was told before it stopped.
    pub(super) is_frozen: bool,
    /// With the socket over which it came, if it came over one.
    waiting: VecDeque<(Option<SocketId>, EngineInput)>,
    /// It wants a conversation and has asked the other tabs for theirs.
    pub(super) is_asking: bool,
    /// The conversation that it is about to begin.
    pub(super) promised: Option<GuestToken>,
    /// When the last thing that was said to it arrives.
    hears_until_ms: u64,
    /// When the storage has taken the last thing that it was given.
    keeps_until_ms: u64,
}

impl TabsWorld {
    /// A new page in this place.
    pub(super) fn open_slot(&mut self, slot: usize) {
        self.lives += 1;
        if self.slots.iter().any(|place| place.life.as_ref().is_some_and(|life| life.is_stopped)) {
            // What a tab that stands still has read of history, nobody tells the new page before it may have to connect.
            self.ended_ms = Some(self.now_ms);
        }
        let settings = Settings {
            deployment_id: DEFAULT_DEPLOYMENT.to_owned(),
            endpoints: Endpoints::of_host(&format!("http://{HOST}")).unwrap_or_default(),
            receipts: Receipts::Auto,
            has_tabs: true,
            api: Api::Guest,
        };
        let seed = self.scenario.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(u64::from(self.lives));
        self.slots[slot].life = Some(Life {
            number: self.lives,
            engine: Engine::new(settings, seed).with_transcript_of(self.transcript_max),
            socket: None,
            calls: BTreeSet::new(),
            is_visible: true,
            is_stopped: false,
            is_frozen: false,
            waiting: VecDeque::new(),
            is_asking: false,
            promised: None,
            hears_until_ms: 0,
            keeps_until_ms: 0,
        });
        // Another tab is asked where there is none of its own.
        let record = self.slots[slot].record.clone().or_else(|| self.record_beside(slot));
        self.slots[slot].record = record.clone();
        self.command(slot, Command::Start(record));
        // What is gone from its place is not known to this page.
        self.slots[slot].taken.clear();
        let kept = [self.slots[slot].kept.clone(), self.slots[slot].adopted.clone()].concat();
        self.command(slot, Command::Restore(kept));
    }

    pub(super) fn reopen(&mut self, slot: usize) {
        let is_lost = self.slots[slot].record.is_none() && self.tokens > 0 && self.record_beside(slot).is_none();
        if is_lost && self.slots[slot].life.is_none() {
            // Nobody could tell it of the conversation: a story of its own, and not this one.
            return self.plan_in(1_000, Happening::Reopens(slot));
        }
        if self.slots[slot].life.is_none() && !self.slots[slot].is_gone {
            self.count("opened");
            self.open_slot(slot);
            self.command(slot, Command::OpenPanel);
        }
    }

    pub(super) fn command(&mut self, slot: usize, command: Command) {
        self.feed(slot, EngineInput::Session(Input::Command(command)));
    }

    pub(super) fn environment(&mut self, slot: usize, environment: Environment) {
        self.feed(slot, EngineInput::Session(Input::Environment(environment)));
    }

    pub(super) fn life(&self, slot: usize) -> Option<&Life> {
        self.slots[slot].life.as_ref()
    }

    pub(super) fn slot_of(&self, life: u32) -> Option<usize> {
        self.slots.iter().position(|slot| slot.life.as_ref().is_some_and(|found| found.number == life))
    }

    pub(super) fn slot_of_socket(&self, socket: SocketId) -> Option<usize> {
        self.slots.iter().position(|slot| slot.life.as_ref().is_some_and(|life| life.socket == Some(socket)))
    }

    /// The page whose timer is next, and when.
    pub(super) fn next_timer(&self) -> Option<(u64, usize)> {
        let lives = self.slots.iter().enumerate().filter_map(|(slot, place)| Some((slot, place.life.as_ref()?)));
        let due = lives.filter(|(_, life)| !life.is_stopped).filter_map(|(slot, life)| {
            let wanted_ms = life.engine.poll_timeout()?.0.max(self.now_ms);
            let is_slow = self.scenario.throttles && !life.is_visible;
            Some((if is_slow { wanted_ms.next_multiple_of(1_000) } else { wanted_ms }, slot))
        });
        due.min()
    }

    pub(super) fn feed_life(&mut self, life: u32, input: EngineInput) {
        if let Some(slot) = self.slot_of(life) {
            self.feed(slot, input);
        }
    }

    pub(super) fn feed(&mut self, slot: usize, input: EngineInput) {
        let now = self.now();
        let Some(life) = &mut self.slots[slot].life else { return };
        if life.is_stopped {
            let is_of_socket = matches!(&input, EngineInput::Wire(input) if !matches!(input, WireInput::Answer { .. }));
            let socket = life.socket.filter(|_| is_of_socket);
            return life.waiting.push_back((socket, input));
        }
        let is_holder = life.engine.session().holds_line();
        if self.bug.is_some_and(|bug| !bug.lets_hear(is_holder, &input)) {
            return;
        }
        let number = life.number;
        // Until it hears of that, a page has its socket.
        if matches!(input, EngineInput::Wire(WireInput::SocketClosed(_))) {
            self.leave_socket(slot);
        }
        let Some(life) = &mut self.slots[slot].life else { return };
        life.engine.handle(now, input);
        let outputs: Vec<EngineOutput> = std::iter::from_fn(|| life.engine.poll_output()).collect();
        for output in outputs {
            self.perform(slot, number, output);
        }
    }

    pub(super) fn keep(&mut self, life: u32, number: u32, unsent: Vec<Unsent>, adopted: &[ClientId]) {
        let Some(slot) = self.slot_of(life) else { return };
        self.trace(|| {
            let texts: Vec<&str> = unsent.iter().map(|message| message.body.text.expose()).collect();
            format!("tab {slot} has kept {texts:?}")
        });
        let place = &mut self.slots[slot];
        if !place.taken.is_empty() {
            let taken = std::mem::take(&mut place.taken);
            self.count("taken over from the living");
            return self.feed(slot, EngineInput::Session(Input::Taken(taken)));
        }
        self.kept.extend(unsent.iter().map(|message| message.client_id.0.clone()));
        place.kept_ms = self.now_ms;
        // What was taken over since this was said is not in it.
        place.adopted.retain(|message| !adopted.contains(&message.client_id));
        place.kept = if self.bug == Some(TabsBug::KeepsNothing) { Vec::new() } else { unsent };
        self.feed(slot, EngineInput::Session(Input::Kept { number, is_kept: true }));
    }

    /// It hears everything that was said meanwhile, and that time has passed if it knows that it stood still.
    pub(super) fn thaw(&mut self, life: u32) {
        let Some(slot) = self.slot_of(life) else { return };
        let Some(life) = self.slots[slot].life.as_mut().filter(|life| life.is_stopped) else { return };
        life.is_stopped = false;
        self.thawed_ms = Some(self.now_ms);
        let Some(life) = self.slots[slot].life.as_mut() else { return };
        let was_frozen = std::mem::take(&mut life.is_frozen);
        let waiting = std::mem::take(&mut life.waiting);
        self.trace(|| format!("tab {slot} goes on"));
        // Which it hears first is the browser's business.
        let hears_first = was_frozen && self.random.bool();
        if hears_first {
            self.environment(slot, Environment::Resumed);
        }
        for (socket, input) in waiting {
            // Of a socket that it has closed meanwhile it hears nothing more.
            if socket.is_none() || self.life(slot).is_some_and(|life| life.socket == socket) {
                self.feed(slot, input);
            }
        }
        if was_frozen && !hears_first {
            self.environment(slot, Environment::Resumed);
        }
    }

    fn perform(&mut self, slot: usize, life: u32, output: EngineOutput) {
        match output {
            EngineOutput::Wire(action) => self.act(slot, life, action),
            EngineOutput::Persist(record) => self.slots[slot].record = Some(record),
            EngineOutput::Forget => {
                self.slots[slot].record = None;
                if let Some(page) = &mut self.slots[slot].life {
                    page.promised = None;
                }
            }
            EngineOutput::Keep { number, unsent } => {
                let at_ms = self.now_ms + self.random.u64(0..STORAGE_MS);
                let Some(page) = &mut self.slots[slot].life else { return };
                // One after the other.
                page.keeps_until_ms = at_ms.max(page.keeps_until_ms);
                let at_ms = page.keeps_until_ms;
                let adopted = self.slots[slot].adopted.iter().map(|message| message.client_id.clone()).collect();
                self.plan(at_ms, Happening::Kept { life, number, unsent, adopted });
            }
            EngineOutput::Adopt if self.bug == Some(TabsBug::AdoptsNothing) => {}
            EngineOutput::Adopt => {
                let left = self.left_behind(slot);
                if !left.is_empty() {
                    self.plan_in(GONE_AFTER_MS, Happening::Adopts { life, left });
                }
            }
            EngineOutput::MakeToken => self.ask_for_token(slot),
            EngineOutput::Share(message) => {
                self.look_at_shared(slot, &message);
                self.trace(|| format!("tab {slot} says {:?}", message.said));
                let mut lives = self.slots.iter().filter_map(|slot| slot.life.as_ref());
                let holder =
                    lives.find(|life| life.engine.session().is_holder()).map(|life| life.engine.session().tab());
                let answer = holder.and_then(|holder| self.bug?.answer_to(&message, holder));
                if let Some(input) = answer {
                    self.feed(slot, input);
                }
                let is_follower = self.life(slot).is_some_and(|life| life.engine.session().is_follower());
                let copies = self.bug.map_or(1, |bug| bug.copies_of(is_follower, &message));
                for other in (0..self.slots.len()).flat_map(|other| (0..copies).map(move |_| other)) {
                    let late_ms = self.random.u64(0..CHANNEL_MS);
                    let Some(life) = self.slots[other].life.as_mut().filter(|_| other != slot) else { continue };
                    let at_ms = (self.now_ms + late_ms).max(life.hears_until_ms);
                    life.hears_until_ms = at_ms;
                    let life = life.number;
                    let input = Box::new(EngineInput::Tab(message.clone()));
                    self.plan(at_ms, Happening::Heard { life, input });
                }
            }
            EngineOutput::Event(event) => {
                self.was_refused |= event == Event::Error(ChatError::CANNOT_CONNECT);
                self.trace(|| format!("tab {slot} tells {event:?}"));
            }
            EngineOutput::Upload { .. }
            | EngineOutput::OpenFile { .. }
            | EngineOutput::AskSignIn
            | EngineOutput::AskToken
            | EngineOutput::Diff(_) => {}
        }
    }

    /// The places of tabs that are gone, or stand still, which hold something of this one's conversation; and when it
    /// was kept.
    fn left_behind(&self, slot: usize) -> Vec<(usize, u64)> {
        let tag = self.life(slot).map(|life| life.engine.session().tag());
        let is_wanted = |other: &usize| {
            let place = &self.slots[*other];
            let is_silent = place.life.as_ref().is_none_or(|life| life.is_stopped);
            let mut unsent = place.kept.iter().chain(&place.adopted);
            let is_of_this = unsent.any(|message| !message.has_failed && message.conversation == tag);
            *other != slot && is_silent && is_of_this && self.now_ms > place.kept_ms + YOUNG_MS
        };
        (0..self.slots.len()).filter(is_wanted).map(|other| (other, self.slots[other].kept_ms)).collect()
    }

    /// Nobody has answered for these places.
    pub(super) fn adopt(&mut self, life: u32, left: Vec<(usize, u64)>) {
        let Some(slot) = self.slot_of(life) else { return };
        let mut adopted = Vec::new();
        for (other, kept_ms) in left {
            let place = &mut self.slots[other];
            // One that has gone on has only just heard the question: whether its answer came in time is chance.
            let is_silent = place.life.as_ref().is_none_or(|life| life.is_stopped) || self.random.bool();
            if place.kept_ms != kept_ms || !is_silent {
                continue;
            }
            let is_sent = |message: &Unsent| !message.has_failed;
            let (unsent, rest) = place.kept.drain(..).chain(place.adopted.drain(..)).partition::<Vec<_>, _>(is_sent);
            place.kept = rest;
            if self.bug != Some(TabsBug::AdoptsInSilence) {
                place.taken.extend(unsent.iter().map(|message| message.client_id.clone()));
            }
            adopted.extend(unsent);
        }
        if adopted.is_empty() {
            return;
        }
        self.count("taken over");
        self.trace(|| format!("tab {slot} takes over {} messages", adopted.len()));
        let place = &mut self.slots[slot];
        // It comes back to where it was taken from.
        place.taken.retain(|id| adopted.iter().all(|message| message.client_id != *id));
        place.adopted.extend(adopted.iter().cloned());
        self.command(slot, Command::Adopt(adopted));
    }

    /// How many there are among the tabs that are open.
    pub(super) fn conversations(&self) -> usize {
        let lives = self.slots.iter().filter_map(|slot| slot.life.as_ref());
        let tags: BTreeSet<u64> = lives.map(|life| life.engine.session().tag()).filter(|tag| *tag != 0).collect();
        tags.len()
    }

    pub(super) fn record_of_another(&self) -> Option<Record> {
        let open = self.slots.iter().filter(|slot| slot.life.as_ref().is_some_and(|life| !life.is_stopped));
        open.filter_map(|slot| slot.record.clone()).next()
    }

    pub(super) fn has_record_beside(&self, slot: usize) -> bool {
        self.slots.iter().enumerate().any(|(at, other)| at != slot && !other.is_gone && other.record.is_some())
    }
}
