import { ChatError, toChatError } from "./errors.ts";
import { GuestMessengerElement } from "./element.ts";
import { type Engine, fetchEngine, forgetEngine, settleWithin } from "./load.ts";
import type { ReadOptions } from "./options.ts";
import { body, listen, setTimeout } from "./primordials.ts";
import { hasLiveSession } from "./session-marker.ts";
import type { EventDetails, EventName, Messenger } from "./types.ts";

const settleWithin_ms = 30_000;
const names = "ready opened closed started message delivery typing read unread connection ended cleared error".split(" ");

/** The messenger on the page, if there is one. */
let mounted: PageMessenger | undefined;

/** Mounts once the page has a body. `base` is the loader's own address, which the engine's files are beside. */
export async function mountWith(options: ReadOptions, base: string): Promise<Messenger> {
  if (mounted) throw new ChatError("misuse/mounted", "The messenger is on this page already: call destroy() on it first.");
  const messenger = new PageMessenger(options, base);
  mounted = messenger;
  try {
    return await messenger.show();
  } catch (error) {
    messenger.destroy();
    throw error;
  }
}

class PageMessenger implements Messenger {
  readonly element: GuestMessengerElement;
  readonly #options: ReadOptions;
  readonly #base: string;
  readonly #listeners = new Map<string, Set<(detail: never) => void>>();
  #root!: ShadowRoot;
  #engine: Engine | undefined;
  #starting: Promise<Engine> | undefined;
  #openWhenStarted = false;
  #destroyed = false;

  constructor(options: ReadOptions, base: string) {
    this.element = new GuestMessengerElement();
    this.#options = options;
    this.#base = base;
  }

  async show(): Promise<Messenger> {
    if (!body()) await documentParsed();
    if (this.#destroyed) throw gone();
    this.#root = this.element.show(
      this.#options,
      () => this.#launch(),
      () => fetchEngine(this.#base).catch(forgetEngine),
    );
    if (this.#options.open) this.#startQuietly();
    else if (hasLiveSession(this.#options)) whenIdle(() => this.#startQuietly());
    return this;
  }

  open(): void {
    if (this.#engine) return this.#engine.open();
    this.#openWhenStarted = true;
    this.#startQuietly();
  }

  close(): void {
    this.#openWhenStarted = false;
    this.#engine?.close();
  }

  async send(text: string): Promise<void> {
    try {
      (await settleWithin(settleWithin_ms, this.#start())).send(text);
    } catch (error) {
      throw toChatError(error);
    }
  }

  on<Name extends EventName>(name: Name, listener: (detail: EventDetails[Name]) => void): () => void {
    if (!names.includes(name)) throw new ChatError("misuse/event", `There is no event "${name}": the events are ${names.join(", ")}.`);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (mounted === this) mounted = undefined;
    this.#engine?.destroy();
    this.element.discard();
  }

  /** A click on the launcher, until the engine answers clicks itself. */
  #launch(): void {
    if (!this.#engine) this.open();
  }

  #startQuietly(): void {
    this.#start().catch(() => undefined);
  }

  #start(): Promise<Engine> {
    if (this.#destroyed) return Promise.reject(gone());
    this.#starting ??= this.#load();
    return this.#starting;
  }

  async #load(): Promise<Engine> {
    const busy = (value: boolean) => this.#root.querySelector("[part=launcher]")?.setAttribute("aria-busy", String(value));
    busy(true);
    try {
      const { module, wasm } = await fetchEngine(this.#base);
      if (this.#destroyed) throw gone();
      const engine = await module.start(this.#root, this.#options, (name, detail) => this.#emit(name, detail), wasm);
      if (this.#destroyed) {
        engine.destroy();
        throw gone();
      }
      this.#engine = engine;
      if (this.#openWhenStarted) engine.open();
      return engine;
    } catch (thrown) {
      const { code, message, retryable } = toChatError(thrown);
      this.#starting = undefined;
      this.#openWhenStarted = false;
      forgetEngine();
      if (!this.#destroyed) {
        console.error(`guest-messenger: ${message}`);
        this.#emit("error", { code, message, retryable });
      }
      throw thrown;
    } finally {
      busy(false);
    }
  }

  /** In a task of its own, so that a listener may call the messenger again. */
  #emit(name: string, detail: object): void {
    queueMicrotask(() => {
      for (const listener of [...(this.#listeners.get(name) ?? [])]) {
        try {
          listener(detail as never);
        } catch (error) {
          reportError(error);
        }
      }
      this.element.dispatchEvent(new CustomEvent(name, { detail }));
    });
  }
}

/** Or 30 seconds over: by then a body is there, if there is ever to be one. */
function documentParsed(): Promise<unknown> {
  return new Promise<unknown>((resolve) => {
    listen(document, "DOMContentLoaded", resolve, { once: true });
    setTimeout(() => resolve(undefined), settleWithin_ms);
  });
}

function whenIdle(callback: () => void): void {
  if (window.requestIdleCallback) window.requestIdleCallback(callback, { timeout: 2000 });
  else setTimeout(callback, 200);
}

const gone = () => new ChatError("closed/destroyed", "The messenger was destroyed: mount a new one.");
