// Views that few visitors need: each is a script of its own, fetched when it is first shown.
import { element } from "./dom.ts";
import type { ReadOptions } from "./options.ts";
import type { Preferences } from "./preferences.ts";

/** What a view gets beside its data. */
export interface LazyContext {
  root: ShadowRoot;
  /** The wasm's own, as long as they are open. */
  sockets: Set<WebSocket>;
  strings: Readonly<Record<string, string>>;
  locale: string;
  /** Whose pictures may be shown: the platform's domain, and the address of a stand-in or proxy. One of them is empty. */
  domain: string;
  endpoint: string;
  /** Files that the visitor chose and nobody has taken up. */
  files: File[];
  options: Readonly<ReadOptions>;
  /** What the visitor has chosen on this page: for a browser that stores nothing. */
  chosen: Preferences;
  /** The languages that there are words for. */
  locales: readonly string[];
  /** Starts the messenger anew in another language, and keeps to it. */
  speak(tag: string): void;
  /** It is shown once more, because it has asked for that. */
  isAgain: boolean;
  /** Does nothing once the view is not wanted any more. */
  respond(answer: string): void;
}

/** What the scripts in lazy/ export. */
export interface LazyView {
  /** It says more than the engine's words: those of view-words.ts. */
  saysMore?: boolean;
  /** Fills the host, which is empty. `data` is what src/ui has sent, parsed; the view judges what is in it. */
  show(host: HTMLElement, data: unknown, context: LazyContext): void;
}

/** Shows a view. Returns what makes it answer no more. `data` is JSON text. */
export type ShowLazy = (name: string, host: HTMLElement, data: string, respond: (answer: string) => void) => () => void;

const scripts = new Map<string, Promise<any>>();
let failures = 0;

/** `more` is that of the language. */
export function lazyViews(common: Omit<LazyContext, "respond" | "isAgain">, more: readonly string[]): ShowLazy {
  return (name, host, data, respond) => {
    let isWanted = true;
    let { strings } = common;
    const attempt = async () => {
      host.setAttribute("aria-busy", "true");
      try {
        const isAgain = name[0] === "+";
        const { show, saysMore }: LazyView = await load(name.slice(+isAgain));
        if (saysMore) strings = { ...strings, ...(await load("view-words")).viewWords(more) };
        if (!isWanted) return;
        host.replaceChildren();
        show(host, JSON.parse(data), { ...common, strings, isAgain, respond: (answer) => void (isWanted && respond(answer)) });
      } catch {
        const retry = element("button", { type: "button", part: "retry" }, strings["retry"]);
        retry.addEventListener("click", attempt);
        host.replaceChildren(element("span", {}, strings["not_loaded"]), " ", retry);
      }
      host.removeAttribute("aria-busy");
    };
    void attempt();
    return () => {
      isWanted = false;
    };
  };
}

/** A script of lazy/, once. */
export function load(name: string): Promise<any> {
  let script = scripts.get(name);
  if (!script) {
    // Some browsers remember a failed import by its address; the fragment makes it another one.
    script = import(new URL(`${name}-${LAZY_HASH}.js#${failures}`, import.meta.url).href);
    scripts.set(name, script);
    script.catch(() => {
      scripts.delete(name);
      failures++;
    });
  }
  return script;
}
