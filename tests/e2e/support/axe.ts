// What axe says about the messenger, and which of its doubts are none.
import { createRequire } from "node:module";
import { type Page, expect } from "@playwright/test";

const script = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Doubt {
  rule: string;
  /** The part of axe's message. */
  message: RegExp;
  /** Where it may be. */
  within?: string;
  because: string;
}

/** axe cannot decide these ("incomplete"); each is explained. */
const explained: Doubt[] = [
  { rule: "color-contrast", message: /overlapped by another element/, within: "[part=confirm]:not([hidden]), [part=menu]:not([hidden]), [part=viewer][open]", because: "what an open dialog, menu or picture lies over need not be read meanwhile" },
  { rule: "color-contrast", message: /no value/, because: "an empty field shows its placeholder, whose colour is that of other soft texts" },
  { rule: "color-contrast", message: /partially obscured|overlapped by another element/, within: "[part=jump]:not([hidden])", because: "what is under the button that leads to the newest message is scrolled free" },
  { rule: "video-caption", message: /captions are available/, because: "the film is somebody's in the conversation, who has none either" },
];

export async function loadAxe(page: Page): Promise<void> {
  await page.addScriptTag({ path: script });
}

/**
 * Every fault and every unexplained doubt, a line each. In forced colours contrast is the system's affair: axe then
 * compares colours that are not shown.
 */
export async function faults(page: Page, { areColorsForced = false } = {}): Promise<string[]> {
  return page.evaluate(
    async ({ doubts, areColorsForced }) => {
      const rules = { "color-contrast": { enabled: !areColorsForced }, "target-size": { enabled: true }, "label-content-name-mismatch": { enabled: true } };
      const found = await (window as any).axe.run({ include: [["guest-messenger"]] }, { resultTypes: ["violations", "incomplete"], rules });
      const root = document.querySelector("guest-messenger")!.shadowRoot!;
      const isExplained = (rule: string, message: string) =>
        doubts.some((doubt) => doubt.rule === rule && new RegExp(doubt.message).test(message) && (!doubt.within || root.querySelector(doubt.within)));
      const lines = (kind: "violations" | "incomplete") =>
        found[kind].flatMap(({ id, nodes }: any) =>
          nodes.flatMap(({ target, any, all, none }: any) => {
            const message = [...any, ...all, ...none].map((check: any) => check.message).join("; ");
            return kind === "incomplete" && isExplained(id, message) ? [] : [`${kind} ${id} at ${target.join(" ")}: ${message}`];
          }),
        );
      return [...lines("violations"), ...lines("incomplete")];
    },
    { doubts: explained.map(({ rule, message, within }) => ({ rule, message: message.source, within })), areColorsForced },
  );
}

/** As it is just now. */
export async function expectNoFaults(page: Page): Promise<void> {
  await loadAxe(page);
  expect(await faults(page)).toEqual([]);
}
