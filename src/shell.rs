//! The owner: of the engine, the drivers and the UI. Carries inputs to the one and outputs to the others.
//!
//! Whatever happens only queues an input. One loop takes them in turn, so that nothing meets a half-finished step,
//! and page code never runs while the engine changes.

mod parts;

use crate::api::events;
use crate::api::options::Options;
use crate::browser::random::Random;
use crate::browser::recording::Recording;
use crate::browser::storage::Storage;
use crate::browser::tabs::{Heard, Tabs};
use crate::browser::timers;
use crate::browser::vault::{Saved, Vault};
use crate::browser::{clock, report};
use crate::built_in::{SHARED_LINE, SIGN_IN, UPLOADS};
use crate::engine::{Engine, EngineInput, EngineOutput, Settings};
use crate::protocol::wire::{HttpAnswer, WireInput};
use crate::recorder::Recorder;
#[cfg(feature = "conversations")]
use crate::session::content::Body;
use crate::session::error::ChatError;
use crate::session::files::{File, FileFlaw};
use crate::session::input::{Command, Input};
use crate::session::output::Event;
use crate::session::record::Record;
use crate::session::time::earlier;
use crate::stored::vault::Kept;
use crate::ui::{Appearance, Lazy, Words};
use js_sys::Function;
use parts::Parts;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;
use web_sys::ShadowRoot;

/// How long the other tabs have to answer before a new conversation is nobody else's.
const TABS_ANSWER_MS: u64 = 120;

/// A draft is saved no sooner after the one before, and when it goes on quickly, so many times as long after it.
const DRAFT_REST_MS: u64 = 30;
const DRAFT_RESTS: u8 = 3;

/// So many events the page is told in one task.
const TOLD_TOGETHER_MAX: usize = 200;

pub struct Shell {
    engine: RefCell<Engine>,
    recorder: RefCell<Recorder>,
    recording: Recording,
    listener: Function,
    opens_at_start: bool,
    /// What asks the page who the visitor is.
    sign_in: RefCell<Option<Function>>,
    /// What asks the page for a token.
    #[cfg(feature = "conversations")]
    token_provider: RefCell<Option<Function>>,
    /// The first token may be wanted before the page's provider has been handed over.
    #[cfg(feature = "conversations")]
    waits_for_token_provider: Cell<bool>,
    inbox: RefCell<Vec<EngineInput>>,
    /// For the page, from a task of their own, behind what they show the visitor.
    events: RefCell<Vec<Event>>,
    /// As above: of a burst the page hears the last count.
    unread: Cell<Option<u32>>,
    stage: Cell<Stage>,
    is_busy: Cell<bool>,
    /// That the storage fails is told once, whichever part of it fails first.
    has_told_storage: Cell<bool>,
    /// Gone with `destroy`.
    parts: RefCell<Option<Rc<Parts>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The record is being looked for; inputs wait.
    Starting,
    Running,
    Destroyed,
}

impl Shell {
    /// # Errors
    /// In a browser without secure random numbers.
    pub fn start(
        root: ShadowRoot,
        options: Options,
        strings: JsValue,
        listener: Function,
        vault: Vault,
        record: Function,
        lazy: Lazy,
    ) -> Result<Rc<Shell>, ChatError> {
        let Options { settings, images, remember, locale, open } = options;
        let settings = Settings { has_tabs: Tabs::can_speak(), ..settings };
        let deployment_id = settings.deployment_id.clone();
        let random = Random::capture()?;
        let seed = random.seed().ok_or(ChatError::NO_SECURE_RANDOM)?;
        let mut recorder = Recorder::default();
        let recording = Recording::new(record);
        recording.add(recorder.begin(&settings, seed));
        let shell = Rc::new(Shell {
            engine: RefCell::new(Engine::new(settings, seed)),
            recorder: RefCell::new(recorder),
            recording,
            listener,
            opens_at_start: open,
            sign_in: RefCell::default(),
            #[cfg(feature = "conversations")]
            token_provider: RefCell::default(),
            #[cfg(feature = "conversations")]
            waits_for_token_provider: Cell::new(false),
            inbox: RefCell::default(),
            events: RefCell::default(),
            unread: Cell::default(),
            stage: Cell::new(Stage::Starting),
            is_busy: Cell::new(false),
            has_told_storage: Cell::new(false),
            parts: RefCell::default(),
        });
        let storage = Storage::open(&deployment_id, remember);
        let appearance = Appearance { words: Words::new(strings, &locale), images, lazy };
        let parts = Rc::new(Parts::new(&shell, root, appearance, &deployment_id, storage, random, vault));
        shell.parts.replace(Some(Rc::clone(&parts)));
        shell.find_record(&parts, remember);
        Ok(shell)
    }

