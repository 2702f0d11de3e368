// Journeys in a browser of their own, driven by its protocol alone: for what Playwright hides from a page.
import { type Control, type Website, expect, test as base } from "../fixtures.ts";
import { RawBrowser, type RawPage } from "./raw-browser.ts";

export const test = base.extend<{ browserOfItsOwn: RawBrowser }>({
  // Needs the control API so that the stand-in runs and is fresh.
  browserOfItsOwn: async ({ control: _ }, use) => {
    const browser = new RawBrowser();
    await use(browser);
    await browser.close();
  },
});

/** For what must not be missed by a slow look. */
export const quickly = { intervals: [10] };

/** The page's messenger, open, with a conversation. */
export async function chat(browser: RawBrowser, website: Website, control: Control): Promise<RawPage> {
  const page = await browser.newPage(website.publish());
  await expect.poll(() => page.evaluate("!!window.GuestMessenger?.messenger")).toBe(true);
  await page.evaluate("window.GuestMessenger.messenger.open()");
  await page.evaluate("window.GuestMessenger.messenger.send('Hello')");
  await expect.poll(() => control.texts()).toEqual(["Hello"]);
  return page;
}

/** Another page comes to the front. */
export async function hide(browser: RawBrowser, page: RawPage): Promise<void> {
  const other = await browser.newPage("about:blank");
  await other.activate();
  await expect.poll(() => page.evaluate("document.visibilityState"), quickly).toBe("hidden");
}

/** The texts of the bubbles on the screen, from top to bottom. */
export async function texts(page: RawPage): Promise<string[]> {
  return page.evaluate("[...document.querySelector('guest-messenger').shadowRoot.querySelectorAll('[part=bubble]')].map((bubble) => bubble.innerText)");
}
