import { expect, test } from "./fixtures.ts";
import { RawBrowser } from "./support/raw-browser.ts";

test("a message that arrives while the page is hidden is not seen until the page is looked at", async ({ control, website, standIn: _ }) => {
  const browser = new RawBrowser();
  try {
    const page = await browser.newPage(website.publish());
    await expect.poll(() => page.evaluate("!!window.GuestMessenger?.messenger")).toBe(true);
    await page.evaluate("window.GuestMessenger.messenger.open()");
    await page.evaluate("window.GuestMessenger.messenger.send('Hello')");
    await expect.poll(() => control.texts()).toEqual(["Hello"]);
    await page.evaluate("window.unread = []; GuestMessenger.messenger.on('unread', ({count}) => unread.push([count, performance.now()]))");

    const other = await browser.newPage("about:blank");
    await other.activate();
    await expect.poll(() => page.evaluate("document.visibilityState")).toBe("hidden");
    await control.say("Are you looking?");
    await expect.poll(() => page.evaluate("unread.map(([count]) => count)")).toEqual([1]);
    // Long enough for a visible page to have sent the receipt.
    await expect.poll(() => page.evaluate("performance.now() - unread[0][1]")).toBeGreaterThan(3_000);
    expect((await control.conversation()).messages.at(-1)).toMatchObject({ text: "Are you looking?", seen: false });

    await page.activate();
    await expect.poll(async () => (await control.conversation()).messages.at(-1)!.seen).toBe(true);
    expect(await page.evaluate("unread.map(([count]) => count)")).toEqual([1, 0]);
  } finally {
    await browser.close();
  }
});
