//! The exported class, with everything behind it.

use crate::support::{Heard, page, stage};
use guest_messenger::browser::storage::Storage;
use guest_messenger::session::ids::GuestToken;
use guest_messenger::session::record::Record;
use guest_messenger::session::redact::Redacted;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlTextAreaElement, ShadowRoot};

fn options(deployment_id: &str) -> JsValue {
    let options: JsValue = Object::new().into();
    for (name, value) in [
        ("deploymentId", deployment_id),
        ("domain", ""),
        ("endpoint", "http://127.0.0.1:9"),
        ("api", "guest"),
        ("typing", "socket"),
        ("receipts", "auto"),
        ("locale", "en"),
    ] {
        Reflect::set(&options, &name.into(), &value.into()).unwrap();
    }
    for name in ["remember", "open"] {
        Reflect::set(&options, &name.into(), &false.into()).unwrap();
    }
    options
}

fn with(name: &str, value: JsValue) -> JsValue {
    let options = options("options");
    Reflect::set(&options, &name.into(), &value).unwrap();
    options
}

struct Page {
    host: HtmlElement,
    root: ShadowRoot,
    _hearing: Closure<dyn Fn(String, JsValue)>,
    heard: Heard<(String, JsValue)>,
}

impl Page {
    fn new() -> (Page, Function) {
        let (host, root) = stage::root();
        let heard = Heard::new();
        let teller = heard.teller();
        let hearing: Closure<dyn Fn(String, JsValue)> = Closure::new(move |name, detail| teller((name, detail)));
        let listener = hearing.as_js_value().clone().unchecked_into();
        (Page { host, root, _hearing: hearing, heard }, listener)
    }

    async fn wait_for(&self, name: &str) -> JsValue {
        loop {
            let (heard, detail) = self.heard.next().await;
            if heard == name {
                return detail;
            }
        }
    }

    fn is_open(&self) -> bool {
        let panel: HtmlElement = self.root.query_selector("[part=panel]").unwrap().unwrap().unchecked_into();
        !panel.hidden()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.host.remove();
    }
}

fn code(error: &JsValue) -> Option<String> {
    Reflect::get(error, &"code".into()).unwrap().as_string()
}

#[wasm_bindgen_test]
fn wrong_options_are_refused_with_a_code() {
    let (page, listener) = Page::new();
    for wrong in [
        JsValue::UNDEFINED,
        JsValue::from("text"),
        Object::new().into(),
        with("open", "yes".into()),
        with("api", "other".into()),
        with("receipts", JsValue::NULL),
        with("endpoint", "".into()),
        with("endpoint", "ftp://x".into()),
        with("unknown", JsValue::TRUE),
        with("deploymentId", "".into()),
    ] {
        let error = page::messenger(&page.root, wrong, listener.clone(), page::vault(None)).err().unwrap();
        assert_eq!(code(&error).as_deref(), Some("misuse/options"));
    }
}

#[wasm_bindgen_test]
async fn opening_and_closing_are_told_from_a_fresh_task() {
    let (page, listener) = Page::new();
    let messenger = page::messenger(&page.root, options("open"), listener, page::vault(None)).unwrap();
    messenger.open();
    assert_eq!(page.heard.count(), 0);
    page.wait_for("opened").await;
    assert!(page.is_open());
    messenger.close();
    assert!(!page.is_open());
    page.wait_for("closed").await;
    messenger.destroy();
}

#[wasm_bindgen_test]
async fn however_much_happens_at_once_the_page_hears_all_of_it() {
    let (page, listener) = Page::new();
    let messenger = page::messenger(&page.root, options("burst"), listener, page::vault(None)).unwrap();
    messenger.open();
    page.wait_for("opened").await;
    for _ in 0..250 {
        messenger.close();
        messenger.open();
    }
    for _ in 0..250 {
        for expected in ["closed", "opened"] {
            let mut name = String::new();
            // The line has news of its own.
            while !matches!(name.as_str(), "closed" | "opened") {
                (name, _) = page.heard.next().await;
            }
            assert_eq!(name, expected);
        }
    }
    messenger.destroy();
}

#[wasm_bindgen_test]
async fn a_message_is_painted_and_told_without_its_text() {
    let (page, listener) = Page::new();
    let messenger = page::messenger(&page.root, options("send"), listener, page::vault(None)).unwrap();
    messenger.open();
    page.wait_for("opened").await;
    messenger.send("a secret").unwrap();
    let detail = page.wait_for("delivery").await;
    assert_eq!(Reflect::get(&detail, &"delivery".into()).unwrap().as_string().as_deref(), Some("queued"));
    assert!(Reflect::get(&detail, &"entryId".into()).unwrap().as_f64().is_some());
    assert!(!js_sys::JSON::stringify(&detail).unwrap().as_string().unwrap().contains("secret"));
    page::frame().await;
    assert_eq!(page.root.query_selector("[part=bubble]").unwrap().unwrap().text_content().as_deref(), Some("a secret"));
    assert_eq!(code(&messenger.send(" ").unwrap_err()).as_deref(), Some("misuse/empty-message"));
    assert_eq!(code(&messenger.send(&"x".repeat(4097)).unwrap_err()).as_deref(), Some("rejected/too-long"));
    messenger.destroy();
}

