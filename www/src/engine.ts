// The lazy chunk: the glue, the panel's style sheet and English.
import { Messenger, connect, silence } from "glue";
import { accent } from "./color.ts";
import { breakWithEnter } from "./enter.ts";
import { ChatError, toChatError } from "./errors.ts";
import { fileDoor } from "./files.ts";
import { lazyViews } from "./lazy.ts";
import { type Language, keepLanguage, loadLanguage } from "./locale.ts";
import type { Engine, EngineModule, Listener, Predecessor } from "./load.ts";
import { emptyRoot, showNotice } from "./notice.ts";
import type { ReadOptions } from "./options.ts";
import { Recording, diagnostics } from "./recording.ts";
import { askPage } from "./sign-in.ts";
import { adopt } from "./styles.ts";
import { askToken } from "./token.ts";
import { Vault } from "./vault.ts";
import panelCss from "../styles/panel.css";

export { loadLanguage };

/** As in adaptations.css. */
const phone = "(max-width: 600px)";

/** A second trap within this time is no accident. */
const reviveOnceIn_ms = 60_000;

/** Kept for a page that mounts again: a response can be read only once. */
let compiled: Promise<WebAssembly.Module> | undefined;
let ready: Promise<void> | undefined;

/** Compiles the wasm, once, and gives it the shadow root. */
export async function start(root: ShadowRoot, options: ReadOptions, listener: Listener, wasm: Response): Promise<Engine> {
  const [module, language] = await Promise.all([compile(wasm), loadLanguage(options.locale)]);
  if (options.primaryColor) accent(root.host as HTMLElement, options.primaryColor);
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
      throw new ChatError("unsupported/wasm", "The page's policy forbids WebAssembly: add 'wasm-unsafe-eval' to the script-src of its Content-Security-Policy.");
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
  readonly #recording = new Recording();
  /** Times cross as numbers, and go on as RFC 3339 has them. */
  readonly #tell: Listener = (name, detail) =>
    this.#listener(name, name === "audit" ? { ...detail, time: new Date((detail as { time: number }).time).toISOString() } : detail);
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
    this.#vault = new Vault(options.deploymentId);
    this.#wasm = wasm;
    this.#wasmAddress = wasmAddress;
    this.#before = before;
    // Traps in the engine's own callbacks (timers, sockets, clicks) surface here and nowhere else.
    window.addEventListener("error", this.#onError);
    const { primaryColor, position, colorScheme, auth, token, enterSends, preview, titleFlash, ...engineOptions } = options;
    const { locale, strings } = language;
    const { domain, endpoint } = options;
    this.#call(() => {
      const files: File[] = [];
      const lazy = fileDoor(files, lazyViews({ root, strings, locale, domain, endpoint, options, chosen: {}, files, locales: LOCALES, speak: this.#speak }), strings);
      const hasToken = API === "conversations" && { hasToken: token !== undefined };
      this.#messenger = new Messenger(root, { ...engineOptions, locale, ...hasToken }, strings, this.#tell, this.#vault, this.#recording.add, lazy);
      if (enterSends === false) breakWithEnter(root);
      // It shows nothing, and watches the panel.
      if (matchMedia(phone).matches) lazy("phone", document.createElement("div"), "null", () => this.close());
      // Each API has its own way to say who the visitor is; the other's is not in its script.
      if (API === "guest" && auth) this.#messenger.offerSignIn(() => void this.#askPage(auth));
      if (API === "conversations" && token) this.#messenger.offerToken(() => void this.#askToken(token));
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

  send(text: string): void {
    if (this.#successor) return this.#successor.send(text);
    if (!this.#messenger) throw crashed();
    this.#call((messenger) => messenger?.send(text));
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
    this.#call((messenger) => messenger?.destroy());
    this.#messenger = undefined;
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

  async #askPage(auth: NonNullable<ReadOptions["auth"]>): Promise<void> {
    const given = await askPage(auth);
    try {
      this.#call((messenger) => messenger?.grant(given));
    } catch {
      // It has died of it, and the next copy asks for itself.
    }
  }

  async #askToken(provider: NonNullable<ReadOptions["token"]>): Promise<void> {
    const given = await askToken(provider).catch((error: unknown) => {
      const { code, message, retryable } = toChatError(error);
      if (this.#messenger) this.#listener("error", { code, message, retryable });
      return undefined;
    });
    try {
      this.#call((messenger) => messenger?.accessToken(given));
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
    this.#recording.died = true;
    silence();
    this.#vault.close();
    // Not yet put back when the next trap follows at once.
    const draft = emptyRoot(this.#root) || (this.#before?.draft ?? "");
    const diedAt_ms = performance.now();
    const isSecond = this.#before !== undefined && diedAt_ms - this.#before.diedAt_ms < reviveOnceIn_ms;
    const { code, message, retryable } = isSecond ? crashed() : restarted();
    console.error(`guest-messenger: ${message}`);
    this.#listener("error", { code, message, retryable });
    if (isSecond) return showNotice(this.#root, this.#language, draft);
    const before = { wasm: this.#wasm, address: this.#wasmAddress, language: this.#language, diedAt_ms, draft, recording: this.#recording };
    this.#replace(before).catch(() => showNotice(this.#root, this.#language, draft));
  }

  async #replace(before: Predecessor): Promise<void> {
    // Another fragment makes it another copy of the script, with a glue of its own.
    const copy: EngineModule = await import(`${withoutFragment(import.meta.url)}#${before.diedAt_ms}`);
    const successor = await copy.revive(this.#root, this.#options, this.#listener, before);
    if (this.#destroyed) successor.destroy();
    else this.#successor = successor;
  }
}

const withoutFragment = (address: string) => address.replace(/#.*/, "");

const crashed = () => new ChatError("internal/crashed", "The messenger has stopped working; reload the page.");

const restarted = () => new ChatError("internal/restarted", "The messenger met a fault of its own and was started again; please report it.", true);
