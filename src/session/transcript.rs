//! The ordered entries of a conversation: live, from history, and local echoes, each once.
//!
//! Identity comes from ids, order from the server's time: two messages of the same millisecond both stay, and the same
//! message heard three times is one entry. Unacknowledged entries stand last, in the order in which they were accepted.

use super::content::{Answer, Author, Body, Item, Notice, Sender};
use super::error::ChatError;
use super::ids::{ClientId, EntryId, ServerId};
use super::input::Message;
use super::record::ReadMark;
use super::redact::Redacted;
use super::time::WallTime;

/// One row.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: EntryId,
    pub author: Author,
    pub sender: Sender,
    pub body: Body,
    pub notice: Option<Notice>,
    /// The server's time, or the time of acceptance until that is known.
    pub time: WallTime,
    pub delivery: Delivery,
    pub client_id: Option<ClientId>,
    pub server_id: Option<ServerId>,
}

impl Entry {
    /// Whether somebody on the other side wrote it: such entries are unread until seen.
    pub fn is_theirs(&self) -> bool {
        matches!(self.author, Author::Agent | Author::Bot) && self.notice.is_none()
    }

    fn is_settled(&self) -> bool {
        matches!(self.delivery, Delivery::Sent)
    }

    fn order(&self) -> (WallTime, Option<&ServerId>) {
        (self.time, self.server_id.as_ref())
    }
}

/// How far one of the guest's own messages has come. Everybody else's are `Sent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    Queued,
    /// Handed to the line, no echo yet.
    Sending,
    /// The line broke before the echo: history decides. Shown like `Sending`.
    Unknown,
    Sent,
    Failed(ChatError),
}

impl Delivery {
    /// The word for events and attributes.
    pub fn name(&self) -> &'static str {
        match self {
            Delivery::Queued => "queued",
            Delivery::Sending | Delivery::Unknown => "sending",
            Delivery::Sent => "sent",
            Delivery::Failed(_) => "failed",
        }
    }
}

/// What a message did to the transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    Inserted(EntryId),
    /// The platform's copy of one of the guest's pending messages. `moved` when its place is another now.
    Acknowledged {
        entry: EntryId,
        moved: bool,
    },
    Changed(EntryId),
    Known(EntryId),
    /// It contradicts what is known: an id that belongs to another author.
    Refused,
}

#[derive(Debug, Default)]
pub struct Transcript {
    /// Settled entries by (time, server id), then the pending ones in order of acceptance.
    entries: Vec<Entry>,
    by_server_id: Index,
    by_client_id: Index,
    next_id: u32,
    /// Up to here everything was cut off, to be read again from history when it is wanted.
    cut_at: Option<WallTime>,
}

