// The lazy chunk: the glue, the panel's style sheet and the default language.
import init, { Messenger } from "glue";
import { legibleOn } from "./color.ts";
import { ChatError, toChatError } from "./errors.ts";
import { chooseLocale } from "./locale.ts";
import type { Engine, Listener } from "./load.ts";
import type { ReadOptions } from "./options.ts";
import { adopt } from "./styles.ts";
import { Vault } from "./vault.ts";
import strings from "../locales/en.json";
import panelCss from "../styles/panel.css";

export { explain } from "./explain.ts";

/** As in tokens.css. */
const lightSurface = "#ffffff";
const darkSurface = "#1b1d22";

let ready: Promise<unknown> | undefined;

/** Compiles the wasm, once, and gives it the shadow root. */
export async function start(root: ShadowRoot, options: ReadOptions, listener: Listener, wasm: Response): Promise<Engine> {
  await compile(wasm);
  const host = root.host as HTMLElement;
  if (options.primaryColor) {
    host.style.setProperty("--gm-accent-light", legibleOn(lightSurface, options.primaryColor));
    host.style.setProperty("--gm-accent-dark", legibleOn(darkSurface, options.primaryColor));
  }
  adopt(root, panelCss);
  return new Guarded(root, options, listener, wasm.url);
}

async function compile(wasm: Response): Promise<void> {
  if (typeof WebAssembly !== "object") {
    throw new ChatError("unsupported/wasm", "This browser has no WebAssembly, which the messenger needs.");
  }
  try {
    await (ready ??= init({ module_or_path: wasm }));
  } catch (error) {
    ready = undefined;
    if (error instanceof WebAssembly.CompileError) {
      throw new ChatError("unsupported/wasm", "The page's policy forbids WebAssembly: add 'wasm-unsafe-eval' to the script-src of its Content-Security-Policy.");
    }
    throw error;
  }
}

/**
 * The engine behind a fence. A trap in wasm leaves it half-changed, so after the first one it is never called again:
 * a notice takes the panel's place and one `error` event tells the page.
 */
class Guarded implements Engine {
  #messenger: Messenger | undefined;
  readonly #root: ShadowRoot;
  readonly #listener: Listener;
  readonly #wasmAddress: string;
  readonly #onError = ({ error }: ErrorEvent) => {
    if (this.#isTrap(error)) this.#die();
  };

  constructor(root: ShadowRoot, options: ReadOptions, listener: Listener, wasmAddress: string) {
    this.#root = root;
    this.#listener = listener;
    this.#wasmAddress = wasmAddress;
    // Traps in the engine's own callbacks (timers, sockets, clicks) surface here and nowhere else.
    window.addEventListener("error", this.#onError);
    const { primaryColor, position, colorScheme, ...engineOptions } = options;
    const locale = chooseLocale([options.locale, document.documentElement.lang, ...navigator.languages]);
    this.#call(() => {
      this.#messenger = new Messenger(root, { ...engineOptions, locale }, strings, listener, new Vault(options.deploymentId));
    });
    listener("ready", {});
  }

  open(): void {
    this.#call((messenger) => messenger?.open());
  }

  close(): void {
    this.#call((messenger) => messenger?.close());
  }

  send(text: string): void {
    if (!this.#messenger) throw crashed();
    this.#call((messenger) => messenger?.send(text));
  }

  destroy(): void {
    window.removeEventListener("error", this.#onError);
    this.#call((messenger) => messenger?.destroy());
    this.#messenger = undefined;
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
    return [this.#wasmAddress, import.meta.url].some((address) => stack.includes(address.replace(/#.*/, "")));
  }

  #die(): void {
    window.removeEventListener("error", this.#onError);
    this.#messenger = undefined;
    showNotice(this.#root, strings.crashed);
    const { code, message, retryable } = crashed();
    console.error(`guest-messenger: ${message}`);
    this.#listener("error", { code, message, retryable });
  }
}

/** The launcher is replaced by a copy, which has none of the dead engine's listeners. */
function showNotice(root: ShadowRoot, text: string): void {
  root.querySelector("[part=panel]")?.remove();
  const notice = document.createElement("div");
  notice.setAttribute("part", "notice");
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  root.append(notice);

  const launcher = root.querySelector("[part=launcher]");
  const copy = launcher?.cloneNode(true) as HTMLElement | undefined;
  copy?.setAttribute("aria-expanded", "true");
  copy?.addEventListener("click", () => {
    notice.hidden = !notice.hidden;
    copy.setAttribute("aria-expanded", String(!notice.hidden));
  });
  if (copy) launcher?.replaceWith(copy);
}

const crashed = () => new ChatError("internal/crashed", "The messenger has stopped working; reload the page.");
