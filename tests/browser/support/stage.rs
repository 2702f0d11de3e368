//! The views over a session's state that the test makes up.

use super::page;
use guest_messenger::session::content::{Answer, Author, Body, Item, Sender};
use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::files::File;
use guest_messenger::session::ids::{ClientId, EntryId, FileId, ServerId};
use guest_messenger::session::input::{Command, Message, UploadNews};
use guest_messenger::session::output::Diff;
use guest_messenger::session::time::{Now, Timestamp, WallTime};
use guest_messenger::session::transcript::{Merged, Transcript};
use guest_messenger::session::view::{Banner, HistoryState, Phase, View};
use guest_messenger::ui::{Appearance, Host, Images, Lazy, Rows, Ui, Words};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

/// As little style as the behaviour needs: a scroller of fixed height, and rows of a known one.
const STYLE: &str = "[hidden] { display: none !important }
    [part=panel] { position: fixed; inset: 0 auto auto 0; width: 300px; height: 400px; display: flex; flex-direction: column }
    [part=transcript] { flex: 0 0 200px; height: 200px; overflow-y: scroll }
    [part=list] { margin: 0; padding: 0 } [part=message] { display: block; height: 40px; overflow: hidden }";

#[derive(Default)]
pub struct Asked {
    pub commands: RefCell<Vec<Command>>,
    pub sent: RefCell<Vec<String>>,
    pub drafts: RefCell<Vec<String>>,
    pub repaints: Cell<u32>,
    pub refuses: Cell<bool>,
}

impl Host for Asked {
    fn command(&self, command: Command) {
        self.commands.borrow_mut().push(command);
    }

    fn send(&self, text: &str, _with_files: bool) -> bool {
        if self.refuses.get() {
            return false;
        }
        self.sent.borrow_mut().push(text.to_owned());
        true
    }

    fn attach(&self, _file: File, _is_fitting: bool) {}

    fn upload(&self, _file: FileId, _news: UploadNews) {}

    fn keep_draft(&self, text: &str) {
        self.drafts.borrow_mut().push(text.to_owned());
    }

    fn repaint(&self) {
        self.repaints.set(self.repaints.get() + 1);
    }
}

impl Asked {
    /// The commands so far, as they print. Without that the composer has lost the focus, which tests of other things
    /// bring about at every turn.
    pub fn take(&self) -> Vec<String> {
        let commands = self.commands.take();
        commands.iter().map(|command| format!("{command:?}")).filter(|command| command != "Blur").collect()
    }
}

pub struct Stage {
    pub root: ShadowRoot,
    pub ui: Option<Ui>,
    pub asked: Rc<Asked>,
    pub transcript: Transcript,
    pub phase: Phase,
    pub banner: Option<Banner>,
    pub typing: Option<Sender>,
    pub unread: u32,
    pub history: HistoryState,
    pub is_open: bool,
    pub can_clear: bool,
    pub has_markup: bool,
    pub now: Timestamp,
    /// Now, for the names of days.
    pub today: i64,
    /// Of the newest message.
    pub time: i64,
    host: HtmlElement,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.ui = None;
        self.host.remove();
    }
}

pub fn root() -> (HtmlElement, ShadowRoot) {
    let document = web_sys::window().unwrap().document().unwrap();
    let host: HtmlElement = document.create_element("div").unwrap().unchecked_into();
    document.body().unwrap().append_child(&host).unwrap();
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
    let launcher = document.create_element("button").unwrap();
    launcher.set_attribute("part", "launcher").unwrap();
    let badge = document.create_element("span").unwrap();
    badge.set_attribute("part", "badge").unwrap();
    launcher.append_child(&badge).unwrap();
    root.append_child(&launcher).unwrap();
    page::style(&root, STYLE);
    (host, root)
}

pub fn words() -> JsValue {
    let words = js_sys::Object::new();
    for (key, word) in [
        ("open_chat", "Open chat"),
        ("close_chat", "Close chat"),
        ("unread_one", "{count} new message"),
        ("unread_other", "{count} new messages"),
        ("new_message", "{name}: {text}"),
        ("too_long_other", "Too long by {count}"),
        ("room_other", "Room for {count}"),
        ("typing", "{name} is typing"),
        ("sending", "Sending"),
        ("sent", "Sent"),
        ("not_sent", "Not sent"),
        ("agent", "Agent"),
        ("expiring", "It ends soon."),
        ("stay", "Stay"),
        ("extending", "One moment."),
        ("you", "You"),
        ("today", "Today"),
        ("yesterday", "Yesterday"),
        ("new_messages", "New"),
        ("joined", "{name} has joined"),
        ("to_newest", "Newest"),
        ("delete", "Delete"),
    ] {
        js_sys::Reflect::set(&words, &key.into(), &word.into()).unwrap();
    }
    words.into()
}

impl Stage {
    /// Closed and empty.
    pub fn new() -> Stage {
        Stage::on(root())
    }

