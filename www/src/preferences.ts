// What the visitor has chosen in the menu. Kept in this browser for the deployment, in every tab.
import type { LazyContext } from "./lazy.ts";

export interface Preferences {
  /** A sound for each new message. */
  sound?: boolean;
  /** Notifications of the system while the page is hidden. */
  notify?: boolean;
  /** With the message in them. */
  notifyText?: boolean;
}

export function preferences({ options, chosen }: LazyContext): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(options.deploymentId)) ?? "{}");
    return { ...(kept as Preferences), ...chosen };
  } catch {
    return chosen;
  }
}

export function prefer(context: LazyContext, changed: Preferences): void {
  Object.assign(context.chosen, changed);
  try {
    localStorage.setItem(key(context.options.deploymentId), JSON.stringify(preferences(context)));
  } catch {
    // It holds for this page.
  }
}

const key = (deploymentId: string) => `guest-messenger:${deploymentId}:preferences`;