impl Transcript {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether it holds anything that the platform has said or confirmed.
    pub fn has_settled(&self) -> bool {
        self.entries.first().is_some_and(Entry::is_settled)
    }

    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.position(id).and_then(|at| self.entries.get(at))
    }

    /// The entry that stands right after this one.
    pub fn after(&self, id: EntryId) -> Option<EntryId> {
        self.position(id).and_then(|at| self.entries.get(at + 1)).map(|entry| entry.id)
    }

    pub fn by_client_id(&self, id: &ClientId) -> Option<&Entry> {
        self.by_client_id.get(&id.0).and_then(|entry| self.entry(entry))
    }

    /// What the guest has answered to an offer, unless it could not be sent.
    pub fn answer_to(&self, offer: EntryId) -> Option<&Answer> {
        for entry in self.entries.iter().rev() {
            for item in &entry.body.items {
                if let Item::Answer(answer) = item
                    && let Some(to) = &answer.to
                    && self.by_server_id.get(&to.0) == Some(offer)
                    && !matches!(entry.delivery, Delivery::Failed(_))
                {
                    return Some(answer);
                }
            }
        }
        None
    }

    /// How many messages of others lie behind the mark.
    pub fn unread(&self, mark: Option<&ReadMark>) -> u32 {
        let unread = self.entries.iter().rev().take_while(|entry| !entry.is_settled() || is_past(entry, mark));
        unread.filter(|entry| entry.is_theirs()).count() as u32
    }

    /// The settled entries of others behind the mark that are among those given, newest first.
    pub fn newest_unread_of(&self, among: &[EntryId], mark: Option<&ReadMark>) -> Option<&Entry> {
        let mut unread = self.entries.iter().rev().filter(|entry| entry.is_theirs());
        unread.find(|entry| among.contains(&entry.id) && is_past(entry, mark))
    }

    /// Adds one of the guest's own messages, not yet sent.
    pub fn accept(&mut self, client_id: ClientId, body: Body, time: WallTime) -> EntryId {
        let id = self.make_id();
        self.by_client_id.insert(&client_id.0, id);
        self.entries.push(Entry {
            id,
            author: Author::Guest,
            sender: Sender::default(),
            body,
            notice: None,
            time,
            delivery: Delivery::Queued,
            client_id: Some(client_id),
            server_id: None,
        });
        id
    }

    /// The guest's own messages that the platform has not confirmed, in order.
    pub fn unsettled(&self) -> impl Iterator<Item = &Entry> {
        let first = self.entries.partition_point(Entry::is_settled);
        self.entries.get(first..).unwrap_or_default().iter()
    }

    /// Takes a message of the platform in, live or from history.
    pub fn merge(&mut self, message: Message) -> Merged {
        if let Some(known) = self.find(&message) {
            return self.merge_known(known, message);
        }
        let id = self.make_id();
        let time = message.time.unwrap_or_else(|| self.newest_time());
        let entry = Entry {
            id,
            author: message.author,
            sender: message.sender,
            body: message.body,
            notice: message.notice,
            time,
            delivery: Delivery::Sent,
            client_id: message.client_id,
            server_id: message.id,
        };
        self.learn_ids(id, entry.client_id.as_ref(), [&entry.server_id, &message.other_id]);
        self.insert_settled(entry);
        Merged::Inserted(id)
    }

    /// Sets the state of a pending message. Answers whether it is another one now.
    pub fn set_delivery(&mut self, id: EntryId, delivery: Delivery) -> bool {
        let Some(entry) = self.position(id).and_then(|at| self.entries.get_mut(at)) else { return false };
        if entry.delivery == delivery {
            return false;
        }
        entry.delivery = delivery;
        true
    }

    /// Moves a pending message in front of the first one that waits to be sent, and answers which that is.
    pub fn move_before_queued(&mut self, id: EntryId) -> Option<EntryId> {
        let at = self.position(id)?;
        let first = self.entries.iter().position(|entry| entry.delivery == Delivery::Queued && entry.id != id)?;
        let entry = self.entries.remove(at);
        self.entries.insert(first, entry);
        self.after(id)
    }

    /// Moves a pending message behind all others: it is sent anew.
    pub fn requeue(&mut self, id: EntryId) {
        let Some(at) = self.position(id) else { return };
        let mut entry = self.entries.remove(at);
        entry.delivery = Delivery::Queued;
        self.entries.push(entry);
    }

    /// Where this file is to be had.
    pub fn file_address(&self, file: &str) -> Option<Redacted> {
        let mut items = self.entries.iter().rev().flat_map(|entry| &entry.body.items);
        items.find_map(|item| {
            let Item::Attachment(found) = item else { return None };
            found.url.clone().filter(|_| found.id == file)
        })
    }

    /// This file is there now, or is not to be had. Answers whose it is.
    pub fn set_file_address(&mut self, file: &str, url: Option<&Redacted>) -> Vec<EntryId> {
        let mut changed = Vec::new();
        for entry in &mut self.entries {
            for item in &mut entry.body.items {
                if let Item::Attachment(found) = item
                    && found.id == file
                {
                    found.url = url.cloned();
                    changed.push(entry.id);
                }
            }
        }
        changed
    }

    pub fn remove(&mut self, id: EntryId) -> bool {
        let Some(at) = self.position(id) else { return false };
        self.entries.remove(at);
        self.by_server_id.retain(&|entry| entry != id);
        self.by_client_id.retain(&|entry| entry != id);
        true
    }

    /// The oldest settled entries beyond so many.
    pub fn beyond(&self, most: usize) -> &[Entry] {
        let excess = self.entries.len().saturating_sub(most);
        let settled = self.entries.partition_point(Entry::is_settled);
        self.entries.get(..excess.min(settled)).unwrap_or_default()
    }

    /// Cuts so many of the oldest entries off.
    pub fn cut(&mut self, count: usize) {
        let count = count.min(self.entries.len());
        let Some(last) = count.checked_sub(1).and_then(|last| self.entries.get(last)) else { return };
        self.cut_at = Some(last.time);
        // Ids grow, but not in the order of the entries.
        let gone: Vec<EntryId> = self.entries.drain(..count).map(|entry| entry.id).collect();
        let (oldest_gone, newest_gone) =
            gone.iter().fold((u32::MAX, 0), |(oldest, newest), id| (id.0.min(oldest), id.0.max(newest)));
        let has_gaps = (newest_gone - oldest_gone) as usize >= gone.len();
        let is_left = |id: EntryId| id.0 > newest_gone || id.0 < oldest_gone || (has_gaps && !gone.contains(&id));
        self.by_server_id.retain(&is_left);
        self.by_client_id.retain(&is_left);
    }

    /// Whether this one is not known because it was cut off.
    pub fn is_cut_off(&self, message: &Message) -> bool {
        let is_old = |cut_at| message.time.is_some_and(|time| time <= cut_at);
        self.cut_at.is_some_and(is_old) && self.find(message).is_none()
    }

    /// Forgets everything. Entry ids are not used again.
    pub fn clear(&mut self) {
        self.cut_at = None;
        self.entries.clear();
        self.by_server_id = Index::default();
        self.by_client_id = Index::default();
    }

    /// Forgets everything but the guest's own messages that have not reached the platform.
    pub fn keep_unsent(&mut self) {
        self.entries.retain(|entry| !entry.is_settled());
        self.by_server_id = Index::default();
        let entries = &self.entries;
        self.by_client_id.retain(&|id| entries.iter().any(|entry| entry.id == id));
    }

    fn merge_known(&mut self, id: EntryId, message: Message) -> Merged {
        let Some(at) = self.position(id) else { return Merged::Refused };
        let Some(entry) = self.entries.get_mut(at) else { return Merged::Refused };
        if (entry.author == Author::Guest) != (message.author == Author::Guest) {
            return Merged::Refused;
        }
        let was_settled = entry.is_settled();
        let mut has_changed = !was_settled;
        if !message.body.is_empty() && message.body != entry.body && was_settled {
            entry.body = message.body;
            has_changed = true;
        } else if !was_settled && message.body.items.iter().any(is_file) {
            // The platform's copy of a file has an address.
            entry.body.items = message.body.items;
        }
        let time = if was_settled { entry.time } else { message.time.unwrap_or(entry.time) };
        entry.delivery = Delivery::Sent;
        if entry.server_id.is_none() {
            entry.server_id = message.id.clone();
        }
        self.learn_ids(id, message.client_id.as_ref(), [&message.id, &message.other_id]);
        if was_settled {
            return if has_changed { Merged::Changed(id) } else { Merged::Known(id) };
        }
        let mut entry = self.entries.remove(at);
        entry.time = time;
        let moved = self.insert_settled(entry) != at;
        Merged::Acknowledged { entry: id, moved }
    }

    fn find(&self, message: &Message) -> Option<EntryId> {
        let by_server = |id: &Option<ServerId>| id.as_ref().and_then(|id| self.by_server_id.get(&id.0));
        by_server(&message.id)
            .or_else(|| by_server(&message.other_id))
            .or_else(|| message.client_id.as_ref().and_then(|id| self.by_client_id.get(&id.0)))
    }

    fn learn_ids(&mut self, id: EntryId, client_id: Option<&ClientId>, server_ids: [&Option<ServerId>; 2]) {
        for server_id in server_ids {
            let Some(server_id) = server_id else { continue };
            self.by_server_id.insert(&server_id.0, id);
        }
        if let Some(client_id) = client_id {
            self.by_client_id.insert(&client_id.0, id);
        }
    }

    /// Puts a settled entry in its place and answers which that is.
    fn insert_settled(&mut self, entry: Entry) -> usize {
        let mut at = self.entries.len();
        while let Some(before) = at.checked_sub(1).and_then(|index| self.entries.get(index)) {
            if before.is_settled() && before.order() <= entry.order() {
                break;
            }
            at -= 1;
        }
        self.entries.insert(at, entry);
        at
    }

    /// Looked for from the end, where nearly everything happens.
    fn position(&self, id: EntryId) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.id == id)
    }

    /// The time of the newest message that the platform has said or confirmed.
    pub fn newest_time(&self) -> WallTime {
        self.entries.iter().rev().find(|entry| entry.is_settled()).map(|entry| entry.time).unwrap_or_default()
    }

    fn make_id(&mut self) -> EntryId {
        self.next_id = self.next_id.wrapping_add(1);
        EntryId(self.next_id)
    }
}

fn is_file(item: &Item) -> bool {
    matches!(item, Item::Attachment(_))
}

fn is_past(entry: &Entry, mark: Option<&ReadMark>) -> bool {
    match mark {
        Some(mark) => entry.order() > (mark.time, Some(&mark.id)),
        None => true,
    }
}

/// Entries by an id, sorted. A sorted vector, because each kind of tree map would weigh several kilobytes on the page.
#[derive(Debug, Default)]
struct Index {
    ids: Vec<(Box<str>, EntryId)>,
}

impl Index {
    fn get(&self, id: &str) -> Option<EntryId> {
        let at = self.find(id).ok()?;
        self.ids.get(at).map(|(_, entry)| *entry)
    }

    /// The first entry that has an id keeps it.
    fn insert(&mut self, id: &str, entry: EntryId) {
        if let Err(at) = self.find(id) {
            self.ids.insert(at, (id.into(), entry));
        }
    }

    fn retain(&mut self, is_kept: &dyn Fn(EntryId) -> bool) {
        self.ids.retain(|(_, entry)| is_kept(*entry));
    }

    fn find(&self, id: &str) -> Result<usize, usize> {
        self.ids.binary_search_by(|(known, _)| (**known).cmp(id))
    }
}
