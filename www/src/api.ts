import { define } from "./define.ts";
import { ChatError, toChatError } from "./errors.ts";
import type { Mistake } from "./explain.ts";
import { GuestMessengerElement } from "./element.ts";
import { type Engine, fetchEngine, fetchModule, fetchRules, forgetEngine, settleWithin } from "./load.ts";
import { type ReadOptions, readPlain, shared } from "./options.ts";
import { Promise, body, listen, setTimeout } from "./primordials.ts";
import { hasLiveSession } from "./session-marker.ts";
import type { EventDetails, EventName, Messenger, Metrics, OutgoingMessage } from "./types.ts";

const settleWithin_ms = 30_000;

/** The messenger on the page, if there is one. */
let mounted: PageMessenger | undefined;

/**
 * Mounts once the page has a body. `base` is the loader's own address, which the engine's files are beside. `report`
 * gets what is wrong about a script tag and yet passed over.
 */
export async function mountWith(source: unknown, base: string, report?: (mistake: Mistake) => void): Promise<Messenger> {
  let messenger: PageMessenger | undefined;
  try {
    const judged = [source, location.href, !!report] as const;
    const options = readPlain(...judged) ?? (await (await fetchRules(base)).judge(shared, ...judged, report));
    if (mounted) throw await (await fetchRules(base)).mounted();
    define();
    mounted = messenger = new PageMessenger(options, base);
    return await messenger.show();
  } catch (thrown) {
    messenger?.destroy();
    throw toChatError(thrown);
  }
}

class PageMessenger implements Messenger {
  readonly element: GuestMessengerElement;
  readonly #options: ReadOptions;
  readonly #base: string;
  #root!: ShadowRoot;
  #engine: Engine | undefined;
  #starting: Promise<Engine> | undefined;
  #metrics: Metrics = { sent: 0, failed: 0, totalLatencyMs: 0, meanLatencyMs: 0, deliveryRate: 0 };
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
      // Once the engine is there, it answers the clicks itself.
      () => this.#engine || this.open(),
      () => fetchEngine(this.#base, this.#options).catch(forgetEngine),
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

  async send(text: string | OutgoingMessage): Promise<void> {
    try {
      (await settleWithin(settleWithin_ms, this.#start())).send(text);
    } catch (error) {
      throw toChatError(error);
    }
  }

  signIn(): void {
    this.#start().then((engine) => engine.signIn(), () => undefined);
  }

  logout(): void {
    this.#start().then((engine) => engine.logOut(), () => undefined);
  }

  on<Name extends EventName>(name: Name, listener: (detail: EventDetails[Name]) => void): () => void {
    const onEvent = (event: Event) => listener((event as CustomEvent).detail);
    listen(this.element, name, onEvent);
    return () => this.element.removeEventListener(name, onEvent);
  }

  async exportDiagnostics(): Promise<string> {
    return (this.#engine ?? (await fetchModule(this.#base, this.#options.api))).exportDiagnostics();
  }

  metrics(): Metrics {
    return this.#metrics;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (mounted === this) mounted = undefined;
    this.#engine?.destroy();
    this.element.discard();
  }

  #startQuietly(): void {
    this.#start().catch(() => undefined);
  }

  #start(): Promise<Engine> {
    if (this.#destroyed) return Promise.reject(gone());
    return (this.#starting ??= this.#load());
  }

  async #load(): Promise<Engine> {
    const busy = (value: boolean) => this.#root.querySelector("[part=launcher]")?.setAttribute("aria-busy", String(value));
    busy(true);
    try {
      const { module, wasm } = await fetchEngine(this.#base, this.#options);
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

  #emit(name: string, detail: object): void {
    if (name === "metrics") this.#metrics = detail as Metrics;
    this.element.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Or 30 seconds over: by then a body is there, if there is ever to be one. */
function documentParsed(): Promise<void> {
  return new Promise((resolve) => {
    listen(document, "DOMContentLoaded", () => resolve(), { once: true });
    setTimeout(resolve, settleWithin_ms);
  });
}

function whenIdle(callback: () => void): void {
  if (window.requestIdleCallback) window.requestIdleCallback(callback, { timeout: 2000 });
  else setTimeout(callback, 200);
}

const gone = () => new ChatError("closed/destroyed", "The messenger was destroyed: mount a new one.");
