//! What the shell owns beside the engine: the UI and the drivers, wired to it.

use super::{Shell, with};
use crate::browser::clock;
use crate::browser::fetch::Fetcher;
use crate::browser::frames::Frames;
use crate::browser::lifecycle::Lifecycle;
use crate::browser::observer::Observer;
use crate::browser::random::Random;
use crate::browser::socket::Socket;
use crate::browser::storage::Storage;
use crate::browser::tabs::Tabs;
use crate::browser::timers::Timer;
use crate::browser::vault::{Saved, Vault};
use crate::built_in::UPLOADS;
use crate::engine::EngineInput;
use crate::protocol::wire::WireAction;
use crate::session::files::File;
use crate::session::ids::FileId;
use crate::session::input::{Command, Input, UploadNews};
use crate::session::output::Event;
use crate::session::time::WallTime;
use crate::stored::keeper::Keeper;
use crate::ui::{Appearance, Host, Ui};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use web_sys::ShadowRoot;

pub(super) struct Parts {
    pub(super) shell: Weak<Shell>,
    pub(super) ui: RefCell<Ui>,
    pub(super) socket: RefCell<Option<Socket>>,
    pub(super) fetcher: Fetcher,
    pub(super) timer: Timer,
    pub(super) frames: Frames,
    pub(super) observer: Observer,
    pub(super) random: Random,
    pub(super) storage: Storage,
    pub(super) tabs: Tabs,
    pub(super) vault: Vault,
    pub(super) keeper: RefCell<Keeper>,
    /// The record could not be stored the last time.
    pub(super) is_storage_failing: Cell<bool>,
    /// A question to the other tabs, for as long as they have to answer.
    pub(super) asking: RefCell<Option<Timeout>>,
    /// Until the next draft is saved; after which one, and how often it may be put off.
    pub(super) resting: RefCell<Option<Timeout>>,
    pub(super) rest: Cell<(u32, u8)>,
    /// Other tabs have been heard, or would not have been.
    pub(super) has_company: Cell<bool>,
    _lifecycle: Lifecycle,
}

impl Parts {
    pub(super) fn new(
        shell: &Rc<Shell>,
        root: ShadowRoot,
        appearance: Appearance,
        deployment_id: &str,
        storage: Storage,
        random: Random,
        vault: Vault,
    ) -> Parts {
        let weak = Rc::downgrade(shell);
        let ui = Ui::new(root, appearance, Rc::new(ShellHost(weak.clone())));
        let (seen, woken, painted, heard, told) =
            (weak.clone(), weak.clone(), weak.clone(), weak.clone(), weak.clone());
        Parts {
            observer: Observer::new(&ui.scroller(), move |entries| {
                with(&seen, |shell| shell.command(Command::InView(entries)));
            }),
            ui: RefCell::new(ui),
            socket: RefCell::default(),
            fetcher: Fetcher::capture(),
            timer: Timer::new(move || with(&woken, Shell::wake)),
            frames: Frames::new(move || with(&painted, Shell::paint)),
            random,
            storage,
            tabs: Tabs::open(deployment_id, wall_time, move |message| {
                with(&heard, |shell| shell.on_tab(message));
            }),
            vault,
            keeper: RefCell::default(),
            is_storage_failing: Cell::new(false),
            asking: RefCell::default(),
            resting: RefCell::default(),
            rest: Cell::default(),
            has_company: Cell::new(false),
            _lifecycle: Lifecycle::watch(move |environment| {
                with(&told, |shell| shell.feed(EngineInput::Session(Input::Environment(environment))));
            }),
            shell: weak,
        }
    }

    pub(super) fn save(&self, react: impl FnOnce(Saved) + 'static) {
        self.vault.save(self.keeper.borrow().kept(), react);
    }

    pub(super) fn act(&self, action: WireAction) {
        match action {
            WireAction::OpenSocket { url } => {
                let shell = self.shell.clone();
                let socket =
                    Socket::open(&url, move |input| with(&shell, |shell| shell.feed(EngineInput::Wire(input))));
                self.socket.replace(Some(socket));
            }
            WireAction::SendFrame(frame) => {
                if let Some(socket) = &*self.socket.borrow() {
                    socket.send(frame.expose());
                }
            }
            // Nothing more is to be heard of it.
            WireAction::CloseSocket { code } => {
                if let Some(socket) = self.socket.take() {
                    socket.close(code);
                }
            }
            WireAction::Fetch(call) => {
                let shell = self.shell.clone();
                self.fetcher.call(&call, move |call, answer| with(&shell, |shell| shell.on_answer(call, answer)));
            }
        }
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        self.vault.close();
    }
}

/// What the UI may ask of the shell, as long as there is one.
struct ShellHost(Weak<Shell>);

impl Host for ShellHost {
    fn command(&self, command: Command) {
        with(&self.0, |shell| shell.command(command));
    }

    fn send(&self, text: &str, with_files: bool) -> bool {
        let Some(shell) = self.0.upgrade() else { return false };
        let Some(parts) = shell.parts() else { return false };
        // Kept as a message, it is no draft any more.
        parts.keeper.borrow_mut().set_draft("");
        let sent = shell.send(text, with_files);
        if sent.is_err() {
            parts.keeper.borrow_mut().set_draft(text);
        }
        if let (true, Err(error)) = (cfg!(feature = "conversations"), &sent) {
            // The visitor is told by the composer.
            shell.tell(&parts, Event::Error(error.clone()));
        }
        sent.is_ok()
    }

    fn attach(&self, file: File, is_fitting: bool) {
        if UPLOADS {
            with(&self.0, |shell| shell.attach(file, is_fitting));
        }
    }

    fn upload(&self, file: FileId, news: UploadNews) {
        if UPLOADS {
            with(&self.0, |shell| shell.feed(EngineInput::Session(Input::Upload { file, news })));
        }
    }

    fn keep_draft(&self, text: &str) {
        with(&self.0, |shell| shell.keep_draft(text));
    }

    fn repaint(&self) {
        if let Some(parts) = self.0.upgrade().and_then(|shell| shell.parts()) {
            parts.frames.request();
        }
    }
}

fn wall_time() -> WallTime {
    clock::now().wall
}
