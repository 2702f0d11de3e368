//! The guest's messages that the platform has not acknowledged, in the order in which they were accepted.
//!
//! One is under way at a time: the next goes when the platform has echoed the one before, so that the order holds
//! whatever the line does.

use super::ids::{ClientId, EntryId};
use super::time::{Timestamp, WallTime};

/// More waiting messages than this are not accepted.
pub(super) const WAITING_MAX: usize = 200;
/// How often one message is sent before it counts as failed.
const ATTEMPTS_MAX: u8 = 3;

#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) entry: EntryId,
    pub(super) client_id: ClientId,
    pub(super) state: ParcelState,
    attempts: u8,
    first_sent: Option<Timestamp>,
    /// The keeping that holds this message; it is sent when that is done.
    keeping: u32,
    /// The newest message of all when this one was accepted: its copy stands after that.
    after: WallTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParcelState {
    Queued,
    UnderWay,
    /// It may have arrived: history is read before it is sent again.
    Unknown,
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    parcels: Vec<Parcel>,
    /// The platform asked to slow down.
    paused_until: Option<Timestamp>,
    /// The last keeping that the storage has answered.
    kept: u32,
}

/// What the outbox needs for its next step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Nothing,
    /// The echo of the one under way, or the storage.
    Wait,
    /// History, to see whether the first one arrived.
    History,
    /// This moment.
    Pause(Timestamp),
    Send(EntryId),
}

impl Outbox {
    pub(super) fn is_empty(&self) -> bool {
        self.parcels.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.parcels.len() >= WAITING_MAX
    }

    /// `keeping`: the number of the next keeping, which will hold this message. `newest`: the time of the newest
    /// message that is known.
    pub(super) fn push(&mut self, entry: EntryId, client_id: ClientId, keeping: u32, newest: WallTime) {
        let state = ParcelState::Queued;
        self.parcels.push(Parcel { entry, client_id, state, attempts: 0, first_sent: None, keeping, after: newest });
    }

    /// One that an earlier life of the tab may have sent; before those accepted since, unless one is under way.
    pub(super) fn restore(&mut self, entry: EntryId, client_id: ClientId, after: WallTime) {
        let is_old = |parcel: &&Parcel| parcel.state != ParcelState::Queued;
        let at = self.parcels.iter().take_while(is_old).count();
        let state = ParcelState::Unknown;
        self.parcels.insert(at, Parcel { entry, client_id, state, attempts: 0, first_sent: None, keeping: 0, after });
    }

    /// The storage has answered up to this keeping.
    pub(super) fn on_kept(&mut self, number: u32) {
        self.kept = self.kept.max(number);
    }

    pub(super) fn has_kept(&self, number: u32) -> bool {
        self.kept >= number
    }

    pub(super) fn next(&mut self, now: Timestamp) -> Next {
        let Some(parcel) = self.parcels.first() else { return Next::Nothing };
        if let Some(until) = self.paused_until {
            if now < until {
                return Next::Pause(until);
            }
            self.paused_until = None;
        }
        match parcel.state {
            ParcelState::Queued if parcel.keeping > self.kept => Next::Wait,
            ParcelState::Queued => Next::Send(parcel.entry),
            ParcelState::UnderWay => Next::Wait,
            ParcelState::Unknown => Next::History,
        }
    }

    /// The first one goes out.
    pub(super) fn on_sent(&mut self, now: Timestamp) {
        if let Some(parcel) = self.parcels.first_mut() {
            parcel.first_sent.get_or_insert(now);
            parcel.state = ParcelState::UnderWay;
            parcel.attempts = parcel.attempts.saturating_add(1);
        }
    }

    pub(super) fn under_way(&self) -> Option<&Parcel> {
        self.parcels.first().filter(|parcel| parcel.state == ParcelState::UnderWay)
    }

    /// The one under way may or may not have arrived.
    pub(super) fn doubt(&mut self) -> Option<EntryId> {
        let parcel = self.parcels.first_mut().filter(|parcel| parcel.state == ParcelState::UnderWay)?;
        parcel.state = ParcelState::Unknown;
        Some(parcel.entry)
    }

