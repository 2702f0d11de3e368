//! History over REST, with a token that lives about a minute (reference, sections 5.5 and 14.1).
//!
//! The session counts pages from the newest, and so does the platform, by the reference. Where a page lists its oldest
//! message first, the pages may be counted from the oldest: the last one shows whether they are. What was asked for then
//! counts as malformed, and is asked for again at the session's pace.

use super::message;
use super::single_flight::SingleFlight;
use crate::protocol::json::Json;
use crate::protocol::retry_after;
use crate::protocol::wire::{HttpAnswer, HttpCall};
use crate::session::input::{Failure, HistoryPage};
use crate::session::redact::Redacted;
use crate::session::time::{Now, Timestamp, WallTime};
use crate::text::push_decimal;

const PAGE_SIZE: usize = 25;
/// A token is used this long at most, whatever its date says: the clocks need not agree.
const TOKEN_LIFE_MS: u64 = 50_000;
/// A token with less life than this left is not used again.
const TOKEN_MARGIN_MS: i64 = 5_000;
const TIMEOUT_MS: u32 = 12_000;
/// Before a token that does not come is asked for again.
const TOKEN_TIMEOUT_MS: u64 = 10_000;

#[derive(Debug, Default)]
pub(super) struct HistoryReader {
    token: Option<(Redacted, Timestamp)>,
    wanted: Option<u32>,
    /// The token's way here.
    flight: SingleFlight,
    /// A token was asked for again because the last one was no good.
    has_refreshed: bool,
    /// No call before, by the platform's wish, whichever call heard of it.
    held_until: Timestamp,
    order: Order,
}

/// Which page of the platform's is the newest.
#[derive(Clone, Copy, Debug, Default)]
enum Order {
    /// The first, as far as is known.
    #[default]
    Unknown,
    NewestFirst,
    /// When the first one is from, and how many pages there are: the last one is looked at.
    Asking {
        age: Option<i64>,
        pages: u32,
    },
    OldestFirst {
        pages: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    AskToken,
    Fetch(u32),
    Fail(Failure),
}

#[derive(Debug)]
pub(super) enum Answer {
    Nothing,
    AskToken,
    Page(HistoryPage),
    Failed(Failure),
}

impl HistoryReader {
    pub(super) fn want(&mut self, now: Now, page: u32) -> Step {
        self.wanted = Some(page);
        self.has_refreshed = false;
        if now.monotonic < self.held_until {
            return self.refuse(now);
        }
        match &self.token {
            Some((_, until)) if now.monotonic < *until => Step::Fetch(page),
            Some(_) | None => self.ask_token(now),
        }
    }

    pub(super) fn on_token(&mut self, now: Now, token: Redacted, expires_at_s: Option<i64>) -> Step {
        let is_awaited = self.flight.end();
        let Some(page) = self.wanted.filter(|_| is_awaited) else { return Step::Nothing };
        if token.is_empty() {
            return if self.refresh() { self.ask_token(now) } else { Step::Fail(Failure::Network) };
        }
        let left_ms = expires_at_s.map(|at_s| at_s.saturating_mul(1_000).saturating_sub(now.wall.0));
        let is_short = left_ms.is_some_and(|left_ms| left_ms < TOKEN_MARGIN_MS + TOKEN_LIFE_MS as i64);
        let life_ms = match left_ms.and_then(|left_ms| u64::try_from(left_ms.saturating_sub(TOKEN_MARGIN_MS)).ok()) {
            Some(life_ms) if is_short => life_ms,
            Some(_) => TOKEN_LIFE_MS,
            // Expired by our clock, which may be wrong: good for this one call.
            None => {
                if left_ms.is_some() {
                    0
                } else {
                    TOKEN_LIFE_MS
                }
            }
        };
        self.token = Some((token, now.monotonic.after(life_ms)));
        if now.monotonic < self.held_until {
            return self.refuse(now);
        }
        Step::Fetch(page)
    }

