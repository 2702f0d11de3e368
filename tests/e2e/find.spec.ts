import { expect, test } from "./fixtures.ts";

test("a search counts its matches, goes from the newest to the oldest and back, and Escape ends it", async ({ widget, control, page }) => {
  await widget.chat("Where is my order?");
  for (let number = 1; number <= 30; number++) await control.say(number % 10 === 0 ? `Order ${number} is on its way` : `Line ${number}`);
  await expect(widget.message("Order 30 is on its way")).toBeVisible();
  await widget.choose("Find in conversation");
  await expect(widget.part("find-input")).toBeFocused();
  await page.keyboard.type("ÓRDER");
  await expect(widget.part("find-count")).toHaveText("1 of 4");
  const found = () => widget.messages.and(page.locator("[data-found]")).locator("[part=bubble]");
  await expect(found()).toHaveText("Order 30 is on its way");
  await page.keyboard.press("Enter");
  await expect(found()).toHaveText("Order 20 is on its way");
  await expect(found()).toBeInViewport();
  await widget.part("find-button").first().click();
  await widget.part("find-button").first().click();
  await expect(found()).toHaveText("Where is my order?");
  await expect(found()).toBeInViewport();
  await expect(widget.part("find-count")).toHaveText("4 of 4");
  await widget.part("find-button").nth(1).click();
  await expect(found()).toHaveText("Order 10 is on its way");
  const marked = () => page.evaluate(() => [...((CSS as any).highlights.get("gm-find") ?? [])].map(String));
  expect(new Set(await marked())).toEqual(new Set(["Order", "order"]));

  await widget.part("find-input").fill("nowhere");
  await expect(widget.part("find-count")).toHaveText("No matches");
  expect(await marked()).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(widget.part("find")).toBeHidden();
  await expect(widget.part("menu-button")).toBeFocused();
  await expect(widget.panel).toBeVisible();
});

test("a search goes on among messages that have not been loaded yet", async ({ widget, control, page }) => {
  await widget.chat("Where is the samovar?");
  for (let number = 1; number <= 60; number++) await control.say(number === 20 ? "The samovar is in the shop" : `Line ${number}`);
  await page.reload();
  await expect(widget.message("Line 60")).toBeVisible();
  await widget.choose("Find in conversation");
  await widget.part("find-input").fill("samovar");
  const shown = widget.host.locator("[data-found] [part=bubble]");
  await expect(shown).toHaveText("The samovar is in the shop");
  await widget.part("find-input").press("Enter");
  await expect(shown).toHaveText("Where is the samovar?");
  await expect(widget.part("find-count")).toHaveText("2 of 2");
  await widget.part("find-input").press("Enter");
  await expect(shown, "and begins anew").toHaveText("The samovar is in the shop");
  await widget.part("find-input").fill("teapot");
  await expect(widget.part("find-count")).toHaveText(/no/i);
});

test("a search that was closed while it looked further does not come back with the next one", async ({ widget, control, page }) => {
  await widget.chat("Where is the samovar?");
  for (let number = 1; number <= 30; number++) await control.say(`Line ${number}`);
  await page.reload();
  await expect(widget.message("Line 30")).toBeVisible();
  await page.route(/webmessaging\/messages/, () => undefined);
  await widget.choose("Find in conversation");
  await widget.part("find-input").fill("samovar");
  await expect(widget.part("find-count")).toHaveText(/Loading earlier messages/);
  await widget.part("find-input").press("Escape");
  await expect(widget.part("find")).toHaveCount(0);
  await widget.choose("Find in conversation");
  await expect(widget.part("find-input")).toHaveValue("");
  await expect(widget.part("find-count")).toHaveText("");
});

test("the keys that search a page search the conversation only from within it", async ({ widget, page }) => {
  await widget.chat("Hello", { body: '<input aria-label="Elsewhere">' });
  const prevented = () => page.evaluate(() => (window as any)[Symbol.for("prevented")]);
  await page.evaluate(() => window.addEventListener("keydown", (event) => ((window as any)[Symbol.for("prevented")] = event.defaultPrevented)));
  await page.getByLabel("Elsewhere").focus();
  await page.keyboard.press("Control+f");
  expect(await prevented()).toBe(false);
  await expect(widget.part("find")).toHaveCount(0);
  await widget.input.focus();
  await page.keyboard.press("Control+f");
  await expect(widget.part("find-input")).toBeFocused();
});

test("a cleared conversation leaves no search behind", async ({ widget, page }) => {
  await widget.chat("A secret");
  await widget.choose("Find in conversation");
  await widget.part("find-input").fill("secret");
  await expect(widget.part("find-count")).toHaveText("1 of 1");
  await widget.clear();
  await expect(widget.messages).toHaveCount(0);
  await expect(widget.part("find")).toHaveCount(0);
  expect(await page.evaluate(() => (CSS as any).highlights.has("gm-find"))).toBe(false);
});

test("a file that is found by its name is marked as a message is", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await control.say({ author: "agent", name: "Ana", text: "", file: { name: "kettle.pdf", mime: "application/pdf", base64: btoa("%PDF-1.4") } });
  await expect(widget.part("file-name")).toHaveText("kettle.pdf");
  await widget.choose("Find in conversation");
  await widget.part("find-input").fill("kettle");
  await expect(widget.part("find-count")).toHaveText("1 of 1");
  await expect(widget.host.locator("[data-found] [part=file]")).toHaveCSS("outline-style", "solid");
  expect(await page.evaluate(() => [...((CSS as any).highlights.get("gm-find") ?? [])].map(String))).toEqual(["kettle"]);
});