    /// When this one first went out.
    #[cfg(feature = "conversations")]
    pub(super) fn first_sent(&self, entry: EntryId) -> Option<Timestamp> {
        self.parcels.iter().find(|parcel| parcel.entry == entry)?.first_sent
    }

    /// After which time the copy of this one stands.
    pub(super) fn after(&self, entry: EntryId) -> WallTime {
        self.parcels.iter().find(|parcel| parcel.entry == entry).map(|parcel| parcel.after).unwrap_or_default()
    }

    /// After which time the copies of all doubtful ones stand, if there are copies.
    pub(super) fn doubtful_after(&self) -> Option<WallTime> {
        let doubtful = self.parcels.iter().filter(|parcel| parcel.state == ParcelState::Unknown);
        doubtful.map(|parcel| parcel.after).min()
    }

    /// The platform refused this one for now: it did not arrive, and is sent again, at this moment at the earliest.
    /// Answers whether it had been sent.
    pub(super) fn postpone(&mut self, entry: EntryId, until: Timestamp) -> bool {
        let first = self.parcels.first_mut().filter(|parcel| parcel.entry == entry);
        let Some(parcel) = first.filter(|parcel| parcel.state != ParcelState::Queued) else { return false };
        parcel.state = ParcelState::Queued;
        self.paused_until = Some(until);
        true
    }

    /// Something waits because the platform asked for it.
    pub(super) fn paused_until(&self) -> Option<Timestamp> {
        self.paused_until.filter(|_| !self.parcels.is_empty())
    }

    /// History was read and the doubtful ones were not in it. Answers those that go back to the queue, and those that
    /// have been tried often enough, which are taken out.
    pub(super) fn on_history(&mut self) -> (Vec<EntryId>, Vec<EntryId>) {
        let given_up = self.take_out(&|parcel| parcel.state == ParcelState::Unknown && parcel.attempts >= ATTEMPTS_MAX);
        let mut queued = Vec::new();
        for parcel in &mut self.parcels {
            if parcel.state == ParcelState::Unknown {
                parcel.state = ParcelState::Queued;
                queued.push(parcel.entry);
            }
        }
        (queued, given_up)
    }

    /// History cannot be had: what may have arrived is not sent again by itself.
    pub(super) fn give_up_unknown(&mut self) -> Vec<EntryId> {
        self.take_out(&|parcel| parcel.state == ParcelState::Unknown)
    }

    /// How often the one under way has been sent, this time included.
    pub(super) fn may_try_again(&self) -> bool {
        self.parcels.first().is_some_and(|parcel| parcel.attempts < ATTEMPTS_MAX)
    }

    /// The first one was not sent after all.
    #[cfg(feature = "conversations")]
    pub(super) fn uncount(&mut self) {
        if let Some(parcel) = self.parcels.first_mut() {
            parcel.attempts = parcel.attempts.saturating_sub(1);
        }
    }

    /// Takes one message out, acknowledged or failed. Answers whether it was there.
    pub(super) fn remove(&mut self, entry: EntryId) -> bool {
        !self.take_out(&|parcel| parcel.entry == entry).is_empty()
    }

    pub(super) fn entry_of(&self, client_id: &ClientId) -> Option<EntryId> {
        self.parcels.iter().find(|parcel| parcel.client_id == *client_id).map(|parcel| parcel.entry)
    }

    /// Takes everything out.
    pub(super) fn drain(&mut self) -> Vec<EntryId> {
        self.take_out(&|_| true)
    }

    /// Another session: what was asked of the one before is over.
    pub(super) fn on_session(&mut self) {
        self.paused_until = None;
    }

    /// By reference, so that this is in the page once.
    fn take_out(&mut self, is_wanted: &dyn Fn(&Parcel) -> bool) -> Vec<EntryId> {
        let mut taken = Vec::new();
        self.parcels.retain(|parcel| {
            let goes = is_wanted(parcel);
            if goes {
                taken.push(parcel.entry);
            }
            !goes
        });
        taken
    }
}
