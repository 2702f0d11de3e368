//! HTTP calls, by the browser's own `fetch` and past gloo-net, whose `send` panics when `fetch` rejects with anything but
//! this realm's Error, or resolves with anything but this realm's Response. Pages patch `fetch` with functions that do
//! both. Its request builder panics on a header that browsers refuse, and would be 2 KB compressed for these few lines.

use super::{json, timers};
use crate::protocol::wire::{HttpAnswer, HttpCall};
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, AbortSignal, ReferrerPolicy, Request, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect,
};

/// A page of history with long messages stays far below this.
const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Holds on to the `fetch` that was there at the start. Dropped, it aborts what is under way and says nothing more.
pub struct Fetcher {
    fetch: JsValue,
    calls: Rc<RefCell<Vec<Call>>>,
}

struct Call {
    id: u32,
    abort: AbortController,
    _timeout: Timeout,
}

impl Drop for Call {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

impl Fetcher {
    pub fn capture() -> Fetcher {
        Fetcher::of(get(&js_sys::global(), "fetch"))
    }

    /// The same with any function that takes a Request.
    pub fn of(fetch: JsValue) -> Fetcher {
        Fetcher { fetch, calls: Rc::default() }
    }

    /// `react` gets the call's id and the answer, `None` when none came within the call's time; not before this returns.
    pub fn call(&self, call: &HttpCall, react: impl Fn(u32, Option<HttpAnswer>) + 'static) {
        let id = call.id;
        let calls = Rc::clone(&self.calls);
        let settle = Rc::new(move |answer| {
            if let Some(call) = take(&calls, id) {
                // Aborts outside of the borrow: a patched `fetch` may listen.
                drop(call);
                react(id, answer);
            }
        });
        let Ok(abort) = AbortController::new() else { return };
        let request = build(call, &abort.signal());
        // The patched `fetch` of a page may not know of the signal: the time is up all the same.
        let expire = Rc::clone(&settle);
        let timeout = timers::after(u64::from(call.timeout_ms), move || expire(None));
        self.calls.borrow_mut().push(Call { id, abort, _timeout: timeout });
        let promise = request.and_then(|request| self.start(&request));
        spawn_local(async move {
            let answer = match promise {
                Some(promise) => read(promise).await,
                None => None,
            };
            settle(answer);
        });
    }

    fn start(&self, request: &Request) -> Option<Promise> {
        let fetch: &Function = self.fetch.dyn_ref()?;
        let promise = fetch.call1(&JsValue::UNDEFINED, request).ok()?;
        Some(Promise::resolve(&promise))
    }
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        drop(self.calls.take());
    }
}

/// The call, unless it is settled or no longer wanted.
fn take(calls: &RefCell<Vec<Call>>, id: u32) -> Option<Call> {
    let mut calls = calls.borrow_mut();
    let at = calls.iter().position(|call| call.id == id)?;
    Some(calls.swap_remove(at))
}

/// `None` for an address or a header that browsers refuse.
fn build(call: &HttpCall, signal: &AbortSignal) -> Option<Request> {
    let init = RequestInit::new();
    init.set_method(call.method);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(signal));
    if call.keepalive {
        // web-sys has no setter for it.
        Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE).ok()?;
    }
    if let Some(body) = &call.body {
        init.set_body(&body.expose().into());
    }
    let request = Request::new_with_str_and_init(&call.url, &init).ok()?;
    let headers = request.headers();
    for (name, value) in &call.headers {
        headers.set(name, value.expose()).ok()?;
    }
    Some(request)
}

/// Believes nothing about what `fetch` resolves with but what it sees of it.
async fn read(promise: Promise) -> Option<HttpAnswer> {
    let answer = JsFuture::from(promise).await.ok()?;
    let status = get(&answer, "status").as_f64().filter(|status| (100.0..600.0).contains(status))?;
    let headers = get(&answer, "headers");
    let header = |name: &str| match headers.dyn_ref::<web_sys::Headers>() {
        Some(headers) => gloo_net::http::Headers::from_raw(headers.clone()).get(name),
        // Another realm's, or what a patched `fetch` made up.
        None => call(&headers, "get", &name.into()).and_then(|text| text.as_string()),
    };
    let (retry_after, date) = (header("retry-after"), header("date"));
    #[cfg(feature = "conversations")]
    let (etag, remaining) = (header("etag"), header("x-ratelimit-remaining"));
    let text = call(&answer, "text", &JsValue::UNDEFINED)?;
    let text = JsFuture::from(Promise::resolve(&text)).await.ok()?.as_string()?;
    Some(HttpAnswer {
        status: status as u16,
        retry_after,
        date,
        #[cfg(feature = "conversations")]
        etag,
        #[cfg(feature = "conversations")]
        remaining,
        body: json::parse(&text, ANSWER_MAX_BYTES),
    })
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    get(object, name).dyn_ref::<Function>()?.call1(object, argument).ok()
}
