//! Bugs in how the conversations APIs are spoken, planted between the engine and the world, to show that it sees them.

use guest_messenger::engine::{EngineInput, TypingDialect};
use guest_messenger::protocol::json::{self, Json};
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall, WireInput};
use guest_messenger::session::input::{Command, Environment, Input};
use guest_messenger::session::redact::Redacted;

use super::RestWorld;
use super::frames::{Kind, read_call};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestBug {
    ForgetsRetryAfter,
    SendsTwice,
    ReadsWhileHidden,
    SaysTypingAndNoMore,
    PutsTheTokenInTheAddress,
    UsesOneRequestId,
    TakesALostAnswerForARefusal,
    ReadsHistoryAsEmpty,
    TakesEveryFailureForSuccess,
    DeafToClosure,
    ForgetsToRestore,
    KeepsTheRefusedToken,
    SendsTypingAsAMessage,
    NeverTellsWhatIsRead,
    ForgetsFailures,
    UsesUpTheLimit,
}

impl RestBug {
    pub const ALL: [RestBug; 16] = [
        RestBug::ForgetsRetryAfter,
        RestBug::SendsTwice,
        RestBug::ReadsWhileHidden,
        RestBug::SaysTypingAndNoMore,
        RestBug::PutsTheTokenInTheAddress,
        RestBug::UsesOneRequestId,
        RestBug::TakesALostAnswerForARefusal,
        RestBug::ReadsHistoryAsEmpty,
        RestBug::TakesEveryFailureForSuccess,
        RestBug::DeafToClosure,
        RestBug::ForgetsToRestore,
        RestBug::KeepsTheRefusedToken,
        RestBug::SendsTypingAsAMessage,
        RestBug::NeverTellsWhatIsRead,
        RestBug::ForgetsFailures,
        RestBug::UsesUpTheLimit,
    ];

    pub fn what(self) -> &'static str {
        match self {
            RestBug::ForgetsRetryAfter => "rest: Retry-After is not heard",
            RestBug::SendsTwice => "rest: a message is posted twice",
            RestBug::ReadsWhileHidden => "rest: a hidden page reads on",
            RestBug::SaysTypingAndNoMore => "rest: the end of typing is not said",
            RestBug::PutsTheTokenInTheAddress => "rest: the token stands in the address",
            RestBug::UsesOneRequestId => "rest: every call has the same request id",
            RestBug::TakesALostAnswerForARefusal => "rest: a lost answer is taken for a 500",
            RestBug::ReadsHistoryAsEmpty => "rest: history is read as empty",
            RestBug::TakesEveryFailureForSuccess => "rest: a 5xx is taken for a success",
            RestBug::DeafToClosure => "rest: the end of the events socket is not heard",
            RestBug::ForgetsToRestore => "rest: unsent messages are not restored",
            RestBug::KeepsTheRefusedToken => "rest: a token that was refused is used on",
            RestBug::SendsTypingAsAMessage => "rest: typing goes to the address of messages",
            RestBug::NeverTellsWhatIsRead => "rest: receipts are not sent",
            RestBug::ForgetsFailures => "rest: the breaker never opens",
            RestBug::UsesUpTheLimit => "rest: what is left of the limit is not heard",
        }
    }
}

impl RestWorld {
    /// What the engine hears; `None` for nothing.
    pub(super) fn bent_input(&mut self, mut input: EngineInput) -> Option<EngineInput> {
        let Some(bug) = self.bug else { return Some(input) };
        match (bug, &mut input) {
            (RestBug::ReadsWhileHidden, EngineInput::Session(Input::Environment(Environment::Hidden)))
            | (RestBug::DeafToClosure, EngineInput::Wire(WireInput::SocketClosed(_))) => return None,
            (RestBug::ForgetsToRestore, EngineInput::Session(Input::Command(Command::Restore(kept)))) => kept.clear(),
            (RestBug::TakesALostAnswerForARefusal, EngineInput::Wire(WireInput::Answer { answer, .. })) => {
                *answer = Some(answer.take().unwrap_or_else(|| refusal(500)));
            }
            (RestBug::ForgetsFailures, EngineInput::Wire(WireInput::Answer { answer: Some(answer), .. }))
                if answer.status >= 500 =>
            {
                answer.status = 429;
            }
            (RestBug::UsesUpTheLimit, EngineInput::Wire(WireInput::Answer { answer: Some(answer), .. })) => {
                answer.remaining = None;
            }
            (RestBug::ForgetsRetryAfter, EngineInput::Wire(WireInput::Answer { answer: Some(answer), .. })) => {
                answer.retry_after = None;
            }
            (
                RestBug::TakesEveryFailureForSuccess,
                EngineInput::Wire(WireInput::Answer { answer: Some(answer), .. }),
            ) if answer.status >= 500 => {
                answer.status = 200;
            }
            (RestBug::KeepsTheRefusedToken, EngineInput::AccessToken(Some(token))) => {
                let kept = self.provider.first.get_or_insert_with(|| token.token.clone());
                token.token = kept.clone();
            }
            (RestBug::ReadsHistoryAsEmpty, EngineInput::Wire(WireInput::Answer { answer: Some(answer), .. })) => {
                if let Some(Json::Map(pairs)) = &mut answer.body
                    && let Some((_, entities)) = pairs.iter_mut().find(|(key, _)| key == "entities")
                {
                    *entities = Json::List(Vec::new());
                }
            }
            _ => {}
        }
        Some(input)
    }

    /// What leaves the page for this call.
    pub(super) fn bent_call(&mut self, mut call: HttpCall) -> Vec<HttpCall> {
        let Some(bug) = self.bug else { return vec![call] };
        let kind = read_call(&call).kind;
        match (bug, &kind) {
            (RestBug::SendsTwice, Kind::Message { .. }) => {
                let mut copy = call.clone();
                copy.id += 1_000_000;
                for (name, value) in &mut copy.headers {
                    if *name == "X-Genesys-Request-Id" {
                        *value = Redacted::new(format!("{:08x}-1111-4000-8000-000000000000", self.random.u32(..)));
                    }
                }
                return vec![call, copy];
            }
            (RestBug::SaysTypingAndNoMore, Kind::Typing { is_on: false })
            | (RestBug::NeverTellsWhatIsRead, Kind::Receipt { .. }) => return Vec::new(),
            (RestBug::PutsTheTokenInTheAddress, _) => {
                if let Some(token) = read_call(&call).token {
                    call.url = format!("{}?token={token}", call.url);
                }
            }
            (RestBug::UsesOneRequestId, _) => {
                for (name, value) in &mut call.headers {
                    if *name == "X-Genesys-Request-Id" {
                        *value = Redacted::new("11111111-1111-4111-8111-111111111111");
                    }
                }
            }
            (RestBug::SendsTypingAsAMessage, Kind::Typing { .. })
                if self.setting.chosen.typing == TypingDialect::Participants =>
            {
                call.url = call.url.replace("/typing", "/send");
                let body = json::parse(r#"{"type":"typing"}"#).unwrap_or(Json::Null);
                call.body = Some(Redacted::new(body.write()));
            }
            _ => {}
        }
        vec![call]
    }
}

fn refusal(status: u16) -> HttpAnswer {
    HttpAnswer { status, ..HttpAnswer::default() }
}
