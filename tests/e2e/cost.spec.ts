// What a message costs the browser. How long that takes is the bench's to say.
import { expect, test } from "./fixtures.ts";

test("a new message has none of the other rows styled anew", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  for (let number = 1; number <= 40; number++) await control.say(`Number ${number}.`);
  await expect(widget.message("Number 40.")).toBeVisible();
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ["devtools.timeline"] });
  await control.say("The newest.");
  await expect(widget.message("The newest.")).toBeVisible();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: { name: string; args: { elementCount?: number } }[] };
  const styled = traceEvents.filter(({ name }) => name === "UpdateLayoutTree").map(({ args }) => args.elementCount ?? 0);
  // The row, what stands in it, the one before it, and the line for those who hear it.
  expect(Math.max(...styled)).toBeGreaterThan(3);
  expect(Math.max(...styled)).toBeLessThan(20);
});
