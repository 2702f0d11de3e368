// The script tag's entry: one global, and a messenger for the tag's own attributes.
import { mountWith } from "./api.ts";
import { define } from "./define.ts";
import { type ChatError, toChatError } from "./errors.ts";
import { readAttributes, readOptions } from "./options.ts";
import { currentScript } from "./primordials.ts";
import type { Options } from "./types.ts";

// Only now, while the script runs, is it known which tag it came from.
const script = currentScript();
const base = script?.src || location.href;

const complain = ({ message }: ChatError) => console.error(`guest-messenger: ${message}`);

// An own property: `<img id="GuestMessenger">` makes one that is merely inherited.
if (!Object.hasOwn(window, "GuestMessenger")) {
  const api: NonNullable<Window["GuestMessenger"]> = {
    mount: async (options: Options) => mountWith(readOptions(options, location.href), base),
    version: VERSION,
  };
  window.GuestMessenger = api;
  define();
  if (script?.dataset["deploymentId"] !== undefined) mountFromTag(script, api);
}

async function mountFromTag(tag: HTMLScriptElement, api: NonNullable<Window["GuestMessenger"]>): Promise<void> {
  try {
    api.messenger = await mountWith(readAttributes(tag.dataset, location.href, complain), base);
  } catch (error) {
    complain(toChatError(error));
  }
}
