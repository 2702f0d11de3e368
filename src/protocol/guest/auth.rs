//! Credentials of a signed-in guest, over REST (reference, section 13). They stay here, in memory: whoever reads the
//! page's storage later finds none, and a reloaded page asks its own site again.

use crate::protocol::json::Json;
use crate::protocol::wire::{HttpAnswer, HttpCall};
use crate::session::input::{Failure, Grant};
use crate::session::redact::Redacted;

const TIMEOUT_MS: u32 = 12_000;
/// As the official client does, before a sign-out counts as done.
const REVOKE_REFRESHES_MAX: u32 = 3;

#[derive(Debug, Default)]
pub(super) struct Credentials {
    jwt: Option<Redacted>,
    refresh_token: Option<Redacted>,
    call: Option<(u32, Kind)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// For new credentials, or for renewed ones.
    Token,
    /// So many times the sign-out was refused.
    Revoke(u32),
    /// Renewal on behalf of a sign-out.
    Renew(u32),
}

#[derive(Debug)]
pub(super) enum Outcome {
    SignedIn,
    Failed(Failure),
    LoggedOut,
    Call(HttpCall),
}

impl Credentials {
    pub(super) fn jwt(&self) -> Option<&Redacted> {
        self.jwt.as_ref()
    }

    pub(super) fn exchange(&mut self, id: u32, api: &str, deployment_id: &str, grant: &Grant) -> HttpCall {
        self.call = Some((id, Kind::Token));
        let deployment = Json::from(deployment_id).write();
        let body = ["{\"deploymentId\":", &deployment, ",\"oauth\":", grant.0.expose(), "}"].concat();
        post(id, api, "oauthcodegrantjwtexchange", body)
    }

    /// `None` without a refresh token: the implicit flow gives none.
    pub(super) fn refresh(&mut self, id: u32, api: &str, deployment_id: &str) -> Option<HttpCall> {
        self.renew(id, api, deployment_id, Kind::Token)
    }

    pub(super) fn revoke(&mut self, id: u32, api: &str) -> Option<HttpCall> {
        self.call_revoke(id, api, 0)
    }

    /// `None` for an answer to another call.
    pub(super) fn on_answer(
        &mut self,
        call: u32,
        answer: Option<&HttpAnswer>,
        next_id: u32,
        api: &str,
        deployment_id: &str,
    ) -> Option<Outcome> {
        let (_, kind) = self.call.filter(|(id, _)| *id == call)?;
        self.call = None;
        let status = answer.map_or(0, |answer| answer.status);
        let is_taken = matches!(status, 200..=299) && (matches!(kind, Kind::Revoke(_)) || self.take(answer));
        Some(match kind {
            Kind::Token if is_taken => Outcome::SignedIn,
            Kind::Token => match status {
                408 | 429 => Outcome::Failed(Failure::Network),
                400..=499 => Outcome::Failed(Failure::Refused),
                _ => Outcome::Failed(Failure::Network),
            },
            Kind::Revoke(refused) if status == 401 && refused < REVOKE_REFRESHES_MAX => {
                let renewal = self.renew(next_id, api, deployment_id, Kind::Renew(refused + 1));
                renewal.map_or(Outcome::LoggedOut, Outcome::Call)
            }
            Kind::Renew(refused) if is_taken => {
                self.call_revoke(next_id, api, refused).map_or(Outcome::LoggedOut, Outcome::Call)
            }
            // Whatever the platform says: the visitor wants out.
            Kind::Revoke(_) | Kind::Renew(_) => Outcome::LoggedOut,
        })
    }

    fn take(&mut self, answer: Option<&HttpAnswer>) -> bool {
        let body = answer.and_then(|answer| answer.body.as_ref());
        let field = |key| body.and_then(|body| body.text(key)).filter(|text| !text.is_empty()).map(Redacted::new);
        let Some(jwt) = field("jwt") else { return false };
        self.jwt = Some(jwt);
        self.refresh_token = field("refreshToken").or(self.refresh_token.take());
        true
    }

    /// Both fields: the sources differ on which the platform wants.
    fn renew(&mut self, id: u32, api: &str, deployment_id: &str, kind: Kind) -> Option<HttpCall> {
        let refresh_token = self.refresh_token.as_ref()?;
        self.call = Some((id, kind));
        let body = Json::map().with("refreshToken", refresh_token.expose()).with("deploymentId", deployment_id);
        Some(post(id, api, "refresh", body.write()))
    }

    fn call_revoke(&mut self, id: u32, api: &str, refused: u32) -> Option<HttpCall> {
        let bearer = ["bearer ", self.jwt.as_ref()?.expose()].concat();
        self.call = Some((id, Kind::Revoke(refused)));
        let headers = vec![("Authorization", Redacted::new(bearer))];
        Some(HttpCall {
            id,
            method: "DELETE",
            url: url(api, "revoke"),
            headers,
            body: None,
            timeout_ms: TIMEOUT_MS,
            keepalive: false,
        })
    }
}

fn post(id: u32, api: &str, verb: &str, body: String) -> HttpCall {
    HttpCall {
        id,
        method: "POST",
        url: url(api, verb),
        headers: vec![("Content-Type", Redacted::new("application/json"))],
        body: Some(Redacted::new(body)),
        timeout_ms: TIMEOUT_MS,
        keepalive: false,
    }
}

fn url(api: &str, verb: &str) -> String {
    [api, "/api/v2/webdeployments/token/", verb].concat()
}
