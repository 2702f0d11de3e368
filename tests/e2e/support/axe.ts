// What axe finds wrong with the messenger.
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect } from "../fixtures.ts";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export async function expectNoFaults(page: Page): Promise<void> {
  await page.addScriptTag({ path: axe });
  const { violations, passes } = await page.evaluate(() => (window as any).axe.run({ include: [["guest-messenger"]] }));
  expect(passes.length, "rules that had something to look at").toBeGreaterThan(10);
  const faults = violations.map(({ id, nodes }: any) => `${id}: ${nodes.map(({ target, failureSummary }: any) => `${target} ${failureSummary}`).join("; ")}`);
  expect(faults).toEqual([]);
}
