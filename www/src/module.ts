// The ES module's entry.
import { mountWith } from "./api.ts";
import { readOptions } from "./options.ts";
import type * as types from "./types.ts";

export { ChatError } from "./errors.ts";
export const mount: typeof types.mount = async (options) => mountWith(() => readOptions(options, location.href), import.meta.url);
export const version: typeof types.version = VERSION;
