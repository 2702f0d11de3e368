import type { EngineOptions } from "./options.ts";

/** Whether a conversation of this deployment is going on, by the mark that the engine leaves in storage. */
export function hasLiveSession({ deploymentId, remember }: EngineOptions): boolean {
  try {
    const storage = remember ? localStorage : sessionStorage;
    const mark = JSON.parse(storage.getItem(`guest-messenger:${deploymentId}`) ?? "null");
    // A platform need not say when the session ends.
    return mark?.v === 1 && mark.live === true && (mark.expiresAt ?? Infinity) > Date.now();
  } catch {
    // Storage can be forbidden, and hold anything: then there is nothing to go on with.
    return false;
  }
}
