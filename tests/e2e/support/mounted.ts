// A messenger that a page mounts by itself, one after the other, as the hostile rows of configurations and calls want it.
import type { Page } from "@playwright/test";
import { deploymentId } from "./stand-in.ts";
import type { Website } from "./website.ts";

/** A page that has the messenger's script and no messenger. */
export async function bare(page: Page, website: Website, headers: Record<string, string>): Promise<void> {
  await page.goto(website.publish({ headers, script: `<script src="${website.url}/dist/guest-messenger.js"></script>` }));
}

/** Mounts with these options, given as JSON so that no key of theirs is lost. Gives the code of what was wrong, or nothing. */
export function mount(page: Page, endpoint: string, options: unknown): Promise<string | undefined> {
  return page.evaluate(
    async ([deploymentId, endpoint, json]) => {
      const given = JSON.parse(json);
      const usual: Record<string, unknown> = { deploymentId, endpoint };
      if (typeof given === "object" && given) for (const [key, value] of Object.entries(usual)) if (!Object.hasOwn(given, key)) given[key] = value;
      try {
        (window as any)[Symbol.for("mounted")] = await window.GuestMessenger!.mount(given);
        return undefined;
      } catch (error) {
        return String((error as { code?: unknown }).code);
      }
    },
    [deploymentId, endpoint, JSON.stringify(options)] as const,
  );
}

/** Takes it off the page, and its conversation out of the browser. */
export async function unmount(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as any)[Symbol.for("mounted")]?.destroy();
    sessionStorage.clear();
  });
}
