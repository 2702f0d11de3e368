import { expect, test } from "./fixtures.ts";

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
