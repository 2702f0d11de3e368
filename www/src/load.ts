import { ChatError } from "./errors.ts";
import type { Mistake } from "./explain.ts";
import type { Language } from "./locale.ts";
import type { EngineOptions, ReadOptions, Shared } from "./options.ts";
import type { Recording } from "./recording.ts";
import type { OutgoingMessage } from "./types.ts";
import { Promise, fetch, setTimeout } from "./primordials.ts";

export type Listener = (name: string, detail: object) => void;

/** The running messenger, inside the engine. */
export interface Engine {
  open(): void;
  close(): void;
  send(message: string | OutgoingMessage): void;
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

/** The lazy chunk engine.ts, which there is one of for each API. */
export interface EngineModule {
  loadLanguage(option: string): Promise<Language>;
  exportDiagnostics(): string;
  start(root: ShadowRoot, options: ReadOptions, listener: Listener, wasm: Response): Promise<Engine>;
  revive(root: ShadowRoot, options: ReadOptions, listener: Listener, before: Predecessor): Promise<Engine>;
}

/** The lazy chunk rules.ts. */
export interface Rules {
  judge(shared: Shared, source: unknown, base: string, fromTag: boolean, report?: (mistake: Mistake) => void): Promise<ReadOptions>;
  mounted(): Promise<Mistake>;
}

export interface Download {
  module: EngineModule;
  wasm: Response;
}

type Api = EngineOptions["api"];

const giveUpAfter_ms = 20_000;

let download: Promise<Download> | undefined;
let failures = 0;

/**
 * Fetches the engine, script and wasm in parallel; once, however often it is asked for. `base` is the loader's own address.
 * The words of the language come beside the wasm: the script knows where they are.
 * `import()` and `fetch` are used rather than preload links: under a nonce-only policy a link is refused, and a page's
 * <head> stays as it is.
 */
export function fetchEngine(base: string, { api, locale }: ReadOptions): Promise<Download> {
  const script = async () => {
    const module = await fetchModule(base, api);
    module.loadLanguage(locale);
    return module;
  };
  download ??= settleWithin(giveUpAfter_ms, Promise.all([script(), fetchWasm(base, api)]).then(([module, wasm]) => ({ module, wasm })));
  return download;
}

/** Makes the next call of `fetchEngine` start anew. */
export function forgetEngine(): void {
  download = undefined;
}

/** Settles as the promise does, or rejects with a retryable error when that takes too long. */
export function settleWithin<T>(limit_ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    setTimeout(() => reject(unreachable()), limit_ms);
  });
}

export const fetchModule = (base: string, api: Api): Promise<EngineModule> => importFile(`engine-${api}`, base);

export const fetchRules = (base: string): Promise<Rules> => importFile("rules", base);

const address = (name: string, extension: string, base: string) => new URL(`${name}-${LOADED_HASH}.${extension}`, base).href;

function importFile(name: string, base: string): Promise<any> {
  // Some browsers remember a failed import by its address; the fragment makes it another one.
  return settleWithin(giveUpAfter_ms, import(address(name, `js#${failures}`, base))).catch(() => {
    failures++;
    throw unreachable();
  });
}

async function fetchWasm(base: string, api: Api): Promise<Response> {
  const response = await fetch(address(`engine-${api}`, "wasm", base), { integrity: `sha384-${INTEGRITIES[api]}` }).catch(() => undefined);
  if (!response?.ok) throw unreachable();
  return response;
}

const unreachable = () => new ChatError("network/engine", "The messenger could not be loaded; check the connection and try again.", true);
