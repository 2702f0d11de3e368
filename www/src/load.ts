import { ChatError } from "./errors.ts";
import type { Language } from "./locale.ts";
import type { Misuse, ReadOptions } from "./options.ts";
import type { Recording } from "./recording.ts";
import { fetch, setTimeout } from "./primordials.ts";

export type Listener = (name: string, detail: object) => void;

/** The running messenger, inside the engine. */
export interface Engine {
  open(): void;
  close(): void;
  send(text: string): void;
  signIn(): void;
  logOut(): void;
  exportDiagnostics(): string;
  destroy(): void;
}

/** An earlier life of the engine on this page, which ended in a trap. */
export interface Predecessor {
  wasm: WebAssembly.Module;
  /** Of the wasm file. */
  address: string;
  language: Language;
  diedAt_ms: number;
  draft: string;
  recording: Recording;
}

/** The lazy chunk, engine.ts. */
export interface EngineModule {
  loadLanguage(option: string): Promise<Language>;
  explain(misuse: Misuse): ChatError;
  exportDiagnostics(): string;
  start(root: ShadowRoot, options: ReadOptions, listener: Listener, wasm: Response): Promise<Engine>;
  revive(root: ShadowRoot, options: ReadOptions, listener: Listener, before: Predecessor): Promise<Engine>;
}

export interface Download {
  module: EngineModule;
  wasm: Response;
}

const giveUpAfter_ms = 20_000;

let download: Promise<Download> | undefined;
let failures = 0;

/**
 * Fetches the engine, script and wasm in parallel; once, however often it is asked for. `base` is the loader's own address.
 * The words of the language come beside the wasm: the script knows where they are.
 * `import()` and `fetch` are used rather than preload links: under a nonce-only policy a link is refused, and a page's
 * <head> stays as it is.
 */
export function fetchEngine(base: string, locale: string): Promise<Download> {
  const script = async () => {
    const module = await fetchModule(base);
    module.loadLanguage(locale);
    return module;
  };
  download ??= settleWithin(giveUpAfter_ms, Promise.all([script(), fetchWasm(base)]).then(([module, wasm]) => ({ module, wasm })));
  return download;
}

/** Makes the next call of `fetchEngine` start anew. */
export function forgetEngine(): void {
  download = undefined;
  failures++;
}

/** Settles as the promise does, or rejects with a retryable error when that takes too long. */
export function settleWithin<T>(limit_ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    setTimeout(() => reject(unreachable()), limit_ms);
  });
}

export function fetchModule(base: string): Promise<EngineModule> {
  // Some browsers remember a failed import by its address; the fragment makes it another one.
  const retry = failures ? `#${failures}` : "";
  return import(new URL(ENGINE_FILE + retry, base).href).catch(() => {
    throw unreachable();
  });
}

async function fetchWasm(base: string): Promise<Response> {
  const response = await fetch(new URL(WASM_FILE, base), { integrity: WASM_INTEGRITY }).catch(() => undefined);
  if (!response?.ok) throw unreachable();
  return response;
}

const unreachable = () => new ChatError("network/engine", "The messenger could not be loaded; check the connection and try again.", true);
