use crate::support::{Heard, page};
use guest_messenger::browser::frames::Frames;
use guest_messenger::browser::timers;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

fn frames(heard: &Heard<()>) -> Frames {
    let teller = heard.teller();
    Frames::new(move || teller(()))
}

#[wasm_bindgen_test]
async fn many_requests_are_painted_once() {
    let heard = Heard::new();
    let frames = frames(&heard);
    for _ in 0..10 {
        frames.request();
    }
    page::later(150).await;
    assert_eq!(heard.count(), 1);
    frames.request();
    page::later(150).await;
    assert_eq!(heard.count(), 2);
}

#[wasm_bindgen_test]
async fn what_lies_ready_in_many_tasks_is_painted_together() {
    let heard = Heard::new();
    let frames = Rc::new(frames(&heard));
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let frames = Rc::clone(&frames);
            timers::after(0, move || frames.request())
        })
        .collect();
    page::later(150).await;
    drop(tasks);
    assert!((1..20).contains(&heard.count()), "but for the browser's own frames between them: {}", heard.count());
}

#[wasm_bindgen_test]
async fn a_dropped_request_is_never_painted() {
    let heard = Heard::new();
    let frames = frames(&heard);
    frames.request();
    drop(frames);
    page::later(150).await;
    assert_eq!(heard.count(), 0);
}
