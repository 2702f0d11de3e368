use crate::support::{Heard, page};
use gloo_timers::callback::Timeout;
use guest_messenger::browser::{
    clock,
    timers::{self, Timer},
};
use guest_messenger::session::time::Timestamp;
use wasm_bindgen_test::wasm_bindgen_test;

const TOO_LONG_MS: u32 = 3_000_000_000;

fn timer(heard: &Heard<()>) -> Timer {
    let teller = heard.teller();
    Timer::new(move || teller(()))
}

fn in_ms(span_ms: u64) -> Option<Timestamp> {
    Some(clock::now().monotonic.after(span_ms))
}

#[wasm_bindgen_test]
async fn a_timer_fires_when_its_deadline_is_there() {
    let heard = Heard::new();
    let timer = timer(&heard);
    timer.arm(in_ms(10));
    heard.next().await;
    timer.has_fired();
    timer.arm(in_ms(0));
    heard.next().await;
}

#[wasm_bindgen_test]
async fn a_delay_beyond_24_days_does_not_fire_at_once() {
    let (bare, ours) = (Heard::new(), Heard::new());
    let (bare_teller, ours_teller) = (bare.teller(), ours.teller());
    let _bare = Timeout::new(TOO_LONG_MS, move || bare_teller(()));
    let _ours = timers::after(u64::from(TOO_LONG_MS), move || ours_teller(()));
    page::later(20).await;
    assert_eq!(bare.count(), 1, "gloo-timers waits as long as it is told now: the clamp can go");
    assert_eq!(ours.count(), 0);
}

#[wasm_bindgen_test]
async fn a_timer_that_is_dropped_or_disarmed_never_fires() {
    let heard = Heard::new();
    let dropped = timer(&heard);
    dropped.arm(in_ms(1));
    drop(dropped);
    let disarmed = timer(&heard);
    disarmed.arm(in_ms(1));
    disarmed.arm(None);
    page::later(20).await;
    assert_eq!(heard.count(), 0);
}

#[wasm_bindgen_test]
async fn a_new_deadline_takes_the_place_of_the_old_one() {
    let heard = Heard::new();
    let timer = timer(&heard);
    timer.arm(in_ms(1));
    timer.arm(in_ms(5));
    page::later(30).await;
    assert_eq!(heard.count(), 1);
}
