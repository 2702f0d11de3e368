// The page's functions as they were when this script ran. A page may replace them later, and an `<img name="body">`
// takes the place of `document.body`; so they are taken here, from the prototypes, and called on purpose.

const getter = (name: keyof Document) => Object.getOwnPropertyDescriptor(Document.prototype, name)?.get;
const currentScriptGetter = getter("currentScript");
const bodyGetter = getter("body");
const { createElementNS } = Document.prototype;
const { addEventListener } = EventTarget.prototype;
const { define } = CustomElementRegistry.prototype;
const { toString } = Object.prototype;

export const { fetch, setTimeout } = window;

/** The language's own, which a page cannot replace. */
export const Promise = (async () => {})().constructor as PromiseConstructor;

export const body = (): HTMLElement | null => bodyGetter?.call(document);

export const html = (tag: string): HTMLElement => createElementNS.call(document, "http://www.w3.org/1999/xhtml", tag) as HTMLElement;

export const svg = (tag: string): Element => createElementNS.call(document, "http://www.w3.org/2000/svg", tag);

export const listen = (target: EventTarget, name: string, listener: (event: Event) => void, options?: AddEventListenerOptions): void =>
  addEventListener.call(target, name, listener, options);

export const defineElement = (name: string, element: CustomElementConstructor): void => define.call(customElements, name, element);

/** The script tag that is running, if it really is one. Only of use while a script runs for the first time. */
export const currentScript = (): HTMLScriptElement | undefined => {
  const script: unknown = currentScriptGetter?.call(document);
  return toString.call(script) === "[object HTMLScriptElement]" ? (script as HTMLScriptElement) : undefined;
};
