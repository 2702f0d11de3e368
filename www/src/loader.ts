// The script tag's entry: one global, and a messenger for the tag's own attributes.
import { mountWith } from "./api.ts";
import type { Mistake } from "./explain.ts";
import { currentScript } from "./primordials.ts";
import type { Options } from "./types.ts";

// Only now, while the script runs, is it known which tag it came from.
const script = currentScript();
const base = script?.src || location.href;

/** There may be no messenger to tell it, so the tag itself does: an `error` event with `detail`, and the console. */
const complain = ({ code, message, retryable }: Mistake) => {
  console.error(`guest-messenger: ${message}`);
  script?.dispatchEvent(new CustomEvent("error", { detail: { code, message, retryable } }));
};

// An own property: `<img id="GuestMessenger">` makes one that is merely inherited.
if (!Object.hasOwn(window, "GuestMessenger")) {
  const api: NonNullable<Window["GuestMessenger"]> = {
    mount: (options: Options) => mountWith(options, base),
    version: VERSION,
  };
  window.GuestMessenger = api;
  const dataset = script?.dataset;
  if (dataset && Object.keys(dataset).length > 0) {
    mountWith(dataset, base, complain).then((messenger) => {
      api.messenger = messenger;
    }, complain);
  }
}