    /// Takes one thing that happened, now or when the work under way is done.
    pub fn feed(&self, input: EngineInput) {
        if self.is_destroyed() {
            return;
        }
        self.inbox.borrow_mut().push(input);
        self.drain();
    }

    /// From here on the page is asked who the visitor is.
    pub fn offer_sign_in(&self, page: Function) {
        self.sign_in.replace(Some(page));
        self.command(Command::OfferSignIn);
    }

    /// From here on the page is asked for tokens.
    #[cfg(feature = "conversations")]
    pub fn offer_token(&self, page: Function) {
        if self.waits_for_token_provider.take() {
            // It answers later, and never by throwing.
            let _ = page.call0(&JsValue::UNDEFINED);
        }
        self.token_provider.replace(Some(page));
    }

    pub fn open(&self) {
        if let Some(parts) = self.parts()
            && let Ok(ui) = parts.ui.try_borrow()
        {
            ui.focus_when_open();
        }
        self.command(Command::OpenPanel);
    }

    pub fn command(&self, command: Command) {
        self.feed(EngineInput::Session(Input::Command(command)));
    }

    /// # Errors
    /// Why the text cannot be sent just now.
    pub fn send(&self, text: &str, with_files: bool) -> Result<(), ChatError> {
        if self.stage.get() == Stage::Destroyed {
            return Err(ChatError::DESTROYED);
        }
        if UPLOADS && with_files {
            self.engine.borrow().session().check_with_files(text)?;
            self.command(Command::SendWithFiles(text.to_owned()));
        } else {
            self.engine.borrow().check_text(text)?;
            self.command(Command::SendText(text.to_owned()));
        }
        Ok(())
    }

    /// # Errors
    /// Why this cannot be sent just now.
    #[cfg(feature = "conversations")]
    pub fn send_attached(&self, body: Body) -> Result<(), ChatError> {
        if self.stage.get() == Stage::Destroyed {
            return Err(ChatError::DESTROYED);
        }
        self.engine.borrow().session().check_attached(&body)?;
        self.command(Command::SendAttached(body));
        Ok(())
    }

    /// The visitor chose a file. `is_fitting`: its bytes begin as its type says.
    fn attach(&self, file: File, is_fitting: bool) {
        let flaw = self.engine.borrow().session().check_file(&file).err();
        let flaw = flaw.or(if is_fitting { None } else { Some(FileFlaw::Content) });
        self.command(Command::Attach { file, flaw });
    }

    /// Ends everything: nothing runs, listens or is shown afterwards, and the page hears no more.
    pub fn destroy(&self) {
        self.stage.set(Stage::Destroyed);
        self.inbox.borrow_mut().clear();
        // Within a step the drivers are still at work; the loop drops them at its end.
        if !self.is_busy.get() {
            drop(self.parts.take());
        }
    }

    pub fn is_destroyed(&self) -> bool {
        self.stage.get() == Stage::Destroyed
    }

    fn parts(&self) -> Option<Rc<Parts>> {
        self.parts.borrow().clone()
    }

    fn find_record(self: &Rc<Self>, parts: &Parts, remember: bool) {
        let record = parts.storage.load(clock::now().wall);
        // Remembered, it is in a storage that all tabs share; who else is about to begin one is asked when this one does.
        parts.has_company.set(remember);
        if record.is_some() || remember {
            return self.run(record);
        }
        parts.tabs.ask();
        let shell = Rc::downgrade(self);
        let asking = timers::after(TABS_ANSWER_MS, move || with(&shell, |shell| shell.run(None)));
        parts.asking.replace(Some(asking));
    }

