// The lazy chunk: the glue, the panel's style sheet and English.
import { Messenger, connect, readText, silence, sockets } from "glue";
import { ChatError, toChatError } from "./errors.ts";
import { fileDoor } from "./files.ts";
import { lazyViews, load } from "./lazy.ts";
import { type Language, keepLanguage, loadLanguage } from "./locale.ts";
import type { Engine, Listener, Predecessor } from "./load.ts";
import type { ReadOptions } from "./options.ts";
import { readMessage } from "./outgoing.ts";
import { Recording, diagnostics } from "./recording.ts";
import { adopt } from "./styles.ts";
import type { OutgoingMessage } from "./types.ts";
import { Vault } from "./vault.ts";
import panelCss from "../styles/panel.css";

export { loadLanguage };

/** As in adaptations.css. */
const phone = "(max-width: 600px), (max-height: 480px) and (pointer: coarse)";

/** By then the chat is usable, and what helps after a trap is fetched while the network is there. */
const prepareAfter_ms = 2_000;

/** Kept for a page that mounts again: a response can be read only once. */
let compiled: Promise<WebAssembly.Module> | undefined;
let ready: Promise<void> | undefined;

/** Compiles the wasm, once, and gives it the shadow root. */
export async function start(root: ShadowRoot, options: ReadOptions, listener: Listener, wasm: Response): Promise<Engine> {
  // Small text and lines only: nobody waits for them.
  if (options.primaryColor) load("accent").then(({ accent }) => accent(root.host, options.primaryColor), () => undefined);
  const [module, language] = await Promise.all([compile(wasm), loadLanguage(options.locale), providerOf(options) && load(providerScript)]);
  adopt(root, panelCss);
  const engine = new Guarded(root, options, language, listener, module, wasm.url);
  listener("ready", {});
  return engine;
}

/** Of a page on which no engine has run. */
export const exportDiagnostics = () => diagnostics(VERSION, []);

/** Starts in the place of one that has died, with a copy of this script whose glue has seen no trap. */
export async function revive(root: ShadowRoot, options: ReadOptions, listener: Listener, before: Predecessor): Promise<Engine> {
  await (ready ??= connect(before.wasm));
  return new Guarded(root, options, before.language, listener, before.wasm, before.address, before);
}

/** What says who the visitor is. Each API has a way of its own, and the other's is not in its script. */
const providerOf = ({ auth, token }: ReadOptions) => (API === "guest" ? auth : token);
const providerScript = API === "guest" ? "sign-in" : "token";

async function compile(response: Response): Promise<WebAssembly.Module> {
  if (typeof WebAssembly !== "object") {
    throw new ChatError("unsupported/wasm", "This browser has no WebAssembly, which the messenger needs.");
  }
  try {
    const module = await (compiled ??= response.arrayBuffer().then((bytes) => WebAssembly.compile(bytes)));
    await (ready ??= connect(module));
    return module;
  } catch (error) {
    ready = compiled = undefined;
    if (error instanceof WebAssembly.CompileError) {
      throw new ChatError("unsupported/wasm", "The page forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src.");
    }
    throw error;
  }
}

/**
 * The engine behind a fence. A trap in wasm leaves it half-changed, so after one it is never called again: a new one
 * takes its place, with the conversation, unsent messages and the draft. After a second trap a notice does.
 */
