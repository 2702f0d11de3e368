//! The engine of one page after another, with whatever bug is planted round it, and the log by which it is repeated.

use guest_messenger::engine::{Api, Endpoints, Engine, EngineInput, EngineOutput, Settings};
use guest_messenger::protocol::wire::WireAction;
use guest_messenger::recorder::tape::Tape;
use guest_messenger::session::Receipts;
use guest_messenger::session::time::Now;
use guest_messenger_sandbox::DEFAULT_DEPLOYMENT;

use crate::planted::{Bug, Mischief};
use crate::server::HOST;

#[derive(Debug)]
pub(crate) struct Client {
    engine: Engine,
    mischief: Mischief,
    seed: u64,
    /// How many pages there were before this one.
    pub(crate) page: u32,
    log: Option<Vec<Logged>>,
    /// The product's own recorder, one tape a page, in a world that is recorded.
    tapes: Vec<Tape>,
}

/// What happened to a client, and what came of it.
#[derive(Debug)]
enum Logged {
    Reload,
    Input { now: Now, input: Box<EngineInput>, outputs: u64 },
}

impl Client {
    /// `is_recorded`: it keeps a log by which it can be repeated.
    pub(crate) fn new(seed: u64, bug: Option<Bug>, is_recorded: bool) -> Client {
        let log = is_recorded.then(Vec::new);
        Client { engine: engine(seed, 0), mischief: Mischief::new(bug), seed, page: 0, log, tapes: Vec::new() }
    }

    pub(crate) fn bug(&self) -> Option<Bug> {
        self.mischief.bug()
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn reload(&mut self) {
        self.page += 1;
        self.engine = engine(self.seed, self.page);
        if !self.tapes.is_empty() {
            self.begin_tape();
        }
        self.mischief.reload();
        if let Some(log) = &mut self.log {
            log.push(Logged::Reload);
        }
    }

    /// Hands one input to the engine, past whatever bug is planted, and answers everything that it wants done.
    pub(crate) fn handle(&mut self, now: Now, input: EngineInput) -> Vec<EngineOutput> {
        let copy = self.log.as_ref().map(|_| Box::new(input.clone()));
        let mut outputs = Vec::new();
        for (now, input) in self.mischief.bend_input(now, input) {
            let made = match self.tapes.last_mut() {
                Some(tape) => tape.handle(&mut self.engine, now, input),
                None => {
                    self.engine.handle(now, input);
                    std::iter::from_fn(|| self.engine.poll_output()).collect()
                }
            };
            outputs.extend(self.mischief.bend_outputs(made));
        }
        if let (Some(log), Some(input)) = (&mut self.log, copy) {
            log.push(Logged::Input { now, input, outputs: digest(&outputs) });
        }
        outputs
    }

    pub(crate) fn begin_tape(&mut self) {
        self.tapes.push(Tape::begin(&settings(), seed_of(self.seed, self.page)));
    }

    pub(crate) fn into_tapes(self) -> Vec<Tape> {
        self.tapes
    }

    /// I38: another client to which the same happens does the same. Answers at which input it did not.
    pub(crate) fn replay(&self) -> Result<(), usize> {
        let mut other = Client::new(self.seed, self.mischief.bug(), false);
        for (number, logged) in self.log.iter().flatten().enumerate() {
            match logged {
                Logged::Reload => other.reload(),
                Logged::Input { now, input, outputs } => {
                    if digest(&other.handle(*now, (**input).clone())) != *outputs {
                        return Err(number);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Of everything that was wanted, the frames' texts included, which are not shown otherwise.
fn digest(outputs: &[EngineOutput]) -> u64 {
    let mut digest = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        for byte in text.bytes() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3_u64);
        }
    };
    for output in outputs {
        add(&format!("{output:?}"));
        if let EngineOutput::Wire(WireAction::SendFrame(text)) = output {
            add(text.expose());
        }
    }
    digest
}

fn engine(seed: u64, page: u32) -> Engine {
    Engine::new(settings(), seed_of(seed, page))
}

fn settings() -> Settings {
    Settings {
        deployment_id: DEFAULT_DEPLOYMENT.to_owned(),
        endpoints: Endpoints::of_host(&format!("http://{HOST}")).unwrap_or_default(),
        receipts: Receipts::Auto,
        has_tabs: false,
        api: Api::Guest,
    }
}

fn seed_of(seed: u64, page: u32) -> u64 {
    seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(u64::from(page))
}
