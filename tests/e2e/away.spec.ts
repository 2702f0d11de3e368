import { type Page, chromium } from "@playwright/test";
import { Widget, expect, test as base } from "./fixtures.ts";
import { browserArguments, chromePath } from "./support/chrome.ts";

const test = base.extend<{ keptWidget: Widget }>({
  // Playwright's own browsers never keep a page that is left.
  keptWidget: async ({ website, control: _ }, use) => {
    const browser = await chromium.launch({ executablePath: chromePath(), args: browserArguments, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
    const page = await browser.newPage({ viewport: { width: 1000, height: 760 } });
    await use(new Widget(page, website));
    await browser.close();
  },
});

interface Returned {
  at_ms: number;
  connectedAt_ms?: number;
}

/** Takes note of the page's coming back from the cache, and of the connection after it. */
async function watchReturn(page: Page): Promise<() => Promise<Returned | undefined>> {
  await page.evaluate(() => {
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) (window as any)[Symbol.for("returned")] = { at_ms: performance.now() };
    });
    document.querySelector("guest-messenger")?.addEventListener("connection", (event) => {
      const returned = (window as any)[Symbol.for("returned")];
      if (returned && (event as CustomEvent).detail.state === "connected") returned.connectedAt_ms ??= performance.now();
    });
  });
  // Nothing can be asked of a page that is just being exchanged.
  return () => page.evaluate(() => (window as any)[Symbol.for("returned")]).catch(() => undefined);
}

test("a page that comes back from the browser's cache is connected within a second and shows what it missed, once", async ({ control, website, keptWidget: widget }) => {
  const { page } = widget;
  await widget.chat("Hello");
  const returned = await watchReturn(page);
  await page.goto(website.elsewhere);
  await expect.poll(async () => (await control.conversation()).connections, "the socket is closed on leaving").toBe(0);
  await control.say("While you were away");

  await page.evaluate(() => history.back());
  await expect.poll(async () => (await returned())?.connectedAt_ms, "connected again, on the same page").toBeDefined();
  const { at_ms, connectedAt_ms } = (await returned())!;
  expect(connectedAt_ms! - at_ms, "milliseconds from coming back to being connected").toBeLessThan(1_000);
  await widget.expectTexts(["Hello", "While you were away"]);
  await widget.send("Back again");
  await widget.expectDelivered("Back again");
  await widget.expectTexts(["Hello", "While you were away", "Back again"]);
  expect(await control.texts()).toEqual(["Hello", "While you were away", "Back again"]);
});

test("a page with the messenger is kept in the browser's cache before and after it was opened, and chats when it is back", async ({ control, website, keptWidget: widget }) => {
  const { page } = widget;
  await widget.visit();
  const leaveAndReturn = async () => {
    const returned = await watchReturn(page);
    await page.goto(website.elsewhere);
    await page.evaluate(() => history.back());
    await expect.poll(returned, "kept").toBeDefined();
    await page.evaluate(() => delete (window as any)[Symbol.for("returned")]);
  };
  await leaveAndReturn();
  await widget.open();
  await expect(widget.input).toBeEnabled();
  await widget.close();
  await leaveAndReturn();
  await widget.open();
  await widget.send("Back again");
  await widget.expectDelivered("Back again");
  expect(await control.texts()).toEqual(["Back again"]);
});

test("going to another page of the site and back goes on with the chat", async ({ widget, control, website, page }) => {
  await widget.chat("Hello");
  await page.goto(website.elsewhere);
  await control.say("While you were away");
  await page.goBack();
  await expect(widget.panel).toBeVisible();
  await widget.expectTexts(["Hello", "While you were away"]);
});