    /// An answer of which nobody waits for the page any more. The time that it names holds all the same.
    pub(super) fn on_late_answer(&mut self, now: Now, answer: Option<&HttpAnswer>) {
        if let Some(answer @ HttpAnswer { status: 429 | 503, .. }) = answer {
            let span_ms = retry_after::decode(answer, now.wall).unwrap_or_default();
            self.held_until = self.held_until.max(now.monotonic.after(span_ms));
        }
    }

    pub(super) fn call(&self, id: u32, api: &str, page: u32) -> HttpCall {
        let page = match self.order {
            Order::Unknown | Order::NewestFirst => page,
            Order::Asking { pages, .. } => pages,
            Order::OldestFirst { pages } => pages.saturating_sub(page - 1).max(1),
        };
        let mut url = api.to_owned();
        url.push_str("/api/v2/webmessaging/messages?pageNumber=");
        push_decimal(i64::from(page), &mut url);
        url.push_str("&pageSize=");
        push_decimal(PAGE_SIZE as i64, &mut url);
        let mut bearer = String::from("bearer ");
        if let Some((token, _)) = &self.token {
            bearer.push_str(token.expose());
        }
        let headers = vec![("Authorization", Redacted::new(bearer))];
        HttpCall { id, method: "GET", url, headers, body: None, timeout_ms: TIMEOUT_MS, keepalive: false }
    }

    pub(super) fn on_answer(&mut self, now: Now, answer: Option<&HttpAnswer>) -> Answer {
        let Some(page) = self.wanted else { return Answer::Nothing };
        let failure = match answer {
            None => Failure::Network,
            Some(answer) => match answer.status {
                200..=299 => match &answer.body {
                    Some(body @ Json::Map(_)) if body.get("entities").is_some() => {
                        let decoded = decode_page(body, page);
                        match self.place(body, decoded) {
                            Some(page) => {
                                self.wanted = None;
                                return Answer::Page(page);
                            }
                            None => Failure::Malformed,
                        }
                    }
                    Some(_) => Failure::Malformed,
                    // HTML from a captive portal, say.
                    None => Failure::Network,
                },
                401 | 403 => {
                    self.token = None;
                    if self.refresh() {
                        return match self.ask_token(now) {
                            Step::AskToken => Answer::AskToken,
                            Step::Nothing | Step::Fetch(_) | Step::Fail(_) => Answer::Nothing,
                        };
                    }
                    Failure::Refused
                }
                429 | 503 => Failure::Busy { retry_after_ms: retry_after::decode(answer, now.wall) },
                400..=499 => Failure::Refused,
                _ => Failure::Network,
            },
        };
        self.wanted = None;
        Answer::Failed(failure)
    }

    pub(super) fn on_line_lost(&mut self) {
        self.on_token_refused();
        // The answer would be another line's, and perhaps another conversation's.
        if let Order::Asking { .. } = self.order {
            self.order = Order::Unknown;
        }
    }

    pub(super) fn on_token_refused(&mut self) {
        self.wanted = None;
        self.flight.end();
        // The mobile client once kept a stale one across a reconnect (reference, section 26).
        self.token = None;
    }

    /// The newest page holds what is left over from full ones.
    pub(super) fn counts_from_oldest(&self) -> bool {
        matches!(self.order, Order::OldestFirst { .. })
    }

    /// The page, if it is the one that was asked for, counted from the newest.
    fn place(&mut self, body: &Json, mut page: HistoryPage) -> Option<HistoryPage> {
        let is_first = page.number == 1;
        let is_empty = body.list("entities").is_empty();
        let age = age(body);
        match (self.order, count_pages(body)) {
            (Order::NewestFirst, _) | (Order::Unknown, Some(1)) => Some(page),
            (Order::Unknown, _) if !is_first || !is_ascending(body) => Some(page),
            (Order::Unknown, Some(pages)) => self.turn(Order::Asking { age, pages }),
            (Order::Asking { age: of_first, pages: asked }, Some(pages)) if asked == pages && !is_empty => {
                if age <= of_first {
                    return self.turn(Order::NewestFirst);
                }
                self.order = Order::OldestFirst { pages };
                page.has_older = pages > 1;
                is_first.then_some(page)
            }
            (Order::Asking { .. }, _) => self.turn(Order::Unknown),
            // There is no such page, whatever was said of the number.
            (Order::OldestFirst { pages: 2.. }, _) if is_empty && is_first => {
                self.turn(Order::OldestFirst { pages: 1 })
            }
            (Order::OldestFirst { pages: asked }, pages) if pages == Some(asked) || !is_first => {
                page.has_older = page.number < asked;
                Some(page)
            }
            // It grew by a page, or is another conversation.
            (Order::OldestFirst { .. }, Some(pages)) => self.turn(Order::OldestFirst { pages }),
            (Order::Unknown | Order::OldestFirst { .. }, None) => None,
        }
    }

