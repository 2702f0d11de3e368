//! I1 to I10: what the visitor said and what the platform keeps, message by message.

mod kept;

use std::collections::BTreeMap;

use guest_messenger::session::content::Author;
use guest_messenger::session::ids::EntryId;
use guest_messenger::session::transcript::{Delivery, Entry};
use guest_messenger::session::view::View;

use super::{Verdict, broken};
use crate::server::Stored;

/// Refusals that are about the whole session.
const SESSION_CODES: [i64; 4] = [403, 409, 4006, 4007];

#[derive(Debug, Default)]
pub(crate) struct Messages {
    /// The visitor's message number n says `g<n>` and stands at n.
    said: Vec<Said>,
    by_client_id: BTreeMap<String, usize>,
    /// Those that are neither acknowledged nor given up.
    open: Vec<usize>,
    /// Those of an earlier page that the vault holds, until the new page has taken them up.
    awaited: Vec<usize>,
    /// What the platform keeps, by conversation, in its order.
    stored: BTreeMap<String, Vec<Stored>>,
    next_order: u64,
    greatest_sent_order: u64,
    /// When the newest history page one was heard, and when the platform made it.
    history: Option<(u64, u64)>,
    /// The transcript was emptied in this step, as it should be.
    is_emptied: bool,
    /// The error frame that this step is about.
    error: Option<(i64, Option<String>)>,
}

/// A message that goes out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) text: &'a str,
    /// As the page knows it.
    pub(crate) session: u64,
    /// The platform's, of this socket.
    pub(crate) conversation: Option<&'a str>,
    /// As it is shown.
    pub(crate) entry: Option<&'a Entry>,
}

#[derive(Debug)]
struct Said {
    entry: EntryId,
    client_id: String,
    /// Grows in the order in which the visitor wants them sent.
    order: u64,
    shown: Shown,
    sent_ms: Vec<u64>,
    /// When it was stored first, and in which conversation.
    stored: Option<(u64, String)>,
    /// The session in which it was said; `None` before the first is known, for which it is meant.
    session: Option<u64>,
    accepted_ms: u64,
    /// The vault has held it, and must hold it still, as nobody emptied it from outside.
    was_kept: bool,
    must_be_kept: bool,
    /// The platform refused it for now, or the visitor wants it sent again: no history is needed.
    may_go_again: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Queued,
    Sending,
    Sent,
    Failed,
}

impl Messages {
    pub(crate) fn next_text(&self) -> String {
        format!("g{}", self.said.len())
    }

    pub(crate) fn said_count(&self) -> usize {
        self.said.len()
    }

    /// How many wait for the platform.
    pub(crate) fn waiting_count(&self) -> usize {
        self.open.iter().filter(|index| matches!(self.said[**index].shown, Shown::Queued | Shown::Sending)).count()
    }

    /// Whether this one is on its way.
    pub(crate) fn is_sending(&self, client_id: &str) -> bool {
        let said = self.by_client_id.get(client_id).and_then(|index| self.said.get(*index));
        said.is_some_and(|said| said.shown == Shown::Sending)
    }

    pub(crate) fn stored_in(&self, conversation: &str) -> &[Stored] {
        self.stored.get(conversation).map_or(&[], Vec::as_slice)
    }

    /// The engine took a message.
    pub(crate) fn on_accepted(
        &mut self,
        now_ms: u64,
        view: &View<'_>,
        entry: EntryId,
        session: Option<u64>,
    ) -> Verdict {
        let Some(found) = view.transcript.entry(entry) else { return broken("I1", "an accepted message is not shown") };
        let client_id = found.client_id.as_ref().map(|id| id.0.clone()).unwrap_or_default();
        if self.by_client_id.contains_key(&client_id) {
            // Back in the queue.
            return Ok(());
        }
        if found.body.text.expose() != self.next_text() {
            return broken("I1", format!("{entry:?} is not what the visitor said"));
        }
        self.next_order += 1;
        self.by_client_id.insert(client_id.clone(), self.said.len());
        self.open.push(self.said.len());
        self.said.push(Said {
            entry,
            client_id,
            order: self.next_order,
            shown: Shown::Queued,
            sent_ms: Vec::new(),
            stored: None,
            session,
            accepted_ms: now_ms,
            was_kept: false,
            must_be_kept: false,
            may_go_again: false,
        });
        Ok(())
    }

