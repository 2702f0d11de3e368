// One state: `state.html?state=card&scheme=dark&locale=ar`. The document's `data-ready` says when it is there.
import { endpoint, freeze, historyRead, now_ms, platform, said } from "./player.js";
import { pseudo } from "./pseudo.js";
import { states } from "./states.js";

const wanted = new URL(location.href).searchParams;
const name = wanted.get("state") ?? "chatting";
const state = states[name];
if (!state) throw new Error(`There is no state "${name}": the states are ${Object.keys(states).join(", ")}.`);
const locale = wanted.get("locale") ?? state.locale ?? "en";
const root = document.documentElement;

const stage = {
  part: (part) => document.querySelector("guest-messenger")?.shadowRoot?.querySelector(`[part=${part}]`),
  async frames(count) {
    for (; count > 0; count--) await new Promise(requestAnimationFrame);
  },
  async until(condition) {
    for (;;) {
      const found = condition();
      if (found) return found;
      await stage.frames(1);
    }
  },
  shown: (part) => stage.until(() => [stage.part(part)].find((node) => node?.checkVisibility?.())),
  async press(part) {
    (await stage.shown(part)).click();
  },
  async type(text, part = "input") {
    const input = await stage.shown(part);
    input.value = text;
    said.add(text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  },
  async drop(files) {
    const data = new DataTransfer();
    for (const [name, type, bytes] of files) {
      data.items.add(new File([bytes], name, { type }));
      said.add(name);
    }
    await stage.shown("attach");
    stage.part("panel").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  },
  async write(text) {
    await stage.type(text);
    await stage.press("send");
  },
};

// The shop, as it is without the messenger.
const shop = new DOMParser().parseFromString(await (await fetch("../index.html")).text(), "text/html");
for (const script of shop.querySelectorAll("script")) script.remove();
document.body.append(...shop.body.children);
root.lang = locale === "pseudo" ? "en" : locale;
if (["ar", "he"].includes(root.lang)) root.dir = "rtl";

platform.history = typeof state.history === "function" ? state.history() : state.history;
state.config?.(platform.config);
platform.http = state.http ?? platform.http;
const { expirationDate, ...session } = state.session ?? {};
platform.session = { ...session, ...(expirationDate ? { expirationDate: expirationDate() } : {}) };
if (locale === "pseudo") await pseudo();
leaveMark();
loadMessenger();

const isOpen = state.open ?? true;
await stage.shown(isOpen ? "panel" : "launcher");
if (platform.history.length > 0) await historyRead;
await stage.frames(3);
await state.play?.(stage);
await stage.shown(state.shows);
await stage.frames(3);
freeze();
await document.fonts.ready;
root.dataset.ready = "";

/** The conversation that goes on, as the messenger left it in the storage. */
function leaveMark() {
  const key = `guest-messenger:gallery-${name}`;
  for (const old of [key, `${key}:tab`]) sessionStorage.removeItem(old);
  if (platform.history.length === 0) return;
  const expiresAt = now_ms() + 259_200_000;
  const readMark = { time: now_ms(), id: platform.history.at(-1).id };
  sessionStorage.setItem(key, JSON.stringify({ v: 1, token: "gallery-token-that-is-long-enough", expiresAt, readMark, live: true, open: state.open ?? true }));
}

function loadMessenger() {
  const script = document.createElement("script");
  const options = {
    deploymentId: `gallery-${name}`,
    endpoint,
    primaryColor: wanted.get("color") ?? "#2f6b4f",
    colorScheme: wanted.get("scheme") ?? "auto",
    locale: locale === "pseudo" ? "de" : locale,
    open: String(state.open ?? true),
  };
  Object.assign(script.dataset, options);
  script.src = "/dist/guest-messenger.js";
  document.body.append(script);
}
