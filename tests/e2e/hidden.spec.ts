import { expect } from "./fixtures.ts";
import { chat, hide, quickly, test, texts } from "./support/own-browser.ts";

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
  const rows = "document.querySelector('guest-messenger').shadowRoot.querySelectorAll('[data-author=agent]').length";
  await page.evaluate(`window.shownAt = []; window.hiddenAt = []; setInterval(() => { if (${rows} > shownAt.length) shownAt.push(performance.now()); }, 5);
    document.addEventListener('visibilitychange', () => document.hidden && hiddenAt.push(performance.now()))`);
  const glimpses = "hiddenAt.map((at, index) => at - shownAt[index])";
  // A machine that is too slow to hide a page within a second shows nothing here, and looks again.
  do {
    await page.activate();
    await control.say("A glimpse");
    const { length } = await page.evaluate("hiddenAt");
    await expect.poll(() => page.evaluate("shownAt.length"), quickly).toBe(length + 1);
    await hide(browser, page);
  } while ((await page.evaluate(glimpses)).at(-1) >= 1_000);
  await expect.poll(() => page.evaluate("performance.now() - hiddenAt.at(-1)")).toBeGreaterThan(3_000);
  expect((await control.conversation()).messages.at(-1)).toMatchObject({ text: "A glimpse", seen: false });
});

test("a hidden page, whose timers run once a second, gets back onto a broken line, and takes none that holds for dead", async ({ browserOfItsOwn: browser, control, website }) => {
  const page = await chat(browser, website, control);
  await hide(browser, page);
  await page.evaluate(`window.beats = []; setInterval(() => beats.push(performance.now()), 50);
    window.lines = []; GuestMessenger.messenger.on('connection', ({state}) => lines.push(state))`);
  await control.fault({ kind: "kill" });
  await page.evaluate("GuestMessenger.messenger.send('From behind')");
  await control.say("Still there?");
  await expect.poll(async () => [...(await texts(page))].sort()).toEqual(["From behind", "Hello", "Still there?"]);
  await expect.poll(async () => [...(await control.texts())].sort()).toEqual(["From behind", "Hello", "Still there?"]);
  // Slowed down: the timer of 50 ms has fired this often in more than as many seconds.
  await expect.poll(() => page.evaluate("beats.length")).toBeGreaterThan(3);
  expect(await page.evaluate("beats.slice(1).every((beat, index) => beat - beats[index] > 500)")).toBe(true);
  await page.evaluate("GuestMessenger.messenger.send('And again')");
  await expect.poll(async () => (await control.texts()).includes("And again")).toBe(true);
  expect(await page.evaluate("lines")).toEqual(["reconnecting", "connected"]);
});
