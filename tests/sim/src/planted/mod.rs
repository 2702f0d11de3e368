//! Bugs on purpose, to see that the simulation has teeth. They are laid round the engine, where its inputs and outputs
//! pass: nothing of them is in the core.

mod inputs;
mod outputs;

use guest_messenger::engine::{EngineInput, EngineOutput};
use guest_messenger::session::ids::{EntryId, GuestToken};
use guest_messenger::session::time::Now;

macro_rules! bugs {
    ($($name:ident: $what:literal,)*) => {
        /// What is wrong with the client.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Bug {
            $(#[doc = $what] $name,)*
        }

        impl Bug {
            pub const ALL: &'static [Bug] = &[$(Bug::$name),*];

            /// In words.
            pub fn what(self) -> &'static str {
                match self { $(Bug::$name => $what,)* }
            }
        }
    };
}

bugs! {
    DedupesByTime: "two messages of one millisecond are one",
    ResendsWithoutHistory: "history counts as empty",
    TruncatesHistory: "only five messages of a history page are taken",
    BlamesTheFirst: "every error is about the message under way",
    AcksTheFirst: "any message acknowledges the one under way",
    OrdersByArrival: "the platform's times are passed over",
    SendsTwice: "each message is sent twice",
    DropsQuickMessages: "a second message within 300 ms is dropped",
    RemovesFailures: "a message that failed disappears",
    RetriesFailures: "a message that failed is sent again by itself",
    MixesSessions: "a new session is taken for the old one",
    KeepsTheToken: "the old token is used again after its end",
    ForgetsToPersist: "nothing is kept for the next page",
    ForgetsRetryAfter: "Retry-After of HTTP is passed over",
    ForgetsSlowDown: "retryAfter of frames is passed over",
    RetriesAtOnce: "a connection that breaks is opened again at once",
    NeverLetsGo: "a dead socket is not closed",
    DeafToClosure: "the end of a socket is not heard",
    OpensTwice: "the panel opens a socket of its own",
    AnswersItsOwnProbes: "every probe counts as answered",
    ProbesTwice: "each probe is sent twice",
    FloodsHistory: "each history page is asked for three times",
    DeafToResumption: "a resumed session is not recognised",
    ReadsWhileHidden: "a hidden page is not known as hidden",
    ReadsWhileClosed: "a closed panel is not known as closed",
    ReadsAtAGlance: "what comes into view is read at once",
    ReadsWhatWasInView: "what was in view once stays in view",
    ReceiptsTwice: "each receipt is sent twice",
    ReceiptsAtOnce: "a receipt goes out as soon as a message arrives",
    MarkMovesBack: "every other record has no read mark",
    TypesTwice: "each typing signal is sent twice",
    TypesAfterSending: "a typing signal follows each message",
    TypingNeverEnds: "a typing signal is heard again and again",
    TellsNoEnd: "no end is told",
    PanicsOnJunk: "a frame that is no JSON panics",
    SendsBeforeKeeping: "a message is sent before it is kept",
    KeepsTheNewest: "only the newest unsent message is kept",
    ForgetsToRestore: "what was kept is not taken up by the next page",
    RestoresAsNew: "what was kept is taken up as said anew",
    RestoresFailures: "what had failed counts as unsent after a reload",
    MixesConversations: "what was kept for another conversation is taken for this one's",
    TakesPageOneForTheNewest: "page one of history counts as the newest in any case",
    KeepsNoDraft: "a draft is not kept with the messages",
    ReadsItsOwnBuildOnly: "a record with something that another build has added is not read",
    HasItsOwnChance: "the client takes chance from elsewhere",
}

/// The bug at work, with what it remembers.
#[derive(Debug, Default)]
pub(crate) struct Mischief {
    bug: Option<Bug>,
    /// To be heard before the next input.
    pending: Vec<EngineInput>,
    /// The message under way, by its client id.
    under_way: Option<String>,
    token: Option<GuestToken>,
    is_opening: bool,
    count: u64,
    last_send_ms: Option<u64>,
    seen: Vec<EntryId>,
    heard_times: Vec<(String, String)>,
    typing: Option<guest_messenger::protocol::json::Json>,
    last_frame: String,
}

impl Mischief {
    pub(crate) fn new(bug: Option<Bug>) -> Mischief {
        Mischief { bug, ..Mischief::default() }
    }

    /// A new page forgets, but for the token that the visitor has.
    pub(crate) fn reload(&mut self) {
        *self = Mischief { bug: self.bug, token: self.token.take(), ..Mischief::default() };
    }

    pub(crate) fn bug(&self) -> Option<Bug> {
        self.bug
    }

    /// What the engine hears instead.
    pub(crate) fn bend_input(&mut self, now: Now, input: EngineInput) -> Vec<(Now, EngineInput)> {
        match self.bug {
            None => vec![(now, input)],
            Some(bug) => inputs::bend(self, bug, now, input),
        }
    }

    /// What the browser does instead.
    pub(crate) fn bend_outputs(&mut self, outputs: Vec<EngineOutput>) -> Vec<EngineOutput> {
        match self.bug {
            None => outputs,
            Some(bug) => outputs.into_iter().flat_map(|output| outputs::bend(self, bug, output)).collect(),
        }
    }
}
