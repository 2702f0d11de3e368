import { expect, test } from "./fixtures.ts";
import { Gallery, stateNames } from "./support/gallery.ts";

test("everything can be done by keyboard, and Escape closes the innermost layer and gives the focus back", async ({ widget, page }) => {
  await widget.visit({ body: '<p><a href="#x">A link of the page</a></p>' });
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(widget.launcher).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(widget.input).toBeFocused();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await widget.expectDelivered("By keyboard");

  await widget.part("menu-button").focus();
  await page.keyboard.press("Enter");
  await expect(widget.part("menu-item").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(widget.part("menu")).toBeHidden();
  await expect(widget.part("menu-button")).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(widget.part("menu-item").first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(widget.part("menu-item").last(), "round the upper end").toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await expect(widget.part("menu-item").nth(1)).toBeFocused();
  await page.keyboard.press("c");
  await expect(widget.part("menu-item").last(), "by its first letter").toBeFocused();
  await page.keyboard.press("Tab");
  await expect(widget.part("menu")).toBeHidden();
  await expect(widget.part("close"), "behind the menu's button").toBeFocused();

  await widget.part("menu-button").focus();
  await page.keyboard.press("Enter");
  await expect(widget.part("menu-item").first()).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(widget.part("confirm-no")).toBeFocused();
  for (const name of ["confirm-yes", "confirm-no"]) {
    await page.keyboard.press("Tab");
    await expect(widget.part(name)).toBeFocused();
  }
  await page.keyboard.press("Escape");
  await expect(widget.part("confirm")).toBeHidden();
  await expect(widget.part("menu-button")).toBeFocused();
  await widget.expectTexts(["By keyboard"]);

  await page.keyboard.press("Escape");
  await expect(widget.panel).toBeHidden();
  await expect(widget.launcher).toBeFocused();
});

// An open menu, an open question and a picture over everything keep the focus.
for (const state of stateNames.filter((name) => !["menu", "confirm", "viewer"].includes(name))) {
  test(`everything in the state "${state}" is reached by Tab, in the order of the page, shows that it has the focus, and lets it go`, async ({ page, standIn, control: _ }) => {
    const gallery = new Gallery(page, standIn.url);
    await gallery.show(state);
    const wanted = await gallery.host.evaluate((host) => {
      const nodes = [...host.shadowRoot!.querySelectorAll<HTMLElement>("button, a[href], input, textarea, select, [tabindex='0'], audio[controls], video[controls]")];
      const shown = nodes.filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.tabIndex >= 0 && !node.matches(":disabled"));
      // Of radio buttons one is reached by Tab, the others by arrows.
      const radios = (node: HTMLElement) => shown.filter((other) => node instanceof HTMLInputElement && node.type === "radio" && other instanceof HTMLInputElement && other.name === node.name);
      (window as any).targets = shown.filter((node) => radios(node).length === 0 || radios(node)[0] === node);
      [...document.querySelectorAll<HTMLElement>("footer a")].at(-1)!.focus();
      return (window as any).targets.length as number;
    });
    // A player has controls of its own, which the browser marks: in the tree of the messenger it is one place.
    const stepsWithin = 16 * (await gallery.host.locator("audio, video").count());
    const reached: number[] = [];
    const unmarked: string[] = [];
    for (let step = 0; step <= wanted + stepsWithin; step++) {
      await page.keyboard.press("Tab");
      const focused = await gallery.host.evaluate((host) => {
        const node = host.shadowRoot!.activeElement;
        if (!node) return undefined;
        const isPlayer = node instanceof HTMLMediaElement;
        const isMarked = isPlayer || [node, node.closest("label")].some((marked) => marked && getComputedStyle(marked).outlineStyle !== "none" && Number.parseFloat(getComputedStyle(marked).outlineWidth) >= 2);
        return { at: (window as any).targets.indexOf(node) as number, name: node.getAttribute("part") ?? node.tagName, isPlayer, isMarked };
      });
      if (!focused) break;
      if (focused.isPlayer && reached.at(-1) === focused.at) continue;
      reached.push(focused.at);
      if (!focused.isMarked) unmarked.push(focused.name);
    }
    expect(reached, "by their place in the tree; one more, and the focus would be kept").toEqual(Array.from({ length: wanted }, (_, at) => at));
    expect(unmarked, "without a mark").toEqual([]);
  });
}
