import { chromium } from "@playwright/test";
import { Widget, expect, test } from "./fixtures.ts";
import { browserArguments, chromePath } from "./support/chrome.ts";

test("a page that comes back from the browser's cache goes on with the chat and shows what it missed, once", async ({ control, website, standIn: _ }) => {
  // Playwright's own browsers never keep a page.
  const browser = await chromium.launch({ executablePath: chromePath(), args: browserArguments, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  try {
    const page = await browser.newPage();
    const widget = new Widget(page, website);
    await widget.chat("Hello");
    await page.evaluate(() => {
      addEventListener("pageshow", (event) => ((window as any)[Symbol.for("kept")] = event.persisted));
    });
    await page.goto(website.elsewhere);
    await expect.poll(async () => (await control.conversation()).connections, "the socket is closed on leaving").toBe(0);
    await control.say("While you were away");

    await page.evaluate(() => history.back());
    const wasKept = () => page.evaluate(() => (window as any)[Symbol.for("kept")]);
    await expect(async () => expect(await wasKept()).toBe(true)).toPass();
    await widget.expectTexts(["Hello", "While you were away"]);
    await widget.send("Back again");
    await widget.expectDelivered("Back again");
    await widget.expectTexts(["Hello", "While you were away", "Back again"]);
    expect(await control.texts()).toEqual(["Hello", "While you were away", "Back again"]);
  } finally {
    await browser.close();
  }
});

test("going to another page of the site and back goes on with the chat", async ({ widget, control, website, page }) => {
  await widget.chat("Hello");
  await page.goto(website.elsewhere);
  await control.say("While you were away");
  await page.goBack();
  await expect(widget.panel).toBeVisible();
  await widget.expectTexts(["Hello", "While you were away"]);
});
