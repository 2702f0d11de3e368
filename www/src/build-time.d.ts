// What the bundler fills in.

/** Hashed file names, beside the loader. */
declare const ENGINE_FILE: string;
declare const WASM_FILE: string;
/** "sha384-…" of the wasm. */
declare const WASM_INTEGRITY: string;
declare const VERSION: string;
/** The hashed file names of the views in lazy/, by their plain names. */
declare const LAZY_FILES: Readonly<Record<string, string>>;

declare module "*.css" {
  const css: string;
  export default css;
}

/** The glue that wasm-bindgen makes from src/lib.rs. */
declare module "glue" {
  import type { ShowLazy } from "./lazy.ts";
  import type { EngineOptions } from "./options.ts";
  import type { Vault } from "./vault.ts";

  /** Comes before everything else. This and the next: www/scripts/glue.mjs. */
  export function connect(module: WebAssembly.Module): Promise<void>;

  /** Makes every later call into the wasm do nothing, and ends its connections. */
  export function silence(): void;

  export class Messenger {
    constructor(
      root: ShadowRoot,
      options: EngineOptions,
      strings: Record<string, string>,
      listener: (name: string, detail: object) => void,
      vault: Vault,
      record: (item: string) => void,
      lazy: ShowLazy,
    );
    open(): void;
    close(): void;
    /** Throws `{ code, message, retryable }`. */
    send(text: string): void;
    /** `page` calls `grant` later. */
    offerSignIn(page: () => void): void;
    /** As JSON text. */
    grant(given: string | undefined): void;
    signIn(): void;
    logOut(): void;
    destroy(): void;
  }
}
