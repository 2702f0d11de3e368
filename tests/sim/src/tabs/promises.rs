//! What must hold for all tabs together.

use guest_messenger::engine::{Said, TabMessage};
use guest_messenger::session::transcript::{Delivery, Entry};
use guest_messenger::session::view::Banner;

use super::{Handover, TabsWorld};
use crate::frames::{SentFrame, read_heard, read_sent};
use crate::happening::SocketId;
use crate::server::Stored;

const TYPING_MS: u64 = 5_000;
/// A follower waits ten seconds for an echo; how long its frame waited at the holder it does not know.
const ECHO_MS: u64 = 8_000;
/// Until a tab that stood still has heard what was said meanwhile.
const THAW_MS: u64 = 50;
/// After a tab was killed.
const HANDOVER_MS: u64 = 2_000;
/// After a tab that said that it leaves.
const TOLD_HANDOVER_MS: u64 = 300;
/// A page that is new does not know what the one before it has read.
const MINUTE_MS: u64 = 60_000;

impl TabsWorld {
    /// What leaves a tab, for another one to send.
    pub(super) fn look_at_shared(&mut self, slot: usize, message: &TabMessage) {
        if let Said::Send { frame, .. } = &message.said {
            self.look_at_message(slot, frame.expose());
        }
    }

    /// What goes over the line.
    pub(super) fn look_at_sent(&mut self, socket: SocketId, text: &str) {
        match read_sent(text) {
            None => self.breaks("I34", "a frame is sent that is none"),
            Some(SentFrame::Typing) => {
                // Who has just taken the connection over may be a new page.
                let last = self.typed.filter(|(last_socket, _)| *last_socket == socket);
                let is_early = last.is_some_and(|(_, typed_ms)| self.now_ms < typed_ms + TYPING_MS);
                if is_early {
                    self.breaks("I25", "typing is told twice in five seconds");
                }
                self.typed = Some((socket, self.now_ms));
            }
            Some(SentFrame::Receipt { id }) => {
                let sender = self.slot_of_socket(socket).and_then(|slot| self.life(slot)).map(|life| life.number);
                // Who was not there yet cannot know.
                let told = self.receipts.insert(id, self.lives);
                // Who stood still does first what was due, and then hears that another one has done it.
                let has_stood_still = self.thawed_ms.is_some_and(|thawed_ms| self.now_ms < thawed_ms + THAW_MS);
                if told.is_some_and(|told| sender.is_some_and(|sender| sender <= told)) && !has_stood_still {
                    self.breaks("I19", "a message is receipted twice");
                }
            }
            Some(SentFrame::Message { client_id, .. }) => {
                let before_ms = self.sent.insert((socket, client_id), self.now_ms);
                if before_ms.is_some_and(|before_ms| self.now_ms < before_ms + ECHO_MS) {
                    self.breaks("I9", "a message is sent again before there was reason to doubt");
                }
            }
            Some(SentFrame::Configure { .. } | SentFrame::Probe | SentFrame::Other) => {}
        }
    }

    pub(super) fn look_at_heard(&mut self, text: &str) {
        if read_heard(text).error.is_some_and(|(code, _)| code == 429) {
            self.breaks("I13", "the platform was asked too fast");
        }
    }

    pub(super) fn look_at_stored(&mut self, message: Stored) {
        self.trace(|| format!("stored {} {}", message.author, message.text));
        let is_copy =
            message.client_id.is_some() && self.stored.iter().any(|other| other.client_id == message.client_id);
        if is_copy {
            self.count("kept twice");
            if self.scenario.settings.dedupe_by_client_id {
                self.breaks("I9", "a platform that knows copies keeps one");
            }
        }
        self.stored.push(message);
    }

    pub(super) fn look_at_refused_page(&mut self) {
        if self.ended_ms.is_none_or(|ended_ms| self.now_ms > ended_ms + MINUTE_MS) {
            self.breaks("I13", "a page of history was asked for too soon");
        }
    }

    /// The tab in this place is gone or stands still; whether it said so first decides how long the others may take.
    pub(super) fn expect_handover(&mut self, slot: usize, is_told: bool) {
        let is_heir = |other: &usize| {
            let Some(life) = self.life(*other).filter(|_| *other != slot) else { return false };
            // Hidden for long it would not connect.
            !life.is_stopped && life.is_visible && life.engine.session().follows_line()
        };
        let heirs = (0..self.slots.len()).filter(is_heir).filter_map(|other| Some(self.life(other)?.number)).collect();
        let until_ms = self.now_ms + if is_told { TOLD_HANDOVER_MS } else { HANDOVER_MS };
        self.handover = Some(Handover { until_ms, heirs });
    }

    pub(super) fn judge_handover(&mut self) {
        let Some(handover) = self.handover.take_if(|handover| self.now_ms > handover.until_ms) else { return };
        let awake: Vec<_> =
            self.slots.iter().filter_map(|slot| slot.life.as_ref()).filter(|life| !life.is_stopped).collect();
        let has_heir = awake.iter().any(|life| life.is_visible && handover.heirs.contains(&life.number));
        if has_heir && !awake.iter().any(|life| life.engine.session().is_holder()) {
            self.breaks("T1", "nobody took the line over in time");
        }
    }

