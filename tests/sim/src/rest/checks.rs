//! What must hold: at every call, every answer, every step, and in the end.

use std::collections::{BTreeMap, BTreeSet};

use guest_messenger::engine::{AccessToken, ReceiptsDialect, TypingDialect};
use guest_messenger::protocol::time::parse_http_date;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall};
use guest_messenger::session::record::{Record, Unsent};
use guest_messenger::session::transcript::Delivery;
use serde_json::Value;

use super::RestWorld;
use super::frames::{Kind, Sent};
use crate::server::HOST;

/// The platform takes a hundred calls a second of one client.
const CALLS_A_SECOND: usize = 40;
const BREAKER_FAILURES: usize = 5;
const BREAKER_MS: u64 = 30_000;
/// By itself the client sends a message no more often: three failures, and what a refused token or no answer adds.
const ATTEMPTS_MAX: u32 = 12;
const READ_AFTER_MS: u64 = 1_000;
const RETRY_AFTER_MAX_MS: i64 = 900_000;

#[derive(Debug, Default)]
pub(super) struct Checks {
    pub(super) is_strict_about_copies: bool,
    pub(super) lossy_until_ms: u64,
    /// What this page has taken, in its order.
    pub(super) accepted: Vec<String>,
    /// What was in the browser's storage: it must not get lost.
    pub(super) kept: BTreeSet<String>,
    /// What was shown as not sent. A page that goes before the storage knows of that sends it after all.
    failed: BTreeSet<String>,
    /// What the visitor has sent again: copies are his.
    pub(super) retried: BTreeSet<String>,
    /// Everything that the platform keeps, in its order: id, author, text, client id.
    pub(super) stored: Vec<Stored>,
    /// What the platform has marked as read.
    read: BTreeSet<String>,
    /// No call of this name before.
    not_before: BTreeMap<String, u64>,
    attempts: BTreeMap<String, u32>,
    /// When calls were made, of late.
    calls: Vec<u64>,
    failures: Vec<u64>,
    broken_until_ms: u64,
    /// So many calls are left until then, as the last answer has it.
    left: Option<(u64, u64)>,
    tokens: BTreeSet<String>,
    refused_tokens: BTreeSet<String>,
    /// Kinds of calls that were refused for want of a token and not taken since: what they say of the next token is no
    /// word about it.
    refused_kinds: BTreeSet<&'static str>,
    /// Since when each message is in view of a visitor who can see it.
    seen_since: BTreeMap<String, u64>,
    seen: BTreeSet<String>,
    /// Receipts that the platform has taken.
    receipted: BTreeSet<String>,
    /// By conversation, the last message up to which it has taken one.
    receipted_until: BTreeMap<String, usize>,
    receipts_tried: BTreeSet<String>,
    has_begun_anew: bool,
    /// The platform has said that it keeps none.
    has_no_history: bool,
    /// The last thing that this page said of typing.
    typing: Option<bool>,
    typed_ms: Option<u64>,
    /// When it said last that the visitor types.
    typing_since_ms: u64,
    /// When a token was given last.
    pub(super) token_ms: Option<u64>,
    /// Until then the platform was given a rest, unless a call has shown that it needs none.
    rests_until_ms: u64,
    /// When the provider failed last.
    pub(super) no_token_ms: u64,
    /// What the platform thinks.
    pub(super) is_typing: bool,
    request_ids: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Stored {
    id: String,
    conversation: String,
    text: String,
    client_id: Option<String>,
}

impl Checks {
    pub(super) fn new_page(&mut self, kept: &[Unsent]) {
        self.accepted = kept.iter().map(|message| message.client_id.0.clone()).collect();
        self.not_before.clear();
        self.attempts.clear();
        self.failures.clear();
        self.broken_until_ms = 0;
        self.left = None;
        self.seen_since.clear();
        self.typing = None;
        self.typed_ms = None;
        self.refused_tokens.clear();
        self.refused_kinds.clear();
        self.has_no_history = false;
    }

    pub(super) fn new_conversation(&mut self) {
        self.has_begun_anew = true;
        self.accepted.clear();
        self.kept.clear();
        self.seen_since.clear();
        self.typing = None;
        self.typed_ms = None;
        self.is_typing = false;
        self.not_before.clear();
        self.failures.clear();
        self.broken_until_ms = 0;
        self.has_no_history = false;
    }

    /// What was read and not told yet is lost with a page that crashes.
    pub(super) fn crash(&mut self) {
        self.receipts_tried.extend(self.seen.iter().cloned());
    }

