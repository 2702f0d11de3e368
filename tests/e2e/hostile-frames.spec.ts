import type { WebSocketRoute } from "@playwright/test";
import { type Control, type Json, type Widget, expect, test } from "./fixtures.ts";
import { notDriven, rowsOf, takeTime, written } from "./support/corpus.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";

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

for (const policy of policies) {
  test(`@corpus frame: none of the platform's breaks the messenger, of whatever kind and size, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    // The stand-in sends texts; from here bytes can be sent too.
    let line: WebSocketRoute | undefined;
    await page.routeWebSocket(/\/v1\?/, (socket) => {
      socket.connectToServer();
      line = socket;
    });
    await widget.chat("Hello", { headers: headersOf(policy, standIn) });
    const unknown = new Map<string, string>();
    for (const { id, input } of rowsOf("frame", "websocket")) {
      try {
        const frame = written(input);
        if (Buffer.isBuffer(frame)) line!.send(frame);
        else await control.frame(typeof frame === "string" ? frame : JSON.stringify(frame));
      } catch (error) {
        unknown.set(id, (error as Error).message);
        continue;
      }
      await control.frame(proofOfLife(`After ${id}`));
      // The frame has had its effect once the one after it is shown, or never will be.
      const hasEnded = async () => (await widget.startNew.isVisible()) || !(await widget.mark());
      const isShown = async () => (await widget.message(`After ${id}`).count()) > 0;
      await expect.poll(async () => (await isShown()) || (await hasEnded()), { intervals: [20] }).toBe(true);
      if (await hasEnded()) await recover(widget, control, id);
    }
    await widget.send("Still here");
    await widget.expectDelivered("Still here");
    expect(await strangeElements(widget)).toEqual([]);
    await guard.expectClean();
    notDriven(unknown);
  });
}
