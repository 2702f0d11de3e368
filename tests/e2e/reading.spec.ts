import { expect, test } from "./fixtures.ts";

test("a message in view for a second is marked as seen, once", async ({ widget, control, over }) => {
  const events = await control.listen(over);
  await widget.chat("Hello");
  const first = await control.say("Look at this");
  const seen = async () => (await control.conversation()).messages.filter((message) => message.seen).map(({ text }) => text);
  await expect.poll(seen).toEqual(["Look at this"]);
  const second = await control.say("And this");
  await expect.poll(seen).toEqual(["Look at this", "And this"]);

  const receipts = () => widget.wire.messages("Receipt").map((frame) => frame["message"]);
  await expect.poll(receipts).toEqual([first, second].map((id) => ({ type: "Receipt", id, status: "Read" })));
  await expect.poll(() => events.filter(({ kind }) => kind === "seen").map(({ messages }) => messages)).toEqual([[first], [second]]);
});

test("what arrives while the panel is closed is unread, counted on the launcher, and seen once it is opened", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.chat("Hello");
  const unread = await widget.listen("unread");
  await widget.close();
  for (const text of ["One", "Two", "Three"]) await control.say(text);
  await expect(widget.badge).toHaveText("3");
  await expect(widget.launcher).toHaveAccessibleName("Open chat, 3 new messages");
  await page.clock.runFor(10_000);
  expect(widget.wire.messages("Receipt"), "nobody has looked").toEqual([]);

  await widget.open();
  await expect(widget.badge).toBeHidden();
  await expect(widget.launcher).toHaveAccessibleName("Close chat");
  await expect.poll(async () => (await control.conversation()).messages.filter(({ seen }) => seen).length).toBe(3);
  await widget.close();
  await expect(widget.badge).toBeHidden();
  await expect.poll(() => widget.wire.messages("Receipt").length).toBe(1);
  expect((await unread()).map(({ count }) => count)).toEqual([1, 2, 3, 0]);
});

test("a message below the view is not seen until it is scrolled to", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.chat("Hello");
  for (let number = 1; number <= 20; number++) await control.say(`Line ${number}`);
  await expect.poll(async () => (await control.conversation()).messages.at(-1)!.seen).toBe(true);
  const before = widget.wire.messages("Receipt").length;

  await widget.transcript.evaluate((scroller) => scroller.scrollTo(0, 0));
  const id = await control.say("Down here");
  await expect(widget.part("jump")).toHaveText("1 new message");
  await page.clock.runFor(5_000);
  expect(widget.wire.messages("Receipt")).toHaveLength(before);
  await widget.part("jump").click();
  await expect(widget.message("Down here")).toBeInViewport();
  await expect.poll(() => widget.wire.messages("Receipt").length).toBe(before + 1);
  expect(widget.wire.messages("Receipt").at(-1)).toMatchObject({ message: { id, status: "Read" } });
});

test("where the platform announces no receipts none is sent, and the page still hears of reading", async ({ widget, control }) => {
  await control.set({ read_receipts: false });
  await widget.chat("Hello");
  const read = await widget.listen("read");
  const id = await control.say("Look at this");
  await expect.poll(read).toEqual([{ messageId: id }]);
  await widget.send("I have");
  await widget.expectDelivered("I have");
  expect(widget.wire.messages("Receipt")).toEqual([]);
  expect((await control.conversation()).messages.some(({ seen }) => seen)).toBe(false);
});
