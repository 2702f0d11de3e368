import { type Control, type Json, type Widget, expect, test } from "./fixtures.ts";
import { textRows } from "./support/corpus.ts";

/** An agent's message, the same one however often it is sent. */
function proofOfLife(name: string): Json {
  const body = { id: name, type: "Text", text: name, direction: "Outbound", channel: { time: new Date().toISOString() } };
  return { type: "message", class: "StructuredMessage", code: 200, body };
}

/** What a visitor would do after a frame that ended something: what the screen offers, or write again. */
async function recover(widget: Widget, control: Control, id: string): Promise<void> {
  if (await widget.startNew.isVisible()) await widget.startNew.click();
  if (!(await widget.mark())) {
    await widget.send(`Again, after ${id}`);
    await widget.expectDelivered(`Again, after ${id}`);
  }
  const proof = proofOfLife(`Alive after ${id}`);
  await expect(async () => {
    await control.frame(proof);
    await expect(widget.message(`Alive after ${id}`)).toHaveCount(1, { timeout: 500 });
  }).toPass();
}

test("@corpus no frame of the platform's breaks the messenger", async ({ widget, control, page }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => ((window as any).__pwn = () => { throw new Error("a script in a frame ran"); }));
  await widget.chat("Hello");
  for (const { id, input } of textRows("frame", "websocket")) {
    await control.frame(input);
    await control.frame(proofOfLife(`After ${id}`));
    // The frame has had its effect once the one after it is shown, or never will be.
    const hasEnded = async () => (await widget.startNew.isVisible()) || !(await widget.mark());
    const isShown = async () => (await widget.message(`After ${id}`).count()) > 0;
    await expect.poll(async () => (await isShown()) || (await hasEnded())).toBe(true);
    if (await hasEnded()) await recover(widget, control, id);
  }
  await widget.send("Still here");
  await widget.expectDelivered("Still here");
});
