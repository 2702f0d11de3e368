use crate::support::{Heard, page};
use guest_messenger::browser::fetch::Fetcher;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall};
use guest_messenger::session::redact::Redacted;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Request, RequestCache, RequestCredentials, RequestRedirect};

fn call() -> HttpCall {
    HttpCall {
        id: 7,
        method: "GET",
        url: "https://platform.example/x".to_owned(),
        headers: Vec::new(),
        body: None,
        timeout_ms: 5000,
        keepalive: false,
    }
}

async fn answer(fetch: &JsValue, call: HttpCall) -> Option<HttpAnswer> {
    let heard = Heard::new();
    let teller = heard.teller();
    let fetcher = Fetcher::of(fetch.clone());
    fetcher.call(&call, move |id, answer| teller((id, answer)));
    let (id, answer) = heard.next().await;
    assert_eq!(id, call.id);
    answer
}

#[wasm_bindgen_test]
async fn an_answer_brings_its_status_its_four_headers_and_its_json() {
    // From another realm, as a patched fetch may hand it on: no `instanceof` holds.
    let answer = answer(&page::resolving(&page::foreign_response("{\"a\":1}")), call()).await.unwrap();
    assert_eq!(answer.status, 201);
    assert_eq!(answer.retry_after.as_deref(), Some("7"));
    assert_eq!(answer.date.as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_eq!(answer.etag.as_deref(), Some("W/\"3\""));
    assert_eq!(answer.remaining.as_deref(), Some("42"));
    assert_eq!(answer.body.unwrap().integer("a"), Some(1));
}

#[wasm_bindgen_test]
async fn a_header_of_this_realms_answer_is_read_in_any_case() {
    let answer = answer(&page::resolving(&page::headed_response("etag", "7")), call()).await.unwrap();
    assert_eq!((answer.etag.as_deref(), answer.remaining), (Some("7"), None));
}

#[wasm_bindgen_test]
async fn an_answer_that_is_no_json_has_no_body() {
    let answer = answer(&page::resolving(&page::foreign_response("<html>")), call()).await.unwrap();
    assert_eq!(answer.status, 201);
    assert!(answer.body.is_none());
}

#[wasm_bindgen_test]
async fn a_fetch_that_rejects_with_anything_is_no_answer() {
    for value in [JsValue::from("a text"), JsValue::UNDEFINED, JsValue::NULL, JsValue::from(5), page::foreign_error()] {
        assert!(answer(&page::rejecting(&value), call()).await.is_none());
        assert!(answer(&page::throwing(&value), call()).await.is_none());
    }
}

#[wasm_bindgen_test]
async fn a_fetch_that_resolves_with_garbage_is_no_answer() {
    for value in [
        JsValue::UNDEFINED,
        JsValue::from("text"),
        JsValue::from(200),
        js_sys::Object::new().into(),
        page::hostile_answer(),
        page::broken_body(),
    ] {
        assert!(answer(&page::resolving(&value), call()).await.is_none());
    }
    assert!(answer(&JsValue::from("no function"), call()).await.is_none());
}

#[wasm_bindgen_test]
async fn a_fetch_that_never_settles_is_given_up_in_time() {
    assert!(answer(&page::hanging(), HttpCall { timeout_ms: 20, ..call() }).await.is_none());
}

#[wasm_bindgen_test]
async fn a_request_carries_its_headers_and_no_cookies_referrer_or_cache() {
    let seen = Array::new();
    let headers = vec![("authorization", Redacted::new("Bearer t"))];
    let body = Some(Redacted::new("{}"));
    let post = HttpCall { method: "POST", headers, body, ..call() };
    assert_eq!(answer(&page::recording_fetch(&seen), post).await.unwrap().status, 200);
    let request: Request = seen.get(0).unchecked_into();
    assert_eq!((request.method().as_str(), request.url().as_str()), ("POST", "https://platform.example/x"));
    assert_eq!(request.headers().get("authorization").unwrap().as_deref(), Some("Bearer t"));
    assert_eq!(request.credentials(), RequestCredentials::Omit);
    assert_eq!(request.cache(), RequestCache::NoStore);
    assert_eq!(request.redirect(), RequestRedirect::Error);
    assert_eq!(request.referrer_policy(), web_sys::ReferrerPolicy::NoReferrer);
}

#[wasm_bindgen_test]
async fn a_header_that_browsers_refuse_is_no_answer_instead_of_a_panic() {
    let seen = Array::new();
    let headers = vec![("authorization", Redacted::new("a\nb"))];
    assert!(answer(&page::recording_fetch(&seen), HttpCall { headers, ..call() }).await.is_none());
    assert_eq!(seen.length(), 0);
    assert!(answer(&page::recording_fetch(&seen), HttpCall { url: "https://".to_owned(), ..call() }).await.is_none());
}

#[wasm_bindgen_test]
async fn a_dropped_fetcher_aborts_its_calls_and_says_nothing() {
    let seen = Array::new();
    let heard = Heard::new();
    let fetcher = Fetcher::of(page::listening_fetch(&seen));
    let teller = heard.teller();
    fetcher.call(&HttpCall { timeout_ms: 10, ..call() }, move |_, _| teller(()));
    drop(fetcher);
    page::later(20).await;
    assert_eq!(seen.length(), 1);
    assert_eq!(heard.count(), 0);
}

#[wasm_bindgen_test]
async fn a_change_is_said_with_its_method_its_condition_and_its_body() {
    for method in ["PATCH", "PUT", "POST"] {
        let seen = Array::new();
        let headers = ["if-match", "x-genesys-request-id", "content-type"].map(|name| (name, Redacted::new(name)));
        let body = Some(Redacted::new("{\"typing\":true}"));
        let change = HttpCall { method, headers: headers.to_vec(), body, ..call() };
        assert!(answer(&page::recording_fetch(&seen), change).await.is_some());
        let request: Request = seen.get(0).unchecked_into();
        assert_eq!(request.method(), method);
        for name in ["if-match", "x-genesys-request-id", "content-type"] {
            assert_eq!(request.headers().get(name).unwrap().as_deref(), Some(name));
        }
        assert_eq!(page::text_of(&request).await, "{\"typing\":true}");
    }
}

#[wasm_bindgen_test]
async fn only_a_call_that_is_to_outlive_the_page_does() {
    for keepalive in [true, false] {
        let seen = Array::new();
        assert!(answer(&page::recording_fetch(&seen), HttpCall { keepalive, ..call() }).await.is_some());
        let outlives = js_sys::Reflect::get(&seen.get(0), &"keepalive".into()).unwrap();
        assert_eq!(outlives.as_bool(), Some(keepalive));
    }
}

#[wasm_bindgen_test]
async fn an_answer_without_content_is_one() {
    let answer = answer(&page::resolving(&page::empty_response(204)), call()).await.unwrap();
    assert_eq!(answer.status, 204);
    assert!(answer.body.is_none());
    assert_eq!((answer.retry_after, answer.date), (None, None));
}

#[wasm_bindgen_test]
async fn a_page_in_place_of_an_answer_is_told_by_its_status() {
    let page = "<!doctype html><title>502 Bad Gateway</title>";
    let answer = answer(&page::resolving(&page::response(502, page)), call()).await.unwrap();
    assert_eq!(answer.status, 502);
    assert!(answer.body.is_none());
}

#[wasm_bindgen_test]
async fn an_answer_of_more_than_four_megabytes_is_not_looked_into() {
    const MAX_BYTES: usize = 4 * 1024 * 1024;
    for (length, is_read) in [(MAX_BYTES, true), (MAX_BYTES + 1, false)] {
        let text = ["\"", &"x".repeat(length - 2), "\""].concat();
        let answer = answer(&page::resolving(&page::response(200, &text)), call()).await.unwrap();
        assert_eq!(answer.body.is_some(), is_read, "{length}");
    }
}

#[wasm_bindgen_test]
async fn a_patched_fetch_may_give_anything_that_can_be_awaited() {
    let answer = answer(&page::thenable(&page::response(200, "{\"a\":1}")), call()).await.unwrap();
    assert_eq!(answer.body.unwrap().integer("a"), Some(1));
}
