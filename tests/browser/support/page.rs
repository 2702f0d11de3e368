//! What pages do, in their own language.

use super::stage;
use guest_messenger::Messenger;
use guest_messenger::browser::vault::Vault;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, EventTarget, ShadowRoot};

#[wasm_bindgen(inline_js = r#"
export const rejecting = (value) => () => Promise.reject(value);
export const resolving = (value) => () => Promise.resolve(value);
export const throwing = (value) => () => { throw value; };
export const hanging = () => () => new Promise(() => {});
export const identity = () => (value) => value;
export function foreignError() {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  return new frame.contentWindow.Error("of another realm");
}
export function foreignResponse(text) {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  return new frame.contentWindow.Response(text, { status: 201, headers: { "retry-after": "7", "date": "Sun, 06 Nov 1994 08:49:37 GMT", "ETag": 'W/"3"', "X-RateLimit-Remaining": "42" } });
}
export function headedResponse(name, value) {
  return new Response("{}", { headers: { [name]: value } });
}
export function hostileAnswer() {
  return { get status() { throw "no"; }, headers: 1, text: 2 };
}
export function brokenBody() {
  return { status: 200, headers: { get() { throw "no"; } }, text: () => Promise.reject("broken") };
}
export function recordingFetch(seen) {
  return (request) => { seen.push(request); return Promise.resolve(new Response("{}")); };
}
export function listeningFetch(seen) {
  return (request) => new Promise(() => request.signal.addEventListener("abort", () => seen.push("aborted")));
}
export const response = (status, text) => new Response(text, { status });
export const emptyResponse = (status) => new Response(null, { status });
export const thenable = (value) => () => ({ then: (resolve) => resolve(value) });
export const textOf = (request) => request.text();
export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
export function blockedStorage() {
  const refuse = () => { throw new DOMException("blocked", "SecurityError"); };
  return { getItem: refuse, setItem: refuse, removeItem: refuse };
}
export const constantRandom = () => ({ getRandomValues: (array) => array.fill(7) });
export const throwingRandom = () => ({ getRandomValues() { throw new Error("none"); } });
export function controlKey(target, name) {
  return !target.dispatchEvent(new KeyboardEvent("keydown", { key: name, ctrlKey: true, bubbles: true, cancelable: true, composed: true }));
}
export function key(target, name, shiftKey, isComposing, keyCode) {
  const event = new KeyboardEvent("keydown", { key: name, shiftKey, isComposing, bubbles: true, composed: true, cancelable: true });
  Object.defineProperty(event, "keyCode", { value: keyCode });
  target.dispatchEvent(event);
  return event.defaultPrevented;
}
export function fire(target, name) {
  const Kind = name === "pageshow" ? PageTransitionEvent : Event;
  const event = new Kind(name, { bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event.defaultPrevented;
}
export function firesQuietly(target, name) {
  const thrown = [];
  const note = (event) => { thrown.push(event); event.preventDefault(); };
  window.addEventListener("error", note);
  fire(target, name);
  window.removeEventListener("error", note);
  return thrown.length === 0;
}
export function type(area, text) {
  area.value = text;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
export function style(root, text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  root.adoptedStyleSheets = [sheet];
}
class FakeSocket extends EventTarget {
  static last;
  static OPEN = 1;
  readyState = 0;
  sent = [];
  constructor(url) { super(); this.url = url; FakeSocket.last = this; }
  send(text) { this.sent.push(text); }
  close(code) { if (this.readyState < 2) { this.closedWith = code; this.readyState = 2; } }
  opens() { this.readyState = 1; this.dispatchEvent(new Event("open")); }
  says(data) { this.dispatchEvent(new MessageEvent("message", { data })); }
  ends(code) { this.readyState = 3; this.dispatchEvent(new CloseEvent("close", { code })); }
}
let genuine;
export function fakeSockets() { genuine ??= globalThis.WebSocket; globalThis.WebSocket = FakeSocket; }
export function throwingSockets() { genuine ??= globalThis.WebSocket; globalThis.WebSocket = function () { throw "not today"; }; }
export function genuineSockets() { if (genuine) globalThis.WebSocket = genuine; }
export const fakeSocket = () => FakeSocket.last;
export const post = (name, data) => { const channel = new BroadcastChannel(name); channel.postMessage(data); channel.close(); };
export const clobber = () => { const image = document.createElement("img"); image.name = "createElement"; document.body.append(image); return image; };
export const selfDestroying = (names) => (name) => { names.push(name); globalThis.testMessenger?.destroy(); throw new Error("a page's mistake"); };
export const hold = (messenger) => { globalThis.testMessenger = messenger; };
export function swallowReports() { const was = globalThis.reportError; globalThis.reportError = () => {}; return () => { globalThis.reportError = was; }; }
export class MemoryVault {
  constructor(text) { this.text = text; }
  load() { return Promise.resolve(this.text); }
  save(text) { this.text = text; return Promise.resolve(true); }
  close() {}
}
export class SlowVault extends MemoryVault {
  load() { return new Promise((resolve) => { this.answer = () => resolve(this.text); }); }
}
export const slowVault = (text) => new SlowVault(text);
export const answerVault = (vault) => vault.answer();
export const vault = (text) => new MemoryVault(text);
export const saved = (vault) => vault.text;
const shown = [];
export const lazyViews = () => (name, host, data, respond) => {
  const view = { name, data, respond, isSilent: false };
  shown.push(view);
  host.textContent = name;
  return () => { view.isSilent = true; };
};
export const lastView = () => shown.at(-1);
export const respond = (view, answer) => view.respond(answer);
export const count = (node) => node.querySelectorAll("*").length;
"#)]
extern "C" {
    /// One that holds this text already, in memory.
    pub fn vault(text: Option<&str>) -> Vault;
    /// One that gives it out when it is told to.
    #[wasm_bindgen(js_name = slowVault)]
    pub fn slow_vault(text: &str) -> Vault;
    #[wasm_bindgen(js_name = answerVault)]
    pub fn answer_vault(vault: &Vault);
    pub fn saved(vault: &Vault) -> Option<String>;
    pub fn rejecting(value: &JsValue) -> JsValue;
    pub fn resolving(value: &JsValue) -> JsValue;
    pub fn throwing(value: &JsValue) -> JsValue;
    pub fn hanging() -> JsValue;
    #[wasm_bindgen(js_name = foreignError)]
    pub fn foreign_error() -> JsValue;
    #[wasm_bindgen(js_name = foreignResponse)]
    pub fn foreign_response(text: &str) -> JsValue;
    #[wasm_bindgen(js_name = headedResponse)]
    pub fn headed_response(name: &str, value: &str) -> JsValue;
    #[wasm_bindgen(js_name = hostileAnswer)]
    pub fn hostile_answer() -> JsValue;
    #[wasm_bindgen(js_name = brokenBody)]
    pub fn broken_body() -> JsValue;
    #[wasm_bindgen(js_name = recordingFetch)]
    pub fn recording_fetch(seen: &js_sys::Array) -> JsValue;
    #[wasm_bindgen(js_name = listeningFetch)]
    pub fn listening_fetch(seen: &js_sys::Array) -> JsValue;
    pub fn response(status: u16, text: &str) -> JsValue;
    #[wasm_bindgen(js_name = emptyResponse)]
    pub fn empty_response(status: u16) -> JsValue;
    pub fn thenable(value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = textOf)]
    fn text_promise(request: &web_sys::Request) -> Promise;
    #[wasm_bindgen(js_name = later)]
    fn later_promise(ms: u32) -> Promise;
    #[wasm_bindgen(js_name = frame)]
    fn frame_promise() -> Promise;
    #[wasm_bindgen(js_name = blockedStorage)]
    pub fn blocked_storage() -> web_sys::Storage;
    #[wasm_bindgen(js_name = constantRandom)]
    pub fn constant_random() -> JsValue;
    #[wasm_bindgen(js_name = throwingRandom)]
    pub fn throwing_random() -> JsValue;
    /// Answers whether the default was prevented.
    #[wasm_bindgen(js_name = controlKey)]
    pub fn control_key(target: &EventTarget, name: &str) -> bool;
    #[wasm_bindgen(js_name = key)]
    fn press(target: &EventTarget, name: &str, shift: bool, composing: bool, code: u32) -> bool;
    pub fn fire(target: &EventTarget, name: &str) -> bool;
    /// Answers whether no listener threw.
    #[wasm_bindgen(js_name = firesQuietly)]
    pub fn fires_quietly(target: &EventTarget, name: &str) -> bool;
    #[wasm_bindgen(js_name = type)]
    pub fn type_text(area: &Element, text: &str);
    pub fn style(root: &web_sys::ShadowRoot, text: &str);
    #[wasm_bindgen(js_name = fakeSockets)]
    pub fn fake_sockets();
    #[wasm_bindgen(js_name = throwingSockets)]
    pub fn throwing_sockets();
    #[wasm_bindgen(js_name = genuineSockets)]
    pub fn genuine_sockets();
    #[wasm_bindgen(js_name = fakeSocket)]
    pub fn fake_socket() -> FakeSocket;
    pub fn post(channel: &str, data: &JsValue);
    pub fn clobber() -> Element;
    #[wasm_bindgen(js_name = selfDestroying)]
    pub fn self_destroying(names: &js_sys::Array) -> js_sys::Function;
    pub fn hold(messenger: JsValue);
    #[wasm_bindgen(js_name = swallowReports)]
    pub fn swallow_reports() -> js_sys::Function;
    pub fn count(node: &web_sys::Node) -> u32;
    /// Shows each view as its name.
    #[wasm_bindgen(js_name = lazyViews)]
    pub fn lazy_views() -> js_sys::Function;
    #[wasm_bindgen(js_name = lastView)]
    pub fn last_view() -> LazyView;
    pub fn respond(view: &LazyView, answer: &str);

    pub type LazyView;
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &LazyView) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn data(this: &LazyView) -> String;
    #[wasm_bindgen(method, getter, js_name = isSilent)]
    pub fn is_silent(this: &LazyView) -> bool;

    pub type FakeSocket;
    #[wasm_bindgen(method)]
    pub fn opens(this: &FakeSocket);
    #[wasm_bindgen(method)]
    pub fn says(this: &FakeSocket, data: &JsValue);
    #[wasm_bindgen(method)]
    pub fn ends(this: &FakeSocket, code: u16);
    #[wasm_bindgen(method, getter)]
    pub fn sent(this: &FakeSocket) -> js_sys::Array;
    #[wasm_bindgen(method, getter, js_name = closedWith)]
    pub fn closed_with(this: &FakeSocket) -> Option<u16>;
}

pub async fn text_of(request: &web_sys::Request) -> String {
    JsFuture::from(text_promise(request)).await.unwrap().as_string().unwrap()
}

/// One with the words of the tests, no recording and no lazy views.
pub fn messenger(root: &ShadowRoot, options: JsValue, listener: Function, vault: Vault) -> Result<Messenger, JsValue> {
    Messenger::new(root.clone(), options, stage::words(), listener, vault, no_recording(), no_lazy_views())
}

/// Takes the items of the flight recorder and keeps none.
pub fn no_recording() -> js_sys::Function {
    js_sys::Function::new_no_args("")
}

/// Shows no lazy view.
pub fn no_lazy_views() -> js_sys::Function {
    js_sys::Function::new_no_args("return () => {}")
}

/// Lets everything due before `ms` from now happen first: timers fire in the order of their deadlines.
pub async fn later(ms: u32) {
    JsFuture::from(later_promise(ms)).await.unwrap();
}

pub async fn frame() {
    JsFuture::from(frame_promise()).await.unwrap();
}

/// Answers whether the default was prevented.
pub fn key(target: &EventTarget, name: &str) -> bool {
    press(target, name, false, false, 0)
}

pub fn shift_key(target: &EventTarget, name: &str) -> bool {
    press(target, name, true, false, 0)
}

/// A key press that belongs to an input method: as browsers tell it today, and as they did before.
pub fn composing_keys(target: &EventTarget, name: &str) -> bool {
    press(target, name, false, true, 0) || press(target, name, false, false, 229)
}