    /// From here on inputs are taken.
    fn run(&self, record: Option<Record>) {
        if self.stage.replace(Stage::Running) != Stage::Starting {
            return;
        }
        let start = EngineInput::Session(Input::Command(Command::Start(record)));
        self.inbox.borrow_mut().insert(0, start);
        if self.opens_at_start {
            self.inbox.borrow_mut().push(EngineInput::Session(Input::Command(Command::OpenPanel)));
        }
        self.drain();
        self.restore();
    }

    /// Takes up what an earlier life of this tab had not sent, and what was being written.
    fn restore(&self) {
        let Some(parts) = self.parts() else { return };
        let shell = parts.shell.clone();
        parts.vault.load(move |Kept { unsent, draft }| {
            with(&shell, |shell| {
                shell.restore_draft(&draft);
                shell.command(Command::Restore(unsent));
                // From now on what is typed may be saved, with what is unsent.
                shell.on_draft_saved(0);
            });
        });
    }

    /// What was typed before goes over what comes back.
    fn restore_draft(&self, draft: &str) {
        let Some(parts) = self.parts() else { return };
        parts.ui.borrow().restore_draft(draft);
        parts.keeper.borrow_mut().on_loaded(draft);
    }

    fn keep_draft(&self, draft: &str) {
        let Some(parts) = self.parts() else { return };
        let is_due = parts.keeper.borrow_mut().on_draft(draft);
        let (number, rests_left) = parts.rest.get();
        if is_due {
            self.save_draft();
        } else if rests_left > 0 {
            self.rest(number, rests_left - 1);
        }
    }

    fn save_draft(&self) {
        let Some(parts) = self.parts() else { return };
        let number = parts.keeper.borrow().draft_number();
        let shell = parts.shell.clone();
        parts.save(move |saved| {
            with(&shell, |shell| {
                shell.on_taken(saved);
                shell.rest(number, DRAFT_RESTS);
            });
        });
    }

    /// Saving takes longer than all else that a key does.
    fn rest(&self, number: u32, rests_left: u8) {
        let Some(parts) = self.parts() else { return };
        let shell = parts.shell.clone();
        parts.rest.set((number, rests_left));
        let resting = timers::after(DRAFT_REST_MS, move || with(&shell, |shell| shell.on_draft_saved(number)));
        parts.resting.replace(Some(resting));
    }

    fn on_taken(&self, saved: Saved) {
        if let Saved::Taken(taken) = saved {
            self.feed(EngineInput::Session(Input::Taken(taken)));
        }
    }

    fn on_draft_saved(&self, number: u32) {
        let Some(parts) = self.parts() else { return };
        parts.rest.set((0, 0));
        let is_due = parts.keeper.borrow_mut().on_draft_saved(number);
        if is_due {
            self.save_draft();
        }
    }

    fn drain(&self) {
        if self.stage.get() == Stage::Running {
            self.exclusively(|_| {});
        }
    }

    /// Does this work, then all that has queued up, and wakes up again when the next deadline is there.
    fn exclusively(&self, work: impl FnOnce(&Parts)) {
        let Some(parts) = self.parts() else { return };
        if self.is_busy.replace(true) {
            return;
        }
        work(&parts);
        while let Some(input) = self.take_input() {
            self.step(&parts, input);
        }
        self.is_busy.set(false);
        if self.is_destroyed() {
            drop(self.parts.take());
            return;
        }
        parts.timer.arm(earlier(self.engine.borrow().poll_timeout(), parts.ui.borrow().poll_timeout()));
    }

    fn take_input(&self) -> Option<EngineInput> {
        take_first(&self.inbox)
    }