    /// This is not the page that was asked for, and now it is known where that may be.
    fn turn(&mut self, order: Order) -> Option<HistoryPage> {
        self.order = order;
        None
    }

    /// The page must wait: the session asks for it again.
    fn refuse(&mut self, now: Now) -> Step {
        self.wanted = None;
        Step::Fail(Failure::Busy { retry_after_ms: Some(self.held_until.since(now.monotonic)) })
    }

    /// Whoever wants a page meanwhile is served by the answer to this.
    fn ask_token(&mut self, now: Now) -> Step {
        if self.flight.begin(now.monotonic, TOKEN_TIMEOUT_MS) { Step::AskToken } else { Step::Nothing }
    }

    /// Whether another token may be asked for.
    fn refresh(&mut self) -> bool {
        !core::mem::replace(&mut self.has_refreshed, true)
    }
}

fn count_pages(body: &Json) -> Option<u32> {
    match body.integer("pageCount") {
        Some(pages) => u32::try_from(pages).ok().map(|pages| pages.max(1)),
        None => (body.list("entities").len() < PAGE_SIZE).then_some(1),
    }
}

/// The times of what the page lists, in its order. Also of what is no message: a page may hold nothing else.
fn times(body: &Json) -> impl Iterator<Item = WallTime> {
    body.list("entities").iter().filter_map(message::time)
}

/// Whether the page lists its oldest entry first.
fn is_ascending(body: &Json) -> bool {
    times(body).next() < times(body).last()
}

/// Twice the middle of the page's time: the newest entries of two pages may be of one millisecond.
fn age(body: &Json) -> Option<i64> {
    Some(times(body).next()?.0.saturating_add(times(body).last()?.0))
}

fn decode_page(body: &Json, number: u32) -> HistoryPage {
    let entities = body.list("entities");
    let mut messages = body.read_list("entities", message::past);
    // A message without a time stands next to its neighbour.
    let mut neighbour = messages.iter().find_map(|message| message.time);
    for message in &mut messages {
        match message.time {
            Some(_) => neighbour = message.time,
            None => message.time = neighbour,
        }
    }
    let pages = body.integer("pageCount").unwrap_or(if entities.len() < PAGE_SIZE { 0 } else { i64::MAX });
    HistoryPage { number, messages, has_older: !entities.is_empty() && i64::from(number) < pages }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Now {
        Now { monotonic: Timestamp(ms), ..Now::default() }
    }

    #[test]
    fn a_token_that_is_on_its_way_serves_whoever_wants_one_meanwhile() {
        let mut reader = HistoryReader::default();
        assert_eq!(reader.want(at(0), 1), Step::AskToken);
        assert_eq!(reader.want(at(9_999), 2), Step::Nothing);
        assert_eq!(reader.on_token(at(9_999), Redacted::new("t"), None), Step::Fetch(2));
    }

    #[test]
    fn a_token_that_does_not_come_is_asked_for_again() {
        let mut reader = HistoryReader::default();
        assert_eq!(reader.want(at(0), 1), Step::AskToken);
        assert_eq!(reader.want(at(10_000), 1), Step::AskToken);
        reader.on_line_lost();
        assert_eq!(reader.want(at(10_001), 1), Step::AskToken);
    }
}