    /// The visitor wants a failed message sent again, in whatever conversation there is.
    pub(crate) fn on_retry(&mut self, entry: EntryId, session: Option<u64>) {
        self.next_order += 1;
        let order = self.next_order;
        // Entries are numbered anew on each page: only those of this page are meant.
        let index = self.open.iter().find(|index| self.said[**index].entry == entry).copied();
        if let Some(said) = index.and_then(|index| self.said.get_mut(index)) {
            said.may_go_again = true;
            said.order = order;
            said.session = session;
        }
    }

    pub(crate) fn on_discard(&mut self, entry: EntryId) {
        let said = &self.said;
        self.open.retain(|index| said[*index].entry != entry);
    }

    /// The transcript was emptied, as it should be after a clear or a logout.
    pub(crate) fn on_emptied(&mut self) {
        self.is_emptied = true;
    }

    /// The page was told in which session it is.
    pub(crate) fn on_session(&mut self, session: u64) {
        for index in &self.open {
            self.said[*index].session.get_or_insert(session);
        }
    }

    pub(crate) fn on_sent(&mut self, now_ms: u64, sent: Sent<'_>) -> Verdict {
        let Sent { client_id, text, session, conversation, entry } = sent;
        let Some(index) = self.by_client_id.get(client_id).copied() else {
            return broken("I1", "a message is sent that nobody said");
        };
        if text != format!("g{index}") {
            return broken("I1", format!("g{index} is sent as {text}"));
        }
        let history = self.history;
        let said = &mut self.said[index];
        if said.shown == Shown::Sent {
            return broken("I3", format!("{text} is sent again after its acknowledgement"));
        }
        if entry.is_some_and(|entry| matches!(entry.delivery, Delivery::Failed(_))) {
            return broken("I1", format!("{text} is sent while it is shown as failed"));
        }
        if let Some(own) = said.session.filter(|own| *own != session) {
            return broken("I6", format!("{text} was said in session {own} and is sent in session {session}"));
        }
        if let Some(last_ms) = said.sent_ms.last()
            && !std::mem::take(&mut said.may_go_again)
        {
            match history {
                Some((heard_ms, made_ms)) if heard_ms >= *last_ms => {
                    // In another conversation it counts for nothing: the platform began it and the answer was lost.
                    let is_there =
                        |(at_ms, own): &(u64, String)| *at_ms <= made_ms && Some(own.as_str()) == conversation;
                    if said.stored.as_ref().is_some_and(is_there) {
                        return broken("I9", format!("{text} is sent again although the history had it"));
                    }
                }
                _ => return broken("I9", format!("{text} is sent again before the history was read")),
            }
        }
        said.may_go_again = false;
        if said.order < self.greatest_sent_order {
            return broken("I10", format!("{text} is sent after a message that was said later"));
        }
        self.greatest_sent_order = said.order;
        said.sent_ms.push(now_ms);
        Ok(())
    }

    /// The platform keeps a message. Answers whether it keeps it already.
    pub(crate) fn on_stored(&mut self, now_ms: u64, conversation: &str, message: Stored) -> bool {
        let index = message.client_id.as_ref().and_then(|id| self.by_client_id.get(id)).copied();
        if let Some(said) = index.and_then(|index| self.said.get_mut(index)) {
            said.stored.get_or_insert_with(|| (now_ms, conversation.to_owned()));
        }
        let kept = self.stored.entry(conversation.to_owned()).or_default();
        let is_second = message.client_id.is_some() && kept.iter().any(|other| other.client_id == message.client_id);
        kept.push(message);
        is_second
    }

    /// A history page one is handed to the engine.
    pub(crate) fn on_history(&mut self, now_ms: u64, made_at_ms: u64) {
        self.history = Some((now_ms, made_at_ms));
    }

    /// An error frame is handed to the engine.
    pub(crate) fn on_error(&mut self, code: i64, about: Option<String>) {
        if let Some(index) = about.as_ref().and_then(|id| self.by_client_id.get(id)) {
            self.said[*index].may_go_again = true;
        }
        self.error = Some((code, about));
    }

    /// After each input: every open message is still there, and moved only for reasons of its own.
    pub(crate) fn after_step(&mut self, view: &View<'_>) -> Verdict {
        let error = self.error.take();
        if std::mem::take(&mut self.is_emptied) {
            self.open.clear();
            return Ok(());
        }
        let mut position = 0;
        while let Some(index) = self.open.get(position).copied() {
            let said = &mut self.said[index];
            let Some(entry) = view.transcript.entry(said.entry) else {
                return broken("I1", format!("g{index} has vanished"));
            };
            let shown = shown(entry);
            if shown == Shown::Sent && said.stored.is_none() {
                return broken("I5", format!("g{index} is shown as sent, and the platform does not have it"));
            }
            if shown == Shown::Failed
                && said.shown != Shown::Failed
                && let Some((code, Some(about))) = &error
                && *about != said.client_id
                && !SESSION_CODES.contains(code)
            {
                return broken("I5", format!("g{index} fails for an error {code} about another request"));
            }
            if said.shown == Shown::Failed && shown == Shown::Queued && !said.may_go_again {
                return broken("I1", format!("g{index} is sent again though nobody asked"));
            }
            said.shown = shown;
            if shown == Shown::Sent {
                self.open.swap_remove(position);
            } else {
                position += 1;
            }
        }
        Ok(())
    }

