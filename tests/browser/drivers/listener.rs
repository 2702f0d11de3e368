use crate::support::{Heard, page};
use guest_messenger::listener::Listener;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventTarget};

#[wasm_bindgen_test]
fn a_dropped_listener_hears_nothing() {
    let target = EventTarget::new().unwrap();
    let heard = Heard::new();
    for captures in [false, true] {
        let teller = heard.teller();
        let react = move |_: Event| teller(());
        let listener =
            if captures { Listener::capturing(&target, "ping", react) } else { Listener::new(&target, "ping", react) };
        page::fire(&target, "ping");
        drop(listener);
        assert!(page::fires_quietly(&target, "ping"), "something of it is still called");
    }
    assert_eq!(heard.count(), 2);
}

#[wasm_bindgen_test]
fn a_listener_may_prevent_what_the_browser_would_do() {
    // Of scrolling events browsers make passive listeners unless told otherwise.
    let body = web_sys::window().unwrap().document().unwrap().body().unwrap();
    let _listener = Listener::new(&body, "touchmove", |event: Event| event.prevent_default());
    assert!(page::fire(&body, "touchmove"));
}