    /// What the browser forgets of a conversation the page may say again, should it come back to it.
    pub(super) fn forget(&mut self) {
        self.receipted.clear();
        self.receipted_until.clear();
    }

    /// Where a message stands, and in which conversation.
    fn place_of(&self, id: &str) -> Option<(String, usize)> {
        let (at, message) = self.stored.iter().enumerate().find(|(_, message)| message.id == id)?;
        Some((message.conversation.clone(), at))
    }

    /// Without a line the end of typing is left to the platform, but for the status that stands in a web chat's session.
    pub(super) fn line_is_gone(&mut self, dialect: TypingDialect) {
        if dialect != TypingDialect::Webchat {
            self.typing = None;
        }
    }

    pub(super) fn token_given(&mut self, token: Option<&AccessToken>) {
        let Some(token) = token else { return };
        self.tokens.insert(token.token.expose().to_owned());
        // The provider may give the same again: then it is the page's wish.
        self.refused_tokens.remove(token.token.expose());
    }
}

impl RestWorld {
    /// A call leaves the page.
    pub(super) fn look_at_call(&mut self, call: &HttpCall, sent: &Sent) {
        let now_ms = self.now_ms;
        self.check_address(&call.url);
        if sent.kind == Kind::Book {
            if sent.token.is_some() || call.body.as_ref().is_some_and(|body| body.expose().contains("guest ")) {
                self.breaks("I32", "books are told a token or a text");
            }
            return;
        }
        let id = call.headers.iter().find(|(name, _)| *name == "X-Genesys-Request-Id");
        if !self.checks.request_ids.insert(id.map(|(_, id)| id.expose().to_owned()).unwrap_or_default()) {
            self.breaks("C1", "a request id is used twice");
        }
        let name = sent.kind.name();
        let wait_ms = self.checks.not_before.get(&name).copied().unwrap_or_default();
        if now_ms < wait_ms && !sent.is_last {
            self.breaks("F37", format!("{name} is called {} ms too soon", wait_ms - now_ms));
        }
        if now_ms < self.checks.broken_until_ms && !sent.is_last {
            self.breaks("F38", format!("{name} is called while the platform is given a rest"));
        }
        if sent.token.as_ref().is_some_and(|token| self.checks.refused_tokens.contains(token))
            && self.setting.chosen.has_token_provider
            && !sent.is_last
        {
            self.breaks("F34", format!("{name} is called with a token that was refused"));
        }
        // Ten calls are kept for what visitors say.
        let is_content = matches!(sent.kind, Kind::Message { .. } | Kind::Open);
        let reserve = if is_content { 0 } else { 10 };
        let is_used_up = |(left, until_ms): (u64, u64)| left <= reserve && now_ms < until_ms;
        if self.checks.left.is_some_and(is_used_up) && !sent.is_last {
            self.breaks("C2", format!("{name} is called though the limit is used up"));
        }
        self.checks.calls.retain(|at_ms| now_ms < at_ms + 1_000);
        self.checks.calls.push(now_ms);
        if self.checks.calls.len() > CALLS_A_SECOND {
            self.breaks("I13", "too many calls in a second");
        }
        match &sent.kind {
            Kind::Message { client_id } => self.look_at_message(client_id),
            Kind::Typing { is_on } => self.look_at_typing(*is_on),
            Kind::Receipt { id, is_until } => self.look_at_receipt(id, *is_until),
            Kind::Unknown => self.breaks("C1", format!("nobody knows what {} {} is", call.method, call.url)),
            Kind::Open | Kind::LookAtSession | Kind::History | Kind::Book => {}
        }
    }

