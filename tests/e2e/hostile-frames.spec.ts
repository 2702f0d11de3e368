import { expect, test } from "./fixtures.ts";
import { textRows } from "./support/corpus.ts";

/** Where the platform says that it is over: the messenger stays alive by offering a new conversation. */
const endings = /SessionExpiredEvent|SessionClearedEvent|LogoutEvent|ConnectionClosedEvent|"code":\s*(4006|4007|403|401|409|4017)/;

test("@corpus no frame of the platform's breaks the messenger", async ({ widget, control, page }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => ((window as any).__pwn = () => { throw new Error("script in a frame ran"); }));
  await widget.chat("Hello");
  const rows = textRows("frame", "websocket").filter(({ input }) => !endings.test(input));
  for (const { input } of rows) await control.frame(input);
  await control.say("Still here");
  await expect(widget.message("Still here")).toBeVisible();
  await widget.send("So am I");
  await widget.expectDelivered("So am I");
  await expect(widget.message("Hello")).toHaveCount(1);
  expect(widget.wire.addresses, "sockets").toHaveLength(1);
});

test("@corpus after any frame that ends a session a new conversation can be had", async ({ widget, control }) => {
  test.setTimeout(120_000);
  await widget.visit();
  await widget.open();
  const rows = textRows("frame", "websocket").filter(({ input }) => endings.test(input));
  expect(rows.length).toBeGreaterThan(0);
  for (const { id, input } of rows) {
    await test.step(id, async () => {
      await widget.send(`Before ${id}`);
      await widget.expectDelivered(`Before ${id}`);
      const frames = widget.wire.received.length;
      await control.frame(input);
      await expect.poll(() => widget.wire.received.length).toBeGreaterThan(frames);
      await widget.painted();
      if (await widget.startNew.isVisible()) await widget.startNew.click();
      await widget.send(`After ${id}`);
      await widget.expectDelivered(`After ${id}`);
    });
  }
});
