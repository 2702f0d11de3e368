// A trap in wasm: caught, the instance replaced once, nothing lost.
import type { Page } from "@playwright/test";
import { type Widget, expect, test } from "./fixtures.ts";

/** The next times that the engine watches a row, it finds what a trap would leave. */
async function armTraps(widget: Widget, count: number): Promise<void> {
  await widget.page.evaluate((count) => {
    const prototype = IntersectionObserver.prototype as any;
    const observe = (prototype.genuine ??= prototype.observe);
    prototype.observe = function (row: Element) {
      if (count-- > 0) {
        (window as any)[Symbol.for("trappedAt")] = performance.now();
        throw new WebAssembly.RuntimeError("unreachable");
      }
      observe.call(this, row);
    };
  }, count);
}

/** How often each engine of a page has been called, in the order of their making. Call it before the visit. */
async function countCalls(page: Page): Promise<() => Promise<number[]>> {
  await page.addInitScript(() => {
    const calls: number[] = ((window as any)[Symbol.for("calls")] = []);
    const instantiate = WebAssembly.instantiate as (...all: unknown[]) => Promise<any>;
    WebAssembly.instantiate = (async (...all: unknown[]) => {
      const { exports } = await instantiate(...all);
      const engine = calls.push(0) - 1;
      const counted = Object.entries<any>(exports).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        return [name, (...given: unknown[]) => (calls[engine]!++, value(...given))];
      });
      return Object.setPrototypeOf({ exports: Object.fromEntries(counted) }, WebAssembly.Instance.prototype);
    }) as typeof WebAssembly.instantiate;
  });
  return () => page.evaluate(() => (window as any)[Symbol.for("calls")]);
}

// The page hears of the trap as of any other uncaught error.
test.use({ toleratedErrors: /unreachable|out of bounds/ });

test("after a trap a new engine goes on with the conversation and the draft", async ({ widget, control }) => {
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  await widget.input.fill("Half a thought");
  await armTraps(widget, 1);
  await control.say("Are you there?");
  await widget.expectTexts(["Hello", "Are you there?"]);
  await expect(widget.input).toHaveValue("Half a thought");
  await widget.input.press("Enter");
  await widget.expectDelivered("Half a thought");
  await control.say("Good");
  await widget.expectTexts(["Hello", "Are you there?", "Half a thought", "Good"]);
  expect(await control.texts()).toEqual(["Hello", "Are you there?", "Half a thought", "Good"]);
  expect(await errors()).toMatchObject([{ code: "internal/restarted" }]);
  expect(widget.wire.addresses).toHaveLength(2);
  await expect.poll(async () => (await control.conversation()).connections, "the dead engine's connection ends").toBe(1);
});

test("a message under way when the trap happened arrives once", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.fault({ kind: "delay", direction: "to_guest", ms: 400, count: 1 });
  await widget.send("In between");
  await armTraps(widget, 1);
  await control.say("Now");
  await widget.expectDelivered("In between");
  await expect(widget.message("Now")).toHaveCount(1);
  expect((await control.texts()).sort()).toEqual(["Hello", "In between", "Now"]);
});

test("after a second trap a notice gives the visitor the text back", async ({ widget, control }) => {
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  await widget.input.fill("Precious words");
  await armTraps(widget, 9);
  await control.say("One");
  await expect(widget.part("notice")).toBeVisible();
  await expect(widget.part("notice")).toContainText("Precious words");
  await expect(widget.panel).toHaveCount(0);
  await widget.launcher.click();
  await expect(widget.part("notice")).toBeHidden();
  expect((await errors()).map(({ code }) => code)).toEqual(["internal/restarted", "internal/crashed"]);
});

test("on a phone the notice after a second trap can be put away too", async ({ widget, control, page }) => {
  await page.setViewportSize({ width: 375, height: 667 });
  await widget.chat("Hello");
  await armTraps(widget, 9);
  await control.say("One");
  await expect(widget.part("notice")).toBeVisible();
  await widget.launcher.click();
  await expect(widget.part("notice")).toBeHidden();
});

test("where no new engine can be had after a trap, a notice gives the visitor the text back", async ({ widget, control, page }) => {
  const prepared = page.waitForResponse("**/recovery-*.js");
  await widget.chat("Hello");
  await (await prepared).finished();
  await widget.input.fill("Precious words");
  await page.route("**/*.js", (route) => route.abort());
  await armTraps(widget, 1);
  await control.say("One");
  await expect(widget.part("notice")).toContainText("Precious words");
  await expect(widget.panel).toHaveCount(0);
});

test("a trap before its helper was fetched, while the network is gone, closes the chat; the launcher brings it back with the draft", async ({ widget, control, page }) => {
  await page.route("**/recovery-*.js", (route) => route.abort());
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  await widget.input.fill("Precious words");
  await armTraps(widget, 1);
  await control.say("One");
  await expect.poll(errors).toMatchObject([{ code: "internal/crashed" }]);
  await expect(widget.panel).toHaveCount(0);
  await expect(widget.launcher).toHaveAccessibleName("Open chat");
  await expect(widget.launcher).toHaveAttribute("aria-expanded", "false");
  await page.unroute("**/recovery-*.js");
  await widget.launcher.click();
  await expect(widget.input).toHaveValue("Precious words");
  await widget.expectTexts(["Hello", "One"]);
  expect((await errors()).map(({ code }) => code)).toEqual(["internal/crashed", "internal/restarted"]);
});