#[wasm_bindgen_test]
async fn a_destroyed_messenger_leaves_the_root_as_it_was_and_says_nothing() {
    let (page, listener) = Page::new();
    let messenger = page::messenger(&page.root, options("destroy"), listener, page::vault(None)).unwrap();
    messenger.open();
    page.wait_for("opened").await;
    messenger.destroy();
    messenger.destroy();
    messenger.open();
    messenger.close();
    assert_eq!(code(&messenger.send("x").unwrap_err()).as_deref(), Some("misuse/destroyed"));
    page.heard.take();
    page::later(150).await;
    assert_eq!(page::count(&page.root), 2);
    assert_eq!(page.heard.count(), 0);
}

#[wasm_bindgen_test]
async fn a_listener_may_throw_and_destroy_the_messenger_it_listens_to() {
    let (page, _) = Page::new();
    let restore_reports = page::swallow_reports();
    let names = Array::new();
    let listener = page::self_destroying(&names);
    let messenger = page::messenger(&page.root, options("reenter"), listener, page::vault(None)).unwrap();
    messenger.open();
    page::hold(messenger.into());
    page::later(200).await;
    assert_eq!(names.length(), 1, "nothing is told after destroy");
    assert_eq!(page::count(&page.root), 2);
    page::hold(JsValue::UNDEFINED);
    restore_reports.call0(&JsValue::UNDEFINED).unwrap();
}

#[wasm_bindgen_test]
async fn what_was_being_written_is_kept_and_put_back() {
    let (page, listener) = Page::new();
    let vault = page::vault(None);
    let same = JsValue::from(&vault).unchecked_into();
    let messenger = page::messenger(&page.root, options("draft"), listener, vault).unwrap();
    messenger.open();
    page.wait_for("opened").await;
    let input = page.root.query_selector("[part=input]").unwrap().unwrap();
    page::type_text(&input, "half a tho");
    while page::saved(&same).is_none() {
        page::later(20).await;
    }
    messenger.destroy();
    let text = page::saved(&same).unwrap();

    let (page, listener) = Page::new();
    let vault = page::vault(Some(&text));
    let messenger = page::messenger(&page.root, options("draft"), listener, vault).unwrap();
    messenger.open();
    page.wait_for("opened").await;
    let input: HtmlTextAreaElement = page.root.query_selector("[part=input]").unwrap().unwrap().unchecked_into();
    while input.value().is_empty() {
        page::later(20).await;
    }
    assert_eq!(input.value(), "half a tho");
    messenger.destroy();
}

#[wasm_bindgen_test]
async fn what_was_not_sent_before_is_shown_again() {
    let (page, listener) = Page::new();
    let text = r#"{"v":1,"unsent":[{"id":"c1","text":"unsent","answers":[],"acceptedAt":0,"after":0,"failed":true}],"draft":""}"#;
    let vault = page::vault(Some(text));
    let messenger = page::messenger(&page.root, options("unsent"), listener, vault).unwrap();
    while page.root.query_selector("[data-delivery=failed]").unwrap().is_none() {
        page::later(20).await;
    }
    messenger.destroy();
}

#[wasm_bindgen_test]
async fn what_is_typed_before_the_storage_has_answered_is_not_written_over_what_it_holds() {
    let (page, listener) = Page::new();
    let text = r#"{"v":1,"unsent":[{"id":"c1","text":"unsent","answers":[],"acceptedAt":0,"after":0,"failed":true}],"draft":""}"#;
    let vault = page::slow_vault(text);
    let same = JsValue::from(&vault).unchecked_into();
    let messenger = page::messenger(&page.root, options("slow"), listener, vault).unwrap();
    messenger.open();
    page.wait_for("opened").await;
    let input = page.root.query_selector("[part=input]").unwrap().unwrap();
    page::type_text(&input, "half a tho");
    page::later(20).await;
    assert_eq!(page::saved(&same).as_deref(), Some(text));
    page::answer_vault(&same);
    while !page::saved(&same).is_some_and(|saved| saved.contains("half a tho")) {
        page::later(20).await;
    }
    assert!(page::saved(&same).is_some_and(|saved| saved.contains(r#""text":"unsent""#)));
    messenger.destroy();
}

#[wasm_bindgen_test]
async fn what_comes_back_into_the_composer_is_kept_with_what_is_said_next() {
    let (page, listener) = Page::new();
    let text = r#"{"v":1,"unsent":[{"id":"c1","text":"unsent","answers":[],"acceptedAt":0,"after":0,"failed":true}],"draft":"half a tho"}"#;
    let vault = page::vault(Some(text));
    let same = JsValue::from(&vault).unchecked_into();
    let messenger = page::messenger(&page.root, options("both"), listener, vault).unwrap();
    messenger.open();
    while page::saved(&same).as_deref() == Some(text) {
        page::later(20).await;
    }
    page::later(50).await;
    assert!(page::saved(&same).is_some_and(|saved| saved.contains("half a tho")));
    messenger.destroy();
}

#[wasm_bindgen_test]
async fn what_is_said_after_a_reload_is_kept_although_nothing_was_kept_before() {
    let token = GuestToken(Redacted::new("token"));
    let record = Record { token, expires_at: None, read_mark: None, is_live: true, panel_open: false };
    Storage::open("reloaded", false).save(&record).unwrap();
    let (page, listener) = Page::new();
    let vault = page::vault(None);
    let same = JsValue::from(&vault).unchecked_into();
    let messenger = page::messenger(&page.root, options("reloaded"), listener, vault).unwrap();
    messenger.open();
    page.wait_for("opened").await;
    messenger.send("said").unwrap();
    page::later(100).await;
    assert!(page::saved(&same).is_some_and(|saved| saved.contains("said")));
    messenger.destroy();
}
