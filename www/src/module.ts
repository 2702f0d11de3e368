// The ES module's entry.
import { mountWith } from "./api.ts";
import type * as types from "./types.ts";

export { ChatError } from "./errors.ts";
export const mount: typeof types.mount = (options) => mountWith(options, import.meta.url);
export const version: typeof types.version = VERSION;
