//! A whole recording, kept natively; on a page `www/src/recording.ts` keeps it.

use super::Recorder;
use crate::engine::{Engine, EngineInput, EngineOutput, Settings};
use crate::session::time::Now;

/// Beside one engine from its first step on.
#[derive(Debug)]
pub struct Tape {
    recorder: Recorder,
    items: Vec<String>,
}

impl Tape {
    /// For an engine that is made of these, and has done nothing yet.
    pub fn begin(settings: &Settings, seed: u64) -> Tape {
        let mut recorder = Recorder::default();
        let items = vec![recorder.begin(settings, seed).to_owned()];
        Tape { recorder, items }
    }

    /// One step of the engine.
    pub fn handle(&mut self, engine: &mut Engine, now: Now, input: EngineInput) -> Vec<EngineOutput> {
        self.items.push(self.recorder.input(now, &input, engine.session().tag()).to_owned());
        engine.handle(now, input);
        let outputs: Vec<EngineOutput> = std::iter::from_fn(|| engine.poll_output()).collect();
        self.items.extend(self.recorder.outputs(&outputs).map(str::to_owned));
        outputs
    }

    /// As `exportDiagnostics()` gives it.
    pub fn diagnostics(&self) -> String {
        format!(
            r#"{{"format":"guest-messenger-diagnostics","version":1,"product":"{}","recordings":[{{"truncated":false,"died":false,"items":[{}]}}]}}"#,
            env!("CARGO_PKG_VERSION"),
            self.items.join(",\n"),
        )
    }
}
