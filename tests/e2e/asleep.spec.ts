// Time that passes without the page: a sleeping computer, and timers that the browser runs once a minute.
import { type Widget, expect, test } from "./fixtures.ts";

const night_ms = 8 * 3_600_000;

/** A line that is dead without a word: what either side sends is lost, until the page opens another one. */
async function deafenFirstLine(widget: Widget): Promise<() => void> {
  let sockets = 0;
  let isDeaf = false;
  await widget.page.routeWebSocket(/./, (socket) => {
    const isFirst = ++sockets === 1;
    const platform = socket.connectToServer();
    socket.onMessage((frame) => void ((isFirst && isDeaf) || platform.send(frame)));
    platform.onMessage((frame) => void ((isFirst && isDeaf) || socket.send(frame)));
  });
  return () => void (isDeaf = true);
}

test("a computer that wakes from a night's sleep notices a dead line and catches up, and what was written then goes out once", async ({ widget, control, page }) => {
  const fallAsleep = await deafenFirstLine(widget);
  await page.clock.install();
  await widget.chat("Good night");
  fallAsleep();
  for (const text of ["One", "Two", "Three"]) await control.say(text);
  await page.clock.fastForward(night_ms);
  await widget.send("Good morning");
  await page.clock.runFor(16_000);
  await widget.expectTexts(["Good night", "One", "Two", "Three", "Good morning"]);
  await widget.expectDelivered("Good morning");
  expect(await control.texts()).toEqual(["Good night", "One", "Two", "Three", "Good morning"]);
});

test("a session that ran out while the computer slept is replaced on waking, and what was being written is still there", async ({ widget, control, page }) => {
  const fallAsleep = await deafenFirstLine(widget);
  await page.clock.install();
  await widget.chat("Good night");
  await widget.input.fill("Half a thought");
  fallAsleep();
  await control.fault({ kind: "expire" });
  await page.clock.fastForward(night_ms);
  await page.clock.runFor(16_000);
  await expect.poll(async () => (await control.conversations()).map(({ state }) => state)).toEqual(["ended", "live"]);
  await expect(widget.input).toHaveValue("Half a thought");
  await widget.input.press("Enter");
  await widget.expectDelivered("Half a thought");
  await widget.expectTexts(["Good night", "Half a thought"]);
  expect(await control.texts(), "what the new session holds").toEqual(["Half a thought"]);
});

test("a line that holds is not taken for dead by timers that run once a minute", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.chat("Hello");
  const states = await widget.listen("connection");
  const probes = () => widget.wire.sent.filter(({ action }) => action === "echo").length;
  for (let minute = 1; minute <= 5; minute++) {
    await page.clock.fastForward(60_000);
    await expect.poll(probes, "questions whether the line is alive").toBe(minute);
    await control.say(`Minute ${minute}`);
    await expect(widget.message(`Minute ${minute}`)).toHaveCount(1);
  }
  expect(await states()).toEqual([]);
  expect(widget.wire.addresses).toHaveLength(1);
  await expect(widget.banner).toBeEmpty();
});
