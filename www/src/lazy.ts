// Views that few visitors need: each is a script of its own, fetched when it is first shown.
import { element } from "./dom.ts";
import type { ReadOptions } from "./options.ts";
import type { Preferences } from "./preferences.ts";

/** What a view gets beside its data. */
export interface LazyContext {
  root: ShadowRoot;
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
  /** Does nothing once the view is not wanted any more. */
  respond(answer: string): void;
}

/** What the scripts in lazy/ export. */
export interface LazyView {
  /** Fills the host, which is empty. `data` is what src/ui has sent, parsed; the view judges what is in it. */
  show(host: HTMLElement, data: unknown, context: LazyContext): void;
}

/** Shows a view. Returns what makes it answer no more. `data` is JSON text. */
export type ShowLazy = (name: string, host: HTMLElement, data: string, respond: (answer: string) => void) => () => void;

const views = new Map<string, Promise<LazyView>>();
let failures = 0;

export function lazyViews(common: Omit<LazyContext, "respond">): ShowLazy {
  return (name, host, data, respond) => {
    let isWanted = true;
    const context = { ...common, respond: (answer: string) => void (isWanted && respond(answer)) };
    const { strings } = common;
    const attempt = async () => {
      host.setAttribute("aria-busy", "true");
      try {
        const { show } = await load(name);
        if (!isWanted) return;
        host.replaceChildren();
        show(host, JSON.parse(data), context);
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

function load(name: string): Promise<LazyView> {
  let view = views.get(name);
  if (!view) {
    // Some browsers remember a failed import by its address; the fragment makes it another one.
    view = import(new URL(`${LAZY_FILES[name]}#${failures}`, import.meta.url).href) as Promise<LazyView>;
    views.set(name, view);
    view.catch(() => {
      views.delete(name);
      failures++;
    });
  }
  return view;
}