    /// An answer comes to the page.
    pub(super) fn look_at_answer(&mut self, sent: &Sent, answer: Option<&HttpAnswer>) {
        if sent.kind == Kind::Book || sent.is_forgotten {
            return;
        }
        let now_ms = self.now_ms;
        let is_webchat = self.setting.chosen.typing == TypingDialect::Webchat;
        let checks = &mut self.checks;
        if answer.is_none_or(|answer| answer.status >= 500) {
            checks.failures.retain(|at_ms| now_ms < at_ms + BREAKER_MS);
            checks.failures.push(now_ms);
            if checks.failures.len() >= BREAKER_FAILURES {
                checks.broken_until_ms = now_ms + BREAKER_MS;
                checks.rests_until_ms = now_ms + BREAKER_MS;
                checks.failures.clear();
            }
        } else {
            checks.failures.clear();
            checks.broken_until_ms = 0;
        }
        // A page in the place of the session that the platform answers with.
        let is_page = |answer: &HttpAnswer| is_webchat && answer.status == 200 && answer.body.is_none();
        let is_failure = answer.is_none_or(|answer| answer.status >= 300 || is_page(answer));
        if is_failure && matches!(sent.kind, Kind::Typing { .. }) {
            // It was not said, or ends by the expiry that it names: it may be said again at once.
            checks.typed_ms = None;
            if sent.kind == (Kind::Typing { is_on: true }) {
                checks.typing = None;
            }
        }
        let Some(answer) = answer else { return };
        if let Some(left) = answer.remaining.as_deref().and_then(|left| left.parse().ok()) {
            checks.left = Some((left, now_ms + 1_000));
        }
        checks.has_no_history |= sent.kind == Kind::History && answer.status == 404;
        if answer.status == 401 {
            let is_content = matches!(sent.kind, Kind::Message { .. } | Kind::Open);
            if checks.refused_kinds.insert(sent.kind.kind()) || is_content {
                checks.refused_tokens.extend(sent.token.clone());
            }
        } else if (200..300).contains(&answer.status) {
            checks.refused_kinds.remove(sent.kind.kind());
        }
        if matches!(answer.status, 429 | 500..=599)
            && let Some(span_ms) = wait_ms(answer)
        {
            checks.not_before.insert(sent.kind.name(), now_ms + span_ms);
        }
        if (200..300).contains(&answer.status)
            && let Kind::Receipt { id, is_until } = &sent.kind
        {
            checks.receipted.insert(id.clone());
            if *is_until && let Some((conversation, at)) = checks.place_of(id) {
                let until = checks.receipted_until.entry(conversation).or_default();
                *until = at.max(*until);
            }
        }
    }