    /// I2 and I4 of the whole transcript.
    pub(crate) fn check_transcript(&self, view: &View<'_>) -> Verdict {
        let entries = view.transcript.entries();
        let mut client_ids: Vec<&str> =
            entries.iter().filter_map(|entry| entry.client_id.as_ref()).map(|id| &*id.0).collect();
        let mut server_ids: Vec<&str> =
            entries.iter().filter_map(|entry| entry.server_id.as_ref()).map(|id| &*id.0).collect();
        for ids in [&mut client_ids, &mut server_ids] {
            ids.sort_unstable();
            if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
                return broken("I2", format!("two bubbles for {}", pair[0]));
            }
        }
        for pair in entries.windows(2) {
            let [first, second] = pair else { continue };
            let is_in_order = match (is_settled(first), is_settled(second)) {
                (true, true) => (first.time, &first.server_id) <= (second.time, &second.server_id),
                (true, false) => true,
                (false, true) => false,
                (false, false) => self.order_of(first) <= self.order_of(second),
            };
            if !is_in_order {
                return broken("I4", format!("{} stands before {}", describe(first), describe(second)));
            }
        }
        Ok(())
    }

    /// I7: nothing waits any more.
    pub(crate) fn check_all_told(&self) -> Verdict {
        let waiting = self.open.iter().find(|index| matches!(self.said[**index].shown, Shown::Queued | Shown::Sending));
        if let Some(index) = self.awaited.first() {
            return broken("I7", format!("g{index} was kept and has not come back"));
        }
        match waiting {
            Some(index) => broken("I7", format!("g{index} is neither acknowledged nor failed")),
            None => Ok(()),
        }
    }

    /// I8: what is shown is what the platform keeps, as far as so many of the newest messages go.
    pub(crate) fn check_same(&self, view: &View<'_>, conversation: &str, newest: usize) -> Verdict {
        let entries = view.transcript.entries();
        let kept = self.stored_in(conversation);
        let kept = kept.get(kept.len().saturating_sub(newest)..).unwrap_or_default();
        for message in kept.iter().filter(|message| message.author != "system") {
            let found = entries.iter().find(|entry| is_same(entry, message));
            match found {
                None => return broken("I8", format!("{} of {conversation} is not shown", message.text)),
                Some(entry) if entry.body.text.expose() != message.text => {
                    return broken("I8", format!("{} is shown as another text", message.text));
                }
                Some(_) => {}
            }
        }
        for entry in entries.iter().filter(|entry| is_settled(entry) && entry.notice.is_none()) {
            let mut all = self.stored.values().flatten();
            if !all.any(|message| is_same(entry, message)) {
                return broken("I8", format!("{} is shown, and the platform never had it", describe(entry)));
            }
        }
        Ok(())
    }

    fn order_of(&self, entry: &Entry) -> u64 {
        let index = entry.client_id.as_ref().and_then(|id| self.by_client_id.get(&id.0));
        index.and_then(|index| self.said.get(*index)).map_or(0, |said| said.order)
    }
}

fn shown(entry: &Entry) -> Shown {
    match entry.delivery {
        Delivery::Queued => Shown::Queued,
        Delivery::Sending | Delivery::Unknown => Shown::Sending,
        Delivery::Sent => Shown::Sent,
        Delivery::Failed(_) => Shown::Failed,
    }
}

fn is_settled(entry: &Entry) -> bool {
    matches!(entry.delivery, Delivery::Sent)
}

fn is_same(entry: &Entry, message: &Stored) -> bool {
    if entry.author == Author::Guest {
        entry.client_id.as_ref().map(|id| &id.0) == message.client_id.as_ref()
    } else {
        entry.server_id.as_ref().is_some_and(|id| id.0 == message.id)
    }
}

fn describe(entry: &Entry) -> String {
    format!("{:?} {} ({}, {})", entry.author, entry.body.text.expose(), entry.delivery.name(), entry.time.0)
}
