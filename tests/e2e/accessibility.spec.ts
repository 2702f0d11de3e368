import { createRequire } from "node:module";
import { expect, test } from "./fixtures.ts";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

for (const colorScheme of ["light", "dark"] as const) {
  test(`the open panel has no accessibility faults that axe finds, in ${colorScheme}`, async ({ widget, control, page }) => {
    await page.emulateMedia({ colorScheme });
    await widget.chat("Hello there", { attributes: { "primary-color": "#2f6b4f" } });
    await control.say({ text: "See https://example.com/", quick_replies: ["Yes", "No"] });
    await control.say({ author: "bot", name: "Robi", card: { title: "Trail shoe", description: "Light and dry.", actions: [{ type: "Postback", text: "Choose", payload: "X" }] } });
    await control.type({ duration_ms: 15_000 });
    await expect(widget.typing).toBeVisible();
    await expect(widget.part("card")).toBeVisible();
    await page.addScriptTag({ path: axe });
    const faults = async () => {
      const { violations, passes } = await page.evaluate(() => (window as any).axe.run({ include: [["guest-messenger"]] }));
      expect(passes.length, "rules that had something to look at").toBeGreaterThan(10);
      return violations.map(({ id, nodes }: any) => `${id}: ${nodes.map(({ target, failureSummary }: any) => `${target} ${failureSummary}`).join("; ")}`);
    };
    expect(await faults()).toEqual([]);
    await widget.openMenu();
    await expect(widget.part("menu-item").first()).toBeFocused();
    expect(await faults(), "with the menu open").toEqual([]);
    await widget.part("menu-item").last().click();
    expect(await faults(), "with the question open").toEqual([]);
    await widget.part("confirm-no").click();
    await widget.choose("Find in conversation");
    await widget.part("find-input").fill("hello");
    expect(await faults(), "while searching").toEqual([]);
    await page.keyboard.press("Escape");
    await widget.close();
    await control.say("A preview");
    await expect(widget.part("preview")).toBeVisible();
    expect(await faults(), "with a preview").toEqual([]);
  });
}

test("a screen reader hears each message of an agent once, and none of the guest's own", async ({ widget, control, page }) => {
  await page.clock.install();
  await widget.visit();
  await widget.open();
  await widget.part("announcer").evaluate((announcer) => {
    const lines: string[] = ((window as any)[Symbol.for("lines")] = []);
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => lines.push(node.textContent!)))).observe(announcer, { childList: true });
  });
  await widget.send("Hello");
  await widget.expectDelivered("Hello");
  await control.fault({ kind: "duplicate", direction: "to_guest" });
  await control.say("Good morning");
  await expect(widget.message("Good morning")).toBeVisible();
  expect(await page.evaluate(() => (window as any)[Symbol.for("lines")])).toEqual(["Ana: Good morning"]);
  await page.clock.runFor(1_500);
  await expect(widget.part("announcer")).toBeEmpty();
});
