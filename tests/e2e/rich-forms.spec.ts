import { expect, test } from "./fixtures.ts";
import { expectNoFaults } from "./support/axe.ts";

test.beforeEach(async ({ control }) => {
  await control.set({ bot: true, bot_pace_ms: 20 });
});

test("a form is filled in by keyboard, page by page, checked, summed up, sent, and shown when the page comes back", async ({ widget, control, page }) => {
  await widget.chat("form", { attributes: { locale: "en-GB" } });
  await expect(widget.part("offer-title")).toHaveText("Report a problem");
  await expectNoFaults(page);
  await widget.part("offer-send").press("Enter");

  const name = widget.host.getByRole("textbox", { name: "Name" });
  await expect(name).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(name, "the first that is wrong").toBeFocused();
  await expect(name).toHaveAccessibleDescription("Please answer this.");
  await expectNoFaults(page);
  await page.keyboard.type("Ada Example");
  await expect(name).toHaveAccessibleDescription("");
  await page.keyboard.press("Tab");
  await page.keyboard.type("ada");
  await page.keyboard.press("Enter");
  await expect(widget.host.getByRole("textbox", { name: "E-mail" })).toHaveAccessibleDescription("This is not an e-mail address.");
  await page.keyboard.type("@example.com");
  await page.keyboard.press("Enter");

  await expect(widget.part("offer-note").first()).toHaveText("2 of 3");
  const bought = widget.host.getByLabel("When did you buy it?");
  await expect(bought).toBeFocused();
  await bought.fill("2026-10-12");
  await widget.host.getByRole("checkbox", { name: "A lace" }).press("Space");
  await widget.host.getByLabel("Your size").selectOption("40");
  await expectNoFaults(page);
  await widget.part("offer-back").press("Enter");
  await expect(name).toHaveValue("Ada Example");
  await page.keyboard.press("Enter");
  await expect(bought).toHaveValue("2026-10-12");
  await widget.part("offer-send").press("Enter");

  const answers = ["Ada Example", "ada@example.com", "12 Oct 2026", "A lace", "40"];
  await expect(widget.part("offer-chosen").locator("dd")).toHaveText(answers);
  await expectNoFaults(page);
  await expect(widget.part("offer-send")).toBeFocused();
  await page.keyboard.press("Enter");
  await widget.expectDelivered("Report sent");
  await expect(widget.part("offer-title").filter({ hasText: "Report sent" })).toBeVisible();
  await expect(widget.part("bubble").last()).toHaveText("I have your answers:\nname: Ada Example\nemail: ada@example.com\nbought: 12 Oct 2026\nparts: A lace\nsize: 40", { useInnerText: true });
  const sent = (await control.conversation()).messages.filter(({ author }) => author === "guest").at(-1)!;
  const form: any = (sent.content[0] as any).form;
  expect(form.cannedResponseId).toBe("e1e1e1e1-0000-4000-8000-0000000000c1");
  expect(form.response.map(({ id, component }: any) => [id, component.buttonResponse.payload])).toEqual([
    ["name", "Ada Example"],
    ["email", "ada@example.com"],
    ["bought", "2026-10-12T00:00:00.000Z"],
    ["parts", "lace"],
    ["size", "40"],
  ]);

  await page.reload();
  await expect(widget.part("offer-chosen").locator("dd")).toHaveText(answers);
  await expect(widget.part("offer-chosen").locator("dt").first()).toHaveText("Name");
});

test("half a form is kept while the conversation goes on", async ({ widget, page }) => {
  await widget.chat("form");
  await widget.part("offer-send").press("Enter");
  await expect(widget.host.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("half a form");
  await widget.send("something else");
  await widget.expectDelivered("something else");
  await expect(widget.host.getByRole("textbox", { name: "Name" })).toHaveValue("half a form");
});
