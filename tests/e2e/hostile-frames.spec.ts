import { type Control, type Widget, expect, test } from "./fixtures.ts";
import { textRows } from "./support/corpus.ts";

/** What a visitor would do after a frame that ended something: what the screen offers, or write again. */
async function recover(widget: Widget, control: Control, id: string): Promise<void> {
  if (await widget.startNew.isVisible()) await widget.startNew.click();
  if (!(await widget.mark())) {
    await widget.send(`Again, after ${id}`);
    await widget.expectDelivered(`Again, after ${id}`);
  }
  await expect.poll(async () => (await control.conversation()).connections, `a connection after ${id}`).toBe(1);
}

test("@corpus no frame of the platform's breaks the messenger", async ({ widget, control, page }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => ((window as any).__pwn = () => { throw new Error("a script in a frame ran"); }));
  await widget.chat("Hello");
  for (const { id, input } of textRows("frame", "websocket")) {
    const frames = widget.wire.received.length;
    await control.frame(input);
    await expect.poll(() => widget.wire.received.length).toBeGreaterThan(frames);
    await widget.painted();
    await recover(widget, control, id);
  }
  await widget.send("Still here");
  await widget.expectDelivered("Still here");
  await control.say("So am I");
  await expect(widget.message("So am I")).toHaveCount(1);
});
