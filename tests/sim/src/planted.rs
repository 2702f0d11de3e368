//! Bugs on purpose, laid round the engine.

use guest_messenger::engine::{Engine, EngineInput, EngineOutput};
use guest_messenger::session::time::Now;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {}

#[derive(Debug)]
pub(crate) struct Mischief {
    _bug: Option<Bug>,
}

impl Mischief {
    pub(crate) fn new(bug: Option<Bug>) -> Mischief {
        Mischief { _bug: bug }
    }
    pub(crate) fn reload(&mut self) {}
    pub(crate) fn bend_now(&self, now: Now) -> Now {
        now
    }
    pub(crate) fn bend_input(&mut self, _now: Now, input: EngineInput, _engine: &Engine) -> Vec<EngineInput> {
        vec![input]
    }
    pub(crate) fn bend_outputs(
        &mut self,
        _now: Now,
        outputs: Vec<EngineOutput>,
        _engine: &Engine,
    ) -> Vec<EngineOutput> {
        outputs
    }
}
