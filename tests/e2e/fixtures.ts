// What every journey has: a stand-in of its own worker, the control API, the messenger's page object.
import { test as base, expect } from "@playwright/test";
import { Control, type Json } from "./support/control.ts";
import { StandIn } from "./support/stand-in.ts";
import { Website } from "./support/website.ts";
import { Widget } from "./support/widget.ts";

export { expect };
export { Control, type Json, StandIn, Website, Widget };

interface ForTest {
  control: Control;
  /** The messenger of `page`. */
  widget: Widget;
  /** The messenger of a second tab beside `page`. */
  secondWidget: Widget;
  /** Aborted when the test is over. */
  over: AbortSignal;
  /** Uncaught errors that a test causes itself. */
  toleratedErrors: RegExp | undefined;
  /** In every test: nothing that the messenger does ends in an uncaught error. */
  noPageErrors: void;
}

interface ForWorker {
  website: Website;
  standInWithDefaults: { standIn: StandIn; defaults: Json };
}

export const test = base.extend<ForTest & { standIn: StandIn }, ForWorker>({
  standInWithDefaults: [
    async ({}, use) => {
      const standIn = new StandIn();
      await standIn.start();
      const defaults = await (await fetch(`${standIn.control}/settings`)).json();
      await use({ standIn, defaults });
      await standIn.stop();
    },
    { scope: "worker" },
  ],
  website: [
    async ({ standInWithDefaults: { standIn } }, use) => {
      const website = await Website.start(() => standIn.url);
      await use(website);
      await website.stop();
    },
    { scope: "worker" },
  ],
  standIn: async ({ standInWithDefaults: { standIn } }, use) => {
    // A test that failed between kill and restart leaves none behind.
    if (!standIn.isRunning) await standIn.start();
    await use(standIn);
  },
  control: async ({ standIn, standInWithDefaults: { defaults } }, use) => {
    await use(await Control.fresh(standIn, defaults));
  },
  // Needs the control API so that settings and faults are fresh in tests that do not touch them.
  widget: async ({ page, website, control: _ }, use) => {
    await use(new Widget(page, website));
  },
  secondWidget: async ({ context, website }, use) => {
    await use(new Widget(await context.newPage(), website));
  },
  over: async ({}, use) => {
    const controller = new AbortController();
    await use(controller.signal);
    controller.abort();
  },
  toleratedErrors: [undefined, { option: true }],
  noPageErrors: [
    async ({ context, toleratedErrors }, use) => {
      const errors: string[] = [];
      context.on("weberror", (error) => {
        const text = String(error.error());
        if (!toleratedErrors?.test(text)) errors.push(text);
      });
      await use();
      expect(errors, "uncaught errors on the page").toEqual([]);
    },
    { auto: true },
  ],
});
