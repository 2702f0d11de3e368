import { expect, test } from "./fixtures.ts";
import { type Row, takeTime, textRows } from "./support/corpus.ts";
import type { Control, Json } from "./support/control.ts";
import type { Widget } from "./support/widget.ts";

/** What became of a message on the screen. */
interface Shown {
  text: string;
  /** The addresses of its links. */
  links: string[];
  /** The names of all other elements that its text or its card's button was made into. */
  elements: string[];
}

/** Fewer than the rows that the transcript has at once. */
const batchSize = 20;

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => ((window as any).__pwn = () => { throw new Error("a script in a message ran"); }));
});

/** Lets an agent send each row, named by the row, and looks what becomes of it. */
async function showAll<R extends Row>(rows: R[], widget: Widget, control: Control, message: (row: R) => Json): Promise<Map<string, Shown>> {
  await widget.chat("Hello");
  const shown = new Map<string, Shown>();
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize);
    for (const row of batch) await control.say({ name: row.id, ...message(row) });
    await control.say(`Up to here: ${start}`);
    await expect(widget.message(`Up to here: ${start}`)).toBeVisible();
    await widget.part("more").evaluateAll((buttons) => buttons.forEach((button) => button.ariaExpanded === "false" && (button as HTMLElement).click()));
    const found = await widget.messages.evaluateAll((rows) =>
      rows.map((row) => {
        const made = [...row.querySelectorAll("[part=bubble], [part=card]")];
        const all = made.flatMap((element) => [...element.querySelectorAll("*:not([part=card-title], [part=card-text])")]);
        return {
          id: row.querySelector("[part=sender]")?.textContent ?? "",
          text: row.querySelector("[part=bubble]")?.textContent ?? "",
          links: all.flatMap((element) => (element instanceof HTMLAnchorElement ? [element.href] : [])),
          elements: all.flatMap((element) => (element instanceof HTMLAnchorElement ? [] : [element.tagName])),
        };
      }),
    );
    for (const { id, ...rest } of found) shown.set(id, rest);
  }
  return shown;
}

/** What the deployment's markup may make of a text. */
const marks = ["STRONG", "EM", "S", "MARK", "CODE", "PRE"];

for (const category of ["html-in-text", "template", "markdown", "unicode"]) {
  test(`@corpus ${category}: hostile text is shown as text, with links to the web and plain marks at most`, async ({ widget, control }) => {
    takeTime();
    await control.set({ markdown: true });
    const rows = textRows(category, "message.text").filter(({ input }) => input.trim() !== "");
    const shown = await showAll(rows, widget, control, ({ input }) => ({ text: input }));
    for (const { id, expect: expected } of rows) {
      const found = shown.get(id);
      expect.soft(found?.elements.filter((name) => !marks.includes(name)), `${id}: elements`).toEqual([]);
      expect.soft(found?.links.filter((href) => !/^(https?|mailto|tel):/.test(href)), `${id}: links`).toEqual([]);
      if (expected === "no-link") expect.soft(found?.links, id).toEqual([]);
    }
  });

  test(`@corpus ${category}: without markup hostile text is shown letter by letter`, async ({ widget, control }) => {
    takeTime();
    await control.set({ markdown: false });
    const rows = textRows(category, "message.text").filter(({ input }) => input.trim() !== "");
    const shown = await showAll(rows, widget, control, ({ input }) => ({ text: input }));
    for (const { id, input, expect: expected } of rows) {
      const found = shown.get(id);
      expect.soft(found?.elements, `${id}: elements`).toEqual([]);
      expect.soft(found?.links.filter((href) => !/^(https?|mailto):/.test(href)), `${id}: links`).toEqual([]);
      if (expected === "text") expect.soft(found?.text, id).toBe(input);
      if (expected === "no-link") expect.soft(found?.links, id).toEqual([]);
    }
  });
}

test("@corpus link-url: a card's button is a link only where the address is safe", async ({ widget, control }) => {
  takeTime();
  const rows = textRows("link-url", "card.action.url");
  const shown = await showAll(rows, widget, control, ({ id, input }) => ({ card: { title: id, actions: [{ type: "Link", text: "Go", url: input }] } }));
  for (const { id, expect: expected } of rows) {
    const links = expected.startsWith("link:") ? [expected.slice("link:".length)] : [];
    expect.soft(shown.get(id)?.links, id).toEqual(links);
  }
});
