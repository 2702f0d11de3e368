import { type Control, type Website, expect, test as base } from "./fixtures.ts";
import { RawBrowser, type RawPage } from "./support/raw-browser.ts";

const test = base.extend<{ browserOfItsOwn: RawBrowser }>({
  // Needs the control API so that the stand-in runs and is fresh.
  browserOfItsOwn: async ({ control: _ }, use) => {
    const browser = new RawBrowser();
    await use(browser);
    await browser.close();
  },
});

/** The page's messenger, open, with a conversation. */
async function chat(browser: RawBrowser, website: Website, control: Control): Promise<RawPage> {
  const page = await browser.newPage(website.publish());
  await expect.poll(() => page.evaluate("!!window.GuestMessenger?.messenger")).toBe(true);
  await page.evaluate("window.GuestMessenger.messenger.open()");
  await page.evaluate("window.GuestMessenger.messenger.send('Hello')");
  await expect.poll(() => control.texts()).toEqual(["Hello"]);
  return page;
}

/** Another page comes to the front. */
async function hide(browser: RawBrowser, page: RawPage): Promise<void> {
  const other = await browser.newPage("about:blank");
  await other.activate();
  await expect.poll(() => page.evaluate("document.visibilityState"), quickly).toBe("hidden");
}

const quickly = { intervals: [10] };

test("a message that arrives while the page is hidden is not seen until the page is looked at", async ({ browserOfItsOwn: browser, control, website }) => {
  const page = await chat(browser, website, control);
  await page.evaluate("window.unread = []; GuestMessenger.messenger.on('unread', ({count}) => unread.push([count, performance.now()]))");
  await hide(browser, page);
  await control.say("Are you looking?");
  await expect.poll(() => page.evaluate("unread.map(([count]) => count)")).toEqual([1]);
  // Long enough for a visible page to have sent the receipt.
  await expect.poll(() => page.evaluate("performance.now() - unread[0][1]")).toBeGreaterThan(3_000);
  expect((await control.conversation()).messages.at(-1)).toMatchObject({ text: "Are you looking?", seen: false });

  await page.activate();
  await expect.poll(async () => (await control.conversation()).messages.at(-1)!.seen).toBe(true);
  expect(await page.evaluate("unread.map(([count]) => count)")).toEqual([1, 0]);
});

test("a message that was in view for less than a second when the page was hidden is not seen", async ({ browserOfItsOwn: browser, control, website }) => {
  const page = await chat(browser, website, control);
  const row = "document.querySelector('guest-messenger').shadowRoot.querySelector('[data-author=agent]')";
  await page.evaluate(`window.at = {}; setInterval(() => { if (${row}) at.shown ??= performance.now(); }, 5);
    document.addEventListener('visibilitychange', () => at.hidden ??= performance.now())`);
  await control.say("A glimpse");
  await expect.poll(() => page.evaluate("at.shown > 0"), quickly).toBe(true);
  await hide(browser, page);
  expect(await page.evaluate("at.hidden - at.shown"), "milliseconds in view; more, and this test says nothing").toBeLessThan(1_000);
  await expect.poll(() => page.evaluate("performance.now() - at.hidden")).toBeGreaterThan(3_000);
  expect((await control.conversation()).messages.at(-1)).toMatchObject({ text: "A glimpse", seen: false });
});