class Guarded implements Engine {
  #messenger: Messenger | undefined;
  /** What has taken this one's place. */
  #successor: Engine | undefined;
  #destroyed = false;
  readonly #root: ShadowRoot;
  readonly #options: ReadOptions;
  readonly #language: Language;
  readonly #listener: Listener;
  readonly #vault: Vault;
  readonly #wasm: WebAssembly.Module;
  readonly #wasmAddress: string;
  readonly #before: Predecessor | undefined;
  readonly #recording = new Recording(readText);
  /** After the engine has returned, so that whoever hears it may call it again. */
  readonly #tell: Listener = (name, detail) =>
    queueMicrotask(() => {
      if (this.#destroyed) return;
      // Times cross as numbers, and go on as RFC 3339 has them.
      this.#listener(name, API === "conversations" && name === "audit" ? { ...detail, time: new Date((detail as { time: number }).time).toISOString() } : detail);
    });
  readonly #onError = ({ error }: ErrorEvent) => {
    if (this.#isTrap(error)) this.#die();
  };

  constructor(
    root: ShadowRoot,
    options: ReadOptions,
    language: Language,
    listener: Listener,
    wasm: WebAssembly.Module,
    wasmAddress: string,
    before?: Predecessor,
  ) {
    this.#root = root;
    this.#options = options;
    this.#language = language;
    this.#listener = listener;
    this.#vault = new Vault(options.deploymentId, () => load("take-over"));
    this.#wasm = wasm;
    this.#wasmAddress = wasmAddress;
    this.#before = before;
    // Traps in the engine's own callbacks (timers, sockets, clicks) surface here and nowhere else.
    window.addEventListener("error", this.#onError);
    setTimeout(() => load("recovery").catch(() => undefined), prepareAfter_ms);
    const { primaryColor, position, colorScheme, auth, token, enterSends, preview, titleFlash, attributes, ...engineOptions } = options;
    const { locale, strings, more } = language;
    const { domain, endpoint } = options;
    this.#call(() => {
      const files: File[] = [];
      const lazy = fileDoor(files, lazyViews({ root, sockets, strings, locale, domain, endpoint, options, chosen: {}, files, locales: LOCALES, speak: this.#speak }, more), strings);
      const hasToken = API === "conversations" && { hasToken: token !== undefined };
      this.#messenger = new Messenger(root, { ...engineOptions, locale, ...hasToken }, strings, this.#tell, this.#vault, this.#recording.take, lazy);
      // They show nothing, and watch the panel.
      const scripts = { phone: matchMedia(phone).matches, attributes, enter: enterSends === false };
      for (const [name, isWanted] of Object.entries(scripts)) if (isWanted) lazy(name, document.createElement("div"), "null", () => this.close());
      const provider = providerOf(options);
      if (provider) this.#messenger[API === "guest" ? "offerSignIn" : "offerToken"](() => void this.#ask(provider));
    });
  }

  open(): void {
    if (this.#successor) return this.#successor.open();
    this.#call((messenger) => messenger?.open());
  }

  close(): void {
    if (this.#successor) return this.#successor.close();
    this.#call((messenger) => messenger?.close());
  }

  send(message: string | OutgoingMessage): void {
    if (this.#successor) return this.#successor.send(message);
    if (!this.#messenger) throw crashed();
    if (API === "conversations" && typeof message !== "string") {
      const [text, files] = readMessage(message);
      return this.#call((messenger) => messenger?.sendWith(text, files));
    }
    // To the Guest API anything else is no text.
    this.#call((messenger) => messenger?.send(typeof message === "string" ? message : ""));
  }

  signIn(): void {
    if (this.#successor) return this.#successor.signIn();
    this.#call((messenger) => messenger?.signIn());
  }

  logOut(): void {
    if (this.#successor) return this.#successor.logOut();
    this.#call((messenger) => messenger?.logOut());
  }

  /** The last engine that died on this page has its part in it. */
  exportDiagnostics(): string {
    if (this.#successor) return this.#successor.exportDiagnostics();
    return diagnostics(VERSION, this.#before ? [this.#before.recording, this.#recording] : [this.#recording]);
  }

  destroy(): void {
    this.#destroyed = true;
    window.removeEventListener("error", this.#onError);
    if (this.#successor) return this.#successor.destroy();
    const messenger = this.#messenger;
    this.#call(() => messenger?.destroy());
    this.#messenger = undefined;
    // Not while the engine may be at work further up.
    setTimeout(() => messenger?.free());
  }

  /** The same conversation in another language: with a messenger made anew, as after a reload. */
  readonly #speak = async (tag: string): Promise<void> => {
    keepLanguage(tag);
    const language = await loadLanguage("");
    const isOpen = this.#root.querySelector("[part=panel]:not([hidden])") !== null;
    if (!this.#messenger) return;
    this.destroy();
    this.#destroyed = false;
    this.#successor = new Guarded(this.#root, this.#options, language, this.#listener, this.#wasm, this.#wasmAddress);
    if (isOpen) this.#successor.open();
  };

  /** Asks the page who the visitor is, and tells the engine. */
  async #ask(provider: NonNullable<ReturnType<typeof providerOf>>): Promise<void> {
    const given: string | undefined = await load(providerScript).then(({ ask }) => ask(provider)).catch((error: unknown) => {
      if (this.#messenger) this.#report(error);
      return undefined;
    });
    try {
      this.#call((messenger) => (API === "guest" ? messenger?.grant(given) : messenger?.accessToken(given)));
    } catch {
      // It has died of it, and the next copy asks for itself.
    }
  }

  #call(action: (messenger: Messenger | undefined) => void): void {
    try {
      action(this.#messenger);
    } catch (error) {
      if (!this.#isTrap(error)) throw toChatError(error);
      this.#die();
      throw crashed();
    }
  }

  /** Whether this is a trap, and ours: a stack shows the address of the wasm or of this script, which called it. */
  #isTrap(error: unknown): boolean {
    if (!(error instanceof WebAssembly.RuntimeError)) return false;
    const stack = error.stack ?? "";
    return [this.#wasmAddress, import.meta.url].some((address) => stack.includes(withoutFragment(address)));
  }

  #die(): void {
    window.removeEventListener("error", this.#onError);
    this.#messenger = undefined;
    this.#recording.die();
    silence();
    this.#vault.close();
    // At once: what the visitor does now would go nowhere. The draft is not yet put back when the next trap follows soon.
    const draft = emptyRoot(this.#root) || (this.#before?.draft ?? "");
    const died = { wasm: this.#wasm, address: this.#wasmAddress, language: this.#language, diedAt_ms: performance.now(), draft, recording: this.#recording };
    this.#recover(died);
  }

  #recover(died: Predecessor): void {
    load("recovery")
      .then(({ recover }) => recover(withoutFragment(import.meta.url), this.#root, this.#options, this.#listener, died, this.#before))
      .then(
        (successor: Engine | undefined) => {
          this.#successor = successor;
          if (this.#destroyed) successor?.destroy();
        },
        () => {
          this.#report(crashed());
          // The network is away. The visitor's next try may find it back.
          const launcher = this.#root.querySelector("[part=launcher]");
          launcher?.setAttribute("aria-expanded", "false");
          launcher?.setAttribute("aria-label", died.language.strings["open_chat"]!);
          launcher?.addEventListener("click", () => this.#recover(died), { once: true });
        },
      );
  }

  #report(error: unknown): void {
    const { code, message, retryable } = toChatError(error);
    this.#listener("error", { code, message, retryable });
  }
}

/** Takes everything of a dead engine out of the root. Returns what the visitor was writing. */
function emptyRoot(root: ShadowRoot): string {
  const draft = root.querySelector<HTMLTextAreaElement>("[part=input]")?.value ?? "";
  for (const child of [...root.children]) {
    if (child.getAttribute("part") !== "launcher") child.remove();
  }
  // A copy has none of the dead engine's listeners.
  const launcher = root.querySelector("[part=launcher]");
  launcher?.replaceWith(launcher.cloneNode(true));
  return draft;
}

const withoutFragment = (address: string) => address.replace(/#.*/, "");

const crashed = () => new ChatError("internal/crashed", "The messenger has stopped working; reload the page.");
