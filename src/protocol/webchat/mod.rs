//! Typing in a web chat's session (conversations APIs reference, section 3): an attribute that is written under an etag.
//! Says what to fetch and to write, and makes no calls itself.

use super::json::Json;
use crate::session::error::ChatError;
use crate::session::time::{Now, Timestamp};

/// The same status is not said again sooner.
pub const SUPPRESSED_MS: u64 = 1_500;
/// A status that nobody renews ends after this long.
pub const EXPIRY_MS: u64 = 5_000;
/// So often a write that lost against another writer is tried again.
pub const CONFLICTS_MAX: u8 = 3;

const INDICATOR: &str = "typingIndicator";

/// What is known of the session, and what is to be written next.
#[derive(Debug, Default)]
pub struct Webchat {
    etag: Option<String>,
    job: Option<Job>,
    /// After the job under way.
    next: Option<bool>,
    /// What the session last took, and when.
    last: Option<(bool, Timestamp)>,
    /// Our status stands in the session until then. After that it is taken out.
    expires_at: Option<Timestamp>,
    /// When our status was written, by which it is told from another writer's.
    originated_at_ms: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
struct Job {
    is_on: bool,
    conflicts: u8,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Nothing,
    /// The same was said a moment ago.
    Suppressed,
    /// `GET /webchat/sessions/{sessionId}`.
    Fetch,
    /// `PATCH /webchat/sessions/{sessionId}` with this etag in `If-Match`.
    Write {
        etag: String,
        body: Json,
    },
    /// It cannot be said, and why.
    Fail(&'static ChatError),
    /// It has been said.
    Done,
}

impl Webchat {
    /// The visitor types, or does not any more.
    pub fn want(&mut self, now: Now, is_on: bool) -> Step {
        if self.job.is_some() {
            self.next = Some(is_on);
            return Step::Nothing;
        }
        let is_same = self.last.is_some_and(|(last, at)| last == is_on && now.monotonic.since(at) < SUPPRESSED_MS);
        if is_same || (!is_on && self.expires_at.is_none()) {
            return Step::Suppressed;
        }
        self.begin(now, Job { is_on, conflicts: 0 })
    }

    /// The page goes away: what can be said at once.
    pub fn leave(&mut self, now: Now) -> Step {
        self.job = None;
        self.next = None;
        if self.expires_at.is_none() || self.etag.is_none() { Step::Nothing } else { self.want(now, false) }
    }

    /// Which status the job under way is about.
    pub fn wanted(&self) -> Option<bool> {
        self.job.map(|job| job.is_on)
    }

    /// The session, as it is.
    pub fn on_session(&mut self, now: Now, session: Option<Json>) -> Step {
        let Some(job) = self.job else { return Step::Nothing };
        let mut session = session.unwrap_or(Json::Null);
        self.etag = session.owned("etag");
        let error = match session.text("state") {
            Some("connected") if self.etag.is_some() => {
                // After a conflict: what the other writer has left would be lost where the platform replaces all.
                let theirs = session.take("customAttributes").filter(|_| job.conflicts > 0);
                return self.write(now, job, theirs);
            }
            Some("queued") => &ChatError::WEBCHAT_QUEUED,
            Some("closed") => &ChatError::WEBCHAT_CLOSED,
            _ => &ChatError::WEBCHAT_STATE,
        };
        self.fail(error)
    }

    /// It was written.
    pub fn on_written(&mut self, now: Now, answer: Option<&Json>) -> Step {
        let Some(job) = self.job.take() else { return Step::Nothing };
        self.last = Some((job.is_on, now.monotonic));
        self.expires_at = job.is_on.then(|| now.monotonic.after(EXPIRY_MS));
        self.etag = answer.and_then(|answer| answer.owned("etag"));
        Step::Done
    }

    /// Somebody else has written first.
    pub fn on_conflict(&mut self) -> Step {
        let Some(job) = &mut self.job else { return Step::Nothing };
        self.etag = None;
        if job.conflicts >= CONFLICTS_MAX {
            return self.fail(&ChatError::CONFLICT);
        }
        job.conflicts += 1;
        Step::Fetch
    }

    /// It could not be written, for another reason.
    pub fn on_failed(&mut self) {
        self.etag = None;
        if self.job.take().is_some_and(|job| !job.is_on) {
            // It has expired or will.
            self.expires_at = None;
        }
    }

    /// Nobody knows whether it was written: what may stand there is taken out when it expires.
    pub fn on_unanswered(&mut self, now: Now) {
        let may_stand = self.job.is_some_and(|job| job.is_on);
        self.on_failed();
        if may_stand {
            self.expires_at = Some(now.monotonic.after(EXPIRY_MS));
        }
    }

    /// What was wanted meanwhile, or has to be taken out now.
    pub fn pursue(&mut self, now: Now) -> Step {
        if self.job.is_some() {
            return Step::Nothing;
        }
        if let Some(is_on) = self.next.take() {
            return self.want(now, is_on);
        }
        if self.expires_at.is_some_and(|at| at <= now.monotonic) {
            return self.begin(now, Job { is_on: false, conflicts: 0 });
        }
        Step::Nothing
    }

    /// When a status has to be taken out.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.expires_at.filter(|_| self.job.is_none())
    }

    fn begin(&mut self, now: Now, job: Job) -> Step {
        self.job = Some(job);
        if self.etag.is_some() { self.write(now, job, None) } else { Step::Fetch }
    }

    /// `attributes`: those that stand there, where they count.
    fn write(&mut self, now: Now, job: Job, attributes: Option<Json>) -> Step {
        let Some(etag) = self.etag.clone() else { return Step::Fetch };
        let mut attributes = attributes.filter(Json::is_map).unwrap_or(Json::map());
        let is_theirs = attributes.take(INDICATOR).is_some_and(|theirs| {
            theirs.integer("originatedAt") != self.originated_at_ms
                && theirs.integer("expiresAt").is_some_and(|until| until > now.wall.0)
        });
        if is_theirs && !job.is_on {
            // Another tab of the visitor's has begun meanwhile: its status is its own to take out.
            self.job = None;
            self.expires_at = None;
            self.last = Some((false, now.monotonic));
            return Step::Done;
        }
        let mut indicator = Json::Null;
        if job.is_on {
            self.originated_at_ms = Some(now.wall.0);
            indicator = Json::map();
            indicator
                .put("status", "typing")
                .put("originatedAt", now.wall.0)
                .put("expiresAt", now.wall.0.saturating_add(EXPIRY_MS.cast_signed()))
                .put("version", 1_u32);
        }
        attributes.put(INDICATOR, indicator);
        let mut body = Json::map();
        body.put("customAttributes", attributes);
        Step::Write { etag, body }
    }

    fn fail(&mut self, error: &'static ChatError) -> Step {
        self.on_failed();
        Step::Fail(error)
    }
}
