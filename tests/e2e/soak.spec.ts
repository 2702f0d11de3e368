// A long conversation with many broken lines, and another one after it is cleared: what a page holds on to does not
// grow, but for the thousand messages that it keeps. `npm run soak` is the same at full length, with a table.
import { type Control, type Widget, expect, test } from "./fixtures.ts";
import { installClock, passTimeUntil } from "./support/clock.ts";
import { type Usage, usage, watchMemory } from "./support/usage.ts";

const isFull = process.env["SOAK_MESSAGES"] !== undefined;
const messages = Number(process.env["SOAK_MESSAGES"] ?? 1_000);
const reconnects = Number(process.env["SOAK_RECONNECTS"] ?? 10);

const page_bytes = 65_536;
/** The session keeps the newest thousand messages: text, names, ids, and their places in the indexes. */
const keptPerMessage_bytes_max = 1_024;
const nodesMax = 3_000;

test("a long conversation with many reconnects leaves nothing behind but its messages, and clearing gives their room to the next", async ({ widget, control, page }) => {
  test.setTimeout(messages * 1_000);
  await control.set({ limits: false, user_typing: false });
  await watchMemory(page);
  await installClock(page);
  const conversation = new Conversation(widget, control);

  await conversation.begin();
  await conversation.goOn(messages / 5, reconnects / 5);
  const early = await conversation.usage();
  await conversation.goOn((messages * 4) / 5, (reconnects * 4) / 5);
  const late = await conversation.usage();
  await widget.clear();
  await expect(widget.messages).toHaveCount(0);
  await conversation.begin();
  // As the first one: what comes between two passings of time waits for its painting, and takes room until then.
  await conversation.goOn(messages, reconnects);
  const second = await conversation.usage();

  const kept_bytes = ((late.wasmPages - early.wasmPages) * page_bytes) / ((messages * 4) / 5);
  if (isFull) print({ [`${messages / 5} messages`]: early, [`${messages} messages, ${reconnects} reconnects`]: late, "cleared, and as many again": second }, kept_bytes);
  for (const [at, { detached, nodes, listeners }] of Object.entries({ early, late, second })) {
    expect.soft(detached, `${at}: nodes in no document`).toBe(0);
    expect.soft(nodes, `${at}: nodes`).toBeLessThanOrEqual(nodesMax);
    expect.soft(listeners, `${at}: listeners`).toBe(early.listeners);
  }
  expect.soft(late.nodes - early.nodes, "more nodes late than early").toBeLessThanOrEqual(10);
  expect.soft(kept_bytes, "bytes of wasm memory for each message").toBeLessThanOrEqual(keptPerMessage_bytes_max);
  // By 2,000 messages as many are kept as ever will be.
  if (isFull) expect.soft(late.wasmPages - early.wasmPages, "pages of wasm memory more late than early").toBeLessThanOrEqual(1);
  expect.soft(second.wasmPages - late.wasmPages, "pages of wasm memory that the second conversation needed more").toBeLessThanOrEqual(1);
  expect.soft(late.held_bytes / early.held_bytes, "what scripts hold on to, late to early").toBeLessThanOrEqual(1.02);
  expect.soft(second.held_bytes / late.held_bytes, "what scripts hold on to, after the second conversation to after the first").toBeLessThanOrEqual(1.02);
});

class Conversation {
  readonly #widget: Widget;
  readonly #control: Control;
  #id = "";
  #said = 0;

  constructor(widget: Widget, control: Control) {
    this.#widget = widget;
    this.#control = control;
  }

  /** The visitor writes, the first time on a page just opened. */
  async begin(): Promise<void> {
    const { page } = this.#widget;
    if (!this.#id) {
      await this.#widget.visit();
      await this.#widget.open();
      // Fetched once, and held from then on.
      await this.#widget.openMenu();
      await page.keyboard.press("Escape");
      await page.evaluate(() => {
        const counted = ((window as any)[Symbol.for("connected")] = { count: 0 });
        (window as any).GuestMessenger.messenger.on("connection", ({ state }: { state: string }) => (counted.count += Number(state === "connected")));
      });
    }
    await this.#write();
    this.#id = (await this.#control.conversation()).id;
  }

  /** So many messages more, the last one before each break of the line, and the first one after it, by the visitor. */
  async goOn(messages: number, breaks: number): Promise<void> {
    const { page } = this.#widget;
    for (let round = 1; round <= breaks; round++) {
      const texts = Array.from({ length: messages / breaks - 1 }, () => `Message ${++this.#said}: what an agent says, in a sentence of usual length.`);
      for (let at = 0; at < texts.length; at += 25) {
        await Promise.all(texts.slice(at, at + 25).map((text) => this.#control.say(text, this.#id)));
      }
      const connected = () => page.evaluate(() => (window as any)[Symbol.for("connected")].count);
      const before = await connected();
      await this.#control.fault({ kind: "kill" });
      await this.#passTimeUntil(async () => (await connected()) > before, `break ${round} is mended`);
      await this.#write();
    }
  }

  async usage(): Promise<Usage> {
    return usage(this.#widget.page);
  }

  async #write(): Promise<void> {
    const text = `Message ${++this.#said}: what the visitor answers.`;
    await this.#widget.page.evaluate((text) => (window as any).GuestMessenger.messenger.send(text), text);
    await this.#passTimeUntil(async () => (await this.#widget.message(text).and(this.#widget.page.locator("[data-delivery=sent]")).count()) === 1, `${text} is sent`);
    // A line that has held this long is a good one, and all that waits for its turn has had it.
    await this.#widget.page.clock.runFor(12_000);
  }

  #passTimeUntil(is: () => Promise<boolean>, what: string): Promise<void> {
    return passTimeUntil(this.#widget.page, is, what, 500);
  }
}

function print(rows: Record<string, Usage>, kept_bytes: number): void {
  const line = (...cells: (string | number)[]) => console.log(cells.map((cell, at) => (at ? String(cell).padStart(12) : String(cell).padEnd(38))).join(""));
  line("", "wasm pages", "JS heap KB", "but code KB", "nodes", "listeners", "detached");
  for (const [name, { wasmPages, heap_bytes, held_bytes, nodes, listeners, detached }] of Object.entries(rows)) {
    line(name, wasmPages, (heap_bytes / 1_000).toFixed(0), (held_bytes / 1_000).toFixed(1), nodes, listeners, detached);
  }
  console.log(`Each message that is kept takes ${kept_bytes.toFixed(0)} bytes of wasm memory.`);
}
