import { expect, test } from "./fixtures.ts";

test("the visitor chooses another language: the conversation and the draft stay, and the choice outlives the page", async ({ widget, control, page }) => {
  await widget.chat("Hello");
  await control.say("Good morning");
  await widget.input.fill("A draft");
  await widget.choose("Language");
  const select = widget.host.getByRole("combobox", { name: "Language" });
  await expect(select).toBeFocused();
  await expect(select.locator("option:checked")).toHaveText("English");
  await select.selectOption("Deutsch");
  await expect(widget.panel).toHaveAttribute("lang", "de");
  await expect(widget.panel).toBeVisible();
  await widget.expectTexts(["Hello", "Good morning"]);
  await expect(widget.input).toHaveValue("A draft");
  await expect(widget.input).toHaveAccessibleName("Nachricht");
  await widget.input.press("Enter");
  await widget.expectDelivered("A draft");
  expect(await control.texts("guest")).toEqual(["Hello", "A draft"]);
  await page.evaluate(() => window.GuestMessenger!.messenger!.close());
  await expect(widget.panel, "by the handle that the page has").toBeHidden();

  await page.reload();
  await widget.launcher.click();
  await expect(widget.panel).toHaveAttribute("lang", "de");
  await widget.expectTexts(["Hello", "Good morning", "A draft"]);
});

test("a language that is written from the right turns the panel round", async ({ widget }) => {
  await widget.visit();
  await widget.open();
  await widget.choose("Language");
  await widget.host.getByRole("combobox", { name: "Language" }).selectOption({ value: "ar" });
  await expect(widget.panel).toHaveAttribute("dir", "rtl");
  await expect(widget.panel).toBeVisible();
  await widget.send("مرحبا");
  await widget.expectDelivered("مرحبا");
});

test("what the menu led to stays when the line breaks before anything was said", async ({ widget, standIn }) => {
  await widget.visit();
  await widget.open();
  await widget.choose("Language");
  const select = widget.host.getByRole("combobox", { name: "Language" });
  await expect(select).toBeFocused();
  await standIn.kill();
  await expect(widget.banner).toHaveText(/Reconnecting/);
  await expect(select).toBeFocused();
});