test("after a trap the conversation is back within a second, and the dead engine is never called again", async ({ widget, control, page }) => {
  const calls = await countCalls(page);
  await widget.chat("Hello");
  await control.say("One");
  await widget.expectTexts(["Hello", "One"]);
  await armTraps(widget, 1);
  await page.evaluate(() => {
    const timer = setInterval(() => {
      const trappedAt = (window as any)[Symbol.for("trappedAt")];
      const rows = document.querySelector("guest-messenger")!.shadowRoot!.querySelectorAll("[part=message]");
      if (!trappedAt || rows.length < 3 || performance.now() === trappedAt) return;
      (window as any)[Symbol.for("back after")] = performance.now() - trappedAt;
      clearInterval(timer);
    }, 5);
  });
  await control.say("Two");
  await expect.poll(async () => (await calls()).length, "engines").toBe(2);
  const dead = (await calls())[0]!;
  await widget.expectTexts(["Hello", "One", "Two"]);
  expect(await page.evaluate(() => (window as any)[Symbol.for("back after")]), "milliseconds").toBeLessThan(1_000);

  // All that an engine may be called by: sockets, timers, input, scrolling, the page's coming and going, its own methods.
  await widget.send("Three");
  await widget.expectDelivered("Three");
  await widget.close();
  await widget.open();
  await page.evaluate(() => {
    window.dispatchEvent(new Event("pagehide"));
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    for (const name of ["resize", "offline", "online", "visibilitychange", "freeze", "resume"]) {
      for (const target of [window, document]) target.dispatchEvent(new Event(name));
    }
    (window as any).GuestMessenger.messenger.close();
    (window as any).GuestMessenger.messenger.open();
  });
  await control.say("Four");
  await widget.expectTexts(["Hello", "One", "Two", "Three", "Four"]);
  expect((await calls())[0], "calls of the dead engine").toBe(dead);
});

test("after a trap what was read stays read, and what waited to be sent is sent once", async ({ widget, control }) => {
  await control.set({ user_typing: false });
  await widget.chat("Hello");
  await control.say("Read");
  await expect.poll(async () => (await control.conversation()).messages.at(-1)!.seen).toBe(true);
  await control.fault({ kind: "rate_limit", count: 1, retry_after_s: 60 });
  await widget.send("Waiting");
  await expect(widget.message("Waiting")).toHaveAttribute("data-delivery", "queued");
  const unread = await widget.listen("unread");
  await armTraps(widget, 1);
  await control.say("Now");
  await widget.expectDelivered("Waiting");
  await widget.expectTexts(["Hello", "Read", "Now", "Waiting"]);
  expect(await control.texts()).toEqual(["Hello", "Read", "Now", "Waiting"]);
  await expect.poll(async () => (await unread()).at(-1), "the last one is read").toEqual({ count: 0 });
  expect((await unread()).map(({ count }) => count), "the first one is not unread again").not.toContain(2);
});

test("a fault of the wasm itself, at an address that it does not have, is met in the same way", async ({ widget, control, page }) => {
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiate as (...all: unknown[]) => Promise<any>;
    WebAssembly.instantiate = (async (...all: unknown[]) => ((window as any)[Symbol.for("engine")] = await instantiate(...all))) as typeof WebAssembly.instantiate;
  });
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  await page.evaluate(() => {
    const { exports } = (window as any)[Symbol.for("engine")];
    const observe = IntersectionObserver.prototype.observe;
    IntersectionObserver.prototype.observe = function () {
      IntersectionObserver.prototype.observe = observe;
      for (const value of Object.values<any>(exports)) if (typeof value === "function") value(0xfffffff0, 0xfffffff0, 0xfffffff0, 0xfffffff0);
    };
  });
  await control.say("Are you there?");
  await widget.expectTexts(["Hello", "Are you there?"]);
  await expect.poll(errors).toMatchObject([{ code: "internal/restarted" }]);
  await widget.send("Yes");
  await widget.expectDelivered("Yes");
  expect(await control.texts()).toEqual(["Hello", "Are you there?", "Yes"]);
});

test("a trap more than a minute after another one is met in the same way", async ({ widget, control, page }) => {
  // The page's own clock: a trap in a timer of Playwright's would be no uncaught error.
  await page.addInitScript(() => {
    const now = performance.now.bind(performance);
    performance.now = () => now() + ((window as any)[Symbol.for("later_ms")] ?? 0);
  });
  await widget.chat("Hello");
  const errors = await widget.listen("error");
  const codes = async () => (await errors()).map(({ code }) => code);
  await armTraps(widget, 1);
  await control.say("One");
  await expect.poll(codes).toEqual(["internal/restarted"]);
  await widget.expectTexts(["Hello", "One"]);
  await page.evaluate(() => ((window as any)[Symbol.for("later_ms")] = 60_001));
  await armTraps(widget, 1);
  await control.say("Two");
  await expect.poll(codes).toEqual(["internal/restarted", "internal/restarted"]);
  await widget.expectTexts(["Hello", "One", "Two"]);
  await widget.send("Still here");
  await widget.expectDelivered("Still here");
});
