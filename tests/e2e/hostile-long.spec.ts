// The corpus's texts that are long or deep: as long as they are, and as much of them as one frame may hold.
import { expect, test } from "./fixtures.ts";
import { notDriven, rowsOf, takeTime, written } from "./support/corpus.ts";
import { Guard, headersOf, policies, strangeElements } from "./support/guard.ts";

/** A text of that many letters fits into a frame, however many bytes each takes. */
const largest_bytes = 200_000;
/** A folded text shows no more. */
const foldedAt_bytes = 16 << 10;
const line_px = 22;
const linksAtMost = 200;
const depthAtMost = 16;

function fitting(text: string): string {
  let cut = text;
  while (Buffer.byteLength(JSON.stringify(cut)) > largest_bytes) cut = cut.slice(0, Math.floor(cut.length * 0.9));
  return cut;
}

for (const policy of policies) {
  test(`@corpus performance: a text of any length is folded, and neither its links nor their depth grow with it, under ${policy}`, async ({ widget, control, page, standIn, website }) => {
    takeTime();
    const guard = await Guard.watch(page, website, standIn);
    await control.set({ markdown: true });
    await widget.chat("Hello", { headers: headersOf(policy, standIn) });
    await page.evaluate(() => {
      const tasks: number[] = ((window as any)[Symbol.for("tasks")] = []);
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
    });
    const unknown = new Map<string, string>();
    for (const { id, input, expect: expected } of rowsOf("performance", "message.text")) {
      let text: string;
      try {
        text = String(written(input));
      } catch (error) {
        unknown.set(id, (error as Error).message);
        continue;
      }
      await control.frame({ type: "message", class: "StructuredMessage", code: 200, body: { id: `${id}-whole`, type: "Text", text, direction: "Outbound" } });
      await control.say({ name: id, text: fitting(text) });
      await control.say(`After ${id}`);
      await expect(widget.message(`After ${id}`)).toBeVisible();
      const shown = await widget.host.evaluate((host, id) => {
        const row = [...host.shadowRoot!.querySelectorAll("[part=message]")].reverse().find((row) => row.querySelector("[part=sender]")?.textContent === id);
        const bubble = row?.querySelector<HTMLElement>("[part=bubble]");
        if (!bubble) return undefined;
        let depth = 0;
        for (const leaf of bubble.querySelectorAll("*")) {
          let above = 0;
          for (let at: Element | null = leaf; at && at !== bubble; at = at.parentElement) above++;
          depth = Math.max(depth, above);
        }
        return { bytes: new TextEncoder().encode(bubble.textContent ?? "").length, px: bubble.clientHeight, links: bubble.querySelectorAll("a").length, depth };
      }, id);
      // A row that is out of sight has been taken out.
      if (!shown) continue;
      expect.soft(shown.bytes, `${id}: bytes`).toBeLessThanOrEqual(foldedAt_bytes + 8);
      expect.soft(shown.links, `${id}: links`).toBeLessThanOrEqual(linksAtMost);
      expect.soft(shown.depth, `${id}: depth`).toBeLessThanOrEqual(depthAtMost);
      const lines = /^clamp: ?(\d+) lines/.exec(expected)?.[1];
      if (lines) expect.soft(shown.px, `${id}: height`).toBeLessThanOrEqual((Number(lines) + 1) * line_px);
    }
    // Alone on a machine no task is longer than 50 ms; this is for one that does other things beside.
    const longest_ms = await page.evaluate(() => Math.max(0, ...(window as any)[Symbol.for("tasks")]));
    expect(longest_ms, "how long the page was held up").toBeLessThan(500);
    expect(await strangeElements(widget)).toEqual([]);
    await widget.send("Still here");
    await widget.expectDelivered("Still here");
    await guard.expectClean();
    notDriven(unknown);
  });
}
