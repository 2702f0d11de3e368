// What the bundler fills in.

/** The SHA-384 of each API's wasm. */
declare const INTEGRITIES: Readonly<Record<"guest" | "conversations", string>>;
/** What the names of all that the launcher loads end in. */
declare const LOADED_HASH: string;
declare const EXPLAIN_HASH: string;
/** In the engine's script: which API it is for. */
declare const API: "guest" | "conversations";
declare const VERSION: string;
/** What the names of all scripts in lazy/ end in. */
declare const LAZY_HASH: string;
/** The languages that there are words for, and what the names of all their files end in. */
declare const LOCALES: readonly string[];
declare const LOCALES_HASH: string;

declare module "*.css" {
  const css: string;
  export default css;
}

/** The glue that wasm-bindgen makes from src/lib.rs. */
declare module "glue" {
  import type { ShowLazy } from "./lazy.ts";
  import type { EngineOptions } from "./options.ts";
  import type { Vault } from "./vault.ts";

  /** The wasm's own, as long as they are open. This and the next three: www/scripts/glue-helpers.js. */
  export const sockets: Set<WebSocket>;

  /** Comes before everything else. */
  export function connect(module: WebAssembly.Module): Promise<void>;

  /** The text whose address and length stand at this place of the wasm's memory. Of use until `silence`. */
  export function readText(place: number): string;

  /** Makes every later call into the wasm do nothing, and ends its connections. */
  export function silence(): void;

  export class Messenger {
    constructor(
      root: ShadowRoot,
      options: EngineOptions & { hasToken?: boolean },
      strings: Record<string, string>,
      listener: (name: string, detail: object) => void,
      vault: Vault,
      record: (items: string | number) => void,
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
    /** `page` calls `accessToken` later. */
    offerToken(page: () => void): void;
    /** As JSON text; nothing when the page has failed. */
    accessToken(given: string | undefined): void;
    /** `files` is JSON text. */
    sendWith(text: string, files: string): void;
    signIn(): void;
    logOut(): void;
    destroy(): void;
    /** Gives its memory back. Nothing may be called afterwards. */
    free(): void;
  }
}
