//! The page's token provider, as the exported class asks it.

use crate::options::with;
use crate::support::page::FakeSocket;
use crate::support::{Heard, page, stage};
use guest_messenger::Messenger;
use js_sys::{Function, JSON, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::ShadowRoot;

const TOKEN: &str = r#"{"token":"t-1","expiresIn":3600,"guestId":"P"}"#;

/// What the page is asked by, and how often that was.
fn provider() -> (Function, Heard<()>) {
    let asked = Heard::new();
    let teller = asked.teller();
    let page = Closure::<dyn Fn()>::new(move || teller(())).into_js_value();
    (page.unchecked_into(), asked)
}

/// With an open panel, and so with a line that is about to open at this address.
fn mount(root: &ShadowRoot, endpoint: &str) -> Messenger {
    let options = with(&[
        ("deploymentId", endpoint.into()),
        ("endpoint", endpoint.into()),
        ("domain", "".into()),
        ("conversationId", "C".into()),
        ("hasToken", true.into()),
        ("open", true.into()),
    ]);
    Messenger::new(
        root.clone(),
        options,
        stage::words(),
        Function::new_no_args(""),
        page::vault(None),
        page::no_recording(),
        page::no_lazy_views(),
    )
    .unwrap()
}

/// The line, once there is one.
async fn line(endpoint: &str) -> FakeSocket {
    loop {
        let socket: JsValue = page::fake_socket().into();
        let url = Reflect::get(&socket, &"url".into()).ok().and_then(|url| url.as_string());
        if url.is_some_and(|url| url.starts_with(&endpoint.replace("http", "ws"))) {
            return socket.unchecked_into();
        }
        page::later(20).await;
    }
}

fn sent(line: &FakeSocket) -> String {
    JSON::stringify(&line.sent()).unwrap().into()
}

#[wasm_bindgen_test]
async fn what_the_token_provider_gives_authenticates_the_line() {
    let (host, root) = stage::root();
    page::fake_sockets();
    let endpoint = "http://127.0.0.1:9/provider";
    let messenger = mount(&root, endpoint);
    let (page, asked) = provider();
    messenger.offer_token(page);
    let line = line(endpoint).await;
    assert_eq!(asked.count(), 0);
    line.opens();
    asked.next().await;
    assert_eq!(sent(&line), "[]");
    messenger.access_token(Some(TOKEN.to_owned()));
    assert_eq!(sent(&line), r#"["{\"type\":\"authenticate\",\"token\":\"t-1\"}"]"#);
    assert_eq!(asked.count(), 0, "once");
    messenger.destroy();
    page::genuine_sockets();
    host.remove();
}

#[wasm_bindgen_test]
async fn a_token_that_was_wanted_before_there_was_a_provider_is_asked_for_then() {
    let (host, root) = stage::root();
    page::fake_sockets();
    let endpoint = "http://127.0.0.1:9/late-provider";
    let messenger = mount(&root, endpoint);
    let line = line(endpoint).await;
    line.opens();
    // The driver hears of it from a task of its own.
    page::later(20).await;
    let (page, asked) = provider();
    messenger.offer_token(page);
    assert_eq!(asked.count(), 1);
    for junk in ["", "no json", "[]", r#"{"token":7}"#, r#"{"token":""}"#] {
        messenger.access_token(Some(junk.to_owned()));
        assert_eq!(sent(&line), "[]");
    }
    messenger.destroy();
    page::genuine_sockets();
    host.remove();
}
