use crate::support::{Heard, page};
use guest_messenger::browser::lifecycle::Lifecycle;
use guest_messenger::session::input::Environment;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_state_of_the_page_is_told_at_once_and_each_change_until_dropped() {
    let window = web_sys::window().unwrap();
    let document = window.document().unwrap();
    let heard = Heard::new();
    let lifecycle = Lifecycle::watch(heard.teller());
    assert_eq!(heard.take(), [Environment::Visible]);
    for name in ["offline", "online", "pagehide", "pageshow"] {
        page::fire(&window, name);
    }
    page::fire(&document, "resume");
    page::fire(&document, "visibilitychange");
    let expected = [
        Environment::Offline,
        Environment::Online,
        Environment::Leaving,
        // Not from the back/forward cache: nothing to tell of `pageshow`.
        Environment::Resumed,
        Environment::Visible,
    ];
    assert_eq!(heard.take(), expected);
    drop(lifecycle);
    page::fire(&window, "offline");
    assert_eq!(heard.count(), 0);
}