    pub fn on((host, root): (HtmlElement, ShadowRoot)) -> Stage {
        let asked = Rc::new(Asked::default());
        let images = Images { own_host: String::new() };
        let lazy = Lazy::new(page::lazy_views());
        let appearance = Appearance { words: Words::new(words(), "en"), images, lazy };
        let ui = Ui::new(root.clone(), appearance, Rc::clone(&asked) as Rc<dyn Host>);
        let mut stage = Stage {
            root,
            ui: Some(ui),
            asked,
            transcript: Transcript::default(),
            phase: Phase::Live,
            banner: None,
            typing: None,
            unread: 0,
            history: HistoryState::default(),
            is_open: false,
            can_clear: true,
            has_markup: false,
            now: Timestamp(1000),
            today: 1_700_000_000_000,
            time: 1_700_000_000_000,
            host,
        };
        stage.apply(&[Diff::Status]);
        stage
    }

    pub fn opened() -> Stage {
        let mut stage = Stage::new();
        stage.is_open = true;
        stage.apply(&[Diff::Status]);
        stage.paint();
        stage
    }

    pub fn apply(&mut self, diffs: &[Diff]) {
        self.with_view(|ui, now, view| ui.apply(now, diffs, view));
    }

    pub fn paint(&mut self) -> Rows {
        let wall = WallTime(self.today);
        self.with_view(|ui, monotonic, view| ui.paint(Now { monotonic, wall }, view))
    }

    pub fn show(&mut self, diffs: &[Diff]) -> Rows {
        self.apply(diffs);
        self.paint()
    }

    fn with_view<T>(&mut self, work: impl FnOnce(&mut Ui, Timestamp, &View<'_>) -> T) -> T {
        let deployment = Deployment { markdown: self.has_markup, ..Deployment::default() };
        let view = View {
            phase: self.phase,
            banner: self.banner,
            transcript: &self.transcript,
            typing: self.typing.as_ref(),
            unread: self.unread,
            history: self.history,
            deployment: Some(&deployment),
            panel_open: self.is_open,
            is_visible: true,
            can_clear: self.can_clear,
            takes_files: false,
            file_max_kb: 0,
            uploads: &[],
        };
        work(self.ui.as_mut().unwrap(), self.now, &view)
    }

    /// A message of an agent's, not yet painted.
    pub fn receive(&mut self, text: &str) -> EntryId {
        self.time += 1000;
        self.receive_body(Author::Agent, self.time, Body::text(text))
    }

    pub fn receive_from(&mut self, name: &str, is_bot: bool) -> EntryId {
        self.time += 1000;
        let author = if is_bot { Author::Bot } else { Author::Agent };
        self.receive_as(author, name, self.time, Body::text("hello"))
    }

    pub fn receive_items(&mut self, items: Vec<Item>) -> EntryId {
        self.time += 1000;
        self.receive_body(Author::Agent, self.time, Body { items, ..Body::text("choose") })
    }

    pub fn receive_older(&mut self, text: &str) -> EntryId {
        let time = 1_600_000_000_000 - self.transcript.entries().len() as i64 * 1000;
        self.receive_body(Author::Agent, time, Body::text(text))
    }

    fn receive_body(&mut self, author: Author, time: i64, body: Body) -> EntryId {
        self.receive_as(author, "Ana", time, body)
    }

    fn receive_as(&mut self, author: Author, name: &str, time: i64, body: Body) -> EntryId {
        let message = Message {
            id: Some(ServerId(format!("server-{time}"))),
            other_id: None,
            client_id: None,
            author,
            sender: Sender { name: Some(name.to_owned()), avatar: None },
            body,
            notice: None,
            time: Some(WallTime(time)),
        };
        match self.transcript.merge(message) {
            Merged::Inserted(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// A message of the guest's, waiting to be sent.
    pub fn write(&mut self, text: &str) -> EntryId {
        self.time += 1000;
        self.transcript.accept(ClientId(format!("client-{}", self.time)), Body::text(text), WallTime(self.time))
    }

    /// An answer of the guest's to an offer, waiting to be sent.
    pub fn answer(&mut self, answer: Answer) -> EntryId {
        self.time += 1000;
        let body = Body { items: vec![Item::Answer(answer)], ..Body::default() };
        self.transcript.accept(ClientId(format!("client-{}", self.time)), body, WallTime(self.time))
    }

    pub fn fill(&mut self, count: usize) {
        for number in 0..count {
            self.receive(&format!("message {number}"));
        }
        self.show(&[Diff::Reset]);
    }

    pub fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    pub fn get(&self, selector: &str) -> HtmlElement {
        self.find(selector).unwrap_or_else(|| panic!("no {selector}")).unchecked_into()
    }

    pub fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).unwrap().length()
    }

    pub fn text(&self, selector: &str) -> String {
        self.get(selector).text_content().unwrap()
    }

    /// The bubbles from top to bottom.
    pub fn bubbles(&self) -> Vec<String> {
        let nodes = self.root.query_selector_all("[part=bubble]").unwrap();
        (0..nodes.length()).map(|at| nodes.get(at).unwrap().text_content().unwrap()).collect()
    }

    pub fn scroller(&self) -> HtmlElement {
        self.get("[part=transcript]")
    }

    pub fn distance_to_bottom(&self) -> i32 {
        let scroller = self.scroller();
        scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
    }

    pub fn scroll_to(&self, top: i32) {
        self.scroller().set_scroll_top(top);
        page::fire(&self.scroller(), "scroll");
    }

    pub fn focused_part(&self) -> Option<String> {
        self.root.active_element().and_then(|element| element.get_attribute("part"))
    }
}
