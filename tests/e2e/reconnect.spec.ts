import { expect, test } from "./fixtures.ts";

test("a socket cut off for a moment is nobody's business", async ({ widget, control }) => {
  await widget.chat("Hello");
  const banners = await widget.watchBanner();
  await control.fault({ kind: "kill" });
  await control.say("While you were away");
  await widget.send("And I");
  await widget.expectDelivered("And I");
  await expect(widget.message("While you were away")).toHaveCount(1);
  await expect(widget.messages).toHaveCount(3);
  expect([...(await control.texts())].sort()).toEqual(["And I", "Hello", "While you were away"]);
  expect(await banners()).toEqual([]);
  expect(widget.wire.addresses).toHaveLength(2);
});

test("a platform that dies and comes back finds everything said meanwhile, once", async ({ widget, control, standIn }) => {
  await widget.chat("Hello");
  await standIn.kill();
  await expect(widget.banner).toHaveText(/Reconnecting/);
  await widget.send("During the break");
  await expect(widget.message("During the break")).toHaveAttribute("data-delivery", "queued");
  await expect(widget.message("During the break").locator("[part=status]")).toHaveText("Waiting to send");
  await widget.send("And a second one");

  await standIn.start();
  await control.say("Are you there?");
  // After a long break, on a busy machine, the next attempt may be as far away as the break was long.
  await expect(widget.message("During the break")).toHaveAttribute("data-delivery", "sent", { timeout: 45_000 });
  await widget.expectDelivered("And a second one");
  await expect(widget.banner).toBeEmpty();
  await expect(widget.message("Are you there?")).toHaveCount(1);
  // Whoever came first, the guest or the agent, comes first on the screen too.
  const texts = await control.texts();
  await widget.expectTexts(texts);
  expect(texts.filter((text) => text !== "Are you there?")).toEqual(["Hello", "During the break", "And a second one"]);
  expect(await control.conversations()).toHaveLength(1);
});

test("offline is told, and what was written goes out once the visitor is back", async ({ widget, control, page, context }) => {
  await page.clock.install();
  await widget.chat("Hello");
  await context.setOffline(true);
  await widget.send("From a tunnel");
  await page.clock.runFor(4_000);
  await expect(widget.banner).toHaveText(/offline/);
  expect(await control.texts()).toEqual(["Hello"]);
  await context.setOffline(false);
  await widget.expectDelivered("From a tunnel");
  await expect(widget.banner).toBeEmpty();
  await widget.expectTexts(["Hello", "From a tunnel"]);
  expect(await control.texts()).toEqual(["Hello", "From a tunnel"]);
});

test("a message whose line broke before its echo is not sent twice", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.fault({ kind: "kill", on: "message" });
  await widget.send("Once only");
  await widget.expectDelivered("Once only");
  expect(widget.wire.addresses, "sockets").toHaveLength(2);
  expect(widget.wire.messages("Text").filter(({ message }) => (message as any).text === "Once only")).toHaveLength(1);
  await widget.expectTexts(["Hello", "Once only"]);
  expect(await control.texts()).toEqual(["Hello", "Once only"]);
});

test("a message lost on its way is noticed and sent again", async ({ widget, control, page }) => {
  await page.clock.install();
  await control.set({ user_typing: false });
  await widget.chat("Hello");
  await control.fault({ kind: "drop", direction: "to_platform" });
  await widget.send("Lost at first");
  await expect.poll(() => control.armed()).toBe(0);
  await page.clock.runFor(11_000);
  await widget.expectDelivered("Lost at first");
  await widget.expectTexts(["Hello", "Lost at first"]);
  expect(await control.texts()).toEqual(["Hello", "Lost at first"]);
});

test("a message whose echo is lost counts as sent once history shows it", async ({ widget, control, page }) => {
  await page.clock.install();
  await control.set({ user_typing: false });
  await widget.chat("Hello");
  await control.fault({ kind: "drop", direction: "to_guest" });
  await widget.send("Heard but not answered");
  await expect.poll(() => control.armed()).toBe(0);
  await page.clock.runFor(11_000);
  await widget.expectDelivered("Heard but not answered");
  expect(widget.wire.messages("Text")).toHaveLength(2);
  await widget.expectTexts(["Hello", "Heard but not answered"]);
  expect(await control.texts()).toEqual(["Hello", "Heard but not answered"]);
});

test("a clean close by the platform is followed by a new connection", async ({ widget, control }) => {
  await widget.chat("Hello");
  await control.fault({ kind: "close", code: 1000 });
  await control.say("After the close");
  await widget.expectTexts(["Hello", "After the close"]);
  await widget.send("Good");
  await widget.expectDelivered("Good");
  expect(await control.texts()).toEqual(["Hello", "After the close", "Good"]);
});

test("a handshake refused twice is tried a third time", async ({ widget, control }) => {
  await control.fault({ kind: "refuse", count: 2, status: 503 });
  await widget.chat("Third time lucky");
  expect(widget.wire.addresses).toHaveLength(3);
  expect(await control.texts()).toEqual(["Third time lucky"]);
});

test("a page that is refused again and again is told so, tries rarely, and tries at once when the visitor writes", async ({ widget, control, page }) => {
  await control.fault({ kind: "refuse", count: 100, status: 403 });
  await widget.visit();
  const errors = await widget.listen("error");
  await widget.open();
  await expect(widget.banner).toHaveText(/can’t connect/);
  expect(await errors()).toMatchObject([{ code: "rejected/connect", retryable: true }]);
  const attempts = widget.wire.addresses.length;
  expect(attempts).toBe(3);
  await control.clearFaults();
  await widget.send("Please");
  await widget.expectDelivered("Please");
  await expect(widget.banner).toBeEmpty();
  expect(await page.evaluate(() => navigator.onLine)).toBe(true);
});

test("a handshake that is never answered is given up and tried again", async ({ widget, control, page }) => {
  await page.clock.install();
  await control.fault({ kind: "hang_handshake", count: 1 });
  await widget.visit();
  await widget.open();
  await expect.poll(() => control.armed()).toBe(0);
  await page.clock.runFor(12_000);
  await widget.send("At last");
  await widget.expectDelivered("At last");
  expect(await control.texts()).toEqual(["At last"]);
});
