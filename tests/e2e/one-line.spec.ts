import type { BrowserContext } from "@playwright/test";
import { type Control, type Website, Widget, expect, test } from "./fixtures.ts";
import { chat, quickly, test as testOfItsOwn, texts } from "./support/own-browser.ts";

/** The sockets that this tab has opened so far. */
const opened = (tab: Widget) => tab.wire.addresses.length;
const connections = async (control: Control) => (await control.conversation()).connections;

/** So many tabs of one conversation, all open, all showing the first message. */
async function tabs(context: BrowserContext, website: Website, first: Widget, count: number): Promise<Widget[]> {
  await first.chat("Hello");
  const all = [first];
  while (all.length < count) {
    const tab = new Widget(await context.newPage(), website);
    await tab.visit();
    await tab.open();
    await tab.expectTexts(["Hello"]);
    all.push(tab);
  }
  return all;
}

/** Two may step forward within the same few milliseconds: one of them gives way, so what counts is who is left. */
const takenOver = (rest: Widget[]) => rest.map(opened).reduce((sum, count) => sum + count);

test("four tabs share one socket, and every tab shows and sends all there is", async ({ context, website, control, widget }) => {
  const all = await tabs(context, website, widget, 4);
  await control.say("To all");
  for (const [at, tab] of all.entries()) {
    await expect(tab.message("To all")).toBeVisible();
    await tab.send(`From tab ${at}`);
    await tab.expectDelivered(`From tab ${at}`);
  }
  const everything = ["Hello", "To all", "From tab 0", "From tab 1", "From tab 2", "From tab 3"];
  for (const tab of all) await tab.expectTexts(everything);
  expect(all.map(opened)).toEqual([1, 0, 0, 0]);
  expect(await connections(control)).toBe(1);
});

test("when the tab with the socket is closed another one takes over", async ({ context, website, control, widget }) => {
  const [first, ...rest] = await tabs(context, website, widget, 3);
  await first!.page.close();
  await expect.poll(() => takenOver(rest), quickly).toBeGreaterThan(0);
  await expect.poll(() => connections(control)).toBe(1);
  await control.say("Still there?");
  for (const tab of rest) await tab.expectTexts(["Hello", "Still there?"]);
});

test("when the tab with the socket is killed another one takes over and loses nothing", async ({ context, website, control, widget }) => {
  const [first, ...rest] = await tabs(context, website, widget, 3);
  const crash = await context.newCDPSession(first!.page);
  const crashed = first!.page.waitForEvent("crash");
  void crash.send("Page.crash").catch(() => undefined);
  await crashed;
  await control.say("Said to nobody");
  await rest[0]!.send("Who is there?");
  await expect.poll(() => takenOver(rest), quickly).toBeGreaterThan(0);
  for (const tab of rest) await tab.expectTexts(["Hello", "Said to nobody", "Who is there?"]);
  expect(await control.texts("guest")).toEqual(["Hello", "Who is there?"]);
  await expect.poll(() => connections(control)).toBe(1);
});

test("a visitor who types and reads in two tabs is told of once", async ({ context, website, control, widget }) => {
  const all = await tabs(context, website, widget, 2);
  await control.set({ read_receipts: true });
  const [first, second] = all as [Widget, Widget];
  await first.input.pressSequentially("a");
  await second.input.pressSequentially("b");
  await control.say("Seen twice");
  await expect.poll(async () => (await control.conversation()).messages.at(-1)).toMatchObject({ text: "Seen twice", seen: true });
  // Both pages are visible to Playwright: each has looked at it for more than a second.
  await expect(first.badge).toBeHidden();
  await expect(second.badge).toBeHidden();
  // Whichever holds the line: where a busy machine holds the first tab up, the second one has taken it over.
  const sent = (type: string) => all.flatMap((tab) => tab.wire.messages(type));
  expect(sent("Receipt")).toHaveLength(1);
  expect(sent("Event").filter((frame) => JSON.stringify(frame).includes("Typing"))).toHaveLength(1);
});

test("where tabs cannot hear each other three hold a socket and the oldest rests without a fight", async ({ context, website, control, widget }) => {
  await context.addInitScript("delete globalThis.BroadcastChannel");
  const all = [widget];
  while (all.length < 4) all.push(new Widget(await context.newPage(), website));
  for (const tab of all) {
    await tab.visit({ attributes: { remember: "true" } });
    // The later ones remember that the chat is open.
    if (tab === widget) {
      await tab.open();
      await tab.send("Hello");
      // Shown at once, but there is nothing to remember before the platform has it.
      await tab.expectDelivered("Hello");
    }
    await tab.expectTexts(["Hello"]);
  }
  await expect(widget.ended).toBeVisible();
  for (const tab of all.slice(1)) {
    await tab.send("More");
    await expect(tab.message("More").last()).toHaveAttribute("data-delivery", "sent");
  }
  expect(await connections(control)).toBe(3);
  expect(all.map(opened)).toEqual([1, 1, 1, 1]);
});

testOfItsOwn("when the tab with the socket is frozen another one takes over, and it follows when it thaws", async ({ browserOfItsOwn: browser, control, website }) => {
  const first = await chat(browser, website, control);
  const second = await browser.newPage(website.publish());
  await expect.poll(() => second.evaluate("!!window.GuestMessenger?.messenger")).toBe(true);
  await second.evaluate("window.GuestMessenger.messenger.open()");
  await expect.poll(() => texts(second)).toEqual(["Hello"]);
  await second.activate();
  // A page that can still be seen is never frozen.
  await expect.poll(() => first.evaluate("document.visibilityState"), quickly).toBe("hidden");
  await second.evaluate("window.states = []; GuestMessenger.messenger.on('connection', ({state}) => states.push(state))");
  await first.setLifecycle("frozen");
  // Within two seconds by the rule, which tests/tabs hold to the millisecond.
  await expect.poll(() => second.evaluate("states.at(-1)")).toBe("connected");
  await control.say("While it froze");
  await expect.poll(() => texts(second)).toEqual(["Hello", "While it froze"]);

  await first.setLifecycle("active");
  await first.activate();
  await expect.poll(() => texts(first)).toEqual(["Hello", "While it froze"]);
  expect(await connections(control)).toBe(1);
});