    fn step(&self, parts: &Parts, input: EngineInput) {
        let now = clock::now();
        // Before the step: what it does may be its last.
        let conversation = self.engine.borrow().session().tag();
        self.recording.add(self.recorder.borrow_mut().input(now, &input, conversation));
        let outputs: Vec<EngineOutput> = {
            let mut engine = self.engine.borrow_mut();
            engine.handle(now, input);
            engine.take_outputs()
        };
        if let Some(item) = self.recorder.borrow_mut().outputs(&outputs) {
            self.recording.add(item);
        }
        let mut diffs = Vec::new();
        for output in outputs {
            match output {
                EngineOutput::Diff(diff) => diffs.push(diff),
                EngineOutput::Event(event) => self.tell(parts, event),
                output @ (EngineOutput::Wire(_)
                | EngineOutput::Persist(_)
                | EngineOutput::Forget
                | EngineOutput::Keep { .. }
                | EngineOutput::Adopt
                | EngineOutput::MakeToken
                | EngineOutput::AskSignIn
                | EngineOutput::Upload { .. }
                | EngineOutput::OpenFile { .. }
                | EngineOutput::AskToken
                | EngineOutput::Share(_)) => self.perform(parts, output),
            }
        }
        if diffs.is_empty() || self.is_destroyed() {
            return;
        }
        parts.ui.borrow_mut().apply(now.monotonic, &diffs, &self.engine.borrow().view());
    }

    fn perform(&self, parts: &Parts, output: EngineOutput) {
        match output {
            EngineOutput::Wire(action) => parts.act(action),
            EngineOutput::Persist(record) => {
                parts.is_storage_failing.set(parts.storage.save(&record).is_err());
                self.tell_storage(parts);
            }
            EngineOutput::Forget => parts.storage.forget(),
            EngineOutput::Keep { number, unsent } => {
                parts.keeper.borrow_mut().on_unsent(unsent);
                self.tell_storage(parts);
                let shell = parts.shell.clone();
                parts.save(move |saved| {
                    let input = match saved {
                        Saved::Taken(taken) => Input::Taken(taken),
                        Saved::Kept | Saved::Failed => Input::Kept { number, is_kept: matches!(saved, Saved::Kept) },
                    };
                    with(&shell, |shell| shell.feed(EngineInput::Session(input)));
                });
            }
            EngineOutput::Adopt if SHARED_LINE => {
                let shell = parts.shell.clone();
                let conversation = self.engine.borrow().session().tag();
                parts.vault.adopt(conversation, move |left| {
                    if !left.unsent.is_empty() {
                        with(&shell, |shell| shell.command(Command::Adopt(left.unsent)));
                    }
                });
            }
            EngineOutput::MakeToken if parts.has_company.get() => {
                // Another tab may have begun a conversation meanwhile: this one joins it.
                let shell = parts.shell.clone();
                let asking = timers::after(TABS_ANSWER_MS, move || with(&shell, Shell::make_token));
                parts.asking.replace(Some(asking));
                parts.tabs.ask();
            }
            EngineOutput::MakeToken => self.make_token(),
            EngineOutput::Share(message) => parts.tabs.say(&message),
            EngineOutput::AskSignIn if SIGN_IN => {
                if let Some(page) = self.sign_in.borrow().as_ref() {
                    // It answers later, and never by throwing.
                    let _ = page.call0(&JsValue::UNDEFINED);
                }
            }
            EngineOutput::Upload { file, url, headers } if UPLOADS => parts.ui.borrow_mut().bring(file, url, headers),
            EngineOutput::OpenFile { url } => parts.ui.borrow_mut().open_file(&url),
            #[cfg(feature = "conversations")]
            EngineOutput::AskToken => match self.token_provider.borrow().as_ref() {
                Some(page) => {
                    // As above.
                    let _ = page.call0(&JsValue::UNDEFINED);
                }
                None => self.waits_for_token_provider.set(true),
            },
            #[cfg(not(feature = "conversations"))]
            EngineOutput::AskToken => {}
            EngineOutput::Adopt
            | EngineOutput::AskSignIn
            | EngineOutput::Upload { .. }
            | EngineOutput::Event(_)
            | EngineOutput::Diff(_) => {}
        }
    }