    /// The network has been whole for long enough.
    pub(super) fn judge_recovery(&mut self) {
        let sockets = self.slots.iter().filter(|slot| slot.life.as_ref().is_some_and(|life| life.socket.is_some()));
        let count = sockets.count();
        let views = || self.slots.iter().filter_map(|slot| Some(slot.life.as_ref()?.engine.view()));
        if count == 0 && views().all(|view| view.banner == Some(Banner::CannotConnect)) {
            // Every tab says so, and tries at the longest interval.
            return self.count("refused in the end");
        }
        if count != 1 {
            return self.breaks("I11", format!("{count} tabs hold a socket, and not one"));
        }
        for slot in 0..self.slots.len() {
            self.judge_tab(slot);
        }
        self.judge_kept();
        // A tab counts what it has loaded.
        let views = self.slots.iter().filter_map(|slot| Some(slot.life.as_ref()?.engine.view()));
        let unread: Vec<u32> = views.filter(|view| !view.history.has_older).map(|view| view.unread).collect();
        if unread.iter().any(|count| unread.first() != Some(count)) {
            self.breaks("I24", format!("the tabs count unread messages differently: {unread:?}"));
        }
    }

    fn look_at_message(&mut self, slot: usize, text: &str) {
        let Some(SentFrame::Message { client_id, .. }) = read_sent(text) else { return };
        let Some(life) = self.life(slot) else { return };
        let entries = life.engine.view().transcript.entries().iter();
        let is_acked = |entry: &&Entry| {
            entry.client_id.as_ref().is_some_and(|id| id.0 == client_id) && entry.delivery == Delivery::Sent
        };
        if entries.rev().any(|entry| is_acked(&entry)) {
            self.breaks("I3", "a message is sent again that the platform has confirmed");
        }
    }

    /// Each tab shows what the platform keeps, in its order, once.
    fn judge_tab(&mut self, slot: usize) {
        let Some(life) = self.life(slot) else { return };
        let view = life.engine.view();
        let is_waiting =
            |entry: &&Entry| matches!(entry.delivery, Delivery::Queued | Delivery::Sending | Delivery::Unknown);
        if let Some(entry) = view.transcript.entries().iter().find(is_waiting) {
            let text = format!("tab {slot}: {} is neither acknowledged nor failed", entry.body.text.expose());
            return self.breaks("I7", text);
        }
        let is_settled = |entry: &&Entry| entry.delivery == Delivery::Sent && entry.notice.is_none();
        // What the platform keeps twice stands where the one or the other copy stands.
        let is_single = |text: &&str| self.stored.iter().filter(|message| message.text == **text).count() == 1;
        let settled = view.transcript.entries().iter().filter(is_settled);
        let shown: Vec<&str> = settled.map(|entry| entry.body.text.expose()).filter(is_single).collect();
        let kept: Vec<&str> = self.stored.iter().map(|message| message.text.as_str()).filter(is_single).collect();
        let is_whole = !view.history.has_older && shown == kept;
        // Of what is cut off, one's own message that was in doubt for long may stand alone above the rest.
        let is_old_own = |text: &&&str| text.starts_with("guest") && self.transcript_max < 1_000;
        let alone = shown.iter().take_while(is_old_own).count();
        let is_tail =
            view.history.has_older && (0..=alone).any(|at| shown.get(at..).is_some_and(|rest| kept.ends_with(rest)));
        if !is_whole && !is_tail {
            let detail = format!("tab {slot} shows {shown:?}, the platform keeps {kept:?}");
            self.breaks("I8", detail);
        }
    }

    /// What was once in the browser's storage is at the platform, or is shown as not sent.
    fn judge_kept(&mut self) {
        let is_stored = |id: &String| self.stored.iter().any(|message| message.client_id.as_ref() == Some(id));
        let is_shown = |id: &String| {
            let lives = self.slots.iter().filter_map(|slot| slot.life.as_ref());
            lives.flat_map(|life| life.engine.view().transcript.entries()).any(|entry| {
                entry.client_id.as_ref().is_some_and(|own| own.0 == *id)
                    && matches!(entry.delivery, Delivery::Failed(_))
            })
        };
        // The visitor was told that it is not sent, and closed the tab.
        let was_given_up = |id: &String| {
            let gone = self.slots.iter().filter(|slot| slot.is_gone);
            gone.flat_map(|slot| &slot.kept).any(|message| message.has_failed && message.client_id.0 == *id)
        };
        let lost = self.kept.iter().find(|id| !is_stored(id) && !is_shown(id) && !was_given_up(id)).cloned();
        if let Some(id) = lost {
            self.breaks("I1", format!("the message {id} is nowhere"));
        }
    }
}