    /// The platform tells its desks.
    pub(super) fn look_at_desk(&mut self, event: &Value) {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let conversation = text("/conversation");
        match event.get("kind").and_then(Value::as_str) {
            Some("conversation") => {
                let number = |id: &str| id.trim_start_matches('c').parse::<u64>().unwrap_or_default();
                if self.newest.as_ref().is_none_or(|newest| number(newest) < number(&conversation)) {
                    self.newest = Some(conversation);
                }
            }
            Some("message") => {
                let client_id = event.pointer("/message/client_metadata/id").and_then(Value::as_str);
                let message = Stored {
                    id: text("/message/id"),
                    conversation,
                    text: text("/message/text"),
                    client_id: client_id.map(str::to_owned),
                };
                self.look_at_stored(message);
            }
            Some("seen") => {
                let ids = event.get("messages").and_then(Value::as_array);
                self.checks.read.extend(ids.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
            }
            Some("typing") => {
                let is_on = event.get("typing").or_else(|| event.get("on")).and_then(Value::as_bool);
                let is_of_this = self.newest == Some(conversation);
                self.checks.is_typing = is_of_this && is_on.unwrap_or_default();
            }
            _ => {}
        }
    }

    /// After every step.
    pub(super) fn check_view(&mut self) {
        if !self.page.is_there {
            return;
        }
        let view = self.page.engine.view();
        let (mut names, mut failed) = (BTreeSet::new(), Vec::new());
        let mut time = i64::MIN;
        let mut detail = None;
        for entry in view.transcript.entries() {
            for name in [entry.client_id.as_ref().map(|id| &id.0), entry.server_id.as_ref().map(|id| &id.0)] {
                if name.is_some_and(|name| !names.insert(name.clone())) {
                    detail = Some(("I2", format!("{} is shown twice", entry.body.text.expose())));
                }
            }
            if matches!(entry.delivery, Delivery::Failed(_)) {
                failed.extend(entry.client_id.as_ref().map(|id| id.0.clone()));
            }
            if entry.delivery == Delivery::Sent {
                if entry.time.0 < time {
                    detail = Some(("I4", format!("{} is out of order", entry.body.text.expose())));
                }
                time = entry.time.0;
            }
        }
        self.checks.failed.extend(failed);
        let is_over = self.is_over();
        if let Some(id) = self.checks.accepted.iter().find(|id| !names.contains(*id)).filter(|_| !is_over) {
            detail = Some(("I1", format!("{id} is shown no more")));
        }
        if let Some((invariant, detail)) = detail {
            self.breaks(invariant, detail);
        }
    }

    /// What can be seen just now, and since when.
    pub(super) fn note_seen(&mut self) {
        let can_see = self.page.is_visible && self.page.is_panel_open;
        let view = self.page.engine.view();
        let ids: Vec<String> = self
            .page
            .in_view
            .iter()
            .filter_map(|entry| view.transcript.entry(*entry)?.server_id.as_ref().map(|id| id.0.clone()))
            .filter(|_| can_see)
            .collect();
        let (checks, now_ms) = (&mut self.checks, self.now_ms);
        checks.seen_since.retain(|id, _| ids.contains(id));
        for id in ids {
            let since_ms = *checks.seen_since.entry(id.clone()).or_insert(now_ms);
            if now_ms >= since_ms + READ_AFTER_MS {
                checks.seen.insert(id);
            }
        }
    }

    /// No address holds a token.
    pub(super) fn check_address(&mut self, url: &str) {
        let is_known = url.starts_with(&format!("http://{HOST}/"))
            || url.starts_with(&format!("ws://{HOST}/"))
            || url.starts_with(super::setting::BOOKS);
        if !is_known {
            self.breaks("I33", format!("{url} is nobody's address"));
        }
        if self.checks.tokens.iter().any(|token| url.contains(token)) {
            self.breaks("I32", "a token stands in an address");
        }
    }

    pub(super) fn check_record(&mut self, record: &Record) {
        let text = record.token.0.expose();
        if self.checks.tokens.iter().any(|token| text.contains(token)) {
            self.breaks("I32", "the page's token is kept in the browser");
        }
    }

    pub(super) fn check_told(&mut self, text: &str) {
        if text.contains("guest ") || self.checks.tokens.iter().any(|token| text.contains(token)) {
            self.breaks("I32", format!("the page is told a text or a token: {text}"));
        }
    }

    pub(super) fn judge_messages(&mut self) {
        let entries = self.page.engine.view().transcript.entries();
        let mut lost = None;
        for entry in entries.iter().filter(|entry| entry.client_id.is_some() && entry.delivery == Delivery::Sent) {
            let id = entry.client_id.as_ref().map(|id| id.0.as_str());
            if !self.checks.stored.iter().any(|message| message.client_id.as_deref() == id) {
                lost = Some(("I10", format!("{} is shown as sent, and is not", entry.body.text.expose())));
            }
        }
        let is_shown =
            |id: &String| entries.iter().any(|entry| entry.client_id.as_ref().is_some_and(|own| own.0 == *id));
        let is_stored = |id: &String| self.checks.stored.iter().any(|message| message.client_id.as_ref() == Some(id));
        if let Some(id) = self.checks.kept.iter().find(|id| !is_shown(id) && !is_stored(id)) {
            lost = Some(("I1", format!("{id} is nowhere")));
        }
        // A page that names a conversation comes back to that one.
        let is_elsewhere = (self.setting.is_given && self.checks.has_begun_anew) || self.checks.has_no_history;
        if self.setting.platform.conversations_history && lost.is_none() && !is_elsewhere {
            // Of the conversation that this is, everything that the platform keeps is shown.
            let newest = self.newest.clone().unwrap_or_default();
            let of_this = self.checks.stored.iter().filter(|message| message.conversation == newest);
            let hides = of_this.rev().take(20).find(|message| {
                message.text != "Disconnect"
                    && !entries.iter().any(|entry| entry.server_id.as_ref().is_some_and(|id| id.0 == message.id))
                    && !message.client_id.as_ref().is_some_and(is_shown)
            });
            if let Some(message) = hides {
                lost = Some(("I8", format!("{} is not shown", message.text)));
            }
        }
        if let Some((invariant, detail)) = lost {
            self.breaks(invariant, detail);
        }
    }

    /// A conversation that is over keeps what was said.
    pub(super) fn judge_ended(&mut self) {
        let entries = self.page.engine.view().transcript.entries();
        let waiting = entries
            .iter()
            .find(|entry| matches!(entry.delivery, Delivery::Queued | Delivery::Sending | Delivery::Unknown));
        if let Some(entry) = waiting {
            let detail = format!("it is over, and {} still waits", entry.body.text.expose());
            self.breaks("I7", detail);
        }
    }

    pub(super) fn judge_typing(&mut self) {
        // Without a token, and while the platform is given a rest, it is left to the expiry that it names.
        let has_tried = self.checks.no_token_ms.max(self.checks.rests_until_ms) < self.checks.typing_since_ms;
        if self.checks.typing == Some(true) && has_tried {
            self.breaks("I27", "the last word was that the visitor types");
        }
        if self.checks.is_typing {
            self.breaks("I27", "the platform thinks that the visitor types");
        }
    }

    /// What the visitor has in view for long was receipted.
    pub(super) fn judge_receipts(&mut self) {
        if self.setting.chosen.receipts == ReceiptsDialect::Local {
            return;
        }
        let entries = self.page.engine.view().transcript.entries();
        let theirs = entries.iter().rev().find(|entry| entry.is_theirs() && self.page.in_view.contains(&entry.id));
        let id = theirs.and_then(|entry| entry.server_id.as_ref()).map(|id| id.0.clone());
        // A receipt that was refused three times is given up.
        if let Some(id) = id.filter(|id| !self.checks.read.contains(id) && !self.checks.receipts_tried.contains(id)) {
            self.breaks("I22", format!("{id} was read, and nobody was told"));
        }
    }

    fn look_at_message(&mut self, client_id: &str) {
        let checks = &mut self.checks;
        let attempts = checks.attempts.entry(client_id.to_owned()).or_default();
        *attempts += 1;
        let (attempts, is_retried) = (*attempts, checks.retried.contains(client_id));
        if attempts > ATTEMPTS_MAX && !is_retried {
            self.breaks("C6", format!("{client_id} is sent for the {attempts}th time"));
        }
        let entries = self.page.engine.view().transcript.entries();
        let found = entries.iter().rev().find(|entry| entry.client_id.as_ref().is_some_and(|id| id.0 == client_id));
        if found.is_some_and(|entry| entry.delivery == Delivery::Sent) {
            self.breaks("I3", "a message is sent again that the platform has confirmed");
        }
    }

    fn look_at_typing(&mut self, is_on: bool) {
        let now_ms = self.now_ms;
        let is_quick = self.checks.typed_ms.is_some_and(|last_ms| now_ms < last_ms + 1_000);
        // A web chat's session takes what changed at once; the same it is told no sooner.
        let is_change = self.setting.chosen.typing == TypingDialect::Webchat && self.checks.typing == Some(false);
        if is_on && is_quick && !is_change {
            self.breaks("I25", "typing is told twice in a second");
        }
        // What waited for a token is said later than it was meant.
        if is_on && self.checks.token_ms != Some(now_ms) {
            self.checks.typed_ms = Some(now_ms);
        }
        if is_on {
            self.checks.typing_since_ms = now_ms;
        }
        self.checks.typing = Some(is_on);
    }

    fn look_at_receipt(&mut self, id: &str, is_until: bool) {
        if self.setting.chosen.receipts == ReceiptsDialect::Local {
            return self.breaks("I23", "a receipt is sent where there are none");
        }
        self.note_seen();
        let checks = &self.checks;
        if !checks.seen.contains(id) {
            return self.breaks("I18", format!("{id} is receipted and was not seen"));
        }
        if checks.receipted.contains(id) {
            return self.breaks("I19", format!("{id} is receipted twice"));
        }
        let place = checks.place_of(id);
        let goes_back = |(conversation, at)| checks.receipted_until.get(&conversation).is_some_and(|until| at < *until);
        if is_until && place.is_some_and(goes_back) {
            self.breaks("I20", "a receipt goes back");
        }
        self.checks.receipts_tried.insert(id.to_owned());
    }

    fn look_at_stored(&mut self, message: Stored) {
        self.trace(|| format!("stored {}", message.text));
        let checks = &self.checks;
        if let Some(client_id) = &message.client_id {
            let is_copy = checks.stored.iter().any(|other| other.client_id.as_ref() == Some(client_id));
            let is_his = checks.retried.contains(client_id);
            let is_strict = checks.is_strict_about_copies;
            let number = |text: &str| text.trim_start_matches("guest ").parse::<u64>().unwrap_or_default();
            let before = checks.stored.iter().rev().find(|other| {
                other.conversation == message.conversation
                    && other.client_id.as_ref().is_some_and(|id| !checks.retried.contains(id))
            });
            let is_late = before.is_some_and(|other| number(&other.text) > number(&message.text));
            if is_copy {
                self.count("kept twice");
                if is_strict && !is_his {
                    self.breaks("I9", format!("{} is kept twice", message.text));
                }
            } else if is_late && !is_his && !checks.failed.contains(client_id) {
                self.breaks("I9", format!("{} comes after what was said later", message.text));
            }
        }
        // Who has said it types no more.
        self.checks.is_typing &= message.client_id.is_none();
        self.checks.stored.push(message);
    }
}

/// As the answer asks, read independently of the client.
fn wait_ms(answer: &HttpAnswer) -> Option<u64> {
    let text = answer.retry_after.as_deref()?;
    let span_ms = match text.parse::<u32>() {
        Ok(seconds) => i64::from(seconds) * 1_000,
        Err(_) => parse_http_date(text)? - answer.date.as_deref().and_then(parse_http_date)?,
    };
    u64::try_from(span_ms.min(RETRY_AFTER_MAX_MS)).ok()
}