    /// A visitor who has nothing to lose is told nothing.
    fn tell_storage(&self, parts: &Parts) {
        if parts.is_storage_failing.get() && !parts.keeper.borrow().kept().unsent.is_empty() {
            self.tell(parts, Event::Error(ChatError::STORAGE_UNAVAILABLE));
        }
    }

    fn tell(&self, parts: &Parts, event: Event) {
        if event == Event::Error(ChatError::STORAGE_UNAVAILABLE) && self.has_told_storage.replace(true) {
            return;
        }
        if let Event::Unread { count } = event {
            self.unread.set(Some(count));
        } else {
            self.events.borrow_mut().push(event);
        }
        parts.frames.request();
    }

    /// The page's listener may do anything, `destroy` and throwing included.
    fn deliver(&self) {
        let mut events = self.events.take();
        if events.len() > TOLD_TOGETHER_MAX
            && let Some(parts) = self.parts()
        {
            self.events.replace(events.split_off(TOLD_TOGETHER_MAX));
            parts.frames.request();
        }
        events.extend(self.unread.take().map(|count| Event::Unread { count }));
        for event in events {
            if self.is_destroyed() {
                return;
            }
            let (name, detail) = events::to_page(&event);
            if let Err(thrown) = self.listener.call2(&JsValue::UNDEFINED, &name.into(), &detail) {
                report::report(&thrown);
            }
        }
    }

    fn paint(&self) {
        if self.stage.get() != Stage::Running {
            return;
        }
        self.exclusively(|parts| {
            let rows = parts.ui.borrow_mut().paint(clock::now(), &self.engine.borrow().view());
            for row in &rows.gone {
                parts.observer.unobserve(row);
            }
            for row in &rows.shown {
                parts.observer.observe(row);
            }
        });
        self.deliver();
    }

    fn make_token(&self) {
        let Some(parts) = self.parts() else { return };
        parts.asking.replace(None);
        // A tab that is gone may have begun one that is remembered.
        let known = parts.storage.load(clock::now().wall).map(|record| record.token);
        match known.or_else(|| parts.random.token()) {
            Some(token) => {
                if SHARED_LINE {
                    let record = Record::beginning_with(token.clone());
                    parts.tabs.answer(&record);
                    parts.storage.promise(record, true);
                }
                self.feed(EngineInput::Session(Input::Token(token)));
            }
            None => self.tell(&parts, Event::Error(ChatError::NO_SECURE_RANDOM)),
        }
    }

    fn wake(&self) {
        if let Some(parts) = self.parts() {
            parts.timer.has_fired();
            parts.ui.borrow_mut().tick(clock::now().monotonic);
        }
        self.feed(EngineInput::Session(Input::Tick));
    }

    fn on_answer(&self, call: u32, answer: Option<HttpAnswer>) {
        self.feed(EngineInput::Wire(WireInput::Answer { call, answer }));
    }

    fn on_tab(&self, heard: Heard) {
        let Some(parts) = self.parts() else { return };
        parts.has_company.set(true);
        match heard {
            Heard::Said(message) => self.feed(EngineInput::Tab(message)),
            Heard::Asked => {
                if let Some(record) = parts.storage.record() {
                    parts.tabs.answer(&record);
                }
            }
            Heard::Answered(record) => {
                let is_asking = parts.asking.take().is_some();
                if self.stage.get() == Stage::Running {
                    if let Some(token) = parts.storage.promise(record, is_asking) {
                        self.feed(EngineInput::Session(Input::Token(token)));
                    }
                } else {
                    // The engine keeps what changes, and this is no change to it.
                    let _ = parts.storage.save(&record);
                    self.run(Some(record));
                }
            }
        }
    }
}

/// A handful at most: a deque would weigh more than the moving.
fn take_first<T>(queue: &RefCell<Vec<T>>) -> Option<T> {
    let mut queue = queue.borrow_mut();
    (!queue.is_empty()).then(|| queue.remove(0))
}

fn with(shell: &Weak<Shell>, work: impl FnOnce(&Shell)) {
    if let Some(shell) = shell.upgrade() {
        work(&shell);
    }
}
