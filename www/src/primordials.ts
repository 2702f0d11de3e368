// The page's functions as they were when this script ran. A page may replace them later, and an `<img name="body">`
// takes the place of `document.body`; so they are taken here, from the prototypes, and called on purpose.

const getter = (name: keyof Document) => Object.getOwnPropertyDescriptor(Document.prototype, name)?.get;
const currentScriptGetter = getter("currentScript");
const bodyGetter = getter("body");
const { createElement, createElementNS } = Document.prototype;
const { addEventListener } = EventTarget.prototype;
const { toString } = Object.prototype;

const pageFetch = window.fetch;
const pageSetTimeout = window.setTimeout;
const pageClearTimeout = window.clearTimeout;

export const fetch: typeof window.fetch = (input, init) => pageFetch.call(window, input, init);
export const setTimeout = (callback: () => void, delay_ms: number): number => pageSetTimeout.call(window, callback, delay_ms);
export const clearTimeout = (id: number): void => pageClearTimeout.call(window, id);

export const body = (): HTMLElement | null => bodyGetter?.call(document) ?? null;

export const element = <Tag extends keyof HTMLElementTagNameMap>(tag: Tag): HTMLElementTagNameMap[Tag] =>
  createElement.call(document, tag) as HTMLElementTagNameMap[Tag];

export const svg = (tag: string): Element => createElementNS.call(document, "http://www.w3.org/2000/svg", tag);

export const listen = (target: EventTarget, name: string, listener: EventListener, options?: AddEventListenerOptions): void =>
  addEventListener.call(target, name, listener, options);

/** The script tag that is running, if it really is one. Only of use while a script runs for the first time. */
export const currentScript = (): HTMLScriptElement | undefined => {
  const script: unknown = currentScriptGetter?.call(document);
  return toString.call(script) === "[object HTMLScriptElement]" ? (script as HTMLScriptElement) : undefined;
};
